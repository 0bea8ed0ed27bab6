/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What modinfo shows. DKMS only replaces a module of the kernel by a newer one: those of the
 * kernel say 1.0, if anything.
 */
#ifndef OMNITEE_MODULE_VERSION_H
#define OMNITEE_MODULE_VERSION_H

#include <abi/version.h>

#define OMNITEE_MODULE_VERSION	"1.0+omnitee" OMNITEE_VERSION

#endif /* OMNITEE_MODULE_VERSION_H */
