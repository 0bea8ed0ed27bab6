// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: the driver's bus and transport: what it refuses, and what a kernel does not have. */
#include "stack.h"
#include <linux/mm.h>

#define PAGE_AT		(HOST_MEMORY_BASE + 0x200000)

static void incomplete_drivers_are_refused(void **state)
{
	struct omnitee_ffa_driver bad[] = { stack_driver, stack_driver, stack_driver };
	unsigned int n;

	(void)state;
	bad[0].name = NULL;
	bad[1].probe = NULL;
	bad[2].id_table = NULL;
	assert_int_equal(ffa_backend_init(), 0);
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_int_equal(stack_register(&bad[n]), -EINVAL);
		assert_null(stack_worker);
	}
	stack_exit();
}

static int talks_and_shares(struct omnitee_ffa_device *fdev)
{
	const struct omnitee_ffa_mem_receiver receiver = {
		.id = fdev->id, .permissions = OMNITEE_FFA_MEM_RW,
	};
	struct scatterlist sg = { .phys = PAGE_AT, .length = PAGE_SIZE };
	struct omnitee_ffa_mem_args args = { .receivers = &receiver, .num_receivers = 1, .sg = &sg };

	assert_int_equal(fdev->id, ID_WORKER);
	assert_int_equal(fdev->properties, 0x10b);
	assert_false(fdev->mode_32bit);
	assert_null(omnitee_ffa_get_drvdata(fdev));
	assert_int_equal(stack_ask(fdev, WORKER_CMD_NOP), FFA_OK);
	assert_int_equal(fdev->ops->mem_ops->share(fdev, &args), 0);
	assert_int_equal(fdev->ops->mem_ops->reclaim(fdev, args.handle, 0), 0);
	return stack_driver.probe(fdev);
}

static void driver_talks_and_shares_in_its_probe(void **state)
{
	struct omnitee_ffa_driver talker = stack_driver;

	(void)state;
	talker.probe = talks_and_shares;
	assert_int_equal(ffa_backend_init(), 0);
	assert_int_equal(stack_register(&talker), 0);
	assert_non_null(stack_worker);
	omnitee_ffa_driver_unregister(&talker);
	stack_exit();
}

static u16 listed_as;

/* The second partition is listed with another id. */
static void list_has_another_id(const ffa_regs *in, ffa_regs *out)
{
	if (in->a0 == FFA_PARTITION_INFO_GET_REGS_64 && out->a0 == FFA_SUCCESS_64)
		out->a9 = (out->a9 & ~0xffffUL) | listed_as;
}

static void we_are_the_second(const ffa_regs *in, ffa_regs *out)
{
	if (in->a0 == FFA_ID_GET_32)
		out->a2 = ID_OLD;
}

static void partitions_of_others_are_devices(void **state)
{
	(void)state;
	/* The hypervisor's endpoint, which is ours, and our own when it is another one. */
	stack_spoil = list_has_another_id;
	listed_as = 0;
	assert_int_equal(ffa_backend_init(), 0);
	assert_int_equal(fake_devices(), STACK_DEVICES - 1);
	stack_exit();
	listed_as = 0x8010;
	assert_int_equal(ffa_backend_init(), 0);
	assert_int_equal(fake_devices(), STACK_DEVICES);
	stack_exit();
	stack_spoil = we_are_the_second;
	assert_int_equal(ffa_backend_init(), 0);
	assert_int_equal(fake_devices(), STACK_DEVICES - 1);
	stack_exit();
}

static u32 properties;
static unsigned long asked_for;

static void buffers_have_limits(const ffa_regs *in, ffa_regs *out)
{
	if (in->a0 == FFA_FEATURES_32 && in->a1 == FFA_RXTX_MAP_64)
		out->a2 = properties;
	if (in->a0 == FFA_RXTX_MAP_64)
		asked_for = in->a3;
}

static void buffers_are_as_large_as_both_sides_take(void **state)
{
	/* What FEATURES says: minimum in bits 0 and 1, maximum in pages from bit 16 on. */
	static const struct {
		const char *config;
		u32 properties;
		unsigned int pages;	/* 0: there is no size */
	} limits[] = {
		{ "ffa=on", 0x00000000, 4 },
		{ "ffa=on", 0x00000001, 16 },	/* at least 64 KiB */
		{ "ffa=on", 0x00000002, 4 },	/* at least 16 KiB */
		{ "ffa=on", 0x00010000, 1 },
		{ "ffa=on", 0x00030000, 3 },
		{ "ffa=on", 0x00050002, 4 },	/* whole times 16 KiB */
		{ "ffa=on", 0x00100001, 16 },
		{ "ffa=on", 0x000f0001, 0 },	/* at least 16 pages, at most 15 */
		{ "ffa=on", 0x00010002, 0 },
		/* 1.1 has no maximum. */
		{ "ffa=on ffa-version=1.1", 0x00010000, 4 },
	};
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(limits); n++) {
		host_stop();
		assert_int_equal(stack_setup(state), 0);
		host_stop();
		assert_true(host_start(limits[n].config));
		stack_spoil = buffers_have_limits;
		properties = limits[n].properties;
		asked_for = 0;
		assert_int_equal(ffa_backend_init(), 0);
		assert_int_equal(asked_for, limits[n].pages);
		assert_int_equal(nw_counter(SIM_COUNTER_FFA_BUFFERS), !!limits[n].pages);
		assert_int_equal(!fake_devices(), !limits[n].pages);
		stack_exit();
	}
}

static void allocations_that_fail_leave_nothing(void **state)
{
	unsigned int n = 0, failed = 0;

	(void)state;
	do {
		int rc;

		fake_failing_allocation = ++n;
		rc = ffa_backend_init();
		if (!fake_failing_allocation)
			failed++;
		if (!rc)
			ffa_backend_exit();
		else
			assert_int_equal(rc, -ENOMEM);
		stack_nothing_is_left();
	} while (!fake_failing_allocation);
	/* At least: bus, device, transport, two buffers, notifications and a list of partitions. */
	assert_in_range(failed, 12, 100);
	fake_failing_allocation = 0;
	stack_load();
	stack_unload();
}

/* Any platform device can be given to any platform driver, by its driver_override. */
static void transport_is_owned_once(void **state)
{
	struct platform_device second = { };
	unsigned int calls = 0, n;

	(void)state;
	stack_load();
	memset(stack_calls, 0, sizeof(stack_calls));
	assert_int_equal(fake_platform_probe(&second), -EBUSY);
	/* The partition manager was not even asked. */
	for (n = 0; n < ARRAY_SIZE(stack_calls); n++)
		calls += stack_calls[n];
	assert_int_equal(calls, 0);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_BUFFERS), 1);
	assert_int_equal(stack_ask(stack_worker, WORKER_CMD_NOP), FFA_OK);
	stack_unload();
}

/* Functions that are called when it begins, and errors that each may answer. */
static void calls_that_fail_leave_nothing(void **state)
{
	static const s32 statuses[] = {
		FFA_NOT_SUPPORTED, FFA_INVALID_PARAMETERS, FFA_NO_MEMORY, FFA_BUSY, FFA_DENIED,
		FFA_RETRY, FFA_ABORTED, FFA_NO_DATA,
	};
	unsigned int number, n, called = 0;
	bool used[ARRAY_SIZE(stack_calls)];

	(void)state;
	stack_load();
	for (number = 0; number < ARRAY_SIZE(used); number++)
		used[number] = stack_calls[number];
	stack_unload();
	for (number = 0; number < ARRAY_SIZE(used); number++) {
		if (!used[number] || number == STACK_NUMBER(FFA_VERSION_32))
			continue;
		called++;
		for (n = 0; n < ARRAY_SIZE(statuses); n++) {
			fault_set(&host.world.guest.faults, SIM_FAULT_FFA_ERROR, 1,
				  (u64)number << 32 | (u32)statuses[n]);
			/* With what there is, or with nothing. */
			assert_int_equal(ffa_backend_init(), 0);
			fault_set(&host.world.guest.faults, SIM_FAULT_FFA_ERROR, 0, 0);
			ffa_backend_exit();
			stack_nothing_is_left();
			stack_load();
			stack_unload();
		}
	}
	/* ID_GET, FEATURES, RXTX_MAP, BITMAP_CREATE, PARTITION_INFO_GET_REGS, the message. */
	assert_in_range(called, 6, 20);
	assert_int_equal(stack_pages_lost, 0);
}

static void memory_that_is_not_whole_pages_is_refused(void **state)
{
	static const struct scatterlist bad[] = {
		{ PAGE_AT, 0, NULL }, { PAGE_AT, 1, NULL }, { PAGE_AT, 4095, NULL },
		{ PAGE_AT, 4097, NULL }, { PAGE_AT + 1, 4096, NULL }, { PAGE_AT + 2048, 2048, NULL },
		{ PAGE_AT + 4095, 1, NULL },
	};
	const struct omnitee_ffa_mem_receiver receiver = {
		.id = ID_WORKER, .permissions = OMNITEE_FFA_MEM_RW,
	};
	struct omnitee_ffa_mem_args args = { .receivers = &receiver, .num_receivers = 1 };
	const struct omnitee_ffa_mem_ops *ops;
	struct scatterlist sg[2];
	unsigned int n, place;

	(void)state;
	stack_load();
	ops = stack_worker->ops->mem_ops;
	args.sg = sg;
	for (n = 0; n < ARRAY_SIZE(bad); n++)
		for (place = 0; place < 2; place++) {
			sg[0] = (struct scatterlist){ PAGE_AT + 0x4000, 4096, &sg[1] };
			sg[1] = (struct scatterlist){ PAGE_AT + 0x8000, 8192, NULL };
			sg[place].phys = bad[n].phys;
			sg[place].length = bad[n].length;
			assert_int_equal(ops->share(stack_worker, &args), -EINVAL);
			assert_int_equal(ops->lend(stack_worker, &args), -EINVAL);
		}
	args.sg = NULL;
	assert_int_equal(ops->share(stack_worker, &args), -EINVAL);
	args.sg = sg;
	args.num_receivers = 0;
	assert_int_equal(ops->share(stack_worker, &args), -EINVAL);
	/* Nobody was asked. */
	assert_int_equal(stack_calls[STACK_NUMBER(FFA_MEM_SHARE_64)] + stack_calls[STACK_NUMBER(FFA_MEM_LEND_64)], 0);
	args.num_receivers = 1;
	sg[0] = (struct scatterlist){ PAGE_AT + 0x4000, 4096, &sg[1] };
	sg[1] = (struct scatterlist){ PAGE_AT + 0x8000, 8192, NULL };
	assert_int_equal(ops->share(stack_worker, &args), 0);
	assert_int_equal(ops->reclaim(stack_worker, args.handle, 0), 0);
	assert_int_equal(stack_pages_lost, 0);
	stack_unload();
}

#define CASE(name)	cmocka_unit_test_setup_teardown(name, stack_setup, ffa_nw_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(incomplete_drivers_are_refused),
		CASE(driver_talks_and_shares_in_its_probe),
		CASE(partitions_of_others_are_devices),
		CASE(buffers_are_as_large_as_both_sides_take),
		CASE(allocations_that_fail_leave_nothing),
		CASE(transport_is_owned_once),
		CASE(calls_that_fail_leave_nothing),
		CASE(memory_that_is_not_whole_pages_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
