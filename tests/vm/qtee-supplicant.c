// SPDX-License-Identifier: BSD-2-Clause
/* Requests of QTEE as the process sees them that serves its objects: order, room, answers. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "qtee.h"
#include "sysfs.h"
#include "world.h"

#define CALLEE	77
#define GONE_MS	3000

/**
 * struct asker - a thread that has QTEE call an object of this process
 */
struct asker {
	pthread_t thread;
	pid_t tid;
	int fd;
	uint64_t caller;
	uint32_t op;
	uint64_t object;
	const void *in;
	size_t in_size;
	void *out;
	size_t out_size;
	int rc;
	int32_t ret;
};

static void *ask(void *arg)
{
	struct asker *a = arg;
	struct tee_ioctl_param p[4] = { UBUF_IN(&a->op, sizeof(a->op)) };
	unsigned int n = 1;

	__atomic_store_n(&a->tid, gettid(), __ATOMIC_SEQ_CST);
	if (a->in)
		p[n++] = (struct tee_ioctl_param)UBUF_IN(a->in, a->in_size);
	if (a->out)
		p[n++] = (struct tee_ioctl_param)UBUF_OUT(a->out, a->out_size);
	p[n++] = (struct tee_ioctl_param)OBJECT_USER(a->object);
	a->rc = qtee_invoke(a->fd, a->caller, QTEE_CALLER_FORWARD, p, n, &a->ret);
	if (a->out)
		a->out_size = p[a->in ? 2 : 1].b;
	return NULL;
}

/* Each has a caller of its own, as one object may have one call at a time. */
static void asker_start(struct asker *a, int fd, uint64_t caller, uint32_t op)
{
	a->fd = fd;
	a->caller = caller;
	a->op = op;
	a->object = CALLEE;
	ASSERT_EQ(pthread_create(&a->thread, NULL, ask, a), 0);
}

/* Has its request been queued? It sleeps; the packaged driver's cannot be interrupted. */
static bool asker_waits(const struct asker *a)
{
	char path[64], text[128] = "";
	const char *state;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat",
		 __atomic_load_n(&a->tid, __ATOMIC_SEQ_CST));
	if (sysfs_read(path, text, sizeof(text)))
		return false;
	state = strrchr(text, ')');
	return state && (state[2] == 'S' || state[2] == 'D');
}

static void asker_start_queued(struct asker *a, int fd, uint64_t caller, uint32_t op)
{
	uint64_t end = clock_ms() + scaled(GONE_MS);
	uint64_t before;

	world_need();
	before = world_counter(SIM_COUNTER_QTEE_CALLBACKS);
	asker_start(a, fd, caller, op);
	ASSERT(world_wait_min(SIM_COUNTER_QTEE_CALLBACKS, before + 1, GONE_MS));
	while (!asker_waits(a)) {
		ASSERT(clock_ms() < end);
		sleep_ms(1);
	}
}

static int32_t asker_end(struct asker *a)
{
	pthread_join(a->thread, NULL);
	EXPECT_RC(a->rc, 0);
	return a->ret;
}

/* A file whose objects nobody serves but the case, with callers. */
static void open_callers(struct qtee_client *c, uint64_t *callers, unsigned int num)
{
	qtee_client_open(c, NULL, 1);
	for (unsigned int i = 0; i < num; i++)
		callers[i] = qtee_service(c, QTEE_UID_CALLER);
	qtee_server_stop(&c->server);
}

/* Leaves releases out. */
static void next_call(int fd, struct qtee_request *r)
{
	do {
		ASSERT_RC(qtee_recv(fd, r), 0);
	} while (r->op == QTEE_OP_RELEASE);
}

/* The same for a receiver with little room. Return: as qtee_recv_with() */
static int next_call_with(int fd, struct qtee_request *r, unsigned int num, size_t size)
{
	int rc;

	do {
		rc = qtee_recv_with(fd, r, num, size);
	} while (!rc && r->op == QTEE_OP_RELEASE);
	return rc;
}

TEST(requests_come_in_order)
{
	struct qtee_request r;
	struct asker a[4] = { 0 };
	uint64_t callers[4];
	struct qtee_client c;
	uint64_t last = 0;

	open_callers(&c, callers, 4);
	/* Each is queued before the next one begins. */
	for (unsigned int i = 0; i < 4; i++)
		asker_start_queued(&a[i], c.fd, callers[i], 10 + i);
	for (unsigned int i = 0; i < 4; i++) {
		next_call(c.fd, &r);
		EXPECT_EQ(r.op, 10 + i);
		EXPECT_EQ(r.object, CALLEE);
		EXPECT(!i || r.id != last);
		last = r.id;
		EXPECT_RC(qtee_send(c.fd, &r, 100 + i), 0);
		EXPECT_EQ(asker_end(&a[i]), 100 + i);
	}
	qtee_client_close(&c);
}

TEST(payloads_are_put_from_the_end_of_the_buffer_down)
{
	struct qtee_request r;
	struct asker a = { .in = "thirteen.....", .in_size = 13 };
	struct qtee_client c;
	uint64_t caller;
	uint8_t out[5];

	a.out = out;
	a.out_size = sizeof(out);
	open_callers(&c, &caller, 1);
	asker_start(&a, c.fd, caller, 1);
	next_call(c.fd, &r);
	ASSERT_EQ(r.num, 2);
	EXPECT_EQ(r.params[0].attr, TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT);
	EXPECT_EQ(r.params[0].a, (uintptr_t)r.buffer + sizeof(r.buffer) - 16);
	EXPECT_EQ(r.params[0].b, 13);
	EXPECT_EQ(r.params[1].attr, TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT);
	EXPECT_EQ(r.params[1].a, 0);
	EXPECT_EQ(r.params[1].b, 5);
	r.params[1].a = r.params[0].a;
	r.params[1].b = 3;
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(asker_end(&a), 0);
	EXPECT_EQ(a.out_size, 3);
	EXPECT_EQ(memcmp(out, "thi", 3), 0);
	qtee_client_close(&c);
}

TEST(request_that_does_not_fit_stays_for_a_larger_receiver)
{
	struct qtee_request r;
	struct asker a = { .in = "payload", .in_size = 7 };
	struct qtee_client c;
	uint64_t caller;

	open_callers(&c, &caller, 1);
	asker_start(&a, c.fd, caller, 1);
	EXPECT_RC(next_call_with(c.fd, &r, 0, sizeof(r.buffer)), -EINVAL);
	EXPECT_RC(next_call_with(c.fd, &r, 4, 16), 0);
	EXPECT_EQ(r.op, 1);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(asker_end(&a), 0);
	qtee_client_close(&c);
}

TEST(receiver_too_small_twice_gets_the_next_that_fits)
{
	struct qtee_request r;
	struct asker big = { .in = "sixteen octets..", .in_size = 16 }, small = { 0 };
	uint64_t callers[2];
	struct qtee_client c;

	if (modules_are_stock())
		SKIP("with the packaged driver such a request blocks all others");
	open_callers(&c, callers, 2);
	asker_start(&big, c.fd, callers[0], 1);
	EXPECT_RC(next_call_with(c.fd, &r, 4, 8), -EINVAL);
	/* Until that one is there, there is nothing else to be had. */
	asker_start_queued(&small, c.fd, callers[1], 2);
	ASSERT_RC(next_call_with(c.fd, &r, 4, 8), 0);
	EXPECT_EQ(r.op, 2);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(asker_end(&small), 0);
	next_call(c.fd, &r);
	EXPECT_EQ(r.op, 1);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(asker_end(&big), 0);
	qtee_client_close(&c);
}

TEST(request_that_every_receiver_refuses_ends_with_an_error)
{
	struct asker a = { .in = "sixteen octets..", .in_size = 16 };
	struct qtee_client c;
	uint64_t caller;

	if (modules_are_stock())
		SKIP("with the packaged driver such a request stays for ever");
	open_callers(&c, &caller, 1);
	qtee_server_start_small(&c.server, c.fd, 3, 8);
	asker_start(&a, c.fd, caller, 1);
	EXPECT_EQ(asker_end(&a), QTEE_UNAVAIL);
	qtee_client_close(&c);
}

TEST(receive_ends_with_a_signal)
{
	struct qtee_client c;

	/* Which is how its threads are stopped. */
	qtee_client_open(&c, NULL, 4);
	qtee_client_close(&c);
}

TEST(room_that_is_none_is_refused)
{
	struct {
		struct tee_iocl_supp_recv_arg arg;
		struct tee_ioctl_param params[2];
	} call = { .arg = { .num_params = 2 } };
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)&call, .buf_len = sizeof(call) };
	uint64_t room[8];
	int fd = qtee_device();

	if (modules_are_stock())
		SKIP("the packaged driver looks at less of it");
	call.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT;
	call.params[0].a = (uintptr_t)room;
	call.params[0].b = sizeof(room);
	EXPECT_RC(ioctl(fd, TEE_IOC_SUPPL_RECV, &buf) ? -errno : 0, -EINVAL);
	call.params[0].attr |= TEE_IOCTL_PARAM_ATTR_META;
	call.params[0].a += 4;
	EXPECT_RC(ioctl(fd, TEE_IOC_SUPPL_RECV, &buf) ? -errno : 0, -EINVAL);
	call.params[0].a -= 4;
	call.params[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT;
	EXPECT_RC(ioctl(fd, TEE_IOC_SUPPL_RECV, &buf) ? -errno : 0, -EINVAL);
	call.arg.num_params = 0;
	buf.buf_len = sizeof(call.arg);
	EXPECT_RC(ioctl(fd, TEE_IOC_SUPPL_RECV, &buf) ? -errno : 0, -EINVAL);
	close(fd);
}

TEST(answer_to_nothing_is_refused)
{
	int fd = qtee_device();

	for (uint64_t id = 0; id < 4; id++)
		EXPECT_RC(qtee_send_params(fd, id, 0, NULL, 0), -EINVAL);
	EXPECT_RC(qtee_send_params(fd, ~0ULL, 1, NULL, 0), -EINVAL);
	close(fd);
}

TEST(answer_before_the_request_was_received_is_refused)
{
	struct qtee_request r;
	struct asker a = { 0 };
	struct qtee_client c;
	uint64_t caller;

	if (modules_are_stock())
		SKIP("the packaged driver takes it");
	open_callers(&c, &caller, 1);
	asker_start_queued(&a, c.fd, caller, 1);
	for (uint64_t id = 0; id < 64; id++)
		EXPECT_RC(qtee_send_params(c.fd, id, 5, NULL, 0), -EINVAL);
	next_call(c.fd, &r);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(asker_end(&a), 0);
	/* And a second one is, too. */
	EXPECT_RC(qtee_send(c.fd, &r, 0), -EINVAL);
	qtee_client_close(&c);
}

TEST(answer_to_a_release_is_refused)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	struct qtee_request r;
	struct qtee_client c;
	uint64_t caller;

	if (modules_are_stock())
		SKIP("it makes the packaged driver complete what is no completion");
	open_callers(&c, &caller, 1);
	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	qtee_release(c.fd, caller);
	sleep_ms(scaled(50));
	/* While it is queued, and when it was received. */
	for (uint64_t id = 0; id < 64; id++)
		EXPECT_RC(qtee_send_params(c.fd, id, 0, NULL, 0), -EINVAL);
	do {
		ASSERT_RC(qtee_recv(c.fd, &r), 0);
		EXPECT_EQ(r.op, QTEE_OP_RELEASE);
		EXPECT_RC(qtee_send_params(c.fd, r.id, 0, NULL, 0), -EINVAL);
	} while (r.object != CALLEE);
	qtee_client_close(&c);
}

/* Sends what is wrong with the only parameter, which is of two: the client gets an error. */
static void wrong_answer(struct qtee_client *c, uint64_t caller, unsigned int which)
{
	struct asker a = { .in = "payload", .in_size = 7 };
	struct qtee_request r;
	uint8_t out[8] = { 0 };
	unsigned int num;

	a.out = out;
	a.out_size = sizeof(out);
	asker_start(&a, c->fd, caller, 1);
	next_call(c->fd, &r);
	num = r.num;
	r.params[1].a = (uintptr_t)out;
	switch (which) {
	case 0:
		num--;
		break;
	case 1:
		num++;
		r.params[2] = r.params[1];
		break;
	case 2:
		r.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT;
		break;
	case 3:
		r.params[1].b = 9;
		break;
	case 4:
		r.params[1].a = 8;
		break;
	case 5:
		num = 0;
		break;
	}
	EXPECT_MSG(qtee_send_params(c->fd, r.id, 0, r.params, num) == -EINVAL,
		   "wrong answer %u was not refused", which);
	EXPECT_EQ(asker_end(&a), QTEE_UNAVAIL);
	EXPECT_RC(qtee_send(c->fd, &r, 0), -EINVAL);
}

static int32_t serve_object_as_buffer(struct qtee_server *s, struct qtee_request *r)
{
	r->params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT;
	return 0;
}

/* The same of an object that is the request's argument. */
static void wrong_object(void)
{
	uint32_t op = 1;
	struct tee_ioctl_param p[] = {
		UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE), OBJECT_NULL,
	};
	struct qtee_client c;
	uint64_t caller;

	qtee_client_open(&c, serve_object_as_buffer, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 3), QTEE_UNAVAIL);
	qtee_server_stop(&c.server);
	EXPECT_EQ(c.server.refused, 1);
	close(c.fd);
}

TEST(answer_that_is_not_the_requests_is_an_error_for_both)
{
	struct qtee_client c;
	uint64_t caller;

	if (modules_are_stock())
		SKIP("the packaged driver does not compare the number of parameters");
	open_callers(&c, &caller, 1);
	for (unsigned int which = 0; which < 6; which++)
		wrong_answer(&c, caller, which);
	qtee_client_close(&c);
	wrong_object();
}

/* Receives into parameters that can be read, but not written. */
static void recv_read_only(int fd, unsigned int times)
{
	struct {
		struct tee_iocl_supp_recv_arg arg;
		struct tee_ioctl_param params[8];
	} *call = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)call, .buf_len = sizeof(*call) };
	uint64_t payloads[16];

	ASSERT(call != MAP_FAILED);
	call->arg.num_params = 8;
	call->params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT | TEE_IOCTL_PARAM_ATTR_META;
	call->params[0].a = (uintptr_t)payloads;
	call->params[0].b = sizeof(payloads);
	mprotect(call, 4096, PROT_READ);
	while (times--)
		EXPECT_RC(ioctl(fd, TEE_IOC_SUPPL_RECV, &buf) ? -errno : 0, -EFAULT);
	munmap(call, 4096);
}

TEST(request_whose_parameters_cannot_be_written_stays)
{
	struct asker a = { 0 };
	struct qtee_request r;
	struct qtee_client c;
	uint64_t caller;

	if (modules_are_stock())
		SKIP("the packaged driver loses it");
	open_callers(&c, &caller, 1);
	asker_start(&a, c.fd, caller, 1);
	/* The release of credentials may have been the one; so may the request. */
	recv_read_only(c.fd, 2);
	next_call(c.fd, &r);
	EXPECT_EQ(r.op, 1);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(asker_end(&a), 0);
	qtee_client_close(&c);
}

TEST(release_that_cannot_be_written_stays)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	struct qtee_request r;
	struct qtee_client c;
	unsigned int times = 0;
	uint64_t caller;

	if (modules_are_stock())
		SKIP("the packaged driver loses it");
	open_callers(&c, &caller, 1);
	ASSERT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	qtee_release(c.fd, caller);
	/* Whichever it is, the credentials' or the callee's. */
	recv_read_only(c.fd, 4);
	do {
		ASSERT_RC(qtee_recv(c.fd, &r), 0);
		EXPECT_EQ(r.op, QTEE_OP_RELEASE);
		times += r.object == QTEE_CREDENTIALS;
	} while (r.object != CALLEE);
	EXPECT_LE(times, 1);
	qtee_client_close(&c);
}

TEST(closing_the_file_ends_calls_of_its_objects)
{
	struct tee_ioctl_param keep = OBJECT_USER(CALLEE);
	struct qtee_client owner;
	struct qtee_client c;
	uint64_t keeper;

	qtee_client_open(&owner, NULL, 1);
	keeper = qtee_service(&owner, QTEE_UID_CALLER);
	ASSERT_EQ(qtee_must_invoke(owner.fd, keeper, QTEE_CALLER_KEEP, &keep, 1), 0);
	qtee_server_stop(&owner.server);
	close(owner.fd);
	/* The device is as it was. */
	qtee_client_open(&c, NULL, 1);
	EXPECT_EQ(qtee_must_invoke(c.fd, qtee_service(&c, QTEE_UID_ECHO), QTEE_ECHO_NOP, NULL, 0),
		  0);
	qtee_client_close(&c);
}

TEST(silent_callee_of_a_release_stalls_nobody)
{
	uint32_t op = 9;
	struct tee_ioctl_param p[] = { UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE) };
	struct qtee_request r;
	struct qtee_client silent, c;
	uint64_t caller, other;

	if (modules_are_stock())
		SKIP("it blocks all releases of the packaged driver");
	qtee_client_open(&c, NULL, 2);
	open_callers(&silent, &caller, 1);
	ASSERT_EQ(qtee_must_invoke(silent.fd, caller, QTEE_CALLER_AT_RELEASE, p, 2), 0);
	qtee_release(silent.fd, caller);
	next_call(silent.fd, &r);
	EXPECT_EQ(r.op, 9);

	/* Releases of others go on while that one is not answered. */
	for (unsigned int i = 0; i < 8; i++) {
		struct tee_ioctl_param keep = OBJECT_USER(200 + i);

		other = qtee_service(&c, QTEE_UID_CALLER);
		ASSERT_EQ(qtee_must_invoke(c.fd, other, QTEE_CALLER_KEEP, &keep, 1), 0);
		qtee_release(c.fd, other);
	}
	EXPECT(qtee_wait_releases(&c.server, 8));

	EXPECT_RC(qtee_send(silent.fd, &r, 0), 0);
	do {
		ASSERT_RC(qtee_recv(silent.fd, &r), 0);
		EXPECT_EQ(r.op, QTEE_OP_RELEASE);
	} while (r.object != CALLEE);
	qtee_client_close(&silent);
	qtee_client_close(&c);
}
