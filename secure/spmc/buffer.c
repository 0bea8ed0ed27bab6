// SPDX-License-Identifier: BSD-2-Clause
/*
 * RX and TX buffers. RX is the partition manager's until it has filled it, then the endpoint's
 * until RX_RELEASE. TX is only ever copied from.
 */
#include "spmc.h"
#include "share.h"

static const char *check(const struct ffa_call *call, uint64_t tx, uint64_t rx, uint64_t size)
{
	const struct nsmem *memory = &call->spmc->memory;

	if (!size || size > SPMC_BUFFER_MAX * FFA_RXTX_UNIT ||
	    (call->x[3] & ~(uint64_t)FFA_RXTX_UNITS_MASK))
		return "the size";
	if (!tx || !rx || tx % FFA_RXTX_UNIT || rx % FFA_RXTX_UNIT)
		return "no page";
	if (!nsmem_contains(memory, tx, size) || !nsmem_contains(memory, rx, size))
		return "not the normal world's";
	if (tx < rx + size && rx < tx + size)
		return "they overlap";
	return NULL;
}

void ffa_rxtx_map(struct ffa_call *call)
{
	uint64_t tx = call->x[1], rx = call->x[2];
	uint64_t size = (call->x[3] & FFA_RXTX_UNITS_MASK) * FFA_RXTX_UNIT;
	struct buffers *buffers = &call->caller->buffers;
	struct spmc *spmc = call->spmc;
	const char *why = check(call, tx, rx, size);
	uint64_t interrupts;
	bool mapped, lent;

	if (why) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "TX at %lx, RX at %lx, %lu octets: %s",
			   (unsigned long)tx, (unsigned long)rx, (unsigned long)size, why);
		return;
	}
	interrupts = lock_take(&spmc->lock);
	mapped = buffers->mapped;
	lent = shares_cover(spmc, tx, size) || shares_cover(spmc, rx, size);
	if (!mapped && !lent) {
		buffers->tx = nsmem_pointer(&spmc->memory, tx, size);
		buffers->rx = nsmem_pointer(&spmc->memory, rx, size);
		buffers->size = size;
		buffers->rx_full = false;
		buffers->mapped = true;
	}
	lock_release(&spmc->lock, interrupts);
	if (mapped) {
		ffa_refuse(call, FFA_DENIED, "its buffers are mapped");
	} else if (lent) {
		ffa_refuse(call, FFA_DENIED, "buffers in memory that is shared");
	} else {
		counter_set(spmc->guest, SIM_COUNTER_FFA_BUFFERS, 1);
		ffa_success(call, 0, 0);
	}
}

void ffa_rxtx_unmap(struct ffa_call *call)
{
	struct buffers *buffers = &call->caller->buffers;
	struct spmc *spmc = call->spmc;
	uint64_t interrupts;
	bool mapped;

	if (call->x[1]) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "RXTX_UNMAP of %lx",
			   (unsigned long)call->x[1] >> 16);
		return;
	}
	interrupts = lock_take(&spmc->lock);
	mapped = buffers->mapped;
	buffers->mapped = false;
	buffers->rx_full = false;
	share_abandon(spmc, call->caller);
	lock_release(&spmc->lock, interrupts);
	if (!mapped) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "it has no buffers");
		return;
	}
	counter_set(spmc->guest, SIM_COUNTER_FFA_BUFFERS, 0);
	ffa_success(call, 0, 0);
}

void ffa_rx_release(struct ffa_call *call)
{
	struct spmc *spmc = call->spmc;
	uint64_t interrupts;
	bool full;

	if (call->x[1]) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "RX_RELEASE of %lx",
			   (unsigned long)call->x[1]);
		return;
	}
	interrupts = lock_take(&spmc->lock);
	full = call->caller->buffers.mapped && call->caller->buffers.rx_full;
	if (full)
		call->caller->buffers.rx_full = false;
	lock_release(&spmc->lock, interrupts);
	if (full)
		ffa_success(call, 0, 0);
	else
		ffa_refuse(call, FFA_DENIED, "its RX is not full");
}

bool buffers_init(struct spmc *spmc, struct endpoint *endpoint)
{
	struct buffers *buffers = &endpoint->buffers;
	uint8_t *memory = heap_alloc(&spmc->heap, 2 * FFA_RXTX_UNIT);

	if (!memory)
		return false;
	buffers->tx = memory;
	buffers->rx = memory + FFA_RXTX_UNIT;
	buffers->size = FFA_RXTX_UNIT;
	buffers->mapped = true;
	return true;
}
