// SPDX-License-Identifier: BSD-2-Clause
/* The calls of QTEE without a driver: registers, interrupts, who may name what. */
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "abi/qtee.h"
#include "abi/qtee_services.h"
#include "array.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

#define PAGE		4096
/* Two of them beside each other: inbound, outbound. */
#define PAGES		2
/* Far from what a driver hands out. */
#define CALLEE		0xfffffff0
#define SPIN_MS		150

struct raw_qtee {
	struct shared_pages mem;
	uint64_t bridge;
	uint64_t flags;
	uint64_t changed;
	unsigned int interrupts;
	unsigned int cpus;	/* where it goes on, in turn */
};

/* Not asked by a call: OP-TEE would begin a thread to refuse it, which nobody resumes. */
static bool present(void)
{
	const char *qtee = getenv("OMNITEE_QTEE");

	return qtee && !strcmp(qtee, "on");
}

static void start(struct raw_qtee *r)
{
	struct sim_smc smc = { .in = { QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_CREATE), 4 } };

	world_need();
	memset(r, 0, sizeof(*r));
	if (!present())
		SKIP("this secure world has no QTEE");
	world_pages(&r->mem, PAGES * PAGE);
	/* Needed where the kernel has switched bridges on. */
	smc.in[2] = r->mem.phys | QTEE_PERM_RW;
	smc.in[3] = r->mem.phys | QTEE_PERM_RW;
	smc.in[4] = r->mem.size | 1 << QTEE_BRIDGE_VMS_SHIFT;
	smc.in[5] = QTEE_BRIDGE_VM_HLOS;
	world_smc(&smc);
	ASSERT_EQ(smc.out[0], QTEE_SMC_OK);
	r->bridge = smc.out[2];
}

static void end(struct raw_qtee *r)
{
	struct sim_smc smc = { .in = { QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_DELETE), 1, r->bridge } };

	world_smc(&smc);
	EXPECT_EQ(smc.out[0], QTEE_SMC_OK);
	world_pages_put(&r->mem);
}

static void run_on(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	ASSERT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
}

/* One SMC, which interrupts may cut short; each time another CPU goes on with it. */
static int64_t smc(struct raw_qtee *r, struct sim_smc *s)
{
	uint64_t in[8];

	s->flags = r->flags;
	memcpy(in, s->in, sizeof(in));
	for (;;) {
		world_smc(s);
		/* x6 is for what was interrupted. */
		r->changed |= s->out[0] == QTEE_SMC_INTERRUPTED ? s->changed & ~(1ULL << 6) :
			      s->changed;
		if (s->out[0] != QTEE_SMC_INTERRUPTED)
			return (int64_t)s->out[0];
		in[0] = QTEE_SMC_INTERRUPTED;
		in[6] = s->out[6];
		memcpy(s->in, in, sizeof(in));
		if (r->cpus)
			run_on(++r->interrupts % r->cpus);
	}
}

static int64_t invoke(struct raw_qtee *r, struct sim_smc *s)
{
	*s = (struct sim_smc){ .in = { QTEE_SMC_INVOKE, QTEE_INVOKE_ARGINFO, r->mem.phys, PAGE,
				       r->mem.phys + PAGE, PAGE } };
	return smc(r, s);
}

static struct qtee_invoke *message(struct raw_qtee *r, uint32_t cxt, uint32_t op, uint32_t counts)
{
	struct qtee_invoke *m = (void *)r->mem.va;

	memset(r->mem.va, 0, PAGES * PAGE);
	m->cxt = cxt;
	m->op = op;
	m->counts = counts;
	return m;
}

/* To its final return, which must be told as such; the result. */
static int32_t call(struct raw_qtee *r)
{
	struct sim_smc s;

	ASSERT_EQ(invoke(r, &s), QTEE_SMC_OK);
	ASSERT_EQ(s.out[1], QTEE_RESPONSE_FINAL);
	return (int32_t)s.out[2];
}

static void release(struct raw_qtee *r, uint32_t object)
{
	message(r, object, QTEE_OP_RELEASE, 0);
	EXPECT_EQ(call(r), QTEE_OK);
}

/* With credentials in the message itself: there is nobody to ask for others. */
static uint32_t service(struct raw_qtee *r, uint32_t uid)
{
	static const uint8_t credentials[] = { 0xa1, 0x01, 0x00 };
	struct qtee_invoke *m = message(r, QTEE_OBJECT_ROOT, QTEE_OP_ROOT_REGISTER_LEGACY,
					QTEE_COUNTS(1, 0, 0, 1));
	uint32_t env;

	m->args[0].b.offset = 32;
	m->args[0].b.size = sizeof(credentials);
	memcpy(r->mem.va + 32, credentials, sizeof(credentials));
	ASSERT_EQ(call(r), QTEE_OK);
	env = m->args[1].o.id;

	m = message(r, env, QTEE_OP_ENV_OPEN, QTEE_COUNTS(1, 0, 0, 1));
	m->args[0].b.offset = 32;
	m->args[0].b.size = sizeof(uid);
	memcpy(r->mem.va + 32, &uid, sizeof(uid));
	ASSERT_EQ(call(r), QTEE_OK);
	uid = m->args[1].o.id;
	release(r, env);
	return uid;
}

static void fill_number(struct raw_qtee *r, uint32_t object, uint32_t op, uint32_t value)
{
	struct qtee_invoke *m = message(r, object, op, QTEE_COUNTS(1, 0, 0, 0));

	m->args[0].b.offset = 24;
	m->args[0].b.size = sizeof(value);
	memcpy(r->mem.va + 24, &value, sizeof(value));
}

TEST(registers_stay_as_they_are)
{
	struct raw_qtee r;
	uint32_t sleeper;

	start(&r);
	r.flags = SIM_SMC_CHECK_REGS;
	sleeper = service(&r, QTEE_UID_SLEEPER);
	fill_number(&r, sleeper, QTEE_SLEEPER_SPIN, 20);
	EXPECT_EQ(call(&r), QTEE_OK);
	release(&r, sleeper);
	EXPECT_EQ(r.changed, 0);
	end(&r);
}

TEST(interrupted_call_is_continued_by_another_cpu)
{
	struct raw_qtee r;
	uint64_t before, limit;
	uint32_t sleeper;

	start(&r);
	sleeper = service(&r, QTEE_UID_SLEEPER);
	before = world_counter(SIM_COUNTER_QTEE_INTERRUPTED);
	run_on(0);
	r.cpus = 2;
	limit = clock_ms() + PATIENCE_MS;
	/* Time goes on while this machine stands still, and no interrupt comes. */
	do {
		fill_number(&r, sleeper, QTEE_SLEEPER_SPIN, SPIN_MS);
		EXPECT_EQ(call(&r), QTEE_OK);
	} while (!r.interrupts && clock_ms() < limit);
	EXPECT_MSG(r.interrupts, "no interrupt in %u ms", SPIN_MS);
	EXPECT_GE(world_counter(SIM_COUNTER_QTEE_INTERRUPTED), before + r.interrupts);
	release(&r, sleeper);
	end(&r);
}

TEST(storm_of_interruptions_ends)
{
	struct raw_qtee r;
	uint64_t before;

	start(&r);
	before = world_counter(SIM_COUNTER_QTEE_INTERRUPTED);
	world_fault(SIM_FAULT_QTEE_INTERRUPTED, 500, 0);
	message(&r, QTEE_OBJECT_ROOT, QTEE_OP_RELEASE, 0);
	EXPECT_EQ(call(&r), QTEE_OK);
	EXPECT_GE(world_counter(SIM_COUNTER_QTEE_INTERRUPTED), before + 500);
	end(&r);
}

TEST(buffers_must_be_whole_pages_of_the_normal_world)
{
	struct raw_qtee r;
	struct sim_smc s;

	start(&r);
	for (unsigned int reg = 2; reg < 6; reg++) {
		const uint64_t bad[] = { 0, 8, 0x0e000000, r.mem.phys + 12, 1ULL << 52 };

		for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
			message(&r, QTEE_OBJECT_ROOT, QTEE_OP_RELEASE, 0);
			s = (struct sim_smc){ .in = { QTEE_SMC_INVOKE, QTEE_INVOKE_ARGINFO,
						      r.mem.phys, PAGE, r.mem.phys + PAGE,
						      PAGE } };
			s.in[reg] = bad[i];
			EXPECT_EQ((int32_t)smc(&r, &s), QTEE_SMC_EINVAL_ADDRESS);
		}
	}
	end(&r);
}

TEST(answer_belongs_to_the_call_that_waits_there)
{
	struct qtee_callback *request;
	struct raw_qtee r;
	struct sim_smc s;
	uint32_t caller, op = 9;
	struct qtee_invoke *m;
	uint64_t remotes;

	start(&r);
	request = (void *)(r.mem.va + PAGE);
	s = (struct sim_smc){ .in = { QTEE_SMC_CB_RSP, QTEE_CB_RSP_ARGINFO, r.mem.phys + PAGE,
				      PAGE } };
	EXPECT_EQ((int32_t)smc(&r, &s), QTEE_SMC_EINVAL_ADDRESS);

	caller = service(&r, QTEE_UID_CALLER);
	remotes = world_counter(SIM_COUNTER_QTEE_REMOTES);
	m = message(&r, caller, QTEE_CALLER_FORWARD, QTEE_COUNTS(1, 0, 1, 0));
	m->args[0].b.offset = 32;
	m->args[0].b.size = sizeof(op);
	memcpy(r.mem.va + 32, &op, sizeof(op));
	m->args[1].o.id = CALLEE;
	ASSERT_EQ(invoke(&r, &s), QTEE_SMC_OK);
	ASSERT_EQ(s.out[1], QTEE_RESPONSE_CALLBACK);
	EXPECT_EQ(request->cxt, CALLEE);
	EXPECT_EQ(request->op, op);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_REMOTES), remotes + 1);
	/* Its page is taken. */
	EXPECT_EQ((int32_t)invoke(&r, &s), QTEE_SMC_EINVAL_ARGUMENT);
	request->result = 4711;
	s = (struct sim_smc){ .in = { QTEE_SMC_CB_RSP, QTEE_CB_RSP_ARGINFO, r.mem.phys + PAGE,
				      PAGE } };
	ASSERT_EQ(smc(&r, &s), QTEE_SMC_OK);
	EXPECT_EQ(s.out[1], QTEE_RESPONSE_FINAL);
	EXPECT_EQ(s.out[2], 4711);
	/* The callee comes back with it: version, operation, count, object. */
	EXPECT_EQ(((uint32_t *)request)[0], QTEE_ASYNC_VERSION_1_2);
	EXPECT_EQ(((uint32_t *)request)[2], 1);
	EXPECT_EQ(((uint32_t *)request)[3], CALLEE);
	release(&r, caller);
	end(&r);
}
