// SPDX-License-Identifier: BSD-2-Clause
/* Events of the drivers: in order, in pairs, with what was asked for in them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "abi/optee_ffa.h"
#include "abi/optee_smc.h"
#include "clock.h"
#include "client.h"
#include "harness.h"
#include "look.h"
#include "notif.h"
#include "supplicant.h"
#include "world.h"

#define TRACING		"/sys/kernel/tracing"
#define INSTANCE	TRACING "/instances/omnitee-test"
#define TRACE_SIZE	(1 << 20)

static const uint8_t app_storage[] = APP_STORAGE_UUID;

static char trace[TRACE_SIZE];
/* Where the next event is looked for. */
static const char *position;

static void put(const char *file, const char *text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), INSTANCE "/%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ASSERT_MSG(fd >= 0, "%s: %m", path);
	ASSERT_EQ(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* Events of all tasks, from now on. */
static void begin_all(void)
{
	look_need();
	world_need();
	if (access(TRACING "/instances", F_OK))
		mount("tracefs", TRACING, "tracefs", 0, NULL);
	/* Of a case that was killed. */
	rmdir(INSTANCE);
	ASSERT_MSG(!mkdir(INSTANCE, 0700), INSTANCE ": %m");
	put("events/tee/enable", "1");
	put("events/optee/enable", "1");
}

/* Only those of this process and its children. */
static void begin(void)
{
	char pid[16];

	begin_all();
	snprintf(pid, sizeof(pid), "%d", getpid());
	put("options/event-fork", "1");
	put("set_event_pid", pid);
}

/* The events so far: @trace has them. */
static void take(void)
{
	size_t used = 0;
	ssize_t got;
	int fd;

	fd = open(INSTANCE "/trace", O_RDONLY | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	while (used < TRACE_SIZE - 1 && (got = read(fd, trace + used, TRACE_SIZE - 1 - used)) > 0)
		used += got;
	trace[used] = '\0';
	close(fd);
}

/* No more events. */
static void end(void)
{
	put("tracing_on", "0");
	take();
	put("events/enable", "0");
	ASSERT_EQ(rmdir(INSTANCE), 0);
	position = trace;
}

/* The next event of this name behind the last one found that has @fields; ends the case if none. */
static const char *next(const char *name, const char *fields)
{
	static char line[1024];
	char what[64];

	snprintf(what, sizeof(what), ": %s: ", name);
	while ((position = strstr(position, what))) {
		size_t len = strcspn(position, "\n");

		snprintf(line, sizeof(line), "%.*s ", (int)len - 2, position + 2);
		position += len;
		if (strstr(line, fields))
			return line;
	}
	FAIL("there is no %s with '%s'", name, fields);
}

static unsigned int count(const char *name)
{
	unsigned int n = 0;
	char what[64];

	snprintf(what, sizeof(what), ": %s: ", name);
	for (const char *p = trace; (p = strstr(p, what)); p++)
		n++;
	return n;
}

TEST(invoke_is_seen_from_its_beginning_to_its_end)
{
	char session[32], function[32];
	struct client echo;

	begin();
	client_open(&echo, app_echo);
	client_echo(&echo, 1, 2);
	client_close(&echo);
	end();

	snprintf(session, sizeof(session), "session=%u ", echo.session);
	snprintf(function, sizeof(function), "function=%#x ",
		 optee_is_over_ffa() ? OPTEE_FFA_YIELDING_CALL_WITH_ARG :
				       OPTEE_SMC_CALL_WITH_REGD_ARG);
	next("tee_open_session", "dev=0 uuid=6f6d6e69-7465-4500-8000-000000000001 login=0");
	next("tee_call_begin", "dev=0 op=open ");
	EXPECT_GT(look_number(next("tee_call_end", session), "ns"), 0);

	next("tee_call_begin", "op=invoke ");
	next("optee_call_begin", "cmd=invoke ");
	next("optee_switch_enter", function);
	EXPECT_GT(look_number(next("optee_switch_leave", function), "ns"), 0);
	EXPECT_GT(look_number(next("optee_call_end", "cmd=invoke "), "ns"), 0);
	EXPECT(strstr(next("tee_call_end", session), "command=1 error=0 result=0x0 "));
	next("tee_call_begin", "op=close ");
	next("optee_call_end", "cmd=close ");
	next("tee_call_end", "op=close ");
	EXPECT_EQ(count("tee_call_begin"), count("tee_call_end"));
	EXPECT_EQ(count("optee_call_begin"), count("optee_call_end"));
	EXPECT_EQ(count("optee_switch_enter"), count("optee_switch_leave"));
	EXPECT_GE(count("optee_switch_enter"), 3);
}

TEST(answer_of_an_application_has_its_code_and_origin)
{
	struct tee_ioctl_param p = VALUE_IN(TEE_ERROR_BAD_STATE, 0);
	struct tee_answer answer;
	struct client echo;

	begin();
	client_open(&echo, app_echo);
	ASSERT_RC(tee_invoke(echo.fd, echo.session, ECHO_CMD_RESULT, &p, 1, &answer), 0);
	ASSERT_RC(tee_invoke(echo.fd, echo.session + 77, 0, NULL, 0, &answer), -EINVAL);
	client_close(&echo);
	end();

	next("optee_call_end", "status=0x0 result=0xffff0007 origin=4 ");
	next("tee_call_end", "op=invoke ");
	position = trace;
	next("tee_call_end", "command=4 error=0 result=0xffff0007 origin=4 ");
	next("tee_call_end", "command=0 error=-22 result=0x0 ");
}

TEST(requests_of_the_secure_world_are_seen)
{
	struct tee_ioctl_param out = VALUE_OUT, value = VALUE_IN(200, 0);
	struct client sleeper;

	begin();
	client_open(&sleeper, app_sleeper);
	client_invoke(&sleeper, SLEEPER_CMD_TIME, &out, 1);
	client_invoke(&sleeper, SLEEPER_CMD_SEND, &value, 1);
	client_invoke(&sleeper, SLEEPER_CMD_WAIT, &value, 1);
	client_close(&sleeper);
	end();

	/* Between two switches, the second of which goes on. */
	next("optee_switch_leave", optee_is_over_ffa() ? "status=0x1 " : "status=0xffff0005 ");
	next("optee_rpc_begin", "dev=0 cmd=3 ");
	EXPECT_GT(look_number(next("optee_rpc_end", "cmd=3 error=0 result=0x0 "), "ns"), 0);
	next("optee_switch_enter",
	     optee_is_over_ffa() ? "function=0x80000001 " : "function=0x32000003 ");
	next("optee_rpc_begin", "cmd=4 ");
	next("optee_notif_send", "dev=0 value=200 result=0x0 ");
	next("optee_rpc_end", "cmd=4 ");
	next("optee_notif_wait_begin", "dev=0 value=200 timeout_ms=0 ");
	next("optee_notif_wait_end", "dev=0 value=200 result=0x0 ");
	EXPECT_EQ(count("optee_rpc_begin"), 3);
	EXPECT_EQ(count("optee_rpc_end"), 3);
}

TEST(notification_by_interrupt_is_seen)
{
	uint64_t patience = clock_ms() + PATIENCE_MS;
	struct notif_waiter w;
	int64_t before, halves;

	look_need();
	notif_need_own_interrupt();
	before = look("stats", "notification-async");
	halves = look("stats", "call-bottom-half");
	begin_all();
	notif_wait_start(&w, 21);
	notif_raise(0, 21);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	notif_raise(0, 0);
	/* A worker makes that call: it is counted before its event is there. */
	do {
		sleep_ms(10);
		take();
	} while (!strstr(trace, "optee_call_end: dev=0 cmd=bottom-half") && clock_ms() < patience);
	end();

	next("optee_notif_wait_begin", "dev=0 value=21 ");
	next("optee_notif_async", "dev=0 value=21 ");
	next("optee_notif_async", "dev=0 value=0 ");
	next("optee_call_end", "cmd=bottom-half ");
	position = trace;
	next("optee_notif_wait_end", "dev=0 value=21 result=0x0 ");
	EXPECT_EQ(look("stats", "notification-async"), before + 2);
	EXPECT_EQ(look("stats", "call-bottom-half"), halves + 1);
}

TEST(requests_for_the_supplicant_go_from_queue_to_answer)
{
	struct client storage;
	struct fake *fake;
	char id[48];

	begin();
	supp_need();
	fake = fake_start(NULL);
	client_open(&storage, app_storage);
	EXPECT_EQ(storage_write(&storage, "traced", "contents", 8), TEE_SUCCESS);
	client_close(&storage);
	fake_stop(fake);
	end();

	snprintf(id, sizeof(id), "dev=0 id=%lld ",
		 (long long)look_number(next("optee_supp_queued", "func=2 "), "id"));
	next("optee_supp_taken", id);
	next("optee_supp_answered", id);
	EXPECT_EQ(count("optee_supp_queued"), count("optee_supp_taken"));
	EXPECT_EQ(count("optee_supp_queued"), count("optee_supp_answered"));
	EXPECT_EQ(count("optee_supp_revoked"), 0);
}

TEST(request_of_a_killed_client_is_revoked)
{
	char line[512], key[32], id[48];
	pid_t pid;

	begin();
	pid = fork();
	if (!pid) {
		struct client storage;

		client_open(&storage, app_storage);
		storage_write(&storage, "nobody-serves-this", "x", 1);
		_exit(0);
	}
	snprintf(key, sizeof(key), "pid=%d ", pid);
	ASSERT(look_wait("threads", key, "state=supplicant", line));
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	ASSERT(look_wait_gone("threads", key, "call="));
	end();

	snprintf(id, sizeof(id), "dev=0 id=%lld ",
		 (long long)look_number(next("optee_supp_queued", ""), "id"));
	next("optee_supp_revoked", id);
	/* It has no end but this. */
	next("optee_supp_answered", id);
	position = trace;
	/* The task leaves the call, with an end of its own. */
	next("optee_call_end", "cmd=invoke ");
	EXPECT_EQ(count("optee_supp_taken"), 0);
	world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS);
}

/* Over FF-A no call of OP-TEE's tells of memory. */
static void memory_call_is_next(const char *cmd)
{
	char what[32];

	if (optee_is_over_ffa())
		return;
	snprintf(what, sizeof(what), "cmd=%s ", cmd);
	next("optee_call_begin", what);
	next("optee_call_end", what);
}

/* An end that went well, and took some time. Its size */
static int64_t ended(const char *line)
{
	EXPECT_EQ(look_number(line, "error"), 0);
	EXPECT_GT(look_number(line, "ns"), 0);
	return look_number(line, "size");
}

TEST(memory_is_seen_when_it_comes_and_goes)
{
	static uint8_t mine[4096] __attribute__((aligned(4096)));
	struct tee_buf buf[2];
	char id[2][32];
	int fd;

	begin();
	fd = client_device();
	client_alloc(fd, 12288, &buf[0]);
	client_register(fd, mine, 4000, &buf[1]);
	for (int n = 0; n < 2; n++) {
		snprintf(id[n], sizeof(id[n]), "dev=0 id=%d ", buf[n].id);
		tee_free(&buf[n]);
	}
	close(fd);
	end();

	next("tee_shm_alloc_begin", "dev=0 size=12288 ");
	memory_call_is_next("register");
	EXPECT_EQ(ended(next("tee_shm_alloc_end", id[0])), 12288);
	next("tee_shm_register_begin", "dev=0 size=4000 ");
	memory_call_is_next("register");
	EXPECT_EQ(ended(next("tee_shm_register_end", id[1])), 4000);
	for (int n = 0; n < 2; n++) {
		next("tee_shm_unregister_begin", id[n]);
		memory_call_is_next("unregister");
		EXPECT_EQ(ended(next("tee_shm_unregister_end", id[n])), n ? 4000 : 12288);
	}
	EXPECT_EQ(count("tee_shm_unregister_begin"), count("tee_shm_unregister_end"));
	EXPECT(!strstr(trace, "cookie=0:0"));
}

TEST(memory_that_cannot_be_shared_has_an_end_with_the_cause)
{
	void *there = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct tee_ioctl_shm_register_data data = { .addr = (uintptr_t)there, .length = 4096 };
	int fd;

	ASSERT(there != MAP_FAILED);
	begin();
	fd = client_device();
	EXPECT_RC(ioctl(fd, TEE_IOC_SHM_REGISTER, &data) < 0 ? -errno : 0, -EFAULT);
	close(fd);
	end();

	next("tee_shm_register_begin", "dev=0 size=4096 ");
	next("tee_shm_register_end", "size=4096 cookie=0:0 error=-14 ");
	EXPECT_EQ(count("tee_shm_register_begin"), count("tee_shm_register_end"));
}

TEST(no_event_has_an_address_of_the_kernel)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(100, 0), NO_PARAM };
	struct client c, sleeper;
	struct tee_buf buf;
	const char *address;

	begin();
	client_open(&c, app_slow);
	client_open(&sleeper, app_sleeper);
	client_alloc(c.fd, 8192, &buf);
	client_invoke(&c, SLOW_CMD_SPIN, p, 2);
	client_invoke(&sleeper, SLEEPER_CMD_SUSPEND, p, 1);
	tee_free(&buf);
	client_close(&sleeper);
	client_close(&c);
	end();

	EXPECT_GE(count("optee_switch_enter"), 5);
	address = look_for_address(trace);
	EXPECT_MSG(!address, "the trace has %s", address);
}
