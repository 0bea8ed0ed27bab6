// SPDX-License-Identifier: BSD-2-Clause
/* Requests of QTEE as the process sees them that serves its objects: order, room, answers. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"
#include "qtee.h"
#include "qtee-asker.h"
#include "setting.h"

#define CALLEE		QTEE_ASKED
#define RELEASE_TIMEOUT	"/sys/module/qcomtee/parameters/release_timeout_ms"

/* As qtee_next_call(), for a receiver with little room. Return: as qtee_recv_with() */
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
	struct qtee_asker a[5] = { 0 };
	uint64_t callers[5];
	struct qtee_client c;
	uint64_t last = 0;

	qtee_callers_open(&c, callers, 5);
	/* Each is queued before the next one begins. */
	for (unsigned int i = 0; i < 4; i++)
		qtee_asker_start_queued(&a[i], c.fd, callers[i], 10 + i);
	for (unsigned int i = 0; i < 5; i++) {
		/* The last one takes no place that others have left, of which releases take one. */
		if (i == 2)
			qtee_asker_start_queued(&a[4], c.fd, callers[4], 14);
		qtee_next_call(c.fd, &r);
		EXPECT_EQ(r.op, 10 + i);
		EXPECT_EQ(r.object, CALLEE);
		EXPECT(!i || r.id != last);
		last = r.id;
		EXPECT_RC(qtee_send(c.fd, &r, 100 + i), 0);
		EXPECT_EQ(qtee_asker_end(&a[i]), 100 + i);
	}
	qtee_client_close(&c);
}

TEST(payloads_are_put_from_the_end_of_the_buffer_down)
{
	struct qtee_request r;
	struct qtee_asker a = { .in = "thirteen.....", .in_size = 13 };
	struct qtee_client c;
	uint64_t caller;
	uint8_t out[5];

	a.out = out;
	a.out_size = sizeof(out);
	qtee_callers_open(&c, &caller, 1);
	qtee_asker_start(&a, c.fd, caller, 1);
	qtee_next_call(c.fd, &r);
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
	EXPECT_EQ(qtee_asker_end(&a), 0);
	EXPECT_EQ(a.out_size, 3);
	EXPECT_EQ(memcmp(out, "thi", 3), 0);
	qtee_client_close(&c);
}

TEST(request_that_does_not_fit_stays_for_a_larger_receiver)
{
	struct qtee_request r;
	struct qtee_asker a = { .in = "payload", .in_size = 7 };
	struct qtee_client c;
	uint64_t caller;

	qtee_callers_open(&c, &caller, 1);
	qtee_asker_start(&a, c.fd, caller, 1);
	EXPECT_RC(next_call_with(c.fd, &r, 0, sizeof(r.buffer)), -EINVAL);
	EXPECT_RC(next_call_with(c.fd, &r, 4, 16), 0);
	EXPECT_EQ(r.op, 1);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(qtee_asker_end(&a), 0);
	qtee_client_close(&c);
}

TEST(receiver_too_small_twice_gets_the_next_that_fits)
{
	struct qtee_request r;
	struct qtee_asker big = { .in = "sixteen octets..", .in_size = 16 }, small = { 0 };
	uint64_t callers[2];
	struct qtee_client c;

	qtee_callers_open(&c, callers, 2);
	qtee_asker_start(&big, c.fd, callers[0], 1);
	EXPECT_RC(next_call_with(c.fd, &r, 4, 8), -EINVAL);
	/* Until that one is there, there is nothing else to be had. */
	qtee_asker_start_queued(&small, c.fd, callers[1], 2);
	ASSERT_RC(next_call_with(c.fd, &r, 4, 8), 0);
	EXPECT_EQ(r.op, 2);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(qtee_asker_end(&small), 0);
	qtee_next_call(c.fd, &r);
	EXPECT_EQ(r.op, 1);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(qtee_asker_end(&big), 0);
	qtee_client_close(&c);
}

TEST(request_that_every_receiver_refuses_ends_with_an_error)
{
	struct qtee_asker a = { .in = "sixteen octets..", .in_size = 16 };
	struct qtee_client c;
	uint64_t caller;

	if (modules_are_stock())
		SKIP("with the packaged driver such a request stays for ever");
	qtee_callers_open(&c, &caller, 1);
	qtee_server_start_small(&c.server, c.fd, 3, 8);
	qtee_asker_start(&a, c.fd, caller, 1);
	EXPECT_EQ(qtee_asker_end(&a), QTEE_UNAVAIL);
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
	struct qtee_asker a = { 0 };
	struct qtee_client c;
	uint64_t caller;

	if (modules_are_stock())
		SKIP("the packaged driver takes it");
	qtee_callers_open(&c, &caller, 1);
	qtee_asker_start_queued(&a, c.fd, caller, 1);
	for (uint64_t id = 0; id < 64; id++)
		EXPECT_RC(qtee_send_params(c.fd, id, 5, NULL, 0), -EINVAL);
	qtee_next_call(c.fd, &r);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(qtee_asker_end(&a), 0);
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
	qtee_callers_open(&c, &caller, 1);
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

/* Sends what is wrong with one parameter of two: the client gets an error. The request's number. */
static uint64_t wrong_answer(struct qtee_client *c, uint64_t caller, unsigned int which)
{
	struct qtee_asker a = { .in = "payload", .in_size = 7 };
	struct qtee_request r;
	uint8_t out[8] = { 0 };
	unsigned int num;

	a.out = out;
	a.out_size = sizeof(out);
	qtee_asker_start(&a, c->fd, caller, 1);
	qtee_next_call(c->fd, &r);
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
		num = 0;
		break;
	case 3:
		r.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT;
		break;
	case 4:
		r.params[1].b = 9;
		break;
	case 5:
		r.params[1].a = 8;
		break;
	}
	EXPECT_MSG(qtee_send_params(c->fd, r.id, 0, r.params, num) == -EINVAL,
		   "wrong answer %u was not refused", which);
	EXPECT_EQ(qtee_asker_end(&a), QTEE_UNAVAIL);
	return r.id;
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

TEST(answer_with_too_many_or_too_few_parameters_is_an_error_for_both)
{
	struct qtee_client c;
	uint64_t caller;

	if (modules_are_stock())
		SKIP("the packaged driver reads beyond them");
	qtee_callers_open(&c, &caller, 1);
	for (unsigned int which = 0; which < 3; which++) {
		uint64_t id = wrong_answer(&c, caller, which);

		/* Not given again, to a release least of all. */
		EXPECT_RC(qtee_send_params(c.fd, id, QTEE_ERROR, NULL, 0), -EINVAL);
	}
	qtee_client_close(&c);
}

TEST(answer_that_is_not_the_requests_is_an_error_for_both)
{
	struct qtee_client c;
	uint64_t caller;

	qtee_callers_open(&c, &caller, 1);
	for (unsigned int which = 3; which < 6; which++)
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
	struct qtee_asker a = { 0 };
	struct qtee_request r;
	struct qtee_client c;
	uint64_t caller;

	if (modules_are_stock())
		SKIP("the packaged driver loses it");
	qtee_callers_open(&c, &caller, 1);
	qtee_asker_start(&a, c.fd, caller, 1);
	/* The release of credentials may have been the one; so may the request. */
	recv_read_only(c.fd, 2);
	qtee_next_call(c.fd, &r);
	EXPECT_EQ(r.op, 1);
	EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	EXPECT_EQ(qtee_asker_end(&a), 0);
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
	qtee_callers_open(&c, &caller, 1);
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

/**
 * struct stranger - a thread in whose call QTEE calls an object of another file
 * @thread: it
 * @fd: file
 * @liar: object of QTEE that calls
 * @object: that is called, by QTEE's number of it
 * @ret: what QTEE was told
 */
struct stranger {
	pthread_t thread;
	int fd;
	uint64_t liar;
	uint32_t object;
	int32_t ret;
};

static void *call_of_another(void *arg)
{
	struct stranger *s = arg;
	struct qtee_lie lie = { .response = QTEE_RESPONSE_CALLBACK };
	/* With eight octets. */
	uint32_t out[] = { 0, s->object, 5, 1, 24, 8, 0, 0 }, page[1];
	struct tee_ioctl_param p[] = {
		UBUF_IN(&lie, sizeof(lie)), UBUF_IN(out, sizeof(out)), UBUF_IN(out, 0),
		UBUF_OUT(page, sizeof(page)),
	};

	s->ret = qtee_must_invoke(s->fd, s->liar, QTEE_LIAR_RETURN, p, 4);
	return NULL;
}

TEST(closing_the_file_ends_calls_of_its_objects)
{
	struct qtee_client owner, c;
	struct stranger s[2];
	struct qtee_request r;
	uint64_t keeper;

	qtee_client_open(&owner, NULL, 1);
	keeper = qtee_service(&owner, QTEE_UID_CALLER);
	qtee_client_open(&c, NULL, 1);
	s[0].fd = c.fd;
	s[0].liar = qtee_service(&c, QTEE_UID_LIAR);
	s[0].object = qtee_keep(&owner, keeper, CALLEE);
	s[1] = s[0];
	qtee_server_stop(&owner.server);
	/* One that was received, and one that is there to be. */
	ASSERT_EQ(pthread_create(&s[0].thread, NULL, call_of_another, &s[0]), 0);
	qtee_next_call(owner.fd, &r);
	EXPECT_EQ(r.object, CALLEE);
	EXPECT_EQ(r.op, 5);
	ASSERT_EQ(pthread_create(&s[1].thread, NULL, call_of_another, &s[1]), 0);
	EXPECT_RC(next_call_with(owner.fd, &r, 4, 0), -EINVAL);
	close(owner.fd);
	for (unsigned int i = 0; i < 2; i++) {
		ASSERT_EQ(pthread_join(s[i].thread, NULL), 0);
		EXPECT_EQ(s[i].ret, QTEE_DEFUNCT);
	}
	/* The device is as it was. */
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

	/* However long the others take. */
	if (modules_are_ours())
		setting_set(RELEASE_TIMEOUT, "0");
	qtee_client_open(&c, NULL, 2);
	qtee_callers_open(&silent, &caller, 1);
	ASSERT_EQ(qtee_must_invoke(silent.fd, caller, QTEE_CALLER_AT_RELEASE, p, 2), 0);
	qtee_release(silent.fd, caller);
	qtee_next_call(silent.fd, &r);
	EXPECT_EQ(r.op, 9);

	/* Releases of others go on while that one is not answered. */
	for (unsigned int i = 0; i < 8; i++) {
		struct tee_ioctl_param keep = OBJECT_USER(200 + i);

		other = qtee_service(&c, QTEE_UID_CALLER);
		ASSERT_EQ(qtee_must_invoke(c.fd, other, QTEE_CALLER_KEEP, &keep, 1), 0);
		qtee_release(c.fd, other);
	}
	EXPECT(qtee_wait_releases_unless_stock(&c.server, 8));

	EXPECT_RC(qtee_send(silent.fd, &r, 0), 0);
	do {
		ASSERT_RC(qtee_recv(silent.fd, &r), 0);
		EXPECT_EQ(r.op, QTEE_OP_RELEASE);
	} while (r.object != CALLEE);
	qtee_client_close(&silent);
	qtee_client_close(&c);
}
