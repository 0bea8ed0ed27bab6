// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SMC backend's driver: finds out who is there, and whether it will do.
 */
#include <linux/arm-smccc.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>

#include <abi/optee_smc.h>

#include "optee_private.h"

static char *optee_call_form = "auto";
module_param_named(call_form, optee_call_form, charp, 0444);
MODULE_PARM_DESC(call_form, "messages: auto, regd (registered pages), rpc (private pages with room for RPCs), arg (private pages)");

/* Largest value of a notification where the secure world does not say. */
#define OPTEE_NOTIF_DEFAULT_MAX	255
/* So long is a busy secure world waited for when its memory is asked back. */
#define OPTEE_CACHE_BUSY_MS	500
/* More objects than threads cannot be kept. */
#define OPTEE_CACHE_MAX_OBJECTS	65536

/* A call without arguments. */
static struct optee_smc_regs optee_smc_fast(struct optee *optee, u32 id)
{
	struct optee_smc_regs regs = { .a0 = id };

	optee_smc_invoke(optee, &regs);
	return regs;
}

static int optee_smc_find_conduit(struct optee *optee)
{
	const char *method;

	if (of_property_read_string(optee->dev->of_node, "method", &method)) {
		dev_err(optee->dev, "the node has no property \"method\"\n");
		return -ENXIO;
	}
	if (!strcmp(method, "smc")) {
		optee->smc.hvc = false;
	} else if (!strcmp(method, "hvc")) {
		optee->smc.hvc = true;
	} else {
		dev_err(optee->dev, "method \"%s\" is neither smc nor hvc\n", method);
		return -EINVAL;
	}
	return 0;
}

static int optee_smc_identify(struct optee *optee)
{
	struct optee_smc_regs r;

	r = optee_smc_fast(optee, OPTEE_SMC_CALLS_UID);
	if (r.a0 != OPTEE_MSG_UID_0 || r.a1 != OPTEE_MSG_UID_1 || r.a2 != OPTEE_MSG_UID_2 ||
	    r.a3 != OPTEE_MSG_UID_3) {
		dev_err(optee->dev, "no OP-TEE answers\n");
		return -EINVAL;
	}

	r = optee_smc_fast(optee, OPTEE_SMC_GET_OS_REVISION);
	optee->revision.major = r.a0;
	optee->revision.minor = r.a1;
	optee->revision.build_id = r.a2;

	r = optee_smc_fast(optee, OPTEE_SMC_CALLS_REVISION);
	if (r.a0 != OPTEE_MSG_REVISION_MAJOR) {
		dev_err(optee->dev, "revision %u.%u of the interface is not understood\n", r.a0,
			r.a1);
		return -EINVAL;
	}
	return 0;
}

static int optee_smc_exchange_capabilities(struct optee *optee)
{
	struct optee_smc_regs r = { .a0 = OPTEE_SMC_EXCHANGE_CAPABILITIES };
	bool async_notif;

	/* Whatever else is announced is refused, so only what is known is said. */
	if (!IS_ENABLED(CONFIG_SMP) || num_possible_cpus() == 1)
		r.a1 |= OPTEE_SMC_NSEC_CAP_UNIPROCESSOR;
	optee_smc_invoke(optee, &r);
	if (r.a0 != OPTEE_SMC_RETURN_OK) {
		dev_err(optee->dev, "capabilities refused: %#x\n", r.a0);
		return -EINVAL;
	}

	optee->smc.sec_caps = r.a1;
	optee->memref_null = r.a1 & OPTEE_SMC_SEC_CAP_MEMREF_NULL;
	/* Registers of features that are not there are not written. */
	if (r.a1 & OPTEE_SMC_SEC_CAP_RPC_ARG)
		optee->rpc_params = r.a3 & OPTEE_SMC_SEC_CAP_RPC_PARAMS_MASK;
	if (OPTEE_MSG_ARG_SIZE(OPTEE_MAX_PARAMS) + OPTEE_MSG_ARG_SIZE(optee->rpc_params) >
	    OPTEE_MSG_PAGE_SIZE) {
		dev_err(optee->dev, "RPCs with %u parameters do not fit\n", optee->rpc_params);
		return -EINVAL;
	}

	async_notif = r.a1 & OPTEE_SMC_SEC_CAP_ASYNC_NOTIF;
	return optee_notif_set_max(&optee->notif, async_notif ? r.a2 : OPTEE_NOTIF_DEFAULT_MAX);
}

/* Any pages, or else what is shared already. */
static int optee_smc_choose_memory(struct optee *optee)
{
	struct optee_smc_regs r;

	if (optee->smc.sec_caps & OPTEE_SMC_SEC_CAP_DYNAMIC_SHM)
		return 0;
	if (!(optee->smc.sec_caps & OPTEE_SMC_SEC_CAP_HAVE_RESERVED_SHM)) {
		dev_err(optee->dev, "the secure world shares no memory\n");
		return -EINVAL;
	}
	r = optee_smc_fast(optee, OPTEE_SMC_GET_SHM_CONFIG);
	if (r.a0 != OPTEE_SMC_RETURN_OK) {
		dev_err(optee->dev, "shared memory is not available: %#x\n", r.a0);
		return -ENOENT;
	}
	if (r.a3 != OPTEE_SMC_SHM_CACHED) {
		dev_err(optee->dev, "shared memory is not cached\n");
		return -EINVAL;
	}
	return optee_carve_out_init(optee, r.a1, r.a2);
}

static int optee_smc_choose_form(struct optee *optee)
{
	if (!strcmp(optee_call_form, "arg")) {
		optee->rpc_params = 0;
	} else if (!strcmp(optee_call_form, "rpc") || !strcmp(optee_call_form, "regd")) {
		if (!optee->rpc_params) {
			dev_err(optee->dev, "call_form=%s is not supported\n", optee_call_form);
			return -EINVAL;
		}
	} else if (strcmp(optee_call_form, "auto")) {
		dev_err(optee->dev, "call_form=%s is unknown\n", optee_call_form);
		return -EINVAL;
	}
	optee->use_registered = optee->rpc_params && !optee->carve_out.va &&
				strcmp(optee_call_form, "rpc");
	return 0;
}

/*
 * Ask back the memory that the secure world keeps. When the driver begins, that is what a
 * kernel before this one left: its cookies mean nothing. Bounded in number and time.
 */
static int optee_smc_disable_shm_cache(struct optee *optee, bool ours)
{
	unsigned int objects = 0;
	unsigned int waited = 0;
	struct optee_smc_regs r;
	u64 cookie;

	for (;;) {
		r = optee_smc_fast(optee, OPTEE_SMC_DISABLE_SHM_CACHE);
		switch (r.a0) {
		case OPTEE_SMC_RETURN_ENOTAVAIL:
			return 0;
		case OPTEE_SMC_RETURN_OK:
			cookie = optee_reg_pair_to_u64(r.a1, r.a2);
			if (ours && !optee_rpc_memory_free(optee, cookie))
				dev_warn(optee->dev, "unknown memory %#llx given back\n", cookie);
			if (++objects == OPTEE_CACHE_MAX_OBJECTS) {
				dev_err(optee->dev, "shared memory is given back without end\n");
				return -EINVAL;
			}
			break;
		case OPTEE_SMC_RETURN_EBUSY:
			if (waited++ == OPTEE_CACHE_BUSY_MS)
				return -EBUSY;
			usleep_range(1000, 2000);
			break;
		default:
			dev_err(optee->dev, "shared memory is not given back: %#x\n", r.a0);
			return -EINVAL;
		}
	}
}

/*
 * Is there a thread that is not a dead kernel's? Else every call would wait for ever. No
 * message lies at address 0: the call ends as soon as it has got a thread.
 */
static bool optee_smc_has_thread(struct optee *optee)
{
	struct optee_smc_regs r = { .a0 = OPTEE_SMC_CALL_WITH_ARG };
	unsigned int turns;

	for (turns = 0; turns < OPTEE_CACHE_BUSY_MS; turns++) {
		optee_smc_invoke(optee, &r);
		if (OPTEE_SMC_IS_RPC(r.a0)) {
			/* An interrupt came first; nothing else comes of such a call. */
			r.a0 = OPTEE_SMC_RETURN_FROM_RPC;
		} else if (r.a0 == OPTEE_SMC_RETURN_ETHREAD_LIMIT) {
			r = (struct optee_smc_regs){ .a0 = OPTEE_SMC_CALL_WITH_ARG };
			usleep_range(1000, 2000);
		} else {
			return true;
		}
	}
	return false;
}

static int optee_smc_init_shm_cache(struct optee *optee)
{
	struct optee_smc_regs r;
	int rc;

	rc = optee_smc_disable_shm_cache(optee, false);
	if (rc == -EBUSY && optee->rpc_params) {
		/* Threads that a dead kernel left behind. Nothing of ours will be kept. */
		dev_warn(optee->dev, "secure threads are in use already\n");
		if (optee_smc_has_thread(optee))
			return 0;
		dev_err(optee->dev,
			"all secure threads are held by calls of a kernel that is gone: reset the machine\n");
		return -EBUSY;
	}
	if (rc || optee->rpc_params)
		return rc;

	/* Room for RPC messages has to be asked for: let it be kept. */
	r = optee_smc_fast(optee, OPTEE_SMC_ENABLE_SHM_CACHE);
	optee->shm_cache = r.a0 == OPTEE_SMC_RETURN_OK;
	return 0;
}

static const struct tee_desc optee_smc_desc = {
	.name = "optee-clnt",
	.ops = &optee_clnt_ops,
	.owner = THIS_MODULE,
};

static const struct tee_desc optee_smc_supp_desc = {
	.name = "optee-supp",
	.ops = &optee_supp_ops,
	.owner = THIS_MODULE,
	.flags = TEE_DESC_PRIVILEGED,
};

static u32 optee_smc_thread_count(struct optee *optee)
{
	struct optee_smc_regs r = optee_smc_fast(optee, OPTEE_SMC_GET_THREAD_COUNT);

	return r.a0 == OPTEE_SMC_RETURN_OK ? r.a1 : 0;
}

/*
 * A tree without the interrupt is no reason to do without the rest: notifications between
 * secure threads need none.
 */
static int optee_smc_init_async_notif(struct optee *optee, struct platform_device *pdev)
{
	int irq;

	if (!(optee->smc.sec_caps & OPTEE_SMC_SEC_CAP_ASYNC_NOTIF))
		return 0;
	irq = platform_get_irq_optional(pdev, 0);
	if (irq == -ENXIO) {
		dev_info(optee->dev,
			 "no asynchronous notifications: the node has no \"interrupts\"\n");
		return 0;
	}
	if (irq < 0)
		return dev_err_probe(optee->dev, irq, "the node's interrupt cannot be had\n");
	return optee_smc_notif_init_irq(optee, irq);
}

/* The guest is there for all that may still be given back; only then it goes. */
static void optee_smc_free(struct optee *optee)
{
	struct optee_smc smc = optee->smc;

	optee_free(optee);
	optee_guest_destroy(&smc);
	optee_guest_release(&smc);
}

static int optee_smc_probe(struct platform_device *pdev)
{
	struct optee *optee;
	u32 thread_count;
	int rc;

	optee = optee_alloc(&pdev->dev, &optee_smc_ops);
	if (!optee)
		return -ENOMEM;

	rc = optee_smc_find_conduit(optee);
	if (rc)
		goto err_free;
	rc = optee_guest_init(optee, !optee->smc.hvc);
	if (rc)
		goto err_free;
	rc = optee_smc_identify(optee);
	if (rc)
		goto err_free;
	rc = optee_smc_exchange_capabilities(optee);
	if (rc)
		goto err_free;
	/* What comes before concerns no guest, what comes behind does. */
	rc = optee_guest_create(optee);
	if (rc)
		goto err_free;
	thread_count = optee_init_queue(optee, optee_smc_thread_count(optee));
	rc = optee_smc_choose_memory(optee);
	if (rc)
		goto err_free;
	rc = optee_smc_choose_form(optee);
	if (rc)
		goto err_free;
	rc = optee_smc_init_shm_cache(optee);
	if (rc)
		goto err_free;
	rc = optee_smc_find_system(optee);
	if (rc)
		goto err_cache;

	/* What is notified may make a call at once. */
	rc = optee_msg_cache_warm_up(optee);
	if (rc)
		goto err_cache;
	rc = optee_smc_init_async_notif(optee, pdev);
	if (rc)
		goto err_cache;

	rc = optee_start(optee, &optee_smc_desc, &optee_smc_supp_desc);
	if (rc)
		goto err_notif;

	platform_set_drvdata(pdev, optee);
	dev_info(&pdev->dev, "OP-TEE %u.%u (%08x), %u secure threads, %s\n",
		 optee->revision.major, optee->revision.minor, optee->revision.build_id,
		 thread_count, dev_name(&optee->teedev->dev));
	return 0;

err_notif:
	optee_smc_notif_uninit_irq(optee);
err_cache:
	if (optee->shm_cache)
		optee_smc_disable_shm_cache(optee, true);
err_free:
	optee_smc_free(optee);
	return rc;
}

static void optee_smc_remove(struct platform_device *pdev)
{
	struct optee *optee = platform_get_drvdata(pdev);

	optee_stop(optee);
	optee_smc_notif_uninit_irq(optee);
	if (optee->shm_cache && optee_smc_disable_shm_cache(optee, true))
		dev_err(optee->dev, "memory that the secure world does not give back is lost\n");
	optee_smc_free(optee);
}

/* The next kernel gets the memory of this one: what can be had back is asked back. */
static void optee_smc_shutdown(struct platform_device *pdev)
{
	struct optee *optee = platform_get_drvdata(pdev);

	if (optee->async.irq)
		optee_async_shutdown(optee);
	optee_quiesce(optee);
	optee_smc_unreserve_all(optee);
	if (optee->shm_cache)
		optee_smc_disable_shm_cache(optee, true);
	if (optee->smc.client_id) {
		optee_guest_close(&optee->smc);
		optee_guest_destroy(&optee->smc);
	}
}

/*
 * An image gets the memory of this kernel, as the next one after a kexec. Only now: until processes
 * are frozen it may come to nothing at any time. An image of this kernel is never made, see power.c.
 */
static int optee_smc_freeze(struct device *dev)
{
	optee_quiesce(dev_get_drvdata(dev));
	return 0;
}

static int optee_smc_thaw(struct device *dev)
{
	dev_err(dev, "the image was not restored, and clients have lost what they had; unbind this device and bind it again\n");
	return 0;
}

static const struct dev_pm_ops optee_smc_pm_ops = {
	.freeze = pm_sleep_ptr(optee_smc_freeze),
	.thaw = pm_sleep_ptr(optee_smc_thaw),
};

static const struct of_device_id optee_smc_match[] = {
	{ .compatible = OPTEE_COMPATIBLE },
	{ }
};
MODULE_DEVICE_TABLE(of, optee_smc_match);

static struct platform_driver optee_smc_driver = {
	.probe = optee_smc_probe,
	.platform_remove_void = optee_smc_remove,
	.shutdown = optee_smc_shutdown,
	.driver = {
		.name = "optee",
		.of_match_table = optee_smc_match,
		.pm = pm_sleep_ptr(&optee_smc_pm_ops),
	},
};

int optee_smc_register_driver(void)
{
	return platform_driver_register(&optee_smc_driver);
}

void optee_smc_unregister_driver(void)
{
	platform_driver_unregister(&optee_smc_driver);
}
