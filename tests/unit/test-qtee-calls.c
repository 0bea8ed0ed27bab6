// SPDX-License-Identifier: BSD-2-Clause
/* Calls of QTEE's objects and of the kernel's, suspended, nested, interrupted and abandoned. */
#include "nq.h"
#include "alarm.h"
#include "event.h"

static void serve_reverse(struct qtee_callback *request)
{
	uint32_t n;

	assert_int_equal(request->op, 9);
	assert_int_equal(request->counts, QTEE_COUNTS(1, 1, 1, 1));
	for (n = 0; n < request->args[0].b.size; n++)
		nq_payload(request, 1)[n] = nq_payload(request, 0)[request->args[0].b.size - 1 - n];
	request->args[1].b.size = request->args[0].b.size;
	request->args[3].o.id = nq_object();
}

static void caller_takes_all_arguments_along(void **state)
{
	static const uint32_t sizes[] = { 4, 3, 10 };
	uint32_t caller = nq_open(QTEE_UID_CALLER), op = 9, given, kept;
	struct qtee_invoke *message;

	(void)state;
	nq_serve = serve_reverse;
	message = nq_message(0, caller, QTEE_CALLER_FORWARD, QTEE_COUNTS(2, 1, 2, 1));
	nq_place(message, sizes);
	memcpy(nq_data(message, 0), &op, sizeof(op));
	memcpy(nq_data(message, 1), "abc", 3);
	message->args[3].o.id = nq_object();
	message->args[4].o.id = nq_object();
	kept = message->args[4].o.id;
	nq_released = 0;
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(message->args[2].b.size, 3);
	assert_memory_equal(nq_data(message, 2), "cba", 3);
	given = message->args[5].o.id;
	assert_true(given > kept);
	/* Callee, argument and what the callee gave. */
	assert_int_equal(nq_released, 3);
	assert_int_equal(nq_release(caller), QTEE_OK);
}

/* What an answer must not do; each is an error of that call alone. */
static unsigned int bad_answer;

static void serve_badly(struct qtee_callback *request)
{
	switch (bad_answer) {
	case 0:
		request->counts = 0x10010;
		break;
	case 1:
		request->args[0].b.size++;
		break;
	case 2:
		request->args[0].b.offset += 8;
		break;
	case 3:
		request->args[0].b.size = 0xffffffff;
		break;
	case 4:
		request->args[1].o.id = QTEE_OBJECT_PRIMORDIAL;
		break;
	case 5:
		request->args[1].o.id = request->cxt;
		break;
	case 6:
		request->args[1].o.id = 0x1234;
		break;
	case 7:
		request->result = (uint32_t)QTEE_DEFUNCT;
		request->args[0].b.size = 0xffffffff;
		break;
	}
}

static void bad_answers_are_an_error(void **state)
{
	static const int32_t results[] = {
		QTEE_ERROR, QTEE_ERROR, QTEE_ERROR, QTEE_ERROR, QTEE_BADOBJ, QTEE_BADOBJ,
		QTEE_BADOBJ, QTEE_DEFUNCT,
	};
	static const uint32_t sizes[] = { 4, 8 };
	uint32_t caller = nq_open(QTEE_UID_CALLER);
	struct qtee_invoke *message;

	(void)state;
	nq_serve = serve_badly;
	for (bad_answer = 0; bad_answer < ARRAY_SIZE(results); bad_answer++) {
		message = nq_message(0, caller, QTEE_CALLER_FORWARD, QTEE_COUNTS(1, 1, 1, 1));
		nq_place(message, sizes);
		message->args[2].o.id = nq_object();
		nq_released = 0;
		assert_int_equal(nq_run(0), results[bad_answer]);
		assert_int_equal(nq_released, 1);
	}
	assert_int_equal(nq_release(caller), QTEE_OK);
}

static void calls_nest_until_there_is_no_place(void **state)
{
	uint32_t caller = nq_open(QTEE_UID_CALLER);
	struct nq_return ret;
	unsigned int depth;

	(void)state;
	for (depth = 0; depth < 4; depth++) {
		nq_forward(depth, caller, depth, nq_object());
		ret = nq_invoke(depth);
		assert_int_equal(ret.response, QTEE_RESPONSE_CALLBACK);
		assert_int_equal(nq_outbound(depth)->op, depth);
	}
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_CONVERSATIONS), 4);
	nq_forward(4, caller, 4, nq_object());
	assert_int_equal(nq_invoke(4).status, QTEE_SMC_BUSY);
	/* The page of one that is under way is not to be had for another. */
	assert_int_equal(nq_invoke(2).status, QTEE_SMC_EINVAL_ARGUMENT);
	assert_int_equal(nq_answer(5).status, QTEE_SMC_EINVAL_ADDRESS);
	/* In no order of theirs. */
	for (depth = 0; depth < 4; depth++) {
		unsigned int other = depth ^ 2;

		nq_outbound(other)->result = 20 + other;
		ret = nq_answer(other);
		assert_int_equal(ret.response, QTEE_RESPONSE_FINAL);
		assert_int_equal(ret.result, 20 + other);
		assert_int_equal(nq_answer(other).status, QTEE_SMC_EINVAL_ADDRESS);
	}
	assert_int_equal(nq_release(caller), QTEE_OK);
}

static void interrupted_call_goes_on_with_its_session(void **state)
{
	uint32_t sleeper = nq_open(QTEE_UID_SLEEPER), ms = 50;
	static const uint32_t size = sizeof(ms);
	struct qtee_invoke *message = nq_message(0, sleeper, QTEE_SLEEPER_SPIN,
						 QTEE_COUNTS(1, 0, 0, 0));
	uint64_t a[7] = { QTEE_SMC_INVOKE, QTEE_INVOKE_ARGINFO, NQ_IN, NQ_IN_SIZE, NQ_OUT,
			  QTEE_OUTBOUND_SIZE }, bad[7];

	(void)state;
	nq_place(message, &size);
	memcpy(nq_data(message, 0), &ms, sizeof(ms));
	host.interrupt_after = 30;
	assert_int_equal(nq_smc(a), QTEE_SMC_INTERRUPTED);
	assert_int_not_equal(a[6], 0);
	memcpy(bad, a, sizeof(bad));
	bad[0] = 1;
	bad[1] = QTEE_INVOKE_ARGINFO;
	bad[2] = NQ_IN;
	bad[3] = NQ_IN_SIZE;
	bad[6] += 1;
	assert_int_equal(nq_smc(bad), QTEE_SMC_EINVAL_ARGUMENT);
	memcpy(bad, a, sizeof(bad));
	bad[0] = 1;
	bad[1] = QTEE_INVOKE_ARGINFO;
	bad[2] = NQ_IN + 4096;
	bad[3] = NQ_IN_SIZE;
	assert_int_equal(nq_smc(bad), QTEE_SMC_EINVAL_ARGUMENT);
	a[0] = 1;
	a[1] = QTEE_INVOKE_ARGINFO;
	a[2] = NQ_IN;
	a[3] = NQ_IN_SIZE;
	assert_int_equal(nq_smc(a), QTEE_SMC_OK);
	assert_int_equal(a[1], QTEE_RESPONSE_FINAL);
	assert_int_equal(a[2], QTEE_OK);
	a[0] = 1;
	assert_int_equal(nq_smc(a), QTEE_SMC_EINVAL_ARGUMENT);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_INTERRUPTED), 1);
	assert_int_equal(nq_release(sleeper), QTEE_OK);
}

static void call_that_sleeps_is_woken_and_resumed(void **state)
{
	uint64_t wake[7] = { QTEE_SIP(QTEE_SIP_FUNC_WAITQ_RESUME), 1 };
	uint64_t get[7] = { QTEE_SIP_FAST(QTEE_SIP_FUNC_WAITQ_GET_CTX) };
	uint64_t info[7] = { QTEE_SIP_FAST(QTEE_SIP_FUNC_WAITQ_GET_INFO) };
	uint64_t a[7] = { QTEE_SMC_INVOKE, QTEE_INVOKE_ARGINFO, NQ_IN, NQ_IN_SIZE, NQ_OUT,
			  QTEE_OUTBOUND_SIZE };
	uint32_t echo = nq_open(QTEE_UID_ECHO);

	(void)state;
	assert_int_equal(nq_smc(info), 0);
	assert_int_equal(info[1] & 0xff, 1);
	assert_in_range(info[2] & 0xffff, 32, 1019);
	nw_fault(SIM_FAULT_QTEE_WAITQ, 1, 100);
	nq_message(0, echo, QTEE_ECHO_NOP, 0);
	assert_int_equal(nq_smc(a), QTEE_SMC_WAITQ_SLEEP);
	assert_int_equal(a[1], 0);
	assert_int_equal(host.raised_shared, 0);
	/* Nobody is to be woken yet, and nobody else sleeps. */
	assert_int_equal(nq_smc(get), 0);
	assert_int_equal(get[2], 0);
	wake[2] = a[2] + 1;
	assert_int_equal(nq_smc(wake), QTEE_SMC_EINVAL_ARGUMENT);
	host.ticks = host.alarm + 1;
	alarm_interrupt();
	assert_int_equal(host.raised_shared, info[2]);
	get[0] = QTEE_SIP_FAST(QTEE_SIP_FUNC_WAITQ_GET_CTX);
	assert_int_equal(nq_smc(get), 0);
	assert_int_equal(get[1], 0);
	assert_int_equal(get[2], QTEE_WAITQ_WAKE_ONE);
	assert_int_equal(get[3], 0);
	wake[0] = QTEE_SIP(QTEE_SIP_FUNC_WAITQ_RESUME);
	wake[1] = 1;
	wake[2] = a[2];
	assert_int_equal(nq_smc(wake), QTEE_SMC_OK);
	assert_int_equal(wake[1], QTEE_RESPONSE_FINAL);
	assert_int_equal(wake[2], QTEE_OK);
	assert_int_equal(nq_release(echo), QTEE_OK);
}

static void object_calls_at_its_release(void **state)
{
	uint32_t caller = nq_open(QTEE_UID_CALLER), op = 3, object = nq_object();
	static const uint32_t size = sizeof(op);
	struct qtee_invoke *message;
	struct nq_return ret;

	(void)state;
	message = nq_message(0, caller, QTEE_CALLER_AT_RELEASE, QTEE_COUNTS(1, 0, 1, 0));
	nq_place(message, &size);
	memcpy(nq_data(message, 0), &op, sizeof(op));
	message->args[1].o.id = object;
	assert_int_equal(nq_run(0), QTEE_OK);
	nq_message(0, caller, QTEE_OP_RELEASE, 0);
	ret = nq_invoke(0);
	assert_int_equal(ret.response, QTEE_RESPONSE_CALLBACK);
	assert_int_equal(nq_outbound(0)->cxt, object);
	assert_int_equal(nq_outbound(0)->op, 3);
	/* It is gone already. */
	nq_message(1, caller, QTEE_CALLER_UNDER_WAY, 0);
	assert_int_equal(nq_invoke(1).result, QTEE_BADOBJ);
	nq_outbound(0)->result = (uint32_t)QTEE_DEFUNCT;
	ret = nq_answer(0);
	assert_int_equal(ret.result, QTEE_OK);
	assert_int_equal(((uint32_t *)nq_outbound(0))[3], object);
}

static void final_return_leaves_nothing_of_a_callback(void **state)
{
	uint32_t caller = nq_open(QTEE_UID_CALLER);
	static const uint32_t size = sizeof(uint32_t);
	static const uint8_t zeros[QTEE_OUTBOUND_SIZE];
	struct qtee_invoke *message;
	struct nq_return ret;

	(void)state;
	message = nq_message(0, caller, QTEE_CALLER_KEEP, QTEE_COUNTS(0, 0, 1, 0));
	message->args[0].o.id = nq_object();
	assert_int_equal(nq_run(0), QTEE_OK);
	nq_place(nq_message(0, caller, QTEE_CALLER_CALL_KEPT, QTEE_COUNTS(1, 0, 0, 0)), &size);
	assert_int_equal(nq_invoke(0).response, QTEE_RESPONSE_CALLBACK);
	/* Nothing is let go: in its place a result would be taken for a version. */
	nq_outbound(0)->result = QTEE_ASYNC_VERSION_1_0;
	ret = nq_answer(0);
	assert_int_equal(ret.response, QTEE_RESPONSE_FINAL);
	assert_int_equal(ret.result, QTEE_ASYNC_VERSION_1_0);
	assert_memory_equal(nq_outbound(0), zeros, sizeof(zeros));
	assert_int_equal(nq_release(caller), QTEE_OK);
}

static void abandoned_call_comes_to_its_end(void **state)
{
	uint32_t caller = nq_open(QTEE_UID_CALLER), echo = nq_open(QTEE_UID_ECHO);
	struct nq_return ret;

	(void)state;
	nq_released = 0;
	nq_forward(0, caller, 1, nq_object());
	assert_int_equal(nq_invoke(0).response, QTEE_RESPONSE_CALLBACK);
	nw_fault(SIM_FAULT_QTEE_CB_STATUS, 1, (uint64_t)-5);
	ret = nq_answer(0);
	assert_int_equal(ret.status, -5);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_CONVERSATIONS), 0);
	/* Its callee is still QTEE's; another call takes the release along. */
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_REMOTES), 1);
	nq_message(0, echo, QTEE_ECHO_NOP, 0);
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(nq_released, 1);
	assert_int_equal(nq_release(caller), QTEE_OK);
	assert_int_equal(nq_release(echo), QTEE_OK);
}

static void call_that_insists_is_ended_from_outside(void **state)
{
	uint32_t caller = nq_open(QTEE_UID_CALLER), object = nq_object();
	static const uint32_t size = sizeof(uint32_t);
	static const uint32_t answers[] = { QTEE_OK, (uint32_t)QTEE_DEFUNCT, 4711 };
	struct qtee_invoke *message;
	struct nq_return ret;
	unsigned int n;

	(void)state;
	nq_released = 0;
	message = nq_message(0, caller, QTEE_CALLER_INSIST, QTEE_COUNTS(1, 0, 1, 0));
	nq_place(message, &size);
	message->args[1].o.id = object;
	ret = nq_invoke(0);
	for (n = 0; n < ARRAY_SIZE(answers); n++) {
		assert_int_equal(ret.response, QTEE_RESPONSE_CALLBACK);
		assert_int_equal(nq_outbound(0)->cxt, object);
		nq_outbound(0)->result = answers[n];
		ret = nq_answer(0);
	}
	assert_int_equal(ret.response, QTEE_RESPONSE_CALLBACK);
	nw_fault(SIM_FAULT_QTEE_CB_STATUS, 1, (uint64_t)-5);
	assert_int_equal(nq_answer(0).status, -5);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_CONVERSATIONS), 0);
	nq_message(0, caller, QTEE_CALLER_UNDER_WAY, 0);
	assert_int_equal(nq_run(0), QTEE_INVALID);
	assert_int_equal(nq_released, 1);
	assert_int_equal(nq_release(caller), QTEE_OK);
}

static void faults_strike_the_next_message(void **state)
{
	uint32_t counter = nq_open(QTEE_UID_COUNTER), caller = nq_open(QTEE_UID_CALLER);
	static const uint32_t size = 4;
	uint32_t *out = (uint32_t *)nq_outbound(0);
	struct qtee_invoke *message;
	struct nq_return ret;

	(void)state;
	nw_fault(SIM_FAULT_QTEE_BUSY, 2, 0);
	nq_message(0, counter, QTEE_COUNTER_SELF, QTEE_COUNTS(0, 0, 0, 1));
	assert_int_equal(nq_invoke(0).status, QTEE_SMC_BUSY);
	assert_int_equal(nq_invoke(0).status, QTEE_SMC_BUSY);
	nw_fault(SIM_FAULT_QTEE_STATUS, 1, (uint64_t)-4);
	assert_int_equal(nq_invoke(0).status, -4);
	nw_fault(SIM_FAULT_QTEE_INTERRUPTED, 3, 0);
	ret = nq_invoke(0);
	assert_int_equal(ret.status, QTEE_SMC_INTERRUPTED);
	while (ret.status == QTEE_SMC_INTERRUPTED) {
		uint64_t a[7] = { 1, QTEE_INVOKE_ARGINFO, NQ_IN, NQ_IN_SIZE, NQ_OUT,
				  QTEE_OUTBOUND_SIZE, ret.session };

		ret.status = nq_smc(a);
		ret.session = a[6];
	}
	assert_int_equal(ret.status, QTEE_SMC_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_INTERRUPTED), 3);
	assert_int_equal(nq_release(counter), QTEE_OK);

	nw_fault(SIM_FAULT_QTEE_OB_SIZE, 1, 77);
	message = nq_message(0, counter, QTEE_COUNTER_GET, QTEE_COUNTS(0, 1, 0, 0));
	nq_place(message, &size);
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(message->args[0].b.size, 77);
	nw_fault(SIM_FAULT_QTEE_OO, 1, 0xabcd);
	message = nq_message(0, counter, QTEE_COUNTER_SELF, QTEE_COUNTS(0, 0, 0, 1));
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(message->args[0].o.id, 0xabcd);
	nw_fault(SIM_FAULT_QTEE_RESULT, 1, (uint64_t)(int64_t)QTEE_UNAVAIL);
	nq_message(0, counter, QTEE_COUNTER_NEW, QTEE_COUNTS(0, 0, 0, 1));
	assert_int_equal(nq_run(0), QTEE_UNAVAIL);
	nw_fault(SIM_FAULT_QTEE_RESPONSE, 1, 0xffffffff);
	nq_message(0, counter, QTEE_COUNTER_SELF, 0);
	assert_int_equal(nq_invoke(0).response, 0xffffffff);

	nw_fault(SIM_FAULT_QTEE_CB_CXT, 1, 0x80777777);
	nq_forward(0, caller, 1, nq_object());
	assert_int_equal(nq_invoke(0).response, QTEE_RESPONSE_CALLBACK);
	assert_int_equal(nq_outbound(0)->cxt, 0x80777777);
	nq_outbound(0)->result = (uint32_t)QTEE_UNAVAIL;
	nw_fault(SIM_FAULT_QTEE_ASYNC_TWICE, 1, 0);
	assert_int_equal(nq_answer(0).result, QTEE_UNAVAIL);
	assert_int_equal(out[3], out[7]);
	assert_int_equal(out[4], QTEE_ASYNC_VERSION_1_2);
	nw_fault(SIM_FAULT_QTEE_ASYNC_STRAY, 1, 0x80123456);
	nq_message(0, counter, QTEE_COUNTER_SELF, 0);
	assert_int_equal(nq_invoke(0).status, QTEE_SMC_OK);
	assert_int_equal(out[3], 0x80123456);
	assert_int_equal(nq_release(counter), QTEE_OK);
	assert_int_equal(nq_release(caller), QTEE_OK);
}

static void call_leaves_its_events_in_order(void **state)
{
	static const unsigned int kinds[] = {
		SIM_EVENT_QTEE_CALL, SIM_EVENT_QTEE_INVOKE, SIM_EVENT_QTEE_CALLBACK,
		SIM_EVENT_QTEE_LEAVE, SIM_EVENT_QTEE_RESUME, SIM_EVENT_QTEE_ANSWER,
		SIM_EVENT_QTEE_RESULT, SIM_EVENT_QTEE_LEAVE,
	};
	uint32_t caller = nq_open(QTEE_UID_CALLER), object = nq_object();
	struct sim_event events[ARRAY_SIZE(kinds) + 1];
	uint64_t position = UINT64_MAX, lost;
	unsigned int n;

	(void)state;
	/* Nothing of what was before. */
	events_read(&position, events, 0, &lost);
	events_switch(true);
	nq_forward(0, caller, 7, object);
	assert_int_equal(nq_invoke(0).response, QTEE_RESPONSE_CALLBACK);
	nq_outbound(0)->result = 4711;
	assert_int_equal(nq_answer(0).result, 4711);
	events_switch(false);
	assert_int_equal(events_read(&position, events, ARRAY_SIZE(events), &lost),
			 ARRAY_SIZE(kinds));
	for (n = 0; n < ARRAY_SIZE(kinds); n++) {
		assert_int_equal(events[n].kind, kinds[n]);
		assert_int_equal(events[n].thread, events[0].thread);
	}
	assert_int_equal(events[1].a, caller);
	assert_int_equal(events[1].b, QTEE_CALLER_FORWARD);
	assert_int_equal(events[1].c, QTEE_COUNTS(1, 0, 1, 0));
	assert_int_equal(events[2].a, object);
	assert_int_equal(events[2].b, 7);
	assert_int_equal(events[3].b, 0);
	assert_int_equal(events[5].a, 4711);
	assert_int_equal(events[6].a, 4711);
	assert_int_equal(events[7].b, 1);
	assert_int_equal(nq_release(caller), QTEE_OK);
}

static void page_of_a_call_that_is_kept_is_in_use(void **state)
{
	uint32_t caller = nq_open(QTEE_UID_CALLER), object = nq_object();

	(void)state;
	nw_fault(SIM_FAULT_QTEE_CB_KEPT, 1, (uint64_t)QTEE_SMC_EINVAL_ADDRESS);
	nq_forward(0, caller, 0, object);
	assert_int_equal(nq_invoke(0).response, QTEE_RESPONSE_CALLBACK);
	assert_int_equal(nq_answer(0).status, QTEE_SMC_EINVAL_ADDRESS);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_CONVERSATIONS), 0);
	nq_message(0, caller, QTEE_OP_RELEASE, 0);
	assert_int_equal(nq_invoke(0).status, QTEE_SMC_EINVAL_ARGUMENT);
	nq_message(1, caller, QTEE_OP_RELEASE, 0);
	assert_int_equal(nq_run(1), QTEE_OK);
}

#define CASE(name)	cmocka_unit_test_setup_teardown(name, nq_setup, nq_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(caller_takes_all_arguments_along),
		CASE(bad_answers_are_an_error),
		CASE(calls_nest_until_there_is_no_place),
		CASE(interrupted_call_goes_on_with_its_session),
		CASE(call_that_sleeps_is_woken_and_resumed),
		CASE(object_calls_at_its_release),
		CASE(final_return_leaves_nothing_of_a_callback),
		CASE(abandoned_call_comes_to_its_end),
		CASE(call_that_insists_is_ended_from_outside),
		CASE(faults_strike_the_next_message),
		CASE(call_leaves_its_events_in_order),
		CASE(page_of_a_call_that_is_kept_is_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
