/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The version of all parts; packages take it from here, too. */
#ifndef ABI_VERSION_H
#define ABI_VERSION_H

#define OMNITEE_VERSION	"0.1"

#endif /* ABI_VERSION_H */
