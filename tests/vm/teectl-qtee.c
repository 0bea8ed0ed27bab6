// SPDX-License-Identifier: BSD-2-Clause
/* teectl qtee: objects of QTEE for whoever has a shell. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "array.h"
#include "clock.h"
#include "harness.h"
#include "qtee.h"
#include "sysfs.h"
#include "unbind.h"
#include "victim.h"
#include "world.h"

#define TEECTL		"/usr/bin/teectl"
#define IN		"/tmp/teectl-qtee-in"
#define OUT		"/tmp/teectl-qtee-out"
#define DRIVER		"/sys/bus/platform/drivers/qcomtee/"
#define DEVICE		"qcomtee"
#define NOBODY		65534
/* Exit codes of teectl(1). */
#define DONE		0
#define ANSWERED	1
#define USAGE		2
#define SYSTEM		3
#define NO_DEVICE	4

static char out[16384];

/* Ends as it should, and what it says on both outputs has these words in it, and not those. */
static void expect_without(const char *words, int code, const char *text, const char *not)
{
	char command[512];
	size_t size;
	int status;
	FILE *f;

	snprintf(command, sizeof(command), TEECTL " qtee %s 2>&1", words);
	f = popen(command, "re");
	ASSERT(f);
	size = fread(out, 1, sizeof(out) - 1, f);
	out[size] = '\0';
	status = pclose(f);
	EXPECT_MSG(WIFEXITED(status) && WEXITSTATUS(status) == code,
		   "'qtee %s' ends with %#x, want %d: %.200s", words, status, code, out);
	EXPECT_MSG(strstr(out, text) && (*text || !size), "'qtee %s' says '%.200s', want '%s'", words,
		   out, text);
	EXPECT_MSG(!not || !strstr(out, not), "'qtee %s' says '%.200s'", words, out);
}

static void expect(const char *words, int code, const char *text)
{
	expect_without(words, code, text, NULL);
}

static void begin(void)
{
	if (access(TEECTL, X_OK))
		SKIP("no " TEECTL);
	qtee_path();
}

static void write_in(const void *octets, size_t size)
{
	FILE *f = fopen(IN, "we");

	ASSERT(f);
	ASSERT_EQ(fwrite(octets, 1, size, f), size);
	ASSERT_EQ(fclose(f), 0);
}

TEST(services_that_it_knows_are_listed)
{
	begin();
	expect("services", DONE, "         3  app loader\n       143  diagnostics\n");
	EXPECT(strstr(out, "  echo (emulation)\n"));
	/* There is none in the emulation. */
	EXPECT(!strstr(out, "GlobalPlatform"));
}

TEST(operation_is_invoked_with_files)
{
	char back[8] = "";
	FILE *f;

	begin();
	write_in("octets", 6);
	unlink(OUT);
	expect("invoke 0x6f6d0001 0", DONE, "");
	expect("invoke 1869414401 1 in:" IN " out:-:100", DONE, "6f 63 74 65 74 73\n");
	expect("invoke 0x6f6d0001 1 in:" IN " out:" OUT ":6", DONE, "");
	f = fopen(OUT, "re");
	ASSERT(f);
	EXPECT_EQ(fread(back, 1, sizeof(back), f), 6);
	EXPECT_EQ(memcmp(back, "octets", 6), 0);
	fclose(f);
}

TEST(words_that_mean_nothing_are_its_users_mistake)
{
	static const char *const wrong[] = {
		"", "bogus", "services more", "callback-demo now", "invoke", "invoke 0x6f6d0001",
		"invoke echo 1", "invoke 0x100000000 1", "invoke 0x6f6d0001 0x4000",
		"invoke 0x6f6d0001 65535", "invoke 0x6f6d0001 1 file", "invoke 0x6f6d0001 1 value:1",
		"invoke 0x6f6d0001 1 inout:" IN, "invoke 0x6f6d0001 1 null:in",
		"invoke 0x6f6d0001 1 out:-:99999999999",
		"invoke 0x6f6d0001 1 in:" IN " in:" IN " in:" IN " in:" IN " in:" IN,
	};

	begin();
	write_in("", 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(wrong); i++)
		expect(wrong[i], USAGE, "teectl: ");
}

TEST(what_goes_wrong_is_said_by_whom)
{
	begin();
	write_in("octets", 6);
	/* QTEE. */
	expect("invoke 0 0", ANSWERED, "opening the service: QTEE answers 10");
	expect("invoke 0x6f6d0009 0", ANSWERED, "opening the service: QTEE answers 11");
	expect("invoke 0x6f6d0001 99", ANSWERED, "invoking: QTEE answers 2");
	expect("invoke 0x6f6d0001 1 in:" IN " out:-:5", ANSWERED, "invoking: QTEE answers 4");
	/* Files, of which the kernel's log says nothing. */
	expect_without("invoke 0x6f6d0001 1 in:/nothing", SYSTEM, "/nothing: No such file", "log");
	expect_without("invoke 0x6f6d0001 1 in:" IN " out:/proc/nothing:6", SYSTEM,
		       "/proc/nothing: No such file", "log");
	expect("services >/dev/full", SYSTEM, "");
	/* The driver. */
	expect("invoke 0x6f6d0001 1 in:" IN " out:-:8000000", SYSTEM, "invoking: Invalid argument");
}

TEST(callback_shows_both_sides)
{
	begin();
	expect("callback-demo", DONE, "QTEE calls: \"a callback from the secure world\"\n"
	       "and answers: \"A CALLBACK FROM THE SECURE WORLD\"\n");
}

TEST(user_that_may_not_open_it_is_told)
{
	struct stat st;
	int status;
	pid_t pid;

	begin();
	ASSERT_EQ(stat(qtee_path(), &st), 0);
	ASSERT_EQ(chmod(qtee_path(), 0600), 0);
	pid = fork();
	if (!pid) {
		ASSERT_EQ(setgid(NOBODY), 0);
		ASSERT_EQ(setuid(NOBODY), 0);
		expect("services", SYSTEM, "opening QTEE: Permission denied; run as root");
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	ASSERT_EQ(chmod(qtee_path(), st.st_mode), 0);
	/* Who may, needs nothing else. */
	ASSERT_EQ(chown(qtee_path(), NOBODY, NOBODY), 0);
	pid = fork();
	if (!pid) {
		ASSERT_EQ(setgid(NOBODY), 0);
		ASSERT_EQ(setuid(NOBODY), 0);
		expect("callback-demo", DONE, "and answers");
		_exit(0);
	}
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	ASSERT_EQ(chown(qtee_path(), st.st_uid, st.st_gid), 0);
}

TEST(killed_in_the_middle_it_leaves_nothing)
{
	/* Longer than the case. */
	uint32_t ms = 600000;
	uint64_t calls, callbacks;
	int users;
	pid_t pid;

	begin();
	if (modules_are_stock())
		SKIP("who sleeps for QTEE in the packaged driver cannot be killed");
	world_need();
	write_in(&ms, sizeof(ms));
	users = qtee_module_users();
	calls = world_counter(SIM_COUNTER_QTEE_CONVERSATIONS);
	callbacks = world_counter(SIM_COUNTER_QTEE_CALLBACKS);
	pid = fork();
	if (!pid) {
		/* The sleeper, which has its caller sleep again and again. */
		execl(TEECTL, TEECTL, "qtee", "invoke", "0x6f6d0006", "3", "in:" IN, NULL);
		_exit(1);
	}
	/* Two for its credentials. */
	ASSERT(world_wait_min(SIM_COUNTER_QTEE_CALLBACKS, callbacks + 5, PATIENCE_MS));
	kill_and_wait(pid);
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, calls, PATIENCE_MS));
	EXPECT(qtee_wait_module_users(users));
	expect("invoke 0x6f6d0001 0", DONE, "");
}

TEST(machine_without_qtee_has_none)
{
	begin();
	if (modules_are_stock())
		SKIP("the packaged driver's device is not made to go");
	ASSERT_RC(sysfs_write(DRIVER "unbind", DEVICE), 0);
	expect("services", NO_DEVICE, "there is no QTEE; 'teectl list'");
	expect("invoke 0x6f6d0001 0", NO_DEVICE, "there is no QTEE");
	expect("callback-demo", NO_DEVICE, "there is no QTEE");
	ASSERT_RC(sysfs_write(DRIVER "bind", DEVICE), 0);
	bound_again(qtee_path());
	expect("services", DONE, "app loader");
}
