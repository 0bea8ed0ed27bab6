// SPDX-License-Identifier: BSD-2-Clause
#include "ffa-nw.h"
#include "share.h"

static uint64_t heap_at_start;
static uint64_t epoch;

int ffa_nw_setup_plain(void **state)
{
	(void)state;
	if (!host_start("ffa=on"))
		return -1;
	/* What limits the console lives longer than a world: to each test its own seconds. */
	epoch += 100000000;
	host.ticks = epoch;
	heap_at_start = heap_used(&host.world.spmc.heap);
	return 0;
}

static int setup(unsigned int minor)
{
	if (ffa_nw_setup_plain(NULL))
		return -1;
	ffa_nw_begin(minor);
	return 0;
}

int ffa_nw_setup(void **state)
{
	(void)state;
	return setup(2);
}

int ffa_nw_setup_1_1(void **state)
{
	(void)state;
	return setup(1);
}

int ffa_nw_setup_1_0(void **state)
{
	(void)state;
	return setup(0);
}

int ffa_nw_teardown(void **state)
{
	struct spmc *spmc = &host.world.spmc;
	uint64_t heap = heap_used(&spmc->heap);
	bool pages = shares_cover(spmc, HOST_MEMORY_BASE, HOST_MEMORY_SIZE);
	bool shares = spmc->shares;
	unsigned int n;

	(void)state;
	for (n = 0; n < spmc->partition_count; n++)
		if (spmc->partitions[n]->state != PARTITION_WAITING) {
			print_error("left behind: partition %x\n", spmc->partitions[n]->endpoint.id);
			shares = true;
		}
	host_stop();
	if (heap != heap_at_start || pages || shares) {
		print_error("left behind: %d octets of heap, %d pages, %d shares\n",
			    (int)(heap - heap_at_start), pages, shares);
		return -1;
	}
	return 0;
}

uint64_t ffa_nw_smc(uint64_t x[18])
{
	struct smc_regs regs;
	unsigned int n;

	for (n = 0; n < 31; n++)
		regs.x[n] = 0xdead0000 + n;
	memcpy(regs.x, x, 18 * sizeof(*x));
	host_smc(&regs);
	for (n = 18; n < 31; n++)
		if (regs.x[n] != 0xdead0000 + n)
			fail_msg("x%u was changed", n);
	memcpy(x, regs.x, 18 * sizeof(*x));
	return x[0];
}

static int32_t status_of(const uint64_t x[18])
{
	unsigned int n;

	if (x[0] == FFA_SUCCESS_32 || x[0] == FFA_SUCCESS_64)
		return FFA_OK;
	if (x[0] != FFA_ERROR_32)
		fail_msg("answered %lx", (unsigned long)x[0]);
	assert_int_equal(x[1], 0);
	/* 32 bits, and nothing else. */
	assert_int_equal(x[2] >> 32, 0);
	for (n = 3; n < 18; n++)
		assert_int_equal(x[n], 0);
	assert_int_not_equal(x[2], 0);
	return (int32_t)x[2];
}

int32_t ffa_nw_status_of(uint64_t x[18])
{
	ffa_nw_smc(x);
	return status_of(x);
}

int32_t ffa_sp_status_of(uint16_t id, uint64_t x[18])
{
	partition_call(spmc_partition(&host.world.spmc, id), x);
	return x[0] == FFA_MEM_RETRIEVE_RESP_32 || x[0] == FFA_MEM_FRAG_TX_32 ? FFA_OK :
		status_of(x);
}

void ffa_nw_begin(unsigned int minor)
{
	assert_int_equal(ffa_nw(FFA_VERSION_32, FFA_VERSION_MAKE(1, minor)),
			 FFA_VERSION_MAKE(1, 2));
	assert_int_equal(ffa_nw_status(FFA_RXTX_MAP_64, FFA_NW_TX, FFA_NW_RX, 1), FFA_OK);
}

int32_t ffa_nw_work(uint16_t id, uint32_t w[5])
{
	uint64_t x[18] = { FFA_MSG_SEND_DIRECT_REQ_32, id, 0, w[0], w[1], w[2], w[3], w[4] };
	unsigned int n;

	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(x[1], FFA_PAIR(id, 0));
	for (n = 0; n < 5; n++)
		w[n] = (uint32_t)x[3 + n];
	return (int32_t)w[1];
}

bool ffa_nw_said(const char *text)
{
	bool found;

	host.console[host.console_length] = '\0';
	found = strstr(host.console, text);
	host.console_length = 0;
	return found;
}
