/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways to reach the secure world, SMC and FF-A: what the rest of the driver asks of them, and what
 * they keep in a device.
 */
#ifndef OPTEE_BACKEND_H
#define OPTEE_BACKEND_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "ffa_frames.h"

struct omnitee_ffa_device;
struct optee;
struct optee_call;
struct optee_msg_param;
struct optee_rpc_memory;
struct page;
struct tee_param;

enum optee_step {
	OPTEE_STEP_DONE,	/* ended, status is set */
	OPTEE_STEP_REFUSED,	/* not begun: no secure thread */
	OPTEE_STEP_DEFERRED,	/* not begun: somebody else is on the way there */
	OPTEE_STEP_RPC,		/* suspended in an RPC */
};

/**
 * struct optee_ops - a way to reach the secure world
 * @call_begin:		prepare to enter it with the message of a call
 * @call_first:		@call_begin and the first @call_step in one
 * @call_step:		enter it, return when it does
 * @call_rpc:		do what it asked for and prepare to go on. -EINTR if the task was
 *			killed and it has to be done anew, else 0
 * @to_msg_memref:	put a reference to memory into a message, all of it, as what is there may be
 *			of another call; its memory becomes one of the call's
 * @show_memory:	tell the secure world in a parameter of memory that it asked for; a TEE_*
 *			result
 * @read_memref:	what it means by a reference to registered memory: a cookie, 0 for no
 *			memory at all, and an offset. False if it is malformed
 * @share:		make pages known without a message, then there is no page that is not known
 *			in which one could be sent; optional. Gives them an id, and says where in
 *			what it stands for they begin
 * @unshare:		the opposite, for pages of which one is the first; if it fails they must
 *			not be used again
 * @destroy:		free what the backend has, after all memory has been taken back; optional
 * @reserve:		have the secure world keep back a thread; optional
 * @unreserve:		no more of that; optional
 */
struct optee_ops {
	void (*call_begin)(struct optee_call *call);
	enum optee_step (*call_first)(struct optee_call *call);
	enum optee_step (*call_step)(struct optee_call *call);
	int (*call_rpc)(struct optee_call *call);
	void (*to_msg_memref)(struct optee_call *call, struct optee_msg_param *msg,
			      const struct tee_param *param);
	u32 (*show_memory)(struct optee_call *call, struct optee_msg_param *msg,
			   const struct optee_rpc_memory *mem);
	bool (*read_memref)(const struct optee_msg_param *msg, u64 *cookie, u64 *offs);
	int (*share)(struct optee *optee, struct page **pages, size_t num_pages, u64 *id,
		     size_t *offset);
	int (*unshare)(struct optee *optee, struct page *page, u64 id);
	void (*destroy)(struct optee *optee);
	int (*reserve)(struct optee *optee, u64 cookie);
	void (*unreserve)(struct optee *optee, u64 cookie);
};

/**
 * struct optee_smc - the SMC backend's part of a device
 * @hvc:	the instruction is HVC, else SMC
 * @client_id:	goes into a7 of every call, 0 as long as the device is no guest; a hypervisor
 *		sets its own
 * @guest_id:	guest to be, 0 for none; reserved until optee_guest_release()
 * @closed:	no call is let in any more
 * @sec_caps:	capabilities of the secure world
 */
struct optee_smc {
	bool hvc;
	u32 client_id;
	u32 guest_id;
	bool closed;
	u32 sec_caps;
};

/**
 * struct optee_ffa - the FF-A backend's part of a device
 * @fdev:	partition
 * @mutex:	guards the following
 * @frames:	who has a page, see ffa_frames.h
 * @shares:	of struct optee_ffa_share
 * @in_transit:	those that are being made or taken back; read by anybody
 * @settled:	how often that has ended; read by anybody
 * @settle_wait: for its end
 * @closed:	nothing is shared any more, and no message sent but to end what has begun
 * @sec_caps:	capabilities of the secure world
 * @has_notif:	it notifies us
 * @bottom_half: by this notification
 */
struct optee_ffa {
	struct omnitee_ffa_device *fdev;
	struct mutex mutex;	/* guards what follows, up to closed */
	struct optee_ffa_frames frames;
	struct list_head shares;
	unsigned int in_transit;
	unsigned int settled;
	wait_queue_head_t settle_wait;
	bool closed;
	u32 sec_caps;
	bool has_notif;
	int bottom_half;
};

#endif /* OPTEE_BACKEND_H */
