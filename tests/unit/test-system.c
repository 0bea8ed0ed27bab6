// SPDX-License-Identifier: BSD-2-Clause
/* Secure threads that are kept back for system calls, and who gets them. */
#include "nw.h"
#include "optee_system.h"

#define PAGE	4096
#define COOKIE	0x1234567890abcdefULL
#define OTHER	0x0000000100000002ULL

static uint64_t fast(uint32_t id, uint64_t cookie)
{
	uint64_t a[8] = { id, cookie >> 32, (uint32_t)cookie };

	return nw_smc(a);
}

static void set_mode(unsigned int mode)
{
	uint64_t a[8] = { SIM_SMC_CONTROL, SIM_OP_SYSTEM, mode };

	assert_int_equal(nw_smc(a), SMCCC_SUCCESS);
}

/* Begin a call of slow that is preempted at once. Return: a0; its thread in @thread */
static uint64_t begin_call(uint32_t id, uint64_t cookie, uint32_t session, unsigned int n,
			   uint32_t *thread)
{
	uint64_t message = NW_DATA + n * PAGE, ret;
	struct optee_msg_arg *arg = host_at(message);
	uint64_t a[8] = { id, message >> 32, (uint32_t)message, 0, cookie >> 32,
			  (uint32_t)cookie };

	memset(arg, 0, PAGE);
	arg->cmd = OPTEE_MSG_CMD_INVOKE_COMMAND;
	arg->session = session;
	arg->func = SLOW_CMD_SPIN;
	arg->num_params = 2;
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
	arg->params[0].u.value.a = 100;
	arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	host.interrupt_after = 40;
	ret = nw_smc(a);
	host.interrupt_after = 0;
	if (thread)
		*thread = (uint32_t)a[3];
	return ret;
}

static uint64_t ordinary(uint32_t session, unsigned int n, uint32_t *thread)
{
	return begin_call(OPTEE_SMC_CALL_WITH_ARG, 0, session, n, thread);
}

static uint64_t system_one(uint64_t cookie, uint32_t session, unsigned int n, uint32_t *thread)
{
	return begin_call(OPTEE_SYSTEM_CALL_WITH_ARG, cookie, session, n, thread);
}

static void end(uint32_t thread)
{
	uint64_t a[8] = { OPTEE_SMC_RETURN_FROM_RPC, 0, 0, thread };

	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
}

static void extension_says_who_it_is(void **state)
{
	uint64_t a[8] = { OPTEE_SYSTEM_UID };

	(void)state;
	nw_smc(a);
	assert_int_equal(a[0], 0xb1a5b1d2);
	assert_int_equal(a[1], 0x0c4e4f0a);
	assert_int_equal(a[2], 0x9e3c6f6d);
	assert_int_equal(a[3], 0x6e697465);
}

static void ordinary_calls_leave_reserved_threads_alone(void **state)
{
	uint32_t session = nw_open(3), thread[4];

	(void)state;
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_THREADS_RESERVED), 1);
	for (unsigned int n = 0; n < 3; n++)
		assert_int_equal(ordinary(session, n, &thread[n]), OPTEE_SMC_RPC_FOREIGN_INTR);
	assert_int_equal(ordinary(session, 3, NULL), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	/* Nor does a system call of somebody else get it. */
	assert_int_equal(system_one(OTHER, session, 3, NULL), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	assert_int_equal(system_one(COOKIE, session, 3, &thread[3]), OPTEE_SMC_RPC_FOREIGN_INTR);
	for (unsigned int n = 0; n < 4; n++)
		end(thread[n]);
	assert_int_equal(ordinary(session, 0, &thread[0]), OPTEE_SMC_RPC_FOREIGN_INTR);
	end(thread[0]);
	assert_int_equal(fast(OPTEE_SYSTEM_RELEASE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_THREADS_RESERVED), 0);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void one_thread_stays_for_ordinary_calls(void **state)
{
	(void)state;
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, OTHER), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, OTHER), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	assert_int_equal(fast(OPTEE_SYSTEM_RELEASE_ALL, 0), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_THREADS_RESERVED), 0);
	assert_int_equal(fast(OPTEE_SYSTEM_RELEASE, COOKIE), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, 0), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(fast(OPTEE_SYSTEM_RELEASE, 0), OPTEE_SMC_RETURN_ENOTAVAIL);
}

static void call_too_many_is_an_ordinary_one(void **state)
{
	uint32_t session = nw_open(3), thread[4];

	(void)state;
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(system_one(COOKIE, session, 0, &thread[0]), OPTEE_SMC_RPC_FOREIGN_INTR);
	for (unsigned int n = 1; n < 4; n++)
		assert_int_equal(system_one(COOKIE, session, n, &thread[n]),
				 OPTEE_SMC_RPC_FOREIGN_INTR);
	/* The first one has what is kept back; it goes on being kept back. */
	end(thread[0]);
	assert_int_equal(ordinary(session, 0, NULL), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	for (unsigned int n = 1; n < 4; n++)
		end(thread[n]);
	assert_int_equal(fast(OPTEE_SYSTEM_RELEASE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void released_while_used_is_not_kept_back(void **state)
{
	uint32_t session = nw_open(3), thread[4];

	(void)state;
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(system_one(COOKIE, session, 0, &thread[0]), OPTEE_SMC_RPC_FOREIGN_INTR);
	assert_int_equal(fast(OPTEE_SYSTEM_RELEASE_ALL, 0), OPTEE_SMC_RETURN_OK);
	end(thread[0]);
	for (unsigned int n = 0; n < 4; n++)
		assert_int_equal(ordinary(session, n, &thread[n]), OPTEE_SMC_RPC_FOREIGN_INTR);
	/* Nothing is there for it yet. */
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(system_one(COOKIE, session, 4, NULL), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	end(thread[0]);
	assert_int_equal(ordinary(session, 0, NULL), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	assert_int_equal(system_one(COOKIE, session, 0, &thread[0]), OPTEE_SMC_RPC_FOREIGN_INTR);
	for (unsigned int n = 0; n < 4; n++)
		end(thread[n]);
	assert_int_equal(fast(OPTEE_SYSTEM_RELEASE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

/* The same numbers, as each of the two sides that use them understands them. */
static void numbers_of_v2_have_two_readings(void **state)
{
	uint64_t caps[8] = { OPTEE_SMC_EXCHANGE_CAPABILITIES }, calls;

	(void)state;
	/* Today's: unknown yielding calls, which cost a thread; bit 7 would be RPMB_PROBE. */
	calls = nw_counter(SIM_COUNTER_YIELDING_CALLS);
	assert_int_equal(fast(OPTEE_SYSTEM_V2_RESERVE, 0), OPTEE_SMC_RETURN_EBADCMD);
	assert_int_equal(fast(OPTEE_SYSTEM_V2_RELEASE, 0), OPTEE_SMC_RETURN_EBADCMD);
	assert_int_equal(fast(OPTEE_SYSTEM_V2_CALL_WITH_REGD_ARG, 0), OPTEE_SMC_RETURN_EBADCMD);
	assert_int_equal(nw_counter(SIM_COUNTER_YIELDING_CALLS), calls + 3);
	assert_int_equal(fast(OPTEE_SMC_GET_PROTMEM_CONFIG, 0), OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
	nw_smc(caps);
	assert_false(caps[1] & OPTEE_SMC_SEC_CAP_RPMB_PROBE);

	set_mode(SIM_SYSTEM_V2);
	calls = nw_counter(SIM_COUNTER_YIELDING_CALLS);
	assert_int_equal(fast(OPTEE_SYSTEM_V2_RESERVE, 0), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast(OPTEE_SYSTEM_V2_RESERVE, 0), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast(OPTEE_SYSTEM_V2_RESERVE, 0), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast(OPTEE_SYSTEM_V2_RESERVE, 0), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	assert_int_equal(nw_counter(SIM_COUNTER_THREADS_RESERVED), 3);
	assert_int_equal(fast(OPTEE_SYSTEM_V2_RELEASE, 0), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_YIELDING_CALLS), calls);
	caps[0] = OPTEE_SMC_EXCHANGE_CAPABILITIES;
	caps[1] = 0;
	nw_smc(caps);
	/* What a driver of today takes for RPMB_PROBE. */
	assert_true(caps[1] & OPTEE_SMC_SEC_CAP_RPMB_PROBE);
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
	set_mode(SIM_SYSTEM_PRIVATE);
	assert_int_equal(nw_counter(SIM_COUNTER_THREADS_RESERVED), 0);
}

static uint64_t fast_of(uint64_t guest, uint32_t id, uint64_t cookie)
{
	uint64_t a[8] = { id, cookie >> 32, (uint32_t)cookie, [7] = guest };

	return nw_smc(a);
}

static uint64_t vm(uint32_t id, uint64_t guest)
{
	uint64_t a[8] = { id, guest };

	return nw_smc(a);
}

static int two_guests(void **state)
{
	(void)state;
	return host_start("guests=2 threads=3") ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	host_stop();
	return 0;
}

static void reservations_end_with_their_guest(void **state)
{
	(void)state;
	assert_int_equal(vm(OPTEE_SMC_VM_CREATED, 1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(vm(OPTEE_SMC_VM_CREATED, 2), OPTEE_SMC_RETURN_OK);
	/* The same cookie is another reservation in another guest, which has its own threads. */
	assert_int_equal(fast_of(1, OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast_of(1, OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast_of(1, OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	assert_int_equal(fast_of(2, OPTEE_SYSTEM_RELEASE, COOKIE), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(fast_of(2, OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast_of(2, OPTEE_SYSTEM_RELEASE_ALL, 0), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast_of(2, OPTEE_SYSTEM_RELEASE, COOKIE), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(vm(OPTEE_SMC_VM_DESTROYED, 1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast_of(1, OPTEE_SYSTEM_RELEASE, COOKIE), OPTEE_SMC_RETURN_ENOTAVAIL);
	assert_int_equal(vm(OPTEE_SMC_VM_CREATED, 1), OPTEE_SMC_RETURN_OK);
	assert_int_equal(fast_of(1, OPTEE_SYSTEM_RELEASE, COOKIE), OPTEE_SMC_RETURN_ENOTAVAIL);
	/* Who is no guest has no threads. */
	assert_int_equal(fast_of(0, OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
}

static void without_the_extension_nothing_is_known(void **state)
{
	(void)state;
	set_mode(SIM_SYSTEM_OFF);
	assert_int_equal(fast(OPTEE_SYSTEM_UID, 0), OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
	assert_int_equal(fast(OPTEE_SYSTEM_RESERVE, COOKIE), OPTEE_SMC_RETURN_UNKNOWN_FUNCTION);
	assert_int_equal(fast(OPTEE_SYSTEM_CALL_WITH_ARG, COOKIE), OPTEE_SMC_RETURN_EBADCMD);
	set_mode(SIM_SYSTEM_PRIVATE);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, nw_setup, nw_teardown)
	const struct CMUnitTest tests[] = {
		CASE(extension_says_who_it_is),
		CASE(ordinary_calls_leave_reserved_threads_alone),
		CASE(one_thread_stays_for_ordinary_calls),
		CASE(call_too_many_is_an_ordinary_one),
		CASE(released_while_used_is_not_kept_back),
		CASE(numbers_of_v2_have_two_readings),
		CASE(without_the_extension_nothing_is_known),
		cmocka_unit_test_setup_teardown(reservations_end_with_their_guest, two_guests, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
