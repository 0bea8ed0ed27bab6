// SPDX-License-Identifier: BSD-2-Clause
#include "nw.h"

#define PAGE		4096

static uint64_t heap_at_start;
uint64_t nw_client;

int nw_setup(void **state)
{
	(void)state;
	nw_client = 0;
	if (!host_start("threads=4 optee=smc"))
		return -1;
	heap_at_start = nw_counter(SIM_COUNTER_HEAP_BYTES);
	return 0;
}

int nw_teardown(void **state)
{
	uint64_t heap = nw_counter(SIM_COUNTER_HEAP_BYTES);
	uint64_t threads = nw_counter(SIM_COUNTER_THREADS_USED);

	(void)state;
	host_stop();
	if (heap != heap_at_start || threads) {
		print_error("left behind: %d octets of heap, %d threads\n",
			    (int)(heap - heap_at_start), (int)threads);
		return -1;
	}
	return 0;
}

uint64_t nw_smc(uint64_t a[8])
{
	struct smc_regs regs;
	unsigned int n;

	for (n = 0; n < 31; n++)
		regs.x[n] = 0xdead0000 + n;
	memcpy(regs.x, a, 8 * sizeof(*a));
	host_smc(&regs);
	for (n = 4; n < 31; n++)
		if (regs.x[n] != (n < 8 ? a[n] : 0xdead0000 + n))
			fail_msg("x%u was changed", n);
	memcpy(a, regs.x, 4 * sizeof(*a));
	return a[0];
}

uint64_t nw_call(void)
{
	uint64_t a[8] = {
		OPTEE_SMC_CALL_WITH_ARG, NW_MESSAGE >> 32, (uint32_t)NW_MESSAGE,
		[7] = nw_client,
	};

	nw_smc(a);
	while (a[0] == OPTEE_SMC_RPC_FOREIGN_INTR) {
		a[0] = OPTEE_SMC_RETURN_FROM_RPC;
		nw_smc(a);
	}
	return a[0];
}

struct optee_msg_arg *nw_message(uint32_t cmd, uint32_t session, uint32_t func,
				 uint32_t num_params)
{
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);

	memset(arg, 0, PAGE);
	arg->cmd = cmd;
	arg->session = session;
	arg->func = func;
	arg->num_params = num_params;
	/* Nobody may get away without writing them. */
	arg->ret = 0x5a5a5a5a;
	arg->ret_origin = 0x5a5a5a5a;
	return arg;
}

uint32_t nw_run(void)
{
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);

	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_OK);
	assert_int_not_equal(arg->ret, 0x5a5a5a5a);
	assert_in_range(arg->ret_origin, TEE_ORIGIN_API, TEE_ORIGIN_TRUSTED_APP);
	return arg->ret;
}

uint32_t nw_open(uint8_t app)
{
	static const uint8_t uuid[16] = APP_UUID(0);
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_OPEN_SESSION, 0, 0, 2);

	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	memcpy(arg->params[0].u.octets, uuid, sizeof(uuid));
	arg->params[0].u.octets[15] = app;
	arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	assert_int_equal(nw_run(), TEE_SUCCESS);
	assert_int_not_equal(arg->session, 0);
	return arg->session;
}

uint32_t nw_close(uint32_t session)
{
	nw_message(OPTEE_MSG_CMD_CLOSE_SESSION, session, 0, 0);
	return nw_run();
}

uint32_t nw_register(uint64_t cookie, uint64_t offset, uint64_t size)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_REGISTER_SHM, 0, 0, 1);
	uint64_t pages = (offset % PAGE + size + PAGE - 1) / PAGE;
	uint64_t *list = host_at(NW_LIST);
	uint64_t n;

	for (n = 0; n < pages; n++, list++) {
		if (n % 511 == 0 && n) {
			*list = NW_LIST + n / 511 * PAGE;
			list++;
		}
		*list = NW_DATA + (offset & ~(uint64_t)(PAGE - 1)) + n * PAGE;
	}
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG;
	arg->params[0].u.tmem.buf_ptr = NW_LIST + offset % PAGE;
	arg->params[0].u.tmem.size = size;
	arg->params[0].u.tmem.shm_ref = cookie;
	return nw_run();
}

uint32_t nw_unregister(uint64_t cookie)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_UNREGISTER_SHM, 0, 0, 1);

	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT;
	arg->params[0].u.rmem.shm_ref = cookie;
	return nw_run();
}

uint64_t nw_counter(unsigned int counter)
{
	uint64_t a[8] = { SIM_SMC_CONTROL, SIM_OP_COUNTER, counter };

	if (nw_smc(a))
		abort();
	return a[1];
}

void nw_fault(unsigned int fault, uint64_t count, uint64_t argument)
{
	uint64_t a[8] = { SIM_SMC_CONTROL, SIM_OP_FAULT, fault, count, argument };

	assert_int_equal(nw_smc(a), 0);
}
