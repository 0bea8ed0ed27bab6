// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module, and what devices of all backends have in common.
 */
#include <linux/crash_dump.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include <omnitee/version.h>

#include "debugfs.h"
#include "kept_call.h"
#include "stats.h"

static unsigned int optee_thread_count;
module_param_named(thread_count, optee_thread_count, uint, 0444);
MODULE_PARM_DESC(thread_count, "secure threads, if the secure world does not say; 0: not known");

static unsigned int optee_calls_per_context;
module_param_named(calls_per_context, optee_calls_per_context, uint, 0444);
MODULE_PARM_DESC(calls_per_context, "ordinary calls of one context that may be in the secure world at a time; 0: any number");

void optee_get_version(struct tee_device *teedev, struct tee_ioctl_version_data *vers)
{
	/* As tee_get_drvdata(), but for the call: this is the least that a client asks for. */
	const struct optee *optee = dev_get_drvdata(&teedev->dev);
	u32 caps = TEE_GEN_CAP_GP;

	if (!optee->carve_out.va)
		caps |= TEE_GEN_CAP_REG_MEM;
	if (optee->memref_null)
		caps |= TEE_GEN_CAP_MEMREF_NULL;

	vers->impl_id = TEE_IMPL_ID_OPTEE;
	vers->impl_caps = TEE_OPTEE_CAP_TZ;
	vers->gen_caps = caps;
}

int optee_get_tee_revision(struct tee_device *teedev, char *buf, size_t len)
{
	struct optee *optee = tee_get_drvdata(teedev);

	scnprintf(buf, len, "%u.%u (0x%08x)", optee->revision.major, optee->revision.minor,
		  optee->revision.build_id);
	return 0;
}

const struct tee_driver_ops optee_clnt_ops = {
	.get_version = optee_get_version,
	.get_tee_revision = optee_get_tee_revision,
	.open = optee_open,
	.close_context = optee_system_close_context,
	.release = optee_release,
	.open_session = optee_open_session,
	.close_session = optee_close_session,
	.system_session = optee_system_session,
	.system_ctx_request = optee_system_request,
	.system_ctx_release = optee_system_release,
	.invoke_func = optee_invoke_func,
	.cancel_req = optee_cancel_req,
	.shm_register = optee_shm_register,
	.shm_unregister = optee_shm_unregister,
	.notif_register = optee_notif_register,
	.notif_unregister = optee_notif_unregister,
};
EXPORT_SYMBOL_GPL(optee_clnt_ops);

/**
 * optee_alloc() - make a device that is not in use
 * @dev:	device of the backend
 * @ops:	backend
 *
 * Return: the device, for optee_free(), or NULL
 */
struct optee *optee_alloc(struct device *dev, const struct optee_ops *ops)
{
	struct optee *optee;

	optee = kzalloc(sizeof(*optee), GFP_KERNEL);
	if (!optee)
		return NULL;
	if (optee_stats_init(optee))
		goto err_free;

	/*
	 * Two, as a queue runs a limited number at once: those that wait for a secure thread,
	 * of which there can be any number, must not keep those that have one from going on.
	 */
	optee->workers = alloc_workqueue("optee-calls", WQ_UNBOUND | WQ_MEM_RECLAIM,
					 WQ_MAX_ACTIVE);
	if (!optee->workers)
		goto err_stats;
	optee->resumers = alloc_workqueue("optee-resume", WQ_UNBOUND | WQ_MEM_RECLAIM,
					  OPTEE_MAX_THREADS);
	if (!optee->resumers)
		goto err_workers;
	optee->ops = ops;
	optee->dev = dev;
	optee->id = -1;
	optee->dyn_pool.ops = &optee_shm_pool_ops;
	optee->pool = &optee->dyn_pool;
	optee_system_init(&optee->system);
	optee_cookies_init(&optee->cookies);
	optee_supp_init(&optee->supp);
	optee_notif_init(&optee->notif);
	optee_devices_init(&optee->devices);
	optee_msg_cache_init(&optee->msgs);
	optee_msg_cache_init(&optee->private_msgs);
	optee_msg_cache_init(&optee->system_msgs);
	return optee;

err_workers:
	destroy_workqueue(optee->workers);
err_stats:
	optee_stats_destroy(optee);
err_free:
	kfree(optee);
	return NULL;
}
EXPORT_SYMBOL_GPL(optee_alloc);

/**
 * optee_free() - free a device
 * @optee:	device, stopped or never started
 */
void optee_free(struct optee *optee)
{
	/* Clients that were there when the start failed may have left calls to them. */
	drain_workqueue(optee->resumers);
	drain_workqueue(optee->workers);
	optee_msg_cache_destroy(optee, &optee->msgs);
	optee_msg_cache_destroy(optee, &optee->private_msgs);
	optee_msg_cache_destroy(optee, &optee->system_msgs);
	if (!xa_empty(&optee->cookies.table))
		dev_warn(optee->dev, "memory that the secure world did not give back is lost\n");
	optee_cookies_destroy(&optee->cookies);
	optee_carve_out_destroy(optee);
	optee_notif_destroy(&optee->notif);
	destroy_workqueue(optee->resumers);
	destroy_workqueue(optee->workers);
	optee_stats_destroy(optee);
	if (optee->ops->destroy)
		optee->ops->destroy(optee);
	kfree(optee);
}
EXPORT_SYMBOL_GPL(optee_free);

/**
 * optee_init_queue() - say how many may be in the secure world
 * @optee:	device
 * @thread_count: secure threads, 0 if the secure world does not say
 *
 * Return: how many are counted with, 0 if that is not known
 */
u32 optee_init_queue(struct optee *optee, u32 thread_count)
{
	if (!thread_count)
		thread_count = optee_thread_count;
	optee_cq_init(&optee->cq, thread_count);
	optee->cq.max_per_context = optee_calls_per_context;
	return thread_count;
}
EXPORT_SYMBOL_GPL(optee_init_queue);

/* Frames of RPMB go to the supplicant, whatever else the secure world offers. */
static ssize_t rpmb_routing_model_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "user\n");
}
static DEVICE_ATTR_RO(rpmb_routing_model);

static struct attribute *optee_dev_attrs[] = {
	&dev_attr_rpmb_routing_model.attr,
	NULL
};
ATTRIBUTE_GROUPS(optee_dev);

/**
 * optee_start() - take a device into use
 * @optee:	device that is ready for calls, with room for their messages
 * @desc:	description for clients
 * @supp_desc:	description for the supplicant
 *
 * The nodes appear last: user space is there at once.
 *
 * Return: 0 or an errno; optee_free() is left to do then
 */
int optee_start(struct optee *optee, const struct tee_desc *desc,
		const struct tee_desc *supp_desc)
{
	struct tee_device *supp_teedev;
	struct tee_device *teedev;
	int rc;

	teedev = tee_device_alloc(desc, NULL, optee->pool, optee);
	if (IS_ERR(teedev))
		return PTR_ERR(teedev);
	supp_teedev = tee_device_alloc(supp_desc, NULL, optee->pool, optee);
	if (IS_ERR(supp_teedev)) {
		rc = PTR_ERR(supp_teedev);
		goto err_teedev;
	}
	tee_device_set_dev_groups(teedev, optee_dev_groups);
	tee_device_set_dev_groups(supp_teedev, optee_dev_groups);
	optee->teedev = teedev;
	optee->id = teedev->id;
	optee->supp_teedev = supp_teedev;

	rc = tee_device_register(teedev);
	if (rc)
		goto err_supp_teedev;
	rc = tee_device_register(supp_teedev);
	if (rc)
		goto err_supp_teedev;
	rc = optee_power_add(optee);
	if (rc)
		goto err_supp_teedev;
	optee_debugfs_create(optee);
	optee_devices_add(optee);
	return 0;

err_supp_teedev:
	/* There may be clients already that wait for what will not come. */
	optee_supp_stop(&optee->supp);
	optee_notif_stop(&optee->notif);
	tee_device_unregister(supp_teedev);
err_teedev:
	tee_device_unregister(teedev);
	return rc;
}
EXPORT_SYMBOL_GPL(optee_start);

/**
 * optee_stop() - take a device out of use
 * @optee:	device
 *
 * Returns when nobody uses it and no call is in progress.
 */
void optee_stop(struct optee *optee)
{
	optee_power_remove(optee);
	/* A supplicant that is told to go does, and clients that wait for it go on. */
	optee_supp_stop(&optee->supp);
	/* Secure threads that wait for something of the future do so no longer. */
	optee_notif_stop(&optee->notif);
	optee_devices_remove(optee);
	/* Both, before waiting for the users of one. */
	tee_device_retire(optee->teedev);
	tee_device_retire(optee->supp_teedev);
	tee_device_unregister(optee->supp_teedev);
	tee_device_unregister(optee->teedev);
	/* Calls without a context: sessions that are closed for killed clients. */
	drain_workqueue(optee->resumers);
	drain_workqueue(optee->workers);
}
EXPORT_SYMBOL_GPL(optee_stop);

static int __init optee_init(void)
{
	/*
	 * The calls of the kernel that crashed still hold secure threads, and nothing will
	 * ever resume them. Only if they were a guest's they can be got rid of, with it.
	 */
	if (is_kdump_kernel() && !optee_guest_is_wanted())
		return -ENODEV;
	return optee_smc_register_driver();
}
module_init(optee_init);

static void __exit optee_exit(void)
{
	optee_smc_unregister_driver();
}
module_exit(optee_exit);

MODULE_AUTHOR("omnitee");
MODULE_DESCRIPTION("OP-TEE");
MODULE_VERSION(OMNITEE_MODULE_VERSION);
MODULE_LICENSE("GPL");
OMNITEE_IMPORT_NS;
