/* SPDX-License-Identifier: BSD-2-Clause */
/* The normal world of unit tests as QTEE sees it: messages, calls, objects of its own. */
#ifndef UNIT_NQ_H
#define UNIT_NQ_H

#include "nw.h"
#include "qtee.h"
#include "qtee_services.h"

#define NQ_IN		(HOST_MEMORY_BASE + 0x200000)
#define NQ_OUT		(HOST_MEMORY_BASE + 0x240000)
#define NQ_IN_SIZE	0x4000
/* For calls within calls: pages of their own. */
#define NQ_STRIDE	0x8000
#define NQ_REGION	(HOST_MEMORY_BASE + 0x300000)

/* cmocka set-up and tear-down: QTEE with four calls at once; the counters are as they were. */
int nq_setup(void **state);
int nq_teardown(void **state);

/* a0..a6 in, a0..a2 and a6 out, the others must stay; returns a0. */
int64_t nq_smc(uint64_t a[7]);

/* What nq_message() begins with, at the page of this depth, zeroed. */
struct qtee_invoke *nq_message(unsigned int depth, uint32_t cxt, uint32_t op, uint32_t counts);
/* Places of the buffers of given sizes, in their order; returns the inbound message. */
void nq_place(struct qtee_invoke *message, const uint32_t *sizes);
void *nq_data(struct qtee_invoke *message, unsigned int n);
struct qtee_callback *nq_outbound(unsigned int depth);

/* One INVOKE of the message at this depth; its return. */
struct nq_return {
	int64_t status;
	uint64_t response;
	int32_t result;
	uint64_t session;
};

struct nq_return nq_invoke(unsigned int depth);
struct nq_return nq_answer(unsigned int depth);

/* The same to its end, with requests served by nq_serve; the result. It must be told well. */
int32_t nq_run(unsigned int depth);
/* Serves a request that is in @request; NULL: -96. */
extern void (*nq_serve)(struct qtee_callback *request);

/* Objects released so far, and the last of them. */
extern unsigned int nq_released;
extern uint32_t nq_last_released;

/* An environment with credentials of user 1000, or of the kernel, and a service of it. */
uint32_t nq_environment(void);
uint32_t nq_kernel_environment(void);
uint32_t nq_open(uint32_t uid);
int32_t nq_release(uint32_t object);
/* A fresh id of an object of the kernel. */
uint32_t nq_object(void);

/* A number as the one argument of a call, at depth 0; the result. */
int32_t nq_number(uint32_t object, uint32_t op, uint32_t value);
/* FORWARD of @op to @callee without more arguments, at a depth: the message only. */
void nq_forward(unsigned int depth, uint32_t caller, uint32_t op, uint32_t callee);
/* Of a request. */
uint8_t *nq_payload(struct qtee_callback *request, unsigned int n);

/* Serves credentials at any object; for tests' own serve functions. */
bool nq_serve_credentials(struct qtee_callback *request);

#endif /* UNIT_NQ_H */
