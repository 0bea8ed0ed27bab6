// SPDX-License-Identifier: BSD-2-Clause
/* What the normal world may read of the secure one: its console and its events. */
#include <stdio.h>
#include "nw.h"
#include "event.h"
#include "log.h"

static uint64_t control(uint64_t op, uint64_t x2, uint64_t x3, uint64_t x4, struct smc_regs *regs)
{
	*regs = (struct smc_regs) { .x = { SIM_SMC_CONTROL, op, x2, x3, x4 } };
	host_smc(regs);
	return regs->x[0];
}

static void console_is_read_from_any_position(void **state)
{
	struct smc_regs regs;
	uint64_t position;

	(void)state;
	assert_int_equal(control(SIM_OP_LOG, NW_DATA, 4096, UINT64_MAX, &regs), SMCCC_SUCCESS);
	assert_int_equal(regs.x[1], 0);
	position = regs.x[2];
	log_line("first");
	log_line("second");
	assert_int_equal(control(SIM_OP_LOG, NW_DATA, 4096, position, &regs), SMCCC_SUCCESS);
	assert_int_equal(regs.x[1], strlen("omnitee: first\nomnitee: second\n"));
	assert_int_equal(regs.x[2], position + regs.x[1]);
	assert_int_equal(regs.x[3], 0);
	assert_memory_equal(host_at(NW_DATA), "omnitee: first\nomnitee: second\n", regs.x[1]);
	/* In pieces. */
	assert_int_equal(control(SIM_OP_LOG, NW_DATA, 10, position, &regs), SMCCC_SUCCESS);
	assert_int_equal(regs.x[1], 10);
	assert_int_equal(regs.x[2], position + 10);
	assert_memory_equal(host_at(NW_DATA), "omnitee: f", 10);
}

static void console_that_is_not_kept_is_counted(void **state)
{
	struct smc_regs regs;
	unsigned int n;

	(void)state;
	for (n = 0; n < 4096; n++)
		log_line("number %u", n);
	assert_int_equal(control(SIM_OP_LOG, NW_DATA, SIM_READ_MAX, 0, &regs), SMCCC_SUCCESS);
	assert_true(regs.x[3] > 0);
	assert_int_equal(regs.x[2], regs.x[3] + regs.x[1]);
	assert_memory_equal((char *)host_at(NW_DATA) + regs.x[1] - 12, "number 4095\n", 12);
}

static void only_memory_of_the_normal_world_is_written(void **state)
{
	static const struct {
		uint64_t address;
		uint64_t size;
	} bad[] = {
		{ 0, 4096 }, { 0x0e000000, 4096 }, { NW_DATA + 1, 4096 }, { NW_DATA, 0 },
		{ NW_DATA, SIM_READ_MAX + 1 }, { NW_DATA, UINT64_MAX },
		{ HOST_MEMORY_BASE + HOST_MEMORY_SIZE - 8, 16 }, { UINT64_MAX - 7, 16 },
	};
	struct smc_regs regs;
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_int_equal(control(SIM_OP_LOG, bad[n].address, bad[n].size, 0, &regs),
				 (uint64_t)SMCCC_INVALID_PARAMETER);
		assert_int_equal(control(SIM_OP_READ_EVENTS, bad[n].address, bad[n].size, 0, &regs),
				 (uint64_t)SMCCC_INVALID_PARAMETER);
	}
	assert_int_equal(control(SIM_OP_READ_EVENTS, NW_DATA, sizeof(struct sim_event) - 1, 0, &regs),
			 (uint64_t)SMCCC_INVALID_PARAMETER);
	assert_int_equal(control(SIM_OP_EVENTS, 2, 0, 0, &regs), (uint64_t)SMCCC_INVALID_PARAMETER);
}

static void call_leaves_its_events_in_order(void **state)
{
	static const unsigned int kinds[] = {
		SIM_EVENT_CALL, SIM_EVENT_COMMAND, SIM_EVENT_RESULT, SIM_EVENT_LEAVE,
	};
	const struct sim_event *event = host_at(NW_DATA);
	uint32_t session = nw_open(1);
	struct smc_regs regs;
	uint64_t position;
	unsigned int n;

	(void)state;
	control(SIM_OP_READ_EVENTS, NW_DATA, SIM_READ_MAX, UINT64_MAX, &regs);
	position = regs.x[2];
	assert_int_equal(control(SIM_OP_EVENTS, 1, 0, 0, &regs), SMCCC_SUCCESS);
	nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, ECHO_CMD_NOP, 0);
	assert_int_equal(nw_run(), TEE_SUCCESS);
	assert_int_equal(control(SIM_OP_EVENTS, 0, 0, 0, &regs), SMCCC_SUCCESS);
	/* Not wanted any more. */
	assert_int_equal(nw_close(session), TEE_SUCCESS);

	assert_int_equal(control(SIM_OP_READ_EVENTS, NW_DATA, SIM_READ_MAX, position, &regs),
			 SMCCC_SUCCESS);
	assert_int_equal(regs.x[1], 4);
	assert_int_equal(regs.x[2], position + 4);
	for (n = 0; n < 4; n++) {
		assert_int_equal(event[n].kind, kinds[n]);
		assert_int_equal(event[n].number, position + n);
		assert_int_equal(event[n].thread, event[0].thread);
		assert_true(!n || event[n].ticks >= event[n - 1].ticks);
	}
	assert_int_equal(event[0].a, OPTEE_SMC_CALL_WITH_ARG);
	assert_int_equal(event[1].a, OPTEE_MSG_CMD_INVOKE_COMMAND);
	assert_int_equal(event[1].b, session);
	assert_int_equal(event[1].c, ECHO_CMD_NOP);
	assert_int_equal(event[2].a, TEE_SUCCESS);
	assert_int_equal(event[3].a, OPTEE_SMC_RETURN_OK);
	assert_int_equal(event[3].b, 1);
}

static void events_that_are_not_kept_are_counted(void **state)
{
	struct smc_regs regs;
	uint64_t position;
	unsigned int n;

	(void)state;
	control(SIM_OP_READ_EVENTS, NW_DATA, SIM_READ_MAX, UINT64_MAX, &regs);
	position = regs.x[2];
	events_switch(true);
	for (n = 0; n < 5000; n++)
		event_record(0, SIM_EVENT_RPC, n, 0, 0);
	events_switch(false);
	assert_int_equal(control(SIM_OP_READ_EVENTS, NW_DATA, 32, position, &regs), SMCCC_SUCCESS);
	assert_int_equal(regs.x[1], 1);
	assert_int_equal(regs.x[3], 5000 - 4096);
	assert_int_equal(((struct sim_event *)host_at(NW_DATA))->a, 5000 - 4096);
}

static void clock_of_events_goes_on(void **state)
{
	struct smc_regs regs;
	uint64_t before;

	(void)state;
	assert_int_equal(control(SIM_OP_TICKS, 0, 0, 0, &regs), SMCCC_SUCCESS);
	before = regs.x[1];
	assert_true(regs.x[2] > 0);
	control(SIM_OP_TICKS, 0, 0, 0, &regs);
	assert_true(regs.x[1] > before);
}

#define CASE(f)	cmocka_unit_test_setup_teardown(f, nw_setup, nw_teardown)

int main(void)
{
	const struct CMUnitTest watch[] = {
		CASE(console_is_read_from_any_position),
		CASE(console_that_is_not_kept_is_counted),
		CASE(only_memory_of_the_normal_world_is_written),
		CASE(call_leaves_its_events_in_order),
		CASE(events_that_are_not_kept_are_counted),
		CASE(clock_of_events_goes_on),
	};

	return cmocka_run_group_tests(watch, NULL, NULL);
}
