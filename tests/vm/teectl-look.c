// SPDX-License-Identifier: BSD-2-Clause
/* teectl shows what goes on, in the guest. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/optee_smc.h"
#include "clock.h"
#include "client.h"
#include "harness.h"
#include "held.h"
#include "look.h"
#include "raw.h"
#include "world.h"

#define ECHO		"6f6d6e69-7465-4500-8000-000000000001"
#define HOG		"6f6d6e69-7465-4500-8000-000000000005"
#define INSTANCES	"/sys/kernel/tracing/instances"
#define HOLD_MS		60000

static const uint8_t app_hog[] = APP_HOG_UUID;

static char out[1 << 20];

/* What a shell command prints on both outputs; its exit status. */
static int shell(const char *command)
{
	char all[512];
	size_t used;
	int status;
	FILE *f;

	snprintf(all, sizeof(all), "%s 2>&1", command);
	f = popen(all, "r");
	ASSERT(f);
	used = fread(out, 1, sizeof(out) - 1, f);
	out[used] = '\0';
	status = pclose(f);
	ASSERT(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define HAS(text)	EXPECT_MSG(strstr(out, text), "'%s' is not in: %.300s", text, out)

static void begin(void)
{
	look_need();
	world_need();
	if (access(INSTANCES, F_OK))
		mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
}

static pid_t holding(void)
{
	char key[32], line[512];
	pid_t pid = fork();

	if (!pid) {
		struct tee_ioctl_param p = VALUE_IN(HOLD_MS, 0);
		struct tee_answer answer;
		struct client hog;

		client_open(&hog, app_hog);
		tee_invoke(hog.fd, hog.session, HOG_CMD_HOLD, &p, 1, &answer);
		_exit(0);
	}
	snprintf(key, sizeof(key), "pid=%d ", pid);
	ASSERT(look_wait("threads", key, "state=rpc", line));
	return pid;
}

static void release(pid_t pid)
{
	held_release();
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
}

/* The holder's sleep is many short ones: between them it is in the secure world for a moment. */
static void shell_shows(const char *command, const char *text)
{
	uint64_t end = clock_ms() + PATIENCE_MS;

	do {
		EXPECT_EQ(shell(command), 0);
	} while (!strstr(out, text) && clock_ms() < end);
	HAS(text);
}

TEST(holder_of_a_thread_is_named)
{
	char who[128], json[64];
	pid_t pid;

	begin();
	pid = holding();
	shell_shows("teectl threads", "in RPC 5 (sleep)");
	snprintf(who, sizeof(who), "teectl-look[%d]  invoke 0 of " HOG, pid);
	HAS(who);
	snprintf(who, sizeof(who), "tee0: %llu secure threads, %llu free, 0 waiting",
		 (unsigned long long)world_counter(SIM_COUNTER_THREADS),
		 (unsigned long long)world_counter(SIM_COUNTER_THREADS) - 1);
	HAS(who);
	shell_shows("teectl -o json threads tee0", "\"state\":\t\"rpc\"");
	snprintf(json, sizeof(json), "\"pid\":\t%d,", pid);
	HAS(json);
	EXPECT_EQ(shell("teectl sessions"), 0);
	snprintf(who, sizeof(who), HOG "  teectl-look[%d]\n", pid);
	HAS(who);
	release(pid);
	EXPECT_EQ(shell("teectl threads"), 0);
	EXPECT(!strstr(out, "in RPC"));
}

TEST(counters_and_memory_are_shown)
{
	struct tee_buf buf;
	char who[96];
	int fd;

	begin();
	fd = client_device();
	client_alloc(fd, 8192, &buf);
	EXPECT_EQ(shell("teectl shm"), 0);
	snprintf(who, sizeof(who), "teectl-look[%d]: 8192 bytes in 1 allocated, 0 bytes in 0 registered",
		 getpid());
	HAS(who);
	EXPECT_EQ(shell("teectl stats"), 0);
	HAS("call-invoke ");
	HAS("latency: off");
	EXPECT_EQ(shell("teectl stats --latency on"), 0);
	HAS("latency: on");
	EXPECT_EQ(shell("teectl invoke 0 " ECHO " 1 value:6,7 value-out; teectl stats --latency off"),
		  0);
	HAS("    invoke       from ");
	tee_free(&buf);
	close(fd);
}

/* The "ns" of the first line that has this event and this text; -1: none */
static int64_t when(const char *event, const char *text)
{
	char what[64];

	snprintf(what, sizeof(what), "\"event\":\"%s\"", event);
	for (char *p = out; *p; p += strcspn(p, "\n") + (p[strcspn(p, "\n")] != 0)) {
		char line[1024];

		snprintf(line, sizeof(line), "%.*s", (int)strcspn(p, "\n"), p);
		if (strstr(line, what) && strstr(line, text) && strstr(line, "\"ns\":"))
			return strtoll(strstr(line, "\"ns\":") + 5, NULL, 10);
	}
	return -1;
}

TEST(trace_has_the_events_of_both_worlds_in_one_time)
{
	int64_t enter, leave, command;

	begin();
	EXPECT_EQ(shell("teectl trace -o json -- teectl invoke 0 " ECHO " 1 value:6,7 value-out"), 0);
	EXPECT(when("tee_call_begin", "\"op\":\"invoke\"") > 0);
	EXPECT(when("tee_call_end", "\"op\":\"invoke\"") > 0);
	/* Entering and leaving the first call, and what the secure world says meanwhile. */
	enter = when("optee_switch_enter", "");
	command = when("secure_command", "\"cmd\":\"open\"");
	leave = when("optee_call_end", "\"cmd\":\"open\"");
	EXPECT(enter > 0 && command > 0 && leave > 0);
	/* As exact as the clocks can be compared from user space. */
	EXPECT_GE(command, enter - 20000000);
	EXPECT_LE(command, leave + 20000000);
}

TEST(trace_for_perfetto_has_slices_of_both_worlds)
{
	const char *address;

	begin();
	EXPECT_EQ(shell("teectl trace -o perfetto -- teectl invoke 0 " ECHO " 1 value:6,7 value-out"),
		  0);
	HAS("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[");
	HAS("\"name\":\"invoke 1\"");
	HAS("\"name\":\"message: invoke\"");
	HAS("\"name\":\"secure thread ");
	HAS("\"pid\":2,\"tid\":");
	HAS("\n]}\n");
	address = look_for_address(out);
	EXPECT_MSG(!address, "the trace has %s", address);
}

static bool instance_is_left(void)
{
	struct dirent *entry;
	bool left = false;
	DIR *dir = opendir(INSTANCES);

	while (dir && (entry = readdir(dir)))
		left |= !strncmp(entry->d_name, "teectl-", 7);
	if (dir)
		closedir(dir);
	return left;
}

TEST(interrupted_trace_leaves_nothing)
{
	int status;
	pid_t pid;

	begin();
	pid = fork();
	if (!pid) {
		int fd = open("/dev/null", O_WRONLY);

		dup2(fd, STDOUT_FILENO);
		execlp("teectl", "teectl", "trace", NULL);
		_exit(1);
	}
	for (int i = 0; i < PATIENCE_MS / 10 && !instance_is_left(); i++)
		sleep_ms(10);
	ASSERT(instance_is_left());
	kill(pid, SIGINT);
	ASSERT_EQ(waitpid(pid, &status, 0), pid);
	EXPECT_EQ(status, 0);
	EXPECT(!instance_is_left());
}

TEST(instance_of_a_killed_trace_is_removed_by_the_next)
{
	pid_t pid;

	begin();
	pid = fork();
	if (!pid) {
		int fd = open("/dev/null", O_WRONLY);

		dup2(fd, STDOUT_FILENO);
		execlp("teectl", "teectl", "trace", NULL);
		_exit(1);
	}
	for (int i = 0; i < PATIENCE_MS / 10 && !instance_is_left(); i++)
		sleep_ms(10);
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT(instance_is_left());
	EXPECT_EQ(shell("teectl trace -- true"), 0);
	EXPECT(!instance_is_left());
}

TEST(log_is_the_console_of_the_secure_world)
{
	const char *address;
	struct raw r;

	world_need();
	raw_init(&r, RAW_PAGE_FREE);
	EXPECT_EQ(raw_finish(&r, raw_start(&r, OPTEE_SMC_YIELDING(77), 0, 0, 0)),
		  OPTEE_SMC_RETURN_EBADCMD);
	EXPECT_EQ(shell("teectl log"), 0);
	HAS("omnitee: ");
	HAS("optee: refused: yielding call ");
	address = look_for_address(out);
	EXPECT_MSG(!address, "the console shows %s", address);
}

/* A teectl that goes on until it is interrupted, and what it has printed so far, in out. */
struct live {
	pid_t pid;
	int fd;
	size_t used;
};

static void live_start(struct live *l, const char *command, const char *option)
{
	int ends[2];

	ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
	ASSERT_EQ(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	l->pid = fork();
	if (!l->pid) {
		dup2(ends[1], STDOUT_FILENO);
		execlp("teectl", "teectl", command, option, NULL);
		_exit(1);
	}
	close(ends[1]);
	l->fd = ends[0];
	l->used = 0;
	out[0] = '\0';
}

/* This is printed while it goes on; what brings it about is done until then. */
static void live_prints(struct live *l, const char *text, void (*bring_about)(void))
{
	uint64_t end = clock_ms() + PATIENCE_MS;

	do {
		ssize_t got;

		if (bring_about)
			bring_about();
		while (l->used < sizeof(out) - 1 &&
		       (got = read(l->fd, out + l->used, sizeof(out) - 1 - l->used)) > 0)
			l->used += got;
		out[l->used] = '\0';
		if (strstr(out, text)) {
			ASSERT_EQ(waitpid(l->pid, NULL, WNOHANG), 0);
			return;
		}
		sleep_ms(10);
	} while (clock_ms() < end);
	kill(l->pid, SIGKILL);
	FAIL("'%s' does not come: %.300s", text, out);
}

static void live_stop(struct live *l)
{
	int status;

	kill(l->pid, SIGINT);
	ASSERT_EQ(waitpid(l->pid, &status, 0), l->pid);
	EXPECT_EQ(status, 0);
	close(l->fd);
}

/* Those of this process: "command=" tells them apart. */
static void invoke(uint32_t command)
{
	struct tee_ioctl_param p = VALUE_IN(TEE_ERROR_BAD_STATE, 0);
	struct tee_answer answer;
	struct client echo;

	client_open(&echo, app_echo);
	tee_invoke(echo.fd, echo.session, command, &p, 1, &answer);
	client_close(&echo);
}

static void invoke_now(void)
{
	invoke(ECHO_CMD_RESULT);
}

TEST(trace_shows_what_happens_while_it_goes_on)
{
	struct live l;
	char pid[32];

	begin();
	invoke(77);
	live_start(&l, "trace", NULL);
	live_prints(&l, " command=4 error=0 result=0xffff0007 ", invoke_now);
	/* Both worlds are there. */
	live_prints(&l, " secure_command ", invoke_now);
	snprintf(pid, sizeof(pid), "teectl-look-%d ", getpid());
	HAS(pid);
	live_stop(&l);
	EXPECT_MSG(!strstr(out, "command=77"), "it shows what was before it: %.300s", out);
	EXPECT(!instance_is_left());
}

TEST(log_follows_the_console)
{
	unsigned int number = 77;
	char line[64];
	struct live l;
	struct raw r;

	world_need();
	/* One that nobody has tried. */
	do {
		snprintf(line, sizeof(line), "yielding call %x is unknown",
			 OPTEE_SMC_YIELDING(++number));
		ASSERT_EQ(shell("teectl log"), 0);
	} while (strstr(out, line));
	live_start(&l, "log", "--follow");
	live_prints(&l, "\n", NULL);
	raw_init(&r, RAW_PAGE_FREE);
	EXPECT_EQ(raw_finish(&r, raw_start(&r, OPTEE_SMC_YIELDING(number), 0, 0, 0)),
		  OPTEE_SMC_RETURN_EBADCMD);
	live_prints(&l, line, NULL);
	live_stop(&l);
}

TEST(driver_that_shows_nothing_is_named)
{
	if (!modules_are_stock())
		SKIP("our drivers show something");
	close(client_device());
	EXPECT_EQ(shell("teectl threads"), 3);
	HAS("tee0: its driver shows no threads in debugfs");
	EXPECT_EQ(shell("teectl trace -- true"), 3);
	HAS("the loaded drivers have no events");
}
