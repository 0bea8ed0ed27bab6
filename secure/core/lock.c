// SPDX-License-Identifier: BSD-2-Clause
#include "lock.h"
#include "arch.h"

uint64_t lock_take(struct lock *lock)
{
	uint64_t interrupts = arch_interrupts_mask();

	while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE))
		while (__atomic_load_n(&lock->taken, __ATOMIC_RELAXED))
			arch_relax();
	return interrupts;
}

void lock_release(struct lock *lock, uint64_t interrupts)
{
	__atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
	arch_interrupts_restore(interrupts);
}
