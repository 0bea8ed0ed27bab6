// SPDX-License-Identifier: BSD-2-Clause
/* Thin wrapper of /dev/omnitee-sim. */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "abi/optee_smc.h"
#include "abi/tee_result.h"
#include "clock.h"
#include "harness.h"

#define MANY_INTERRUPTS	12

/* One descriptor of the process; it holds no state on the other side. */
static int world_fd(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/" SIM_DEVICE, O_RDWR | O_CLOEXEC);
	return fd;
}

bool world_present(void)
{
	return world_fd() >= 0;
}

void world_need(void)
{
	if (!world_present())
		SKIP("no /dev/" SIM_DEVICE);
}

int world_control(struct sim_control *c)
{
	return ioctl(world_fd(), SIM_IOC_CONTROL, c) ? -errno : 0;
}

static void control(struct sim_control *c)
{
	world_need();
	ASSERT_RC(world_control(c), 0);
	ASSERT_MSG(c->status == SMCCC_SUCCESS, "the secure world answers %lld to operation %llu",
		   (long long)c->status, (unsigned long long)c->op);
}

int world_read_counter(unsigned int counter, uint64_t *value)
{
	struct sim_control c = { .op = SIM_OP_COUNTER, .arg = { counter } };
	int rc = world_control(&c);

	if (rc)
		return rc;
	*value = c.ret[0];
	return c.status == SMCCC_SUCCESS ? 0 : -EINVAL;
}

uint64_t world_counter(unsigned int counter)
{
	struct sim_control c = { .op = SIM_OP_COUNTER, .arg = { counter } };

	control(&c);
	return c.ret[0];
}

uint64_t world_reserved(uint64_t count)
{
	return optee_is_over_ffa() ? 0 : count;
}

bool world_has_guests(void)
{
	struct sim_smc smc = { .in = { OPTEE_SMC_EXCHANGE_CAPABILITIES } };

	world_smc(&smc);
	return smc.out[0] == OPTEE_SMC_RETURN_OK &&
	       smc.out[1] & OPTEE_SMC_SEC_CAP_VIRTUALIZATION;
}

void world_reset_marks(void)
{
	struct sim_control c = { .op = SIM_OP_RESET_MARKS };

	control(&c);
}

void world_fault(unsigned int fault, uint64_t count, uint64_t arg)
{
	struct sim_control c = { .op = SIM_OP_FAULT, .arg = { fault, count, arg } };

	control(&c);
}

/* Of SIM_FAULT_FFA_ERROR. */
static uint64_t ffa_fault(uint32_t function, int32_t error)
{
	return (uint64_t)(function & 0xff) << 32 | (uint32_t)error;
}

unsigned int world_memory(void)
{
	return optee_is_over_ffa() ? SIM_COUNTER_FFA_SHARES : SIM_COUNTER_SHM_OBJECTS;
}

int world_refuse_memory(void)
{
	if (optee_is_over_ffa()) {
		world_fault(SIM_FAULT_FFA_ERROR, 1, ffa_fault(FFA_MEM_SHARE_32, FFA_NO_MEMORY));
		return -ENOMEM;
	}
	world_fault(SIM_FAULT_REGISTER_REFUSED, 1, TEE_ERROR_OUT_OF_MEMORY);
	return -EINVAL;
}

void world_keep_memory(void)
{
	if (optee_is_over_ffa())
		world_fault(SIM_FAULT_FFA_ERROR, 1, ffa_fault(FFA_MEM_RECLAIM_32, FFA_DENIED));
	else
		world_fault(SIM_FAULT_UNREGISTER_REFUSED, 1, TEE_ERROR_BUSY);
}

void world_faults_off(void)
{
	struct sim_control c = { .op = SIM_OP_FAULTS_OFF };

	if (world_present())
		world_control(&c);
}

unsigned int world_thread(unsigned int index, unsigned int *cpu)
{
	struct sim_control c = { .op = SIM_OP_THREAD, .arg = { index } };

	control(&c);
	if (cpu)
		*cpu = c.ret[1];
	return c.ret[0];
}

static bool wait_for(unsigned int counter, uint64_t value, bool or_more, unsigned int ms)
{
	uint64_t end = clock_ms() + scaled(ms);

	for (;;) {
		uint64_t now = world_counter(counter);

		if (now == value || (or_more && now > value))
			return true;
		if (clock_ms() > end)
			return false;
		sleep_ms(2);
	}
}

bool world_wait(unsigned int counter, uint64_t value, unsigned int ms)
{
	return wait_for(counter, value, false, ms);
}

bool world_wait_min(unsigned int counter, uint64_t value, unsigned int ms)
{
	return wait_for(counter, value, true, ms);
}

bool world_computes(uint64_t interrupts)
{
	return world_counter(SIM_COUNTER_THREADS_USED) &&
	       world_counter(SIM_COUNTER_INTERRUPTS) >= interrupts + MANY_INTERRUPTS;
}

void world_smc(struct sim_smc *smc)
{
	world_need();
	ASSERT_RC(ioctl(world_fd(), SIM_IOC_SMC, smc) ? -errno : 0, 0);
}

void world_pages(struct shared_pages *p, uint64_t size)
{
	struct sim_pages req = { .size = size };

	world_need();
	p->fd = open("/dev/" SIM_DEVICE, O_RDWR | O_CLOEXEC);
	ASSERT_GE(p->fd, 0);
	ASSERT_RC(ioctl(p->fd, SIM_IOC_PAGES, &req) ? -errno : 0, 0);
	p->size = req.size;
	p->phys = req.phys;
	p->va = mmap(NULL, p->size, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
	ASSERT(p->va != MAP_FAILED);
}

void world_pages_put(struct shared_pages *p)
{
	munmap(p->va, p->size);
	close(p->fd);
}
