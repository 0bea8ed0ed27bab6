/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef MAIN_H
#define MAIN_H

#include "teectl.h"

/* The whole program, so that tests can run it. Returns an exit code. */
int teectl(int argc, char **argv);

#endif /* MAIN_H */
