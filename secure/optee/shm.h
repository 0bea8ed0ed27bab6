/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that the normal world shares. Its pages are named once, checked and kept in a
 * private copy; its contents stay in the hands of the normal world.
 */
#ifndef OPTEE_SHM_H
#define OPTEE_SHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "lock.h"

struct guest;
struct thread;

/* Adjacent pages: address of the first, and in its low 12 bits their number less 1. */
typedef uint64_t shm_run_t;

#define SHM_RUN_PAGES_MAX	4096

struct shm {
	struct shm *next;	/* table's lock; registered objects only */
	uint64_t cookie;
	uint64_t offset;	/* of the data in the first page */
	uint64_t size;		/* octets of data */
	shm_run_t *runs;	/* of the guest's heap, or the caller's stack */
	unsigned int run_count;
	unsigned int references;	/* table's lock; the table holds one itself */
};

struct shm_table {
	struct lock lock;
	struct shm *first;	/* newest first */
};

/**
 * shm_init_run() - describe pages in a row that need no list
 * @shm:	to be filled; not counted, never in a table
 * @run:	room for the run
 * @address:	of the data
 * @size:	octets, at most SHM_RUN_PAGES_MAX pages; all of it was checked
 */
void shm_init_run(struct shm *shm, shm_run_t *run, uint64_t address, uint64_t size);

/**
 * shm_from_page_list() - take a private copy of a page list
 * @guest:	whose memory
 * @buf_ptr:	first list page | offset of the data
 * @size:	octets of data
 * @shm:	receives the object, with one reference
 *
 * Return: TEE_SUCCESS, TEE_ERROR_BAD_PARAMETERS or TEE_ERROR_OUT_OF_MEMORY.
 */
uint32_t shm_from_page_list(struct guest *guest, uint64_t buf_ptr, uint64_t size,
			    struct shm **shm);
/* The same for memory in a row; @shm is as large as the address says. */
uint32_t shm_from_range(struct guest *guest, uint64_t address, uint64_t size,
			struct shm **shm);

struct ffa_mem_range_desc;

/**
 * shm_from_ranges() - the same for memory that FF-A shares
 * @guest:	whose heap
 * @ranges:	were checked
 * @count:	of them
 * @offset:	of the data in the first page
 * @size:	octets of data; 0: all there are from @offset on
 * @shm:	receives the object
 */
uint32_t shm_from_ranges(struct guest *guest, const struct ffa_mem_range_desc *ranges,
			 unsigned int count, uint64_t offset, uint64_t size, struct shm **shm);

enum shm_forgotten {
	SHM_FORGOTTEN,
	SHM_UNKNOWN,
	SHM_IN_USE,
};

/* Forget an object unless somebody uses it; never waits. */
enum shm_forgotten shm_forget(struct guest *guest, uint64_t cookie);

/* Make it known by its cookie; the table takes over the caller's reference. */
void shm_register(struct guest *guest, struct shm *shm, uint64_t cookie);

/**
 * shm_unregister() - forget an object and wait until nobody uses it
 * @guest:	whose
 * @thread:	the caller's thread, which yields while it waits
 * @cookie:	of the object
 * @own:	object that the caller itself uses and would wait for in vain, or NULL
 *
 * Return: TEE_SUCCESS or TEE_ERROR_BAD_PARAMETERS.
 */
uint32_t shm_unregister(struct guest *guest, struct thread *thread, uint64_t cookie,
			const struct shm *own);

/* Look up and take a reference; NULL if there is none. */
struct shm *shm_get(struct guest *guest, uint64_t cookie);
/* NULL is allowed. */
void shm_put(struct guest *guest, struct shm *shm);

/* Whether octets @offset to @offset + @size lie inside. */
bool shm_contains(const struct shm *shm, uint64_t offset, uint64_t size);

/**
 * shm_piece() - find octets in memory
 * @shm:	object
 * @offset:	of the first one, inside the object
 * @size:	in: octets wanted, inside the object; out: those that follow in a row
 */
void *shm_piece(const struct shm *shm, uint64_t offset, uint64_t *size);

/* Copy; the octets lie inside the object. */
void shm_read(const struct shm *shm, uint64_t offset, void *to, uint64_t size);
void shm_write(const struct shm *shm, uint64_t offset, const void *from, uint64_t size);

#endif /* OPTEE_SHM_H */
