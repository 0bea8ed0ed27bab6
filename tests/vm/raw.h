/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OP-TEE calls without a driver: messages in memory of the test, SMCs as they are. They
 * work whatever modules are loaded, beside the driver's own.
 */
#ifndef RAW_H
#define RAW_H

#include <stdint.h>

#include "abi/apps.h"
#include "abi/optee_msg.h"
#include "abi/optee_smc.h"
#include "abi/tee_result.h"
#include "world.h"

/* Pages of struct raw.mem: the message, the RPC message, then what the case wants. */
#define RAW_PAGE_MSG		0
#define RAW_PAGE_RPC		1
#define RAW_PAGE_FREE		2

/**
 * struct raw - a caller of the secure world
 * @mem: its memory
 * @flags: SIM_SMC_CHECK_REGS or 0, for each SMC
 * @client: a7 of each SMC: a guest of a virtualised secure world
 * @changed: all registers that came back changed
 * @resume: resume information of a call that returned an RPC
 * @interrupts: how often a call was preempted
 */
struct raw {
	struct shared_pages mem;
	uint64_t flags;
	uint64_t client;
	uint64_t changed;
	uint64_t resume;
	unsigned int interrupts;
};

/* Skips the case where OP-TEE knows no SMCs: over FF-A. */
void raw_need_smc(void);

/* @pages: of 4 KiB, at least RAW_PAGE_FREE */
void raw_init(struct raw *r, unsigned int pages);

/* Address and physical address of a page. */
void *raw_va(struct raw *r, unsigned int page);
uint64_t raw_pa(struct raw *r, unsigned int page);

/*
 * One SMC; a0 of the answer. @out: x0..x7, or NULL. A yielding call that an interrupt cut
 * short is driven to its end; @out stays the first return.
 */
uint32_t raw_smc(struct raw *r, uint32_t fn, uint64_t a1, uint64_t a2, uint64_t a3,
		 uint64_t out[8]);

/* A fresh message at the start of the message page. */
struct optee_msg_arg *raw_msg(struct raw *r, uint32_t cmd, uint32_t num_params);

/*
 * raw_start() - start a yielding call; raw_resume() - go on after an RPC
 * Return: a0: final status, or an RPC (OPTEE_SMC_IS_RPC())
 */
uint32_t raw_start(struct raw *r, uint32_t fn, uint64_t a1, uint64_t a2, uint64_t a3);
uint32_t raw_resume(struct raw *r);
/* Serves RPCs until the call ends; @a0 of the last return. Final status. */
uint32_t raw_finish(struct raw *r, uint32_t a0);
/* The message page as CALL_WITH_ARG, to its end. */
uint32_t raw_call(struct raw *r);
/* The same, and the status must be OK; gives msg->ret. */
uint32_t raw_ret(struct raw *r);

/* Parameters 0 and 1 of OPEN_SESSION. */
void raw_fill_open(struct optee_msg_arg *msg, const uint8_t *app);
uint32_t raw_open(struct raw *r, const uint8_t *app);
void raw_close(struct raw *r, uint32_t session);

/*
 * raw_register() - REGISTER_SHM
 * @cookie: name of the memory
 * @list: page of the first page of the list; further ones follow it
 * @pa: entries, NULL: consecutive pages from @first on
 * @count: number of entries
 * @offset: of the data in its first page
 * @size: bytes of data
 * Return: msg->ret
 */
uint32_t raw_register(struct raw *r, uint64_t cookie, unsigned int list, const uint64_t *pa,
		      unsigned int first, unsigned int count, uint64_t offset, uint64_t size);
uint32_t raw_unregister(struct raw *r, uint64_t cookie);

/* A cookie that no driver uses. */
#define RAW_COOKIE(n)	(0x7e57000000000000ULL + (n))

#endif /* RAW_H */
