/* SPDX-License-Identifier: BSD-2-Clause */
/* What a case changes of the whole machine, and finds changed back however it ends. */
#ifndef SETTING_H
#define SETTING_H

#include <stdbool.h>

/**
 * setting_set() - write a file of sysfs, as a module's parameter, for the rest of the case
 * @path: file; what it says now is written back by the harness when the case has ended
 * @text: what to write; the case fails if that cannot be
 */
void setting_set(const char *path, const char *text);

/* For the harness: before the first case; false without memory. */
bool settings_begin(void);
/* The same: after a case and all its processes. */
void settings_back(void);

#endif /* SETTING_H */
