// SPDX-License-Identifier: GPL-2.0-only
/* The client for our tee.ko. */
#include <omnitee/tee_drv.h>

static int client_system(struct tee_context *ctx, u32 session)
{
	return tee_client_system_session(ctx, session);
}

static int client_request(struct tee_context *ctx)
{
	return tee_client_request_system_context(ctx);
}

static int client_release(struct tee_context *ctx)
{
	return tee_client_release_system_context(ctx);
}

#include "../client-device.h"

OMNITEE_IMPORT_NS;
