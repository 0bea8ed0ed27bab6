/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Objects that outlive a power cycle. All of them are in memory; flash has a log of what
 * became of them, in one of two banks. A full log is written anew to the other bank,
 * whose header is the last thing to be written. So at any moment flash has the state before
 * a change or the one after it.
 *
 * A store belongs to one partition, which does one thing at a time: it has no lock.
 */
#ifndef TS_STORE_H
#define TS_STORE_H

#include "flash.h"
#include "heap.h"

struct store_key {
	uint32_t kind;		/* which service's */
	uint32_t source;	/* endpoint that owns it */
	uint64_t uid;
};

struct store_object {
	struct store_object *next;
	struct store_key key;
	uint32_t flags;
	uint32_t capacity;	/* of data */
	uint32_t size;
	uint8_t data[];
};

struct store {
	struct heap *heap;
	struct flash_area area;
	struct store_object *objects;
	size_t used;		/* octets of the log that all objects need */
	size_t limit;		/* for it */
	size_t bank;		/* offset of the log's bank in the area */
	size_t end;		/* of the log in its bank; bank_size: to be written anew */
	uint32_t sequence;
};

#define STORE_OBJECT_MAX	32768U

/**
 * store_open() - read what flash has
 * @store:	to be filled
 * @heap:	where the objects go; the store lasts as long as the world
 * @area:	of the flash; without a flash all is lost at the end
 *
 * Return: false if there is no memory or flash failed.
 */
bool store_open(struct store *store, struct heap *heap, const struct flash_area *area);

/* Free the objects' memory; flash keeps them. */
void store_close(struct store *store);

/* NULL if there is none; valid until the next change. */
const struct store_object *store_find(const struct store *store, const struct store_key *key);

/* An object as it shall be. */
struct store_value {
	uint32_t flags;
	uint32_t capacity;
	uint32_t size;
	const void *data;
};

/**
 * store_set() - make or replace an object
 * @store:	store
 * @key:	of the object
 * @value:	its size at most its capacity, and that at most STORE_OBJECT_MAX
 *
 * Return: TS_PSA_SUCCESS, _INSUFFICIENT_STORAGE, _INSUFFICIENT_MEMORY, _STORAGE_FAILURE;
 * unless it is the first, the object is as before.
 */
int32_t store_set(struct store *store, const struct store_key *key,
		  const struct store_value *value);

/* TS_PSA_SUCCESS, _DOES_NOT_EXIST or _STORAGE_FAILURE. */
int32_t store_remove(struct store *store, const struct store_key *key);

#endif /* TS_STORE_H */
