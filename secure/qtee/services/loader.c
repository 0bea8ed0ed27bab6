// SPDX-License-Identifier: BSD-2-Clause
/*
 * The loader of applications. None is ever loaded: what is known of an image, by its size or by
 * a name at its start, says which of those here it is taken for.
 */
#include "compiler.h"
#include "mapping.h"
#include "service.h"
#include "string.h"

#define LOAD_BUFFER		0
#define LOAD_REGION		1
#define LOAD_EMBEDDED		2
#define LOADER_INVALID		10
#define LOADER_NOT_ONE		12	/* not an application */
#define LOADER_NOT_EMBEDDED	17

#define CONTROLLER_UNLOAD	1
#define CONTROLLER_APP		2
#define CONTROLLER_UNLOADED	12

/* Of the skeleton that public clients bring along. */
#define SKELETON_SIZE		32856

struct controller {
	struct object object;
	const struct service *app;
	bool unloaded;		/* atomic */
};

static const struct image {
	const char *name;
	const struct service *app;
} images[] = {
	{ "omnitee-skeleton", &service_skeleton },
	{ "omnitee-test", &service_test },
};

static const struct service *by_name(const uint8_t *octets, uint64_t size)
{
	char name[32] = "";
	struct text text = { name, 0 };
	unsigned int n;

	memcpy(name, octets, size < sizeof(name) ? size : sizeof(name) - 1);
	text.length = strlen(name);
	for (n = 0; n < ARRAY_SIZE(images); n++)
		if (text_is(text, images[n].name))
			return images[n].app;
	return NULL;
}

static int32_t load(struct call *call, const uint8_t *octets, uint64_t size)
{
	const struct service *app = by_name(octets, size);
	int32_t result;

	/* A region is whole pages. */
	if (!app && (size == SKELETON_SIZE || size == ((SKELETON_SIZE + 4095) & ~4095UL)))
		app = &service_skeleton;
	if (!app)
		return LOADER_NOT_ONE;
	result = call_give_new(call, 0, &service_controller);
	if (!result)
		((struct controller *)call->args.oo[0].local)->app = app;
	return result;
}

static int32_t load_region(struct call *call)
{
	struct mapped mapped;
	int32_t result = call_expect(call, QTEE_COUNTS(0, 0, 1, 1));

	if (!result)
		result = mapping_make(call->conversation, &call->args.io[0], &mapped);
	if (result)
		return result == QTEE_MEM ? LOADER_INVALID : result;
	result = load(call, mapped.data, mapped.size);
	mapping_end(call->conversation, &mapped);
	return result;
}

static int32_t loader_invoke(struct call *call)
{
	const struct buffer *ib = &call->args.ib[0];
	int32_t result;

	if (call->op == LOAD_REGION)
		return load_region(call);
	if (call->op != LOAD_BUFFER && call->op != LOAD_EMBEDDED)
		return QTEE_INVALID;
	result = call_expect(call, QTEE_COUNTS(1, 0, 0, 1));
	if (!result && !ib->size)
		result = LOADER_INVALID;
	if (!result)
		result = load(call, ib->data, ib->size);
	return result == LOADER_NOT_ONE && call->op == LOAD_EMBEDDED ? LOADER_NOT_EMBEDDED : result;
}

const struct service service_loader = {
	.name = "loader",
	.uid = QTEE_UID_LOADER,
	.size = sizeof(struct object),
	.invoke = loader_invoke,
};

static int32_t controller_invoke(struct call *call)
{
	struct controller *controller = (struct controller *)call->object;
	int32_t result;

	switch (call->op) {
	case CONTROLLER_UNLOAD:
		result = call_expect(call, 0);
		if (!result)
			__atomic_store_n(&controller->unloaded, true, __ATOMIC_RELAXED);
		return result;
	case CONTROLLER_APP:
		result = call_expect(call, QTEE_COUNTS(0, 0, 0, 1));
		if (!result && __atomic_load_n(&controller->unloaded, __ATOMIC_RELAXED))
			result = CONTROLLER_UNLOADED;
		return result ? result : call_give_new(call, 0, controller->app);
	default:
		return QTEE_INVALID;
	}
}

const struct service service_controller = {
	.name = "controller",
	.size = sizeof(struct controller),
	.invoke = controller_invoke,
};
