// SPDX-License-Identifier: BSD-2-Clause
#include "endpoint.h"
#include "compiler.h"
#include "log.h"
#include "string.h"

#define say_why(endpoint, format, ...) \
	log_limited("ts: %s: refused: " format, (endpoint)->name, ##__VA_ARGS__)

bool ts_endpoint_init(struct ts_endpoint *endpoint, const char *name, struct heap *heap,
		      size_t payload_max)
{
	endpoint->name = name;
	endpoint->version = TS_RPC_VERSION;
	endpoint->payload_max = payload_max;
	endpoint->in = heap_alloc(heap, payload_max);
	endpoint->out = heap_alloc(heap, payload_max);
	return endpoint->in && endpoint->out;
}

static int find_interface(const struct ts_endpoint *endpoint, const uint8_t *uuid)
{
	unsigned int n;

	for (n = 0; n < endpoint->interface_count; n++)
		if (!memcmp(endpoint->interfaces[n].service->uuid, uuid, TS_UUID_SIZE))
			return (int)n;
	return -1;
}

bool ts_endpoint_add(struct ts_endpoint *endpoint, const struct ts_service *service, void *state)
{
	if (find_interface(endpoint, service->uuid) >= 0) {
		log_line("ts: %s: has a service %s already", endpoint->name, service->name);
		return false;
	}
	if (endpoint->interface_count == TS_INTERFACES_MAX) {
		log_line("ts: %s: no room for the service %s", endpoint->name, service->name);
		return false;
	}
	endpoint->interfaces[endpoint->interface_count++] =
		(struct ts_interface){ service, state };
	return true;
}

static uint64_t handle_of(const uint32_t words[TS_RPC_WORDS])
{
	return (uint64_t)words[TS_RPC_HANDLE_HIGH] << 32 | words[TS_RPC_HANDLE_LOW];
}

/* A handle is worth nothing in another's hands. */
static struct ts_memory *find_memory(struct ts_endpoint *endpoint, uint16_t owner,
				     uint64_t handle)
{
	unsigned int n;

	for (n = 0; n < TS_MEMORIES_MAX; n++)
		if (endpoint->memories[n].at && endpoint->memories[n].owner == owner &&
		    endpoint->memories[n].handle == handle)
			return &endpoint->memories[n];
	return NULL;
}

static int32_t retrieve(struct ts_endpoint *endpoint, uint16_t source, uint64_t handle)
{
	struct ts_memory *memory = endpoint->memories;

	if (find_memory(endpoint, source, handle)) {
		say_why(endpoint, "memory %lx is here already", (unsigned long)handle);
		return TS_RPC_ERROR_TRANSPORT;
	}
	while (memory < endpoint->memories + TS_MEMORIES_MAX && memory->at)
		memory++;
	if (memory == endpoint->memories + TS_MEMORIES_MAX) {
		say_why(endpoint, "no more than %u pieces of memory at a time", TS_MEMORIES_MAX);
		return TS_RPC_ERROR_NOT_FOUND;
	}
	memory->at = endpoint->transport->retrieve(endpoint, source, handle, &memory->size);
	if (!memory->at)
		return TS_RPC_ERROR_TRANSPORT;
	memory->owner = source;
	memory->handle = handle;
	return TS_RPC_SUCCESS;
}

static int32_t relinquish(struct ts_endpoint *endpoint, uint16_t source, uint64_t handle)
{
	struct ts_memory *memory = find_memory(endpoint, source, handle);

	if (!memory) {
		say_why(endpoint, "memory %lx is not here", (unsigned long)handle);
		return TS_RPC_ERROR_NOT_FOUND;
	}
	if (!endpoint->transport->relinquish(endpoint, handle))
		return TS_RPC_ERROR_TRANSPORT;
	memory->at = NULL;
	return TS_RPC_SUCCESS;
}

static int32_t service_info(struct ts_endpoint *endpoint, const uint32_t words[TS_RPC_WORDS],
			    uint32_t *interface)
{
	uint8_t uuid[TS_UUID_SIZE];
	int found;

	memcpy(uuid, &words[TS_RPC_UUID], sizeof(uuid));
	found = find_interface(endpoint, uuid);
	if (found < 0)
		return TS_RPC_ERROR_NOT_FOUND;
	*interface = (uint32_t)found;
	return TS_RPC_SUCCESS;
}

static void manage(struct ts_endpoint *endpoint, uint16_t source, uint32_t words[TS_RPC_WORDS])
{
	uint32_t first = 0, second = 0;

	switch (TS_RPC_OPCODE(words[TS_RPC_CONTROL])) {
	case TS_RPC_OP_VERSION:
		first = endpoint->version;
		break;
	case TS_RPC_OP_RETRIEVE:
		first = (uint32_t)retrieve(endpoint, source, handle_of(words));
		break;
	case TS_RPC_OP_RELINQUISH:
		first = (uint32_t)relinquish(endpoint, source, handle_of(words));
		break;
	case TS_RPC_OP_SERVICE_INFO:
		first = (uint32_t)service_info(endpoint, words, &second);
		break;
	default:
		say_why(endpoint, "management operation %x", words[TS_RPC_CONTROL]);
		first = (uint32_t)TS_RPC_ERROR_INVALID_VALUE;
	}
	memset(&words[1], 0, (TS_RPC_WORDS - 1) * sizeof(words[0]));
	words[1] = first;
	words[2] = second;
}

/* With all that the message says checked; @memory NULL: there is none. */
static int32_t call_service(struct ts_endpoint *endpoint, const struct ts_interface *interface,
			    const struct ts_memory *memory, size_t length, struct ts_call *call)
{
	int32_t status;

	/* The service sees one state of the request, and the client none of the response's. */
	if (length)
		memcpy(endpoint->in, memory->at, length);
	call->in = endpoint->in;
	call->in_size = length;
	call->out = endpoint->out;
	call->out_room = memory ? memory->size : 0;
	if (call->out_room > endpoint->payload_max)
		call->out_room = endpoint->payload_max;
	status = interface->service->call(interface->state, call);
	if (status != TS_RPC_SUCCESS) {
		say_why(endpoint, "%s: opcode %x: RPC status %d", interface->service->name,
			call->opcode, status);
		return status;
	}
	if (call->out_size)
		memcpy(memory->at, call->out, call->out_size);
	return TS_RPC_SUCCESS;
}

static int32_t serve(struct ts_endpoint *endpoint, const uint32_t words[TS_RPC_WORDS],
		     struct ts_call *call)
{
	uint32_t control = words[TS_RPC_CONTROL], length = words[TS_RPC_LENGTH];
	const struct ts_memory *memory = NULL;
	uint64_t handle = handle_of(words);

	if (TS_RPC_INTERFACE(control) >= endpoint->interface_count) {
		say_why(endpoint, "there is no interface %u", TS_RPC_INTERFACE(control));
		return TS_RPC_ERROR_INVALID_VALUE;
	}
	if (handle != TS_RPC_NO_MEMORY) {
		memory = find_memory(endpoint, call->source, handle);
		if (!memory) {
			say_why(endpoint, "memory %lx is not here", (unsigned long)handle);
			return TS_RPC_ERROR_NOT_FOUND;
		}
	}
	if (length > (memory ? memory->size : 0)) {
		say_why(endpoint, "a request of %u octets in less memory", length);
		return TS_RPC_ERROR_INVALID_VALUE;
	}
	if (length > endpoint->payload_max) {
		say_why(endpoint, "a request of %u octets, at most %zu", length,
			endpoint->payload_max);
		return TS_RPC_ERROR_RESOURCE;
	}
	if (!endpoint->started && endpoint->start)
		endpoint->started = endpoint->start(endpoint);
	if (!endpoint->started && endpoint->start)
		return TS_RPC_ERROR_INTERNAL;
	return call_service(endpoint, &endpoint->interfaces[TS_RPC_INTERFACE(control)], memory,
			    length, call);
}

void ts_endpoint_message(struct ts_endpoint *endpoint, uint16_t source,
			 uint32_t words[TS_RPC_WORDS])
{
	struct ts_call call = {
		.source = source,
		.opcode = TS_RPC_OPCODE(words[TS_RPC_CONTROL]),
	};
	uint32_t control = words[TS_RPC_CONTROL];
	int32_t status = TS_RPC_ERROR_INVALID_VALUE;

	if (!TS_RPC_FLAGS(control) && TS_RPC_INTERFACE(control) == TS_RPC_MANAGEMENT) {
		manage(endpoint, source, words);
		return;
	}
	if (TS_RPC_FLAGS(control))
		say_why(endpoint, "flags in control word %x", control);
	else
		status = serve(endpoint, words, &call);
	memset(&words[1], 0, (TS_RPC_WORDS - 1) * sizeof(words[0]));
	words[TS_RPC_STATUS] = (uint32_t)status;
	if (status != TS_RPC_SUCCESS)
		return;
	words[TS_RPC_SERVICE_STATUS] = (uint32_t)call.status;
	words[TS_RPC_LENGTH] = (uint32_t)call.out_size;
}

void ts_endpoint_refuse_64(uint64_t words[TS_RPC_WORDS])
{
	memset(&words[1], 0, (TS_RPC_WORDS - 1) * sizeof(words[0]));
	words[TS_RPC_STATUS] = (uint32_t)TS_RPC_ERROR_INVALID_VALUE;
}
