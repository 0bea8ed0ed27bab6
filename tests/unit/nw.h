/* SPDX-License-Identifier: BSD-2-Clause */
/* The normal world of unit tests: messages in its memory, and calls. */
#ifndef UNIT_NW_H
#define UNIT_NW_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "apps.h"
#include "compiler.h"
#include "host.h"
#include "optee_msg.h"
#include "optee_smc.h"
#include "sim.h"
#include "tee_result.h"

/* Where tests put things, in the normal world's memory. */
#define NW_MESSAGE	(HOST_MEMORY_BASE + 0x10000)
#define NW_RPC_PAGE	(HOST_MEMORY_BASE + 0x20000)
#define NW_LIST		(HOST_MEMORY_BASE + 0x100000)
#define NW_DATA		(HOST_MEMORY_BASE + 0x400000)

#define NW_COOKIE	0x1122334455667788ULL

/* cmocka set-up and tear-down: four threads, OP-TEE over SMC; no memory is left in use. */
int nw_setup(void **state);
int nw_teardown(void **state);

/* Who nw_call() is to a virtualised world, in a7; set-up makes it 0. */
extern uint64_t nw_client;

/* a0..a7 in, a0..a3 out; returns a0. */
uint64_t nw_smc(uint64_t a[8]);

/* Call with a message at NW_MESSAGE; drives foreign interrupts; returns the final a0. */
uint64_t nw_call(void);
struct optee_msg_arg *nw_message(uint32_t cmd, uint32_t session, uint32_t func,
				 uint32_t num_params);
/* nw_call() and ret of the message; the call must succeed. */
uint32_t nw_run(void);

/* Session of an application, by the last octet of its UUID. */
uint32_t nw_open(uint8_t app);
uint32_t nw_close(uint32_t session);

/* Register octets at NW_DATA + offset. */
uint32_t nw_register(uint64_t cookie, uint64_t offset, uint64_t size);
uint32_t nw_unregister(uint64_t cookie);

uint64_t nw_counter(unsigned int counter);
void nw_fault(unsigned int fault, uint64_t count, uint64_t argument);

#endif /* UNIT_NW_H */
