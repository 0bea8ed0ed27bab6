/* SPDX-License-Identifier: BSD-2-Clause */
/* Devices that only pretend; see mock-device.c. */
#ifndef MOCK_DEVICE_H
#define MOCK_DEVICE_H

#include "device.h"

typedef void (*mock_news)(void);

/**
 * struct mock - what the devices do, and what was done to them
 * @devices: nodes that exist
 * @num_devices: how many
 * @busy: number of the node that cannot be opened, -1: none
 * @open_error: result of opening any, 0: it works
 * @open_ret, @invoke_ret: answers of the trusted side
 * @invoke_error: error number of the ioctl
 * @reply: what an output memory reference gets
 * @reply_size: its size as the trusted side tells
 * @login, @gid, @command: what arrived
 * @params: what arrived
 * @num_params: how many
 * @input: contents of the first input
 * @denied: nodes may not be opened
 * @held: result of looking for who holds a node
 * @news: what changes while somebody waits: one each time, NULL: the time is over
 * @num_waits: how often somebody waited
 * @last_wait_ms: how long the last time
 * @now_ms: the time, which passes while nothing changes
 * @watched_opens: that nodes are opened was asked for
 * @open_fds, @open_sessions, @open_memory: must be 0 at the end
 */
struct mock {
	struct device devices[4];
	int num_devices;
	int busy;
	int open_error;
	uint32_t open_ret;
	uint32_t invoke_ret;
	int invoke_error;
	const char *reply;
	uint64_t reply_size;
	uint32_t login;
	uint32_t gid;
	uint32_t command;
	struct tee_ioctl_param params[4];
	uint32_t num_params;
	char input[64];
	bool denied;
	int held;
	mock_news news[4];
	unsigned int num_waits;
	int last_wait_ms;
	int64_t now_ms;
	bool watched_opens;
	int open_fds;
	int open_sessions;
	int open_memory;
};

extern struct mock mock;

#endif /* MOCK_DEVICE_H */
