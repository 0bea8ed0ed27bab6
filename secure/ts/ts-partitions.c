// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which partitions there are, what they offer, and their way to the partition manager.
 *
 * None of them touches flash at boot, when other CPUs may still be in their reset code, which is
 * in flash: that is what a first call is for.
 */
#include "ts-partitions.h"
#include "arch.h"
#include "compiler.h"
#include "config.h"
#include "endpoint.h"
#include "log.h"
#include "spmc.h"
#include "plat.h"
#include "string.h"
#include "storage.h"
#include "test-runner.h"
#ifdef TS_CRYPTO
#include "crypto.h"
#include "entropy.h"
#endif

/* Where whose objects are in the flash; they must be found again, so these never change. */
#define STORAGE_AREA		0x000000
#define CRYPTO_AREA		0x080000
#define AREA_SIZE		0x080000
/* What a store without flash counts as. */
#define VOLATILE_AREA		0x010000

#define PAGE			4096U
#define STORAGE_HEAP		(512U << 10)
#define STORAGE_PAYLOAD		(32U << 10)
#define CRYPTO_HEAP		(512U << 10)
#define CRYPTO_PAYLOAD		(16U << 10)
#define TEST_HEAP		(40U << 10)
#define TEST_PAYLOAD		(2 * PAGE)

/* A partition as the partition manager has it, and its endpoint; the endpoint's context. */
struct ts_partition {
	struct ts_endpoint endpoint;
	struct partition *partition;
	const struct config *config;
	/* With an id of its own. */
	struct partition_description about;
	void *heap_memory;
	struct heap heap;
	struct store store;
	/* What clients share, by the endpoint's entries. */
	struct partition_memory memories[TS_MEMORIES_MAX];
	struct ts_storage its;
	struct ts_storage ps;
	struct ts_test_runner runner;
	bool holds;		/* keeps what it was given */
#ifdef TS_CRYPTO
	struct ts_crypto crypto;
#endif
};

static const uint8_t protocol[][16] = { TS_PROTOCOL_UUID };

static void *retrieve(struct ts_endpoint *endpoint, uint16_t source, uint64_t handle, size_t *size)
{
	struct ts_partition *ts = endpoint->context;
	struct partition_memory *memory = ts->memories;
	int32_t status;

	/* The endpoint has no more entries than we have. */
	while (memory->range_count)
		memory++;
	status = partition_retrieve(ts->partition, source, handle, 0, memory);
	if (status != FFA_OK) {
		log_limited("ts: %s: memory %lx cannot be retrieved: %d", endpoint->name,
			    (unsigned long)handle, status);
		memory->range_count = 0;
		return NULL;
	}
	if (memory->address && memory->writable) {
		*size = (size_t)memory->size;
		return memory->address;
	}
	log_limited("ts: %s: memory %lx is %s", endpoint->name, (unsigned long)handle,
		    memory->writable ? "more than one range" : "read-only");
	partition_relinquish(ts->partition, memory);
	memory->range_count = 0;
	return NULL;
}

static bool relinquish(struct ts_endpoint *endpoint, uint64_t handle)
{
	struct ts_partition *ts = endpoint->context;
	struct partition_memory *memory = ts->memories;

	while (!memory->range_count || memory->handle != handle)
		memory++;
	if (ts->holds || partition_relinquish(ts->partition, memory) != FFA_OK)
		return false;
	memory->range_count = 0;
	return true;
}

static const struct ts_transport transport = {
	.retrieve = retrieve,
	.relinquish = relinquish,
};

static void request(struct partition *partition, struct partition_message *message)
{
	struct ts_partition *ts = partition_data(partition);
	uint32_t words[TS_RPC_WORDS];
	unsigned int n;

	if (message->kind != PARTITION_MESSAGE_32) {
		log_limited("ts: %s: refused: a message of 64 bits", ts->endpoint.name);
		ts_endpoint_refuse_64(message->word);
		return;
	}
	for (n = 0; n < TS_RPC_WORDS; n++)
		words[n] = (uint32_t)message->word[n];
	ts_endpoint_message(&ts->endpoint, message->sender, words);
	for (n = 0; n < TS_RPC_WORDS; n++)
		message->word[n] = words[n];
}

static uint64_t milliseconds(void *context)
{
	(void)context;
	return arch_ticks() / (arch_ticks_per_second() / 1000);
}

static void yield(void *context)
{
	struct ts_partition *ts = context;

	partition_yield(ts->partition, 0);
}

static void crash(void *context)
{
	struct ts_partition *ts = context;

	partition_abort(ts->partition, "its test runner was told so");
}

static void hold(void *context, bool hold)
{
	struct ts_partition *ts = context;

	ts->holds = hold;
}

static bool open_store(struct ts_partition *ts, size_t offset)
{
	struct flash_area area = { plat_flash(), offset, AREA_SIZE };

	if (store_open(&ts->store, &ts->heap, &area))
		return true;
	log_line("ts: %s: no memory for its objects, or flash failed", ts->endpoint.name);
	return false;
}

/* Of one that broke down: it has no memory of clients any more. */
static void forget_memories(struct partition *partition)
{
	struct ts_partition *ts = partition_data(partition);
	unsigned int n;

	for (n = 0; n < TS_MEMORIES_MAX; n++)
		if (ts->memories[n].range_count)
			partition_free(partition, ts->memories[n].ranges);
	memset(ts->memories, 0, sizeof(ts->memories));
}

/* All that it has lies in one piece of memory, which is as good as new each time. */
static bool init(struct partition *partition, size_t heap_size, size_t payload_max)
{
	struct ts_partition *ts = partition_data(partition);
	const char *name = ts->endpoint.name;

	if (!ts->heap_memory)
		ts->heap_memory = partition_alloc(partition, heap_size);
	if (!ts->heap_memory)
		return false;
	forget_memories(partition);
	memset(&ts->endpoint, 0, sizeof(ts->endpoint));
	ts->holds = false;
	heap_init(&ts->heap, ts->heap_memory, heap_size);
	ts->partition = partition;
	if (!ts_endpoint_init(&ts->endpoint, name, &ts->heap, payload_max))
		return false;
	ts->endpoint.context = ts;
	ts->endpoint.transport = &transport;
	return true;
}

static bool start_storage(struct ts_endpoint *endpoint)
{
	return open_store(endpoint->context, STORAGE_AREA);
}

static bool init_storage(struct partition *partition)
{
	struct ts_partition *ts = partition_data(partition);

	if (!init(partition, STORAGE_HEAP, STORAGE_PAYLOAD))
		return false;
	ts->its = (struct ts_storage){ &ts->store, STORE_KIND_ITS, false };
	ts->ps = (struct ts_storage){ &ts->store, STORE_KIND_PS, true };
	ts->endpoint.start = start_storage;
	return ts_endpoint_add(&ts->endpoint, &ts_service_its, &ts->its) &&
	       ts_endpoint_add(&ts->endpoint, &ts_service_ps, &ts->ps);
}

/* With a store of its own, which is lost: the second one to offer internal trusted storage. */
static bool init_test(struct partition *partition)
{
	struct ts_partition *ts = partition_data(partition);
	const struct flash_area area = { NULL, 0, VOLATILE_AREA };

	if (!init(partition, TEST_HEAP, TEST_PAYLOAD) ||
	    !store_open(&ts->store, &ts->heap, &area))
		return false;
	ts->its = (struct ts_storage){ &ts->store, STORE_KIND_ITS, false };
	ts->runner = (struct ts_test_runner){ ts, milliseconds, yield, crash, hold };
	return ts_endpoint_add(&ts->endpoint, &ts_service_test_runner, &ts->runner) &&
	       ts_endpoint_add(&ts->endpoint, &ts_service_its, &ts->its);
}

static bool init_future(struct partition *partition)
{
	struct ts_partition *ts = partition_data(partition);

	if (!init_test(partition))
		return false;
	ts->endpoint.version = TS_RPC_VERSION + 1;
	return true;
}

#ifdef TS_CRYPTO
static bool start_crypto(struct ts_endpoint *endpoint)
{
	struct ts_partition *ts = endpoint->context;

	if (!open_store(ts, CRYPTO_AREA))
		return false;
	ts_entropy_init(ts->config->rng_seed);
	ts->crypto.heap = &ts->heap;
	ts->crypto.store = &ts->store;
	ts->crypto.entropy = ts_entropy;
	if (ts_crypto_init(&ts->crypto))
		return true;
	store_close(&ts->store);
	return false;
}

static bool init_crypto(struct partition *partition)
{
	struct ts_partition *ts = partition_data(partition);

	if (!init(partition, CRYPTO_HEAP, CRYPTO_PAYLOAD))
		return false;
	ts->endpoint.start = start_crypto;
	return ts_endpoint_add(&ts->endpoint, &ts_service_crypto, &ts->crypto) &&
	       ts_endpoint_add(&ts->endpoint, &ts_service_attestation, &ts->crypto);
}
#endif

#define DESCRIPTION(name_, init_) {					\
	.name = name_,							\
	.properties = FFA_PROPERTY_DIRECT_REQ_RECV | FFA_PROPERTY_AARCH64,	\
	.uuids = protocol,						\
	.uuid_count = ARRAY_SIZE(protocol),				\
	.init = init_,							\
	.request = request,						\
}

static const struct partition_description storage = DESCRIPTION("ts-storage", init_storage);
static const struct partition_description test = DESCRIPTION("ts-test", init_test);
static const struct partition_description future = DESCRIPTION("ts-future", init_future);
#ifdef TS_CRYPTO
static const struct partition_description crypto = DESCRIPTION("ts-crypto", init_crypto);
#endif

static bool add(struct spmc *spmc, const struct config *config,
		const struct partition_description *description, uint16_t id)
{
	struct ts_partition *ts = heap_alloc(&spmc->heap, sizeof(*ts));

	if (!ts)
		return false;
	ts->endpoint.name = description->name;
	ts->config = config;
	ts->about = *description;
	ts->about.id = id;
	return spmc_add_partition(spmc, &ts->about, ts);
}

bool ts_partitions_init(struct spmc *spmc, const struct config *config)
{
	unsigned int n;

	if (!add(spmc, config, &storage, config->ts_storage_id))
		return false;
#ifdef TS_CRYPTO
	if (!add(spmc, config, &crypto, 0))
		return false;
#else
	log_line("ts: built without cryptography");
#endif
	for (n = 0; n < config->ts_test; n++)
		if (!add(spmc, config, &test, 0))
			return false;
	return !config->ts_future || add(spmc, config, &future, 0);
}
