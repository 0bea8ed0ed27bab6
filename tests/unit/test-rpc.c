// SPDX-License-Identifier: BSD-2-Clause
/* Answers of the normal world to RPCs with a message, as they should be and otherwise. */
#include "nw-rpc.h"

#define PAGE		4096
#define SLEEPER		4
#define HOG		5

static uint32_t invoke(uint32_t session, uint32_t command, uint64_t a, uint64_t b)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, command, 1);

	arg->params[0].attr = command == SLEEPER_CMD_TIME ? OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT :
							    OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
	arg->params[0].u.value.a = a;
	arg->params[0].u.value.b = b;
	return nw_rpc_run();
}

static uint32_t alloc(uint32_t session, uint64_t type, uint64_t size)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session,
					       HOG_CMD_ALLOC, 2);

	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
	arg->params[0].u.value.a = type;
	arg->params[0].u.value.b = size;
	arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	return nw_rpc_run();
}

/* What the kernel would do. */
static void serve_kernel(struct optee_msg_arg *rpc)
{
	assert_int_equal(rpc->num_params, 1);
	switch (rpc->cmd) {
	case OPTEE_RPC_CMD_GET_TIME:
		assert_int_equal(rpc->params[0].attr, 2);
		rpc->params[0].u.value.a = 0x100000007;
		rpc->params[0].u.value.b = 999999999;
		rpc->ret = TEE_SUCCESS;
		break;
	case OPTEE_RPC_CMD_SUSPEND:
		assert_int_equal(rpc->params[0].attr, 1);
		assert_int_equal(rpc->params[0].u.value.a, 1234);
		rpc->ret = TEE_SUCCESS;
		break;
	case OPTEE_RPC_CMD_NOTIFICATION:
		assert_int_equal(rpc->params[0].attr, 1);
		assert_int_equal(rpc->params[0].u.value.b, 99);
		rpc->ret = rpc->params[0].u.value.a == OPTEE_RPC_NOTIFICATION_SEND ?
			   TEE_SUCCESS : TEE_ERROR_TIMEOUT;
		if (rpc->ret)
			assert_int_equal(rpc->params[0].u.value.c, 55);
		break;
	default:
		fail_msg("command %u", rpc->cmd);
	}
}

static void commands_of_the_kernel_look_as_they_should(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);
	uint32_t session = nw_open(SLEEPER);

	(void)state;
	nw_rpc_reset(serve_kernel);
	assert_int_equal(invoke(session, SLEEPER_CMD_TIME, 0, 0), TEE_SUCCESS);
	assert_int_equal(arg->params[0].u.value.a, 7);
	assert_int_equal(arg->params[0].u.value.b, 999999999);
	assert_int_equal(invoke(session, SLEEPER_CMD_SUSPEND, 1234, 0), TEE_SUCCESS);
	assert_int_equal(invoke(session, SLEEPER_CMD_SEND, 99, 0), TEE_SUCCESS);
	assert_int_equal(invoke(session, SLEEPER_CMD_WAIT, 99, 55), TEE_ERROR_TIMEOUT);
	assert_int_equal(nw_counter(SIM_COUNTER_RPC_RESULT), TEE_ERROR_TIMEOUT);
	assert_int_equal(nw_counter(SIM_COUNTER_RPC_COMMANDS), 4);
	nw_rpc_reset(NULL);
	assert_int_equal(invoke(session, SLEEPER_CMD_SUSPEND, 1, 0), TEE_ERROR_NOT_SUPPORTED);
	nw_rpc.no_page = true;
	assert_int_equal(invoke(session, SLEEPER_CMD_SUSPEND, 1, 0), TEE_ERROR_OUT_OF_MEMORY);
	assert_int_equal(nw_rpc.commands, 1);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static unsigned int variant;

static void serve_strange_shapes(struct optee_msg_arg *rpc)
{
	rpc->ret = TEE_SUCCESS;
	switch (variant) {
	case 0:
		rpc->num_params = 0;
		break;
	case 1:
		rpc->num_params = 2;
		break;
	case 2:
		rpc->num_params = UINT32_MAX;
		break;
	case 3:
		rpc->params[0].attr = 0;
		break;
	case 4:
		rpc->params[0].attr = 3;
		break;
	case 5:
		rpc->params[0].attr |= 1ULL << 40;
		break;
	default:
		/* Nanoseconds. */
		rpc->params[0].u.value.b = variant == 6 ? 1000000000 : UINT64_MAX;
	}
}

static void strange_answers_are_refused(void **state)
{
	uint32_t session = nw_open(SLEEPER);

	(void)state;
	nw_rpc_reset(serve_strange_shapes);
	for (variant = 0; variant < 8; variant++)
		assert_int_equal(invoke(session, SLEEPER_CMD_TIME, 0, 0), TEE_ERROR_COMMUNICATION);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void serve_memory(struct optee_msg_arg *rpc)
{
	assert_true(nw_rpc_memory(rpc));
}

static void memory_is_used_and_given_back(void **state)
{
	static const uint32_t sizes[] = { 1, PAGE, PAGE + 1, 10 * PAGE, NW_LENT_MAX };
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);
	uint32_t session = nw_open(HOG);
	unsigned int n;

	(void)state;
	nw_rpc_reset(serve_memory);
	for (n = 0; n < ARRAY_SIZE(sizes); n++) {
		assert_int_equal(alloc(session, n & 1, sizes[n]), TEE_SUCCESS);
		assert_int_equal(arg->params[1].u.value.a, sizes[n]);
		assert_int_equal(arg->params[1].u.value.b, (sizes[n] + PAGE - 1) / PAGE);
		assert_int_equal(nw_rpc.frees, n + 1);
		assert_int_equal(nw_rpc.freed, NW_LENT_COOKIE);
	}
	assert_int_equal(alloc(session, 1, NW_LENT_MAX + 1), TEE_ERROR_OUT_OF_MEMORY);
	assert_int_equal(nw_rpc.frees, n);
	assert_int_equal(alloc(session, 1, 0), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

/* How SHM_ALLOC can be answered wrongly, and whether there is something to give back. */
static const struct wrong {
	const char *what;
	uint64_t attr, address, size, cookie;
	uint32_t num_params;
	bool freed;
} wrongs[] = {
	{ "no memory",		0, 0, 0, 0, 1, false },
	{ "unchanged value",	1, NW_LIST, 5000, 9, 1, false },
	{ "value out",		2, NW_LIST, 5000, 9, 1, false },
	{ "list as input",	0x209, NW_LIST, 5000, 9, 1, true },
	{ "list, in and out",	0x20b, NW_LIST, 5000, 9, 1, true },
	{ "registered",		6, NW_LIST, 5000, 9, 1, true },
	{ "registered list",	0x206, NW_LIST, 5000, 9, 1, true },
	{ "beyond all types",	0x20c, NW_LIST, 5000, 9, 1, false },
	{ "meta",		0x30a, NW_LIST, 5000, 9, 1, true },
	{ "cache",		0x1020a, NW_LIST, 5000, 9, 1, true },
	{ "upper bits",		0x10000020a, NW_LIST, 5000, 9, 1, true },
	{ "too small",		0x20a, NW_LIST, 4999, 9, 1, true },
	{ "empty",		0x20a, NW_LIST, 0, 9, 1, true },
	{ "huge",		0x20a, NW_LIST, UINT64_MAX, 9, 1, true },
	{ "cookie of nothing",	0x20a, NW_LIST, 5000, 0, 1, false },
	{ "list at 0",		0x20a, 0, 5000, 9, 1, true },
	{ "list outside",	0x20a, 0x0e000000, 5000, 9, 1, true },
	{ "list of other pages", 0x20a, NW_LIST + PAGE, 5000, 9, 1, true },
	{ "in a row, not known", 0xa, NW_DATA, 5000, 9, 1, true },
	{ "in a row, at 0",	0xa, 0, 5000, 9, 1, true },
	{ "in a row, outside",	0xa, 0x0e000000, 5000, 9, 1, true },
	{ "no parameters",	0x20a, NW_LIST, 5000, 9, 0, true },
	{ "two parameters",	0x20a, NW_LIST, 5000, 9, 2, true },
	{ "many parameters",	0x20a, NW_LIST, 5000, 9, UINT32_MAX, true },
};

static const struct wrong *wrong;

static void serve_wrong_memory(struct optee_msg_arg *rpc)
{
	struct optee_msg_param *param = &rpc->params[0];

	assert_true(nw_rpc_memory(rpc));
	if (rpc->cmd == OPTEE_RPC_CMD_SHM_FREE)
		return;
	/* Where nothing is to be found. */
	((uint64_t *)host_at(NW_LIST + PAGE))[0] = 0x0e000000;
	param->attr = wrong->attr;
	param->u.tmem.buf_ptr = wrong->address;
	param->u.tmem.size = wrong->size;
	param->u.tmem.shm_ref = wrong->cookie;
	rpc->num_params = wrong->num_params;
}

static void wrong_memory_is_given_back(void **state)
{
	uint32_t session = nw_open(HOG);
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(wrongs); n++) {
		uint32_t ret;

		wrong = &wrongs[n];
		nw_rpc_reset(serve_wrong_memory);
		ret = alloc(session, OPTEE_RPC_SHM_TYPE_KERNEL, 5000);
		if (ret != TEE_ERROR_OUT_OF_MEMORY || nw_rpc.frees != wrong->freed)
			fail_msg("%s: %x, %u frees", wrong->what, ret, nw_rpc.frees);
		if (wrong->freed)
			assert_int_equal(nw_rpc.freed, wrong->cookie);
	}
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void serve_static_memory(struct optee_msg_arg *rpc)
{
	assert_true(nw_rpc_memory(rpc));
	if (rpc->cmd != OPTEE_RPC_CMD_SHM_ALLOC)
		return;
	rpc->params[0].attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT;
	rpc->params[0].u.tmem.buf_ptr = NW_DATA + 512;
}

static void memory_in_a_row_lies_in_the_static_area(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);
	uint32_t session = nw_open(HOG);

	(void)state;
	host.world.guest.static_shm.base = NW_DATA;
	host.world.guest.static_shm.size = 2 * PAGE;
	nw_rpc_reset(serve_static_memory);
	assert_int_equal(alloc(session, 1, 2 * PAGE - 512), TEE_SUCCESS);
	assert_int_equal(arg->params[1].u.value.b, 1);
	assert_int_equal(alloc(session, 1, 2 * PAGE - 511), TEE_ERROR_OUT_OF_MEMORY);
	assert_int_equal(nw_rpc.frees, 2);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

/* So long it is to be, in each RPC. */
static uint64_t moment;

static void serve_suspend(struct optee_msg_arg *rpc)
{
	uint64_t a[8] = { SIM_SMC_CONTROL, SIM_OP_RELEASE };

	assert_int_equal(rpc->cmd, OPTEE_RPC_CMD_SUSPEND);
	assert_int_equal(rpc->params[0].u.value.a, moment);
	rpc->ret = TEE_SUCCESS;
	if (nw_rpc.commands == 10)
		assert_int_equal(nw_smc(a), 0);
}

static void hold_ends_with_a_release(void **state)
{
	uint32_t session = nw_open(HOG);

	(void)state;
	moment = 5;
	nw_rpc_reset(serve_suspend);
	assert_int_equal(invoke(session, HOG_CMD_HOLD, 1000, 0), TEE_SUCCESS);
	assert_int_equal(nw_rpc.commands, 10);
	assert_int_equal(invoke(session, HOG_CMD_HOLD, 0, 0), TEE_ERROR_TIMEOUT);
	moment = 200;
	nw_rpc_reset(serve_suspend);
	assert_int_equal(invoke(session, HOG_CMD_HOLD, 1000, moment), TEE_SUCCESS);
	assert_int_equal(nw_rpc.commands, 10);
	nw_rpc_reset(NULL);
	assert_int_equal(invoke(session, HOG_CMD_HOLD, 1000, 0), TEE_ERROR_NOT_SUPPORTED);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

/* What SHM_ALLOC and the others look like with a fault. */
static struct optee_msg_arg seen;
static struct optee_msg_param seen_param;

static void serve_and_look(struct optee_msg_arg *rpc)
{
	if (!seen.cmd) {
		seen = *rpc;
		seen_param = rpc->params[0];
		rpc->ret = TEE_ERROR_BAD_PARAMETERS;
		return;
	}
	if (!nw_rpc_memory(rpc))
		rpc->ret = TEE_ERROR_BAD_PARAMETERS;
}

static void faults_reach_the_message(void **state)
{
	uint32_t session = nw_open(HOG), sleeper = nw_open(SLEEPER);
	static const struct { unsigned int fault; uint64_t argument; } faults[] = {
		{ SIM_FAULT_RPC_COMMAND, 4711 }, { SIM_FAULT_RPC_NUM_PARAMS, 127 },
		{ SIM_FAULT_RPC_ATTR, 0x104 }, { SIM_FAULT_RPC_SHM_SIZE, UINT64_MAX },
		{ SIM_FAULT_RPC_SHM_TYPE, 4 }, { SIM_FAULT_RPC_PLACE, 0x123456789 },
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(faults); n++) {
		memset(&seen, 0, sizeof(seen));
		nw_rpc_reset(serve_and_look);
		nw_fault(faults[n].fault, 1, faults[n].argument);
		alloc(session, 1, 100);
		assert_int_equal(seen.cmd, n ? OPTEE_RPC_CMD_SHM_ALLOC : 4711);
		assert_int_equal(seen.num_params, n == 1 ? 127 : 1);
		assert_int_equal(seen_param.attr, n == 2 ? 0x105 : 1);
		assert_true(seen_param.u.value.b == (n == 3 ? UINT64_MAX : 100));
		assert_int_equal(seen_param.u.value.a, n == 4 ? 4 : 1);
	}
	memset(&seen, 0, sizeof(seen));
	nw_rpc_reset(serve_and_look);
	nw_fault(SIM_FAULT_RPC_INJECT, 1, 3ULL << 32 | 1000);
	invoke(sleeper, 1000, 0, 0);
	assert_int_equal(seen.cmd, 1000);
	assert_int_equal(seen.num_params, 3);
	nw_fault(SIM_FAULT_RPC_INJECT, 1, UINT64_MAX);
	memset(&seen, 0, sizeof(seen));
	invoke(sleeper, 1000, 0, 0);
	assert_int_equal(seen.cmd, UINT32_MAX);
	assert_int_equal(seen.num_params, 4);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
	assert_int_equal(nw_close(sleeper), TEE_SUCCESS);
}

static void serve_random(struct optee_msg_arg *rpc)
{
	static const uint64_t numbers[] = {
		0, 1, 9, PAGE, NW_LIST, NW_LIST + 8, NW_DATA, 5000, UINT64_MAX, 1ULL << 32,
	};
	unsigned int n;

	if (rpc->cmd == OPTEE_RPC_CMD_SHM_FREE || rand() % 4)
		nw_rpc_memory(rpc);
	for (n = 0; n < 4; n++) {
		uint64_t *words = (uint64_t *)&rpc->params[n];

		if (!(rand() % 8))
			words[rand() % 4] = numbers[rand() % 10];
		if (!(rand() % 8))
			rpc->params[n].attr = (uint64_t)rand() % 13 | ((uint64_t)rand() & 0x200);
	}
	if (!(rand() % 16))
		rpc->num_params = (uint32_t)rand();
	if (rand() % 4)
		rpc->ret = TEE_SUCCESS;
}

static void random_answers_do_no_harm(void **state)
{
	uint32_t hog = nw_open(HOG), sleeper = nw_open(SLEEPER), storage = nw_open(7);
	static const uint8_t loadable[16] = APP_LOADABLE_UUID(1);
	struct optee_msg_arg *arg;
	unsigned int round;
	uint32_t ret;

	(void)state;
	srand(7);
	((uint64_t *)host_at(NW_LIST))[0] = NW_DATA;
	assert_int_equal(nw_register(NW_COOKIE, 0, 2 * PAGE), TEE_SUCCESS);
	memcpy(host_at(NW_DATA), "name", 4);
	for (round = 0; round < 20000; round++) {
		nw_rpc_reset(serve_random);
		switch (rand() % 4) {
		case 0:
			alloc(hog, (uint64_t)rand() % 3, (uint64_t)rand() % 20000);
			break;
		case 1:
			invoke(sleeper, (uint32_t)rand() % 4, 0, 0);
			break;
		case 2:
			assert_int_equal(nw_rpc_open(loadable, &ret), 0);
			assert_int_not_equal(ret, TEE_SUCCESS);
			break;
		default:
			arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, storage,
					 (uint32_t)rand() % 4, 2);
			memcpy(host_at(NW_DATA), "name", 4);
			arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT;
			arg->params[0].u.rmem.size = 4;
			arg->params[0].u.rmem.shm_ref = NW_COOKIE;
			arg->params[1].attr = arg->func == STORAGE_CMD_EXISTS ?
				OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT :
				OPTEE_MSG_ATTR_TYPE_RMEM_INPUT + arg->func % 2;
			arg->params[1].u.rmem.offs = 8;
			arg->params[1].u.rmem.size = 5000;
			arg->params[1].u.rmem.shm_ref = NW_COOKIE;
			if (arg->func == STORAGE_CMD_REMOVE)
				arg->num_params = 1;
			nw_rpc_run();
		}
	}
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_close(hog), TEE_SUCCESS);
	assert_int_equal(nw_close(sleeper), TEE_SUCCESS);
	assert_int_equal(nw_close(storage), TEE_SUCCESS);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, nw_setup, nw_teardown)
	const struct CMUnitTest tests[] = {
		CASE(commands_of_the_kernel_look_as_they_should),
		CASE(strange_answers_are_refused),
		CASE(memory_is_used_and_given_back),
		CASE(wrong_memory_is_given_back),
		CASE(memory_in_a_row_lies_in_the_static_area),
		CASE(hold_ends_with_a_release),
		CASE(faults_reach_the_message),
		CASE(random_answers_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
