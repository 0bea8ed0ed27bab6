// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices, contexts, sessions. docs/trusted-services.md has the reasons for how they correspond to
 * partitions and services.
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/slab.h>

#include <abi/tee_result.h>
#include <omnitee/version.h>

#include "tstee_private.h"

/*
 * Whose services a client sees is a matter of the endpoint, which has 16 bits. The upper ones are
 * reserved.
 */
static void tstee_get_version(struct tee_device *teedev, struct tee_ioctl_version_data *vers)
{
	const struct tstee *tstee = tee_get_drvdata(teedev);

	*vers = (struct tee_ioctl_version_data) {
		.impl_id = TEE_IMPL_ID_TSTEE,
		.impl_caps = lower_16_bits(tstee->fdev->id),
	};
}

static int tstee_open(struct tee_context *ctx)
{
	struct tstee_context *context;

	context = kzalloc(sizeof(*context), GFP_KERNEL_ACCOUNT);
	if (!context)
		return -ENOMEM;
	/* Clients take 0 for no session. */
	xa_init_flags(&context->sessions, XA_FLAGS_ALLOC1);
	ctx->data = context;
	return 0;
}

/* A partition knows nothing of sessions. */
static void tstee_release(struct tee_context *ctx)
{
	struct tstee_context *context = ctx->data;

	xa_destroy(&context->sessions);
	kfree(context);
	ctx->data = NULL;
}

/* Parameters and who the client says it is are not part of the protocol: they are ignored. */
static int tstee_open_session(struct tee_context *ctx, struct tee_ioctl_open_session_arg *arg,
			      struct tee_param *param)
{
	struct tstee *tstee = tee_get_drvdata(ctx->teedev);
	struct tstee_context *context = ctx->data;
	struct tstee_rpc rpc = { .ctx = ctx };
	u32 interface, id;
	int rc;

	rpc.word[TS_RPC_CONTROL] = TS_RPC_MAKE_CONTROL(TS_RPC_MANAGEMENT, TS_RPC_OP_SERVICE_INFO);
	memcpy(&rpc.word[TS_RPC_UUID], arg->uuid, TEE_IOCTL_UUID_LEN);
	rc = tstee_rpc(tstee, &rpc);
	if (rc)
		return rc;
	if (rpc.word[TS_RPC_STATUS] != TS_RPC_SUCCESS) {
		tstee_count(tstee, TSTEE_STAT_REFUSED);
		return -ENODEV;
	}
	interface = rpc.word[TS_RPC_INTERFACE_ID];
	/* The last one is the partition itself, which is nobody's to command. */
	if (interface >= TS_RPC_MANAGEMENT)
		return -EINVAL;

	rc = xa_alloc(&context->sessions, &id, xa_mk_value(interface), XA_LIMIT(1, INT_MAX),
		      GFP_KERNEL_ACCOUNT);
	if (rc)
		return -ENOMEM;
	arg->session = id;
	arg->ret = TEE_SUCCESS;
	arg->ret_origin = TEE_ORIGIN_TRUSTED_APP;
	return 0;
}

static int tstee_close_session(struct tee_context *ctx, u32 session)
{
	struct tstee_context *context = ctx->data;

	return xa_erase(&context->sessions, session) ? 0 : -EINVAL;
}

/* What a client may ask for: one value, of an id of its memory and a length of a request in it. */
static int tstee_check_invoke(struct tee_context *ctx, const struct tee_ioctl_invoke_arg *arg,
			      const struct tee_param *param, struct tee_shm **shm)
{
	*shm = NULL;
	if (arg->num_params != 1 || param->attr != TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT)
		return -EINVAL;
	if (param->u.value.a > INT_MAX || param->u.value.b > U32_MAX)
		return -EINVAL;
	if (!param->u.value.a)
		return param->u.value.b ? -EINVAL : 0;

	*shm = tee_shm_get_from_id(ctx, param->u.value.a);
	if (IS_ERR(*shm))
		return PTR_ERR(*shm);
	if (param->u.value.b > tee_shm_get_size(*shm)) {
		tee_shm_put(*shm);
		return -EINVAL;
	}
	return 0;
}

static int tstee_invoke_func(struct tee_context *ctx, struct tee_ioctl_invoke_arg *arg,
			     struct tee_param *param)
{
	struct tstee *tstee = tee_get_drvdata(ctx->teedev);
	struct tstee_context *context = ctx->data;
	struct tstee_rpc rpc = { .ctx = ctx };
	struct tee_shm *shm;
	void *interface;
	u64 handle;
	int rc;

	interface = xa_load(&context->sessions, arg->session);
	if (!interface)
		return -EINVAL;
	rc = tstee_check_invoke(ctx, arg, param, &shm);
	if (rc)
		return rc;

	handle = shm ? tstee_memory_handle(shm) : TS_RPC_NO_MEMORY;
	rpc.shm = shm;
	rpc.word[TS_RPC_CONTROL] = TS_RPC_MAKE_CONTROL(xa_to_value(interface),
						  lower_16_bits(arg->func));
	rpc.word[TS_RPC_HANDLE_LOW] = lower_32_bits(handle);
	rpc.word[TS_RPC_HANDLE_HIGH] = upper_32_bits(handle);
	rpc.word[TS_RPC_LENGTH] = param->u.value.b;
	rpc.word[TS_RPC_CLIENT_ID] = 0;
	rc = tstee_rpc(tstee, &rpc);
	if (rc)
		goto out_put;

	rc = -EINVAL;
	if (rpc.word[TS_RPC_STATUS] != TS_RPC_SUCCESS) {
		tstee_count(tstee, TSTEE_STAT_REFUSED);
		goto out_put;
	}
	/* There is nowhere that so much could be. */
	rc = -EPROTO;
	if (rpc.word[TS_RPC_LENGTH] > (shm ? tee_shm_get_size(shm) : 0))
		goto out_put;

	arg->ret = rpc.word[TS_RPC_SERVICE_STATUS];
	arg->ret_origin = TEE_ORIGIN_TRUSTED_APP;
	param->u.value.a = rpc.word[TS_RPC_LENGTH];
	rc = 0;
out_put:
	tee_shm_put(shm);
	return rc;
}

static const struct tee_driver_ops tstee_ops = {
	.get_version = tstee_get_version,
	.open = tstee_open,
	.release = tstee_release,
	.open_session = tstee_open_session,
	.close_session = tstee_close_session,
	.invoke_func = tstee_invoke_func,
};

static const struct tee_desc tstee_desc = {
	.name = "tstee-clnt",
	.ops = &tstee_ops,
	.owner = THIS_MODULE,
};

/* Return: 0, -ENODEV with a line, or -EPROBE_DEFER for a partition that others keep busy */
static int tstee_check_version(struct tstee *tstee)
{
	/* Whoever loads the module, or the machine that boots, has other things to do. */
	struct tstee_rpc rpc = { .bounded = true };
	int rc;

	rpc.word[TS_RPC_CONTROL] = TS_RPC_MAKE_CONTROL(TS_RPC_MANAGEMENT, TS_RPC_OP_VERSION);
	rc = tstee_rpc(tstee, &rpc);
	if (rc == -EBUSY)
		return -EPROBE_DEFER;
	if (rc) {
		dev_err(tstee->fdev->dev, "asking for the version failed: %d\n", rc);
		return -ENODEV;
	}
	/* This reply has no status. */
	if (rpc.word[TS_RPC_STATUS] != TS_RPC_VERSION) {
		dev_err(tstee->fdev->dev, "speaks version %u, not %u\n",
			rpc.word[TS_RPC_STATUS], TS_RPC_VERSION);
		return -ENODEV;
	}
	return 0;
}

static int tstee_probe(struct omnitee_ffa_device *fdev)
{
	struct tstee *tstee;
	int rc;

	tstee = kzalloc(sizeof(*tstee), GFP_KERNEL);
	if (!tstee)
		return -ENOMEM;
	tstee->fdev = fdev;
	tstee->pool.ops = &tstee_pool_ops;

	/* By the protocol, whatever width the partition has. */
	fdev->ops->msg_ops->mode_32bit_set(fdev);
	omnitee_ffa_set_exclusive(fdev);
	rc = tstee_check_version(tstee);
	if (rc)
		goto err_free;

	tstee->teedev = tee_device_alloc(&tstee_desc, fdev->dev, &tstee->pool, tstee);
	if (IS_ERR(tstee->teedev)) {
		/* Most likely there are as many devices as can be. */
		dev_warn(fdev->dev, "no TEE device for partition %04x: %ld\n", fdev->id,
			 PTR_ERR(tstee->teedev));
		rc = -ENODEV;
		goto err_free;
	}
	omnitee_ffa_set_drvdata(fdev, tstee);
	rc = tee_device_register(tstee->teedev);
	if (rc)
		goto err_device;
	tstee_stats_create(tstee);
	return 0;

err_device:
	/* It takes back one that is not registered, too. */
	tee_device_unregister(tstee->teedev);
err_free:
	kfree(tstee);
	return rc;
}

static void tstee_remove(struct omnitee_ffa_device *fdev)
{
	struct tstee *tstee = omnitee_ffa_get_drvdata(fdev);

	tee_device_unregister(tstee->teedev);
	kfree(tstee);
}

static void tstee_shutdown(struct omnitee_ffa_device *fdev)
{
	tstee_memory_take_back(omnitee_ffa_get_drvdata(fdev));
}

static const struct omnitee_ffa_device_id tstee_ids[] = {
	{ { TS_PROTOCOL_UUID } },
	{ }
};

static struct omnitee_ffa_driver tstee_driver = {
	.name = "arm_tstee",
	.probe = tstee_probe,
	.remove = tstee_remove,
	.shutdown = tstee_shutdown,
	.id_table = tstee_ids,
};

static int __init tstee_init(void)
{
	int rc;

	rc = tstee_rpc_init();
	if (rc)
		return rc;
	rc = omnitee_ffa_driver_register(&tstee_driver);
	if (rc)
		tstee_rpc_exit();
	return rc;
}
module_init(tstee_init);

static void __exit tstee_exit(void)
{
	omnitee_ffa_driver_unregister(&tstee_driver);
	tstee_rpc_exit();
}
module_exit(tstee_exit);

/* Any partition. Device tables of this bus are not known to the tools that write aliases. */
MODULE_ALIAS("arm_ffa:*:bdcd76d7-825e-4751-963b-86d4f84943ac");
MODULE_AUTHOR("omnitee");
MODULE_DESCRIPTION("Arm Trusted Services");
MODULE_VERSION(OMNITEE_MODULE_VERSION);
MODULE_LICENSE("GPL");
OMNITEE_IMPORT_NS;
