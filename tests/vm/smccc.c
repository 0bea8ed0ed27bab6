// SPDX-License-Identifier: BSD-2-Clause
/* The calling convention: who answers, and what a call leaves alone. */
#include <string.h>

#include "array.h"
#include "abi/psci.h"
#include "abi/smccc.h"
#include "harness.h"
#include "raw.h"

static const uint8_t echo[16] = APP_ECHO_UUID;
static const uint8_t slow[16] = APP_SLOW_UUID;

static uint32_t fast(uint32_t fn)
{
	struct sim_smc s = { .in = { fn } };

	world_smc(&s);
	return s.out[0];
}

TEST(version_is_1_2_or_newer)
{
	uint32_t version = fast(SMCCC_VERSION);

	EXPECT_GE((int32_t)version, SMCCC_VERSION_1_2);
}

TEST(features_know_the_version_call)
{
	struct sim_smc s = { .in = { SMCCC_ARCH_FEATURES, SMCCC_VERSION } };

	world_smc(&s);
	EXPECT_EQ((int32_t)s.out[0], SMCCC_SUCCESS);
}

TEST(features_deny_an_unknown_call)
{
	struct sim_smc s = { .in = { SMCCC_ARCH_FEATURES, 0x80007fff } };

	world_smc(&s);
	EXPECT_EQ((int32_t)s.out[0], SMCCC_NOT_SUPPORTED);
}

TEST(owners_without_a_service_answer_unknown)
{
	/* CPU service, standard hypervisor and vendor ranges, trusted applications, dispatcher */
	static const uint8_t owners[] = { 1, 5, 6, 7, 15, 31, 47, 48, 49, 51, 55, 61, 62 };
	static const uint32_t kinds[] = { SMCCC_FAST, SMCCC_FAST | SMCCC_64, 0, SMCCC_64 };
	static const uint16_t functions[] = { 0, 1, 5, 0xff01 };

	world_need();
	for (size_t o = 0; o < sizeof(owners); o++)
		for (size_t k = 0; k < 4; k++)
			for (size_t f = 0; f < 4; f++) {
				uint32_t fn = SMCCC_ID(kinds[k], 0, (uint32_t)owners[o],
						       functions[f]);
				uint32_t a0 = fast(fn);

				EXPECT_MSG(a0 == SMCCC_UNKNOWN_FUNCTION, "0x%08x answers 0x%x", fn,
					   a0);
			}
}

TEST(unknown_architecture_calls_answer_unknown)
{
	EXPECT_EQ(fast(0x80000005), SMCCC_UNKNOWN_FUNCTION);
	EXPECT_EQ(fast(0x8000ffff), SMCCC_UNKNOWN_FUNCTION);
	EXPECT_EQ(fast(0xc0000001), SMCCC_UNKNOWN_FUNCTION);
}

TEST(unknown_psci_calls_answer_not_supported)
{
	EXPECT_EQ((int32_t)fast(0x8400001e), PSCI_NOT_SUPPORTED);
	EXPECT_EQ((int32_t)fast(0xc4000000), PSCI_NOT_SUPPORTED);
}

TEST(psci_version_is_1_1)
{
	EXPECT_EQ(fast(PSCI_VERSION), PSCI_VERSION_1_1);
}

TEST(psci_features_deny_an_unknown_call)
{
	struct sim_smc s = { .in = { PSCI_FEATURES, 0x8400001e } };

	world_smc(&s);
	EXPECT_EQ((int32_t)s.out[0], PSCI_NOT_SUPPORTED);
}

TEST(cpu_that_runs_is_on)
{
	struct sim_smc s = { .in = { PSCI_AFFINITY_INFO_64, 0, 0 } };

	world_smc(&s);
	EXPECT_EQ((int32_t)s.out[0], PSCI_AFFINITY_ON);
}

TEST(cpu_that_runs_is_not_started_again)
{
	struct sim_smc s = { .in = { PSCI_CPU_ON_64, 0, 0x40200000, 0 } };

	world_smc(&s);
	EXPECT_EQ((int32_t)s.out[0], PSCI_ALREADY_ON);
}

TEST(cpu_that_does_not_exist_is_an_invalid_parameter)
{
	struct sim_smc on = { .in = { PSCI_CPU_ON_64, 0x7700, 0x40200000, 0 } };
	struct sim_smc info = { .in = { PSCI_AFFINITY_INFO_64, 0x7700, 0 } };

	world_smc(&on);
	EXPECT_EQ((int32_t)on.out[0], PSCI_INVALID_PARAMETERS);
	world_smc(&info);
	EXPECT_EQ((int32_t)info.out[0], PSCI_INVALID_PARAMETERS);
}

TEST(control_channel_has_its_uid)
{
	struct sim_smc s = { .in = { SIM_SMC_UID } };

	world_smc(&s);
	EXPECT_EQ((uint32_t)s.out[0], SIM_UID_0);
	EXPECT_EQ((uint32_t)s.out[1], SIM_UID_1);
	EXPECT_EQ((uint32_t)s.out[2], SIM_UID_2);
	EXPECT_EQ((uint32_t)s.out[3], SIM_REVISION);
}

TEST(unknown_control_operation_is_not_supported)
{
	struct sim_control c = { .op = 9999 };

	world_need();
	ASSERT_RC(world_control(&c), 0);
	EXPECT_EQ(c.status, SMCCC_NOT_SUPPORTED);
}

TEST(unknown_counter_is_an_invalid_parameter)
{
	struct sim_control c = { .op = SIM_OP_COUNTER, .arg = { SIM_COUNTER_COUNT } };

	world_need();
	ASSERT_RC(world_control(&c), 0);
	EXPECT_EQ(c.status, SMCCC_INVALID_PARAMETER);
}

static void kept(const struct raw *r)
{
	EXPECT_MSG(!r->changed, "changed: x 0x%08x v 0x%08x", (uint32_t)r->changed,
		   (uint32_t)(r->changed >> 32));
}

TEST(fast_calls_keep_registers)
{
	static const uint32_t calls[] = {
		SMCCC_VERSION, PSCI_VERSION, OPTEE_SMC_CALLS_UID, OPTEE_SMC_CALLS_REVISION,
		OPTEE_SMC_GET_OS_REVISION, OPTEE_SMC_EXCHANGE_CAPABILITIES,
		OPTEE_SMC_GET_THREAD_COUNT, SIM_SMC_UID,
	};
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	r.flags = SIM_SMC_CHECK_REGS;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		r.changed = 0;
		raw_smc(&r, calls[i], 0, 0, 0, NULL);
		EXPECT_MSG(!r.changed, "0x%08x changed: x 0x%08x v 0x%08x", calls[i],
			   (uint32_t)r.changed, (uint32_t)(r.changed >> 32));
	}
}

TEST(unknown_calls_keep_registers)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	r.flags = SIM_SMC_CHECK_REGS;
	raw_smc(&r, SMCCC_ID(SMCCC_FAST, 0, 5, 0), 1, 2, 3, NULL);
	raw_smc(&r, SMCCC_ID(SMCCC_FAST, SMCCC_64, 31, 7), 1, 2, 3, NULL);
	raw_smc(&r, OPTEE_SMC_FAST(0x55), 1, 2, 3, NULL);
	raw_smc(&r, OPTEE_SMC_YIELDING(0x55), 1, 2, 3, NULL);
	kept(&r);
}

TEST(refused_yielding_call_keeps_registers)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	r.flags = SIM_SMC_CHECK_REGS;
	raw_smc(&r, OPTEE_SMC_CALL_WITH_ARG, 0, 0x0e100000, 0, NULL);
	raw_smc(&r, OPTEE_SMC_RETURN_FROM_RPC, 0, 0, 0x1234, NULL);
	kept(&r);
}

TEST(yielding_call_that_ends_at_once_keeps_registers)
{
	struct optee_msg_arg *msg;
	uint32_t session;
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	r.flags = SIM_SMC_CHECK_REGS;
	session = raw_open(&r, echo);
	for (int i = 0; i < 20; i++) {
		msg = raw_msg(&r, OPTEE_MSG_CMD_INVOKE_COMMAND, 0);
		msg->session = session;
		msg->func = ECHO_CMD_NOP;
		EXPECT_EQ(raw_ret(&r), TEE_SUCCESS);
	}
	raw_close(&r, session);
	kept(&r);
}

/* Once is enough, but for a machine that stands still for most of the time. */
TEST(preempted_yielding_call_keeps_registers)
{
	struct optee_msg_arg *msg;
	uint32_t session;
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	session = raw_open(&r, slow);
	r.flags = SIM_SMC_CHECK_REGS;
	r.interrupts = 0;
	for (int i = 0; i < 20 && r.interrupts < 5; i++) {
		msg = raw_msg(&r, OPTEE_MSG_CMD_INVOKE_COMMAND, 1);
		msg->session = session;
		msg->func = SLOW_CMD_SPIN;
		msg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
		msg->params[0].u.value.a = 400;
		EXPECT_EQ(raw_ret(&r), TEE_SUCCESS);
	}
	EXPECT_GE(r.interrupts, 5);
	kept(&r);
	r.flags = 0;
	raw_close(&r, session);
}

TEST(thread_limit_keeps_registers)
{
	struct raw r;

	raw_init(&r, RAW_PAGE_FREE);
	r.flags = SIM_SMC_CHECK_REGS;
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 0);
	world_fault(SIM_FAULT_THREAD_LIMIT, 1, 0);
	EXPECT_EQ(raw_smc(&r, OPTEE_SMC_CALL_WITH_ARG, raw_pa(&r, 0) >> 32,
			  (uint32_t)raw_pa(&r, 0), 0, NULL), OPTEE_SMC_RETURN_ETHREAD_LIMIT);
	kept(&r);
}

TEST(yielding_call_hides_what_the_secure_world_had_in_its_registers)
{
	uint64_t out[8];
	struct raw r;

	/* Results are 32 bits wide; x4 and up are the caller's own. */
	raw_init(&r, RAW_PAGE_FREE);
	raw_msg(&r, OPTEE_MSG_CMD_CLOSE_SESSION, 0);
	raw_smc(&r, OPTEE_SMC_CALL_WITH_ARG, raw_pa(&r, 0) >> 32, (uint32_t)raw_pa(&r, 0), 0, out);
	for (int i = 0; i < 4; i++)
		EXPECT_EQ(out[i] >> 32, 0);
	for (int i = 4; i < 8; i++)
		EXPECT_EQ(out[i], 0);
}
