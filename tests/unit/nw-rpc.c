// SPDX-License-Identifier: BSD-2-Clause
#include "nw-rpc.h"

#define PAGE	4096

struct nw_rpc nw_rpc;

void nw_rpc_reset(nw_rpc_fn serve)
{
	memset(&nw_rpc, 0, sizeof(nw_rpc));
	nw_rpc.serve = serve;
}

uint8_t *nw_lent(uint64_t offset)
{
	return (uint8_t *)host_at(NW_LENT + offset / PAGE * 2 * PAGE + offset % PAGE);
}

bool nw_rpc_memory(struct optee_msg_arg *rpc)
{
	struct optee_msg_param *param = &rpc->params[0];
	uint64_t *list = host_at(NW_LIST);
	uint64_t size, n;

	if (rpc->cmd == OPTEE_RPC_CMD_SHM_FREE) {
		assert_int_equal(rpc->num_params, 1);
		assert_int_equal(param->attr, OPTEE_MSG_ATTR_TYPE_VALUE_INPUT);
		nw_rpc.frees++;
		nw_rpc.freed = param->u.value.b;
		rpc->ret = TEE_SUCCESS;
		return true;
	}
	if (rpc->cmd != OPTEE_RPC_CMD_SHM_ALLOC)
		return false;
	assert_int_equal(rpc->num_params, 1);
	assert_int_equal(param->attr, OPTEE_MSG_ATTR_TYPE_VALUE_INPUT);
	size = param->u.value.b;
	if (size > NW_LENT_MAX) {
		rpc->ret = TEE_ERROR_OUT_OF_MEMORY;
		return true;
	}
	for (n = 0; n < (size + PAGE - 1) / PAGE; n++)
		list[n] = NW_LENT + n * 2 * PAGE;
	param->attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG;
	param->u.tmem.buf_ptr = NW_LIST;
	param->u.tmem.size = size;
	param->u.tmem.shm_ref = NW_LENT_COOKIE;
	rpc->ret = TEE_SUCCESS;
	return true;
}

static void serve_command(void)
{
	struct optee_msg_arg *rpc = host_at(NW_RPC_PAGE);

	nw_rpc.commands++;
	if (nw_rpc.commands > 100000)
		fail_msg("no end of RPCs");
	rpc->ret = TEE_ERROR_NOT_SUPPORTED;
	if (nw_rpc.serve)
		nw_rpc.serve(rpc);
}

uint32_t nw_rpc_run(void)
{
	uint64_t a[8] = {
		OPTEE_SMC_CALL_WITH_ARG, NW_MESSAGE >> 32, (uint32_t)NW_MESSAGE,
	};
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);

	nw_smc(a);
	while (OPTEE_SMC_IS_RPC(a[0])) {
		switch (a[0]) {
		case OPTEE_SMC_RPC_ALLOC:
			memset(&a[4], 0, 2 * sizeof(*a));
			a[1] = 0;
			a[2] = 0;
			if (!nw_rpc.no_page) {
				a[2] = (uint32_t)NW_RPC_PAGE;
				a[5] = 77;
				nw_rpc.pages++;
			}
			break;
		case OPTEE_SMC_RPC_FREE:
			assert_int_equal(a[2], 77);
			nw_rpc.pages--;
			break;
		case OPTEE_SMC_RPC_CMD:
			serve_command();
			break;
		default:
			break;
		}
		a[0] = OPTEE_SMC_RETURN_FROM_RPC;
		nw_smc(a);
	}
	assert_int_equal(a[0], OPTEE_SMC_RETURN_OK);
	assert_int_not_equal(arg->ret, 0x5a5a5a5a);
	assert_int_equal(nw_rpc.pages, 0);
	assert_int_equal(nw_counter(SIM_COUNTER_RPC_MEMORY), 0);
	return arg->ret;
}

uint32_t nw_rpc_open(const uint8_t uuid[16], uint32_t *ret)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_OPEN_SESSION, 0, 0, 2);

	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	memcpy(arg->params[0].u.octets, uuid, 16);
	arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	*ret = nw_rpc_run();
	return arg->session;
}
