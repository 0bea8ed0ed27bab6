// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding QTEE. Newer kernels make a device for it where the firmware driver is bound; elsewhere
 * the firmware is asked, and a device of the same name made.
 *
 * It is asked only if somebody says so, as the call goes to whatever trusted OS there is. It
 * yields: one that was interrupted in it waits to be resumed, in a way that is its own. OP-TEE
 * would have a thread less until the next reset.
 */
#include <linux/crash_dump.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>

#include <compat/qcom_scm_qtee.h>

#include "qcomtee.h"

static bool qcomtee_ask;
module_param_named(ask, qcomtee_ask, bool, 0444);
MODULE_PARM_DESC(ask, "call QTEE to see whether it is there, on a machine whose device tree does not tell; no other trusted OS must be there that minds (default N)");

static bool qcomtee_beside_scm;
module_param_named(beside_scm, qcomtee_beside_scm, bool, 0444);
MODULE_PARM_DESC(beside_scm, "call QTEE although the kernel's firmware driver knows nothing of it and may call at the same time (default N)");

/* The device that was made here, if there was none. */
static struct platform_device *qcomtee_made;

/**
 * qcomtee_transport_of() - how QTEE is called for a device
 * @pdev:	device; one that was made here says how
 */
const struct qcomtee_transport *qcomtee_transport_of(struct platform_device *pdev)
{
	const struct qcomtee_transport **transport = dev_get_platdata(&pdev->dev);

	return transport ? *transport : &qcomtee_scm_transport;
}

static bool qcomtee_scm_is_wanted(void)
{
	static const struct of_device_id scm[] = {
		{ .compatible = "qcom,scm" },
		{ }
	};
	struct device_node *np = of_find_matching_node(NULL, scm);
	bool wanted = np && of_device_is_available(np);

	of_node_put(np);
	return wanted;
}

/**
 * qcomtee_detect() - make a device if there is a QTEE that nobody else has made one for
 *
 * Says nothing if there is none, or nobody wants to know. The kernel that runs after a crash
 * leaves QTEE alone: it has no memory to lend it, and objects of the kernel that crashed are
 * still there.
 *
 * Return: 0, also if there is no QTEE, or an errno
 */
int qcomtee_detect(void)
{
	const struct qcomtee_transport *transport = &qcomtee_smc_transport;
	struct platform_device *pdev;

	if (qcom_scm_has_qtee() || is_kdump_kernel())
		return 0;
	if (qcomtee_scm_is_wanted()) {
		if (!qcomtee_beside_scm) {
			pr_info("qcomtee: the firmware driver of this kernel cannot call QTEE, and must not be bypassed; beside_scm=1 does\n");
			return 0;
		}
	} else if (!qcomtee_ask) {
		return 0;
	}
	if (!qcomtee_smc_answers())
		return 0;

	pdev = platform_device_register_data(NULL, "qcomtee", PLATFORM_DEVID_NONE, &transport,
					     sizeof(transport));
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	qcomtee_made = pdev;
	return 0;
}

void qcomtee_detect_undo(void)
{
	platform_device_unregister(qcomtee_made);
}
