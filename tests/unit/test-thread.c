// SPDX-License-Identifier: BSD-2-Clause
/* Secure threads: limits, suspension, resumption, and what goes on meanwhile. */
#include "nw.h"
#include "optee_rpc.h"
#include "rpc.h"

#define PAGE	4096

/* Begin a call of slow that is preempted at once; its thread. */
static uint32_t begin_spin(uint32_t session, uint32_t command, uint64_t message)
{
	struct optee_msg_arg *arg = host_at(message);
	uint64_t a[8] = { OPTEE_SMC_CALL_WITH_ARG, message >> 32, (uint32_t)message };

	memset(arg, 0, PAGE);
	arg->cmd = OPTEE_MSG_CMD_INVOKE_COMMAND;
	arg->session = session;
	arg->func = command;
	arg->num_params = 2;
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
	arg->params[0].u.value.a = 100;
	arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	arg->ret = 0x5a5a5a5a;
	host.interrupt_after = 40;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RPC_FOREIGN_INTR);
	host.interrupt_after = 0;
	return (uint32_t)a[3];
}

static uint64_t resume(uint32_t thread)
{
	uint64_t a[8] = { OPTEE_SMC_RETURN_FROM_RPC, 0, 0, thread };

	return nw_smc(a);
}

static void preempted_call_goes_on(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_DATA);
	uint32_t session = nw_open(3);
	uint32_t thread = begin_spin(session, SLOW_CMD_SPIN, NW_DATA);

	(void)state;
	assert_int_equal(nw_counter(SIM_COUNTER_THREADS_USED), 1);
	assert_int_equal(nw_counter(SIM_COUNTER_THREADS_RUNNING), 0);
	assert_int_equal(nw_counter(SIM_COUNTER_INTERRUPTS), 1);
	assert_int_equal(resume(thread), OPTEE_SMC_RETURN_OK);
	assert_int_equal(arg->ret, TEE_SUCCESS);
	assert_int_equal(arg->params[1].u.value.a, 1);
	assert_int_equal(arg->params[1].u.value.b, 1);
	assert_int_equal(resume(thread), OPTEE_SMC_RETURN_ERESUME);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void wrong_threads_are_not_resumed(void **state)
{
	uint32_t session = nw_open(3);
	uint32_t thread = begin_spin(session, SLOW_CMD_SPIN, NW_DATA);

	(void)state;
	assert_int_equal(resume(thread + 1), OPTEE_SMC_RETURN_ERESUME);
	assert_int_equal(resume(4), OPTEE_SMC_RETURN_ERESUME);
	assert_int_equal(resume(UINT32_MAX), OPTEE_SMC_RETURN_ERESUME);
	assert_int_equal(resume(thread), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void threads_run_out(void **state)
{
	uint32_t session = nw_open(3);
	uint64_t a[8] = { OPTEE_SMC_CALL_WITH_ARG, NW_MESSAGE >> 32, (uint32_t)NW_MESSAGE, 3,
			  4, 5, 6, 7 };
	uint32_t thread[4];
	unsigned int n;

	(void)state;
	for (n = 0; n < 4; n++)
		thread[n] = begin_spin(session, SLOW_CMD_SPIN, NW_DATA + n * PAGE);
	assert_int_equal(nw_counter(SIM_COUNTER_THREADS_USED_MAX), 4);
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	assert_int_equal(a[1], NW_MESSAGE >> 32);
	assert_int_equal(a[2], (uint32_t)NW_MESSAGE);
	assert_int_equal(a[3], 3);
	assert_int_equal(nw_counter(SIM_COUNTER_THREAD_LIMITS), 1);
	for (n = 0; n < 4; n++)
		assert_int_equal(resume(thread[3 - n]), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void cancel_concerns_what_runs(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_DATA);
	uint32_t session = nw_open(3);
	uint32_t thread;

	(void)state;
	/* Too early: nothing runs. */
	nw_message(OPTEE_MSG_CMD_CANCEL, session, 0, 0);
	assert_int_equal(nw_run(), TEE_SUCCESS);
	thread = begin_spin(session, SLOW_CMD_CANCELLABLE, NW_DATA);
	nw_message(OPTEE_MSG_CMD_CANCEL, session, 0, 0);
	assert_int_equal(nw_run(), TEE_SUCCESS);
	assert_int_equal(resume(thread), OPTEE_SMC_RETURN_OK);
	assert_int_equal(arg->ret, TEE_ERROR_CANCEL);
	assert_int_equal(arg->ret_origin, TEE_ORIGIN_TRUSTED_APP);
	thread = begin_spin(session, SLOW_CMD_CANCELLABLE, NW_DATA);
	assert_int_equal(resume(thread), OPTEE_SMC_RETURN_OK);
	assert_int_equal(arg->ret, TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void session_closes_under_a_command(void **state)
{
	uint32_t session = nw_open(3);
	uint32_t thread = begin_spin(session, SLOW_CMD_SPIN, NW_DATA);

	(void)state;
	assert_int_equal(nw_close(session), TEE_SUCCESS);
	assert_int_equal(nw_counter(SIM_COUNTER_SESSIONS), 0);
	assert_int_equal(nw_close(session), TEE_ERROR_ITEM_NOT_FOUND);
	assert_int_equal(resume(thread), OPTEE_SMC_RETURN_OK);
}

static void unregister_waits_for_the_last_user(void **state)
{
	uint32_t session = nw_open(3);
	uint64_t a[8] = { OPTEE_SMC_CALL_WITH_ARG, NW_MESSAGE >> 32, (uint32_t)NW_MESSAGE };
	struct optee_msg_arg *arg;
	uint32_t spin, waiter;
	unsigned int n;

	(void)state;
	/* The object is in use because the message of a suspended call lies in it. */
	assert_int_equal(nw_register(NW_COOKIE, 0, PAGE), TEE_SUCCESS);
	arg = host_at(NW_DATA);
	memset(arg, 0, PAGE);
	arg->cmd = OPTEE_MSG_CMD_INVOKE_COMMAND;
	arg->session = session;
	arg->num_params = 1;
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
	arg->params[0].u.value.a = 100;
	host.interrupt_after = 40;
	{
		uint64_t regd[8] = { OPTEE_SMC_CALL_WITH_REGD_ARG, NW_COOKIE >> 32,
				     (uint32_t)NW_COOKIE, 0 };

		assert_int_equal(nw_smc(regd), OPTEE_SMC_RPC_FOREIGN_INTR);
		spin = (uint32_t)regd[3];
	}
	host.interrupt_after = 0;

	arg = nw_message(OPTEE_MSG_CMD_UNREGISTER_SHM, 0, 0, 1);
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT;
	arg->params[0].u.rmem.shm_ref = NW_COOKIE;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RPC_FOREIGN_INTR);
	waiter = (uint32_t)a[3];
	for (n = 0; n < 5; n++)
		assert_int_equal(resume(waiter), OPTEE_SMC_RPC_FOREIGN_INTR);
	assert_int_equal(arg->ret, 0x5a5a5a5a);
	assert_int_equal(resume(spin), OPTEE_SMC_RETURN_OK);
	assert_int_equal(resume(waiter), OPTEE_SMC_RETURN_OK);
	assert_int_equal(arg->ret, TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void cache_keeps_pages_for_rpc(void **state)
{
	uint64_t off[8] = { OPTEE_SMC_DISABLE_SHM_CACHE };
	uint64_t on[8] = { OPTEE_SMC_ENABLE_SHM_CACHE };
	uint32_t session = nw_open(3);
	uint32_t thread;

	(void)state;
	thread = begin_spin(session, SLOW_CMD_SPIN, NW_DATA);
	assert_int_equal(nw_smc(on), OPTEE_SMC_RETURN_EBUSY);
	assert_int_equal(nw_smc(off), OPTEE_SMC_RETURN_EBUSY);
	assert_int_equal(resume(thread), OPTEE_SMC_RETURN_OK);
	on[0] = OPTEE_SMC_ENABLE_SHM_CACHE;
	assert_int_equal(nw_smc(on), OPTEE_SMC_RETURN_OK);
	host.world.guest.threads.threads[2].rpc_page.address = NW_RPC_PAGE;
	host.world.guest.threads.threads[2].rpc_page.cookie = NW_COOKIE;
	off[0] = OPTEE_SMC_DISABLE_SHM_CACHE;
	assert_int_equal(nw_smc(off), OPTEE_SMC_RETURN_OK);
	assert_int_equal(off[1], NW_COOKIE >> 32);
	assert_int_equal(off[2], (uint32_t)NW_COOKIE);
	off[0] = OPTEE_SMC_DISABLE_SHM_CACHE;
	assert_int_equal(nw_smc(off), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

/* GET_TIME by RPC, as an application of the trusted OS would. */
static uint32_t rpc_result;
static struct optee_msg_param rpc_param;

static void run_get_time(struct thread *thread)
{
	struct message message = { .guest = thread->guest, .thread = thread };

	rpc_param = (struct optee_msg_param){ .attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT };
	rpc_result = rpc_command(&message, OPTEE_RPC_CMD_GET_TIME, &rpc_param, 1);
	rpc_finish(thread->guest, thread);
	thread->out[0] = OPTEE_SMC_RETURN_OK;
}

static void start_get_time(struct smc_regs *regs)
{
	memset(regs, 0, sizeof(*regs));
	thread_start(&host.world.guest, regs, NULL, run_get_time);
	assert_int_equal(regs->x[0], OPTEE_SMC_RPC_ALLOC);
	assert_int_equal(regs->x[1], OPTEE_MSG_ARG_SIZE(4));
}

static void answer(struct smc_regs *regs, uint64_t address, uint64_t cookie)
{
	regs->x[0] = OPTEE_SMC_RETURN_FROM_RPC;
	regs->x[1] = address >> 32;
	regs->x[2] = (uint32_t)address;
	regs->x[4] = cookie >> 32;
	regs->x[5] = (uint32_t)cookie;
	host_smc(regs);
}

static void rpc_message_makes_the_round(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_RPC_PAGE);
	struct smc_regs regs;

	(void)state;
	start_get_time(&regs);
	answer(&regs, NW_RPC_PAGE, NW_COOKIE);
	assert_int_equal(regs.x[0], OPTEE_SMC_RPC_CMD);
	assert_int_equal(regs.x[1], NW_COOKIE >> 32);
	assert_int_equal(regs.x[2], (uint32_t)NW_COOKIE);
	assert_int_equal(arg->cmd, 3);
	assert_int_equal(arg->num_params, 1);
	assert_int_equal(arg->params[0].attr, 2);
	arg->params[0].u.value.a = 1234567;
	arg->ret = TEE_SUCCESS;
	answer(&regs, 0, 0);
	/* The cache is off: the page goes back. */
	assert_int_equal(regs.x[0], OPTEE_SMC_RPC_FREE);
	assert_int_equal(regs.x[2], (uint32_t)NW_COOKIE);
	answer(&regs, 0, 0);
	assert_int_equal(regs.x[0], OPTEE_SMC_RETURN_OK);
	assert_int_equal(rpc_result, TEE_SUCCESS);
	assert_int_equal(rpc_param.u.value.a, 1234567);
}

static void answer_survives_an_interrupt(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_RPC_PAGE);
	struct smc_regs regs;

	(void)state;
	start_get_time(&regs);
	/* It comes before the thread has looked at what it was given. */
	host.interrupt_after = 1;
	answer(&regs, NW_RPC_PAGE, NW_COOKIE);
	assert_int_equal(regs.x[0], OPTEE_SMC_RPC_FOREIGN_INTR);
	answer(&regs, 0x1234, 0x5678);
	assert_int_equal(regs.x[0], OPTEE_SMC_RPC_CMD);
	assert_int_equal(regs.x[2], (uint32_t)NW_COOKIE);
	arg->ret = TEE_SUCCESS;
	answer(&regs, 0, 0);
	answer(&regs, 0, 0);
	assert_int_equal(regs.x[0], OPTEE_SMC_RETURN_OK);
	assert_int_equal(rpc_result, TEE_SUCCESS);
}

static void rpc_memory_is_checked(void **state)
{
	static const uint64_t bad[] = {
		NW_RPC_PAGE + 4, NW_RPC_PAGE + 8, 0x0e000000, 0x09000000, 0,
		HOST_MEMORY_BASE + HOST_MEMORY_SIZE, UINT64_MAX,
	};
	struct smc_regs regs;
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		start_get_time(&regs);
		answer(&regs, bad[n], NW_COOKIE);
		assert_int_equal(regs.x[0], OPTEE_SMC_RPC_FREE);
		assert_int_equal(regs.x[1], NW_COOKIE >> 32);
		assert_int_equal(regs.x[2], (uint32_t)NW_COOKIE);
		answer(&regs, 0, 0);
		assert_int_equal(regs.x[0], OPTEE_SMC_RETURN_OK);
		assert_int_equal(rpc_result, TEE_ERROR_OUT_OF_MEMORY);
	}
	/* Nothing given, nothing to free. */
	start_get_time(&regs);
	answer(&regs, 0, 0);
	assert_int_equal(regs.x[0], OPTEE_SMC_RETURN_OK);
}

static void rpc_reply_is_checked(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_RPC_PAGE);
	struct smc_regs regs;

	(void)state;
	start_get_time(&regs);
	answer(&regs, NW_RPC_PAGE, NW_COOKIE);
	arg->ret = TEE_SUCCESS;
	arg->num_params = UINT32_MAX;
	answer(&regs, 0, 0);
	answer(&regs, 0, 0);
	assert_int_equal(regs.x[0], OPTEE_SMC_RETURN_OK);
	assert_int_equal(rpc_result, TEE_ERROR_COMMUNICATION);
}

static void overflown_stack_stops_the_machine(void **state)
{
	struct thread *thread = &host.world.guest.threads.threads[0];
	uint64_t canary = *(uint64_t *)arch_stack_bottom(thread->stack_top);

	(void)state;
	*(uint64_t *)arch_stack_bottom(thread->stack_top) = 0;
	host_end_expected = true;
	if (!setjmp(host_end)) {
		nw_message(OPTEE_MSG_CMD_CLOSE_SESSION, 1, 0, 0);
		nw_call();
		host_end_expected = false;
		fail();
	}
	host_end_expected = false;
	assert_non_null(strstr(host.console, "stack overflow"));
	*(uint64_t *)arch_stack_bottom(thread->stack_top) = canary;
	nw_teardown(NULL);
	nw_setup(NULL);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, nw_setup, nw_teardown)
	const struct CMUnitTest tests[] = {
		CASE(preempted_call_goes_on),
		CASE(wrong_threads_are_not_resumed),
		CASE(threads_run_out),
		CASE(cancel_concerns_what_runs),
		CASE(session_closes_under_a_command),
		CASE(unregister_waits_for_the_last_user),
		CASE(cache_keeps_pages_for_rpc),
		CASE(rpc_message_makes_the_round),
		CASE(answer_survives_an_interrupt),
		CASE(rpc_memory_is_checked),
		CASE(rpc_reply_is_checked),
		CASE(overflown_stack_stops_the_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
