/* SPDX-License-Identifier: BSD-2-Clause */
/* The normal world of FF-A unit tests: calls with x0 to x17, buffers, descriptors. */
#ifndef UNIT_FFA_NW_H
#define UNIT_FFA_NW_H

#include "ffa.h"
#include "ffa_mem.h"
#include "nw.h"
#include "spmc.h"
#include "test_partitions.h"

#define FFA_NW_TX	(HOST_MEMORY_BASE + 0x30000)
#define FFA_NW_RX	(HOST_MEMORY_BASE + 0x38000)

/* As they are numbered at boot. */
#define ID_ECHO		0x8001
#define ID_OLD		0x8002
#define ID_WORKER	0x8003
#define ID_PEER		0x8004

/* Set-up without VERSION and buffers, and with both; nothing may be left behind. */
int ffa_nw_setup_plain(void **state);
int ffa_nw_setup(void **state);
/* The same in 1.0 and 1.1. */
int ffa_nw_setup_1_0(void **state);
int ffa_nw_setup_1_1(void **state);
int ffa_nw_teardown(void **state);

/* One SMC: x is replaced; x18 to x30 must stay. x[0] of the answer. */
uint64_t ffa_nw_smc(uint64_t x[18]);
#define ffa_nw(...)	ffa_nw_smc((uint64_t [18]) { __VA_ARGS__ })

/* w2 of FFA_ERROR, FFA_OK for FFA_SUCCESS; anything else fails the test. */
int32_t ffa_nw_status_of(uint64_t x[18]);
#define ffa_nw_status(...)	ffa_nw_status_of((uint64_t [18]) { __VA_ARGS__ })

/* The same as a partition's own call. */
int32_t ffa_sp_status_of(uint16_t id, uint64_t x[18]);
#define ffa_sp_status(id, ...)	ffa_sp_status_of(id, (uint64_t [18]) { __VA_ARGS__ })

/* VERSION 1.@minor and buffers of one page. */
void ffa_nw_begin(unsigned int minor);

/* A 32-bit request of the worker; its status, and its words in w[]. */
int32_t ffa_nw_work(uint16_t id, uint32_t w[5]);
#define ffa_nw_worker(id, ...)	ffa_nw_work(id, (uint32_t [5]) { __VA_ARGS__ })

/* A line with this text was printed since the last call of this. */
bool ffa_nw_said(const char *text);

#endif /* UNIT_FFA_NW_H */
