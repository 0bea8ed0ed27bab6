// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entropy of the secure world, for /dev/hwrng.
 */
#include <linux/hw_random.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include <abi/tee_result.h>
#include <omnitee/tee_drv.h>
#include <omnitee/version.h>

/* p0 MEMREF_INOUT: filled, as far as there is entropy */
#define OPTEE_RNG_GET_ENTROPY		0
/* p0 VALUE_OUTPUT: a = bytes a second, b = quality of 1024 */
#define OPTEE_RNG_GET_INFO		1

#define OPTEE_RNG_MAX_REQUEST		4096
#define OPTEE_RNG_MAX_QUALITY		1024
/* However slow it says it is; and how often nothing may come before we give up. */
#define OPTEE_RNG_MAX_SLEEP_MS		1000
#define OPTEE_RNG_MAX_EMPTY		10

/**
 * struct optee_rng - a generator
 * @ctx:	client
 * @session:	of the service
 * @shm:	where the secure world puts the entropy; the core reads one at a time
 * @rate:	bytes a second, at least 1
 * @rng:	for the core
 */
struct optee_rng {
	struct tee_context *ctx;
	u32 session;
	struct tee_shm *shm;
	u32 rate;
	struct hwrng rng;
};

/* Return: bytes that are in the shared memory now, or an errno */
static int optee_rng_fetch(struct optee_rng *o, size_t size)
{
	struct tee_ioctl_invoke_arg arg = {
		.func = OPTEE_RNG_GET_ENTROPY,
		.session = o->session,
		.num_params = 4,
	};
	struct tee_param param[4] = { };
	int rc;

	param[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT;
	param[0].u.memref.shm = o->shm;
	param[0].u.memref.size = size;
	rc = tee_client_invoke_func(o->ctx, &arg, param);
	if (rc)
		return rc;
	if (arg.ret != TEE_SUCCESS)
		return -EIO;
	/* It does not get to say that there is more than was asked for. */
	return min_t(size_t, param[0].u.memref.size, size);
}

static int optee_rng_read(struct hwrng *rng, void *buf, size_t max, bool wait)
{
	struct optee_rng *o = container_of(rng, struct optee_rng, rng);
	unsigned int empty = 0;
	size_t read = 0;
	u64 sleep_ms;
	int got;

	max = min_t(size_t, max, OPTEE_RNG_MAX_REQUEST);
	for (;;) {
		got = optee_rng_fetch(o, max - read);
		if (got < 0)
			return read ? read : got;
		memcpy(buf + read, tee_shm_get_va(o->shm, 0), got);
		read += got;
		empty = got ? 0 : empty + 1;
		if (!wait || read == max || empty == OPTEE_RNG_MAX_EMPTY)
			break;

		sleep_ms = DIV_ROUND_UP((max - read) * MSEC_PER_SEC, o->rate);
		sleep_ms = min_t(u64, sleep_ms, OPTEE_RNG_MAX_SLEEP_MS);
		schedule_timeout_killable(msecs_to_jiffies(sleep_ms));
		if (fatal_signal_pending(current))
			return read ? read : -EINTR;
	}
	return read;
}

static int optee_rng_get_info(struct optee_rng *o)
{
	struct tee_ioctl_invoke_arg arg = {
		.func = OPTEE_RNG_GET_INFO,
		.session = o->session,
		.num_params = 4,
	};
	struct tee_param param[4] = { };
	int rc;

	param[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT;
	rc = tee_client_invoke_func(o->ctx, &arg, param);
	if (rc)
		return rc;
	if (arg.ret != TEE_SUCCESS)
		return -EINVAL;
	o->rate = clamp_t(u64, param[0].u.value.a, 1, U32_MAX);
	o->rng.quality = min_t(u64, param[0].u.value.b, OPTEE_RNG_MAX_QUALITY);
	return 0;
}

static int optee_rng_match(struct tee_ioctl_version_data *vers, const void *data)
{
	return vers->impl_id == TEE_IMPL_ID_OPTEE && (vers->gen_caps & TEE_GEN_CAP_GP);
}

static int optee_rng_open(struct optee_rng *o, const uuid_t *uuid)
{
	struct tee_ioctl_open_session_arg arg = { .clnt_login = TEE_IOCTL_LOGIN_REE_KERNEL };
	int rc;

	o->ctx = tee_client_open_context(NULL, optee_rng_match, NULL, NULL);
	if (IS_ERR(o->ctx))
		return PTR_ERR(o->ctx);

	export_uuid(arg.uuid, uuid);
	rc = tee_client_open_session(o->ctx, &arg, NULL);
	if (!rc && arg.ret != TEE_SUCCESS)
		rc = -EINVAL;
	if (rc)
		goto err_context;
	o->session = arg.session;

	o->shm = tee_shm_alloc_kernel_buf(o->ctx, OPTEE_RNG_MAX_REQUEST);
	if (IS_ERR(o->shm)) {
		rc = PTR_ERR(o->shm);
		goto err_session;
	}
	return 0;

err_session:
	tee_client_close_session(o->ctx, o->session);
err_context:
	tee_client_close_context(o->ctx);
	return rc;
}

static void optee_rng_close(struct optee_rng *o)
{
	tee_shm_free(o->shm);
	tee_client_close_session(o->ctx, o->session);
	tee_client_close_context(o->ctx);
}

static int optee_rng_probe(struct tee_client_device *device)
{
	struct optee_rng *o;
	int rc;

	o = kzalloc(sizeof(*o), GFP_KERNEL);
	if (!o)
		return -ENOMEM;
	rc = optee_rng_open(o, &device->id.uuid);
	if (rc)
		goto err_free;
	rc = optee_rng_get_info(o);
	if (rc)
		goto err_close;

	o->rng.name = "optee-rng";
	o->rng.read = optee_rng_read;
	rc = hwrng_register(&o->rng);
	if (rc)
		goto err_close;
	dev_set_drvdata(&device->dev, o);
	return 0;

err_close:
	optee_rng_close(o);
err_free:
	kfree(o);
	return dev_err_probe(&device->dev, rc, "no entropy\n");
}

static void optee_rng_remove(struct tee_client_device *device)
{
	struct optee_rng *o = dev_get_drvdata(&device->dev);

	/* Waits for who reads; nobody is there afterwards. */
	hwrng_unregister(&o->rng);
	optee_rng_close(o);
	kfree(o);
}

/* The next kernel must not find memory of its own in the secure world's hands. */
static void optee_rng_shutdown(struct tee_client_device *device)
{
	if (dev_get_drvdata(&device->dev))
		optee_rng_remove(device);
	dev_set_drvdata(&device->dev, NULL);
}

static const struct tee_client_device_id optee_rng_ids[] = {
	{ UUID_INIT(0xab7a617c, 0xb8e7, 0x4d8f, 0x83, 0x01, 0xd0, 0x9b, 0x61, 0x03, 0x6b, 0x64) },
	{ }
};
MODULE_DEVICE_TABLE(tee, optee_rng_ids);

static struct tee_client_driver optee_rng_driver = {
	.probe = optee_rng_probe,
	.remove = optee_rng_remove,
	.shutdown = optee_rng_shutdown,
	.id_table = optee_rng_ids,
	.driver = {
		.name = "optee-rng",
	},
};
module_tee_client_driver(optee_rng_driver);

MODULE_AUTHOR("omnitee");
MODULE_DESCRIPTION("Entropy of OP-TEE");
MODULE_VERSION(OMNITEE_MODULE_VERSION);
MODULE_LICENSE("GPL");
OMNITEE_IMPORT_NS;
