// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module. It loads wherever it is asked to: a machine without FF-A has no partitions, and
 * whatever depends on this module loads there, too, and finds none.
 */
#include <linux/init.h>

#include <omnitee/version.h>

#include "ffa_private.h"

module_param_named(patience_ms, ffa_patience_ms, uint, 0644);
MODULE_PARM_DESC(patience_ms,
		 "how long a partition may be in other hands, or keep an answer, before the kernel gives up or says so (10000)");

static int __init ffa_init(void)
{
	int rc;

	rc = ffa_backend_init();
	if (!rc)
		ffa_debugfs_init();
	return rc;
}
module_init(ffa_init);

static void __exit ffa_exit(void)
{
	ffa_debugfs_exit();
	ffa_backend_exit();
}
module_exit(ffa_exit);

MODULE_AUTHOR("omnitee");
MODULE_DESCRIPTION("Arm FF-A for TEE drivers");
MODULE_VERSION(OMNITEE_MODULE_VERSION);
MODULE_LICENSE("GPL");
