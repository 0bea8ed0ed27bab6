// SPDX-License-Identifier: BSD-2-Clause
#include "power.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "sysfs.h"

#define STATE		"/sys/power/state"
#define LEVEL		"/sys/power/pm_test"
#define PATIENCE	"/sys/power/pm_freeze_timeout"
#define DELAY		"/sys/module/suspend/parameters/pm_test_delay"
#define ALARM		"/sys/class/rtc/rtc0/wakealarm"
#define WAKE_COUNT	"/sys/power/wakeup_count"
#define GROUPS		"/run/freezer"
#define GROUP		GROUPS "/tests"
#define GROUP_STATE	GROUP "/freezer.state"

/* Long for a task that freezes; short for one that does not, which only the packaged drivers have. */
#define FREEZE_STOCK_MS	"5000"
#define FREEZE_MS	"30000"
/* The clock's alarm is set in whole seconds, and later each time that it comes too early. */
#define ALARM_S		4
#define ALARM_TRIES	4

static void be_patient(void)
{
	sysfs_write(PATIENCE, modules_are_stock() ? FREEZE_STOCK_MS : FREEZE_MS);
}

static int test_level(const char *level, const char *seconds)
{
	int rc;

	sysfs_write(DELAY, seconds);
	be_patient();
	ASSERT_RC(sysfs_write(LEVEL, level), 0);
	rc = sysfs_write(STATE, "freeze");
	ASSERT_RC(sysfs_write(LEVEL, "none"), 0);
	return rc;
}

void power_need_clock(void)
{
	if (!sysfs_has(STATE, "freeze"))
		SKIP("the kernel does not suspend");
	if (sysfs_write(ALARM, "0"))
		SKIP("no clock to wake the guest");
}

void power_need(void)
{
	if (!sysfs_has(LEVEL, "freezer"))
		power_need_clock();
}

int power_freeze(void)
{
	return sysfs_has(LEVEL, "freezer") ? test_level("freezer", "0") : power_suspend();
}

void power_need_devices(void)
{
	if (!sysfs_has(LEVEL, "devices"))
		SKIP("the kernel has no test of suspending devices");
}

int power_suspend_devices(void)
{
	return test_level("devices", "0");
}

int power_suspend_interrupts(void)
{
	return test_level("platform", "1");
}

int power_suspend(void)
{
	char count[32], alarm[16];
	int rc;

	be_patient();
	/* An alarm that comes too early would not wake anybody: the kernel counts it and refuses. */
	for (int i = 0; i < ALARM_TRIES; i++) {
		sysfs_write(ALARM, "0");
		ASSERT_RC(sysfs_read(WAKE_COUNT, count, sizeof(count)), 0);
		snprintf(alarm, sizeof(alarm), "+%d", ALARM_S << i);
		ASSERT_RC(sysfs_write(ALARM, alarm), 0);
		rc = sysfs_write(WAKE_COUNT, count);
		if (!rc)
			rc = sysfs_write(STATE, "freeze");
		if (!rc)
			break;
		fprintf(stderr, "# suspend: %s\n", result_name(rc));
	}
	sysfs_write(ALARM, "0");
	return rc;
}

void group_make(void)
{
	mkdir(GROUPS, 0700);
	if (mount("freezer", GROUPS, "cgroup", 0, "freezer") && errno != EBUSY)
		SKIP("the kernel has no control groups that freeze");
	mkdir(GROUP, 0700);
	group_thaw();
}

void group_add(pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)pid);
	ASSERT_RC(sysfs_write(GROUP "/cgroup.procs", text), 0);
}

void group_freeze(void)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	char state[16];

	ASSERT_RC(sysfs_write(GROUP_STATE, "FROZEN"), 0);
	for (;;) {
		ASSERT_RC(sysfs_read(GROUP_STATE, state, sizeof(state)), 0);
		if (!strcmp(state, "FROZEN"))
			return;
		ASSERT_MSG(clock_ms() < end, "a task does not freeze");
		sleep_ms(5);
	}
}

void group_thaw(void)
{
	ASSERT_RC(sysfs_write(GROUP_STATE, "THAWED"), 0);
}
