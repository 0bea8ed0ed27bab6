/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest: everything that the secure world keeps for one normal-world operating
 * system. Number 0 is made at boot: without virtualisation it is the only one, with it,
 * it is the hypervisor, which has neither threads nor anything else.
 */
#ifndef CORE_GUEST_H
#define CORE_GUEST_H

#include <stdint.h>
#include "config.h"
#include "counters.h"
#include "fault.h"
#include "ffa_face.h"
#include "heap.h"
#include "log.h"
#include "notif.h"
#include "nsmem.h"
#include "session.h"
#include "shm.h"
#include "thread.h"

struct guest {
	unsigned int id;
	/* Of one that was created: both under the lock of struct guest_table. */
	struct guest *next;
	unsigned int references;	/* the table's, and each CPU's that is inside */
	void *const *stacks;	/* for its threads; NULL: to be allocated */
	struct nsmem memory;	/* without static_shm */
	/* Memory that TMEM parameters may name without a page list; size 0: none. */
	struct nsmem static_shm;
	struct heap heap;
	struct counters counters;
	struct faults faults;
	struct thread_pool threads;
	struct shm_table shm;
	struct session_table sessions;
	struct notif notif;
	struct optee_ffa *ffa;	/* NULL: OP-TEE is reached by SMC */
	bool dynamic_shm;	/* memory may be registered */
	bool rpc_arg;		/* announced */
	unsigned int system_mode;	/* SIM_SYSTEM_*, by which numbers threads are kept back */
	/* Every unknown application is asked of the supplicant. */
	bool load_all;
	uint64_t rng_seed;	/* 0: time */
	bool virtualization;	/* announced */
	uint64_t releases;	/* atomic; a HOLD of hog that sees this change ends */
};

/* False if there is not enough memory. @guest is zeroed, its heap and memory are set. */
bool guest_init(struct guest *guest, const struct config *config);

/* Count a refusal and say on the console why; the caller's doing, so limited. */
#define refused(guest, format, ...) do {						\
	counter_add(guest, SIM_COUNTER_REFUSALS, 1);					\
	log_limited("optee: refused: " format, ##__VA_ARGS__);				\
} while (0)

#endif /* CORE_GUEST_H */
