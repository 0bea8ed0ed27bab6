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
	[SIM_FAULT_RNG_STUCK] = "rng-stuck",
	[SIM_FAULT_THREAD_COUNT_HIDDEN] = "thread-count-hidden",
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

bool fault_take(struct faults *faults, unsigned int fault, uint64_t *argument)
{
	uint64_t interrupts;
	bool taken;

	/* The usual case, without the lock: nobody asked for anything. */
	if (!__atomic_load_n(&faults->of[fault].count, __ATOMIC_RELAXED))
		return false;
	interrupts = lock_take(&faults->lock);
	taken = faults->of[fault].count;
	if (taken) {
		faults->of[fault].count--;
		if (argument)
			*argument = faults->of[fault].argument;
	}
	lock_release(&faults->lock, interrupts);
	return taken;
}
