// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: 64 bits that partitions set for us, and interrupts that say so.
 *
 * The schedule receiver interrupt says that somebody has notifications: who, is asked for. The
 * notification pending interrupt says that the CPU that it comes to has some of its own. Both
 * only wake a worker of their CPU, which fetches the bits and calls the notifiers: these
 * may sleep, and those of one CPU run there.
 *
 * An optional part of FF-A: where it is not there, or fails, everything else works.
 */
#include <linux/delay.h>
#include <linux/slab.h>

#include "notify.h"

/* So often, at intervals of a millisecond, one is unbound that is just being set. */
#define FFA_UNBIND_TRIES	100
/* A partition manager that always has more to tell is asked again with the next interrupt. */
#define FFA_INFO_CALLS		64

/* Those for all CPUs come to whoever asks first. */
static void ffa_notify_fetch(struct ffa_notify *notify, unsigned int cpu)
{
	const ffa_regs in = {
		.a0 = FFA_NOTIFICATION_GET_32,
		.a1 = cpu << 16 | notify->ffa->id,
		.a2 = FFA_NOTIFICATION_GET_SP,
	};
	ffa_regs out;
	unsigned int n;
	u64 bitmap;

	down_read(&notify->call);
	if (ffa_call(notify->ffa, &in, &out))
		goto out;
	bitmap = FFA_HANDLE(out.a2, out.a3);
	for (n = 0; n < FFA_NOTIFICATIONS; n++)
		if ((bitmap & BIT_ULL(n)) && notify->notifier[n].fn)
			notify->notifier[n].fn(n, notify->notifier[n].data);
out:
	up_read(&notify->call);
}

static void ffa_notify_fetch_work(struct work_struct *work)
{
	struct ffa_notify_cpu *this = container_of(work, struct ffa_notify_cpu, fetch);

	ffa_notify_fetch(this->notify, this->cpu);
}

/* Ids are packed by the width of the reply. */
static u16 ffa_info_id(const ffa_regs *reply, unsigned int n)
{
	unsigned int per_reg = lower_32_bits(reply->a0) == FFA_SUCCESS_64 ? 4 : 2;

	return *ffa_reg((ffa_regs *)reply, 3 + n / per_reg) >> 16 * (n % per_reg);
}

/* A list is an endpoint, and which of its vCPUs; without any it is of all. */
static void ffa_notify_list(struct ffa_notify_cpu *this, const ffa_regs *reply, unsigned int first,
			    unsigned int num_vcpus)
{
	struct ffa_notify *notify = this->notify;
	unsigned int n, cpu;

	/* Partitions are not ours to run: they are told when they run anyway. */
	if (ffa_info_id(reply, first) != notify->ffa->id)
		return;
	if (!num_vcpus)
		ffa_notify_fetch(notify, this->cpu);
	for (n = 1; n <= num_vcpus; n++) {
		cpu = ffa_info_id(reply, first + n);
		if (cpu < nr_cpu_ids && cpu_possible(cpu))
			queue_work_on(cpu, notify->workers,
				      &per_cpu_ptr(notify->cpus, cpu)->fetch);
	}
}

/* Return: whether there is more */
static bool ffa_notify_ask(struct ffa_notify_cpu *this)
{
	const ffa_regs in = { .a0 = this->notify->info };
	unsigned int lists, n, room, at = 0, num_vcpus;
	ffa_regs out;

	if (ffa_call(this->notify->ffa, &in, &out))
		return false;
	room = lower_32_bits(out.a0) == FFA_SUCCESS_64 ? FFA_INFO_IDS_64 : FFA_INFO_IDS_32;
	lists = out.a2 >> FFA_INFO_LISTS_SHIFT & FFA_INFO_LISTS_MASK;
	for (n = 0; n < lists && n < room; n++) {
		num_vcpus = (u64)out.a2 >> FFA_INFO_LIST_SHIFT(n) & FFA_INFO_LIST_MASK;
		if (at + 1 + num_vcpus > room)
			break;
		ffa_notify_list(this, &out, at, num_vcpus);
		at += 1 + num_vcpus;
	}
	return out.a2 & FFA_INFO_MORE;
}

static void ffa_notify_schedule_work(struct work_struct *work)
{
	struct ffa_notify_cpu *this = container_of(work, struct ffa_notify_cpu, schedule);
	unsigned int n;

	for (n = 0; n < FFA_INFO_CALLS && ffa_notify_ask(this); n++)
		cond_resched();
}

static int ffa_notify_bind_call(struct ffa *ffa, u32 function, u16 sender, u32 flags, int id)
{
	const ffa_regs in = {
		.a0 = function,
		.a1 = FFA_PAIR(sender, ffa->id),
		.a2 = flags,
		.a3 = lower_32_bits(BIT_ULL(id)),
		.a4 = upper_32_bits(BIT_ULL(id)),
	};
	ffa_regs out;

	return ffa_call(ffa, &in, &out);
}

/* Denied while it is set: then its notifier is called, by us if need be. */
static int ffa_notify_unbind(struct ffa_notify *notify, u16 sender, int id)
{
	unsigned int n, cpu;
	int rc;

	for (n = 0; n < FFA_UNBIND_TRIES; n++) {
		rc = ffa_notify_bind_call(notify->ffa, FFA_NOTIFICATION_UNBIND_32, sender, 0, id);
		if (rc != -EACCES)
			return rc;
		for_each_possible_cpu(cpu)
			ffa_notify_fetch(notify, cpu);
		usleep_range(1000, 2000);
	}
	return rc;
}

static void ffa_notify_set(struct ffa_notify *notify, int id, struct ffa_notifier notifier)
{
	down_write(&notify->call);
	notify->notifier[id] = notifier;
	up_write(&notify->call);
}

static int ffa_notify_request(struct omnitee_ffa_device *fdev, bool per_vcpu,
			      omnitee_ffa_notifier_fn fn, void *data, int notify_id)
{
	struct ffa_notify *notify = to_ffa(fdev)->notify;
	u32 flags = per_vcpu ? FFA_NOTIFICATION_PER_VCPU : 0;
	int rc;

	if (!notify)
		return -EOPNOTSUPP;
	if (notify_id < 0 || notify_id >= FFA_NOTIFICATIONS || !fn)
		return -EINVAL;

	mutex_lock(&notify->change);
	rc = -EACCES;
	if (notify->notifier[notify_id].fn)
		goto out;
	/* First: it may be set as soon as it is bound. */
	ffa_notify_set(notify, notify_id,
		       (struct ffa_notifier){ .fdev = fdev, .fn = fn, .data = data });
	rc = ffa_notify_bind_call(notify->ffa, FFA_NOTIFICATION_BIND_32, fdev->id, flags,
				  notify_id);
	if (rc == -EACCES && notify->adopted &&
	    !ffa_notify_unbind(notify, fdev->id, notify_id))
		rc = ffa_notify_bind_call(notify->ffa, FFA_NOTIFICATION_BIND_32, fdev->id, flags,
					  notify_id);
	if (rc)
		ffa_notify_set(notify, notify_id, (struct ffa_notifier){ });
out:
	mutex_unlock(&notify->change);
	return rc;
}

static int ffa_notify_relinquish(struct omnitee_ffa_device *fdev, int notify_id)
{
	struct ffa_notify *notify = to_ffa(fdev)->notify;
	int rc;

	if (!notify)
		return -EOPNOTSUPP;
	if (notify_id < 0 || notify_id >= FFA_NOTIFICATIONS)
		return -EINVAL;

	mutex_lock(&notify->change);
	rc = -EINVAL;
	if (notify->notifier[notify_id].fdev != fdev)
		goto out;
	rc = ffa_notify_unbind(notify, fdev->id, notify_id);
	if (rc)
		dev_warn(fdev->dev, "notification %d stays bound: %d\n", notify_id, rc);
	/* Whatever came of it: nobody is told any more. */
	ffa_notify_set(notify, notify_id, (struct ffa_notifier){ });
out:
	mutex_unlock(&notify->change);
	return rc;
}

static int ffa_notify_send(struct omnitee_ffa_device *fdev, int notify_id, bool per_vcpu,
			   u16 vcpu)
{
	struct ffa *ffa = to_ffa(fdev);
	ffa_regs in = {
		.a0 = FFA_NOTIFICATION_SET_32,
		.a1 = FFA_PAIR(ffa->id, fdev->id),
	}, out;

	if (!ffa->notify)
		return -EOPNOTSUPP;
	if (notify_id < 0 || notify_id >= FFA_NOTIFICATIONS)
		return -EINVAL;
	if (per_vcpu)
		in.a2 = FFA_NOTIFICATION_PER_VCPU | (u32)vcpu << FFA_NOTIFICATION_VCPU_SHIFT;
	in.a3 = lower_32_bits(BIT_ULL(notify_id));
	in.a4 = upper_32_bits(BIT_ULL(notify_id));
	return ffa_call(ffa, &in, &out);
}

const struct omnitee_ffa_notifier_ops ffa_notifier_ops = {
	.request = ffa_notify_request,
	.relinquish = ffa_notify_relinquish,
	.send = ffa_notify_send,
};

static int ffa_bitmap_call(struct ffa *ffa, u32 function, u32 vcpus)
{
	const ffa_regs in = { .a0 = function, .a1 = ffa->id, .a2 = vcpus };
	ffa_regs out;

	return ffa_call(ffa, &in, &out);
}

/*
 * A kernel before this one may have left its bitmap: an empty one is made anew, one with
 * something bound is taken over.
 */
static int ffa_bitmap_create(struct ffa_notify *notify)
{
	struct ffa *ffa = notify->ffa;
	unsigned int cpu;
	int rc;

	rc = ffa_bitmap_call(ffa, FFA_NOTIFICATION_BITMAP_CREATE_32, nr_cpu_ids);
	if (rc != -EACCES)
		return rc;
	for_each_possible_cpu(cpu)
		ffa_notify_fetch(notify, cpu);
	if (ffa_bitmap_call(ffa, FFA_NOTIFICATION_BITMAP_DESTROY_32, 0)) {
		notify->adopted = true;
		return 0;
	}
	return ffa_bitmap_call(ffa, FFA_NOTIFICATION_BITMAP_CREATE_32, nr_cpu_ids);
}

static struct ffa_notify *ffa_notify_alloc(struct ffa *ffa)
{
	struct ffa_notify *notify;
	unsigned int cpu;

	notify = kzalloc(sizeof(*notify), GFP_KERNEL);
	if (!notify)
		return NULL;
	notify->cpus = alloc_percpu(struct ffa_notify_cpu);
	if (!notify->cpus)
		goto err_free;
	notify->workers = alloc_workqueue("omnitee-ffa", 0, 0);
	if (!notify->workers)
		goto err_cpus;
	notify->ffa = ffa;
	mutex_init(&notify->change);
	init_rwsem(&notify->call);
	/* CPUs may come later. */
	for_each_possible_cpu(cpu) {
		struct ffa_notify_cpu *this = per_cpu_ptr(notify->cpus, cpu);

		this->notify = notify;
		this->cpu = cpu;
		INIT_WORK(&this->schedule, ffa_notify_schedule_work);
		INIT_WORK(&this->fetch, ffa_notify_fetch_work);
	}
	return notify;

err_cpus:
	free_percpu(notify->cpus);
err_free:
	kfree(notify);
	return NULL;
}

static void ffa_notify_free(struct ffa_notify *notify)
{
	destroy_workqueue(notify->workers);
	free_percpu(notify->cpus);
	mutex_destroy(&notify->change);
	kfree(notify);
}

static int ffa_notify_start(struct ffa_notify *notify)
{
	struct ffa *ffa = notify->ffa;
	int rc;

	notify->info = ffa_feature(ffa, FFA_NOTIFICATION_INFO_GET_64, NULL) ?
		       FFA_NOTIFICATION_INFO_GET_32 : FFA_NOTIFICATION_INFO_GET_64;
	rc = ffa_bitmap_create(notify);
	if (rc)
		return rc;
	rc = ffa_notify_irq_init(notify);
	if (rc)
		ffa_bitmap_call(ffa, FFA_NOTIFICATION_BITMAP_DESTROY_32, 0);
	return rc;
}

/**
 * ffa_notify_init() - have notifications, if that is possible
 * @ffa:	transport, without partitions as yet
 *
 * Without them, their operations answer -EOPNOTSUPP.
 */
void ffa_notify_init(struct ffa *ffa)
{
	struct ffa_notify *notify;
	int rc;

	if (!ffa_version_is_at_least(ffa, 1, 1) ||
	    ffa_feature(ffa, FFA_NOTIFICATION_BITMAP_CREATE_32, NULL))
		return;
	notify = ffa_notify_alloc(ffa);
	rc = notify ? ffa_notify_start(notify) : -ENOMEM;
	if (rc) {
		dev_warn(&ffa->pdev->dev, "no notifications: %d\n", rc);
		if (notify)
			ffa_notify_free(notify);
		return;
	}
	ffa->notify = notify;
}

/**
 * ffa_notify_exit() - the opposite
 * @ffa:	transport whose drivers have relinquished theirs
 */
void ffa_notify_exit(struct ffa *ffa)
{
	struct ffa_notify *notify = ffa->notify;
	int rc;

	if (!notify)
		return;
	ffa->notify = NULL;
	ffa_notify_irq_exit(notify);
	flush_workqueue(notify->workers);
	rc = ffa_bitmap_call(ffa, FFA_NOTIFICATION_BITMAP_DESTROY_32, 0);
	if (rc)
		dev_warn(&ffa->pdev->dev, "notifications stay with the partition manager: %d\n",
			 rc);
	ffa_notify_free(notify);
}
