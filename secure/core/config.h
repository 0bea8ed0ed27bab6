/* SPDX-License-Identifier: BSD-2-Clause */
/* How the secure world is configured: KEY=VALUE pairs, separated by spaces. */
#ifndef CORE_CONFIG_H
#define CORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include "fault.h"

#define CONFIG_THREADS_MAX	64	/* of all guests together */
#define CONFIG_QTEE_CALLS	32
#define CONFIG_QTEE_CALLS_MAX	64
#define CONFIG_PARTITIONS_MAX	32
#define CONFIG_STACKS_MAX \
	(CONFIG_THREADS_MAX + CONFIG_QTEE_CALLS_MAX + CONFIG_PARTITIONS_MAX)
#define CONFIG_TS_TEST_MAX	24
#define CONFIG_STATIC_SHM_SIZE	(2UL << 20)
#define CONFIG_STATIC_SHM_MIN	(64UL << 10)
#define CONFIG_STATIC_SHM_MAX	(64UL << 20)
/* Those that QEMU's virt machine leaves free. */
#define CONFIG_NOTIF_SPI	187
#define CONFIG_NOTIF_PPI	4

struct config {
	unsigned int threads;	/* threads=1..64 */
	unsigned int guests;	/* guests=0..64; 0: not virtualised */
	bool hypervisor;	/* hypervisor=on|off: all calls are guest 1's, and it is not told */
	bool optee;		/* optee=smc|ffa|off: over SMC */
	bool optee_ffa;		/* over FF-A */
	bool qtee;		/* qtee=on|off */
	unsigned int qtee_calls;	/* qtee-calls=1..64: under way at once, suspended or not */
	/* ffa=on|off: FF-A without OP-TEE or Trusted Services needing it */
	bool ffa;
	uint32_t ffa_version;	/* ffa-version=1.0|1.1|1.2: the newest that is offered */
	bool test_partitions;	/* test-partitions=on|off: see abi/test_partitions.h */
	bool ts;		/* ts=on|off: partitions with Trusted Services, and ffa */
	unsigned int ts_test;	/* ts-test=0..24: of these, so many with the test runner */
	uint16_t ts_storage_id;	/* ts-storage-id=0x8001..0xfffe: fixed, as by a manifest; 0: any */
	bool ts_future;		/* ts-future=on|off: one more, whose protocol nobody speaks yet */
	bool rpc_arg;		/* rpc-arg=on|off: room for RPC messages behind the main ones */
	bool load_all;		/* load-ta=on|off: ask the supplicant for any application */
	uint64_t rng_seed;	/* rng-seed=N, 0: time */
	unsigned int system_mode;	/* sysctx=private|v2|off: SIM_SYSTEM_* */
	/* static-shm=off|on|only, static-shm-size=OCTETS */
	enum static_shm {
		STATIC_SHM_OFF,
		STATIC_SHM_ON,
		STATIC_SHM_ONLY,	/* no dynamic memory beside it */
	} static_shm;
	uint64_t static_shm_size;
	/* async-notif=spi[:N]|ppi[:N]|off: by which interrupt the normal world is told */
	enum notif_kind {
		NOTIF_OFF,
		NOTIF_SPI,
		NOTIF_PPI,
	} notif;
	unsigned int notif_interrupt;	/* of its kind, as in a device tree */
	/* fault=NAME[:COUNT[:ARGUMENT]], may be repeated */
	struct {
		uint64_t count;
		uint64_t argument;
	} faults[SIM_FAULT_COUNT];
};

#define CONFIG_ERROR_SIZE	128

/* Whether there is a partition manager. */
static inline bool config_has_ffa(const struct config *config)
{
	return config->ffa || config->ts || config->optee_ffa;
}

/**
 * config_parse() - read a configuration
 * @config:	to be filled, with the defaults for what is not named
 * @text:	what was given, not terminated
 * @length:	its length
 * @error:	receives a line that names the key when the result is false
 */
bool config_parse(struct config *config, const char *text, size_t length,
		  char error[CONFIG_ERROR_SIZE]);

#endif /* CORE_CONFIG_H */
