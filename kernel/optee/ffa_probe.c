// SPDX-License-Identifier: GPL-2.0-only
/*
 * The FF-A backend's driver, a module of its own: it needs the FF-A bus, and optee.ko, which
 * reaches OP-TEE over SMC, must not.
 */
#include <linux/module.h>

#include <abi/optee_ffa.h>
#include <omnitee/version.h>

#include "optee_private.h"

/* Largest value of a notification where the secure world does not say. */
#define OPTEE_FFA_NOTIF_DEFAULT_MAX	255
#define OPTEE_FFA_RPC_PARAMS_MASK	0xff

static int optee_ffa_ask(struct optee *optee, u32 function, struct omnitee_ffa_message *msg)
{
	int rc;

	*msg = (struct omnitee_ffa_message){ .data = { function } };
	rc = optee_ffa_blocking_call(optee, msg);
	if (rc)
		dev_err(optee->dev, "call %u failed: %d\n", function, rc);
	return rc;
}

static int optee_ffa_identify(struct optee *optee)
{
	struct omnitee_ffa_message msg;
	int rc;

	rc = optee_ffa_ask(optee, OPTEE_FFA_GET_API_VERSION, &msg);
	if (rc)
		return rc;
	if (msg.data[0] != OPTEE_FFA_VERSION_MAJOR || msg.data[1] < OPTEE_FFA_VERSION_MINOR) {
		dev_err(optee->dev, "version %lu.%lu of the interface is not understood\n",
			msg.data[0], msg.data[1]);
		return -EINVAL;
	}
	rc = optee_ffa_ask(optee, OPTEE_FFA_GET_OS_VERSION, &msg);
	if (rc)
		return rc;
	optee->revision.major = msg.data[0];
	optee->revision.minor = msg.data[1];
	optee->revision.build_id = msg.data[2];
	return 0;
}

static int optee_ffa_exchange_capabilities(struct optee *optee)
{
	struct omnitee_ffa_message msg;
	u32 max;
	int rc;

	rc = optee_ffa_ask(optee, OPTEE_FFA_EXCHANGE_CAPABILITIES, &msg);
	if (rc)
		return rc;
	if (msg.data[0]) {
		dev_err(optee->dev, "capabilities refused: %#lx\n", msg.data[0]);
		return -EINVAL;
	}
	optee->rpc_params = msg.data[1] & OPTEE_FFA_RPC_PARAMS_MASK;
	optee->ffa.sec_caps = msg.data[2];
	optee->one_slot = !(optee->ffa.sec_caps & OPTEE_FFA_SEC_CAP_ARG_OFFSET);
	/* Each message is followed by room for an RPC. */
	if (!optee->rpc_params || OPTEE_MSG_ARG_SIZE(OPTEE_MAX_PARAMS) +
	    OPTEE_MSG_ARG_SIZE(optee->rpc_params) > OPTEE_MSG_PAGE_SIZE) {
		dev_err(optee->dev, "RPCs with %u parameters are not possible\n",
			optee->rpc_params);
		return -EINVAL;
	}
	max = optee->ffa.sec_caps & OPTEE_FFA_SEC_CAP_ASYNC_NOTIF ? msg.data[3] : 0;
	return optee_notif_set_max(&optee->notif, max ?: OPTEE_FFA_NOTIF_DEFAULT_MAX);
}

static const struct tee_desc optee_ffa_desc = {
	.name = "optee-ffa-clnt",
	.ops = &optee_clnt_ops,
	.owner = THIS_MODULE,
};

static const struct tee_desc optee_ffa_supp_desc = {
	.name = "optee-ffa-supp",
	.ops = &optee_supp_ops,
	.owner = THIS_MODULE,
	.flags = TEE_DESC_PRIVILEGED,
};

static int optee_ffa_probe(struct omnitee_ffa_device *fdev)
{
	struct optee *optee;
	u32 thread_count;
	int rc;

	optee = optee_alloc(fdev->dev, &optee_ffa_ops);
	if (!optee)
		return -ENOMEM;
	optee->ffa.fdev = fdev;
	optee_ffa_shares_init(optee);
	/* By the protocol, whatever width the partition has. */
	fdev->ops->msg_ops->mode_32bit_set(fdev);

	rc = optee_ffa_identify(optee);
	if (rc)
		goto err_free;
	rc = optee_ffa_exchange_capabilities(optee);
	if (rc)
		goto err_free;
	optee->memref_null = true;
	optee->use_registered = true;
	optee->cookies.are_given = true;
	/* It does not say how many threads it has. */
	thread_count = optee_init_queue(optee, 0);
	/* What is notified may make a call at once. */
	rc = optee_msg_cache_warm_up(optee);
	if (rc)
		goto err_free;
	rc = optee_ffa_notif_init(optee);
	if (rc)
		goto err_free;
	rc = optee_start(optee, &optee_ffa_desc, &optee_ffa_supp_desc);
	if (rc)
		goto err_notif;

	omnitee_ffa_set_drvdata(fdev, optee);
	dev_info(fdev->dev, "OP-TEE %u.%u (%08x), %u secure threads, %s\n",
		 optee->revision.major, optee->revision.minor, optee->revision.build_id,
		 thread_count, dev_name(&optee->teedev->dev));
	return 0;

err_notif:
	optee_ffa_notif_uninit(optee);
err_free:
	optee_free(optee);
	return rc;
}

static void optee_ffa_remove(struct omnitee_ffa_device *fdev)
{
	struct optee *optee = omnitee_ffa_get_drvdata(fdev);

	optee_stop(optee);
	optee_ffa_notif_uninit(optee);
	optee_free(optee);
}

/* The next kernel gets the memory of this one: what can be had back is taken back. */
static void optee_ffa_shutdown(struct omnitee_ffa_device *fdev)
{
	struct optee *optee = omnitee_ffa_get_drvdata(fdev);

	optee_ffa_notif_shutdown(optee);
	optee_quiesce_sessions(optee);
	optee_ffa_shares_take_back(optee);
}

static const struct omnitee_ffa_device_id optee_ffa_ids[] = {
	{ { OPTEE_FFA_UUID } },
	{ }
};

static struct omnitee_ffa_driver optee_ffa_driver = {
	.name = "optee",
	.probe = optee_ffa_probe,
	.remove = optee_ffa_remove,
	.shutdown = optee_ffa_shutdown,
	.id_table = optee_ffa_ids,
};
module_omnitee_ffa_driver(optee_ffa_driver);

/* Any partition. Device tables of this bus are not known to the tools that write aliases. */
MODULE_ALIAS("arm_ffa:*:486178e0-e7f8-11e3-bc5e-0002a5d5c51b");
MODULE_AUTHOR("omnitee");
MODULE_DESCRIPTION("OP-TEE over FF-A");
MODULE_VERSION(OMNITEE_MODULE_VERSION);
MODULE_LICENSE("GPL");
OMNITEE_IMPORT_NS;
