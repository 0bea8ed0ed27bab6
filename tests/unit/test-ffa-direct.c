// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: direct requests, and partitions that are suspended, resumed, blocked and broken. */
#include "ffa-nw.h"

#define TARGET(id)	((uint64_t)(id) << 16)

static void words_come_back_in_32_bits(void **state)
{
	uint64_t x[18] = {
		FFA_MSG_SEND_DIRECT_REQ_32, ID_ECHO, 0, 0xffffffff11111111, 2, 3, 4, 0x55555555,
		8, 9, [17] = 17,
	};
	unsigned int n;

	(void)state;
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(x[1], FFA_PAIR(ID_ECHO, 0));
	assert_int_equal(x[2], 0);
	assert_int_equal(x[3], 0x11111111);
	assert_int_equal(x[4], 2);
	assert_int_equal(x[7], 0x55555555);
	for (n = 8; n < 18; n++)
		assert_int_equal(x[n], 0);
}

static void words_come_back_in_64_bits(void **state)
{
	uint64_t x[18] = {
		FFA_MSG_SEND_DIRECT_REQ_64, ID_ECHO, 0, 0x1122334455667788, 2, 3, 4,
		0x99aabbccddeeff00, 8,
	};

	(void)state;
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_64);
	assert_int_equal(x[1], FFA_PAIR(ID_ECHO, 0));
	assert_int_equal(x[3], 0x1122334455667788);
	assert_int_equal(x[7], 0x99aabbccddeeff00);
	assert_int_equal(x[8], 0);
}

static void a_request_names_a_service(void **state)
{
	static const uint8_t second[] = PARTITION_ECHO_2_UUID;
	uint64_t x[18] = { FFA_MSG_SEND_DIRECT_REQ2_64, ID_ECHO };
	unsigned int n;

	(void)state;
	memcpy(&x[2], second, 16);
	for (n = 4; n < 18; n++)
		x[n] = 0x100000000 * n;
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP2_64);
	assert_int_equal(x[1], FFA_PAIR(ID_ECHO, 0));
	assert_int_equal(x[2] | x[3], 0);
	for (n = 4; n < 17; n++)
		assert_int_equal(x[n], 0x100000000 * n);
	assert_int_equal(x[17], 2);
	/* None in particular. */
	memset(x, 0, sizeof(x));
	x[0] = FFA_MSG_SEND_DIRECT_REQ2_64;
	x[1] = ID_ECHO;
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP2_64);
	assert_int_equal(x[17], 0);
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ2_64, ID_ECHO, 1, 2),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ2_64, ID_WORKER), FFA_DENIED);
	assert_int_equal(ffa_nw_status(0x8400008d, ID_ECHO), FFA_NOT_SUPPORTED);
}

static void malformed_requests_are_refused(void **state)
{
	static const uint64_t bad[][3] = {
		{ 0x8005, 0, FFA_INVALID_PARAMETERS },
		{ 0x7fff, 0, FFA_INVALID_PARAMETERS },
		{ 0, 0, FFA_INVALID_PARAMETERS },
		{ FFA_ENDPOINT_SPMC, 0, FFA_INVALID_PARAMETERS },
		{ FFA_PAIR(1, ID_ECHO), 0, FFA_INVALID_PARAMETERS },
		{ FFA_PAIR(ID_WORKER, ID_ECHO), 0, FFA_INVALID_PARAMETERS },
		{ ID_ECHO, 1, FFA_INVALID_PARAMETERS },
		{ ID_ECHO, 0x80000000, FFA_INVALID_PARAMETERS },
		{ ID_ECHO, 0x80000004, FFA_INVALID_PARAMETERS },
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++)
		assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, bad[n][0], bad[n][1]),
				 (int32_t)bad[n][2]);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_REFUSALS), ARRAY_SIZE(bad));
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_REQUESTS), 0);
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_64, 1ULL << 32 | ID_ECHO),
			 FFA_INVALID_PARAMETERS);
	/* Answers are not requests. */
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_RESP_32, FFA_PAIR(0, ID_ECHO)),
			 FFA_NOT_SUPPORTED);
	assert_int_equal(ffa_nw_status(FFA_MSG_WAIT_32), FFA_NOT_SUPPORTED);
}

/* A request of the worker that an interrupt cuts short. */
static void begin_spin(uint16_t id)
{
	uint64_t x[18] = { FFA_MSG_SEND_DIRECT_REQ_32, id, 0, WORKER_CMD_SPIN, 1 };
	unsigned int n;

	host.interrupt_after = 40;
	assert_int_equal(ffa_nw_smc(x), FFA_INTERRUPT_32);
	host.interrupt_after = 0;
	assert_int_equal(x[1], TARGET(id));
	for (n = 2; n < 18; n++)
		assert_int_equal(x[n], 0);
}

static void an_interrupted_partition_goes_on(void **state)
{
	uint64_t x[18] = { FFA_RUN_32, TARGET(ID_WORKER) };

	(void)state;
	begin_spin(ID_WORKER);
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(x[1], FFA_PAIR(ID_WORKER, 0));
	assert_int_equal(x[3], WORKER_CMD_SPIN);
	assert_int_equal(x[4], 0);
	assert_int_equal(x[5], 1);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_INTERRUPTS), 1);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_RUNS_HERE), 1);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE), 0);
}

static void it_goes_on_on_another_cpu(void **state)
{
	uint64_t x[18] = { FFA_RUN_32, TARGET(ID_WORKER) };

	(void)state;
	begin_spin(ID_WORKER);
	host.world.spmc.partitions[2]->cpu = 3;
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE), 1);
}

static void a_suspended_partition_is_busy(void **state)
{
	(void)state;
	begin_spin(ID_WORKER);
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER), FFA_BUSY);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_BUSY), 1);
	assert_true(ffa_nw_said("it is busy"));
	/* Others are not, and they do not harm it. */
	begin_spin(ID_PEER);
	assert_int_equal(ffa_nw(FFA_MSG_SEND_DIRECT_REQ_32, ID_ECHO), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(ffa_nw(FFA_RUN_32, TARGET(ID_WORKER)), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(ffa_nw(FFA_RUN_32, TARGET(ID_PEER)), FFA_MSG_SEND_DIRECT_RESP_32);
}

static void only_what_is_suspended_is_resumed(void **state)
{
	(void)state;
	assert_int_equal(ffa_nw_status(FFA_RUN_32, TARGET(ID_ECHO)), FFA_DENIED);
	assert_int_equal(ffa_nw_status(FFA_RUN_32, TARGET(0x8005)), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_RUN_32, 0), FFA_INVALID_PARAMETERS);
	begin_spin(ID_PEER);
	assert_int_equal(ffa_nw_status(FFA_RUN_32, TARGET(ID_PEER) | 1), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw(FFA_RUN_32, TARGET(ID_PEER)), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(ffa_nw_status(FFA_RUN_32, TARGET(ID_PEER)), FFA_DENIED);
	host.world.spmc.partitions[3]->state = PARTITION_RUNNING;
	assert_int_equal(ffa_nw_status(FFA_RUN_32, TARGET(ID_PEER)), FFA_BUSY);
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, ID_PEER), FFA_BUSY);
	host.world.spmc.partitions[3]->state = PARTITION_WAITING;
}

static void who_waits_may_be_given_time(void **state)
{
	(void)state;
	assert_int_equal(ffa_nw(FFA_RUN_32, TARGET(ID_WORKER)), FFA_MSG_WAIT_32);
	assert_int_equal(ffa_nw(FFA_RUN_32, TARGET(ID_WORKER)), FFA_MSG_WAIT_32);
}

static void a_partition_yields(void **state)
{
	uint64_t x[18] = { FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, 0, WORKER_CMD_YIELD, 3, 1000 };
	unsigned int n;

	(void)state;
	for (n = 0; n < 3; n++) {
		assert_int_equal(ffa_nw_smc(x), FFA_YIELD_32);
		assert_int_equal(x[1], TARGET(ID_WORKER));
		assert_int_equal(x[2], 1000);
		assert_int_equal(x[3] | x[4], 0);
		assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER), FFA_BUSY);
		memset(x, 0, sizeof(x));
		x[0] = FFA_RUN_32;
		x[1] = TARGET(ID_WORKER);
	}
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_YIELDS), 3);
}

static void a_broken_partition_stays_broken_until_mended(void **state)
{
	struct smc_regs regs = { .x = { SIM_SMC_CONTROL, SIM_OP_FFA_MEND, ID_WORKER } };

	(void)state;
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, 0, WORKER_CMD_ABORT),
			 FFA_ABORTED);
	assert_true(ffa_nw_said("is broken"));
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER), FFA_ABORTED);
	assert_int_equal(ffa_nw_status(FFA_RUN_32, TARGET(ID_WORKER)), FFA_ABORTED);
	assert_int_equal(ffa_nw(FFA_MSG_SEND_DIRECT_REQ_32, ID_PEER), FFA_MSG_SEND_DIRECT_RESP_32);
	host_smc(&regs);
	assert_int_equal(regs.x[0], SMCCC_SUCCESS);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_NOP), FFA_OK);
	regs.x[0] = SIM_SMC_CONTROL;
	regs.x[1] = SIM_OP_FFA_MEND;
	regs.x[2] = ID_WORKER;
	host_smc(&regs);
	assert_int_equal((int64_t)regs.x[0], SMCCC_INVALID_PARAMETER);
}

/* While it runs, somebody else tries to. */
static void nested_request(struct partition *partition, struct partition_message *message)
{
	uint64_t run[18] = { FFA_RUN_32, TARGET(partition_id(partition)) };
	uint64_t ask[18] = { FFA_MSG_SEND_DIRECT_REQ_32, partition_id(partition) };

	partition_yield(partition, 0);
	ffa_nw_smc(run);
	ffa_nw_smc(ask);
	message->word[1] = run[2];
	message->word[2] = ask[2];
}

static void a_resumed_partition_runs_once(void **state)
{
	static const uint8_t uuids[][16] = { PARTITION_UUID(99) };
	static const struct partition_description nested = {
		.name = "nested",
		.properties = FFA_PROPERTY_DIRECT_REQ_RECV,
		.uuids = uuids,
		.uuid_count = 1,
		.request = nested_request,
	};
	uint64_t x[18] = { FFA_RUN_32 };
	uint16_t id;

	(void)state;
	assert_true(host_start("ffa=on"));
	id = partition_id(spmc_add_partition(&host.world.spmc, &nested, NULL));
	assert_int_equal(id, 0x8005);
	ffa_nw_begin(2);
	assert_int_equal(ffa_nw(FFA_MSG_SEND_DIRECT_REQ_32, id), FFA_YIELD_32);
	x[1] = TARGET(id);
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal((int32_t)x[4], FFA_BUSY);
	assert_int_equal((int32_t)x[5], FFA_BUSY);
	host_stop();
}

static void malformed_partitions_are_not_there(void **state)
{
	static const uint8_t uuids[][16] = { PARTITION_UUID(99) };
	static const uint8_t nil[][16] = { { 0 } };
	const struct partition_description good = {
		.name = "some",
		.properties = FFA_PROPERTY_DIRECT_REQ_RECV,
		.uuids = uuids,
		.uuid_count = 1,
		.request = nested_request,
	};
	struct partition_description bad[8];
	unsigned int n;

	(void)state;
	assert_true(host_start("ffa=on"));
	for (n = 0; n < ARRAY_SIZE(bad); n++)
		bad[n] = good;
	bad[0].id = ID_ECHO;
	bad[1].id = 0x8000;
	bad[2].id = 1;
	bad[3].id = 0xffff;
	bad[4].version = FFA_VERSION_MAKE(2, 0);
	bad[5].uuid_count = 0;
	bad[6].uuids = nil;
	bad[7].request = NULL;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_null(spmc_add_partition(&host.world.spmc, &bad[n], NULL));
		assert_true(ffa_nw_said("partition some: "));
	}
	bad[0].id = 0x8006;
	for (n = 0; n < SPMC_PARTITIONS_MAX - 4; n++) {
		struct partition *partition =
			spmc_add_partition(&host.world.spmc, n ? &good : &bad[0], NULL);

		assert_non_null(partition);
		if (n == 2)
			assert_int_equal(partition_id(partition), 0x8007);
	}
	assert_null(spmc_add_partition(&host.world.spmc, &good, NULL));
	host_stop();
}

static void partitions_ask_each_other(void **state)
{
	uint32_t w[5] = { WORKER_CMD_ASK, ID_PEER, WORKER_CMD_FEATURES, FFA_ID_GET_32 };

	(void)state;
	assert_int_equal(ffa_nw_work(ID_WORKER, w), FFA_OK);
	w[0] = WORKER_CMD_ASK;
	w[1] = ID_PEER;
	w[2] = WORKER_CMD_FEATURES;
	w[3] = FFA_MEM_DONATE_32;
	assert_int_equal(ffa_nw_work(ID_WORKER, w), FFA_NOT_SUPPORTED);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_ASK, ID_WORKER),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_ASK, 0), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_ASK, ID_PEER, WORKER_CMD_ABORT),
			 FFA_ABORTED);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_ASK, ID_PEER), FFA_ABORTED);
	assert_true(spmc_mend(&host.world.spmc, ID_PEER));
}

static void the_innermost_partition_is_resumed(void **state)
{
	uint64_t x[18] = {
		FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, 0, WORKER_CMD_ASK, ID_PEER,
		WORKER_CMD_YIELD, 1, 5,
	};

	(void)state;
	assert_int_equal(ffa_nw_smc(x), FFA_YIELD_32);
	assert_int_equal(x[1], TARGET(ID_PEER));
	/* Who waits for another one cannot go on. */
	assert_int_equal(ffa_nw_status(FFA_RUN_32, TARGET(ID_WORKER)), FFA_DENIED);
	assert_int_equal(ffa_nw_status(FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER), FFA_BUSY);
	memset(x, 0, sizeof(x));
	x[0] = FFA_RUN_32;
	x[1] = TARGET(ID_PEER);
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(x[1], FFA_PAIR(ID_WORKER, 0));
	assert_int_equal(x[4], FFA_OK);
}

/* An interrupt of the normal world in a partition that another one asked. */
static void an_interrupt_names_the_innermost_partition(void **state)
{
	uint64_t x[18] = {
		FFA_MSG_SEND_DIRECT_REQ_32, ID_WORKER, 0, WORKER_CMD_ASK, ID_PEER,
		WORKER_CMD_SPIN, 1,
	};

	(void)state;
	host.interrupt_after = 40;
	assert_int_equal(ffa_nw_smc(x), FFA_INTERRUPT_32);
	host.interrupt_after = 0;
	assert_int_equal(x[1], TARGET(ID_PEER));
	assert_int_equal(ffa_nw_status(FFA_RUN_32, TARGET(ID_WORKER)), FFA_DENIED);
	memset(x, 0, sizeof(x));
	x[0] = FFA_RUN_32;
	x[1] = TARGET(ID_PEER);
	/* The one that asked has its answer, and gives its own. */
	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(x[1], FFA_PAIR(ID_WORKER, 0));
	assert_int_equal(x[3], WORKER_CMD_ASK);
	assert_int_equal(x[4], FFA_OK);
}

static void a_busy_partition_is_busy_for_partitions_too(void **state)
{
	(void)state;
	begin_spin(ID_PEER);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_ASK, ID_PEER), FFA_BUSY);
	assert_int_equal(ffa_nw(FFA_RUN_32, TARGET(ID_PEER)), FFA_MSG_SEND_DIRECT_RESP_32);
}

static void text_goes_to_the_console(void **state)
{
	uint64_t x[18] = { FFA_CONSOLE_LOG_64, 128 };

	(void)state;
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_PRINT, 0x6c6c6568, 0x6f77206f,
				       0x646c72, 0), FFA_OK);
	assert_true(ffa_nw_said("8003: hello world?????"));
	memset(&x[2], 'a', 128);
	assert_int_equal(ffa_sp_status_of(ID_WORKER, x), FFA_OK);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_CONSOLE_LOG_64, 129),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_sp_status(ID_PEER, FFA_CONSOLE_LOG_64, 49), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_CONSOLE_LOG_32, 25),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_sp_status(ID_WORKER, FFA_CONSOLE_LOG_32, 0), FFA_INVALID_PARAMETERS);
	assert_int_equal(ffa_nw_status(FFA_CONSOLE_LOG_32, 1, 'a'), FFA_NOT_SUPPORTED);
}

#define ready(test)	cmocka_unit_test_setup_teardown(test, ffa_nw_setup, ffa_nw_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ready(words_come_back_in_32_bits),
		ready(words_come_back_in_64_bits),
		ready(a_request_names_a_service),
		ready(malformed_requests_are_refused),
		ready(an_interrupted_partition_goes_on),
		ready(it_goes_on_on_another_cpu),
		ready(a_suspended_partition_is_busy),
		ready(only_what_is_suspended_is_resumed),
		ready(who_waits_may_be_given_time),
		ready(a_partition_yields),
		ready(a_broken_partition_stays_broken_until_mended),
		cmocka_unit_test(a_resumed_partition_runs_once),
		cmocka_unit_test(malformed_partitions_are_not_there),
		ready(partitions_ask_each_other),
		ready(the_innermost_partition_is_resumed),
		ready(an_interrupt_names_the_innermost_partition),
		ready(a_busy_partition_is_busy_for_partitions_too),
		ready(text_goes_to_the_console),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
