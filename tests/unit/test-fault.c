// SPDX-License-Identifier: BSD-2-Clause
/* The control channel and the faults that it injects. */
#include "nw.h"

static uint32_t echo(uint32_t session)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session,
					       ECHO_CMD_VALUE, 2);

	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
	arg->params[0].u.value.a = 5;
	arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	return nw_run();
}

static void fault_ends_after_its_count(void **state)
{
	uint32_t session = nw_open(1);

	(void)state;
	nw_fault(SIM_FAULT_THREAD_LIMIT, 2, 0);
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	assert_int_equal(echo(session), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void status_replaces_the_command(void **state)
{
	uint32_t session = nw_open(1);
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_CLOSE_SESSION, session, 0, 0);

	(void)state;
	nw_fault(SIM_FAULT_CALL_STATUS, 1, OPTEE_SMC_RETURN_EBADADDR);
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_EBADADDR);
	assert_int_equal(arg->ret, 0x5a5a5a5a);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void replies_are_spoilt(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);
	uint32_t session = nw_open(1);

	(void)state;
	nw_fault(SIM_FAULT_REPLY_ATTR, 1, 0xf0);
	echo(session);
	assert_int_equal(arg->params[0].attr, 0xf1);
	nw_fault(SIM_FAULT_REPLY_NUM_PARAMS, 1, 100);
	echo(session);
	assert_int_equal(arg->num_params, 100);
	assert_int_equal(nw_register(NW_COOKIE, 0, 64), TEE_SUCCESS);
	nw_fault(SIM_FAULT_REPLY_SIZE, 1, 1ULL << 40);
	/* Waits for a memory reference. */
	echo(session);
	nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, ECHO_CMD_MEMREF, 1);
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT;
	arg->params[0].u.rmem.size = 64;
	arg->params[0].u.rmem.shm_ref = NW_COOKIE;
	assert_int_equal(nw_run(), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(arg->params[0].u.rmem.size, 1ULL << 40);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
	nw_fault(SIM_FAULT_REPLY_SESSION, 1, 4711);
	assert_int_equal(nw_open(1), 4711);
	assert_int_equal(nw_close(session + 1), TEE_SUCCESS);
}

static void unneeded_rpcs_are_made(void **state)
{
	uint64_t a[8] = { OPTEE_SMC_CALL_WITH_ARG, NW_MESSAGE >> 32, (uint32_t)NW_MESSAGE };
	uint32_t session = nw_open(1);

	(void)state;
	nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, ECHO_CMD_NOP, 0);
	nw_fault(SIM_FAULT_RPC_UNKNOWN, 1, 0xffff0042);
	nw_fault(SIM_FAULT_RPC_ALLOC_FREE, 1, 512);
	nw_fault(SIM_FAULT_RPC_BAD_FREE, 1, NW_COOKIE + 1);
	assert_int_equal(nw_smc(a), 0xffff0042);
	a[0] = OPTEE_SMC_RETURN_FROM_RPC;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RPC_ALLOC);
	assert_int_equal(a[1], 512);
	a[0] = OPTEE_SMC_RETURN_FROM_RPC;
	a[1] = NW_RPC_PAGE >> 32;
	a[2] = (uint32_t)NW_RPC_PAGE;
	a[4] = NW_COOKIE >> 32;
	a[5] = (uint32_t)NW_COOKIE;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RPC_FREE);
	assert_int_equal(a[2], (uint32_t)NW_COOKIE);
	a[0] = OPTEE_SMC_RETURN_FROM_RPC;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RPC_FREE);
	assert_int_equal(a[2], (uint32_t)NW_COOKIE + 1);
	a[0] = OPTEE_SMC_RETURN_FROM_RPC;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void registration_is_refused_and_kept(void **state)
{
	(void)state;
	nw_fault(SIM_FAULT_REGISTER_REFUSED, 1, TEE_ERROR_OUT_OF_MEMORY);
	assert_int_equal(nw_register(NW_COOKIE, 0, 64), TEE_ERROR_OUT_OF_MEMORY);
	assert_int_equal(nw_counter(SIM_COUNTER_SHM_OBJECTS), 0);
	assert_int_equal(nw_register(NW_COOKIE, 0, 64), TEE_SUCCESS);
	nw_fault(SIM_FAULT_UNREGISTER_REFUSED, 1, TEE_ERROR_BUSY);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_ERROR_BUSY);
	assert_int_equal(nw_counter(SIM_COUNTER_SHM_OBJECTS), 1);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
}

static void control_refuses_what_it_does_not_know(void **state)
{
	uint64_t uid[8] = { SIM_SMC_UID };
	uint64_t op[8] = { SIM_SMC_CONTROL, 4711 };
	uint64_t counter[8] = { SIM_SMC_CONTROL, SIM_OP_COUNTER, SIM_COUNTER_COUNT };
	uint64_t thread[8] = { SIM_SMC_CONTROL, SIM_OP_THREAD, 4 };
	uint64_t fault[8] = { SIM_SMC_CONTROL, SIM_OP_FAULT, SIM_FAULT_COUNT, 1 };

	(void)state;
	assert_int_equal(nw_smc(uid), SIM_UID_0);
	assert_int_equal(uid[1], SIM_UID_1);
	assert_int_equal(uid[2], SIM_UID_2);
	assert_int_equal((int64_t)nw_smc(op), SMCCC_NOT_SUPPORTED);
	assert_int_equal((int64_t)nw_smc(counter), SMCCC_INVALID_PARAMETER);
	assert_int_equal((int64_t)nw_smc(thread), SMCCC_INVALID_PARAMETER);
	assert_int_equal((int64_t)nw_smc(fault), SMCCC_INVALID_PARAMETER);
	fault[0] = SIM_SMC_CONTROL;
	fault[2] = 0;
	assert_int_equal((int64_t)nw_smc(fault), SMCCC_INVALID_PARAMETER);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, nw_setup, nw_teardown)
	const struct CMUnitTest tests[] = {
		CASE(fault_ends_after_its_count),
		CASE(status_replaces_the_command),
		CASE(replies_are_spoilt),
		CASE(unneeded_rpcs_are_made),
		CASE(registration_is_refused_and_kept),
		CASE(control_refuses_what_it_does_not_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
