/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trusted Services from user space: find a service on any TEE device, call it. See
 * omnitee-ts(3). A session is for one thread at a time.
 */
#ifndef OMNITEE_TS_H
#define OMNITEE_TS_H

#include <stddef.h>
#include <stdint.h>

#define OMNITEE_TS_UUID_SIZE	16
#define OMNITEE_TS_DEVICES_MAX	16

/* Who answered: the later, the further a call got. */
enum omnitee_ts_level {
	OMNITEE_TS_DONE,
	OMNITEE_TS_TRANSPORT,	/* code: errno. Device, driver, memory, partition manager */
	OMNITEE_TS_RPC,		/* code: errno. The partition did not understand the request */
	OMNITEE_TS_SERVICE,	/* code: the service's status, for most a psa_status_t */
};

struct omnitee_ts_result {
	enum omnitee_ts_level level;
	int code;		/* 0 if it is done */
	size_t length;		/* of the response, 0 unless it is done */
};

struct omnitee_ts_device {
	unsigned int number;	/* /dev/teeN */
	uint16_t endpoint;	/* FF-A id of its partition */
};

struct omnitee_ts;

/**
 * omnitee_ts_devices() - which TEE devices speak the protocol
 * @devices:	receives them, by number
 *
 * Nodes that this process may not open are left out.
 *
 * Return: how many
 */
unsigned int omnitee_ts_devices(struct omnitee_ts_device devices[OMNITEE_TS_DEVICES_MAX]);

/**
 * omnitee_ts_open() - a session with a service, on the first device that has it
 * @uuid:	of the service, octets in printed order
 * @memory:	octets for requests and responses; rounded up to pages
 * @result:	receives why there is none: TRANSPORT and ENODEV if no device has it
 *
 * Return: session for omnitee_ts_close(), or NULL
 */
struct omnitee_ts *omnitee_ts_open(const uint8_t uuid[OMNITEE_TS_UUID_SIZE], size_t memory,
				   struct omnitee_ts_result *result);
/* The same on /dev/tee@number alone. */
struct omnitee_ts *omnitee_ts_open_on(unsigned int number,
				      const uint8_t uuid[OMNITEE_TS_UUID_SIZE], size_t memory,
				      struct omnitee_ts_result *result);
/* NULL is allowed. */
void omnitee_ts_close(struct omnitee_ts *ts);

/* The memory that is shared with the partition, and its size. */
void *omnitee_ts_memory(const struct omnitee_ts *ts, size_t *size);

/**
 * omnitee_ts_call() - call the service
 * @ts:		session
 * @opcode:	of the service
 * @length:	of the request, which lies at the start of the memory
 *
 * Return: how it went; a response lies at the start of the memory
 */
struct omnitee_ts_result omnitee_ts_call(struct omnitee_ts *ts, uint16_t opcode, size_t length);

#endif /* OMNITEE_TS_H */
