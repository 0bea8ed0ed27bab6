/* SPDX-License-Identifier: BSD-2-Clause */
/* teectl: what its parts share. */
#ifndef TEECTL_H
#define TEECTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/tee.h"
#include "abi/tee_result.h"

#define __printf(format_at, args_at)	__attribute__((format(gnu_printf, format_at, args_at)))

/* Exit codes; teectl(1) promises them. */
#define EXIT_OK		0
#define EXIT_ANSWER	1	/* the trusted side answered an error */
#define EXIT_USAGE	2
#define EXIT_SYSTEM	3	/* device or system error */
#define EXIT_NO_DEVICE	4
#define EXIT_LATE	5	/* not ready in time */

/**
 * struct options - what precedes or follows the words of a command
 * @json: print JSON
 * @perfetto: print what Perfetto reads
 * @latency: 1 or -1: turn the histogram on or off, 0: leave it
 * @follow: go on until interrupted
 * @login: TEE_IOCTL_LOGIN_*
 * @gid: for TEE_IOCTL_LOGIN_GROUP
 * @supplicant: wait for a supplicant, too
 * @timeout_s: how long to wait or to trace, -1: for ever
 */
struct options {
	bool json;
	bool perfetto;
	int latency;
	bool follow;
	uint32_t login;
	uint32_t gid;
	bool supplicant;
	int timeout_s;
};

/**
 * struct command - one verb; each cmd-<area>.c has one or more
 * @name: word that selects it
 * @arguments: for the usage line
 * @what: one line of help
 * @min_args: words it needs behind its name
 * @max_args: words it takes; -1: any number
 * @run: returns an exit code
 */
struct command {
	const char *name;
	const char *arguments;
	const char *what;
	int min_args;
	int max_args;
	int (*run)(const struct options *opt, int argc, char **argv);
};

extern const struct command cmd_list, cmd_info, cmd_invoke, cmd_wait_ready;
extern const struct command cmd_threads, cmd_sessions, cmd_shm, cmd_stats;
extern const struct command cmd_trace, cmd_log, cmd_qtee, cmd_ts;

/**
 * complain() - one line on standard error: what failed, why, what to do next
 * @next: next step, or NULL
 * @fmt: what and why, as for printf()
 */
__printf(2, 3) void complain(const char *next, const char *fmt, ...);

/* Names for people; NULL when there is none. */
const char *result_name(uint32_t ret);
const char *origin_name(uint32_t origin);
const char *impl_name(uint32_t impl_id);
/* OPTEE_RPC_CMD_*, OPTEE_MSG_CMD_* */
const char *rpc_name(uint32_t cmd);
const char *message_name(uint32_t cmd);
const char *gen_cap_name(unsigned int bit);
const char *impl_cap_name(uint32_t impl_id, unsigned int bit);

#endif /* TEECTL_H */
