/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The RPC endpoint of a partition: messages of five words in, five words out, see abi/ts.h.
 * It knows which services there are, and which memory clients share with it.
 */
#ifndef TS_ENDPOINT_H
#define TS_ENDPOINT_H

#include <stdbool.h>
#include "heap.h"
#include "ts-service.h"

#define TS_INTERFACES_MAX	8
#define TS_MEMORIES_MAX		16

struct ts_endpoint;

/* How memory that a client shares comes and goes. */
struct ts_transport {
	/**
	 * retrieve() - take memory
	 * @endpoint:	for whom
	 * @source:	who shares it
	 * @handle:	of the memory
	 * @size:	receives its octets
	 *
	 * Return: where it is, or NULL if it is refused or is not one range.
	 */
	void *(*retrieve)(struct ts_endpoint *endpoint, uint16_t source, uint64_t handle,
			  size_t *size);
	/* False if it is refused; the memory is ours then as before. */
	bool (*relinquish)(struct ts_endpoint *endpoint, uint64_t handle);
};

struct ts_memory {
	uint16_t owner;
	uint64_t handle;
	uint8_t *at;		/* NULL: a free entry. The client may write there any time. */
	size_t size;
};

struct ts_interface {
	const struct ts_service *service;
	void *state;
};

struct ts_endpoint {
	const char *name;
	uint32_t version;	/* that it says it speaks */
	const struct ts_transport *transport;
	void *context;		/* the transport's */
	struct ts_interface interfaces[TS_INTERFACES_MAX];
	unsigned int interface_count;
	struct ts_memory memories[TS_MEMORIES_MAX];
	size_t payload_max;	/* neither a request nor a response is ever larger */
	uint8_t *in;		/* as long each, for the one call there can be */
	uint8_t *out;
	/* Before the first call of a service; false: it is asked again before the next. */
	bool (*start)(struct ts_endpoint *endpoint);
	bool started;
};

/**
 * ts_endpoint_init() - make an endpoint without services
 * @endpoint:	zeroed; what is not set here may be set afterwards
 * @name:	for the console
 * @heap:	where its buffers come from; it lasts as long as the world
 * @payload_max: octets, at least one page
 *
 * Return: false if there is no memory.
 */
bool ts_endpoint_init(struct ts_endpoint *endpoint, const char *name, struct heap *heap,
		      size_t payload_max);

/**
 * ts_endpoint_add() - offer a service
 * @endpoint:	of the partition
 * @service:	service
 * @state:	handed to each of its calls
 *
 * Return: false, and why on the console, if there is no room or the partition has a service of
 * this UUID already: nobody could reach the second.
 */
bool ts_endpoint_add(struct ts_endpoint *endpoint, const struct ts_service *service, void *state);

/**
 * ts_endpoint_message() - answer a direct message
 * @endpoint:	of the partition
 * @source:	who sent it
 * @words:	the message; becomes the answer
 */
void ts_endpoint_message(struct ts_endpoint *endpoint, uint16_t source,
			 uint32_t words[TS_RPC_WORDS]);

/* Answer one in the 64-bit form, which is none of the protocol's. */
void ts_endpoint_refuse_64(uint64_t words[TS_RPC_WORDS]);

#endif /* TS_ENDPOINT_H */
