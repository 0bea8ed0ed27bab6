// SPDX-License-Identifier: GPL-2.0-only
/*
 * The transport's beginning and end.
 *
 * A platform device is the parent of everything, so that the device model has the order: at
 * shutdown, partitions' drivers end first, while messages can still be sent.
 */
#include <linux/err.h>
#include <linux/slab.h>

#include "transport.h"

static struct platform_device *ffa_platform_device;

static int ffa_id_get(struct ffa *ffa)
{
	const ffa_regs in = { .a0 = FFA_ID_GET_32 };
	ffa_regs out;
	int rc;

	rc = ffa_call(ffa, &in, &out);
	if (!rc)
		ffa->id = out.a2;
	return rc;
}

/* Devices that cannot be made cost a line, and the others nothing. */
static void ffa_devices_add(struct ffa *ffa, const uuid_t *uuid)
{
	struct ffa_partition_info *infos = NULL;
	int count, n, rc;

	count = ffa_partitions_read(ffa, uuid, &infos);
	if (count < 0) {
		/* Nobody has this protocol, or there is no partition at all. */
		if (count != -EINVAL && count != -ENODATA)
			dev_err(&ffa->pdev->dev, "reading the partitions failed: %d\n", count);
		return;
	}
	for (n = 0; n < count; n++) {
		/* The list may have ourselves, and the hypervisor's endpoint. */
		if (!infos[n].id || infos[n].id == ffa->id)
			continue;
		rc = ffa_device_add(ffa, &infos[n]);
		if (rc)
			dev_err(&ffa->pdev->dev, "no device for partition %04x: %d\n",
				infos[n].id, rc);
	}
	kfree(infos);
}

/**
 * ffa_driver_added() - a driver is about to be registered
 * @drv:	driver
 *
 * Partition managers of 1.0 list partitions without their protocols, and can only be asked who
 * has a certain one.
 */
void ffa_driver_added(const struct omnitee_ffa_driver *drv)
{
	const struct omnitee_ffa_device_id *id = drv->id_table;
	struct ffa *ffa;

	if (!ffa_platform_device)
		return;
	ffa = platform_get_drvdata(ffa_platform_device);
	if (!ffa || ffa_version_is_at_least(ffa, 1, 1))
		return;
	for (; !uuid_is_null(&id->uuid); id++)
		ffa_devices_add(ffa, &id->uuid);
}

static int ffa_probe(struct platform_device *pdev)
{
	struct ffa *ffa;
	int rc;

	/*
	 * Any platform device can be told to have this driver, and would take the buffers for those of
	 * an earlier kernel.
	 */
	if (pdev != ffa_platform_device) {
		dev_err(&pdev->dev, "the transport of FF-A has its device\n");
		return -EBUSY;
	}
	ffa = devm_kzalloc(&pdev->dev, sizeof(*ffa), GFP_KERNEL);
	if (!ffa)
		return -ENOMEM;
	ffa->pdev = pdev;
	/* That a machine has no FF-A is nobody's mistake. */
	rc = ffa_conduit(ffa) ?: ffa_negotiate(ffa);
	if (rc)
		return rc;
	rc = ffa_id_get(ffa);
	if (rc) {
		dev_err(&pdev->dev, "our own id cannot be had: %d\n", rc);
		return rc;
	}
	rc = ffa_buffers_map(ffa);
	if (rc)
		return rc;
	ffa->mem_64bit = !ffa_feature(ffa, FFA_MEM_SHARE_64, NULL) ||
			 !ffa_feature(ffa, FFA_MEM_LEND_64, NULL);
	ffa->info_regs = ffa_version_is_at_least(ffa, 1, 2) &&
			 !ffa_feature(ffa, FFA_PARTITION_INFO_GET_REGS_64, NULL);
	ffa_notify_init(ffa);
	platform_set_drvdata(pdev, ffa);

	dev_info(&pdev->dev, "version %u.%u, endpoint %04x\n", FFA_VERSION_MAJOR(ffa->version),
		 FFA_VERSION_MINOR(ffa->version), ffa->id);
	if (ffa_version_is_at_least(ffa, 1, 1))
		ffa_devices_add(ffa, &uuid_null);
	return 0;
}

static void ffa_end(struct ffa *ffa)
{
	ffa_notify_exit(ffa);
	ffa_buffers_unmap(ffa);
}

static void ffa_remove(struct platform_device *pdev)
{
	ffa_devices_remove();
	ffa_end(platform_get_drvdata(pdev));
}

/* All devices have been shut down: they are younger. */
static void ffa_shutdown(struct platform_device *pdev)
{
	ffa_end(platform_get_drvdata(pdev));
}

static struct platform_driver ffa_platform_driver = {
	.probe = ffa_probe,
	.platform_remove_void = ffa_remove,
	.shutdown = ffa_shutdown,
	.driver = {
		.name = "arm-ffa",
		/* It comes and goes with the module. */
		.suppress_bind_attrs = true,
	},
};

int ffa_backend_init(void)
{
	int rc;

	rc = ffa_bus_init();
	if (rc)
		return rc;
	rc = platform_driver_register(&ffa_platform_driver);
	if (rc)
		goto err_bus;
	/* Without FF-A nothing binds to it. Its probe has to know it. */
	rc = -ENOMEM;
	ffa_platform_device = platform_device_alloc("arm-ffa", PLATFORM_DEVID_NONE);
	if (!ffa_platform_device)
		goto err_driver;
	rc = platform_device_add(ffa_platform_device);
	if (rc)
		goto err_device;
	return 0;

err_device:
	platform_device_put(ffa_platform_device);
	ffa_platform_device = NULL;
err_driver:
	platform_driver_unregister(&ffa_platform_driver);
err_bus:
	ffa_bus_exit();
	return rc;
}

void ffa_backend_exit(void)
{
	platform_device_unregister(ffa_platform_device);
	ffa_platform_device = NULL;
	platform_driver_unregister(&ffa_platform_driver);
	ffa_bus_exit();
}
