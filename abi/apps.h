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
/* RELEASABLE: the same as SPIN, but ends at SIM_OP_RELEASE */
#define SLOW_CMD_RELEASABLE	3
/*
 * MEET: p0 VALUE_INPUT a = number of calls, b = milliseconds. Waits until so many calls
 * of MEET are under way at once; TEE_ERROR_TIMEOUT if that does not happen in time.
 */
#define SLOW_CMD_MEET		2

/* sleeper: has the normal world's kernel do the waiting (RPCs of the kernel). ...0004 */
#define APP_SLEEPER_UUID	APP_UUID(4)
/* Each answers what the kernel answered. SUSPEND: p0 VALUE_INPUT a = milliseconds. */
#define SLEEPER_CMD_SUSPEND	0
/* WAIT: p0 VALUE_INPUT a = notification value, b = timeout in milliseconds, 0: none */
#define SLEEPER_CMD_WAIT	1
/* SEND: p0 VALUE_INPUT a = notification value */
#define SLEEPER_CMD_SEND	2
/* TIME: p0 VALUE_OUTPUT a = seconds since 1970 (low 32 bits), b = nanoseconds */
#define SLEEPER_CMD_TIME	3
/* Without asynchronous notifications drivers know the values 0..this; see notif.h for with. */
#define SLEEPER_VALUE_MAX	255

/* hog: takes what there is little of. ...0005 */
#define APP_HOG_UUID		APP_UUID(5)
/*
 * HOLD: p0 VALUE_INPUT a = milliseconds at most, b = of one RPC, or 0. The thread stays in RPCs
 * (SUSPEND for a moment, or b, again and again) until RELEASE, SIM_OP_RELEASE or a cancellation;
 * TEE_ERROR_TIMEOUT if none comes, TEE_ERROR_CANCEL after a cancellation.
 */
#define HOG_CMD_HOLD		0
/* RELEASE: no parameters; ends every HOLD that is under way in this moment */
#define HOG_CMD_RELEASE		1
/*
 * ALLOC: p0 VALUE_INPUT a = OPTEE_RPC_SHM_TYPE_*, b = bytes; p1 VALUE_OUTPUT a = bytes
 * got, b = pieces that lie in a row. Asks the normal world for memory, writes all of it,
 * reads it back (TEE_ERROR_CORRUPT_OBJECT if it is not the same), frees it.
 */
#define HOG_CMD_ALLOC		2

/*
 * panicker: one instance for all sessions, and it panics. ...0006
 * From then on everything in a session of the instance answers TEE_ERROR_TARGET_DEAD with
 * origin TEE, an open too, until all its sessions are closed; then it is as new.
 * Opening takes no parameters, or p0 VALUE_INPUT a = 1: panics while it is opened.
 */
#define APP_PANICKER_UUID	APP_UUID(6)
#define PANICKER_CMD_NOP	0	/* no parameters */
#define PANICKER_CMD_PANIC	1	/* no parameters */
#define PANICKER_CMD_SPIN	2	/* p0 VALUE_INPUT a = milliseconds; a panic ends it */

/*
 * storage: objects by name, kept by the supplicant as files omnitee/NAME with a header
 * and a checksum. ...0007
 *
 * A name has 1 to 64 of A-Z a-z 0-9 _ - and may contain dots, but not begin with one.
 * Errors of the supplicant are passed on. TEE_ERROR_COMMUNICATION: its answer made no
 * sense; TEE_ERROR_CORRUPT_OBJECT: what was read is not what was written.
 */
#define APP_STORAGE_UUID	APP_UUID(7)
#define STORAGE_NAME_MAX	64
/* WRITE: p0 MEMREF_INPUT name, p1 MEMREF_INPUT contents; makes the object or replaces it */
#define STORAGE_CMD_WRITE	0
/* READ: p0 MEMREF_INPUT name, p1 MEMREF_OUTPUT contents; SHORT_BUFFER tells the size */
#define STORAGE_CMD_READ	1
/* REMOVE: p0 MEMREF_INPUT name */
#define STORAGE_CMD_REMOVE	2
/* EXISTS: p0 MEMREF_INPUT name, p1 VALUE_OUTPUT a = 1 or 0, b = size (low 32 bits) */
#define STORAGE_CMD_EXISTS	3
/* LIST: p0 MEMREF_OUTPUT names, a NUL after each, in no order */
#define STORAGE_CMD_LIST	4

/* system-service: regulators that kernel drivers depend on. ...0010 */
#define APP_SYSTEM_SERVICE_UUID	APP_UUID(16)
#define SYSTEM_SERVICE_REGULATORS	16
/*
 * ENABLE, DISABLE: p0 VALUE_INPUT a = number, p1 VALUE_OUTPUT a = users it has now.
 * TEE_ERROR_BAD_STATE: nobody had it enabled; TEE_ERROR_ITEM_NOT_FOUND: no such number.
 */
#define SYSTEM_SERVICE_CMD_ENABLE	0
#define SYSTEM_SERVICE_CMD_DISABLE	1

/*
 * timer: the secure timer. ...0008
 * What takes asynchronous notifications answers TEE_ERROR_NOT_SUPPORTED if the normal world does
 * not listen to them.
 */
#define APP_TIMER_UUID		APP_UUID(8)
/*
 * SLEEP: p0 VALUE_INPUT a = milliseconds, b = how long to wait for the end of them at most, 0: for
 * ever. Answers what the wait does, TEE_ERROR_TIMEOUT if the bottom half did not come in time.
 */
#define TIMER_CMD_SLEEP		0
/*
 * POST: p0 VALUE_INPUT a = milliseconds, b = notification value below 64 that is posted then,
 * from the interrupt. TEE_ERROR_BUSY if 8 of them are to come.
 */
#define TIMER_CMD_POST		1

/* uart: lines that are typed at the secure console. ...0009 */
#define APP_UART_UUID		APP_UUID(9)
#define UART_LINE_MAX		120
/*
 * READ_LINE: p0 MEMREF_OUTPUT line without its end, at least UART_LINE_MAX; p1 VALUE_INPUT a =
 * milliseconds to wait, 0: for ever. TEE_ERROR_TIMEOUT; TEE_ERROR_NOT_SUPPORTED as above.
 * Empty lines are skipped; 8 are kept, longer ones are cut.
 */
#define UART_CMD_READ_LINE	0
/* STATE: p0 VALUE_OUTPUT a = lines kept, b = lines and octets lost */
#define UART_CMD_STATE		1

/* rng: OP-TEE's. ab7a617c-b8e7-4d8f-8301-d09b61036b64. Not random: see docs/secure-world.md */
#define APP_RNG_UUID \
	{ 0xab, 0x7a, 0x61, 0x7c, 0xb8, 0xe7, 0x4d, 0x8f, \
	  0x83, 0x01, 0xd0, 0x9b, 0x61, 0x03, 0x6b, 0x64 }
#define RNG_CMD_GET_ENTROPY	0	/* p0 MEMREF_INOUT, filled */
#define RNG_CMD_GET_INFO	1	/* p0 VALUE_OUTPUT a = bytes a second, b = quality of 1024 */
/* GET_ENTROPY while the last health test failed: a code of its own */
#define RNG_ERROR_HEALTH	0x00000001
/*
 * Ours, not OP-TEE's. COLLECT: no parameters; from now on the secure timer's top half takes
 * RNG_SAMPLES samples of an octet, and the bottom half tests them. TEE_ERROR_BUSY if that is
 * under way, TEE_ERROR_NOT_SUPPORTED as of timer.
 */
#define RNG_CMD_COLLECT		0x100
/* HEALTH: p0 VALUE_OUTPUT a = health tests done, b = of these failed */
#define RNG_CMD_HEALTH		0x101
#define RNG_SAMPLES		256
/* Repetition count (SP 800-90B, 4.4.1): so many equal samples in a row fail it. */
#define RNG_REPETITIONS		5

/* enumerator: OP-TEE's. 7011a688-ddde-4053-a5a9-7b3c4ddf13b8 */
#define APP_ENUMERATOR_UUID \
	{ 0x70, 0x11, 0xa6, 0x88, 0xdd, 0xde, 0x40, 0x53, \
	  0xa5, 0xa9, 0x7b, 0x3c, 0x4d, 0xdf, 0x13, 0xb8 }
/* Each: p0 MEMREF_OUTPUT, UUIDs of 16 octets; SHORT_BUFFER tells the size */
#define ENUMERATOR_CMD_DEVICES		0	/* rng */
#define ENUMERATOR_CMD_DEVICES_SUPP	1	/* need the supplicant: storage */
#define ENUMERATOR_CMD_DEVICES_RPMB	2	/* need the RPMB: none */

/*
 * Applications that are not built in: the supplicant is asked for these, n = 0..255, and
 * for every other unknown one with the configuration load-ta=on. If it has a file, the
 * open answers TEE_ERROR_SECURITY, because nothing can verify it; else
 * TEE_ERROR_ITEM_NOT_FOUND. 6f6d6e69-7465-45ff-8000-0000000000nn
 */
#define APP_LOADABLE_UUID(n) \
	{ 0x6f, 0x6d, 0x6e, 0x69, 0x74, 0x65, 0x45, 0xff, \
	  0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, (n) }

#endif /* ABI_APPS_H */
