/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A service of a partition, as seen by the RPC layer: octets in, octets out. A service knows
 * nothing of how they travel. It works on a private copy of the request, because the
 * client may change its own meanwhile.
 */
#ifndef TS_SERVICE_H
#define TS_SERVICE_H

#include <stddef.h>
#include <stdint.h>
#include "ts.h"

struct ts_call {
	uint16_t source;	/* FF-A endpoint that calls */
	uint16_t opcode;
	const uint8_t *in;	/* request */
	size_t in_size;
	uint8_t *out;		/* response, not the request's memory */
	size_t out_room;
	size_t out_size;	/* 0 at first */
	int32_t status;		/* of the service, TS_PSA_SUCCESS at first */
};

struct ts_service {
	const char *name;
	uint8_t uuid[TS_UUID_SIZE];
	/**
	 * call() - answer a request
	 * @state:	the instance's, as it was added to the partition
	 * @call:	request; receives status and response
	 *
	 * Return: TS_RPC_*. Status and response only count with TS_RPC_SUCCESS, the response
	 * only with status 0 as well, unless the service's protocol says otherwise.
	 */
	int32_t (*call)(void *state, struct ts_call *call);
};

extern const struct ts_service ts_service_its;
extern const struct ts_service ts_service_ps;
extern const struct ts_service ts_service_crypto;
extern const struct ts_service ts_service_attestation;
extern const struct ts_service ts_service_test_runner;

#endif /* TS_SERVICE_H */
