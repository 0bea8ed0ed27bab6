// SPDX-License-Identifier: BSD-2-Clause
#include "spmc.h"
#include "arch.h"
#include "guest.h"
#include "plat.h"
#include "string.h"

void notifications_init(struct endpoint *endpoint)
{
	endpoint->notifications.created = true;
	endpoint->notifications.vcpus = 1;
}

static struct notification_set *set_of(struct endpoint *receiver, const struct endpoint *sender)
{
	return endpoint_is_normal(sender) ? &receiver->notifications.from_vms :
					    &receiver->notifications.from_sps;
}

static uint64_t pending_any(const struct notification_set *set)
{
	uint64_t any = set->pending;
	unsigned int n;

	for (n = 0; n < NOTIFICATION_VCPUS_MAX; n++)
		any |= set->pending_of[n];
	return any;
}

/* Which of these the sender holds. */
static uint64_t bound_to(const struct notification_set *set, uint16_t sender)
{
	uint64_t bitmap = 0;
	unsigned int n;

	for (n = 0; n < 64; n++)
		if ((set->bound & 1ULL << n) && set->sender[n] == sender)
			bitmap |= 1ULL << n;
	return bitmap;
}

void ffa_notification_bitmap_create(struct ffa_call *call)
{
	uint64_t id = call->x[1], vcpus = call->x[2];
	struct notifications *notifications = &call->caller->notifications;
	struct spmc *spmc = call->spmc;
	uint64_t interrupts;
	bool created;

	/* There are no virtual machines. */
	if (id != call->caller->id || !vcpus || vcpus > NOTIFICATION_VCPUS_MAX) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "notifications of %lx with %lu vCPUs",
			   (unsigned long)id, (unsigned long)vcpus);
		return;
	}
	interrupts = lock_take(&spmc->lock);
	created = notifications->created;
	if (!created) {
		memset(notifications, 0, sizeof(*notifications));
		notifications->created = true;
		notifications->vcpus = (unsigned int)vcpus;
	}
	lock_release(&spmc->lock, interrupts);
	if (created) {
		ffa_refuse(call, FFA_DENIED, "its notifications were made before");
		return;
	}
	counter_set(spmc->guest, SIM_COUNTER_FFA_BITMAPS, 1);
	ffa_success(call, 0, 0);
}

void ffa_notification_bitmap_destroy(struct ffa_call *call)
{
	struct notifications *notifications = &call->caller->notifications;
	struct spmc *spmc = call->spmc;
	uint64_t interrupts, bound;
	bool created;

	if (call->x[1] != call->caller->id) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "notifications of %lx",
			   (unsigned long)call->x[1]);
		return;
	}
	interrupts = lock_take(&spmc->lock);
	created = notifications->created;
	bound = notifications->from_sps.bound | notifications->from_vms.bound;
	if (created && !bound)
		notifications->created = false;
	lock_release(&spmc->lock, interrupts);
	if (!created) {
		ffa_refuse(call, FFA_DENIED, "it has no notifications to destroy");
	} else if (bound) {
		ffa_refuse(call, FFA_DENIED, "its notifications %lx are still bound",
			   (unsigned long)bound);
	} else {
		counter_set(spmc->guest, SIM_COUNTER_FFA_BITMAPS, 0);
		ffa_success(call, 0, 0);
	}
}

/* What BIND and UNBIND have in common. Sets the answer and returns NULL if it is no good. */
static struct notification_set *bind_arguments(struct ffa_call *call, uint16_t *sender,
					       uint64_t *bitmap)
{
	uint32_t pair = (uint32_t)call->x[1];
	struct endpoint *from = spmc_endpoint(call->spmc, FFA_PAIR_SENDER(pair));

	*sender = FFA_PAIR_SENDER(pair);
	*bitmap = call->x[3] | call->x[4] << 32;
	if (FFA_PAIR_RECEIVER(pair) != call->caller->id || !from || from == call->caller) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "notifications of %x for %x", *sender,
			   FFA_PAIR_RECEIVER(pair));
		return NULL;
	}
	if (!*bitmap) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "an empty set of notifications");
		return NULL;
	}
	return set_of(call->caller, from);
}

void ffa_notification_bind(struct ffa_call *call)
{
	struct notifications *notifications = &call->caller->notifications;
	uint64_t interrupts, bitmap, taken;
	struct spmc *spmc = call->spmc;
	struct notification_set *set;
	unsigned int n;
	uint16_t sender;
	bool created;

	set = bind_arguments(call, &sender, &bitmap);
	if (!set)
		return;
	if (call->x[2] & ~(uint64_t)FFA_NOTIFICATION_PER_VCPU) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "BIND with flags %lx",
			   (unsigned long)call->x[2]);
		return;
	}
	interrupts = lock_take(&spmc->lock);
	created = notifications->created;
	taken = set->bound & bitmap;
	if (created && !taken) {
		for (n = 0; n < 64; n++)
			if (bitmap & 1ULL << n)
				set->sender[n] = sender;
		set->bound |= bitmap;
		if (call->x[2])
			set->per_vcpu |= bitmap;
		else
			set->per_vcpu &= ~bitmap;
	}
	lock_release(&spmc->lock, interrupts);
	if (!created)
		ffa_refuse(call, FFA_NOT_SUPPORTED, "BIND without BITMAP_CREATE");
	else if (taken)
		ffa_refuse(call, FFA_DENIED, "notifications %lx are bound", (unsigned long)taken);
	else
		ffa_success(call, 0, 0);
}

void ffa_notification_unbind(struct ffa_call *call)
{
	uint64_t interrupts, bitmap, foreign, pending;
	struct spmc *spmc = call->spmc;
	struct notification_set *set;
	uint16_t sender;

	set = bind_arguments(call, &sender, &bitmap);
	if (!set)
		return;
	if (call->x[2]) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "UNBIND with flags");
		return;
	}
	interrupts = lock_take(&spmc->lock);
	foreign = bitmap & ~bound_to(set, sender);
	pending = bitmap & pending_any(set);
	if (!foreign && !pending) {
		set->bound &= ~bitmap;
		set->per_vcpu &= ~bitmap;
	}
	lock_release(&spmc->lock, interrupts);
	if (foreign)
		ffa_refuse(call, FFA_DENIED, "notifications %lx are not bound to %x",
			   (unsigned long)foreign, sender);
	else if (pending)
		ffa_refuse(call, FFA_DENIED, "notifications %lx are pending",
			   (unsigned long)pending);
	else
		ffa_success(call, 0, 0);
}

static const char *set_pending(struct spmc *spmc, struct endpoint *sender,
			       struct endpoint *receiver, uint32_t flags, uint64_t bitmap,
			       int32_t *status)
{
	struct notification_set *set = set_of(receiver, sender);
	unsigned int vcpu = flags >> FFA_NOTIFICATION_VCPU_SHIFT;
	bool per_vcpu = flags & FFA_NOTIFICATION_PER_VCPU;

	*status = FFA_DENIED;
	if (bitmap & ~bound_to(set, sender->id))
		return "some are not bound to it";
	*status = FFA_INVALID_PARAMETERS;
	if ((per_vcpu ? bitmap & ~set->per_vcpu : bitmap & set->per_vcpu) != 0)
		return "bound for one vCPU and set for all, or the reverse";
	if (vcpu >= receiver->notifications.vcpus)
		return "there is no such vCPU";
	if (per_vcpu) {
		set->pending_of[vcpu] |= bitmap;
		receiver->notifications.told_of &= ~(1ULL << vcpu);
	} else {
		set->pending |= bitmap;
		receiver->notifications.told = false;
		if (flags & FFA_NOTIFICATION_DELAY_SRI)
			spmc->sri_delayed = true;
	}
	*status = FFA_OK;
	return NULL;
}

/* Interrupts are masked, so that this stays the CPU that it is. */
static void tell(struct spmc *spmc, const struct endpoint *receiver, uint32_t flags)
{
	unsigned int vcpu = flags >> FFA_NOTIFICATION_VCPU_SHIFT;

	if (fault_take(&spmc->guest->faults, SIM_FAULT_FFA_NOTIFICATION_LOST, NULL))
		return;
	if (endpoint_is_normal(receiver) && (flags & FFA_NOTIFICATION_PER_VCPU))
		plat_raise(vcpu, NOTIFICATION_NPI);
	else if (!(flags & FFA_NOTIFICATION_DELAY_SRI))
		plat_raise(arch_this_cpu()->index, NOTIFICATION_SRI);
}

int32_t notification_set(struct spmc *spmc, struct endpoint *sender, struct endpoint *receiver,
			 uint32_t flags, uint64_t bitmap)
{
	uint64_t interrupts;
	const char *why;
	int32_t status;

	interrupts = lock_take(&spmc->lock);
	why = set_pending(spmc, sender, receiver, flags, bitmap, &status);
	if (!why)
		tell(spmc, receiver, flags);
	lock_release(&spmc->lock, interrupts);
	if (why)
		log_limited("ffa: %x refused: notifications %lx for %x: %s", sender->id,
			    (unsigned long)bitmap, receiver->id, why);
	else
		counter_add(spmc->guest, SIM_COUNTER_FFA_NOTIFICATIONS, 1);
	return status;
}

void notification_leave(struct spmc *spmc)
{
	uint64_t interrupts;

	if (!READ_ONCE(spmc->sri_delayed))
		return;
	interrupts = lock_take(&spmc->lock);
	if (spmc->sri_delayed)
		plat_raise(arch_this_cpu()->index, NOTIFICATION_SRI);
	spmc->sri_delayed = false;
	lock_release(&spmc->lock, interrupts);
}

void notification_cpu_off(unsigned int cpu, unsigned int heir)
{
	plat_raise_move(cpu, heir, NOTIFICATION_SRI);
}

void ffa_notification_set(struct ffa_call *call)
{
	uint32_t pair = (uint32_t)call->x[1], flags = (uint32_t)call->x[2];
	uint64_t bitmap = call->x[3] | call->x[4] << 32;
	struct endpoint *receiver = spmc_endpoint(call->spmc, FFA_PAIR_RECEIVER(pair));
	uint32_t known = FFA_NOTIFICATION_PER_VCPU;
	int32_t status;

	if (!endpoint_is_normal(call->caller))
		known |= FFA_NOTIFICATION_DELAY_SRI;
	if (flags & FFA_NOTIFICATION_PER_VCPU)
		known |= 0xffffU << FFA_NOTIFICATION_VCPU_SHIFT;
	if (FFA_PAIR_SENDER(pair) != call->caller->id || !receiver || receiver == call->caller) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "notifications by %x for %x",
			   FFA_PAIR_SENDER(pair), FFA_PAIR_RECEIVER(pair));
		return;
	}
	if ((flags & ~known) || !bitmap) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "SET of %lx with flags %x",
			   (unsigned long)bitmap, flags);
		return;
	}
	status = notification_set(call->spmc, call->caller, receiver, flags, bitmap);
	if (status != FFA_OK) {
		counter_add(call->spmc->guest, SIM_COUNTER_FFA_REFUSALS, 1);
		ffa_error(call, status);
		return;
	}
	ffa_success(call, 0, 0);
}

static uint64_t fetch(struct notification_set *set, unsigned int vcpu)
{
	uint64_t bitmap = set->pending | set->pending_of[vcpu];

	set->pending = 0;
	set->pending_of[vcpu] = 0;
	return bitmap;
}

void ffa_notification_get(struct ffa_call *call)
{
	struct notifications *notifications = &call->caller->notifications;
	uint64_t known = FFA_NOTIFICATION_GET_SP | FFA_NOTIFICATION_GET_SPM;
	uint16_t vcpu = (uint16_t)(call->x[1] >> 16);
	uint64_t interrupts, which = call->x[2];
	uint64_t from_sps = 0, from_vms = 0;
	bool created, good;

	/* At the physical instance there is nobody else in the normal world. */
	if (!endpoint_is_normal(call->caller))
		known |= FFA_NOTIFICATION_GET_VM;
	if ((uint16_t)call->x[1] != call->caller->id || !which || (which & ~known)) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "GET for %x with flags %lx",
			   (uint16_t)call->x[1], (unsigned long)which);
		return;
	}
	interrupts = lock_take(&call->spmc->lock);
	created = notifications->created;
	good = created && vcpu < notifications->vcpus;
	if (good && (which & FFA_NOTIFICATION_GET_SP))
		from_sps = fetch(&notifications->from_sps, vcpu);
	if (good && (which & FFA_NOTIFICATION_GET_VM))
		from_vms = fetch(&notifications->from_vms, vcpu);
	lock_release(&call->spmc->lock, interrupts);
	if (!created) {
		ffa_refuse(call, FFA_NOT_SUPPORTED, "GET without BITMAP_CREATE");
	} else if (!good) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "GET for vCPU %u of %u", vcpu,
			   notifications->vcpus);
	} else {
		ffa_success(call, (uint32_t)from_sps, from_sps >> 32);
		call->x[4] = (uint32_t)from_vms;
		call->x[5] = from_vms >> 32;
	}
}

/* The lists of INFO_GET, on their way. */
struct info {
	unsigned int room;		/* ids, in all */
	unsigned int ids;
	unsigned int lists;
	uint64_t sizes;			/* of the lists, as in x2 */
	bool more;
	uint16_t id[FFA_INFO_IDS_64];
};

static void add_list(struct info *info, uint16_t id, const uint16_t *vcpus, unsigned int count)
{
	unsigned int n;

	info->id[info->ids++] = id;
	for (n = 0; n < count; n++)
		info->id[info->ids++] = vcpus[n];
	info->sizes |= (uint64_t)count << FFA_INFO_LIST_SHIFT(info->lists);
	info->lists++;
}

static void collect(struct info *info, struct endpoint *receiver)
{
	struct notifications *n = &receiver->notifications;
	uint16_t vcpus[FFA_INFO_LIST_MASK];
	unsigned int vcpu = 0, count;

	if (!n->created)
		return;
	if ((n->from_sps.pending | n->from_vms.pending) && !n->told) {
		if (info->ids + 1 > info->room) {
			info->more = true;
			return;
		}
		add_list(info, receiver->id, NULL, 0);
		n->told = true;
	}
	while (vcpu < n->vcpus) {
		for (count = 0; vcpu < n->vcpus && count < ARRAY_SIZE(vcpus); vcpu++)
			if ((n->from_sps.pending_of[vcpu] | n->from_vms.pending_of[vcpu]) &&
			    !(n->told_of & 1ULL << vcpu))
				vcpus[count++] = (uint16_t)vcpu;
		if (!count)
			break;
		if (info->ids + 1 + count > info->room) {
			info->more = true;
			return;
		}
		add_list(info, receiver->id, vcpus, count);
		while (count)
			n->told_of |= 1ULL << vcpus[--count];
	}
}

void ffa_notification_info_get(struct ffa_call *call)
{
	bool wide = (uint32_t)call->x[0] & SMCCC_64;
	unsigned int in_a_register = wide ? 4 : 2;
	struct spmc *spmc = call->spmc;
	struct info info = { .room = wide ? FFA_INFO_IDS_64 : FFA_INFO_IDS_32 };
	uint64_t interrupts;
	unsigned int n;

	interrupts = lock_take(&spmc->lock);
	collect(&info, &spmc->normal_world);
	for (n = 0; n < spmc->partition_count; n++)
		collect(&info, &spmc->partitions[n]->endpoint);
	lock_release(&spmc->lock, interrupts);
	if (!info.lists) {
		ffa_error(call, FFA_NO_DATA);
		return;
	}
	ffa_reply(call, wide ? FFA_SUCCESS_64 : FFA_SUCCESS_32, 0,
		  info.sizes | (uint64_t)info.lists << FFA_INFO_LISTS_SHIFT |
		  (info.more ? FFA_INFO_MORE : 0), 0);
	for (n = 0; n < info.ids; n++)
		call->x[3 + n / in_a_register] |=
			(uint64_t)info.id[n] << 16 * (n % in_a_register);
}
