/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notifications. A receiver has a bit for each that partitions may set, and another 64 for the
 * normal world's. A bit is bound to one sender; it is one for all vCPUs of the receiver, or one for
 * each. What is set stays until it is fetched by NOTIFICATION_GET.
 *
 * The normal world learns of it by an interrupt: for a notification of one of its vCPUs NPI on that
 * CPU, for everything else SRI, after which NOTIFICATION_INFO_GET tells whom it concerns, once.
 */
#ifndef SPMC_NOTIFICATION_H
#define SPMC_NOTIFICATION_H

#include <stdbool.h>
#include <stdint.h>
#include "cpu.h"

struct endpoint;
struct ffa_call;
struct spmc;

/* SGIs that no version of Linux uses for itself; non-secure, group 1. */
#define NOTIFICATION_SRI	8
#define NOTIFICATION_NPI	9

#define NOTIFICATION_VCPUS_MAX	CPU_MAX

/* Of one kind of sender. */
struct notification_set {
	uint64_t bound;
	uint64_t per_vcpu;		/* of these */
	uint16_t sender[64];
	uint64_t pending;		/* the others */
	uint64_t pending_of[NOTIFICATION_VCPUS_MAX];
};

struct notifications {
	bool created;
	unsigned int vcpus;
	struct notification_set from_sps;
	struct notification_set from_vms;
	/* INFO_GET told since the last one was set: of all, of each vCPU. */
	bool told;
	uint64_t told_of;
};

/* Boot: a partition that receives notifications has its bitmap from the start. */
void notifications_init(struct endpoint *endpoint);

/**
 * notification_set() - set notifications
 * @spmc: partition manager
 * @sender: who does
 * @receiver: for whom
 * @flags: as in w2 of NOTIFICATION_SET
 * @bitmap: which, not 0
 *
 * Return: FFA_OK, or the status to answer; the console has been told why.
 */
int32_t notification_set(struct spmc *spmc, struct endpoint *sender, struct endpoint *receiver,
			 uint32_t flags, uint64_t bitmap);

/* Raise what was delayed until the normal world goes on. */
void notification_leave(struct spmc *spmc);

/* A CPU goes down: whoever is @heir takes the interrupt that is pending there. */
void notification_cpu_off(unsigned int cpu, unsigned int heir);

void ffa_notification_bitmap_create(struct ffa_call *call);
void ffa_notification_bitmap_destroy(struct ffa_call *call);
void ffa_notification_bind(struct ffa_call *call);
void ffa_notification_unbind(struct ffa_call *call);
void ffa_notification_set(struct ffa_call *call);
void ffa_notification_get(struct ffa_call *call);
void ffa_notification_info_get(struct ffa_call *call);

#endif /* SPMC_NOTIFICATION_H */
