// SPDX-License-Identifier: BSD-2-Clause
#include "kexec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The shell that ends the kernel waits for it. */
#define HELD		"/tmp/held"
/* Until the harness is tired of it. */
#define LIMIT_S		600

void kexec_only(const char *when)
{
	const char *before = getenv("OMNITEE_BEFORE");

	if (!before || strcmp(before, when))
		SKIP("only in a kernel that ends, or comes after one that ended: %s", when);
}

void kexec_begin(const char *when)
{
	kexec_only(when);
	time_limit(LIMIT_S);
}

void kexec_hold(void)
{
	FILE *file = fopen(HELD, "w");

	ASSERT(file);
	fclose(file);
	for (;;)
		pause();
}
