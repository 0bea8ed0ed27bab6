// SPDX-License-Identifier: BSD-2-Clause
/* What debugfs shows of calls, sessions and memory is so. */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "array.h"
#include "clock.h"
#include "client.h"
#include "driver.h"
#include "harness.h"
#include "held.h"
#include "look.h"
#include "supplicant.h"
#include "world.h"

#define HOLD_MS		60000
#define CALLS		100

static const uint8_t app_hog[] = APP_HOG_UUID;
static const uint8_t app_sleeper[] = APP_SLEEPER_UUID;
static const uint8_t app_storage[] = APP_STORAGE_UUID;

static void begin(void)
{
	look_need();
	world_need();
}

static void hold(void)
{
	struct tee_ioctl_param p = VALUE_IN(HOLD_MS, 0);
	struct tee_answer answer;
	struct client hog;

	client_open(&hog, app_hog);
	tee_invoke(hog.fd, hog.session, HOG_CMD_HOLD, &p, 1, &answer);
	_exit(0);
}

static void wait_for_supplicant(void)
{
	struct client storage;

	client_open(&storage, app_storage);
	storage_write(&storage, "nobody-serves-this", "x", 1);
	_exit(0);
}

static void echo_once(void)
{
	struct client echo;

	client_open(&echo, app_echo);
	client_echo(&echo, 1, 2);
	_exit(0);
}

/* A process that does this; @key: how files name it */
static pid_t child(void (*body)(void), char key[32])
{
	pid_t pid = fork();

	if (!pid)
		body();
	ASSERT_GT(pid, 0);
	snprintf(key, 32, "pid=%d ", pid);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
}

TEST(calls_are_counted_by_their_kind)
{
	static char before[LOOK_SIZE], after[LOOK_SIZE];
	struct tee_buf buf;
	struct client echo;

	begin();
	look_read("stats", before);
	client_open(&echo, app_echo);
	for (int i = 0; i < CALLS; i++)
		client_echo(&echo, i, i);
	client_alloc(echo.fd, 4096, &buf);
	tee_free(&buf);
	tee_cancel(echo.fd, echo.session);
	client_close(&echo);
	look_read("stats", after);
#define COUNTED(key)	(look_number(after, key) - look_number(before, key))
	EXPECT_EQ(COUNTED("call-invoke"), CALLS);
	EXPECT_EQ(COUNTED("call-open"), 1);
	EXPECT_EQ(COUNTED("call-close"), 1);
	EXPECT_EQ(COUNTED("call-cancel"), 1);
	/* Over FF-A no call of OP-TEE's tells of memory. */
	EXPECT_EQ(COUNTED("call-register"), !optee_is_over_ffa());
	EXPECT_EQ(COUNTED("call-unregister"), !optee_is_over_ffa());
	EXPECT_EQ(COUNTED("call-other"), 0);
	EXPECT_EQ(COUNTED("failed"), 0);
	EXPECT_EQ(COUNTED("handed-over"), 0);
#undef COUNTED
}

TEST(both_worlds_count_the_same_switches)
{
	struct tee_ioctl_param ms = VALUE_IN(200, 0), p[2] = { VALUE_IN(50, 0), NO_PARAM };
	uint64_t calls, returns, interrupts, rpcs;
	int64_t switches, breaks, messages;
	struct client sleeper, slow;

	begin();
	client_open(&sleeper, app_sleeper);
	client_open(&slow, app_slow);
	calls = world_counter(SIM_COUNTER_YIELDING_CALLS);
	returns = world_counter(SIM_COUNTER_RPC_RETURNS);
	interrupts = world_counter(SIM_COUNTER_INTERRUPTS);
	rpcs = world_counter(SIM_COUNTER_RPC_COMMANDS);
	switches = look("stats", "switches");
	breaks = look("stats", "interrupts");
	messages = look("stats", "rpcs");
	p[0].a = 300;
	client_invoke(&slow, SLOW_CMD_SPIN, p, 2);
	client_invoke(&sleeper, SLEEPER_CMD_SUSPEND, &ms, 1);
	/* An entry each: the calls, and what goes on after an RPC or an interrupt. */
	EXPECT_EQ(look("stats", "switches") - switches,
		  world_counter(SIM_COUNTER_YIELDING_CALLS) - calls +
		  world_counter(SIM_COUNTER_RPC_RETURNS) - returns);
	EXPECT_EQ(look("stats", "interrupts") - breaks,
		  world_counter(SIM_COUNTER_INTERRUPTS) - interrupts);
	EXPECT_GT(look("stats", "interrupts") - breaks, 0);
	EXPECT_EQ(look("stats", "rpcs") - messages, world_counter(SIM_COUNTER_RPC_COMMANDS) - rpcs);
	EXPECT_EQ(look("stats", "rpcs") - messages, 1);
	client_close(&slow);
	client_close(&sleeper);
}

TEST(application_that_sleeps_shows_who_holds_its_thread)
{
	char key[32], line[512] = "";
	pid_t pid;

	begin();
	pid = child(hold, key);
	ASSERT(look_wait("threads", key, "call=invoke", line));
	ASSERT(look_wait("threads", key, "state=rpc", line));
	EXPECT_EQ(look_number(line, "rpc"), OPTEE_RPC_CMD_SUSPEND);
	EXPECT_EQ(look_number(line, "command"), HOG_CMD_HOLD);
	EXPECT_EQ(look_number(line, "worker"), 0);
	EXPECT_MSG(strstr(line, "comm=optee-debugfs"), "%s", line);
	sleep_ms(300);
	ASSERT(look_wait("threads", key, "state=rpc", line));
	EXPECT_GE(look_number(line, "ms"), 250);
	held_release();
	EXPECT(look_wait_gone("threads", key, "call=invoke"));
	end(pid);
}

TEST(call_that_computes_is_in_the_secure_world)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(HELD_MS, 0), NO_PARAM };
	char key[32], line[512] = "";
	struct client slow;
	pid_t pid;

	begin();
	pid = fork();
	if (!pid) {
		client_open(&slow, app_slow);
		client_invoke(&slow, SLOW_CMD_RELEASABLE, p, 2);
		_exit(0);
	}
	snprintf(key, sizeof(key), "pid=%d ", pid);
	EXPECT(look_wait("threads", key, "state=secure", line));
	EXPECT_EQ(look_number(line, "rpc"), -1);
	end(pid);
	EXPECT(held_release_all());
}

TEST(call_of_a_killed_client_is_a_workers)
{
	char key[32], line[512] = "";
	int64_t left;
	pid_t pid;

	begin();
	left = look("stats", "handed-over");
	pid = child(hold, key);
	ASSERT(look_wait("threads", key, "state=rpc", line));
	end(pid);
	EXPECT(look_wait("threads", key, "worker=1", line));
	/* Whose it was is still told. */
	EXPECT_MSG(strstr(line, "comm=optee-debugfs"), "%s", line);
	EXPECT_EQ(look("stats", "handed-over"), left + 1);
	held_release();
	EXPECT(look_wait_gone("threads", key, "call=invoke"));
}

TEST(callers_without_a_thread_are_queued)
{
	char keys[65][32], line[512] = "";
	uint64_t threads;
	pid_t pids[65];
	int64_t waits;

	begin();
	if (optee_is_over_ffa())
		SKIP("how many threads there are is learnt, and doubted while somebody waits");
	threads = world_counter(SIM_COUNTER_THREADS);
	ASSERT_LE(threads, 64);
	waits = look("stats", "waits");
	for (uint64_t n = 0; n < threads; n++) {
		pids[n] = child(hold, keys[n]);
		/* Its call shows before it has a place. */
		ASSERT(look_wait("threads", keys[n], "state=rpc", line));
	}
	EXPECT_EQ(look("queue", "threads"), threads);
	EXPECT_EQ(look("queue", "free"), 0);
	EXPECT_EQ(look("queue", "waiting"), 0);
	pids[threads] = child(echo_once, keys[threads]);
	EXPECT(look_wait("threads", keys[threads], "state=queued", line));
	EXPECT_MSG(strstr(line, "call=open"), "%s", line);
	/* It shows so from its beginning on. */
	EXPECT(look_wait("queue", "waiting=1", "", line));
	held_release();
	for (uint64_t n = 0; n <= threads; n++)
		ASSERT_EQ(waitpid(pids[n], NULL, 0), pids[n]);
	/* Its open did; its invoke and close, and the holders' closes, may have had to, too. */
	EXPECT_GE(look("stats", "waits"), waits + 1);
	EXPECT_LE(look("stats", "waits"), waits + 3 + (int64_t)threads);
	/* Their sessions are closed behind their backs. */
	snprintf(keys[0], sizeof(keys[0]), "free=%u ", (unsigned int)threads);
	EXPECT(look_wait("queue", keys[0], "waiting=0", line));
}

TEST(call_that_waits_for_the_supplicant_names_the_request)
{
	char key[32], id[64], line[512] = "";
	int64_t revoked;
	pid_t pid;

	begin();
	EXPECT_EQ(look("supplicant", "pid"), 0);
	revoked = look("stats", "supplicant-revoked");
	pid = child(wait_for_supplicant, key);
	ASSERT(look_wait("threads", key, "state=supplicant", line));
	snprintf(id, sizeof(id), "id=%lld ", (long long)look_number(line, "request"));
	EXPECT(look_wait("supplicant", id, "state=queued", line));
	end(pid);
	EXPECT(look_wait_gone("supplicant", id, "state="));
	EXPECT_EQ(look("stats", "supplicant-revoked"), revoked + 1);
	world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS);
}

TEST(request_that_the_supplicant_has_is_taken)
{
	char key[32], line[512] = "";
	struct fake *fake;
	pid_t pid;

	begin();
	supp_need();
	fake = fake_start(NULL);
	supp_settle();
	fake->hold = OPTEE_RPC_CMD_FS;
	pid = child(wait_for_supplicant, key);
	fake_wait_held(fake);
	EXPECT_EQ(look("supplicant", "pid"), fake->pid);
	EXPECT(look_wait("supplicant", "func=2 ", "state=taken", line));
	end(pid);
	EXPECT(look_wait("supplicant", "func=2 ", "state=revoked", line));
	fake_stop(fake);
	EXPECT(look_wait_gone("supplicant", "func=2 ", "state="));
	world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS);
}

TEST(sessions_have_their_application_and_owner)
{
	char key[32], line[512] = "";
	struct client echo;
	uint32_t second;

	begin();
	client_open(&echo, app_echo);
	second = client_session(echo.fd, app_slow);
	snprintf(key, sizeof(key), "pid=%d ", getpid());
	EXPECT(look_wait("sessions", key, "uuid=6f6d6e69-7465-4500-8000-000000000001 ", line));
	EXPECT_EQ(look_number(line, "id"), echo.session);
	EXPECT(look_wait("sessions", key, "uuid=6f6d6e69-7465-4500-8000-000000000003 ", line));
	EXPECT_EQ(look_number(line, "id"), second);
	EXPECT_EQ(look_number(line, "kernel"), 0);
	ASSERT_RC(tee_close_session(echo.fd, second), 0);
	EXPECT(look_wait_gone("sessions", key, "uuid=6f6d6e69-7465-4500-8000-000000000003 "));
	client_close(&echo);
	EXPECT(look_wait_gone("sessions", key, "uuid="));
}

TEST(memory_is_counted_for_its_context)
{
	static uint8_t mine[8192] __attribute__((aligned(4096)));
	char key[32], line[512] = "";
	struct tee_buf buf[3];
	int fd;

	begin();
	fd = client_device();
	snprintf(key, sizeof(key), "pid=%d ", getpid());
	EXPECT(look_wait("contexts", key, "allocated=0 ", line));
	client_alloc(fd, 8192, &buf[0]);
	client_alloc(fd, 100, &buf[1]);
	client_register(fd, mine + 10, 4096, &buf[2]);
	EXPECT(look_wait("contexts", key, "allocated=2 ", line));
	/* Whole pages each; the registered ones are two. */
	EXPECT_EQ(look_number(line, "allocated_bytes"), 8192 + 4096);
	EXPECT_EQ(look_number(line, "registered"), 1);
	EXPECT_EQ(look_number(line, "registered_bytes"), 8192);
	EXPECT(look_wait("shm", key, "kind=registered", line));
	EXPECT_EQ(look_number(line, "id"), buf[2].id);
	EXPECT_EQ(look_number(line, "size"), 4096);
	for (int n = 0; n < 3; n++)
		tee_free(&buf[n]);
	EXPECT(look_wait("contexts", key, "allocated_bytes=0 ", line));
	EXPECT_EQ(look_number(line, "registered_bytes"), 0);
	EXPECT_EQ(look_number(line, "registered"), 0);
	EXPECT(look_wait_gone("shm", key, "id="));
	close(fd);
	EXPECT(look_wait_gone("contexts", key, "comm="));
}

static void latency_turn(const char *word)
{
	int fd = open(LOOK_DEVICE "/latency", O_WRONLY | O_CLOEXEC);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(write(fd, word, strlen(word)), strlen(word));
	close(fd);
}

/* Invokes in all classes of time together that begin at so many nanoseconds or later. */
static int64_t latency_invokes(int64_t ns)
{
	static char text[LOOK_SIZE];
	int64_t sum = 0;

	look_read("latency", text);
	for (char *p = text; (p = strstr(p, "call=invoke")); p++)
		if (look_number(p, "ns") >= ns)
			sum += look_number(p, "count");
	return sum;
}

/* A call of 300 ms at least is in the class that begins at 2^28 ns, or a later one. */
#define LONG_NS		(1LL << 28)

TEST(latencies_are_counted_while_the_histogram_is_on)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(300, 0), NO_PARAM };
	int64_t before, long_before;
	struct client echo, slow;

	begin();
	client_open(&echo, app_echo);
	client_open(&slow, app_slow);
	EXPECT_EQ(look("latency", "on"), 0);
	before = latency_invokes(0);
	long_before = latency_invokes(LONG_NS);
	client_echo(&echo, 1, 1);
	EXPECT_EQ(latency_invokes(0), before);
	latency_turn("1");
	EXPECT_EQ(look("latency", "on"), 1);
	for (int i = 0; i < CALLS; i++)
		client_echo(&echo, i, i);
	client_invoke(&slow, SLOW_CMD_SPIN, p, 2);
	latency_turn("0");
	EXPECT_EQ(latency_invokes(0), before + CALLS + 1);
	client_echo(&echo, 1, 1);
	EXPECT_EQ(latency_invokes(0), before + CALLS + 1);
	EXPECT_GE(latency_invokes(LONG_NS), long_before + 1);
	client_close(&slow);
	client_close(&echo);
}

TEST(nothing_but_a_boolean_turns_the_histogram)
{
	int fd;

	begin();
	fd = open(LOOK_DEVICE "/latency", O_RDWR | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	EXPECT_EQ(write(fd, "maybe", 5), -1);
	EXPECT_EQ(write(fd, "2", 1), -1);
	EXPECT_EQ(look("latency", "on"), 0);
	close(fd);
}

TEST(no_file_shows_an_address_of_the_kernel)
{
	static char text[LOOK_SIZE];
	char keys[2][32], line[512];
	struct dirent *entry;
	struct tee_buf buf;
	unsigned int files = 0;
	pid_t pids[2];
	DIR *dir;
	int fd;

	begin();
	fd = client_device();
	client_alloc(fd, 4096, &buf);
	pids[0] = child(hold, keys[0]);
	pids[1] = child(wait_for_supplicant, keys[1]);
	EXPECT(look_wait("threads", keys[0], "state=rpc", line));
	EXPECT(look_wait("threads", keys[1], "state=supplicant", line));
	dir = opendir(LOOK_DEVICE);
	ASSERT(dir);
	while ((entry = readdir(dir))) {
		const char *address;

		if (entry->d_name[0] == '.')
			continue;
		look_read(entry->d_name, text);
		address = look_for_address(text);
		EXPECT_MSG(!address, "%s shows %s", entry->d_name, address);
		files++;
	}
	closedir(dir);
	EXPECT_GE(files, 8);
	held_release();
	end(pids[1]);
	end(pids[0]);
	tee_free(&buf);
	world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS);
}

TEST(name_of_a_task_cannot_pretend_to_be_a_line)
{
	char name[] = "a\nid=1", key[32], line[512] = "";
	int fd;

	begin();
	snprintf(key, sizeof(key), "pid=%d ", getpid());
	fd = open("/proc/self/comm", O_WRONLY | O_CLOEXEC);
	ASSERT_EQ(write(fd, name, strlen(name)), strlen(name));
	close(fd);
	fd = client_device();
	EXPECT(look_wait("contexts", key, "comm=a\\nid=1", line));
	close(fd);
}

/* Readers of all files, until stopped. */
static atomic_bool stop;

static void *reader_thread(void *arg)
{
	static const char * const names[] = { "threads", "sessions", "stats", "contexts", "shm",
					      "queue", "supplicant", "latency" };
	char *text = malloc(LOOK_SIZE);

	ASSERT(text);
	while (!atomic_load(&stop))
		for (size_t n = 0; n < ARRAY_SIZE(names); n++)
			look_read(names[n], text);
	free(text);
	return NULL;
}

TEST(calls_go_on_while_somebody_reads)
{
	pthread_t reader;
	struct client c;

	begin();
	time_limit(60);
	ASSERT_EQ(pthread_create(&reader, NULL, reader_thread, NULL), 0);
	for (int i = 0; i < 100; i++) {
		struct tee_buf buf;

		client_open(&c, app_echo);
		client_alloc(c.fd, 4096, &buf);
		client_echo(&c, i, ~i);
		tee_free(&buf);
		client_close(&c);
	}
	atomic_store(&stop, true);
	pthread_join(reader, NULL);
}

TEST(open_file_outlives_its_device)
{
	char text[512];
	int fds[4];

	begin();
	fds[0] = open(LOOK_DEVICE "/threads", O_RDONLY | O_CLOEXEC);
	fds[1] = open(LOOK_DEVICE "/stats", O_RDONLY | O_CLOEXEC);
	fds[2] = open(LOOK_DEVICE "/contexts", O_RDONLY | O_CLOEXEC);
	fds[3] = open(LOOK_DEVICE "/latency", O_RDWR | O_CLOEXEC);
	for (int n = 0; n < 4; n++)
		ASSERT_GE(fds[n], 0);
	latency_turn("1");
	ASSERT_RC(driver_unbind(), 0);
	for (int n = 0; n < 4; n++)
		EXPECT_EQ(read(fds[n], text, sizeof(text)), -1);
	EXPECT_EQ(write(fds[3], "1", 1), -1);
	EXPECT_EQ(access(LOOK_DEVICE, F_OK), -1);
	ASSERT_RC(driver_bind(), 0);
	driver_wait_for_node();
	/* Of the new device, which has counted nothing of the kind. */
	EXPECT_EQ(look("latency", "on"), 0);
	for (int n = 0; n < 4; n++) {
		EXPECT_EQ(read(fds[n], text, sizeof(text)), -1);
		close(fds[n]);
	}
}
