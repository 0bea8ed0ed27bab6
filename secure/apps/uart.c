// SPDX-License-Identifier: BSD-2-Clause
/*
 * uart: lines typed at the secure console, see abi/apps.h. The top half keeps octets
 * (core/console.c); the bottom half makes lines of them and wakes who waits for one.
 */
#include "app.h"
#include "apps.h"
#include "config.h"
#include "console.h"
#include "guest.h"
#include "message.h"
#include "rpc_kernel.h"
#include "string.h"
#include "tee_result.h"

#define LINES	8

struct line {
	unsigned int length;
	uint8_t octets[UART_LINE_MAX];
};

struct uart_state {
	struct lock lock;
	/* A line that is not complete, then the complete ones in a ring. */
	struct line partial;
	struct line lines[LINES];
	unsigned int first;
	unsigned int count;
	uint64_t lost;		/* lines and octets, here */
	uint64_t dropped;	/* octets, before they came here */
	uint64_t waiting;	/* a bit for each thread that does */
};

static void add(struct uart_state *state, uint8_t octet)
{
	struct line *line = &state->partial;

	if (octet != '\n' && octet != '\r') {
		if (line->length == UART_LINE_MAX)
			state->lost++;
		else
			line->octets[line->length++] = octet;
		return;
	}
	/* Also between CR and LF. */
	if (!line->length)
		return;
	if (state->count == LINES)
		state->lost++;
	else
		state->lines[(state->first + state->count++) % LINES] = *line;
	line->length = 0;
}

static void uart_bottom_half(struct message *message, void *data)
{
	struct uart_state *state = data;
	uint8_t octets[64];
	uint64_t interrupts, waiting, lost;
	size_t length, n;

	do {
		/* In one piece, should two of these run at once. */
		interrupts = lock_take(&state->lock);
		length = console_take(octets, sizeof(octets), &lost);
		for (n = 0; n < length; n++)
			add(state, octets[n]);
		state->dropped = lost;
		lock_release(&state->lock, interrupts);
	} while (length);

	interrupts = lock_take(&state->lock);
	waiting = state->count ? state->waiting : 0;
	state->waiting &= ~waiting;
	lock_release(&state->lock, interrupts);
	for (n = 0; n < CONFIG_THREADS_MAX; n++)
		if (waiting & 1ULL << n)
			rpc_notification_send(message, NOTIF_OF_THREAD(n));
}

/* The oldest line; or @thread will be woken when there is one. */
static bool take(struct uart_state *state, struct line *line, unsigned int thread)
{
	uint64_t interrupts = lock_take(&state->lock);
	bool taken = state->count;

	if (taken) {
		*line = state->lines[state->first];
		state->first = (state->first + 1) % LINES;
		state->count--;
	} else {
		state->waiting |= 1ULL << thread;
	}
	lock_release(&state->lock, interrupts);
	return taken;
}

static void wait_no_more(struct uart_state *state, unsigned int thread)
{
	uint64_t interrupts = lock_take(&state->lock);

	state->waiting &= ~(1ULL << thread);
	lock_release(&state->lock, interrupts);
}

static uint32_t read_line(struct app_call *call)
{
	struct app_memref *out = &call->params[0].memref;
	unsigned int thread = call->thread->index;
	struct uart_state *state = call->state;
	struct line line;
	uint32_t ret;

	if (!notif_enabled(call->guest))
		return TEE_ERROR_NOT_SUPPORTED;
	if (out->room < UART_LINE_MAX) {
		out->size = UART_LINE_MAX;
		return TEE_ERROR_SHORT_BUFFER;
	}
	while (!take(state, &line, thread)) {
		ret = rpc_notification_wait(call->message, NOTIF_OF_THREAD(thread),
					    call->params[1].value.a);
		if (ret != TEE_SUCCESS) {
			wait_no_more(state, thread);
			return ret;
		}
	}
	memref_write(out, 0, line.octets, line.length);
	out->size = line.length;
	return TEE_SUCCESS;
}

static uint32_t tell_state(struct app_call *call)
{
	struct uart_state *state = call->state;
	uint64_t interrupts = lock_take(&state->lock);

	call->params[0].value.a = state->count;
	call->params[0].value.b = (uint32_t)(state->lost + state->dropped);
	lock_release(&state->lock, interrupts);
	return TEE_SUCCESS;
}

static uint32_t uart_invoke(struct app_call *call, uint32_t command)
{
	switch (command) {
	case UART_CMD_READ_LINE:
		if (!app_types_are(call, APP_MEMREF_OUTPUT, APP_VALUE_INPUT, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return read_line(call);
	case UART_CMD_STATE:
		if (!app_types_are(call, APP_VALUE_OUTPUT, APP_NONE, APP_NONE, APP_NONE))
			return TEE_ERROR_BAD_PARAMETERS;
		return tell_state(call);
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

const struct app app_uart = {
	.name = "uart",
	.uuid = APP_UART_UUID,
	.state_size = sizeof(struct uart_state),
	.invoke = uart_invoke,
	.bottom_half = uart_bottom_half,
};
