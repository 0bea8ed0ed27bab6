/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * /dev/omnitee-client: what clients in the kernel do, on behalf of tests. An open file is a
 * context of tee_client_open_context(); calls run in the task that makes them.
 */
#ifndef ABI_SIM_CLIENT_H
#define ABI_SIM_CLIENT_H

#include "types.h"

#define CLIENT_DEVICE		"omnitee-client"

struct client_session {
	uint8_t uuid[16];
	uint32_t session;	/* out */
	uint32_t ret;		/* out */
};

/* p0 VALUE_INPUT a, b; p1 VALUE_OUTPUT; as many of them as num_params. */
struct client_invoke {
	uint32_t session;
	uint32_t func;
	uint32_t num_params;
	uint32_t ret;		/* out */
	uint64_t a;		/* in, out */
	uint64_t b;		/* in, out */
};

/* These fail with what tee_client_*() returns. */
#define CLIENT_IOC_OPEN		_IOWR('C', 1, struct client_session)
#define CLIENT_IOC_INVOKE	_IOWR('C', 2, struct client_invoke)
#define CLIENT_IOC_CLOSE	_IOW('C', 3, uint32_t)
#define CLIENT_IOC_SYSTEM	_IOW('C', 4, uint32_t)	/* tee_client_system_session() */
/* tee_client_request_system_context(), _release_: EOPNOTSUPP with a kernel's own tee.ko. */
#define CLIENT_IOC_REQUEST	_IO('C', 5)
#define CLIENT_IOC_RELEASE	_IO('C', 6)

#endif /* ABI_SIM_CLIENT_H */
