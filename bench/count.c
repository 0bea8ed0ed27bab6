// SPDX-License-Identifier: BSD-2-Clause
#include "count.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "abi/optee_smc.h"
#include "abi/sim.h"
#include "tee.h"

static int user_fd, kernel_fd, sim_fd;
static uint64_t ns_per_tick;

/* Everything that CPU 0 executes at one level, whoever it is. */
static int perf_open(bool user)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.pinned = 1,
		.exclude_user = !user,
		.exclude_kernel = user,
		.exclude_hv = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);

	if (fd < 0)
		die("counter of instructions: %s (only with --icount)", strerror(errno));
	return fd;
}

static int64_t perf_read(int fd)
{
	int64_t value;

	if (read(fd, &value, sizeof(value)) != sizeof(value))
		die("counter of instructions: it cannot be read");
	return value;
}

static int64_t secure_read(void)
{
	struct sim_control c = { .op = SIM_OP_COUNTER, .arg = { SIM_COUNTER_TICKS } };

	if (ioctl(sim_fd, SIM_IOC_CONTROL, &c) || c.status)
		die("counter of the secure world: it cannot be read");
	return (int64_t)(c.ret[0] * ns_per_tick);
}

void count_begin(void)
{
	uint64_t frequency;

	if (sysconf(_SC_NPROCESSORS_ONLN) != 1)
		die("more than one processor");
	user_fd = perf_open(true);
	kernel_fd = perf_open(false);
	sim_fd = open("/dev/" SIM_DEVICE, O_RDWR | O_CLOEXEC);
	if (sim_fd < 0)
		die("/dev/" SIM_DEVICE ": %s", strerror(errno));
	/* One nanosecond is one instruction. */
	__asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
	ns_per_tick = 1000000000 / frequency;
}

void count_read(struct count *now)
{
	now->secure = secure_read();
	now->kernel = perf_read(kernel_fd);
	now->user = perf_read(user_fd);
}

void count_bare_smc(unsigned int more)
{
	struct sim_smc smc = { .in = { OPTEE_SMC_CALLS_UID }, .flags = SIM_SMC_MORE(more) };

	if (ioctl(sim_fd, SIM_IOC_SMC, &smc))
		die("SMC: %s", strerror(errno));
}

void count_notify(unsigned int value)
{
	struct sim_control c = { .op = SIM_OP_NOTIFY, .arg = { 0, value, SIM_NOTIFY_HERE } };

	if (ioctl(sim_fd, SIM_IOC_CONTROL, &c) || c.status)
		die("notification: it cannot be raised");
}
