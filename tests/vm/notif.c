// SPDX-License-Identifier: BSD-2-Clause
#include "notif.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "abi/optee_ffa.h"
#include "abi/optee_smc.h"
#include "clock.h"
#include "driver.h"
#include "harness.h"
#include "world.h"

/* optee_notification or: */
#define IRQ_NAME_PCPU	"optee_pcpu_notification"
#define IRQ_NAME	"_notification"

const uint8_t app_sleeper[TEE_IOCTL_UUID_LEN] = APP_SLEEPER_UUID;

/* FF-A's way of asking. Somebody else may be in the partition for a moment. */
static bool capable_ffa(uint64_t *max)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	struct sim_smc smc;

	do {
		smc = (struct sim_smc){ .in = {
			FFA_MSG_SEND_DIRECT_REQ_32, driver_partition(), 0,
			OPTEE_FFA_EXCHANGE_CAPABILITIES,
		} };
		world_smc(&smc);
	} while ((uint32_t)smc.out[0] == FFA_ERROR_32 && clock_ms() < end);
	ASSERT_EQ((uint32_t)smc.out[0], FFA_MSG_SEND_DIRECT_RESP_32);
	ASSERT_EQ((uint32_t)smc.out[3], 0);
	*max = (uint32_t)smc.out[6];
	return smc.out[5] & OPTEE_FFA_SEC_CAP_ASYNC_NOTIF;
}

static bool capable(uint64_t *max)
{
	struct sim_smc smc = { .in = { OPTEE_SMC_EXCHANGE_CAPABILITIES } };

	if (optee_is_over_ffa())
		return capable_ffa(max);
	world_smc(&smc);
	ASSERT_EQ((uint32_t)smc.out[0], OPTEE_SMC_RETURN_OK);
	*max = smc.out[2];
	return smc.out[1] & OPTEE_SMC_SEC_CAP_ASYNC_NOTIF;
}

/* The line of /proc/interrupts; false if there is none. */
static bool find_line(char *line, size_t size)
{
	FILE *f = fopen("/proc/interrupts", "r");
	bool found = false;

	ASSERT(f);
	while (!found && fgets(line, size, f))
		found = strstr(line, IRQ_NAME);
	fclose(f);
	return found;
}

void notif_need(void)
{
	char line[1024];
	uint64_t max;

	world_need();
	/* Not left open: an open file keeps the driver from going. */
	close(client_device());
	if (!capable(&max))
		SKIP("the secure world offers no asynchronous notifications");
	if (optee_is_over_ffa() ? !world_counter(SIM_COUNTER_NOTIF_ENABLED) :
				  !find_line(line, sizeof(line)))
		SKIP("the driver has no interrupt for notifications");
}

void notif_need_own_interrupt(void)
{
	if (optee_is_over_ffa())
		SKIP("over FF-A there is no interrupt of OP-TEE's own, and no values are fetched in it");
	notif_need();
}

void notif_need_pcpu(bool pcpu)
{
	char line[1024];

	notif_need_own_interrupt();
	ASSERT(find_line(line, sizeof(line)));
	if (!strstr(line, IRQ_NAME_PCPU) == pcpu)
		SKIP(pcpu ? "the interrupt is shared by all CPUs" : "each CPU has an interrupt");
}

uint64_t notif_max_value(void)
{
	uint64_t max;

	ASSERT(capable(&max));
	return max;
}

uint32_t notif_call(const struct client *c, uint32_t command, uint32_t a, uint32_t b)
{
	struct tee_ioctl_param p = VALUE_IN(a, b);
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(c->fd, c->session, command, &p, 1, &answer), 0);
	return answer.ret;
}

static void *wait_thread(void *arg)
{
	struct notif_waiter *w = arg;
	struct tee_ioctl_param p = VALUE_IN(w->value, w->ms);
	struct tee_answer answer = { 0 };

	w->rc = tee_invoke(w->sleeper.fd, w->sleeper.session, SLEEPER_CMD_WAIT, &p, 1, &answer);
	w->ret = answer.ret;
	atomic_store(&w->ended, true);
	return NULL;
}

static void start(struct notif_waiter *w, uint32_t value, bool fresh)
{
	uint64_t commands;

	memset(w, 0, sizeof(*w));
	w->value = value;
	client_open(&w->sleeper, app_sleeper);
	/* Posted for certain, then for certain not. */
	if (fresh) {
		ASSERT_EQ(notif_call(&w->sleeper, SLEEPER_CMD_SEND, value, 0), TEE_SUCCESS);
		ASSERT_EQ(notif_call(&w->sleeper, SLEEPER_CMD_WAIT, value, 0), TEE_SUCCESS);
	}
	commands = world_counter(SIM_COUNTER_RPC_COMMANDS);
	ASSERT_EQ(pthread_create(&w->thread, NULL, wait_thread, w), 0);
	/* Its RPC has been seen, or it has ended. */
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, commands + 1, PATIENCE_MS));
	sleep_ms(30);
}

void notif_wait_start(struct notif_waiter *w, uint32_t value)
{
	start(w, value, true);
}

void notif_wait_start_kept(struct notif_waiter *w, uint32_t value)
{
	start(w, value, false);
}

uint32_t notif_wait_end(struct notif_waiter *w)
{
	ASSERT_EQ(pthread_join(w->thread, NULL), 0);
	ASSERT_RC(w->rc, 0);
	client_close(&w->sleeper);
	return w->ret;
}

bool notif_wait_has_ended(struct notif_waiter *w)
{
	sleep_ms(20);
	return atomic_load(&w->ended);
}

static void order(struct sim_control *c)
{
	ASSERT_RC(world_control(c), 0);
	ASSERT_EQ(c->status, SMCCC_SUCCESS);
}

void notif_raise_at(uint64_t flags, unsigned int value, unsigned int cpu)
{
	struct sim_control c = { .op = SIM_OP_NOTIFY, .arg = { flags, value, cpu } };

	order(&c);
}

void notif_raise(uint64_t flags, unsigned int value)
{
	struct sim_control c = { .op = SIM_OP_NOTIFY, .arg = { flags, value, SIM_NOTIFY_HERE } };

	order(&c);
}

void notif_storm(uint64_t flags, unsigned int value, uint32_t count, uint32_t us)
{
	struct sim_control c = {
		.op = SIM_OP_STORM,
		.arg = { flags, value, (uint64_t)us << 32 | count },
	};

	order(&c);
}

uint64_t notif_pending_values(void)
{
	return world_counter(SIM_COUNTER_NOTIF_PENDING);
}

void notif_settle(void)
{
	EXPECT(world_wait(SIM_COUNTER_NOTIF_PENDING, 0, PATIENCE_MS));
	sleep_ms(20);
}

unsigned int notif_irq(void)
{
	char line[1024];

	ASSERT(find_line(line, sizeof(line)));
	return strtoul(line, NULL, 10);
}

uint64_t notif_interrupts(int cpu)
{
	char line[1024], *p;
	uint64_t sum = 0;
	int n = 0;

	ASSERT(find_line(line, sizeof(line)));
	p = strchr(line, ':') + 1;
	for (;; n++) {
		char *end;
		uint64_t count = strtoull(p, &end, 10);

		if (end == p)
			break;
		if (cpu < 0 || cpu == n)
			sum += count;
		p = end;
	}
	return sum;
}

uint64_t notif_unhandled(void)
{
	unsigned long long count = 0;
	char path[64], line[128];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/irq/%u/spurious", notif_irq());
	f = fopen(path, "r");
	ASSERT(f);
	while (fgets(line, sizeof(line), f))
		sscanf(line, "unhandled %llu", &count);
	fclose(f);
	return count;
}
