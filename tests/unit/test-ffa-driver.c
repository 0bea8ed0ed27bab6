// SPDX-License-Identifier: BSD-2-Clause
/* FF-A: what the driver asks, register by register, as typed from the description. */
#include <stdarg.h>
#include <setjmp.h>
#include "notify.h"
#include <linux/mm.h>
#include <cmocka.h>
#include "ffa-registers.h"

#define MAX_EXCHANGES	16
#define WORKER		0x8003

static struct platform_device pdev;
static struct ffa ffa;
/* What will be asked, and what was. */
static const struct vector_ffa *wanted[MAX_EXCHANGES];
static unsigned int num_wanted, asked;
/* A device of the worker, or of the echo's second protocol. */
static struct ffa_bus_device device;
/* Who was told of a notification, in turn: number and CPU. */
static struct {
	int id, cpu;
} told[MAX_EXCHANGES];
static unsigned int num_told;
static struct ffa_partition_info *infos;

static void smc(const ffa_regs *in, ffa_regs *out)
{
	const unsigned long *x = (const unsigned long *)in;
	const struct vector_ffa *vector = wanted[asked];
	unsigned int n;

	if (asked == num_wanted)
		fail_msg("%lx is asked, too", x[0]);
	for (n = 0; n < VECTOR_FFA_REGISTERS; n++)
		if (x[n] != vector->in[n])
			fail_msg("request %u: x%u is %lx, want %lx", asked, n, x[n],
				 (unsigned long)vector->in[n]);
	asked++;
	memcpy(out, vector->out, sizeof(vector->out));
}

static void want(const struct vector_ffa *vector)
{
	assert_in_range(num_wanted, 0, MAX_EXCHANGES - 1);
	wanted[num_wanted++] = vector;
}

#define WANT(name)	want(&vector_ffa_##name)

/* All of it has been asked; from here on, something else. */
static void nothing_is_wanted(void)
{
	assert_int_equal(asked, num_wanted);
	asked = 0;
	num_wanted = 0;
}

u32 arm_smccc_get_version(void)
{
	return ARM_SMCCC_VERSION_1_2;
}

enum arm_smccc_conduit arm_smccc_1_1_get_conduit(void)
{
	return SMCCC_CONDUIT_SMC;
}

void arm_smccc_1_2_smc(const ffa_regs *in, ffa_regs *out)
{
	smc(in, out);
}

void arm_smccc_1_2_hvc(const ffa_regs *in, ffa_regs *out)
{
	(void)in;
	(void)out;
	fail();
}

u64 virt_to_phys(const void *at)
{
	assert_true(at == ffa.tx || at == ffa.rx);
	return at == ffa.tx ? VECTOR_FFA_TX : VECTOR_FFA_RX;
}

int ffa_notify_irq_init(struct ffa_notify *notify)
{
	(void)notify;
	return 0;
}

void ffa_notify_irq_exit(struct ffa_notify *notify)
{
	(void)notify;
}

static int begin(void **state)
{
	(void)state;
	memset(&ffa, 0, sizeof(ffa));
	ffa.pdev = &pdev;
	ffa.version = FFA_VERSION_MAKE(1, 2);
	ffa.info_regs = true;
	memset(&device, 0, sizeof(device));
	device.ffa = &ffa;
	device.fdev.id = WORKER;
	asked = 0;
	num_wanted = 0;
	num_told = 0;
	infos = NULL;
	return ffa_conduit(&ffa);
}

/* What a case that failed has left is not what it failed of. */
static int end(void **state)
{
	bool left = ffa.notify || ffa.rx || ffa.tx || device.fdev.partition || infos;

	(void)state;
	if (ffa.notify) {
		free(ffa.notify->workers);
		free_percpu(ffa.notify->cpus);
		free(ffa.notify);
	}
	free(ffa.rx);
	free(ffa.tx);
	if (device.fdev.partition)
		ffa_partition_put(device.fdev.partition);
	kfree(infos);
	return left || asked != num_wanted ? -1 : 0;
}

static void buffers(void **state)
{
	(void)state;
	WANT(features_rxtx);
	WANT(rxtx_map);
	assert_int_equal(ffa_buffers_map(&ffa), 0);
	nothing_is_wanted();
	WANT(rxtx_unmap);
	ffa_buffers_unmap(&ffa);
	assert_null(ffa.tx);
}

static void buffers_of_an_earlier_kernel(void **state)
{
	(void)state;
	WANT(features_rxtx);
	WANT(rxtx_map_again);
	WANT(rxtx_unmap);
	WANT(rxtx_map);
	assert_int_equal(ffa_buffers_map(&ffa), 0);
	WANT(rxtx_unmap);
	ffa_buffers_unmap(&ffa);
}

static void partition_is(const struct ffa_partition_info *info, u16 id, u32 properties, u8 number)
{
	assert_int_equal(info->id, id);
	assert_int_equal(info->exec_contexts, 1);
	assert_int_equal(info->properties, properties);
	assert_int_equal(info->uuid.b[0], 0x6f);
	assert_int_equal(info->uuid.b[8], 0x80);
	assert_int_equal(info->uuid.b[15], number);
}

static void forget(void)
{
	kfree(infos);
	infos = NULL;
}

static void all_are_there(void)
{
	partition_is(&infos[0], 0x8001, 0x301, 1);
	partition_is(&infos[1], 0x8001, 0x301, 2);
	partition_is(&infos[2], 0x8002, 0x001, 3);
	partition_is(&infos[3], 0x8003, 0x10b, 4);
	partition_is(&infos[4], 0x8004, 0x101, 5);
	forget();
}

static void partitions_in_registers(void **state)
{
	static const uuid_t nil;

	(void)state;
	WANT(info_regs);
	assert_int_equal(ffa_partitions_read(&ffa, &nil, &infos), 5);
	all_are_there();
	nothing_is_wanted();
	WANT(info_regs_first_four);
	WANT(info_regs_fifth);
	assert_int_equal(ffa_partitions_read(&ffa, &nil, &infos), 5);
	all_are_there();
	nothing_is_wanted();
	/* Then it begins anew. */
	WANT(info_regs_first_four);
	WANT(info_regs_changed);
	WANT(info_regs);
	assert_int_equal(ffa_partitions_read(&ffa, &nil, &infos), 5);
	all_are_there();
}

static void partitions_of_a_uuid(void **state)
{
	static const uuid_t worker = {
		{ 0x6f, 0x6d, 0x6e, 0x69, 0x74, 0x65, 0x46, 0, 0x80, 0, 0, 0, 0, 0, 0, 4 },
	};
	static const uuid_t nobody = {
		{ 0xbd, 0xcd, 0x76, 0xd7, 0x82, 0x5e, 0x47, 0x51,
		  0x96, 0x3b, 0x86, 0xd4, 0xf8, 0x49, 0x43, 0xac },
	};

	(void)state;
	WANT(info_regs_uuid);
	assert_int_equal(ffa_partitions_read(&ffa, &worker, &infos), 1);
	partition_is(infos, 0x8003, 0x10b, 4);
	forget();
	WANT(info_regs_nobody);
	assert_int_equal(ffa_partitions_read(&ffa, &nobody, &infos), -EINVAL);
	infos = NULL;
}

static void requests_with_a_uuid(void **state)
{
	struct omnitee_ffa_message2 msg;
	unsigned int n;

	(void)state;
	device.fdev.id = 0x8001;
	device.fdev.properties = 0x301;
	device.fdev.uuid = (uuid_t){
		{ 0x6f, 0x6d, 0x6e, 0x69, 0x74, 0x65, 0x46, 0, 0x80, 0, 0, 0, 0, 0, 0, 2 },
	};
	device.fdev.partition = ffa_partition_get(device.fdev.id);
	for (n = 0; n < 14; n++)
		msg.data[n] = 0x1111111111111104 + n;
	WANT(direct2);
	assert_int_equal(ffa_msg_ops.send2(&device.fdev, &msg), 0);
	for (n = 0; n < 13; n++)
		assert_int_equal(msg.data[n], 0x1111111111111104 + n);
	assert_int_equal(msg.data[13], 2);
	ffa_partition_put(device.fdev.partition);
	device.fdev.partition = NULL;
}

static void tell(int id, void *data)
{
	assert_ptr_equal(data, &device);
	assert_in_range(num_told, 0, MAX_EXCHANGES - 1);
	told[num_told].id = id;
	told[num_told++].cpu = fake_work_cpu;
}

static void was_told(unsigned int n, int id, int cpu)
{
	assert_in_range(num_told, n + 1, MAX_EXCHANGES);
	assert_int_equal(told[n].id, id);
	assert_int_equal(told[n].cpu, cpu);
}

static int request(int id, bool per_vcpu)
{
	return ffa_notifier_ops.request(&device.fdev, per_vcpu, tell, &device, id);
}

/* FEATURES of the bitmap, and of how one is told. */
static const struct vector_ffa features_bitmap = { { 0x84000064, 0x8400007d }, { 0x84000061 } };
static const struct vector_ffa features_info_64 = { { 0x84000064, 0xc4000083 }, { 0x84000061 } };
static const struct vector_ffa features_info_32_only = {
	{ 0x84000064, 0xc4000083 }, { 0x84000060, 0, 0xffffffff },
};

static void have_notifications(const struct vector_ffa *features_info)
{
	want(&features_bitmap);
	want(features_info);
	WANT(bitmap_create);
	ffa_notify_init(&ffa);
	assert_non_null(ffa.notify);
	WANT(bind);
	assert_int_equal(request(63, false), 0);
	WANT(bind_per_vcpu);
	assert_int_equal(request(1, true), 0);
	nothing_is_wanted();
}

static void have_none(void)
{
	WANT(unbind);
	assert_int_equal(ffa_notifier_ops.relinquish(&device.fdev, 63), 0);
	WANT(unbind_per_vcpu);
	assert_int_equal(ffa_notifier_ops.relinquish(&device.fdev, 1), 0);
	WANT(bitmap_destroy);
	ffa_notify_exit(&ffa);
	assert_null(ffa.notify);
	nothing_is_wanted();
}

/* What the interrupt's handler does: the schedule receiver interrupt comes to @cpu. */
static void schedule_receiver(unsigned int cpu)
{
	queue_work_on(cpu, ffa.notify->workers, &per_cpu_ptr(ffa.notify->cpus, cpu)->schedule);
}

/* The notification pending interrupt comes to @cpu. */
static void notification_pending(unsigned int cpu)
{
	queue_work_on(cpu, ffa.notify->workers, &per_cpu_ptr(ffa.notify->cpus, cpu)->fetch);
}

/* 63 for whoever asks first, 1 on each of its CPUs; the partition's own are not ours. */
static void told_by(const struct vector_ffa *info)
{
	num_told = 0;
	schedule_receiver(0);
	want(info);
	WANT(get_0);
	WANT(get_1);
	WANT(get_3);
	flush_workqueue(ffa.notify->workers);
	assert_int_equal(num_told, 3);
	was_told(0, 63, 0);
	was_told(1, 1, 1);
	was_told(2, 1, 3);
	nothing_is_wanted();
}

static void notifications(void **state)
{
	(void)state;
	have_notifications(&features_info_64);
	told_by(&vector_ffa_info_get_64);
	schedule_receiver(2);
	WANT(info_get_nothing);
	flush_workqueue(ffa.notify->workers);
	have_none();
}

static void notifications_told_in_32_bits(void **state)
{
	(void)state;
	have_notifications(&features_info_32_only);
	told_by(&vector_ffa_info_get_32);
	have_none();
}

/* Before any of them has been looked after. */
static void interrupts_of_several_cpus(void **state)
{
	(void)state;
	have_notifications(&features_info_64);
	notification_pending(1);
	notification_pending(3);
	notification_pending(1);
	WANT(get_1);
	WANT(get_3);
	flush_workqueue(ffa.notify->workers);
	assert_int_equal(num_told, 2);
	was_told(0, 1, 1);
	was_told(1, 1, 3);
	nothing_is_wanted();
	have_none();
}

static void notification_that_is_set_while_it_is_given_up(void **state)
{
	(void)state;
	have_notifications(&features_info_64);
	WANT(unbind_pending);
	WANT(get_0);
	WANT(get_nothing[1]);
	WANT(get_nothing[2]);
	WANT(get_nothing[3]);
	WANT(unbind);
	assert_int_equal(ffa_notifier_ops.relinquish(&device.fdev, 63), 0);
	assert_int_equal(num_told, 1);
	WANT(unbind_per_vcpu);
	assert_int_equal(ffa_notifier_ops.relinquish(&device.fdev, 1), 0);
	WANT(bitmap_destroy);
	ffa_notify_exit(&ffa);
}

static void partitions_are_notified(void **state)
{
	(void)state;
	assert_int_equal(ffa_notifier_ops.send(&device.fdev, 34, false, 0), -EOPNOTSUPP);
	have_notifications(&features_info_64);
	WANT(set);
	assert_int_equal(ffa_notifier_ops.send(&device.fdev, 34, false, 0), 0);
	WANT(set_per_vcpu);
	assert_int_equal(ffa_notifier_ops.send(&device.fdev, 3, true, 0), 0);
	WANT(set_no_such_vcpu);
	assert_int_equal(ffa_notifier_ops.send(&device.fdev, 3, true, 5), -EINVAL);
	nothing_is_wanted();
	have_none();
}

/* Nobody is asked. */
static void numbers_that_are_none(void **state)
{
	static const int none[] = { -1, 64, INT_MIN, INT_MAX };
	unsigned int n;

	(void)state;
	have_notifications(&features_info_64);
	for (n = 0; n < ARRAY_SIZE(none); n++) {
		assert_int_equal(request(none[n], false), -EINVAL);
		assert_int_equal(ffa_notifier_ops.relinquish(&device.fdev, none[n]), -EINVAL);
		assert_int_equal(ffa_notifier_ops.send(&device.fdev, none[n], false, 0), -EINVAL);
	}
	/* One of ours, and one that nobody has. */
	assert_int_equal(request(63, false), -EACCES);
	assert_int_equal(ffa_notifier_ops.relinquish(&device.fdev, 62), -EINVAL);
	have_none();
}

static void want_drained(void)
{
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(vector_ffa_get_nothing); n++)
		WANT(get_nothing[n]);
}

static void bitmap_of_an_earlier_kernel(void **state)
{
	(void)state;
	want(&features_bitmap);
	want(&features_info_64);
	WANT(bitmap_create_again);
	want_drained();
	WANT(bitmap_destroy);
	WANT(bitmap_create);
	ffa_notify_init(&ffa);
	assert_non_null(ffa.notify);
	nothing_is_wanted();
	/* Nothing is bound in it: who finds something has a rival. */
	WANT(bind_again);
	assert_int_equal(request(63, false), -EACCES);
	WANT(bitmap_destroy);
	ffa_notify_exit(&ffa);
}

static void bitmap_of_an_earlier_kernel_with_something_bound(void **state)
{
	(void)state;
	want(&features_bitmap);
	want(&features_info_64);
	WANT(bitmap_create_again);
	want_drained();
	WANT(bitmap_destroy_bound);
	ffa_notify_init(&ffa);
	assert_non_null(ffa.notify);
	nothing_is_wanted();
	WANT(bind_again);
	WANT(unbind);
	WANT(bind);
	assert_int_equal(request(63, false), 0);
	nothing_is_wanted();
	WANT(unbind);
	assert_int_equal(ffa_notifier_ops.relinquish(&device.fdev, 63), 0);
	WANT(bitmap_destroy);
	ffa_notify_exit(&ffa);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		CASE(buffers),
		CASE(buffers_of_an_earlier_kernel),
		CASE(partitions_in_registers),
		CASE(partitions_of_a_uuid),
		CASE(requests_with_a_uuid),
		CASE(notifications),
		CASE(notifications_told_in_32_bits),
		CASE(interrupts_of_several_cpus),
		CASE(notification_that_is_set_while_it_is_given_up),
		CASE(partitions_are_notified),
		CASE(numbers_that_are_none),
		CASE(bitmap_of_an_earlier_kernel),
		CASE(bitmap_of_an_earlier_kernel_with_something_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
