// SPDX-License-Identifier: BSD-2-Clause
/* How a user may name a device. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"

bool device_name(const char *text, char name[DEVICE_NAME_MAX])
{
	const char *prefix = "tee", *digits = text;
	unsigned long number;
	char *end;

	if (!strncmp(digits, "/dev/", 5))
		digits += 5;
	if (!strncmp(digits, "teepriv", 7)) {
		prefix = "teepriv";
		digits += 7;
	} else if (!strncmp(digits, "tee", 3)) {
		digits += 3;
	} else if (digits != text) {
		return false;
	}
	if (!isdigit((unsigned char)*digits) || strlen(digits) > 3)
		return false;
	number = strtoul(digits, &end, 10);
	if (*end)
		return false;
	snprintf(name, DEVICE_NAME_MAX, "%s%lu", prefix, number);
	return true;
}
