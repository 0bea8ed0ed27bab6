/* SPDX-License-Identifier: BSD-2-Clause */
#include "fake-device.h"
