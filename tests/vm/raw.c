// SPDX-License-Identifier: BSD-2-Clause
/* OP-TEE calls without a driver. */
#include "raw.h"

#include <string.h>

#include "clock.h"
#include "harness.h"

#define PAGE	OPTEE_MSG_PAGE_SIZE

void raw_need_smc(void)
{
	world_need();
	if (optee_is_over_ffa())
		SKIP("OP-TEE is reached over FF-A, and has no SMC of its own");
}

void raw_init(struct raw *r, unsigned int pages)
{
	raw_need_smc();
	memset(r, 0, sizeof(*r));
	world_pages(&r->mem, (uint64_t)pages * PAGE);
}

void *raw_va(struct raw *r, unsigned int page)
{
	ASSERT_LE((page + 1) * (uint64_t)PAGE, r->mem.size);
	return r->mem.va + page * (uint64_t)PAGE;
}

uint64_t raw_pa(struct raw *r, unsigned int page)
{
	return r->mem.phys + page * (uint64_t)PAGE;
}

static void smc(struct raw *r, struct sim_smc *s)
{
	/* A register that is 0 already would not show that it was cleared. */
	if (r->flags & SIM_SMC_CHECK_REGS) {
		for (unsigned int n = 4; n < 7; n++)
			if (!s->in[n])
				s->in[n] = 0x5a5a5a5a00000000 | n;
	}
	s->in[7] = r->client;
	s->flags = r->flags;
	world_smc(s);
	r->changed |= s->changed;
}

uint32_t raw_smc(struct raw *r, uint32_t fn, uint64_t a1, uint64_t a2, uint64_t a3,
		 uint64_t out[8])
{
	struct sim_smc s = { .in = { fn, a1, a2, a3 } };

	smc(r, &s);
	if (out)
		memcpy(out, s.out, sizeof(s.out));
	/* An interrupt may come first, however short the call is. */
	if (!SMCCC_IS_FAST(fn) && OPTEE_SMC_IS_RPC((uint32_t)s.out[0])) {
		r->resume = s.out[3];
		return raw_finish(r, raw_resume(r));
	}
	return s.out[0];
}

struct optee_msg_arg *raw_msg(struct raw *r, uint32_t cmd, uint32_t num_params)
{
	struct optee_msg_arg *msg = raw_va(r, RAW_PAGE_MSG);

	memset(msg, 0, PAGE);
	msg->cmd = cmd;
	msg->num_params = num_params;
	/* A secure world that forgets to answer must not look like success. */
	msg->ret = TEE_ERROR_GENERIC;
	return msg;
}

static uint32_t yielding(struct raw *r, struct sim_smc *s)
{
	uint32_t a0;

	smc(r, s);
	a0 = s->out[0];
	if (OPTEE_SMC_IS_RPC(a0)) {
		r->resume = s->out[3];
		if (a0 == OPTEE_SMC_RPC_FOREIGN_INTR)
			r->interrupts++;
	}
	return a0;
}

uint32_t raw_start(struct raw *r, uint32_t fn, uint64_t a1, uint64_t a2, uint64_t a3)
{
	struct sim_smc s = { .in = { fn, a1, a2, a3 } };

	return yielding(r, &s);
}

uint32_t raw_resume(struct raw *r)
{
	struct sim_smc s = { .in = { OPTEE_SMC_RETURN_FROM_RPC, 0, 0, r->resume } };

	return yielding(r, &s);
}

uint32_t raw_finish(struct raw *r, uint32_t a0)
{
	while (OPTEE_SMC_IS_RPC(a0)) {
		struct sim_smc s = { .in = { OPTEE_SMC_RETURN_FROM_RPC, 0, 0, r->resume } };

		if (a0 == OPTEE_SMC_RPC_ALLOC) {
			/* There is one RPC message per case; that is enough here. */
			s.in[1] = raw_pa(r, RAW_PAGE_RPC) >> 32;
			s.in[2] = (uint32_t)raw_pa(r, RAW_PAGE_RPC);
			s.in[4] = RAW_COOKIE(0xa110c) >> 32;
			s.in[5] = (uint32_t)RAW_COOKIE(0xa110c);
		} else if (a0 == OPTEE_SMC_RPC_CMD) {
			struct optee_msg_arg *rpc = raw_va(r, RAW_PAGE_RPC);

			rpc->ret = TEE_ERROR_NOT_SUPPORTED;
		}
		a0 = yielding(r, &s);
	}
	return a0;
}

uint32_t raw_call(struct raw *r)
{
	uint64_t pa = raw_pa(r, RAW_PAGE_MSG);
	uint64_t end = clock_ms() + PATIENCE_MS;
	uint32_t a0;

	/* Somebody else may have the last thread for a moment. */
	do {
		a0 = raw_finish(r, raw_start(r, OPTEE_SMC_CALL_WITH_ARG, pa >> 32, (uint32_t)pa, 0));
	} while (a0 == OPTEE_SMC_RETURN_ETHREAD_LIMIT && clock_ms() < end);
	return a0;
}

uint32_t raw_ret(struct raw *r)
{
	struct optee_msg_arg *msg = raw_va(r, RAW_PAGE_MSG);

	ASSERT_EQ(raw_call(r), OPTEE_SMC_RETURN_OK);
	return msg->ret;
}

void raw_fill_open(struct optee_msg_arg *msg, const uint8_t *app)
{
	msg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	memcpy(msg->params[0].u.octets, app, 16);
	msg->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	msg->params[1].u.value.c = OPTEE_MSG_LOGIN_PUBLIC;
}

uint32_t raw_open(struct raw *r, const uint8_t *app)
{
	struct optee_msg_arg *msg = raw_msg(r, OPTEE_MSG_CMD_OPEN_SESSION, 2);

	raw_fill_open(msg, app);
	ASSERT_EQ(raw_ret(r), TEE_SUCCESS);
	return msg->session;
}

void raw_close(struct raw *r, uint32_t session)
{
	raw_msg(r, OPTEE_MSG_CMD_CLOSE_SESSION, 0)->session = session;
	ASSERT_EQ(raw_ret(r), TEE_SUCCESS);
}

uint32_t raw_register(struct raw *r, uint64_t cookie, unsigned int list, const uint64_t *pa,
		      unsigned int first, unsigned int count, uint64_t offset, uint64_t size)
{
	struct optee_msg_arg *msg = raw_msg(r, OPTEE_MSG_CMD_REGISTER_SHM, 1);

	for (unsigned int i = 0; i < count; i++) {
		unsigned int page = i / OPTEE_MSG_PAGES_PER_LIST;
		uint64_t *entries = raw_va(r, list + page);

		entries[i % OPTEE_MSG_PAGES_PER_LIST] = pa ? pa[i] : raw_pa(r, first + i);
		entries[OPTEE_MSG_PAGES_PER_LIST] = raw_pa(r, list + page + 1);
	}
	/* Nobody may follow the pointer behind the last entry. */
	((uint64_t *)raw_va(r, list + (count - 1) / OPTEE_MSG_PAGES_PER_LIST))
		[OPTEE_MSG_PAGES_PER_LIST] = 0xdead000;

	msg->params[0].attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG;
	msg->params[0].u.tmem.buf_ptr = raw_pa(r, list) | offset;
	msg->params[0].u.tmem.size = size;
	msg->params[0].u.tmem.shm_ref = cookie;
	return raw_ret(r);
}

uint32_t raw_unregister(struct raw *r, uint64_t cookie)
{
	struct optee_msg_arg *msg = raw_msg(r, OPTEE_MSG_CMD_UNREGISTER_SHM, 1);

	msg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT;
	msg->params[0].u.rmem.shm_ref = cookie;
	return raw_ret(r);
}
