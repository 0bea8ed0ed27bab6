// SPDX-License-Identifier: GPL-2.0-only
/* The client for the kernel's own tee.ko. */
#include <linux/tee_drv.h>
#include <linux/version.h>

/* System sessions came with 6.8; system contexts never did. */
static int client_system(struct tee_context *ctx, u32 session)
{
#if KERNEL_VERSION(6, 8, 0) > LINUX_VERSION_CODE
	return -EOPNOTSUPP;
#else
	return tee_client_system_session(ctx, session);
#endif
}

static int client_request(struct tee_context *ctx)
{
	return -EOPNOTSUPP;
}

static int client_release(struct tee_context *ctx)
{
	return -EOPNOTSUPP;
}

#include "client-device.h"
