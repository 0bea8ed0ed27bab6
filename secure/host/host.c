// SPDX-License-Identifier: BSD-2-Clause
#define _GNU_SOURCE
#include "host.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include "arch.h"
#include "cpu.h"
#include "plat.h"
#include "psci.h"

#define STACK_SIZE	(256 * 1024)
#define HEAP_SIZE	(8 << 20)

struct host host;
struct cpu cpus[CPU_MAX];
jmp_buf host_end;
bool host_end_expected;

static bool interrupts_masked = true;

/* Stacks live as long as the program: a test may end with threads suspended. */
static struct stack {
	uint8_t *memory;
	ucontext_t context;
	void (*entry)(void *arg);
	void *arg;
} stacks[CONFIG_STACKS_MAX];

static unsigned int stacks_used;
static ucontext_t cpu_context;

void *arch_stack_alloc(void)
{
	struct stack *stack = &stacks[stacks_used];

	if (stacks_used == CONFIG_STACKS_MAX)
		return NULL;
	if (!stack->memory)
		stack->memory = aligned_alloc(4096, STACK_SIZE);
	if (!stack->memory)
		return NULL;
	stacks_used++;
	return stack->memory + STACK_SIZE;
}

void *arch_stack_bottom(void *stack_top)
{
	return (uint8_t *)stack_top - STACK_SIZE;
}

static struct stack *stack_of(void *stack_top)
{
	unsigned int n;

	for (n = 0; n < stacks_used; n++)
		if (stacks[n].memory + STACK_SIZE == stack_top)
			return &stacks[n];
	abort();
}

static void context_start(unsigned int high, unsigned int low)
{
	struct stack *stack = (struct stack *)((uintptr_t)high << 32 | low);

	stack->entry(stack->arg);
	abort();
}

void arch_context_init(struct arch_context *context, void *stack_top,
		       void (*entry)(void *arg), void *arg)
{
	struct stack *stack = stack_of(stack_top);
	uintptr_t pointer = (uintptr_t)stack;

	stack->entry = entry;
	stack->arg = arg;
	getcontext(&stack->context);
	/* The canary stays below what is used. */
	stack->context.uc_stack.ss_sp = stack->memory + 64;
	stack->context.uc_stack.ss_size = STACK_SIZE - 64;
	stack->context.uc_link = NULL;
	makecontext(&stack->context, (void (*)(void))context_start, 2,
		    (unsigned int)(pointer >> 32), (unsigned int)pointer);
	context->sp = &stack->context;
}

void arch_context_switch(struct arch_context *from, struct arch_context *to)
{
	ucontext_t *here = from == &cpus[0].context ? &cpu_context : from->sp;

	from->sp = here;
	swapcontext(here, to->sp);
}

/* Where a real machine would take a pending interrupt. */
static void take_interrupt(void)
{
	if (!host.interrupt_after || --host.interrupt_after || !cpus[0].thread)
		return;
	interrupts_masked = true;
	thread_preempt();
	interrupts_masked = false;
}

uint64_t arch_interrupts_mask(void)
{
	bool masked = interrupts_masked;

	interrupts_masked = true;
	return masked;
}

void arch_interrupts_restore(uint64_t state)
{
	if (!state)
		arch_interrupts_unmask();
}

void arch_interrupts_unmask(void)
{
	interrupts_masked = false;
	take_interrupt();
}

struct cpu *arch_this_cpu(void)
{
	return &cpus[host.cpu];
}

uint64_t arch_ticks(void)
{
	return host.ticks++;
}

uint64_t arch_ticks_per_second(void)
{
	return 1000000;
}

void arch_relax(void)
{
	take_interrupt();
}

static void __noreturn end(void)
{
	if (host_end_expected)
		longjmp(host_end, 1);
	fprintf(stderr, "the machine stopped; its console:\n%s\n", host.console);
	abort();
}

void arch_halt(void)
{
	end();
}

void plat_console_put(char c)
{
	if (host.console_length + 1 < sizeof(host.console))
		host.console[host.console_length++] = c;
}

void *plat_normal_world(uint64_t address)
{
	return host_at(address);
}

void plat_cpu_wake(unsigned int index)
{
	host.last_woken = index;
}

void plat_cpu_sleep(void)
{
	if (host.on_sleep)
		host.on_sleep(&host);
}

void plat_cpu_off(void)
{
}

void plat_notify(unsigned int cpu)
{
	host.notified |= 1ULL << cpu;
	host.notifications++;
}

void plat_raise_shared(unsigned int interrupt)
{
	host.raised_shared = interrupt;
}

bool plat_notify_move(unsigned int cpu, unsigned int heir)
{
	if (!(host.notified & 1ULL << cpu))
		return false;
	host.notified &= ~(1ULL << cpu);
	plat_notify(heir);
	return true;
}

void plat_raise(unsigned int cpu, unsigned int interrupt)
{
	host.raised[cpu] |= 1U << interrupt;
}

void plat_raise_move(unsigned int cpu, unsigned int heir, unsigned int interrupt)
{
	if (!(host.raised[cpu] & 1U << interrupt))
		return;
	host.raised[cpu] &= ~(1U << interrupt);
	plat_raise(heir, interrupt);
}

void plat_alarm_program(uint64_t ticks)
{
	host.alarm = ticks;
}

void plat_alarm_stop(void)
{
	host.alarm = 0;
}

void plat_alarm_kick(unsigned int cpu)
{
	host.last_kicked = cpu;
}

int plat_console_get(void)
{
	if (!host.typed || !*host.typed)
		return -1;
	return (uint8_t)*host.typed++;
}

struct flash *plat_flash(void)
{
	return NULL;
}

bool plat_seed(uint8_t to[PLAT_SEED_SIZE])
{
	memset(to, 0x5e, PLAT_SEED_SIZE);
	return true;
}

const void *plat_image(size_t *size)
{
	static const char image[] = "image";

	*size = sizeof(image);
	return image;
}

void plat_power_off(void)
{
	host.powered_off = true;
	end();
}

void plat_reset(void)
{
	host.reset = true;
	end();
}

void psci_park(struct cpu *cpu)
{
	(void)cpu;
	end();
}

int plat_cpu_index(uint64_t mpidr)
{
	return mpidr < CPU_MAX ? (int)mpidr : -1;
}

enum plat_interrupt plat_interrupt(void)
{
	return PLAT_INTERRUPT_NONE;
}

bool host_start(const char *config)
{
	char error[CONFIG_ERROR_SIZE];
	struct nsmem memory = { HOST_MEMORY_BASE, HOST_MEMORY_SIZE };
	unsigned int n;

	memset(&host, 0, sizeof(host));
	memset(cpus, 0, sizeof(cpus));
	stacks_used = 0;
	interrupts_masked = true;
	host_end_expected = false;
	if (!config_parse(&host.world.config, config, strlen(config), error)) {
		fprintf(stderr, "configuration: %s\n", error);
		return false;
	}
	host.memory = aligned_alloc(4096, HOST_MEMORY_SIZE);
	host.heap = aligned_alloc(4096, HEAP_SIZE);
	if (!host.memory || !host.heap)
		return false;
	memset(host.memory, 0, HOST_MEMORY_SIZE);
	for (n = 0; n < CPU_MAX; n++) {
		cpus[n].world = &host.world;
		cpus[n].index = n;
		cpus[n].mpidr = n;
		cpus[n].power_state = n ? PSCI_AFFINITY_OFF : PSCI_AFFINITY_ON;
	}
	host.world.psci.memory = memory;
	host.world.psci.cpu_count = 4;
	return world_init(&host.world, &memory, host.heap, HEAP_SIZE);
}

void host_stop(void)
{
	free(host.memory);
	free(host.heap);
	host.memory = NULL;
	host.heap = NULL;
}

void host_smc(struct smc_regs *regs)
{
	smc_dispatch(&host.world, regs);
}
