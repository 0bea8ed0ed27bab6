// SPDX-License-Identifier: BSD-2-Clause
/* Answers and requests whose copies stop in the middle, and answers that QTEE does not take. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"
#include "pager.h"
#include "qtee.h"
#include "qtee-asker.h"
#include "setting.h"
#include "victim.h"
#include "world.h"

/* Objects that are named in an answer, and passed otherwise. */
#define NAMED		78
#define PASSED		79
#define RECEIVERS	2
#define TIMEOUT		"/sys/module/qcomtee/parameters/callback_timeout_ms"

static void ours_only(const char *why)
{
	world_need();
	if (modules_are_stock())
		SKIP("%s", why);
}

/**
 * struct sender - a thread that answers a request
 * @thread: it
 * @fd: file
 * @request: request with the answer
 * @rc: 0 or a negative error number
 */
struct sender {
	pthread_t thread;
	int fd;
	struct qtee_request request;
	int rc;
};

static void *send_answer(void *arg)
{
	struct sender *s = arg;

	s->rc = qtee_send(s->fd, &s->request, 0);
	return NULL;
}

/* Nothing but QTEE_ASKED is let go before PASSED is. */
static void nothing_was_named(int fd, uint64_t caller)
{
	struct tee_ioctl_param keep = OBJECT_USER(PASSED);
	struct qtee_request r;

	ASSERT_EQ(qtee_must_invoke(fd, caller, QTEE_CALLER_KEEP, &keep, 1), 0);
	qtee_release(fd, caller);
	do {
		ASSERT_RC(qtee_recv(fd, &r), 0);
		EXPECT_EQ(r.op, QTEE_OP_RELEASE);
		EXPECT_NE(r.object, NAMED);
	} while (r.object != PASSED);
}

TEST(answer_is_refused_if_the_client_was_killed_while_it_was_read)
{
	struct sender s = { 0 };
	struct qtee_client c;
	uint64_t callers[2];
	struct pager pager;
	pid_t pid;

	ours_only("the packaged driver's client cannot be killed while an answer is read");
	qtee_callers_open(&c, callers, 2);
	s.fd = c.fd;
	pid = fork();
	if (!pid) {
		uint8_t out[8];
		struct qtee_asker a = { .out = out, .out_size = sizeof(out), .wants_object = true };

		qtee_asker_ask(&a, c.fd, callers[0], 1);
		_exit(1);
	}
	qtee_next_call(c.fd, &s.request);
	ASSERT_EQ(s.request.num, 2);
	pager_open(&pager);
	s.request.params[0].a = (uintptr_t)pager.page;
	s.request.params[1].a = NAMED;
	s.request.params[1].b = TEE_QTEE_OBJREF_USER;
	ASSERT_EQ(pthread_create(&s.thread, NULL, send_answer, &s), 0);
	pager_wait(&pager);
	kill_and_wait(pid);
	pager_serve(&pager);
	ASSERT_EQ(pthread_join(s.thread, NULL), 0);
	/* As if it had come later: what it names is this process's still. */
	EXPECT_RC(s.rc, -EINVAL);
	nothing_was_named(c.fd, callers[1]);
	pager_close(&pager);
	qtee_client_close(&c);
}

/**
 * struct late - a thread that answers with octets that it lets nobody read until it is told to stop
 * @thread: it
 * @fd: file
 * @pager: where they are
 * @stop: they can be read, and this is the last answer
 * @rc: of that, 0 or a negative error number
 */
struct late {
	pthread_t thread;
	int fd;
	struct pager pager;
	bool stop;
	int rc;
};

static void *answer_late(void *arg)
{
	struct late *l = arg;
	struct qtee_request r;

	do {
		qtee_next_call(l->fd, &r);
		r.params[0].a = (uintptr_t)l->pager.page;
		r.params[1].a = NAMED;
		r.params[1].b = TEE_QTEE_OBJREF_USER;
		l->rc = qtee_send(l->fd, &r, 0);
	} while (!__atomic_load_n(&l->stop, __ATOMIC_SEQ_CST));
	return NULL;
}

TEST(answer_is_refused_if_its_time_was_over_while_it_was_read)
{
	struct late l = { 0 };
	struct qtee_client c;
	uint64_t callers[2];
	uint8_t out[8];

	ours_only("the packaged driver has no limit");
	qtee_callers_open(&c, callers, 2);
	l.fd = c.fd;
	pager_open(&l.pager);
	ASSERT_EQ(pthread_create(&l.thread, NULL, answer_late, &l), 0);
	/* An answer that comes before its time is over stays at the page; the client does not. */
	for (unsigned int ms = 50; !pager_is_met(&l.pager); ms *= 2) {
		struct qtee_asker a = { .out = out, .out_size = sizeof(out), .wants_object = true };
		char text[16];

		snprintf(text, sizeof(text), "%u", ms);
		setting_set(TIMEOUT, text);
		qtee_asker_ask(&a, c.fd, callers[0], 1);
		EXPECT_RC(a.rc, 0);
		EXPECT_EQ(a.ret, QTEE_TIMEOUT);
	}
	setting_set(TIMEOUT, "0");
	__atomic_store_n(&l.stop, true, __ATOMIC_SEQ_CST);
	pager_serve(&l.pager);
	ASSERT_EQ(pthread_join(l.thread, NULL), 0);
	EXPECT_RC(l.rc, -EINVAL);
	nothing_was_named(c.fd, callers[1]);
	pager_close(&l.pager);
	qtee_client_close(&c);
}

static int32_t serve_lost(struct qtee_server *s, struct qtee_request *r)
{
	r->params[0].a = NAMED;
	r->params[0].b = TEE_QTEE_OBJREF_USER;
	world_fault(SIM_FAULT_QTEE_CB_STATUS, 1, (uint64_t)QTEE_SMC_EINVAL_ADDRESS);
	return 0;
}

static int32_t serve_nothing_and_lose(struct qtee_server *s, struct qtee_request *r)
{
	world_fault(SIM_FAULT_QTEE_CB_STATUS, 1, (uint64_t)QTEE_SMC_EINVAL_ADDRESS);
	return 0;
}

TEST(object_that_was_passed_to_a_call_that_failed_later_is_let_go)
{
	struct qtee_asker a = { 0 };
	struct qtee_client c;
	uint64_t caller;

	world_need();
	qtee_client_open(&c, serve_nothing_and_lose, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	qtee_asker_ask(&a, c.fd, caller, 1);
	EXPECT_RC(a.rc, -ENODEV);
	EXPECT_EQ(c.server.releases, 0);
	/* QTEE has had it since the call began, and says with another one that it has let it go. */
	qtee_release(c.fd, caller);
	EXPECT(qtee_wait_releases_unless_stock(&c.server, 1));
	EXPECT_EQ(c.server.released, QTEE_ASKED);
	EXPECT_EQ(c.server.releases, 1);
	qtee_client_close(&c);
}

TEST(object_of_an_answer_that_qtee_did_not_take_is_let_go)
{
	struct qtee_asker a = { .wants_object = true };
	struct qtee_client c;
	uint64_t caller;

	world_need();
	qtee_client_open(&c, serve_lost, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	qtee_asker_ask(&a, c.fd, caller, 1);
	EXPECT_RC(a.rc, -ENODEV);
	EXPECT_EQ(c.server.refused, 0);
	/* Of the call itself, when QTEE says so; and of its answer. */
	qtee_release(c.fd, caller);
	EXPECT(qtee_wait_releases_unless_stock(&c.server, 2));
	EXPECT_EQ(c.server.releases, 2);
	qtee_client_close(&c);
}

/**
 * struct receiver - a thread that receives where nothing can be written
 * @thread: it
 * @fd: file
 * @payload: where payloads go, which it waits for
 * @rc: 0 or a negative error number
 */
struct receiver {
	pthread_t thread;
	int fd;
	struct pager payload;
	int rc;
};

static void *receive_read_only(void *arg)
{
	struct {
		struct tee_iocl_supp_recv_arg arg;
		struct tee_ioctl_param params[2];
	} *call = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)call, .buf_len = sizeof(*call) };
	struct receiver *r = arg;

	ASSERT(call != MAP_FAILED);
	call->arg.num_params = 2;
	call->params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT | TEE_IOCTL_PARAM_ATTR_META;
	call->params[0].a = (uintptr_t)r->payload.page;
	call->params[0].b = r->payload.size;
	mprotect(call, 4096, PROT_READ);
	r->rc = ioctl(r->fd, TEE_IOC_SUPPL_RECV, &buf) ? -errno : 0;
	munmap(call, 4096);
	return NULL;
}

TEST(requests_that_come_back_keep_their_order)
{
	struct qtee_asker a[RECEIVERS];
	struct receiver receivers[RECEIVERS];
	uint64_t callers[RECEIVERS];
	struct qtee_request r;
	struct qtee_client c;

	ours_only("the packaged driver loses them");
	qtee_callers_open_quiet(&c, callers, RECEIVERS);
	/* Taken one after the other ... */
	for (unsigned int i = 0; i < RECEIVERS; i++) {
		a[i] = (struct qtee_asker){ .in = "payload", .in_size = 7 };
		qtee_asker_start_queued(&a[i], c.fd, callers[i], 10 + i);
		receivers[i].fd = c.fd;
		pager_open(&receivers[i].payload);
		ASSERT_EQ(pthread_create(&receivers[i].thread, NULL, receive_read_only,
					 &receivers[i]), 0);
		pager_wait(&receivers[i].payload);
	}
	/* ... by receivers that nobody was told of, so that nobody can answer ... */
	for (uint64_t id = 0; id < 64; id++)
		EXPECT_RC(qtee_send_params(c.fd, id, 5, NULL, 0), -EINVAL);
	/* ... and put back in the same order. */
	for (unsigned int i = 0; i < RECEIVERS; i++) {
		pager_serve(&receivers[i].payload);
		ASSERT_EQ(pthread_join(receivers[i].thread, NULL), 0);
		EXPECT_RC(receivers[i].rc, -EFAULT);
		pager_close(&receivers[i].payload);
	}
	for (unsigned int i = 0; i < RECEIVERS; i++) {
		qtee_next_call(c.fd, &r);
		EXPECT_EQ(r.op, 10 + i);
		EXPECT_RC(qtee_send(c.fd, &r, 0), 0);
	}
	for (unsigned int i = 0; i < RECEIVERS; i++)
		EXPECT_EQ(qtee_asker_end(&a[i]), 0);
	qtee_client_close(&c);
}
