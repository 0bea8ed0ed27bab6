// SPDX-License-Identifier: BSD-2-Clause
/* Text of a partition on the secure console. */
#include "guest.h"
#include "spmc.h"

static unsigned int room(const struct ffa_call *call)
{
	if (!((uint32_t)call->x[0] & SMCCC_64))
		return FFA_CONSOLE_MAX_32;
	return endpoint_speaks(call->caller, 2) ? FFA_CONSOLE_MAX_64_1_2 : FFA_CONSOLE_MAX_64;
}

void ffa_console_log(struct ffa_call *call)
{
	unsigned int in_a_register = (uint32_t)call->x[0] & SMCCC_64 ? 8 : 4;
	char text[FFA_CONSOLE_MAX_64_1_2 + 1];
	uint64_t count = call->x[1];
	unsigned int n;

	if (!count || count > room(call)) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "text of %lu characters",
			   (unsigned long)count);
		return;
	}
	for (n = 0; n < count; n++) {
		uint64_t word = call->x[2 + n / in_a_register];
		char c = (char)(word >> 8 * (n % in_a_register));

		/* The line ends by itself, and nothing else may move the cursor. */
		if (c == '\n' && n + 1 == count)
			break;
		text[n] = c >= ' ' && c < 127 ? c : '?';
	}
	text[n] = '\0';
	log_limited("%x: %s", call->caller->id, text);
	ffa_success(call, 0, 0);
}
