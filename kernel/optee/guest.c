// SPDX-License-Identifier: GPL-2.0-only
/*
 * Being a guest without a hypervisor.
 *
 * A secure world that is built for virtualisation serves guests only, and it is the
 * hypervisor that tells it of them and puts their id into every call. Where none runs, as in
 * a recovery system, this driver does it: it says as the hypervisor (client 0) that a guest
 * was created, and all its calls bear that guest's id from then on. See docs/guest-id.md.
 *
 * Until the guest is there, only calls are made that concern no guest: with any other one a
 * real trusted OS looks for what it keeps for client 0, which is nothing, and stops all CPUs.
 * So the capability has to be asked for first, as a hypervisor that is there hides it.
 */
#include <linux/crash_dump.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/rcupdate.h>

#include <abi/optee_smc.h>

#include "optee_private.h"

#define OPTEE_GUEST_PROPERTY	"linaro,guest-id"
#define OPTEE_GUEST_MIN_ID	1
#define OPTEE_GUEST_MAX_ID	65535

/* Two instances that are the same guest would destroy each other. */
static DEFINE_IDA(optee_guest_ids);

/* Of the parameter; 0 as long as it is not given. */
static unsigned int optee_guest_id;

static int optee_guest_id_set(const char *val, const struct kernel_param *kp)
{
	return param_set_uint_minmax(val, kp, OPTEE_GUEST_MIN_ID, OPTEE_GUEST_MAX_ID);
}

static const struct kernel_param_ops optee_guest_id_ops = {
	.set = optee_guest_id_set,
	.get = param_get_uint,
};
module_param_cb(guest_id, &optee_guest_id_ops, &optee_guest_id, 0444);
MODULE_PARM_DESC(guest_id, "guest to be (1 to 65535) on a virtualised secure world without a hypervisor, if the only node has no property " OPTEE_GUEST_PROPERTY);

/* How many instances there may be. */
static unsigned int optee_guest_nodes(void)
{
	struct device_node *np;
	unsigned int nodes = 0;

	for_each_compatible_node(np, NULL, OPTEE_COMPATIBLE)
		nodes += of_device_is_available(np);
	return nodes;
}

/**
 * optee_guest_is_wanted() - does any instance have an id?
 *
 * Whether the ids are right is seen when they are used.
 */
bool optee_guest_is_wanted(void)
{
	struct device_node *np;

	if (optee_guest_id)
		return true;
	for_each_compatible_node(np, NULL, OPTEE_COMPATIBLE) {
		if (of_property_present(np, OPTEE_GUEST_PROPERTY)) {
			of_node_put(np);
			return true;
		}
	}
	return false;
}

/* Return: 0 with @id set, to 0 if there is none, or -EINVAL for one that cannot be. */
static int optee_guest_read_id(struct optee *optee, u32 *id)
{
	struct device_node *np = optee->dev->of_node;

	*id = 0;
	if (of_property_present(np, OPTEE_GUEST_PROPERTY)) {
		if (of_property_count_u32_elems(np, OPTEE_GUEST_PROPERTY) != 1 ||
		    of_property_read_u32(np, OPTEE_GUEST_PROPERTY, id)) {
			dev_err(optee->dev, "%s: must be one number\n", OPTEE_GUEST_PROPERTY);
			return -EINVAL;
		}
		if (*id < OPTEE_GUEST_MIN_ID || *id > OPTEE_GUEST_MAX_ID) {
			dev_err(optee->dev, "%s = <%u>: must be %u to %u\n", OPTEE_GUEST_PROPERTY,
				*id, OPTEE_GUEST_MIN_ID, OPTEE_GUEST_MAX_ID);
			return -EINVAL;
		}
		return 0;
	}
	if (optee_guest_id && optee_guest_nodes() > 1) {
		dev_err(optee->dev, "guest_id=%u is for a single node: give each a %s\n",
			optee_guest_id, OPTEE_GUEST_PROPERTY);
		return -EINVAL;
	}
	*id = optee_guest_id;
	return 0;
}

/**
 * optee_guest_init() - find out which guest an instance is to be
 * @optee:	device, before the first call
 * @direct:	its calls are SMCs
 *
 * Return: 0; -EINVAL for an id that cannot be or is of no use, -EBUSY for another
 * instance's, -ENODEV in a kdump kernel for an instance without an id, or -ENOMEM
 */
int optee_guest_init(struct optee *optee, bool direct)
{
	u32 id;
	int rc;

	rc = optee_guest_read_id(optee, &id);
	if (rc)
		return rc;
	if (!id) {
		/* The crashed kernel's calls hold secure threads, for ever. */
		return is_kdump_kernel() ? -ENODEV : 0;
	}
	if (!direct) {
		dev_err(optee->dev,
			"guest id %u cannot be used with method \"hvc\": without a hypervisor nobody answers, and with one the id is its to give. Make the method \"smc\" or remove the id\n",
			id);
		return -EINVAL;
	}
	rc = ida_alloc_range(&optee_guest_ids, id, id, GFP_KERNEL);
	if (rc < 0) {
		if (rc != -ENOSPC)
			return rc;
		dev_err(optee->dev, "guest id %u is another instance's\n", id);
		return -EBUSY;
	}
	optee->smc.guest_id = id;
	return 0;
}

/* As the hypervisor. The guest's own id would be refused here, and is not there yet. */
static u32 optee_guest_announce(struct optee_smc *smc, u32 func, u32 id)
{
	struct optee_smc_regs regs = { .a0 = func, .a1 = id };

	optee_smc_conduit(smc, &regs);
	return regs.a0;
}

static const char *optee_guest_refusal(u32 status)
{
	switch (status) {
	case OPTEE_SMC_RETURN_ENOTAVAIL:
		return "it has no room for another guest, or a hypervisor is in between";
	case OPTEE_SMC_RETURN_UNKNOWN_FUNCTION:
		return "it announces guests, but does not know the call";
	default:
		return "for no reason that is known";
	}
}

/*
 * Without an id, on a secure world that has guests: a hypervisor must make us one. If none
 * does, the next call would stop the machine. To resume nothing is harmless, and refused
 * differently where there is no guest.
 */
static int optee_guest_check(struct optee *optee)
{
	struct optee_smc_regs regs = { .a0 = OPTEE_SMC_RETURN_FROM_RPC, .a3 = U32_MAX };

	if (!(optee->smc.sec_caps & OPTEE_SMC_SEC_CAP_VIRTUALIZATION))
		return 0;
	optee_smc_invoke(optee, &regs);
	if (regs.a0 != OPTEE_SMC_RETURN_ENOTAVAIL)
		return 0;
	dev_err(optee->dev,
		"the secure world serves guests only, and no hypervisor makes this system one: give it an id with %s or guest_id=\n",
		OPTEE_GUEST_PROPERTY);
	return -EINVAL;
}

/**
 * optee_guest_create() - become the guest
 * @optee:	device whose capabilities are known
 *
 * A guest of this number is a dead kernel's: it goes, with sessions, memory and secure
 * threads. There is no other way to see whether there is one; a real trusted OS would make
 * another one of the same number beside it.
 *
 * Without the capability nothing is sent.
 *
 * Return: 0, -EINVAL if the secure world refuses the guest or needs one to be, or -ENODEV in a
 * kdump kernel if it has no guests
 */
int optee_guest_create(struct optee *optee)
{
	struct optee_smc *smc = &optee->smc;
	u32 id = smc->guest_id;
	u32 status;

	if (!id)
		return optee_guest_check(optee);
	if (!(smc->sec_caps & OPTEE_SMC_SEC_CAP_VIRTUALIZATION)) {
		dev_info(optee->dev,
			 "guest id %u is not used: the secure world is not virtualised, or a hypervisor hides that\n",
			 id);
		return is_kdump_kernel() ? -ENODEV : 0;
	}

	optee_guest_announce(smc, OPTEE_SMC_VM_DESTROYED, id);
	status = optee_guest_announce(smc, OPTEE_SMC_VM_CREATED, id);
	if (status != OPTEE_SMC_RETURN_OK) {
		dev_err(optee->dev, "the secure world refuses guest %u (%#x): %s\n", id, status,
			optee_guest_refusal(status));
		return -EINVAL;
	}
	smc->client_id = id;
	return 0;
}

/**
 * optee_guest_close() - let no call in any more
 * @smc:	of a device that is in use
 *
 * Before the guest is destroyed, as a trusted OS need not bear that while it is inside.
 * Returns when no CPU is. Calls fail from now on, also those that are suspended: the
 * machine goes down.
 */
void optee_guest_close(struct optee_smc *smc)
{
	WRITE_ONCE(smc->closed, true);
	/* See optee_smc_invoke(). */
	synchronize_rcu();
}

/**
 * optee_guest_destroy() - stop being the guest
 * @smc:	of a device that makes no calls any more
 *
 * Does nothing if it was none. The secure world forgets all that it kept for it.
 */
void optee_guest_destroy(struct optee_smc *smc)
{
	if (!smc->client_id)
		return;
	optee_guest_announce(smc, OPTEE_SMC_VM_DESTROYED, smc->client_id);
	smc->client_id = 0;
}

/**
 * optee_guest_release() - leave the id to others
 * @smc:	of a device that is not the guest any more
 */
void optee_guest_release(struct optee_smc *smc)
{
	if (smc->guest_id)
		ida_free(&optee_guest_ids, smc->guest_id);
	smc->guest_id = 0;
}

/**
 * optee_guest_suffix() - what tells the services of this instance from those of others
 * @optee:	device
 *
 * Return: the id of a guest among several instances, or 0: names need no suffix
 */
u32 optee_guest_suffix(struct optee *optee)
{
	return optee->smc.guest_id && optee_guest_nodes() > 1 ? optee->smc.guest_id : 0;
}
