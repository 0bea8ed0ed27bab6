// SPDX-License-Identifier: BSD-2-Clause
/* QTEE's device that goes, and comes, while processes are in the middle of it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "klog.h"
#include "qtee.h"
#include "sysfs.h"
#include "unbind.h"
#include "victim.h"
#include "world.h"

#define DRIVER		"/sys/bus/platform/drivers/qcomtee/"
#define DEVICE		"qcomtee"
#define CALLEE		77
#define ROUNDS		6
#define CLIENTS		4
#define FOR_EVER	(1ULL << 60)

static void need_unbinding(void)
{
	world_need();
	qtee_path();
	time_limit(120);
	if (modules_are_stock())
		SKIP("the packaged driver's device is not made to go while it is used");
}

static pid_t unbind_it(void)
{
	return unbind(DRIVER "unbind", DEVICE, qtee_path());
}

static void bind(void)
{
	ASSERT_RC(sysfs_write(DRIVER "bind", DEVICE), 0);
	bound_again(qtee_path());
}

static void end_of_device(pid_t unbinding)
{
	int status;

	ASSERT_EQ(waitpid(unbinding, &status, 0), unbinding);
	EXPECT_EQ(status, 0);
	/* Whatever it was: the last is told before the device is gone. */
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_EXPORTED), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_CONVERSATIONS), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_MAPPINGS), 0);
	bind();
	qtee_still_works();
}

static int forward(int fd, uint64_t caller, int32_t *ret)
{
	uint32_t op = 1;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };

	return qtee_invoke(fd, caller, QTEE_CALLER_FORWARD, p, 2, ret);
}

/* A process whose client waits for an answer, and what both see when the device goes. */
static void wait_to_be_told(struct shared *shared)
{
	struct qtee_request r;
	struct qtee_client c;
	uint64_t caller;
	int32_t ret = 0;
	pid_t pid;
	int rc;

	qtee_client_open(&c, NULL, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	qtee_server_stop(&c.server);
	pid = fork();
	if (!pid) {
		EXPECT_RC(forward(c.fd, caller, &ret), 0);
		EXPECT_EQ(ret, QTEE_DEFUNCT);
		_exit(0);
	}
	do {
		rc = qtee_recv(c.fd, &r);
	} while (!rc && r.op == QTEE_OP_RELEASE);
	EXPECT_RC(rc, 0);
	__atomic_add_fetch(&shared->received, 1, __ATOMIC_SEQ_CST);
	/* Waits for another one until the device goes. */
	EXPECT_RC(qtee_recv(c.fd, &r), -ENODEV);
	EXPECT_RC(qtee_send(c.fd, &r, 0), -ENODEV);
	waitpid(pid, NULL, 0);
	_exit(0);
}

TEST(device_goes_while_callbacks_wait)
{
	struct shared *shared = share();
	pid_t pids[CLIENTS], unbinding;

	need_unbinding();
	for (unsigned int i = 0; i < CLIENTS; i++) {
		pids[i] = fork();
		if (!pids[i])
			wait_to_be_told(shared);
	}
	ASSERT(wait_for(&shared->received, CLIENTS));
	unbinding = unbind_it();
	for (unsigned int i = 0; i < CLIENTS; i++)
		ASSERT_EQ(waitpid(pids[i], NULL, 0), pids[i]);
	end_of_device(unbinding);
}

/* Objects of both sides, and memory, that the file has when the device goes. */
TEST(device_goes_with_objects_alive)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	uint64_t size = 0;
	struct qtee_client c;
	struct tee_buf buf;
	uint64_t caller, memory;
	int32_t ret = 0;
	pid_t unbinding;

	need_unbinding();
	qtee_client_open(&c, NULL, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	memory = qtee_service(&c, QTEE_UID_MEMORY);
	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	client_alloc(c.fd, 8192, &buf);
	struct tee_ioctl_param map[] = { UBUF_OUT(&size, 8), OBJECT_MEM(buf.id) };

	ASSERT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_KEEP, map, 2), 0);
	qtee_server_stop(&c.server);
	/* Who unbinds would wait for himself. */
	ASSERT_EQ(madvise(buf.va, buf.size, MADV_DONTFORK), 0);
	unbinding = unbind_it();
	EXPECT_RC(qtee_invoke(c.fd, caller, QTEE_CALLER_KEEP, &keep, 1, &ret), -ENODEV);
	/* It is mapped here, too, and stays. */
	memset(buf.va, 0x5a, buf.size);
	EXPECT_EQ(waitpid(unbinding, NULL, WNOHANG), 0);
	tee_free(&buf);
	close(c.fd);
	end_of_device(unbinding);
}

static int32_t serve_ok(struct qtee_server *s, struct qtee_request *r)
{
	return 0;
}

/* QTEE brings to their ends what the driver has left. */
static void end_calls(uint64_t calls)
{
	struct sim_control c = { .op = SIM_OP_QTEE_END };

	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_CONVERSATIONS), calls);
	do {
		ASSERT_RC(world_control(&c), 0);
		ASSERT_EQ(c.status, SMCCC_SUCCESS);
	} while (c.ret[0]);
}

/* The device goes, and is there again; a call is left that QTEE did not end. */
static void end_with_a_call_left(struct qtee_client *c)
{
	pid_t unbinding;
	int status;

	qtee_server_stop(&c->server);
	unbinding = unbind_it();
	close(c->fd);
	ASSERT_EQ(waitpid(unbinding, &status, 0), unbinding);
	EXPECT_EQ(status, 0);
	world_faults_off();
	end_calls(1);
	/* Of the call that has ended just now, and are told with the next. */
	bind();
	qtee_still_works();
	/* Releases may be under way. */
	EXPECT(world_wait(SIM_COUNTER_QTEE_CONVERSATIONS, 0, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_QTEE_REMOTES, 0, PATIENCE_MS));
}

/* From now on QTEE takes no answer. */
static int32_t serve_and_close(struct qtee_server *s, struct qtee_request *r)
{
	world_fault(SIM_FAULT_QTEE_CB_BUSY, FOR_EVER, 0);
	return 0;
}

TEST(device_goes_while_qtee_takes_no_answer)
{
	struct qtee_client c;
	uint64_t caller;
	int32_t ret;

	need_unbinding();
	qtee_client_open(&c, serve_and_close, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	EXPECT_RC(forward(c.fd, caller, &ret), -ENODEV);
	end_with_a_call_left(&c);
}

TEST(device_goes_while_a_service_is_busy_for_ever)
{
	uint32_t for_ever = UINT32_MAX;
	struct tee_ioctl_param p = UBUF_IN(&for_ever, sizeof(for_ever));
	uint64_t sleeper, interrupted;
	struct qtee_client c;
	int32_t ret;
	pid_t pid;

	need_unbinding();
	if (kernel_is("newest"))
		SKIP("the kernel's own driver makes the calls, and does not leave them");
	qtee_client_open(&c, NULL, 1);
	sleeper = qtee_service(&c, QTEE_UID_SLEEPER);
	interrupted = world_counter(SIM_COUNTER_QTEE_INTERRUPTED);
	pid = fork();
	if (!pid) {
		qtee_invoke(c.fd, sleeper, QTEE_SLEEPER_SPIN, &p, 1, &ret);
		_exit(1);
	}
	ASSERT(world_wait_min(SIM_COUNTER_QTEE_INTERRUPTED, interrupted + 5, PATIENCE_MS));
	kill_and_wait(pid);
	end_with_a_call_left(&c);
}

TEST(device_goes_while_qtee_calls_without_end)
{
	uint32_t unused = 0;
	struct tee_ioctl_param p = UBUF_IN(&unused, sizeof(unused));
	uint64_t sleeper, callbacks;
	struct qtee_client c;
	int32_t ret;
	pid_t pid;

	need_unbinding();
	qtee_client_open(&c, NULL, 1);
	sleeper = qtee_service(&c, QTEE_UID_SLEEPER);
	callbacks = world_counter(SIM_COUNTER_QTEE_CALLBACKS);
	pid = fork();
	if (!pid) {
		qtee_invoke(c.fd, sleeper, QTEE_SLEEPER_INSIST, &p, 1, &ret);
		_exit(1);
	}
	ASSERT(world_wait_min(SIM_COUNTER_QTEE_CALLBACKS, callbacks + 10, PATIENCE_MS));
	kill_and_wait(pid);
	/* A worker answers, and is called again. */
	callbacks = world_counter(SIM_COUNTER_QTEE_CALLBACKS);
	ASSERT(world_wait_min(SIM_COUNTER_QTEE_CALLBACKS, callbacks + 10, PATIENCE_MS));
	end_with_a_call_left(&c);
}

/* Whoever binds is killed while QTEE is asked for its version; a worker goes on with that. */
TEST(probe_that_fails_leaves_a_call_without_end)
{
	uint64_t end, interrupted;
	pid_t pid;

	need_unbinding();
	if (kernel_is("newest"))
		SKIP("the kernel's own driver makes the calls, and does not leave them");
	ASSERT_RC(sysfs_write(DRIVER "unbind", DEVICE), 0);
	/* Then there is no number for the device. */
	ASSERT_EQ(system("modprobe omnitee-minors"), 0);
	interrupted = world_counter(SIM_COUNTER_QTEE_INTERRUPTED);
	world_fault(SIM_FAULT_QTEE_INTERRUPTED, FOR_EVER, 0);
	pid = fork();
	if (!pid) {
		sysfs_write(DRIVER "bind", DEVICE);
		_exit(1);
	}
	ASSERT(world_wait_min(SIM_COUNTER_QTEE_INTERRUPTED, interrupted + 10, PATIENCE_MS));
	kill(pid, SIGKILL);
	end = clock_ms() + PATIENCE_MS;
	while (waitpid(pid, NULL, WNOHANG) != pid) {
		ASSERT_MSG(clock_ms() < end, "the probe does not end");
		sleep_ms(10);
	}
	world_faults_off();
	end_calls(1);
	ASSERT_EQ(system("rmmod omnitee-minors"), 0);
	ASSERT(access(qtee_path(), F_OK));
	bind();
	qtee_still_works();
}

/* Until the device goes, or it is killed. */
static void forward_on(struct shared *shared)
{
	struct qtee_client c;
	uint64_t caller;
	int32_t ret;

	qtee_client_open(&c, serve_ok, 2);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	__atomic_add_fetch(&shared->received, 1, __ATOMIC_SEQ_CST);
	while (!forward(c.fd, caller, &ret))
		__atomic_add_fetch(&shared->begun, 1, __ATOMIC_SEQ_CST);
	_exit(0);
}

TEST(device_goes_while_clients_and_supplicants_work)
{
	struct shared *shared = share();

	need_unbinding();
	for (unsigned int round = 0; round < rounds(ROUNDS); round++) {
		pid_t pids[CLIENTS], unbinding;

		memset(shared, 0, sizeof(*shared));
		for (unsigned int i = 0; i < CLIENTS; i++) {
			pids[i] = fork();
			if (!pids[i])
				forward_on(shared);
		}
		ASSERT(wait_for(&shared->received, CLIENTS));
		ASSERT(wait_for(&shared->begun, 1 + 3 * round));
		unbinding = unbind_it();
		/* They go of their own accord, or at any moment. */
		for (unsigned int i = 0; i < CLIENTS && round & 1; i++)
			kill(pids[i], SIGKILL);
		for (unsigned int i = 0; i < CLIENTS; i++)
			ASSERT_EQ(waitpid(pids[i], NULL, 0), pids[i]);
		end_of_device(unbinding);
	}
}

/* Opens the node as soon as it is there, and uses whatever it finds behind it. */
static void *first_user(void *arg)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	struct tee_ioctl_param p[] = { OBJECT_NULL, OBJECT_OUT };
	int32_t ret = 0;
	int fd;

	while ((fd = open(qtee_path(), O_RDWR | O_CLOEXEC)) < 0)
		ASSERT(clock_ms() < end);
	/* Without credentials: an environment all the same. */
	EXPECT_RC(qtee_invoke(fd, TEE_OBJREF_NULL, QTEE_OP_ROOT_REGISTER, p, 2, &ret), 0);
	EXPECT_EQ(ret, 0);
	qtee_release(fd, p[1].a);
	close(fd);
	return NULL;
}

TEST(node_is_there_when_its_device_is_ready)
{
	need_unbinding();
	for (unsigned int round = 0; round < rounds(ROUNDS); round++) {
		pthread_t thread;

		ASSERT_RC(sysfs_write(DRIVER "unbind", DEVICE), 0);
		ASSERT_EQ(pthread_create(&thread, NULL, first_user, NULL), 0);
		bind();
		ASSERT_EQ(pthread_join(thread, NULL), 0);
	}
}

TEST(version_is_asked_for_and_is_not_needed)
{
	/* 0: none. What QTEE says of the place of the version is not believed. */
	static const struct {
		unsigned int fault;
		uint64_t value;
		const char *line;
	} probes[] = {
		{ 0, 0, "QTEE 5.2.0 by" },
		{ SIM_FAULT_QTEE_OB_SIZE, 4096, "QTEE 5.2.0 by" },
		{ SIM_FAULT_QTEE_OB_SIZE, 0xffffffff, "QTEE 5.2.0 by" },
		{ SIM_FAULT_QTEE_OB_OFFSET, 0xfffffff8, "QTEE 5.2.0 by" },
		{ SIM_FAULT_QTEE_STATUS, (uint64_t)QTEE_SMC_ENOMEM, "QTEE 0.0.0 by" },
		{ SIM_FAULT_QTEE_RESULT, (uint32_t)QTEE_UNAVAIL, "QTEE 0.0.0 by" },
		{ SIM_FAULT_QTEE_OO, QTEE_OBJECT_PRIMORDIAL, "QTEE 0.0.0 by" },
		{ SIM_FAULT_QTEE_OO, QTEE_OBJECT_NULL, "QTEE 0.0.0 by" },
	};

	need_unbinding();
	for (unsigned int i = 0; i < ARRAY_SIZE(probes); i++) {
		int klog = klog_open();

		ASSERT_GE(klog, 0);
		ASSERT_RC(sysfs_write(DRIVER "unbind", DEVICE), 0);
		if (probes[i].fault)
			world_fault(probes[i].fault, 1, probes[i].value);
		bind();
		world_faults_off();
		EXPECT_MSG(klog_count(klog, probes[i].line) == 1, "probe %u: not \"%s\"", i,
			   probes[i].line);
		close(klog);
		qtee_still_works();
	}
}
