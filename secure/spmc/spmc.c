// SPDX-License-Identifier: BSD-2-Clause
/* The partition manager as a whole, and its partitions as objects. */
#include "spmc.h"
#include "config.h"
#include "context.h"
#include "guest.h"
#include "partitions.h"
#include "string.h"

#define FIRST_ID	0x8001
#define LAST_ID		0xfffe
/* So that both halves of a handle matter, and the carry between them soon, too. */
#define FIRST_HANDLE	0x0f4d0000fffffff8ULL

struct partition *spmc_partition(struct spmc *spmc, uint16_t id)
{
	unsigned int n;

	for (n = 0; n < spmc->partition_count; n++)
		if (spmc->partitions[n]->endpoint.id == id)
			return spmc->partitions[n];
	return NULL;
}

struct endpoint *spmc_endpoint(struct spmc *spmc, uint16_t id)
{
	struct partition *partition;

	if (id == FFA_ENDPOINT_NORMAL_WORLD)
		return &spmc->normal_world;
	partition = spmc_partition(spmc, id);
	return partition ? &partition->endpoint : NULL;
}

bool spmc_mend(struct spmc *spmc, uint64_t id)
{
	struct partition *partition = id > UINT16_MAX ? NULL :
		spmc_partition(spmc, (uint16_t)id);
	enum partition_state state = PARTITION_WAITING;
	uint64_t interrupts;
	bool broken;

	if (!partition)
		return false;
	/* Busy for everybody else meanwhile: nobody finds it half-made. */
	interrupts = lock_take(&spmc->lock);
	broken = partition->state == PARTITION_ABORTED;
	if (broken)
		partition->state = PARTITION_RUNNING;
	lock_release(&spmc->lock, interrupts);
	if (!broken)
		return false;
	if (partition->about->init && !partition->about->init(partition))
		state = PARTITION_ABORTED;
	interrupts = lock_take(&spmc->lock);
	partition->state = state;
	lock_release(&spmc->lock, interrupts);
	return state == PARTITION_WAITING;
}

int partition_find_uuid(const struct partition *partition, const uint8_t uuid[16])
{
	unsigned int n;

	for (n = 0; n < partition->about->uuid_count; n++)
		if (!memcmp(partition->about->uuids[n], uuid, 16))
			return (int)n;
	return -1;
}

static uint16_t free_id(struct spmc *spmc)
{
	uint16_t id = FIRST_ID;

	while (spmc_partition(spmc, id))
		id++;
	return id;
}

static const char *check(struct spmc *spmc, const struct partition_description *about)
{
	uint32_t version = about->version;
	unsigned int n;

	if (spmc->partition_count == SPMC_PARTITIONS_MAX)
		return "there are too many";
	if (about->id && (about->id < FIRST_ID || about->id > LAST_ID ||
			  spmc_partition(spmc, about->id)))
		return "its id is taken or no partition's";
	if (version && (FFA_VERSION_MAJOR(version) != 1 || version > FFA_VERSION_MAKE(1, 2)))
		return "its version";
	if ((about->properties & (FFA_PROPERTY_DIRECT_REQ_RECV | FFA_PROPERTY_DIRECT_REQ2_RECV)) &&
	    !about->request && !about->direct)
		return "it receives requests, and has nothing to answer them";
	if (!about->uuid_count)
		return "it has no UUID";
	for (n = 0; n < about->uuid_count; n++)
		if (ffa_uuid_is_nil(about->uuids[n]))
			return "a UUID is nil";
	return NULL;
}

struct partition *spmc_add_partition(struct spmc *spmc,
				     const struct partition_description *description, void *data)
{
	const char *why = check(spmc, description);
	struct partition *partition = NULL;

	if (why)
		goto refuse;
	why = "no memory";
	partition = heap_alloc(&spmc->heap, sizeof(*partition));
	if (!partition)
		goto refuse;
	partition->about = description;
	partition->data = data ? data : description->data;
	partition->spmc = spmc;
	partition->endpoint.id = description->id ? description->id : free_id(spmc);
	partition->endpoint.version = description->version ? description->version :
							     FFA_VERSION_MAKE(1, 2);
	partition->endpoint.locked = true;
	if (description->properties & FFA_PROPERTY_NOTIFICATION_RECV)
		notifications_init(&partition->endpoint);
	if (!buffers_init(spmc, &partition->endpoint) ||
	    (!description->direct && !context_init(partition)))
		goto refuse;
	why = "its init failed";
	if (description->init && !description->init(partition))
		goto refuse;
	spmc->partitions[spmc->partition_count++] = partition;
	counter_add(spmc->guest, SIM_COUNTER_FFA_PARTITIONS, 1);
	log_line("ffa: partition %x: %s, %u UUIDs", partition->endpoint.id, description->name,
		 description->uuid_count);
	return partition;

refuse:
	/* Boot is once: what it took until then stays taken. */
	log_line("ffa: partition %s: %s", description->name, why);
	return NULL;
}

uint16_t partition_id(const struct partition *partition)
{
	return partition->endpoint.id;
}

void *partition_data(const struct partition *partition)
{
	return partition->data;
}

void *partition_alloc(struct partition *partition, size_t size)
{
	return heap_alloc(&partition->spmc->heap, size);
}

void partition_free(struct partition *partition, void *memory)
{
	heap_free(&partition->spmc->heap, memory);
}

bool spmc_init(struct spmc *spmc, struct guest *guest, const struct config *config,
	       const struct nsmem *memory, size_t heap_size)
{
	void *heap;

	spmc->guest = guest;
	spmc->memory = *memory;
	spmc->version = config->ffa_version;
	spmc->next_handle = FIRST_HANDLE;
	spmc->normal_world.id = FFA_ENDPOINT_NORMAL_WORLD;
	heap = heap_alloc(&guest->heap, heap_size);
	if (!heap)
		return false;
	heap_init(&spmc->heap, heap, heap_size);
	spmc->pages = heap_alloc(&spmc->heap, memory->size / FFA_MEM_PAGE / 8 + 1);
	if (!spmc->pages)
		return false;
	spmc->present = true;
	return partitions_init(spmc, config);
}
