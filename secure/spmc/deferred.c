// SPDX-License-Identifier: BSD-2-Clause
#include "deferred.h"
#include "arch.h"
#include "guest.h"

bool deferred_begin(struct partition *partition, uint32_t request,
		    const struct partition_message *message, struct ffa_call *call)
{
	struct spmc *spmc = partition->spmc;
	uint64_t interrupts = lock_take(&spmc->lock);
	uint32_t nanoseconds = 0;
	bool taken = false;
	unsigned int n;

	for (n = 0; n < SPMC_DEFERRED_MAX && partition->deferred[n].taken; n++)
		;
	if (n < SPMC_DEFERRED_MAX &&
	    fault_take_for(&spmc->guest->faults, SIM_FAULT_FFA_DEFER, (uint32_t)message->word[0],
			   &nanoseconds)) {
		partition->deferred[n] = (struct deferred){
			.taken = true,
			.cpu = arch_this_cpu()->index,
			.request = request,
			.message = *message,
		};
		taken = true;
	}
	lock_release(&spmc->lock, interrupts);
	if (!taken)
		return false;
	counter_add(spmc->guest, nanoseconds ? SIM_COUNTER_FFA_YIELDS : SIM_COUNTER_FFA_INTERRUPTS,
		    1);
	ffa_reply(call, nanoseconds ? FFA_YIELD_32 : FFA_INTERRUPT_32,
		  (uint64_t)partition->endpoint.id << 16 | n, nanoseconds, 0);
	return true;
}

bool deferred_take(struct partition *partition, unsigned int vcpu, struct deferred *deferred)
{
	struct spmc *spmc = partition->spmc;
	uint64_t interrupts = lock_take(&spmc->lock);
	bool taken = vcpu < SPMC_DEFERRED_MAX && partition->deferred[vcpu].taken;

	if (taken) {
		*deferred = partition->deferred[vcpu];
		partition->deferred[vcpu].taken = false;
		counter_add(spmc->guest, deferred->cpu == arch_this_cpu()->index ?
				    SIM_COUNTER_FFA_RUNS_HERE : SIM_COUNTER_FFA_RUNS_ELSEWHERE, 1);
	}
	lock_release(&spmc->lock, interrupts);
	return taken;
}
