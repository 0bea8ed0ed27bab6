/* SPDX-License-Identifier: BSD-2-Clause */
/* The bus of FF-A and the partitions of abi/test_partitions.h, by way of omnitee-ffa-client.ko. */
#ifndef FFA_H
#define FFA_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/test_partitions.h"
#include "tests/kernel/ours/ffa-client.h"

#define FFA_ECHO	1
#define FFA_ECHO_2	2
#define FFA_OLD		3
#define FFA_WORKER	4

/* Then it alone talks to the partition manager. */
bool ffa_kernel_has_a_transport(void);

/* The partition manager speaks 1.@minor; after ffa_need(). */
bool ffa_has_version(unsigned int minor);

/* These skip the case, which must not have done anything yet. */
void ffa_need_ours(void);
void ffa_need(void);
void ffa_need_own_transport(void);
/* Below 1.2 there are no requests with UUIDs, and partitions are not listed in registers. */
void ffa_need_version(unsigned int minor);

void ffa_load(const char *module);
/* All that is above the bus, and the bus. */
void ffa_unload(void);
/* Loads the client and its devices. */
int ffa_open_client(void);

/* 0 or a negative error number. */
int ffa_send(int fd, unsigned int partition, uint32_t word[5]);
/* A command of worker; its status. */
int32_t ffa_work(int fd, uint32_t command, uint32_t w1, uint32_t w2, uint32_t w3,
		 uint32_t result[3]);

/*
 * worker works for so long while every CPU has something else to do, too. @stall_s: seconds after
 * which the kernel complains of a CPU that is not given up.
 */
void ffa_spin_under_load(uint32_t ms, const char *stall_s);

#endif /* FFA_H */
