// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SMC backend's part of system contexts: a secure world that keeps threads back itself.
 */
#include <linux/module.h>

#include <abi/optee_system.h>

#include "optee_private.h"

static char *optee_system_contexts = "auto";
module_param_named(system_contexts, optee_system_contexts, charp, 0444);
MODULE_PARM_DESC(system_contexts, "threads for system services are kept back by: auto (the secure world, too, if it can), count (this driver alone), v2 (the secure world, too, by the numbers of a proposal that mainline uses otherwise)");

/* Any answer but OK is a no, and 0xffffffff of those who do not know the call. */
static u32 optee_smc_system_call(struct optee *optee, u32 id, u64 cookie)
{
	struct optee_smc_regs regs = {
		.a0 = id,
		.a1 = upper_32_bits(cookie),
		.a2 = lower_32_bits(cookie),
	};

	optee_smc_invoke(optee, &regs);
	return regs.a0;
}

/**
 * optee_smc_find_system() - find out how the secure world keeps threads back, if it does
 * @optee:	device whose capabilities are known
 *
 * Ends what an earlier kernel left reserved.
 *
 * Return: 0, or -EINVAL if the module parameter is wrong
 */
int optee_smc_find_system(struct optee *optee)
{
	struct optee_smc_regs regs = { .a0 = OPTEE_SYSTEM_UID };

	optee->system.abi = OPTEE_SYSTEM_COUNT;
	if (!strcmp(optee_system_contexts, "count"))
		return 0;
	if (!strcmp(optee_system_contexts, "v2")) {
		if (!(optee->smc.sec_caps & OPTEE_SYSTEM_V2_CAP))
			dev_warn(optee->dev, "system_contexts=v2: the secure world does not announce it\n");
		else if (!optee->use_registered)
			/* A thread that is kept back could not be asked for. */
			dev_warn(optee->dev, "system_contexts=v2: only for registered messages\n");
		else
			optee->system.abi = OPTEE_SYSTEM_V2;
		return 0;
	}
	if (strcmp(optee_system_contexts, "auto")) {
		dev_err(optee->dev, "system_contexts=%s is unknown\n", optee_system_contexts);
		return -EINVAL;
	}

	optee_smc_invoke(optee, &regs);
	if (regs.a0 != OPTEE_SYSTEM_UID_0 || regs.a1 != OPTEE_SYSTEM_UID_1 ||
	    regs.a2 != OPTEE_SYSTEM_UID_2 || regs.a3 != OPTEE_SYSTEM_UID_3)
		return 0;
	optee->system.abi = OPTEE_SYSTEM_PRIVATE;
	optee_smc_unreserve_all(optee);
	return 0;
}

/**
 * optee_smc_reserve() - have the secure world keep a thread back
 * @optee:	device
 * @cookie:	of the reservation
 *
 * Return: 0, or -EINVAL if it does not
 */
int optee_smc_reserve(struct optee *optee, u64 cookie)
{
	u32 id = OPTEE_SYSTEM_RESERVE;

	if (optee->system.abi == OPTEE_SYSTEM_V2) {
		/* A secure world with another idea of it has taken a thread, and ended the call. */
		id = OPTEE_SYSTEM_V2_RESERVE;
		cookie = 0;
	}
	return optee_smc_system_call(optee, id, cookie) == OPTEE_SMC_RETURN_OK ? 0 : -EINVAL;
}

/**
 * optee_smc_unreserve() - the opposite
 * @optee:	device
 * @cookie:	of the reservation
 */
void optee_smc_unreserve(struct optee *optee, u64 cookie)
{
	u32 id = OPTEE_SYSTEM_RELEASE;

	if (optee->system.abi == OPTEE_SYSTEM_V2) {
		id = OPTEE_SYSTEM_V2_RELEASE;
		cookie = 0;
	}
	if (optee_smc_system_call(optee, id, cookie) != OPTEE_SMC_RETURN_OK)
		dev_warn_ratelimited(optee->dev, "the secure world keeps a thread back for good\n");
}

/**
 * optee_smc_unreserve_all() - forget all reservations, of this kernel or one before it
 * @optee:	device
 */
void optee_smc_unreserve_all(struct optee *optee)
{
	if (optee->system.abi == OPTEE_SYSTEM_PRIVATE)
		optee_smc_system_call(optee, OPTEE_SYSTEM_RELEASE_ALL, 0);
}
