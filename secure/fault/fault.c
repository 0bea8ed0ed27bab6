// SPDX-License-Identifier: BSD-2-Clause
#include "fault.h"

static const char *const names[SIM_FAULT_COUNT] = {
	[SIM_FAULT_THREAD_LIMIT] = "thread-limit",
	[SIM_FAULT_CALL_STATUS] = "call-status",
	[SIM_FAULT_REPLY_ATTR] = "reply-attr",
	[SIM_FAULT_REPLY_NUM_PARAMS] = "reply-num-params",
	[SIM_FAULT_REPLY_SIZE] = "reply-size",
	[SIM_FAULT_REPLY_SESSION] = "reply-session",
	[SIM_FAULT_RPC_UNKNOWN] = "rpc-unknown",
	[SIM_FAULT_RPC_ALLOC_FREE] = "rpc-alloc-free",
	[SIM_FAULT_RPC_BAD_FREE] = "rpc-bad-free",
	[SIM_FAULT_REGISTER_REFUSED] = "register-refused",
	[SIM_FAULT_UNREGISTER_REFUSED] = "unregister-refused",
	[SIM_FAULT_RPC_COMMAND] = "rpc-command",
	[SIM_FAULT_RPC_NUM_PARAMS] = "rpc-num-params",
	[SIM_FAULT_RPC_ATTR] = "rpc-attr",
	[SIM_FAULT_RPC_MEMREF_SIZE] = "rpc-memref-size",
	[SIM_FAULT_RPC_MEMREF_OFFSET] = "rpc-memref-offset",
	[SIM_FAULT_RPC_MEMREF_COOKIE] = "rpc-memref-cookie",
	[SIM_FAULT_RPC_SHM_SIZE] = "rpc-shm-size",
	[SIM_FAULT_RPC_SHM_TYPE] = "rpc-shm-type",
	[SIM_FAULT_RPC_SHM_COOKIE] = "rpc-shm-cookie",
	[SIM_FAULT_RPC_PLACE] = "rpc-place",
	[SIM_FAULT_RPC_INJECT] = "rpc-inject",
	[SIM_FAULT_DEVICES_SIZE] = "devices-size",
	[SIM_FAULT_DEVICES_TWICE] = "devices-twice",
	[SIM_FAULT_UPPER_HALVES] = "upper-halves",
	[SIM_FAULT_NOTIF_LOST] = "notif-lost",
	[SIM_FAULT_NOTIF_VALUE] = "notif-value",
	[SIM_FAULT_NOTIF_STATUS] = "notif-status",
	[SIM_FAULT_NOTIF_ENABLE] = "notif-enable",
	[SIM_FAULT_SHM_CACHE] = "shm-cache",
	[SIM_FAULT_RNG_STUCK] = "rng-stuck",
	[SIM_FAULT_RNG_SIZE] = "rng-size",
	[SIM_FAULT_RNG_RESULT] = "rng-result",
	[SIM_FAULT_THREAD_COUNT_HIDDEN] = "thread-count-hidden",
	[SIM_FAULT_QTEE_INTERRUPTED] = "qtee-interrupted",
	[SIM_FAULT_QTEE_BUSY] = "qtee-busy",
	[SIM_FAULT_QTEE_STATUS] = "qtee-status",
	[SIM_FAULT_QTEE_CB_STATUS] = "qtee-cb-status",
	[SIM_FAULT_QTEE_RESPONSE] = "qtee-response",
	[SIM_FAULT_QTEE_RESULT] = "qtee-result",
	[SIM_FAULT_QTEE_OB_SIZE] = "qtee-ob-size",
	[SIM_FAULT_QTEE_OB_OFFSET] = "qtee-ob-offset",
	[SIM_FAULT_QTEE_OO] = "qtee-oo",
	[SIM_FAULT_QTEE_OUTBOUND_LEFT] = "qtee-outbound-left",
	[SIM_FAULT_QTEE_CB_CXT] = "qtee-cb-cxt",
	[SIM_FAULT_QTEE_CB_OP] = "qtee-cb-op",
	[SIM_FAULT_QTEE_CB_COUNTS] = "qtee-cb-counts",
	[SIM_FAULT_QTEE_CB_OFFSET] = "qtee-cb-offset",
	[SIM_FAULT_QTEE_CB_SIZE] = "qtee-cb-size",
	[SIM_FAULT_QTEE_ASYNC_VERSION] = "qtee-async-version",
	[SIM_FAULT_QTEE_ASYNC_OP] = "qtee-async-op",
	[SIM_FAULT_QTEE_ASYNC_COUNT] = "qtee-async-count",
	[SIM_FAULT_QTEE_ASYNC_TWICE] = "qtee-async-twice",
	[SIM_FAULT_QTEE_CB_KEPT] = "qtee-cb-kept",
	[SIM_FAULT_QTEE_CB_BUSY] = "qtee-cb-busy",
	[SIM_FAULT_QTEE_CB_IO] = "qtee-cb-io",
	[SIM_FAULT_QTEE_WAITQ] = "qtee-waitq",
	[SIM_FAULT_QTEE_ASYNC_STRAY] = "qtee-async-stray",
	[SIM_FAULT_FFA_ERROR] = "ffa-error",
	[SIM_FAULT_FFA_VERSION] = "ffa-version",
	[SIM_FAULT_FFA_NOTIFICATION_LOST] = "ffa-notification-lost",
	[SIM_FAULT_FFA_ANSWER] = "ffa-answer",
	[SIM_FAULT_FFA_YIELD] = "ffa-yield",
	[SIM_FAULT_FFA_DEFER] = "ffa-defer",
};

unsigned int fault_by_name(struct text name)
{
	unsigned int fault;

	for (fault = 0; fault < SIM_FAULT_COUNT; fault++)
		if (names[fault] && text_is(name, names[fault]))
			return fault;
	return 0;
}

bool fault_set(struct faults *faults, uint64_t fault, uint64_t count, uint64_t argument)
{
	uint64_t interrupts;

	if (fault >= SIM_FAULT_COUNT || !names[fault])
		return false;
	interrupts = lock_take(&faults->lock);
	faults->of[fault].count = count;
	faults->of[fault].argument = argument;
	lock_release(&faults->lock, interrupts);
	return true;
}

void fault_clear_all(struct faults *faults)
{
	uint64_t interrupts = lock_take(&faults->lock);

	memset(faults->of, 0, sizeof(faults->of));
	lock_release(&faults->lock, interrupts);
}

/* @key: the upper half of the argument, or NULL: any will do. */
static bool take(struct faults *faults, unsigned int fault, const uint32_t *key,
		 uint64_t *argument)
{
	uint64_t interrupts;
	bool taken;

	/* The usual case, without the lock: nobody asked for anything. */
	if (!__atomic_load_n(&faults->of[fault].count, __ATOMIC_RELAXED))
		return false;
	interrupts = lock_take(&faults->lock);
	taken = faults->of[fault].count &&
		(!key || faults->of[fault].argument >> 32 == *key);
	if (taken) {
		faults->of[fault].count--;
		*argument = faults->of[fault].argument;
	}
	lock_release(&faults->lock, interrupts);
	return taken;
}

bool fault_take(struct faults *faults, unsigned int fault, uint64_t *argument)
{
	uint64_t unused;

	return take(faults, fault, NULL, argument ? argument : &unused);
}

bool fault_take_for(struct faults *faults, unsigned int fault, uint32_t key,
		    uint32_t *argument)
{
	uint64_t both;

	if (!take(faults, fault, &key, &both))
		return false;
	*argument = (uint32_t)both;
	return true;
}
