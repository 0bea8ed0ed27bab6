/* SPDX-License-Identifier: BSD-2-Clause */
#include_next <string.h>
