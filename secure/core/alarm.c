// SPDX-License-Identifier: BSD-2-Clause
#include "alarm.h"
#include "arch.h"
#include "cpu.h"
#include "lock.h"
#include "plat.h"

static struct {
	struct lock lock;
	struct alarm *first;	/* by time */
	unsigned int cpu;	/* whose timer serves them */
	struct alarm *ringing[CPU_MAX];
} alarms;

static void insert(struct alarm *alarm)
{
	struct alarm **place = &alarms.first;

	while (*place && (*place)->time <= alarm->time)
		place = &(*place)->next;
	alarm->next = *place;
	*place = alarm;
	alarm->set = true;
}

static void take_out(struct alarm *alarm)
{
	struct alarm **place = &alarms.first;

	while (*place != alarm)
		place = &(*place)->next;
	*place = alarm->next;
	alarm->set = false;
}

/* Under the lock. A CPU can only set its own timer. */
static void program(void)
{
	if (alarms.cpu != arch_this_cpu()->index)
		plat_alarm_kick(alarms.cpu);
	else if (alarms.first)
		plat_alarm_program(alarms.first->time);
	else
		plat_alarm_stop();
}

void alarm_set(struct alarm *alarm, uint64_t microseconds)
{
	uint64_t interrupts = lock_take(&alarms.lock);

	if (alarm->set)
		take_out(alarm);
	alarm->time = arch_ticks() + arch_ticks_per_second() / 1000000 * microseconds;
	if (!alarms.first)
		alarms.cpu = arch_this_cpu()->index;
	insert(alarm);
	program();
	lock_release(&alarms.lock, interrupts);
}

void alarm_cancel(struct alarm *alarm)
{
	uint64_t interrupts = lock_take(&alarms.lock);

	/* The timer may be early then. */
	if (alarm->set)
		take_out(alarm);
	lock_release(&alarms.lock, interrupts);
}

/* The first alarm that is due, or NULL and the timer is set for the next one. */
static struct alarm *next_due(uint64_t now)
{
	uint64_t interrupts = lock_take(&alarms.lock);
	struct alarm *alarm = NULL;

	if (alarms.cpu != arch_this_cpu()->index) {
		plat_alarm_stop();
	} else if (alarms.first && alarms.first->time <= now) {
		alarm = alarms.first;
		take_out(alarm);
	} else {
		program();
	}
	alarms.ringing[arch_this_cpu()->index] = alarm;
	lock_release(&alarms.lock, interrupts);
	return alarm;
}

void alarm_interrupt(void)
{
	uint64_t now = arch_ticks();
	struct alarm *alarm;

	/* One that is set again while it rings lies behind @now. */
	while ((alarm = next_due(now)))
		alarm->ring(alarm);
}

static bool lies_in(const struct alarm *alarm, const void *memory, size_t size)
{
	return alarm && (uintptr_t)alarm - (uintptr_t)memory < size;
}

/* Under the lock. Whether one has to be waited for. */
static bool forget(const void *memory, size_t size)
{
	struct alarm **place = &alarms.first;
	unsigned int n;

	while (*place) {
		if (lies_in(*place, memory, size))
			take_out(*place);
		else
			place = &(*place)->next;
	}
	/* It may set itself again. */
	for (n = 0; n < CPU_MAX; n++)
		if (lies_in(alarms.ringing[n], memory, size))
			return true;
	return false;
}

void alarm_forget(const void *memory, size_t size)
{
	uint64_t interrupts;
	bool again;

	do {
		interrupts = lock_take(&alarms.lock);
		again = forget(memory, size);
		lock_release(&alarms.lock, interrupts);
	} while (again);
}

void alarm_move(struct cpu *cpu, struct cpu *heir)
{
	uint64_t interrupts = lock_take(&alarms.lock);

	if (alarms.cpu == cpu->index) {
		plat_alarm_stop();
		alarms.cpu = heir->index;
		program();
	}
	lock_release(&alarms.lock, interrupts);
}
