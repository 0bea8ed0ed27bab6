/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef ARRAY_H
#define ARRAY_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif /* ARRAY_H */
