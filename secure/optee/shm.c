// SPDX-License-Identifier: BSD-2-Clause
#include "shm.h"
#include "compiler.h"
#include "ffa_mem.h"
#include "guest.h"
#include "optee_msg.h"
#include "plat.h"
#include "string.h"
#include "tee_result.h"

#define PAGE_SIZE	OPTEE_MSG_PAGE_SIZE
#define PAGE_MASK	((uint64_t)PAGE_SIZE - 1)

static uint64_t run_pages(shm_run_t run)
{
	return (run & PAGE_MASK) + 1;
}

void shm_init_run(struct shm *shm, shm_run_t *run, uint64_t address, uint64_t size)
{
	uint64_t offset = address & PAGE_MASK;

	memset(shm, 0, sizeof(*shm));
	shm->offset = offset;
	shm->size = size;
	shm->runs = run;
	shm->run_count = 1;
	*run = (address & ~PAGE_MASK) | ((offset + size + PAGE_SIZE - 1) / PAGE_SIZE - 1);
}

static void shm_free(struct guest *guest, struct shm *shm)
{
	heap_free(&guest->heap, shm->runs);
	heap_free(&guest->heap, shm);
}

/* Append a page, joining it to the last run if it follows it. */
static bool append_page(struct guest *guest, struct shm *shm, uint64_t page, unsigned int *room)
{
	if (shm->run_count) {
		shm_run_t *last = &shm->runs[shm->run_count - 1];
		uint64_t pages = run_pages(*last);

		if (pages < SHM_RUN_PAGES_MAX &&
		    (*last & ~PAGE_MASK) + pages * PAGE_SIZE == page) {
			(*last)++;
			return true;
		}
	}
	if (shm->run_count == *room) {
		unsigned int more = *room ? 2 * *room : 2;
		shm_run_t *runs = heap_resize(&guest->heap, shm->runs, more * sizeof(*runs));

		if (!runs)
			return false;
		shm->runs = runs;
		*room = more;
	}
	shm->runs[shm->run_count++] = page;
	return true;
}

static struct shm *shm_new(struct guest *guest, uint64_t offset, uint64_t size)
{
	struct shm *shm = heap_alloc(&guest->heap, sizeof(*shm));

	if (shm) {
		shm->offset = offset;
		shm->size = size;
		shm->references = 1;
	}
	return shm;
}

static uint32_t read_page_list(struct guest *guest, struct shm *shm, uint64_t list,
			       uint64_t page_count)
{
	unsigned int room = 0;
	unsigned int n = 0;
	const uint64_t *entries = NULL;

	while (page_count) {
		uint64_t page;

		if (!entries) {
			entries = nsmem_pointer(&guest->memory, list, PAGE_SIZE);
			if (!entries || (list & PAGE_MASK)) {
				refused(guest, "page list at %lx", (unsigned long)list);
				return TEE_ERROR_BAD_PARAMETERS;
			}
			n = 0;
		}
		if (n == OPTEE_MSG_PAGES_PER_LIST) {
			/* Entries remain, so this pointer means something. */
			list = READ_ONCE(entries[n]);
			entries = NULL;
			continue;
		}
		page = READ_ONCE(entries[n++]);
		if ((page & PAGE_MASK) || !nsmem_contains(&guest->memory, page, PAGE_SIZE)) {
			refused(guest, "page %lx in a page list", (unsigned long)page);
			return TEE_ERROR_BAD_PARAMETERS;
		}
		if (!append_page(guest, shm, page, &room)) {
			refused(guest, "page list: no memory");
			return TEE_ERROR_OUT_OF_MEMORY;
		}
		page_count--;
	}
	return TEE_SUCCESS;
}

uint32_t shm_from_page_list(struct guest *guest, uint64_t buf_ptr, uint64_t size,
			    struct shm **result)
{
	uint64_t offset = buf_ptr & PAGE_MASK;
	uint64_t page_count;
	struct shm *shm;
	uint32_t ret;

	/* A list may name a page twice, but not more pages than there are. */
	if (!size || size > guest->memory.size) {
		refused(guest, "page list for %lx octets", (unsigned long)size);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	page_count = (offset + size + PAGE_SIZE - 1) / PAGE_SIZE;
	shm = shm_new(guest, offset, size);
	if (!shm)
		return TEE_ERROR_OUT_OF_MEMORY;
	ret = read_page_list(guest, shm, buf_ptr & ~PAGE_MASK, page_count);
	if (ret != TEE_SUCCESS) {
		shm_free(guest, shm);
		return ret;
	}
	*result = shm;
	return TEE_SUCCESS;
}

uint32_t shm_from_range(struct guest *guest, uint64_t address, uint64_t size,
			struct shm **result)
{
	uint64_t page = address & ~PAGE_MASK;
	unsigned int room = 0;
	struct shm *shm;

	shm = shm_new(guest, address & PAGE_MASK, size);
	if (!shm)
		return TEE_ERROR_OUT_OF_MEMORY;
	do {
		if (!append_page(guest, shm, page, &room)) {
			shm_free(guest, shm);
			return TEE_ERROR_OUT_OF_MEMORY;
		}
		page += PAGE_SIZE;
	} while (page < address + size);
	*result = shm;
	return TEE_SUCCESS;
}

uint32_t shm_from_ranges(struct guest *guest, const struct ffa_mem_range_desc *ranges,
			 unsigned int count, uint64_t offset, uint64_t size, struct shm **result)
{
	unsigned int room = 0, n;
	uint64_t all = 0;
	struct shm *shm;
	uint32_t page;

	for (n = 0; n < count; n++)
		all += (uint64_t)ranges[n].page_count * PAGE_SIZE;
	if (offset >= PAGE_SIZE || size > all - offset) {
		refused(guest, "%lx octets at %lx of %lx", (unsigned long)size,
			(unsigned long)offset, (unsigned long)all);
		return TEE_ERROR_BAD_PARAMETERS;
	}
	shm = shm_new(guest, offset, size ? size : all - offset);
	if (!shm)
		return TEE_ERROR_OUT_OF_MEMORY;
	for (n = 0; n < count; n++) {
		for (page = 0; page < ranges[n].page_count; page++) {
			if (append_page(guest, shm,
					ranges[n].address + (uint64_t)page * PAGE_SIZE, &room))
				continue;
			shm_free(guest, shm);
			return TEE_ERROR_OUT_OF_MEMORY;
		}
	}
	*result = shm;
	return TEE_SUCCESS;
}

void shm_register(struct guest *guest, struct shm *shm, uint64_t cookie)
{
	struct shm_table *table = &guest->shm;
	uint64_t interrupts = lock_take(&table->lock);

	/*
	 * The cookie may be known already, of a kernel that is gone: the newest object
	 * is found first.
	 */
	shm->cookie = cookie;
	shm->next = table->first;
	table->first = shm;
	lock_release(&table->lock, interrupts);
	counter_add(guest, SIM_COUNTER_SHM_OBJECTS, 1);
	counter_add(guest, SIM_COUNTER_SHM_BYTES, (int64_t)shm->size);
}

static struct shm **find(struct shm_table *table, uint64_t cookie)
{
	struct shm **link = &table->first;

	while (*link && (*link)->cookie != cookie)
		link = &(*link)->next;
	return link;
}

enum shm_forgotten shm_forget(struct guest *guest, uint64_t cookie)
{
	struct shm_table *table = &guest->shm;
	uint64_t interrupts = lock_take(&table->lock);
	struct shm **link = find(table, cookie);
	struct shm *shm = *link;

	if (!shm || shm->references > 1) {
		lock_release(&table->lock, interrupts);
		return shm ? SHM_IN_USE : SHM_UNKNOWN;
	}
	*link = shm->next;
	lock_release(&table->lock, interrupts);
	counter_add(guest, SIM_COUNTER_SHM_OBJECTS, -1);
	counter_add(guest, SIM_COUNTER_SHM_BYTES, -(int64_t)shm->size);
	shm_put(guest, shm);
	return SHM_FORGOTTEN;
}

static bool in_use(struct shm_table *table, const struct shm *shm)
{
	uint64_t interrupts = lock_take(&table->lock);
	bool used = shm->references > 1;

	lock_release(&table->lock, interrupts);
	return used;
}

uint32_t shm_unregister(struct guest *guest, struct thread *thread, uint64_t cookie,
			const struct shm *own)
{
	struct shm_table *table = &guest->shm;
	uint64_t interrupts;
	struct shm **link;
	struct shm *shm;

	interrupts = lock_take(&table->lock);
	link = find(table, cookie);
	shm = *link;
	if (shm && shm != own)
		*link = shm->next;
	lock_release(&table->lock, interrupts);
	if (!shm || shm == own) {
		refused(guest, "UNREGISTER_SHM: cookie %lx is %s", (unsigned long)cookie,
			shm ? "the message's own" : "unknown");
		return TEE_ERROR_BAD_PARAMETERS;
	}

	/* Nobody can find it any more: the last user goes, none comes. */
	while (in_use(table, shm))
		thread_yield(thread);
	counter_add(guest, SIM_COUNTER_SHM_OBJECTS, -1);
	counter_add(guest, SIM_COUNTER_SHM_BYTES, -(int64_t)shm->size);
	shm_put(guest, shm);
	return TEE_SUCCESS;
}

struct shm *shm_get(struct guest *guest, uint64_t cookie)
{
	struct shm_table *table = &guest->shm;
	uint64_t interrupts = lock_take(&table->lock);
	struct shm *shm = *find(table, cookie);

	if (shm)
		shm->references++;
	lock_release(&table->lock, interrupts);
	return shm;
}

void shm_put(struct guest *guest, struct shm *shm)
{
	uint64_t interrupts;
	bool last;

	if (!shm)
		return;
	interrupts = lock_take(&guest->shm.lock);
	last = !--shm->references;
	lock_release(&guest->shm.lock, interrupts);
	if (last)
		shm_free(guest, shm);
}

bool shm_contains(const struct shm *shm, uint64_t offset, uint64_t size)
{
	return offset <= shm->size && size <= shm->size - offset;
}

void *shm_piece(const struct shm *shm, uint64_t offset, uint64_t *size)
{
	uint64_t position = shm->offset + offset;
	unsigned int n = 0;
	uint64_t length;

	/* One octet past the end of a run is the start of the next. */
	for (; n < shm->run_count; n++) {
		length = run_pages(shm->runs[n]) * PAGE_SIZE;
		if (position < length)
			break;
		position -= length;
	}
	if (n == shm->run_count) {
		*size = 0;
		return NULL;
	}
	if (*size > length - position)
		*size = length - position;
	return plat_normal_world((shm->runs[n] & ~PAGE_MASK) + position);
}

void shm_read(const struct shm *shm, uint64_t offset, void *to, uint64_t size)
{
	uint8_t *d = to;

	while (size) {
		uint64_t length = size;
		const void *piece = shm_piece(shm, offset, &length);

		if (!piece)
			return;
		memcpy(d, piece, length);
		d += length;
		offset += length;
		size -= length;
	}
}

void shm_write(const struct shm *shm, uint64_t offset, const void *from, uint64_t size)
{
	const uint8_t *s = from;

	while (size) {
		uint64_t length = size;
		void *piece = shm_piece(shm, offset, &length);

		if (!piece)
			return;
		memcpy(piece, s, length);
		s += length;
		offset += length;
		size -= length;
	}
}
