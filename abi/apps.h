/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The applications of the emulated secure world: UUIDs and commands.
 *
 * UUIDs are octets in RFC 4122 order; they spell "omnitee" and a number.
 * Parameters are named p0..p3; a command that gets other types than listed
 * answers TEE_ERROR_BAD_PARAMETERS from the application.
 */
#ifndef ABI_APPS_H
#define ABI_APPS_H

#define APP_UUID(n) \
	{ 0x6f, 0x6d, 0x6e, 0x69, 0x74, 0x65, 0x45, 0x00, \
	  0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, (n) }

/* echo: gives back what it got. 6f6d6e69-7465-4500-8000-000000000001 */
#define APP_ECHO_UUID		APP_UUID(1)
#define ECHO_CMD_NOP		0	/* no parameters */
#define ECHO_CMD_VALUE		1	/* p0 VALUE_INPUT -> p1 VALUE_OUTPUT */
#define ECHO_CMD_MEMREF		2	/* p0 MEMREF_INPUT -> p1 MEMREF_OUTPUT */
#define ECHO_CMD_IDENTITY	3	/* p0 VALUE_OUTPUT a = login, p1 MEMREF_OUTPUT UUID */
#define ECHO_CMD_RESULT		4	/* p0 VALUE_INPUT a = result code to answer */

/* params: works on parameters of every kind. ...0002 */
#define APP_PARAMS_UUID		APP_UUID(2)
/*
 * TRANSFORM, any types. Inputs first: sum = a + b of each VALUE_INPUT, plus every
 * byte of each MEMREF_INPUT. Then VALUE_INOUT: a = ~a, b = ~b (32 bits).
 * MEMREF_INOUT: each byte plus 1. VALUE_OUTPUT: a = sum (32 bits), b = index of the
 * parameter. MEMREF_OUTPUT: byte i = (i + index) & 0xff up to the whole size.
 */
#define PARAMS_CMD_TRANSFORM	0
/* TYPES: p3 VALUE_OUTPUT a = types of p0..p3, 4 bits each, p0 lowest; b = 0 */
#define PARAMS_CMD_TYPES	1
/* SIZES: p3 VALUE_OUTPUT a, b = sizes of the memrefs p0, p1; NULL counts as 0 */
#define PARAMS_CMD_SIZES	2
/* SHORT: p0 MEMREF_OUTPUT: answers SHORT_BUFFER and twice the size plus 1 */
#define PARAMS_CMD_SHORT	3

/* slow: takes its time, preemptible and cancellable. ...0003 */
#define APP_SLOW_UUID		APP_UUID(3)
/*
 * SPIN: p0 VALUE_INPUT a = milliseconds; p1 VALUE_OUTPUT or NONE: a = how often the
 * call was preempted, b = on how many different CPUs it ran.
 */
#define SLOW_CMD_SPIN		0
/* CANCELLABLE: the same, but answers TEE_ERROR_CANCEL when it is cancelled */
#define SLOW_CMD_CANCELLABLE	1
/*
 * MEET: p0 VALUE_INPUT a = number of calls, b = milliseconds. Waits until so many calls
 * of MEET are under way at once; TEE_ERROR_TIMEOUT if that does not happen in time.
 */
#define SLOW_CMD_MEET		2

#endif /* ABI_APPS_H */
