/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Secure partitions, as those see it who write one: what it is called, which messages it takes,
 * and what its code may ask of the partition manager.
 *
 * A partition has one execution context with a stack of its own. Its code runs with interrupts
 * on: an interrupt of the normal world suspends it, and it goes on when the normal world asks
 * for that, on any CPU. Meanwhile it is BUSY for everybody else: no two of its functions ever
 * run at once, so its data needs no lock. It holds no lock of the secure world when it calls
 * any of the functions below.
 */
#ifndef SPMC_PARTITION_H
#define SPMC_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "ffa.h"
#include "ffa_mem.h"

struct partition;

enum partition_message_kind {
	PARTITION_MESSAGE_32,	/* FFA_MSG_SEND_DIRECT_REQ, five words of 32 bits (w3 to w7) */
	PARTITION_MESSAGE_64,	/* the same, five words of 64 bits (x3 to x7) */
	PARTITION_MESSAGE_REQ2,	/* FFA_MSG_SEND_DIRECT_REQ2, fourteen words (x4 to x17) */
};

/* A direct request; its answer takes its place. */
struct partition_message {
	enum partition_message_kind kind;
	uint16_t sender;	/* 0: the normal world */
	unsigned int words;	/* that word[] has: 5 or 14 */
	uint8_t uuid[16];	/* REQ2: which of the partition's services; else zero */
	uint64_t word[FFA_DIRECT2_WORDS];
};

/**
 * struct partition_description - what a partition is, from the start on
 * @name: for the console, short
 * @id: its endpoint id, 0x8001 to 0xfffe, or 0: the next that is free
 * @version: of FF-A, that it speaks; 0: the newest. It decides about layouts in its buffers
 * @properties: FFA_PROPERTY_* as they are reported: who answers requests has
 *	FFA_PROPERTY_DIRECT_REQ_RECV; without FFA_PROPERTY_DIRECT_REQ2_RECV and
 *	FFA_PROPERTY_NOTIFICATION_RECV these calls are refused. Usually with FFA_PROPERTY_AARCH64.
 * @uuids: its services, at least one, octets in printed order
 * @uuid_count: number of these
 * @data: for whoever wrote it, see partition_data()
 * @init: called at boot, before there is a normal world, or NULL. False: it is not there.
 *	It must not yield, notify or talk to others. Called again when a partition that broke
 *	down is made anew: what it got from partition_alloc() is still its own then
 * @request: answers a direct request: words of @message are the request, and when it returns,
 *	the answer; those of a 32-bit request are cut off to 32 bits
 * @direct: instead of @request, for who has no execution context: answers the normal world on the
 *	CPU's own stack, with interrupts masked, on any number of CPUs at a time. No function
 *	below but partition_notify() may be called then
 * @run: the normal world gives it time (FFA_RUN) although nobody asked it anything: look at
 *	notifications. NULL: FFA_RUN is refused
 */
struct partition_description {
	const char *name;
	uint16_t id;
	uint32_t version;
	uint32_t properties;
	const uint8_t (*uuids)[16];
	unsigned int uuid_count;
	void *data;
	bool (*init)(struct partition *partition);
	void (*request)(struct partition *partition, struct partition_message *message);
	void (*direct)(struct partition *partition, struct partition_message *message);
	void (*run)(struct partition *partition);
};

struct spmc;

/**
 * spmc_add_partition() - make a partition
 * @spmc: partition manager, while it is being made
 * @description: stays valid; several partitions may be made of one if @id is 0
 * @data: for partition_data(), NULL: @description's
 *
 * Return: the partition, or NULL if it is malformed, its init said so, or there is no room; the
 * console says which.
 */
struct partition *spmc_add_partition(struct spmc *spmc,
				     const struct partition_description *description,
				     void *data);

uint16_t partition_id(const struct partition *partition);
void *partition_data(const struct partition *partition);

/* Zeroed memory of the secure world, 16-byte aligned, or NULL; freed by partition_free(). */
void *partition_alloc(struct partition *partition, size_t size);
void partition_free(struct partition *partition, void *memory);

/*
 * Memory that somebody shared with, or lent to, the partition. All of it is mapped: the secure
 * world sees all RAM. It may be written by its owner at any time: copy, then look.
 */
struct partition_memory {
	uint64_t handle;
	uint16_t owner;
	bool writable;
	uint64_t size;		/* octets, whole pages */
	void *address;		/* if it is one range, else NULL */
	unsigned int range_count;
	struct ffa_mem_range_desc *ranges;	/* partition_alloc()ed */
};

/**
 * partition_retrieve() - get at memory
 * @partition: the running one
 * @owner: who shared it
 * @handle: its name
 * @tag: that the owner chose
 * @memory: receives what it is; to be given up by partition_relinquish()
 *
 * Asks in the partition's own buffers, fragment by fragment, for the permissions that the owner
 * gave.
 *
 * Return: FFA_OK, or an FFA_* status: INVALID_PARAMETERS unknown or not ours, DENIED already
 * retrieved, NO_MEMORY.
 */
int32_t partition_retrieve(struct partition *partition, uint16_t owner, uint64_t handle,
			   uint64_t tag, struct partition_memory *memory);

/* Give it up; @memory is no longer valid when it is FFA_OK. */
int32_t partition_relinquish(struct partition *partition, struct partition_memory *memory);

/* Address of @size octets at @offset in all ranges, NULL if they do not lie in one of them. */
void *partition_memory_at(struct partition *partition, const struct partition_memory *memory,
			  uint64_t offset, uint64_t size);

/**
 * partition_request() - ask another partition
 * @partition: the running one; blocked meanwhile
 * @receiver: endpoint id
 * @message: request; its kind, words and uuid are set; becomes the answer
 *
 * Return: FFA_OK, or an FFA_* status, and there is no answer.
 */
int32_t partition_request(struct partition *partition, uint16_t receiver,
			  struct partition_message *message);

/**
 * partition_notify() - set notifications
 * @partition: the running one
 * @receiver: who gets them: 0 the normal world
 * @flags: FFA_NOTIFICATION_PER_VCPU, FFA_NOTIFICATION_DELAY_SRI, and the vCPU from bit 16 on
 * @bitmap: which ones; the receiver has bound them to us
 *
 * Return: FFA_OK or an FFA_* status.
 */
int32_t partition_notify(struct partition *partition, uint16_t receiver, uint32_t flags,
			 uint64_t bitmap);

/* Take what was set for us by partitions (@from_sps) and by others; FFA_OK or a status. */
int32_t partition_notifications(struct partition *partition, uint64_t *from_sps,
				uint64_t *from_vms);

/* Let the normal world do something else for about so long (FFA_YIELD); 0: no matter. */
void partition_yield(struct partition *partition, uint64_t nanoseconds);

/* How often it was suspended by interrupts since the request began. */
uint64_t partition_preemptions(const struct partition *partition);

/* The partition is broken: this request, and all that follow, are answered ABORTED. */
void __attribute__((noreturn)) partition_abort(struct partition *partition, const char *why);

/* Any FF-A call of the partition itself, x0 to x17, answered in place; for tests. */
void partition_call(struct partition *partition, uint64_t x[18]);

#endif /* SPMC_PARTITION_H */
