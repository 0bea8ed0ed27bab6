// SPDX-License-Identifier: BSD-2-Clause
/* From reset to the normal world's kernel. */
#include "arch.h"
#include "cpu.h"
#include "el3.h"
#include "log.h"
#include "memmap.h"
#include "panic.h"
#include "plat.h"
#include "psci.h"
#include "string.h"
#include "sysreg.h"
#include "virt.h"
#include "world.h"

#define CONFIG_FILE	"opt/org.omnitee/secure"
#define SIZE_2M		(1UL << 21)
#define CPUS_A_CLUSTER	16

static struct world world;

static uint8_t cpu_stacks[CPU_MAX][EL3_CPU_STACK_SIZE] __aligned(16);
static uint8_t panic_stacks[CPU_MAX][EL3_PANIC_STACK_SIZE] __aligned(16);
uint64_t el3_secondary_count;

int plat_cpu_index(uint64_t mpidr)
{
	uint64_t aff0 = mpidr & 0xff, aff1 = (mpidr >> 8) & 0xff;

	if ((mpidr & ~0xffffULL) || aff0 >= CPUS_A_CLUSTER ||
	    aff1 >= CPU_MAX / CPUS_A_CLUSTER)
		return -1;
	return (int)(aff1 * CPUS_A_CLUSTER + aff0);
}

const void *plat_image(size_t *size)
{
	*size = (size_t)(__rodata_end - __image_start);
	return __image_start;
}

void *plat_normal_world(uint64_t address)
{
	return (void *)address;
}

static void init_cpus(void)
{
	unsigned int n;

	for (n = 0; n < CPU_MAX; n++) {
		cpus[n].stack_top = cpu_stacks[n] + EL3_CPU_STACK_SIZE;
		cpus[n].panic_stack_top = panic_stacks[n] + EL3_PANIC_STACK_SIZE;
		cpus[n].world = &world;
		cpus[n].index = n;
		cpus[n].mpidr = (n / CPUS_A_CLUSTER) << 8 | n % CPUS_A_CLUSTER;
		cpus[n].power_state = PSCI_AFFINITY_OFF;
	}
	sysreg_write(tpidr_el3, &cpus[0]);
}

static void read_config(void)
{
	char error[CONFIG_ERROR_SIZE];
	char text[512];
	size_t length = fw_cfg_file(CONFIG_FILE, text, sizeof(text));

	if (length > sizeof(text)) {
		log_line("configuration: longer than %zu octets", sizeof(text));
		plat_power_off();
	}
	if (!config_parse(&world.config, text, length, error)) {
		log_line("configuration: %s", error);
		plat_power_off();
	}
}

/* The kernel starts as on any other arm64 machine: at EL2 with the tree in x0. */
static void __noreturn start_kernel(struct cpu *cpu)
{
	cpu->power_state = PSCI_AFFINITY_ON;
	cpu->entry = NORMAL_IMAGE;
	cpu->entry_argument = NORMAL_DEVICE_TREE;
	psci_notify_on(cpu);
	cpu_enter_normal_world(cpu);
}

void el3_main(void)
{
	struct nsmem memory = { .base = NORMAL_RAM_BASE };
	struct guest *guest = &world.guest;
	uint64_t ram_end = fdt_ram_end();

	fdt_keep_seed();
	mmu_init_tables();
	mmu_enable();
	init_cpus();
	uart_init();
	cpu_init_el3();
	read_config();

	world.psci.cpu_count = fw_cfg_cpu_count();
	if (world.psci.cpu_count > CPU_MAX)
		panic("%u CPUs, at most %u are supported", world.psci.cpu_count, CPU_MAX);
	el3_secondary_count = world.psci.cpu_count;
	if (ram_end <= NORMAL_RAM_BASE)
		panic("no device tree of the machine at the start of RAM");
	memory.size = (ram_end - NORMAL_RAM_BASE) & ~(SIZE_2M - 1);
	mmu_map_normal_world(memory.base, memory.size);
	world.psci.memory = memory;

	if (!world_init(&world, &memory, __heap_start, (size_t)(__heap_end - __heap_start)))
		panic("no memory for %u guests, %u threads or static shared memory",
		      world.config.guests, world.config.threads);

	gic_init_distributor();
	gic_init_cpu(0);
	gic_set_notify(world.config.notif == NOTIF_PPI, world.config.notif_interrupt);
	uart_listen();
	log_line("secure world " OMNITEE_VERSION ", %u CPUs, %lu MiB RAM, image %lu KiB",
		 world.psci.cpu_count, (unsigned long)(memory.size >> 20),
		 (unsigned long)(__image_end - __image_start) >> 10);
	log_line("configuration: threads=%u optee=%s", world.config.threads,
		 world.config.optee ? "smc" : world.config.optee_ffa ? "ffa" : "off");
	if (world.config.qtee)
		log_line("QTEE, up to %u calls at once", world.config.qtee_calls);
	if (world.config.notif != NOTIF_OFF)
		log_line("notifications by %s %u",
			 world.config.notif == NOTIF_PPI ? "PPI" : "SPI",
			 world.config.notif_interrupt);
	if (world.config.guests)
		log_line("virtualised: up to %u guests%s", world.config.guests,
			 world.config.hypervisor ? ", behind a hypervisor" : "");
	if (guest->static_shm.size)
		log_line("static shared memory: %lx, %lu KiB",
			 (unsigned long)guest->static_shm.base,
			 (unsigned long)guest->static_shm.size >> 10);
	el3_release_secondaries();
	start_kernel(&cpus[0]);
}

static void __noreturn wait_and_enter(void)
{
	struct cpu *cpu = arch_this_cpu();

	psci_wait_on(&world.psci, cpu);
	cpu_enter_normal_world(cpu);
}

void psci_park(struct cpu *cpu)
{
	el3_restart_stack(cpu->stack_top, wait_and_enter);
}

void el3_secondary_main(void)
{
	mmu_enable();
	cpu_init_el3();
	gic_init_cpu(arch_this_cpu()->index);
	wait_and_enter();
}
