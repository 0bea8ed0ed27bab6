/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake-kernel.h"
