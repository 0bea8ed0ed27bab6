// SPDX-License-Identifier: BSD-2-Clause
/* The root object, which registers clients, and the environments that they get. */
#include "callback.h"
#include "cbor.h"
#include "environment.h"
#include "guest.h"
#include "service.h"
#include "string.h"

#define CREDENTIALS_MAX	1024
#define UIDS_MAX	16

struct environment {
	struct object object;
	struct qtee_identity identity;
	unsigned int uids;	/* which it may open, if limited */
	bool limited;
	uint32_t uid[UIDS_MAX];
};

/* Read in pieces, as large as the client likes to give them. */
static int32_t read_credentials(struct call *call, const struct ref *from, uint8_t *to,
				uint64_t size)
{
	uint64_t offset = 0;
	int32_t result;

	while (offset < size) {
		struct arguments args = { .counts = QTEE_COUNTS(1, 1, 0, 0) };

		args.ib[0].data = (uint8_t *)&offset;
		args.ib[0].size = sizeof(offset);
		args.ob[0].data = to + offset;
		args.ob[0].size = (uint32_t)(size - offset);
		result = callback(call->conversation, from, QTEE_OP_IO_READ, &args);
		if (result)
			return result;
		/* Nothing more will come then. */
		if (!args.ob[0].size)
			return QTEE_SIZE_OUT;
		offset += args.ob[0].size;
	}
	return QTEE_OK;
}

static int32_t identify(const uint8_t *octets, size_t size, struct qtee_identity *identity)
{
	struct credentials credentials;

	if (!cbor_credentials(octets, size, &credentials) || !credentials.has_uid)
		return QTEE_INVALID;
	identity->kind = QTEE_IDENTITY_CREDENTIALS;
	identity->uid = (uint32_t)credentials.uid;
	identity->time = credentials.time;
	return QTEE_OK;
}

static int32_t ask_credentials(struct call *call, const struct ref *from,
			       struct qtee_identity *identity)
{
	struct arguments args = { .counts = QTEE_COUNTS(0, 1, 0, 0) };
	uint8_t octets[CREDENTIALS_MAX];
	uint64_t size = 0;
	int32_t result;

	args.ob[0].data = (uint8_t *)&size;
	args.ob[0].size = sizeof(size);
	result = callback(call->conversation, from, QTEE_OP_IO_LENGTH, &args);
	if (result)
		return result;
	if (args.ob[0].size != sizeof(size) || !size || size > CREDENTIALS_MAX)
		return QTEE_SIZE_OUT;
	result = read_credentials(call, from, octets, size);
	return result ? result : identify(octets, size, identity);
}

static int32_t make_environment(struct call *call, const struct qtee_identity *identity,
				const struct buffer *uids)
{
	struct environment *environment;
	int32_t result = call_give_new(call, 0, &service_environment);

	if (result)
		return result;
	environment = (struct environment *)call->args.oo[0].local;
	environment->identity = *identity;
	if (!uids)
		return QTEE_OK;
	environment->limited = true;
	environment->uids = uids->size / sizeof(uint32_t);
	memcpy(environment->uid, uids->data, environment->uids * sizeof(uint32_t));
	return QTEE_OK;
}

/* Without credentials: @alone is what the client is then. */
static int32_t register_object(struct call *call, uint32_t counts, uint32_t alone)
{
	struct qtee_identity identity = { .kind = alone };
	const struct buffer *uids = QTEE_COUNTS_IB(counts) ? &call->args.ib[0] : NULL;
	int32_t result = call_expect(call, counts);

	if (!result && uids && (uids->size % sizeof(uint32_t) ||
				uids->size > UIDS_MAX * sizeof(uint32_t)))
		result = QTEE_SIZE_IN;
	if (!result && !ref_is_null(&call->args.io[0]))
		result = ask_credentials(call, &call->args.io[0], &identity);
	return result ? result : make_environment(call, &identity, uids);
}

static int32_t register_buffer(struct call *call)
{
	struct qtee_identity identity = { };
	uint8_t octets[CREDENTIALS_MAX];
	uint32_t size = call->args.ib[0].size;
	int32_t result = call_expect(call, QTEE_COUNTS(1, 0, 0, 1));

	if (result)
		return result;
	if (size > sizeof(octets))
		return QTEE_SIZE_IN;
	memcpy(octets, call->args.ib[0].data, size);
	result = identify(octets, size, &identity);
	return result ? result : make_environment(call, &identity, NULL);
}

int32_t root_invoke(struct call *call)
{
	switch (call->op) {
	case QTEE_OP_ROOT_REGISTER_LEGACY:
		return register_buffer(call);
	case QTEE_OP_ROOT_REGISTER:
		return register_object(call, QTEE_COUNTS(0, 0, 1, 1), QTEE_IDENTITY_NONE);
	case QTEE_OP_ROOT_REGISTER_WHITELIST:
		return register_object(call, QTEE_COUNTS(1, 0, 1, 1), QTEE_IDENTITY_NONE);
	case QTEE_OP_ROOT_REGISTER_CREDENTIALS:
		return register_object(call, QTEE_COUNTS(0, 0, 1, 1), QTEE_IDENTITY_KERNEL);
	case QTEE_OP_ROOT_NOTIFY_DOMAIN:
	case QTEE_OP_ROOT_ADCI_ACCEPT:
	case QTEE_OP_ROOT_ADCI_SHUTDOWN:
		/* The kernel's alone, and it never asks here. */
		qtee_refused(call->qtee, "root: operation %u", call->op);
		return QTEE_INVALID;
	default:
		return QTEE_INVALID;
	}
}

static bool listed(const struct environment *environment, uint32_t uid)
{
	unsigned int n;

	for (n = 0; n < environment->uids; n++)
		if (environment->uid[n] == uid)
			return true;
	return !environment->limited;
}

static bool may_open(const struct environment *environment, const struct service *service)
{
	switch (service->access) {
	case SERVICE_FOR_ALL:
		return true;
	case SERVICE_FOR_CLIENTS:
		return environment->identity.kind != QTEE_IDENTITY_NONE;
	default:
		return environment->identity.kind == QTEE_IDENTITY_KERNEL;
	}
}

static int32_t environment_invoke(struct call *call)
{
	struct environment *environment = (struct environment *)call->object;
	const struct service *service;
	uint32_t uid;
	int32_t result;

	if (call->op != QTEE_OP_ENV_OPEN)
		return QTEE_INVALID;
	result = call_expect(call, QTEE_COUNTS(1, 0, 0, 1));
	if (!result)
		result = call_read(call, 0, &uid, sizeof(uid));
	if (result)
		return result;
	service = uid ? service_find(uid) : NULL;
	if (!service)
		return QTEE_ENV_NOT_FOUND;
	if (!listed(environment, uid) || !may_open(environment, service))
		return QTEE_ENV_PRIVILEGE;
	result = call_give_new(call, 0, service);
	if (!result && service == &service_identity)
		identity_set(call->args.oo[0].local, &environment->identity);
	return result;
}

const struct service service_environment = {
	.name = "environment",
	.size = sizeof(struct environment),
	.invoke = environment_invoke,
};
