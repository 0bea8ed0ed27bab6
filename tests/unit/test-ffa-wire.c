// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: what the driver asks and what the partition manager answers, as typed from the description. */
#include "stack.h"
#include <linux/mm.h>
#include "ffa-calls.h"
#include "ffa-descriptors.h"

/* Where the ranges of the vectors lie. */
#define PAGES_AT	0x40400000UL
#define TAG		0x1122334455667788UL

/* Those of the log that were looked at. */
static unsigned int seen;

static void compare(const char *name, const char *what, const ffa_regs *is, const uint64_t *want)
{
	const uint64_t *x = (const uint64_t *)is;
	unsigned int n;

	for (n = 0; n < VECTOR_FFA_REGISTERS; n++)
		if (x[n] != want[n])
			fail_msg("%s: %s, x%u is %lx, want %lx", name, what, n, (unsigned long)x[n],
				 (unsigned long)want[n]);
}

/* The next exchange was that one. */
static void was(const char *name, const struct vector_ffa *vector)
{
	assert_in_range(seen, 0, stack_logged - 1);
	compare(name, "asked", &stack_log[seen].in, vector->in);
	compare(name, "answered", &stack_log[seen].out, vector->out);
	seen++;
}

#define WAS(name)	was(#name, &vector_ffa_##name)

static void that_was_all(void)
{
	assert_int_equal(seen, stack_logged);
	seen = 0;
	stack_logged = 0;
}

/* Buffers and notifications have vectors elsewhere. */
static void then_up_to(u32 function)
{
	while (seen < stack_logged && stack_log[seen].in.a0 != function)
		seen++;
}

static void start(void)
{
	seen = 0;
	stack_logged = 0;
	assert_int_equal(ffa_backend_init(), 0);
}

static void beginning_of_1_2(void **state)
{
	(void)state;
	start();
	WAS(version_1_2);
	WAS(id_get);
	WAS(features_rxtx);
	assert_int_equal(stack_log[seen++].in.a0, 0xc4000066);
	WAS(features_share);
	WAS(features_info_regs);
	then_up_to(0x8400007d);
	WAS(bitmap_create);
	WAS(features_sri);
	WAS(features_npi);
	WAS(info_regs);
	that_was_all();
	stack_exit();
}

static void beginning_of_1_1(void **state)
{
	(void)state;
	host_stop();
	assert_true(host_start("ffa=on ffa-version=1.1"));
	start();
	WAS(version_1_2_of_1_1);
	WAS(version_1_1);
	WAS(id_get);
	then_up_to(0x84000068);
	WAS(info_get_of_1_1);
	WAS(rx_release);
	that_was_all();
	stack_exit();
}

static void beginning_of_1_0(void **state)
{
	(void)state;
	host_stop();
	assert_true(host_start("ffa=on ffa-version=1.0"));
	start();
	seen = stack_logged;
	that_was_all();
	/* Who has the driver's protocol is asked for it. */
	assert_int_equal(stack_register(&stack_driver), 0);
	WAS(info_get_uuid_of_1_0);
	WAS(rx_release);
	that_was_all();
	assert_non_null(stack_worker);
	stack_unload();
}

/* As a driver sends them; the words are those of the answer, then. */
static void send(const struct vector_ffa *vector)
{
	struct omnitee_ffa_message msg = { .bounded = false };
	unsigned int n;

	for (n = 0; n < OMNITEE_FFA_DIRECT_WORDS; n++)
		msg.data[n] = vector->in[3 + n];
	assert_int_equal(omnitee_ffa_send(stack_worker, &msg), 0);
	for (n = 0; n < OMNITEE_FFA_DIRECT_WORDS; n++)
		assert_int_equal(msg.data[n], ((uint64_t *)&stack_log[stack_logged - 1].out)[3 + n]);
}

static void messages(void **state)
{
	(void)state;
	stack_load();
	seen = stack_logged;
	that_was_all();
	send(&vector_ffa_direct_64);
	WAS(direct_64);
	stack_worker->ops->msg_ops->mode_32bit_set(stack_worker);
	send(&vector_ffa_direct_32);
	WAS(direct_32);
	send(&vector_ffa_direct_yields);
	WAS(direct_yields);
	WAS(run_after_yield);
	host.interrupt_after = 40;
	send(&vector_ffa_direct_interrupted);
	WAS(direct_interrupted);
	WAS(run_after_interrupt);
	that_was_all();
	stack_unload();
}

static const struct omnitee_ffa_mem_receiver receiver = { ID_WORKER, OMNITEE_FFA_MEM_RW };

static void memory(void **state)
{
	struct scatterlist second = { PAGES_AT + 0x200000, 8192, NULL };
	struct scatterlist first = { PAGES_AT, 4096, &second };
	struct omnitee_ffa_mem_args args = {
		.receivers = &receiver, .num_receivers = 1, .sg = &first, .tag = TAG,
	};
	const struct omnitee_ffa_mem_ops *ops;

	(void)state;
	stack_load();
	ops = stack_worker->ops->mem_ops;
	seen = stack_logged;
	that_was_all();
	assert_int_equal(ops->share(stack_worker, &args), 0);
	assert_memory_equal(host_at(STACK_TX), vector_ffa_share_v1_2, sizeof(vector_ffa_share_v1_2));
	assert_int_equal(args.handle, 0x0f4d0000fffffff8);
	WAS(share);
	assert_int_equal(ops->reclaim(stack_worker, args.handle, 0), 0);
	WAS(reclaim);
	assert_int_equal(ops->reclaim(stack_worker, args.handle, 0), -EINVAL);
	WAS(reclaim_again);
	assert_int_equal(ops->lend(stack_worker, &args), 0);
	/* How it is cached is left to who has it alone. */
	assert_int_equal(((uint8_t *)host_at(STACK_TX))[2], 0);
	WAS(lend);
	assert_int_equal(ops->reclaim(stack_worker, args.handle, 0), 0);
	WAS(reclaim_lent);
	that_was_all();
	stack_unload();
}

/* Ranges of a page each. */
static void memory_in_fragments(void **state)
{
	const unsigned int count = 1100;
	struct scatterlist *sg = calloc(count, sizeof(*sg));
	struct omnitee_ffa_mem_args args = {
		.receivers = &receiver, .num_receivers = 1, .sg = sg, .tag = TAG,
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < count; n++)
		sg[n] = (struct scatterlist){
			.phys = HOST_MEMORY_BASE + 0x200000 + n * 4096,
			.length = 4096,
			.next = n < count - 1 ? &sg[n + 1] : NULL,
		};
	stack_load();
	seen = stack_logged;
	that_was_all();
	assert_int_equal(stack_worker->ops->mem_ops->share(stack_worker, &args), 0);
	for (n = 0; n < ARRAY_SIZE(vector_ffa_share_many); n++)
		was("share_many", &vector_ffa_share_many[n]);
	assert_int_equal(stack_worker->ops->mem_ops->reclaim(stack_worker, args.handle, 0), 0);
	WAS(reclaim);
	that_was_all();
	stack_unload();
	free(sg);
}

#define CASE(name)	cmocka_unit_test_setup_teardown(name, stack_setup, ffa_nw_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(beginning_of_1_2),
		CASE(beginning_of_1_1),
		CASE(beginning_of_1_0),
		CASE(messages),
		CASE(memory),
		CASE(memory_in_fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
