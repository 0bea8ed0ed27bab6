// SPDX-License-Identifier: BSD-2-Clause
#include "store.h"
#include "log.h"
#include "string.h"
#include "ts.h"

#define BANK_MAGIC	0x62737374u
#define RECORD_MAGIC	0x72737374u
#define ERASED		0xffffffffu
#define FORMAT		1u

/* At the start of a bank. */
struct bank_header {
	uint32_t magic;
	uint32_t format;
	uint32_t sequence;	/* the higher one counts */
	uint32_t checksum;
};

/* Behind it, each followed by its data and octets up to a multiple of ALIGNMENT. */
struct record {
	uint32_t magic;
	uint32_t length;	/* of the data */
	uint64_t uid;
	uint32_t kind;
	uint32_t source;
	uint32_t flags;
	uint32_t capacity;	/* RECORD_REMOVED: there is no such object any more */
	uint32_t unused;
	uint32_t checksum;	/* of all the above and the data */
};

#define RECORD_REMOVED	0xffffffffu
#define ALIGNMENT	8u

_Static_assert(sizeof(struct record) % ALIGNMENT == 0, "records are aligned");
_Static_assert(sizeof(struct bank_header) % ALIGNMENT == 0, "records are aligned");

static uint32_t crc32(uint32_t crc, const void *data, size_t size)
{
	const uint8_t *octets = data;
	unsigned int bit;

	crc = ~crc;
	while (size--) {
		crc ^= *octets++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
	}
	return ~crc;
}

static size_t bank_size(const struct store *store)
{
	return store->area.size / 2;
}

static size_t padded(size_t length)
{
	return (length + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static size_t record_size(size_t length)
{
	return sizeof(struct record) + padded(length);
}

static bool read_at(const struct store *store, size_t offset, void *to, size_t size)
{
	return store->area.flash->ops->read(store->area.flash, store->area.offset + offset, to,
					    size);
}

static bool write_at(const struct store *store, size_t offset, const void *from, size_t size)
{
	return store->area.flash->ops->write(store->area.flash, store->area.offset + offset, from,
					     size);
}

static bool same_key(const struct store_key *a, const struct store_key *b)
{
	return a->kind == b->kind && a->source == b->source && a->uid == b->uid;
}

static struct store_object **find_link(struct store *store, const struct store_key *key)
{
	struct store_object **link = &store->objects;

	while (*link && !same_key(&(*link)->key, key))
		link = &(*link)->next;
	return link;
}

const struct store_object *store_find(const struct store *store, const struct store_key *key)
{
	const struct store_object *object = store->objects;

	while (object && !same_key(&object->key, key))
		object = object->next;
	return object;
}

/* In memory only. */
static void forget(struct store *store, const struct store_key *key)
{
	struct store_object **link = find_link(store, key);
	struct store_object *object = *link;

	if (!object)
		return;
	*link = object->next;
	store->used -= record_size(object->capacity);
	heap_free(store->heap, object);
}

static void adopt(struct store *store, struct store_object *object)
{
	forget(store, &object->key);
	object->next = store->objects;
	store->objects = object;
	/* Room for all that it may become. */
	store->used += record_size(object->capacity);
}

static struct store_object *new_object(struct store *store, const struct store_key *key,
				       uint32_t flags, uint32_t capacity, uint32_t size)
{
	/* As long as its record's data, so that this can be written from here. */
	struct store_object *object = heap_alloc(store->heap, sizeof(*object) + padded(capacity));

	if (!object)
		return NULL;
	object->key = *key;
	object->flags = flags;
	object->capacity = capacity;
	object->size = size;
	return object;
}

static uint32_t record_checksum(const struct record *record, const void *data)
{
	return crc32(crc32(0, record, offsetof(struct record, checksum)), data, record->length);
}

static bool write_record(const struct store *store, size_t offset, const struct store_key *key,
			 const struct store_object *object)
{
	struct record record = {
		.magic = RECORD_MAGIC,
		.uid = key->uid,
		.kind = key->kind,
		.source = key->source,
		.capacity = RECORD_REMOVED,
	};
	const uint8_t *data = NULL;

	if (object) {
		record.length = object->size;
		record.flags = object->flags;
		record.capacity = object->capacity;
		data = object->data;
	}
	record.checksum = record_checksum(&record, data);
	return write_at(store, offset, &record, sizeof(record)) &&
	       (!record.length || write_at(store, offset + sizeof(record), data,
					   padded(record.length)));
}

static bool erase_bank(const struct store *store, size_t bank)
{
	struct flash *flash = store->area.flash;
	size_t offset;

	for (offset = 0; offset < bank_size(store); offset += flash->sector_size)
		if (!flash->ops->erase(flash, store->area.offset + bank + offset))
			return false;
	return true;
}

static uint32_t header_checksum(const struct bank_header *header)
{
	return crc32(0, header, offsetof(struct bank_header, checksum));
}

/*
 * The whole state into the other bank. @key, if not NULL, is about to become @object, or to be
 * removed if that is NULL.
 */
static bool rewrite(struct store *store, const struct store_key *key,
		    const struct store_object *object)
{
	size_t bank = store->bank ? 0 : bank_size(store);
	size_t end = bank + sizeof(struct bank_header);
	struct bank_header header = {
		.magic = BANK_MAGIC,
		.format = FORMAT,
		.sequence = store->sequence + 1,
	};
	const struct store_object *other;

	if (!erase_bank(store, bank))
		return false;
	for (other = store->objects; other; other = other->next) {
		if (key && same_key(&other->key, key))
			continue;
		if (!write_record(store, end, &other->key, other))
			return false;
		end += record_size(other->size);
	}
	if (object) {
		if (!write_record(store, end, key, object))
			return false;
		end += record_size(object->size);
	}
	header.checksum = header_checksum(&header);
	if (!write_at(store, bank, &header, sizeof(header)))
		return false;
	store->bank = bank;
	store->end = end - bank;
	store->sequence = header.sequence;
	return true;
}

/* What @key becomes, into flash. */
static bool record_change(struct store *store, const struct store_key *key,
			  const struct store_object *object)
{
	size_t size = record_size(object ? object->size : 0);

	if (!store->area.flash)
		return true;
	if (size <= bank_size(store) - store->end) {
		if (write_record(store, store->bank + store->end, key, object)) {
			store->end += size;
			return true;
		}
		/* Who knows what is there now: nothing may follow it. */
		store->end = bank_size(store);
	}
	return rewrite(store, key, object);
}

int32_t store_set(struct store *store, const struct store_key *key,
		  const struct store_value *value)
{
	const struct store_object *old = store_find(store, key);
	size_t used = store->used - (old ? record_size(old->capacity) : 0);
	struct store_object *object;

	if (value->capacity > STORE_OBJECT_MAX || value->size > value->capacity ||
	    used + record_size(value->capacity) > store->limit)
		return TS_PSA_INSUFFICIENT_STORAGE;
	object = new_object(store, key, value->flags, value->capacity, value->size);
	if (!object)
		return TS_PSA_INSUFFICIENT_MEMORY;
	if (value->size)
		memcpy(object->data, value->data, value->size);
	if (!record_change(store, key, object)) {
		heap_free(store->heap, object);
		return TS_PSA_STORAGE_FAILURE;
	}
	adopt(store, object);
	return TS_PSA_SUCCESS;
}

int32_t store_remove(struct store *store, const struct store_key *key)
{
	if (!store_find(store, key))
		return TS_PSA_DOES_NOT_EXIST;
	if (!record_change(store, key, NULL))
		return TS_PSA_STORAGE_FAILURE;
	forget(store, key);
	return TS_PSA_SUCCESS;
}

static bool read_header(const struct store *store, size_t bank, struct bank_header *header)
{
	return read_at(store, bank, header, sizeof(*header)) && header->magic == BANK_MAGIC &&
	       header->format == FORMAT && header->checksum == header_checksum(header);
}

/* The bank to go on with; false if there is none. */
static bool choose_bank(struct store *store)
{
	struct bank_header headers[2];
	bool valid[2];
	unsigned int n;

	for (n = 0; n < 2; n++)
		valid[n] = read_header(store, n * bank_size(store), &headers[n]);
	if (!valid[0] && !valid[1])
		return false;
	n = !valid[0] || (valid[1] && (int32_t)(headers[1].sequence - headers[0].sequence) > 0);
	store->bank = n * bank_size(store);
	store->sequence = headers[n].sequence;
	return true;
}

enum replay {
	REPLAY_RECORD,
	REPLAY_END,
	REPLAY_TORN,
	REPLAY_FAILED,
};

static enum replay replay_record(struct store *store)
{
	struct store_object *object;
	struct record record;
	struct store_key key;

	if (bank_size(store) - store->end < sizeof(record))
		return REPLAY_END;
	if (!read_at(store, store->bank + store->end, &record, sizeof(record)))
		return REPLAY_FAILED;
	if (record.magic == ERASED)
		return REPLAY_END;
	if (record.magic != RECORD_MAGIC || record.length > STORE_OBJECT_MAX ||
	    record_size(record.length) > bank_size(store) - store->end)
		return REPLAY_TORN;
	key = (struct store_key){ record.kind, record.source, record.uid };
	if (record.capacity == RECORD_REMOVED) {
		if (record.length || record.checksum != record_checksum(&record, NULL))
			return REPLAY_TORN;
		forget(store, &key);
		store->end += record_size(0);
		return REPLAY_RECORD;
	}
	if (record.capacity > STORE_OBJECT_MAX || record.length > record.capacity)
		return REPLAY_TORN;
	object = new_object(store, &key, record.flags, record.capacity, record.length);
	if (!object)
		return REPLAY_FAILED;
	if (record.length && !read_at(store, store->bank + store->end + sizeof(record),
				      object->data, padded(record.length))) {
		heap_free(store->heap, object);
		return REPLAY_FAILED;
	}
	if (record.checksum != record_checksum(&record, object->data)) {
		heap_free(store->heap, object);
		return REPLAY_TORN;
	}
	/* The rest of its capacity is zero, whatever padding flash had. */
	memset(object->data + record.length, 0, padded(record.capacity) - record.length);
	adopt(store, object);
	store->end += record_size(record.length);
	return REPLAY_RECORD;
}

static bool replay(struct store *store)
{
	enum replay result;

	store->end = sizeof(struct bank_header);
	do {
		result = replay_record(store);
	} while (result == REPLAY_RECORD);
	if (result == REPLAY_FAILED)
		return false;
	if (result == REPLAY_TORN) {
		log_line("store: a record at %zu was cut off, it does not count",
			 store->area.offset + store->bank + store->end);
		store->end = bank_size(store);
	}
	return true;
}

bool store_open(struct store *store, struct heap *heap, const struct flash_area *area)
{
	memset(store, 0, sizeof(*store));
	store->heap = heap;
	store->area = *area;
	/* A bank always has room for all objects, and as much for changes. */
	store->limit = area->size / 4;
	if (!area->flash)
		return true;
	if (choose_bank(store) ? replay(store) : rewrite(store, NULL, NULL))
		return true;
	store_close(store);
	return false;
}

void store_close(struct store *store)
{
	while (store->objects)
		forget(store, &store->objects->key);
}
