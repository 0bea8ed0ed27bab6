// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: how the driver comes to have notifications, or does without. */
#include "stack.h"

static u32 feature;
static s32 intid;

/* It is said not to be there, or to have another number. */
static void a_feature_is_another(const ffa_regs *in, ffa_regs *out)
{
	if (in->a0 != FFA_FEATURES_32 || in->a1 != feature)
		return;
	if (intid < 0)
		*out = (ffa_regs){ .a0 = FFA_ERROR_32, .a2 = (u32)intid };
	else
		out->a2 = intid;
}

static int request_one(void)
{
	return stack_worker->ops->notifier_ops->request(stack_worker, false, (omnitee_ffa_notifier_fn)abort,
						  NULL, 1);
}

static void nobody_is_notified(unsigned int bitmaps)
{
	stack_load();
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_BITMAPS), 0);
	assert_int_equal(stack_calls[STACK_NUMBER(FFA_NOTIFICATION_BITMAP_CREATE_32)], bitmaps);
	assert_int_equal(request_one(), -EOPNOTSUPP);
	assert_int_equal(stack_worker->ops->notifier_ops->relinquish(stack_worker, 1), -EOPNOTSUPP);
	assert_int_equal(stack_worker->ops->notifier_ops->send(stack_worker, 1, false, 0), -EOPNOTSUPP);
	stack_unload();
	memset(stack_calls, 0, sizeof(stack_calls));
}

static void notifications_that_cannot_be_had_are_done_without(void **state)
{
	static const s32 no_interrupt[] = { FFA_NOT_SUPPORTED, 0, 7, 32, 0x7fffffff };
	static const s32 no_bitmap[] = { FFA_NO_MEMORY, FFA_INVALID_PARAMETERS, FFA_NOT_SUPPORTED };
	unsigned int n;

	(void)state;
	stack_spoil = a_feature_is_another;
	/* Not there: it is not asked for. */
	feature = FFA_NOTIFICATION_BITMAP_CREATE_32;
	intid = FFA_NOT_SUPPORTED;
	nobody_is_notified(0);
	feature = FFA_FEATURE_SRI;
	for (n = 0; n < ARRAY_SIZE(no_interrupt); n++) {
		intid = no_interrupt[n];
		nobody_is_notified(1);
	}
	stack_spoil = NULL;
	for (n = 0; n < ARRAY_SIZE(no_bitmap); n++) {
		fault_set(&host.world.guest.faults, SIM_FAULT_FFA_ERROR, 1,
			  0x7dULL << 32 | (uint32_t)no_bitmap[n]);
		nobody_is_notified(1);
	}
	fake_irqs.refused = STACK_SRI;
	nobody_is_notified(1);
	fake_irqs.refused = 0;
	fake_irqs.stateless = true;
	nobody_is_notified(1);
	fake_irqs.stateless = false;
	/* Without the other interrupt there still is the first. */
	stack_spoil = a_feature_is_another;
	feature = FFA_FEATURE_NPI;
	for (n = 0; n < ARRAY_SIZE(no_interrupt); n++) {
		intid = no_interrupt[n];
		stack_load();
		assert_int_equal(request_one(), 0);
		assert_non_null(fake_irqs.handler[STACK_SRI]);
		assert_null(fake_irqs.handler[STACK_NPI]);
		assert_int_equal(stack_worker->ops->notifier_ops->relinquish(stack_worker, 1), 0);
		stack_unload();
	}
}

static int told_at = -1;

static void tell(int id, void *data)
{
	assert_int_equal(id, 1);
	assert_null(data);
	told_at = fake_work_cpu;
}

/* The interrupt comes to that CPU, which then does its work. */
static void interrupt(unsigned int irq, unsigned int cpu)
{
	struct ffa_notify *notify = to_ffa(stack_worker)->notify;

	assert_true(fake_irqs.enabled[irq] & BIT(cpu));
	assert_ptr_equal(fake_irqs.data[irq], notify->cpus);
	assert_int_equal(fake_irqs.handler[irq]((int)irq, per_cpu_ptr(notify->cpus, cpu)),
			 IRQ_HANDLED);
	flush_workqueue(notify->workers);
}

static void cpu_that_comes_later_takes_its_interrupts(void **state)
{
	(void)state;
	fake_irqs.online = 0x7;
	stack_load();
	assert_int_equal(fake_irqs.enabled[STACK_NPI], 0x7);
	assert_int_equal(stack_worker->ops->notifier_ops->request(stack_worker, true, tell, NULL, 1), 0);
	fake_cpu_comes(3);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_NOTIFY, 2, 0, 3 << 16 | 1), FFA_OK);
	assert_int_equal(host.raised[3], 1U << STACK_NPI);
	interrupt(STACK_NPI, 3);
	assert_int_equal(told_at, 3);
	/* It may come to any CPU that somebody has something. */
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_NOTIFY, 2, 0, 1 << 16 | 1), FFA_OK);
	interrupt(STACK_SRI, 3);
	assert_int_equal(told_at, 1);
	assert_int_equal(stack_worker->ops->notifier_ops->relinquish(stack_worker, 1), 0);
	stack_unload();
}

/* Nobody has moved it to another one. */
static void interrupt_that_is_pending_at_a_cpu_is_made_up_for_when_it_goes(void **state)
{
	struct workqueue_struct *workers;

	(void)state;
	stack_load();
	workers = to_ffa(stack_worker)->notify->workers;
	told_at = -1;
	assert_int_equal(stack_worker->ops->notifier_ops->request(stack_worker, false, tell, NULL, 1), 0);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_NOTIFY, 2, 0, 0), FFA_OK);
	flush_workqueue(workers);
	assert_int_equal(told_at, -1);
	fake_cpu_goes(3);
	flush_workqueue(workers);
	assert_int_equal(told_at, 3);
	assert_int_equal(stack_worker->ops->notifier_ops->relinquish(stack_worker, 1), 0);

	/* And what came for that one alone while it was away. */
	told_at = -1;
	assert_int_equal(stack_worker->ops->notifier_ops->request(stack_worker, true, tell, NULL, 1), 0);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_NOTIFY, 2, 0, 3 << 16 | 1), FFA_OK);
	flush_workqueue(workers);
	assert_int_equal(told_at, -1);
	fake_cpu_comes(3);
	flush_workqueue(workers);
	assert_int_equal(told_at, 3);
	assert_int_equal(stack_worker->ops->notifier_ops->relinquish(stack_worker, 1), 0);
	stack_unload();
}

/* It is set as soon as it is bound, and the interrupt is there before BIND has returned. */
static void comes_at_once(const ffa_regs *in, ffa_regs *out)
{
	if (in->a0 != FFA_NOTIFICATION_BIND_32)
		return;
	assert_int_equal(out->a0, FFA_SUCCESS_32);
	assert_int_equal(ffa_nw_worker(ID_WORKER, WORKER_CMD_NOTIFY, 2, 0, 0), FFA_OK);
	interrupt(STACK_SRI, 2);
}

static void notification_that_comes_while_it_is_bound(void **state)
{
	(void)state;
	stack_load();
	told_at = -1;
	stack_spoil = comes_at_once;
	assert_int_equal(stack_worker->ops->notifier_ops->request(stack_worker, false, tell, NULL, 1),
			 0);
	stack_spoil = NULL;
	assert_int_equal(told_at, 2);
	assert_int_equal(stack_worker->ops->notifier_ops->relinquish(stack_worker, 1), 0);
	/* Who could not have it is not told. */
	told_at = -1;
	fault_set(&host.world.guest.faults, SIM_FAULT_FFA_ERROR, 1,
		  0x7fULL << 32 | (uint32_t)FFA_DENIED);
	assert_int_equal(stack_worker->ops->notifier_ops->request(stack_worker, false, tell, NULL, 1),
			 -EACCES);
	assert_null(to_ffa(stack_worker)->notify->notifier[1].fn);
	stack_unload();
}

static struct omnitee_ffa_device *echo[2];

static int echo_bound(struct omnitee_ffa_device *fdev)
{
	echo[!!echo[0]] = fdev;
	return 0;
}

static void two_protocols_of_one_partition(void **state)
{
	static const struct omnitee_ffa_device_id first[] = { { { PARTITION_ECHO_UUID } }, { } };
	static const struct omnitee_ffa_device_id second[] = { { { PARTITION_ECHO_2_UUID } }, { } };
	struct omnitee_ffa_driver drivers[] = {
		{ .name = "first", .probe = echo_bound, .id_table = first },
		{ .name = "second", .probe = echo_bound, .id_table = second },
	};
	const struct omnitee_ffa_notifier_ops *ops;
	unsigned int n;

	(void)state;
	stack_load();
	ops = stack_worker->ops->notifier_ops;
	memset(echo, 0, sizeof(echo));
	for (n = 0; n < ARRAY_SIZE(drivers); n++)
		assert_int_equal(stack_register(&drivers[n]), 0);
	assert_ptr_not_equal(echo[0], echo[1]);
	assert_int_equal(echo[0]->id, echo[1]->id);
	/* Who waits for one waits for the other: the partition has one context. */
	assert_ptr_equal(echo[0]->partition, echo[1]->partition);
	assert_int_equal(ops->request(echo[0], false, tell, NULL, 1), 0);
	assert_int_equal(ops->request(echo[1], false, tell, NULL, 1), -EACCES);
	assert_int_equal(ops->request(echo[1], true, tell, NULL, 2), 0);
	assert_int_equal(ops->relinquish(echo[1], 1), -EINVAL);
	assert_int_equal(ops->relinquish(echo[0], 2), -EINVAL);
	assert_int_equal(ops->relinquish(echo[0], 1), 0);
	assert_int_equal(ops->relinquish(echo[1], 2), 0);
	for (n = 0; n < ARRAY_SIZE(drivers); n++)
		omnitee_ffa_driver_unregister(&drivers[n]);
	stack_unload();
}

#define CASE(name)	cmocka_unit_test_setup_teardown(name, stack_setup, ffa_nw_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(notifications_that_cannot_be_had_are_done_without),
		CASE(cpu_that_comes_later_takes_its_interrupts),
		CASE(interrupt_that_is_pending_at_a_cpu_is_made_up_for_when_it_goes),
		CASE(notification_that_comes_while_it_is_bound),
		CASE(two_protocols_of_one_partition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
