// SPDX-License-Identifier: BSD-2-Clause
/* QTEE's parser: what is malformed is refused, and its sender still owns what it named. */
#include "nq.h"

#define PAGE	4096

static void malformed(unsigned int depth)
{
	uint64_t refusals = nw_counter(SIM_COUNTER_REFUSALS);
	struct nq_return ret = nq_invoke(depth);

	assert_int_equal(ret.status, QTEE_SMC_EINVAL_ARGUMENT);
	assert_int_equal(nw_counter(SIM_COUNTER_REFUSALS), refusals + 1);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_REMOTES), 0);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_CONVERSATIONS), 0);
}

static void registers_are_checked(void **state)
{
	static const struct {
		unsigned int reg;
		uint64_t value;
		int64_t status;
	} wrong[] = {
		{ 1, 0x225, -3 }, { 1, 0x22, -3 }, { 1, 0, -3 }, { 6, 1, -3 },
		{ 2, 0, -2 }, { 2, NQ_IN + 8, -2 }, { 2, NQ_IN + 2048, -2 }, { 2, 0x0e000000, -2 },
		{ 2, HOST_MEMORY_BASE + HOST_MEMORY_SIZE, -2 },
		{ 2, HOST_MEMORY_BASE + HOST_MEMORY_SIZE - PAGE, -2 }, { 2, ~0ULL << 12, -2 },
		{ 3, 0, -2 }, { 3, 12, -2 }, { 3, NQ_IN_SIZE + 1, -2 }, { 3, 5 << 20, -2 },
		{ 3, ~0ULL << 12, -2 }, { 4, 0, -2 }, { 4, NQ_OUT + 4, -2 }, { 4, NQ_IN, -2 },
		{ 4, NQ_IN + PAGE, -2 }, { 5, 0, -2 }, { 5, 100, -2 }, { 5, ~0ULL << 12, -2 },
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(wrong); n++) {
		uint64_t a[7] = { QTEE_SMC_INVOKE, QTEE_INVOKE_ARGINFO, NQ_IN, NQ_IN_SIZE, NQ_OUT,
				  QTEE_OUTBOUND_SIZE };

		nq_message(0, QTEE_OBJECT_ROOT, QTEE_OP_RELEASE, 0);
		a[wrong[n].reg] = wrong[n].value;
		if (nq_smc(a) != wrong[n].status)
			fail_msg("x%u = %lx: %ld", wrong[n].reg, (long)wrong[n].value, (long)a[0]);
	}
}

static void calls_of_32_bits_have_no_upper_halves(void **state)
{
	uint64_t a[7] = { QTEE_SMC32(QTEE_FUNC_INVOKE), 1ULL << 32 | QTEE_INVOKE_ARGINFO,
			  1ULL << 32 | NQ_IN, 1ULL << 32 | PAGE, 1ULL << 32 | NQ_OUT,
			  1ULL << 32 | PAGE, 1ULL << 32 };

	(void)state;
	nq_message(0, QTEE_OBJECT_ROOT, QTEE_OP_RELEASE, 0);
	assert_int_equal(nq_smc(a), QTEE_SMC_OK);
	assert_int_equal(a[2], QTEE_OK);
	a[0] = QTEE_SMC64(QTEE_FUNC_INVOKE_LEGACY);
	assert_int_equal(nq_smc(a), QTEE_SMC_EOPNOTSUPP);
}

static void counts_beyond_four_nibbles_are_refused(void **state)
{
	unsigned int bit;

	(void)state;
	for (bit = 16; bit < 32; bit++) {
		nq_message(0, QTEE_OBJECT_ROOT, QTEE_OP_RELEASE, 1U << bit);
		malformed(0);
	}
}

static void payloads_must_lie_where_they_may(void **state)
{
	/* Of an IB and an OB of 8 octets at 32 and 40, one field each. */
	static const struct {
		unsigned int arg;
		bool size;
		uint32_t value;
	} wrong[] = {
		{ 0, false, 0 }, { 0, false, 12 }, { 0, false, 24 }, { 0, false, 33 },
		{ 0, false, 36 }, { 0, false, 40 }, { 0, false, NQ_IN_SIZE },
		{ 0, false, 0xfffffff8 }, { 0, true, 9 }, { 0, true, NQ_IN_SIZE },
		{ 0, true, 0xffffffff }, { 1, false, 32 }, { 1, false, 0 }, { 1, false, 24 },
		{ 1, false, 44 }, { 1, false, NQ_IN_SIZE - 4 }, { 1, false, NQ_IN_SIZE },
		{ 1, true, NQ_IN_SIZE - 39 }, { 1, true, 0x80000000 }, { 1, true, 0xffffffff },
	};
	static const uint32_t sizes[] = { 8, 8 };
	struct qtee_invoke *message;
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(wrong); n++) {
		message = nq_message(0, QTEE_OBJECT_ROOT, 0, QTEE_COUNTS(1, 1, 0, 0));
		nq_place(message, sizes);
		assert_int_equal(message->args[0].b.offset, 32);
		assert_int_equal(message->args[1].b.offset, 40);
		if (wrong[n].size)
			message->args[wrong[n].arg].b.size = wrong[n].value;
		else
			message->args[wrong[n].arg].b.offset = wrong[n].value;
		malformed(0);
	}
	/* To the very end, and nothing at the end, are right. */
	message = nq_message(0, QTEE_OBJECT_ROOT, 0, QTEE_COUNTS(1, 1, 0, 0));
	nq_place(message, sizes);
	message->args[1].b.size = NQ_IN_SIZE - 40;
	assert_int_equal(nq_run(0), QTEE_INVALID);
	message->args[1].b.offset = NQ_IN_SIZE;
	message->args[1].b.size = 0;
	assert_int_equal(nq_run(0), QTEE_INVALID);
}

static void object_comes_only_once(void **state)
{
	uint32_t keeper = nq_open(QTEE_UID_KEEPER), object = nq_object();
	struct qtee_invoke *message;
	uint64_t before = nw_counter(SIM_COUNTER_QTEE_REMOTES);

	(void)state;
	message = nq_message(0, keeper, QTEE_KEEPER_KEEP, QTEE_COUNTS(0, 0, 2, 0));
	message->args[0].o.id = nq_object();
	message->args[1].o.id = message->args[0].o.id;
	assert_int_equal(nq_invoke(0).status, QTEE_SMC_EINVAL_ARGUMENT);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_REMOTES), before);

	message = nq_message(0, keeper, QTEE_KEEPER_KEEP, QTEE_COUNTS(0, 0, 1, 0));
	message->args[0].o.id = object;
	assert_int_equal(nq_run(0), QTEE_OK);
	message = nq_message(0, keeper, QTEE_KEEPER_KEEP, QTEE_COUNTS(0, 0, 2, 0));
	message->args[0].o.id = nq_object();
	message->args[1].o.id = object;
	assert_int_equal(nq_invoke(0).status, QTEE_SMC_EINVAL_ARGUMENT);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_REMOTES), before + 1);

	nq_released = 0;
	assert_int_equal(nq_release(keeper), QTEE_OK);
	assert_int_equal(nq_released, 1);
	assert_int_equal(nq_last_released, object);
}

static void header_is_read_once(void **state)
{
	struct qtee_invoke *message;
	struct nq_return ret;
	uint32_t caller = nq_open(QTEE_UID_CALLER), callee = nq_object(), op = 7;
	static const uint32_t sizes[] = { 4, 16 };

	(void)state;
	message = nq_message(0, caller, QTEE_CALLER_FORWARD, QTEE_COUNTS(2, 0, 1, 0));
	nq_place(message, sizes);
	memcpy(nq_data(message, 0), &op, sizeof(op));
	message->args[2].o.id = callee;
	ret = nq_invoke(0);
	assert_int_equal(ret.response, QTEE_RESPONSE_CALLBACK);
	/* What is done to it meanwhile changes nothing. */
	message->cxt = 0x12345678;
	message->counts = 0xffffffff;
	message->args[1].b.offset = 0xffffff00;
	message->args[2].o.id = 0;
	nq_outbound(0)->result = 11;
	ret = nq_answer(0);
	assert_int_equal(ret.response, QTEE_RESPONSE_FINAL);
	assert_int_equal(ret.result, 11);
	assert_int_equal(*(uint32_t *)((uint8_t *)nq_outbound(0) + 12), callee);
	assert_int_equal(nq_release(caller), QTEE_OK);
}

static void foreign_and_dead_ids_are_bad_objects(void **state)
{
	uint32_t counter = nq_open(QTEE_UID_COUNTER), keeper = nq_open(QTEE_UID_KEEPER);
	const uint32_t bad[] = { QTEE_OBJECT_NULL, 2, 0x7fffffff, QTEE_OBJECT_PRIMORDIAL,
				 0x80000001, 0xffffffff, counter + 1, counter ^ 0x2000 };
	struct qtee_invoke *message;
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		nq_message(0, bad[n], QTEE_COUNTER_GET, 0);
		if (bad[n] != keeper)
			assert_int_equal(nq_run(0), QTEE_BADOBJ);
	}
	assert_int_equal(nq_release(counter), QTEE_OK);
	assert_int_equal(nq_release(counter), QTEE_BADOBJ);

	/* As an argument: what came along is given back. */
	nq_released = 0;
	message = nq_message(0, keeper, QTEE_KEEPER_KEEP, QTEE_COUNTS(0, 0, 2, 0));
	message->args[0].o.id = nq_object();
	message->args[1].o.id = counter;
	assert_int_equal(nq_run(0), QTEE_BADOBJ);
	assert_int_equal(nq_released, 1);
	assert_int_equal(nq_release(keeper), QTEE_OK);
}

static void object_that_only_qtee_holds_cannot_be_named(void **state)
{
	uint32_t keeper = nq_open(QTEE_UID_KEEPER), counter = nq_open(QTEE_UID_COUNTER);
	struct qtee_invoke *message;

	(void)state;
	message = nq_message(0, keeper, QTEE_KEEPER_KEEP, QTEE_COUNTS(0, 0, 1, 0));
	message->args[0].o.id = counter;
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(nq_release(counter), QTEE_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_OBJECTS), 3);
	nq_message(0, counter, QTEE_COUNTER_GET, 0);
	assert_int_equal(nq_run(0), QTEE_BADOBJ);
	message = nq_message(0, keeper, QTEE_KEEPER_KEEP, QTEE_COUNTS(0, 0, 1, 0));
	message->args[0].o.id = counter;
	assert_int_equal(nq_run(0), QTEE_BADOBJ);
	assert_int_equal(nq_release(keeper), QTEE_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_OBJECTS), 1);
}

static void releases_carry_nothing(void **state)
{
	static const uint32_t size = 8;
	uint32_t counter = nq_open(QTEE_UID_COUNTER);

	(void)state;
	nq_place(nq_message(0, counter, QTEE_OP_RELEASE, QTEE_COUNTS(1, 0, 0, 0)), &size);
	assert_int_equal(nq_run(0), QTEE_INVALID);
	nq_message(0, counter, 0x10000 | QTEE_COUNTER_GET, 0);
	assert_int_equal(nq_run(0), QTEE_INVALID);
	nq_message(0, counter, 0x10000 | QTEE_OP_RELEASE, 0);
	assert_int_equal(nq_run(0), QTEE_INVALID);
	nq_message(0, counter, QTEE_OP_RETAIN, 0);
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(nq_release(counter), QTEE_OK);
	assert_int_equal(nq_release(counter), QTEE_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_STRAY_RELEASES), 0);
	assert_int_equal(nq_release(counter), QTEE_BADOBJ);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_STRAY_RELEASES), 1);
	assert_int_equal(nq_release(QTEE_OBJECT_ROOT), QTEE_OK);
	assert_int_equal(nq_release(QTEE_OBJECT_ROOT), QTEE_OK);
}

static void objects_come_to_an_end_and_back(void **state)
{
	uint32_t counter = nq_open(QTEE_UID_COUNTER), first = 0, id;
	struct qtee_invoke *message;
	unsigned int n, made = 0;
	uint32_t *ids = calloc(5000, sizeof(*ids));
	int32_t result = QTEE_OK;

	(void)state;
	while (!result && made < 5000) {
		message = nq_message(0, counter, QTEE_COUNTER_NEW, QTEE_COUNTS(0, 0, 0, 1));
		result = nq_run(0);
		if (!result)
			ids[made++] = message->args[0].o.id;
	}
	assert_int_equal(result, QTEE_KMEM);
	for (n = 0; n < made; n++)
		assert_int_equal(nq_release(ids[n]), QTEE_OK);
	/* An index comes back, an id does not. */
	for (n = 0; n < 100; n++) {
		message = nq_message(0, counter, QTEE_COUNTER_NEW, QTEE_COUNTS(0, 0, 0, 1));
		assert_int_equal(nq_run(0), QTEE_OK);
		id = message->args[0].o.id;
		assert_int_not_equal(id, first);
		first = id;
		assert_int_equal(nq_release(id), QTEE_OK);
	}
	assert_int_equal(nq_release(ids[0]), QTEE_BADOBJ);
	assert_int_equal(nq_release(counter), QTEE_OK);
	free(ids);
}

static void random_octets_do_no_harm(void **state)
{
	uint64_t seed = 88172645463325252ULL;
	unsigned int round, n;

	(void)state;
	for (round = 0; round < 20000; round++) {
		uint32_t *words = (uint32_t *)nq_message(0, 0, 0, 0);
		struct nq_return ret;

		for (n = 0; n < 64; n++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			words[n] = (uint32_t)seed >> (seed >> 60);
		}
		/* Half of them get as far as the root object. */
		if (round & 1) {
			words[0] = QTEE_OBJECT_ROOT;
			words[1] &= 15;
			words[2] &= 0x3333;
		}
		ret = nq_invoke(0);
		while (ret.status == QTEE_SMC_OK && ret.response == QTEE_RESPONSE_CALLBACK) {
			nq_outbound(0)->result = 1;
			ret = nq_answer(0);
		}
		/* An environment without credentials may have come of it. */
		if (ret.status == QTEE_SMC_OK && !ret.result && QTEE_COUNTS_OO(words[2]))
			assert_int_equal(nq_release(words[3 + 2 * (QTEE_COUNTS_IB(words[2]) +
							   QTEE_COUNTS_OB(words[2]) +
							   QTEE_COUNTS_IO(words[2]))]), QTEE_OK);
	}
}

#define CASE(name)	cmocka_unit_test_setup_teardown(name, nq_setup, nq_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(registers_are_checked),
		CASE(calls_of_32_bits_have_no_upper_halves),
		CASE(counts_beyond_four_nibbles_are_refused),
		CASE(payloads_must_lie_where_they_may),
		CASE(object_comes_only_once),
		CASE(header_is_read_once),
		CASE(foreign_and_dead_ids_are_bad_objects),
		CASE(object_that_only_qtee_holds_cannot_be_named),
		CASE(releases_carry_nothing),
		CASE(objects_come_to_an_end_and_back),
		CASE(random_octets_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
