/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside optee.ko.
 *
 * Locks: optee_msg_cache.lock, optee_notif.lock, the lock of
 * optee_cookies.table and optee_context.lock are leaves; none is held while
 * another is taken, while the secure world runs or while anything sleeps. optee_supp.lock is
 * the same, but for the id table of the tee device, which is taken inside it;
 * optee_call_queue.lock, a mutex, is, but for optee_supp.lock, which is taken inside it. Message slots,
 * the call queue without waiters and the lookup of a session take no lock.
 *
 * The mutex optee.contexts_lock, for debugfs and the end of the machine, has optee_context.lock
 * inside it; optee.latency_lock is a leaf, too.
 * optee_ffa.mutex is a leaf, too, as long as the machine does not go down; then memory is taken
 * back under it, with the locks of the FF-A transport inside.
 *
 * optee_system.mutex is held while optee_call_queue.lock is taken, and during fast calls.
 *
 * optee_notif.lock is raw, as it is taken in interrupts; optee_notif.call_mutex comes before it.
 *
 * optee_devices.mutex is held while the secure world is asked for its services and while
 * their drivers are bound and unbound; none of these comes back for it.
 *
 * Nothing that the secure world returns is believed: registers are cut to 32 bits, shared
 * memory is read once, cookies are looked up in a table and checked.
 */
#ifndef OPTEE_PRIVATE_H
#define OPTEE_PRIVATE_H

#include <linux/arm-smccc.h>
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <abi/optee_msg.h>
#include <omnitee/ffa.h>
#include <omnitee/tee_core.h>

#include "backend.h"
#include "call_queue.h"
#include "memory.h"
#include "notif.h"
#include "supp.h"

struct gen_pool;
struct optee;
struct optee_call;
struct optee_session;
struct optee_stats;

/* Two for the trusted OS and those of the application. */
#define OPTEE_MAX_PARAMS	(2 + OPTEE_MSG_MAX_TA_PARAMS)

/*
 * Who waits for whom, see wait_graph.c
 */
struct optee_supp_req;

/**
 * struct optee_wait - what a call with a secure thread waits for, embedded in it
 * @node:	in the list of the queue; under its lock
 * @task:	who waits; valid while it does
 * @cmd:	OPTEE_RPC_CMD_*
 * @req:	request to the supplicant
 */
struct optee_wait {
	struct list_head node;
	struct task_struct *task;
	u32 cmd;
	struct optee_supp_req *req;
};

void optee_wait_graph_begin(struct optee_call *call, u32 cmd, struct optee_supp_req *req);
void optee_wait_graph_end(struct optee_call *call);

/*
 * Messages, see message.c
 */

/**
 * struct optee_msg_cache - pages for messages
 * @lock:	guards additions to @pages
 * @pages:	of struct optee_msg_page; grows only, so that it is walked without the lock
 * @growing:	bit 0: somebody is registering a page
 * @num_kept:	slots that contexts keep, see kept_call.h
 * @max_kept:	so many at most: those that no secure thread needs
 * @slot_wait:	for a free slot, in a carve-out, where the number of pages is fixed
 */
struct optee_msg_cache {
	spinlock_t lock;	/* guards additions */
	struct list_head pages;
	unsigned long growing;
	atomic_t num_kept;
	int max_kept;
	wait_queue_head_t slot_wait;
};

/*
 * Calls, see call.c
 */

/* Never fails for want of memory. */
#define OPTEE_CALL_NOFAIL	BIT(0)
/* Cannot be left to a worker, and does not end when its task is killed. */
#define OPTEE_CALL_UNKILLABLE	BIT(1)
/* Is made even if its task is killed while it waits. */
#define OPTEE_CALL_MUST_RUN	BIT(2)
/* In memory that the secure world does not know yet. */
#define OPTEE_CALL_PRIVATE	BIT(3)
/* Fails with -EBUSY rather than wait for a secure thread. */
#define OPTEE_CALL_NOWAIT	BIT(4)
/* Of a system session: does not wait for ordinary calls, for its message neither. */
#define OPTEE_CALL_SYSTEM	BIT(5)

/* Registers of a call or an answer. @res is optee_smc_conduit()'s: its stack would cost more. */
struct optee_smc_regs {
	u32 a0;
	u32 a1;
	u32 a2;
	u32 a3;
	u32 a4;
	u32 a5;
	u32 a6;
	u32 a7;
	struct arm_smccc_res res;
};

/* Not suspended in an RPC that is being dealt with. */
#define OPTEE_SEEN_NO_RPC	U32_MAX

/**
 * struct optee_call_seen - what debugfs shows of a call, see stats.h and debugfs_calls.c
 * @serial:	not 0 from when the call begins to when it ends, and never the same
 * @pid:	task that began it
 * @comm:	its name
 * @since:	jiffies when it began
 * @cmd:	OPTEE_MSG_CMD_*
 * @func:	as sent
 * @session:	as sent
 * @rpc:	OPTEE_RPC_CMD_* that is being dealt with, or OPTEE_SEEN_NO_RPC
 * @request:	id of the supplicant's request that it waits for, 0 if it does not
 *
 * Written by the call's owner, read by anybody at any time.
 */
struct optee_call_seen {
	u64 serial;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	unsigned long since;
	u32 cmd;
	u32 func;
	u32 session;
	u32 rpc;
	u64 request;
};

/**
 * struct optee_call - a message call, from its preparation to its end
 * @refcount:	the owner's and a worker's, once there is a worker; the last one frees the slot
 * @optee:	device
 * @page:	message page that the slot belongs to
 * @slot:	index in it
 * @flags:	OPTEE_CALL_*
 * @wait_state:	how tasks wait in it; TASK_WAKEKILL tells that it can be abandoned
 * @arg:	message, shared
 * @num_params:	as sent
 * @attr:	as sent
 * @waiter:	in the call queue
 * @wait:	for somebody, while it has a secure thread
 * @supp_nowait: fails what needs a supplicant if there is none
 * @has_place:	in the call queue
 * @started:	a secure thread belongs to it
 * @rpc_pending: it is suspended in an RPC that was not dealt with
 * @handed_over: a worker drives it, and it holds references on what follows
 * @has_more:	a cookie, a list or a worker's reference, which go with it
 * @unusual:	it did not end at once, so that more than its message has changed
 * @keep:	it is its context's, see kept_call.h
 * @ctx:	of the client, or NULL
 * @num_shms:	entries of @shms
 * @shms:	memory that it names
 * @orphaned:	what a worker does with its result, or NULL
 * @data:	for @orphaned
 * @cookie:	unused as yet, freed with the call
 * @list:	page list of the message, freed with the call
 * @rpc_list:	page list of the last RPC answer, freed with the call
 * @status:	of the transport, when it has ended
 * @regs:	what to enter the secure world with, what it returned: over SMC
 * @ffa:	the same over FF-A
 * @seen:	for those who look on
 * @serial:	last one of @seen
 * @invokes:	made in this slot since it is there; of its owner, read by anybody
 *
 * Embedded beside its slot, so that a call allocates nothing. Owned by one task at a time:
 * the one that began it, or the worker it was handed over to. The worker takes all of it;
 * the first owner may only put its reference then.
 */
struct optee_call {
	refcount_t refcount;
	struct optee *optee;
	struct optee_msg_page *page;
	unsigned int slot;
	unsigned int flags;
	unsigned int wait_state;
	struct optee_msg_arg *arg;
	unsigned int num_params;
	u64 attr[OPTEE_MAX_PARAMS];
	struct optee_waiter waiter;
	struct optee_wait wait;
	bool supp_nowait;
	bool has_place;
	bool started;
	bool rpc_pending;
	bool handed_over;
	bool has_more;
	bool unusual;
	bool keep;
	struct tee_context *ctx;
	unsigned int num_shms;
	struct tee_shm *shms[OPTEE_MAX_PARAMS];
	void (*orphaned)(struct optee_call *call);
	void *data;
	u64 cookie;
	struct optee_page_list *list;
	struct optee_page_list *rpc_list;
	u32 status;
	union {
		struct optee_smc_regs regs;
		struct omnitee_ffa_message ffa;
	};
	struct optee_call_seen seen;
	u64 serial;
	u64 invokes;
};

/**
 * struct optee_msg_page - a page of messages, or a private page with one
 * @node:	in the cache
 * @va:		the page
 * @pa:		its physical address
 * @cookie:	under which the secure world knows it, 0 if it is private
 * @num_slots:	messages in it
 * @free:	bitmap of free slots
 * @reserved:	its messages are for calls with a reservation
 * @calls:	of the slots
 *
 * Freed with the device only.
 */
struct optee_msg_page {
	struct list_head node;
	void *va;
	phys_addr_t pa;
	u64 cookie;
	unsigned int num_slots;
	atomic_long_t free;
	bool reserved;
	struct optee_call calls[];
};

void optee_msg_cache_init(struct optee_msg_cache *cache);
void optee_msg_cache_destroy(struct optee *optee, struct optee_msg_cache *cache);
unsigned int optee_msg_cache_quiesce(struct optee *optee, struct optee_msg_cache *cache);
int optee_msg_cache_warm_up(struct optee *optee);

struct optee_call *optee_call_alloc(struct optee *optee, struct tee_context *ctx,
				    unsigned int num_params, unsigned int flags);
int optee_call_run(struct optee_call *call);

/**
 * optee_call_is_killed() - is the task that drives a call to end now?
 * @call:	call
 */
static inline bool optee_call_is_killed(const struct optee_call *call)
{
	return (call->wait_state & TASK_WAKEKILL) && fatal_signal_pending(current);
}

/*
 * Sessions, see session.c
 */

/* Most clients have one or two sessions, so that the first one looked at is the right one. */
#define OPTEE_SESSION_BUCKETS	16

/**
 * struct optee_context - what the driver keeps for a context
 * @optee:	device
 * @lock:	guards changes of @sessions and @known
 * @sessions:	by the lowest bits of their numbers; nothing is allocated for an entry
 * @known:	by the same bits, what calls look at first, see optee_session_lookup()
 * @kept:	call that it keeps for its next invoke, or NULL, see kept_call.h
 * @ready:	the same while nobody makes it
 * @reservation: places kept back for its calls
 * @calls:	ordinary calls under way, if their number is limited
 * @ctx:	context; valid as long as this
 * @node:	in optee.contexts; under its lock
 */
struct optee_context {
	struct optee *optee;
	spinlock_t lock;	/* guards changes of sessions */
	struct hlist_head sessions[OPTEE_SESSION_BUCKETS];
	u32 known[OPTEE_SESSION_BUCKETS];
	struct optee_call *kept;
	struct optee_call *ready;
	struct optee_reservation reservation;
	unsigned int calls;
	struct tee_context *ctx;
	struct list_head node;
};

int optee_open(struct tee_context *ctx);
void optee_release(struct tee_context *ctx);
int optee_open_session(struct tee_context *ctx, struct tee_ioctl_open_session_arg *arg,
		       struct tee_param *param);
int optee_close_session(struct tee_context *ctx, u32 session);
int optee_invoke_func(struct tee_context *ctx, struct tee_ioctl_invoke_arg *arg,
		      struct tee_param *param);
int optee_cancel_req(struct tee_context *ctx, u32 cancel_id, u32 session);
void optee_session_put(struct optee_session *session);
struct optee_session *optee_session_get(struct tee_context *ctx, u32 id);
bool optee_session_is_open(struct tee_context *ctx, const struct optee_session *session);
void optee_session_make_system(struct tee_context *ctx, struct optee_session *session);
void optee_close_sessions(struct tee_context *ctx);
unsigned int optee_sessions_close_idle(struct optee *optee, struct xarray *busy);

/*
 * System contexts and system sessions, see system.c
 */

/* How the secure world is told. */
enum optee_system_abi {
	OPTEE_SYSTEM_COUNT,	/* not at all */
	OPTEE_SYSTEM_PRIVATE,	/* abi/optee_system.h */
	OPTEE_SYSTEM_V2,	/* the same file, the numbers that mainline uses otherwise */
};

/**
 * struct optee_system - places that are kept back
 * @mutex:	makes request and release atomic in both worlds; also guards @num_sessions
 * @num_sessions: system sessions; all of them share one place
 * @sessions:	that place
 * @abi:	how the secure world is told; constant
 */
struct optee_system {
	struct mutex mutex;	/* request and release, num_sessions */
	unsigned int num_sessions;
	struct optee_reservation sessions;
	enum optee_system_abi abi;
};

void optee_system_init(struct optee_system *system);
int optee_system_session(struct tee_context *ctx, u32 session);
void optee_system_session_gone(struct optee *optee, struct optee_session *session);
int optee_system_request(struct tee_context *ctx);
int optee_system_release(struct tee_context *ctx);
void optee_system_close_context(struct tee_context *ctx);

/*
 * Shared memory, see shm.c
 */
int optee_shm_register(struct tee_context *ctx, struct tee_shm *shm, struct page **pages,
		       size_t num_pages, unsigned long start);
int optee_shm_unregister(struct tee_context *ctx, struct tee_shm *shm);
int optee_shm_share(struct optee *optee, struct tee_shm *shm, struct page **pages,
		    size_t num_pages);
int optee_register_prepare(struct optee_call *call, struct page **pages, size_t offset,
			   size_t size);
int optee_register_result(struct optee_call *call, u64 *cookie);
int optee_unregister(struct optee *optee, struct tee_context *ctx, struct page *page, u64 cookie,
		     unsigned int flags);
extern const struct tee_shm_pool_ops optee_shm_pool_ops;

/* memory_type.c */
int optee_check_memory_type(unsigned long start, size_t num_pages);

/*
 * Memory of RPCs, see rpc_memory.c
 */

/**
 * struct optee_rpc_memory - memory that the secure world asked for
 * @handle:	its cookie and references
 * @size:	bytes
 * @shm:	object of a supplicant, with a reference, or NULL for memory of the kernel
 * @generation:	of that supplicant
 * @va:		memory of the kernel that is contiguous, else NULL
 * @pa:		its physical address
 * @num_pages:	pages of the kernel, 0 if it is part of a carve-out
 * @shared:	they have been made known without a message
 * @pages:	they
 *
 * Belongs to the device, not to the call or context it was asked for in: the secure world
 * may keep it and give it back in any other call, and after the supplicant has gone.
 */
struct optee_rpc_memory {
	struct optee_handle handle;
	size_t size;
	struct tee_shm *shm;
	u64 generation;
	void *va;
	phys_addr_t pa;
	size_t num_pages;
	bool shared;
	struct page *pages[];
};

struct optee_rpc_memory *optee_rpc_memory_alloc(struct optee *optee, size_t size, size_t align);
struct optee_rpc_memory *optee_rpc_memory_of_supp(struct optee *optee, struct tee_shm *shm,
						  u64 generation);
struct optee_rpc_memory *optee_rpc_memory_get(struct optee *optee, u64 cookie);
void optee_rpc_memory_put(struct optee *optee, struct optee_rpc_memory *mem);
struct optee_rpc_memory *optee_rpc_memory_take(struct optee *optee, u64 cookie, bool of_supp);
bool optee_rpc_memory_free(struct optee *optee, u64 cookie);

/*
 * RPC, see rpc.c and rpc_supp.c
 */
int optee_rpc_cmd(struct optee_call *call, struct optee_msg_arg *arg, size_t room);
u32 optee_rpc_forward(struct optee_call *call, struct optee_msg_arg *arg, u32 cmd,
		      u32 num_params);
u32 optee_rpc_supp_alloc(struct optee_call *call, u64 size, u64 align,
			 struct optee_rpc_memory **mem);
u32 optee_rpc_supp_free(struct optee_call *call, u64 cookie);

/*
 * Services, see device.c
 */

/**
 * struct optee_devices - services of the secure world, on the tee bus
 * @mutex:	guards the list
 * @list:	of struct optee_device
 * @gone:	none are added any more
 * @supp_seen:	bit 0: a supplicant has come, so @supp_scan is queued or was
 * @supp_scan:	finds those that need a supplicant
 */
struct optee_devices {
	struct mutex mutex;	/* guards list and gone */
	struct list_head list;
	bool gone;
	unsigned long supp_seen;
	struct work_struct supp_scan;
};

void optee_devices_init(struct optee_devices *devices);
void optee_devices_add(struct optee *optee);
void optee_devices_supp_here(struct optee *optee);
void optee_devices_remove(struct optee *optee);

/*
 * Parameters, see param.c
 */
int optee_to_msg_params(struct optee_call *call, struct optee_msg_param *msg,
			const struct tee_param *params, size_t num);
void optee_from_msg_params(const struct optee_msg_param *msg, struct tee_param *params,
			   size_t num);

/*
 * Results, see result.c
 */
void optee_report_status(struct optee *optee, u32 status);
int optee_status_to_errno(u32 status);

/**
 * struct optee - a device
 * @ops:	backend
 * @id:	number of @teedev, which goes before the last events that name it; -1 before it is there
 * @dev:	platform device
 * @teedev:	for clients
 * @supp_teedev: for the supplicant
 * @pool:	memory for clients: @dyn_pool, or a part of @carve_out
 * @dyn_pool:	any pages
 * @carve_out:	what is shared already, if that is all that can be
 * @cq:		who may be in the secure world
 * @system:	for whom places are kept back
 * @cookies:	of everything it may name
 * @msgs:	pages for messages that it knows, unless @use_registered is false
 * @private_msgs: pages for messages that it does not know
 * @system_msgs: the same, in a carve-out, for calls with a reservation
 * @use_registered: messages in registered pages
 * @rpc_params:	parameters of an RPC message that follows the message, 0 if none does
 * @one_slot:	a message has to be at the beginning of its page
 * @supp:	supplicant
 * @notif:	notifications
 * @async:	those that come with an interrupt
 * @devices:	services
 * @workers:	begin and drive calls whose tasks were killed
 * @resumers:	drive those that have a secure thread
 * @power:	told when the machine is suspended
 * @memref_null: NULL memory references are understood
 * @shm_cache:	the secure world keeps RPC memory, which has to be asked back
 * @reported:	causes that were logged, by bit
 * @stats:	counters
 * @latency:	the histogram is on; under @latency_lock
 * @latency_lock: guards @latency
 * @going_down:	what clients have is taken back, and nothing added; set once
 * @contexts:	of clients
 * @contexts_lock: guards @contexts
 * @revision:	of the trusted OS
 * @smc:	of the SMC backend
 * @ffa:	of the FF-A backend
 *
 * Made by the backend's probe, freed by its remove after the last user has gone. What is
 * not said to have a lock is constant once the device is registered.
 */
struct optee {
	const struct optee_ops *ops;
	int id;
	struct device *dev;
	struct tee_device *teedev;
	struct tee_device *supp_teedev;
	struct tee_shm_pool *pool;
	struct tee_shm_pool dyn_pool;
	struct optee_carve_out carve_out;
	struct optee_call_queue cq;
	struct optee_system system;
	struct optee_cookies cookies;
	struct optee_msg_cache msgs;
	struct optee_msg_cache private_msgs;
	struct optee_msg_cache system_msgs;
	bool use_registered;
	u32 rpc_params;
	bool one_slot;
	struct optee_supp supp;
	struct optee_notif notif;
	struct optee_async async;
	struct optee_devices devices;
	struct workqueue_struct *workers;
	struct workqueue_struct *resumers;
	struct notifier_block power;
	bool memref_null;
	bool shm_cache;
	unsigned long reported;
	struct optee_stats __percpu *stats;
	bool latency;
	struct mutex latency_lock;	/* guards latency */
	bool going_down;
	struct list_head contexts;
	struct mutex contexts_lock;	/* guards contexts */
	struct {
		u32 major;
		u32 minor;
		u32 build_id;
	} revision;
	struct optee_smc smc;
	struct optee_ffa ffa;
};

/* core.c */
void optee_get_version(struct tee_device *teedev, struct tee_ioctl_version_data *vers);
int optee_get_tee_revision(struct tee_device *teedev, char *buf, size_t len);
extern const struct tee_driver_ops optee_clnt_ops;
struct optee *optee_alloc(struct device *dev, const struct optee_ops *ops);
void optee_free(struct optee *optee);
int optee_start(struct optee *optee, const struct tee_desc *desc,
		const struct tee_desc *supp_desc);
void optee_stop(struct optee *optee);
u32 optee_init_queue(struct optee *optee, u32 thread_count);

/* quiesce.c */
void optee_quiesce_sessions(struct optee *optee);
void optee_quiesce(struct optee *optee);

/* guest.c */
bool optee_guest_is_wanted(void);
int optee_guest_init(struct optee *optee, bool direct);
int optee_guest_create(struct optee *optee);
void optee_guest_close(struct optee_smc *smc);
void optee_guest_destroy(struct optee_smc *smc);
void optee_guest_release(struct optee_smc *smc);
u32 optee_guest_suffix(struct optee *optee);

/* power.c */
int optee_power_add(struct optee *optee);
void optee_power_remove(struct optee *optee);

/* smc_abi.c */
extern const struct optee_ops optee_smc_ops;
void optee_smc_invoke(struct optee *optee, struct optee_smc_regs *regs);
/* Issues the instruction: for optee_smc_invoke(), and guest.c's announcements. */
void optee_smc_conduit(const struct optee_smc *smc, struct optee_smc_regs *regs);

/* smc_system.c */
int optee_smc_find_system(struct optee *optee);
int optee_smc_reserve(struct optee *optee, u64 cookie);
void optee_smc_unreserve(struct optee *optee, u64 cookie);
void optee_smc_unreserve_all(struct optee *optee);

/* ffa_abi.c, ffa_share.c, ffa_notif.c: another module, which is there where FF-A is */
extern const struct optee_ops optee_ffa_ops;
int optee_ffa_blocking_call(struct optee *optee, struct omnitee_ffa_message *msg);
int optee_ffa_share(struct optee *optee, struct page **pages, size_t num_pages, u64 *id,
		    size_t *offset);
int optee_ffa_unshare(struct optee *optee, struct page *page, u64 id);
void optee_ffa_shares_init(struct optee *optee);
void optee_ffa_shares_take_back(struct optee *optee);
void optee_ffa_shares_destroy(struct optee *optee);
int optee_ffa_notif_init(struct optee *optee);
void optee_ffa_notif_uninit(struct optee *optee);
void optee_ffa_notif_shutdown(struct optee *optee);

/* smc_probe.c */
#define OPTEE_COMPATIBLE	"linaro,optee-tz"

int optee_smc_register_driver(void);
void optee_smc_unregister_driver(void);

static inline u64 optee_reg_pair_to_u64(u32 high, u32 low)
{
	return (u64)high << 32 | low;
}

/**
 * optee_call_rpc_arg() - room behind the message for RPCs
 * @call:	call
 *
 * Return: the room, shared; NULL if the secure world asks for its own
 */
static inline struct optee_msg_arg *optee_call_rpc_arg(const struct optee_call *call)
{
	if (!call->optee->rpc_params)
		return NULL;
	return (void *)call->arg + OPTEE_MSG_ARG_SIZE(call->num_params);
}

#endif /* OPTEE_PRIVATE_H */
