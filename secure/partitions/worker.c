// SPDX-License-Identifier: BSD-2-Clause
/* worker and peer: do what tests tell them, see abi/test_partitions.h. */
#include "arch.h"
#include "compiler.h"
#include "partitions.h"
#include "string.h"
#include "test_partitions.h"

/* Word n of a message is used as this, so that a table of commands can do the rest. */
#define WORD(message, n)	((uint32_t)(message)->word[n])
#define PAIR(message, n)	(WORD(message, n) | (uint64_t)WORD(message, (n) + 1) << 32)

struct worker {
	struct partition_memory memories[WORKER_MEMORIES];
	uint64_t notified;
};

static const uint8_t worker_uuids[][16] = { PARTITION_WORKER_UUID };
static const uint8_t peer_uuids[][16] = { PARTITION_PEER_UUID };

/* Each has its own. */
static struct worker workers[2];

/* Handle 0 is one that is free. */
static struct partition_memory *find(struct worker *worker, uint64_t handle)
{
	unsigned int n;

	for (n = 0; n < WORKER_MEMORIES; n++)
		if (worker->memories[n].handle == handle)
			return &worker->memories[n];
	return NULL;
}

static int32_t spin(struct partition *partition, struct partition_message *message)
{
	uint64_t end = arch_ticks() + WORD(message, 1) * (arch_ticks_per_second() / 1000);

	while (arch_ticks() < end)
		arch_relax();
	message->word[2] = partition_preemptions(partition);
	return FFA_OK;
}

static int32_t yield(struct partition *partition, struct partition_message *message)
{
	uint32_t times = WORD(message, 1);

	while (times--)
		partition_yield(partition, WORD(message, 2));
	return FFA_OK;
}

static int32_t retrieve(struct partition *partition, struct partition_message *message)
{
	struct partition_memory *memory = find(partition_data(partition), 0);
	int32_t status;

	if (!memory)
		return FFA_NO_MEMORY;
	status = partition_retrieve(partition, message->sender, PAIR(message, 1),
				    PAIR(message, 3), memory);
	if (status != FFA_OK) {
		memset(memory, 0, sizeof(*memory));
		return status;
	}
	message->word[2] = memory->size / FFA_MEM_PAGE;
	message->word[3] = memory->range_count;
	message->word[4] = memory->writable;
	return FFA_OK;
}

static int32_t relinquish(struct partition *partition, struct partition_message *message)
{
	struct partition_memory unknown = { .handle = PAIR(message, 1) };
	struct partition_memory *memory = find(partition_data(partition), PAIR(message, 1));

	return partition_relinquish(partition, memory ? memory : &unknown);
}

/* Every octet, page by page: ranges are whole pages. */
static int32_t touch(struct partition *partition, struct partition_message *message)
{
	struct partition_memory *memory = find(partition_data(partition), PAIR(message, 1));
	bool fill = WORD(message, 0) == WORKER_CMD_FILL;
	uint32_t sum = 0;
	uint64_t offset;
	unsigned int n;

	if (!memory || !memory->handle)
		return FFA_INVALID_PARAMETERS;
	if (fill && !memory->writable)
		return FFA_DENIED;
	for (offset = 0; offset < memory->size; offset += FFA_MEM_PAGE) {
		uint8_t *page = partition_memory_at(partition, memory, offset, FFA_MEM_PAGE);

		if (fill) {
			memset(page, (int)WORD(message, 3), FFA_MEM_PAGE);
			continue;
		}
		for (n = 0; n < FFA_MEM_PAGE; n++)
			sum += READ_ONCE(page[n]);
	}
	message->word[2] = sum;
	return FFA_OK;
}

static int32_t ask(struct partition *partition, struct partition_message *message)
{
	struct partition_message other = {
		.kind = PARTITION_MESSAGE_64,
		.sender = partition_id(partition),
		.words = FFA_DIRECT_WORDS,
		.word = { WORD(message, 2), WORD(message, 3), WORD(message, 4) },
	};
	int32_t status = partition_request(partition, (uint16_t)WORD(message, 1), &other);

	if (status == FFA_OK)
		message->word[2] = other.word[2];
	return status == FFA_OK ? (int32_t)other.word[1] : status;
}

static int32_t bind(struct partition *partition, struct partition_message *message)
{
	uint64_t x[18] = {
		WORD(message, 3) ? FFA_NOTIFICATION_UNBIND_32 : FFA_NOTIFICATION_BIND_32,
		FFA_PAIR(message->sender, partition_id(partition)), 0, WORD(message, 1),
		WORD(message, 2),
	};

	partition_call(partition, x);
	return x[0] == FFA_ERROR_32 ? (int32_t)x[2] : FFA_OK;
}

static int32_t print(struct partition *partition, const struct partition_message *message)
{
	uint64_t x[18] = {
		FFA_CONSOLE_LOG_32, 16, WORD(message, 1), WORD(message, 2), WORD(message, 3),
		WORD(message, 4),
	};

	partition_call(partition, x);
	return x[0] == FFA_ERROR_32 ? (int32_t)x[2] : FFA_OK;
}

static int32_t features(struct partition *partition, struct partition_message *message)
{
	uint64_t x[18] = { FFA_FEATURES_32, WORD(message, 1) };

	partition_call(partition, x);
	message->word[2] = x[2];
	return x[0] == FFA_ERROR_32 ? (int32_t)x[2] : FFA_OK;
}

/* Its memory of what it holds is its own to free. */
static void __noreturn breaks_down(struct partition *partition)
{
	struct worker *worker = partition_data(partition);
	unsigned int n;

	for (n = 0; n < WORKER_MEMORIES; n++)
		partition_free(partition, worker->memories[n].ranges);
	partition_abort(partition, "it was told to be");
}

static int32_t command(struct partition *partition, struct partition_message *message)
{
	struct worker *worker = partition_data(partition);

	switch (WORD(message, 0)) {
	case WORKER_CMD_NOP:
		return FFA_OK;
	case WORKER_CMD_SPIN:
		return spin(partition, message);
	case WORKER_CMD_YIELD:
		return yield(partition, message);
	case WORKER_CMD_ABORT:
		breaks_down(partition);
	case WORKER_CMD_RETRIEVE:
		return retrieve(partition, message);
	case WORKER_CMD_RELINQUISH:
		return relinquish(partition, message);
	case WORKER_CMD_SUM:
	case WORKER_CMD_FILL:
		return touch(partition, message);
	case WORKER_CMD_NOTIFY:
		return partition_notify(partition, message->sender, WORD(message, 3),
					PAIR(message, 1));
	case WORKER_CMD_ASK:
		return ask(partition, message);
	case WORKER_CMD_BIND:
		return bind(partition, message);
	case WORKER_CMD_NOTIFIED:
		message->word[2] = (uint32_t)worker->notified;
		message->word[3] = worker->notified >> 32;
		worker->notified = 0;
		return FFA_OK;
	case WORKER_CMD_PRINT:
		return print(partition, message);
	case WORKER_CMD_FEATURES:
		return features(partition, message);
	default:
		return FFA_NOT_SUPPORTED;
	}
}

static void worker_request(struct partition *partition, struct partition_message *message)
{
	message->word[1] = (uint32_t)command(partition, message);
}

static void worker_run(struct partition *partition)
{
	struct worker *worker = partition_data(partition);
	uint64_t from_sps, from_vms;

	partition_notifications(partition, &from_sps, &from_vms);
	worker->notified |= from_vms;
}

static bool worker_init(struct partition *partition)
{
	memset(partition_data(partition), 0, sizeof(struct worker));
	return true;
}

const struct partition_description partition_worker = {
	.name = "worker",
	.properties = FFA_PROPERTY_DIRECT_REQ_RECV | FFA_PROPERTY_DIRECT_REQ_SEND |
		      FFA_PROPERTY_NOTIFICATION_RECV | FFA_PROPERTY_AARCH64,
	.uuids = worker_uuids,
	.uuid_count = ARRAY_SIZE(worker_uuids),
	.data = &workers[0],
	.init = worker_init,
	.request = worker_request,
	.run = worker_run,
};

/* Of 1.1: its descriptors have the other size. */
const struct partition_description partition_peer = {
	.name = "peer",
	.version = FFA_VERSION_MAKE(1, 1),
	.properties = FFA_PROPERTY_DIRECT_REQ_RECV | FFA_PROPERTY_AARCH64,
	.uuids = peer_uuids,
	.uuid_count = ARRAY_SIZE(peer_uuids),
	.data = &workers[1],
	.init = worker_init,
	.request = worker_request,
};
