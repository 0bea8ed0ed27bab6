// SPDX-License-Identifier: BSD-2-Clause
/* What the tests link in place of look.c, tracefs.c and secure.c. */
#include "mock-look.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "look.h"
#include "secure.h"
#include "tracefs.h"

struct mock_look mock_look;

static uint8_t memory[SIM_READ_MAX];

int look_read(const char *device, const char *file, char **text)
{
	if (mock_look.error)
		return mock_look.error;
	for (const struct mock_file *f = mock_look.files; f && f->device; f++)
		if (!strcmp(f->device, device) && !strcmp(f->file, file)) {
			*text = strdup(f->text);
			return 0;
		}
	return -ENOENT;
}

int look_write(const char *device, const char *file, const char *text)
{
	snprintf(mock_look.written, sizeof(mock_look.written), "%s/%s %s", device, file, text);
	return mock_look.error;
}

int tracefs_begin(struct tracefs *t)
{
	if (mock_look.trace_error)
		return mock_look.trace_error;
	mock_look.tracing = true;
	return 0;
}

void tracefs_stop(struct tracefs *t)
{
}

/* In pieces that end anywhere. */
int tracefs_read(struct tracefs *t, char *to, size_t size)
{
	size_t length = strlen(mock_look.trace);

	if (length > 37)
		length = 37;
	if (length > size)
		length = size;
	memcpy(to, mock_look.trace, length);
	mock_look.trace += length;
	return (int)length;
}

void tracefs_end(struct tracefs *t)
{
	mock_look.tracing = false;
}

int secure_open(struct secure *s)
{
	if (mock_look.secure_error)
		return mock_look.secure_error;
	s->memory = memory;
	mock_look.open++;
	return 0;
}

void secure_close(struct secure *s)
{
	mock_look.open--;
}

int secure_log(struct secure *s, uint64_t *position, uint64_t *lost)
{
	size_t length = strlen(mock_look.log);

	*lost = *position ? 0 : mock_look.log_lost;
	memcpy(memory, mock_look.log, length);
	*position += length;
	mock_look.log = "";
	return (int)length;
}

int secure_events(struct secure *s, uint64_t *position, uint64_t *lost)
{
	size_t count = mock_look.num_events;

	*lost = 0;
	if (*position == UINT64_MAX) {
		*position = 0;
		return 0;
	}
	memcpy(memory, mock_look.events, count * sizeof(*mock_look.events));
	mock_look.num_events = 0;
	return (int)count;
}

int secure_events_switch(struct secure *s, bool on)
{
	mock_look.recording = on;
	return 0;
}

/* Tick 62500000 of the one is second 10 of the other. */
int secure_clock(struct secure *s, uint64_t *ticks, uint64_t *hz, uint64_t *ns)
{
	*ticks = 62500000;
	*hz = 62500000;
	*ns = 10000000000;
	return 0;
}
