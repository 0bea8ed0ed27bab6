// SPDX-License-Identifier: BSD-2-Clause
/*
 * The supplicant's side of the interface. The case itself is the supplicant; its clients
 * are processes that open an application nobody has built in, so that it is asked for.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

#define SUPPLICANT_DEVICE	"/dev/teepriv0"
/* As the usual supplicant offers. */
#define ROOM			5
#define CLIENTS			4
#define PROMPT_MS		2000
#define META			TEE_IOCTL_PARAM_ATTR_META
#define META_ID			(TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT | META)
#define TA_SIZE			5000
/* What COMMUNICATION, the kernel's answer without a supplicant, is to who opens. */
#define NO_ANSWER		TEE_ERROR_ITEM_NOT_FOUND

/* What clients leave for the case. */
static struct {
	struct {
		int done;
		int rc;
		struct tee_answer answer;
	} client[CLIENTS];
} *shared;

struct request {
	uint32_t func;
	uint32_t num;
	struct tee_ioctl_param p[ROOM];
};

static int priv_ioctl(int fd, unsigned long cmd, void *frame, size_t size)
{
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)frame, .buf_len = size };

	return ioctl(fd, cmd, &buf) ? -errno : 0;
}

static int receive(int fd, struct request *r, const struct tee_ioctl_param *offer, uint32_t num)
{
	struct {
		struct tee_iocl_supp_recv_arg arg;
		struct tee_ioctl_param p[ROOM];
	} f = { .arg.num_params = num };
	int rc;

	memcpy(f.p, offer, num * sizeof(*offer));
	rc = priv_ioctl(fd, TEE_IOC_SUPPL_RECV, &f, sizeof(f.arg) + num * sizeof(*offer));
	if (rc)
		return rc;
	r->func = f.arg.func;
	r->num = f.arg.num_params;
	ASSERT_LE(r->num, num);
	memcpy(r->p, f.p, sizeof(r->p));
	return 0;
}

static const struct tee_ioctl_param room_async[ROOM] = { { .attr = META } };
static const struct tee_ioctl_param room_sync[ROOM];

static int send_answer(int fd, uint32_t ret, const struct tee_ioctl_param *p, uint32_t num)
{
	struct {
		struct tee_iocl_supp_send_arg arg;
		struct tee_ioctl_param p[ROOM];
	} f = { .arg.ret = ret, .arg.num_params = num };

	memcpy(f.p, p, num * sizeof(*p));
	return priv_ioctl(fd, TEE_IOC_SUPPL_SEND, &f, sizeof(f.arg) + num * sizeof(*p));
}

static int send_back(int fd, uint32_t ret, const struct request *r)
{
	return send_answer(fd, ret, r->p, r->num);
}

/* The first one of the case. */
static int supplicant(void)
{
	int fd;

	world_need();
	if (!shared) {
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		ASSERT(shared != MAP_FAILED);
	}
	fd = open(SUPPLICANT_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0 && (errno == ENOENT || errno == EBUSY))
		SKIP("the node is missing or taken");
	ASSERT_GE(fd, 0);
	return fd;
}

/* A client that has the supplicant asked for application @n. It has none of the case's files. */
static pid_t client(int supp, unsigned int n)
{
	struct tee_open o = { .uuid = APP_LOADABLE_UUID(n) };
	pid_t pid = fork();
	int fd;

	ASSERT_GE(pid, 0);
	if (pid)
		return pid;
	if (supp >= 0)
		close(supp);
	fd = open(TEE_DEVICE, O_RDWR);
	shared->client[n].rc = tee_open_session(fd, &o, NULL, 0, &shared->client[n].answer);
	__atomic_store_n(&shared->client[n].done, 1, __ATOMIC_RELEASE);
	_exit(0);
}

static bool is_done(unsigned int n)
{
	return __atomic_load_n(&shared->client[n].done, __ATOMIC_ACQUIRE);
}

static void client_got(pid_t pid, unsigned int n, uint32_t ret)
{
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	ASSERT(is_done(n));
	EXPECT_RC(shared->client[n].rc, 0);
	EXPECT_EQ(shared->client[n].answer.ret, ret);
}

static void kill_client(pid_t pid)
{
	uint64_t begin = clock_ms();

	ASSERT_EQ(kill(pid, SIGKILL), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	EXPECT_LE(clock_ms() - begin, PROMPT_MS);
}

static void next(int fd, struct request *r, uint32_t func)
{
	ASSERT_RC(receive(fd, r, room_async, ROOM), 0);
	ASSERT_EQ(r->p[0].attr, META_ID);
	ASSERT_EQ(r->func, func);
}

static void on_alarm(int sig)
{
}

/* Nothing comes within some time. */
static int receive_for(int fd, struct request *r, unsigned int ms)
{
	struct sigaction sa = { .sa_handler = on_alarm };
	struct itimerspec at = { .it_value.tv_nsec = ms * 1000000L,
				 .it_interval.tv_nsec = 100000000L };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	timer_t timer;
	int rc;

	sigaction(SIGALRM, &sa, NULL);
	ASSERT_EQ(timer_create(CLOCK_MONOTONIC, &ev, &timer), 0);
	timer_settime(timer, 0, &at, NULL);
	rc = receive(fd, r, room_async, ROOM);
	timer_delete(timer);
	return rc;
}

TEST(second_supplicant_is_busy_until_the_first_has_gone)
{
	int fd = supplicant();

	ASSERT_EQ(open(SUPPLICANT_DEVICE, O_RDWR), -1);
	EXPECT_EQ(errno, EBUSY);
	close(fd);
	fd = open(SUPPLICANT_DEVICE, O_RDWR);
	ASSERT_GE(fd, 0);
	close(fd);
}

TEST(node_says_that_it_is_privileged)
{
	struct tee_ioctl_version_data v;

	ASSERT_RC(tee_version(supplicant(), &v), 0);
	EXPECT_EQ(v.impl_id, TEE_IMPL_ID_OPTEE);
	EXPECT(v.gen_caps & TEE_GEN_CAP_PRIVILEGED);
}

TEST(clients_calls_are_refused)
{
	int fd = supplicant();
	struct tee_open o = { .uuid = APP_ECHO_UUID };
	struct tee_answer answer;

	EXPECT_RC(tee_open_session(fd, &o, NULL, 0, &answer), -EINVAL);
	EXPECT_RC(tee_invoke(fd, 1, 0, NULL, 0, &answer), -EINVAL);
	EXPECT_RC(tee_close_session(fd, 1), -EINVAL);
	EXPECT_RC(tee_cancel(fd, 1), -EINVAL);
}

TEST(supplicants_calls_are_refused_to_clients)
{
	struct request r;

	ASSERT_RC(receive(client_device(), &r, room_async, ROOM), -EINVAL);
	ASSERT_RC(send_answer(client_device(), 0, room_async, 1), -EINVAL);
}

TEST(receive_needs_room_and_nothing_in_it)
{
	static const uint64_t bad[] = {
		TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT,
		TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT,
		META_ID,
		4,
		0x200,
	};
	int fd = supplicant();
	struct request r;

	EXPECT_RC(receive(fd, &r, room_async, 0), -EINVAL);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		struct tee_ioctl_param p[ROOM] = { { .attr = bad[i] } };

		EXPECT_RC(receive(fd, &r, p, ROOM), -EINVAL);
		p[0].attr = META;
		p[3].attr = bad[i];
		EXPECT_RC(receive(fd, &r, p, ROOM), -EINVAL);
	}
}

TEST(receive_refuses_memory_and_keeps_no_hold_of_it)
{
	int fd = supplicant();
	struct tee_ioctl_param p[ROOM] = { { .attr = META } };
	struct tee_buf buf, again;
	struct request r;
	int id;

	if (modules_are_stock())
		SKIP("the packaged drivers leak the references, and are busy for ever");
	client_alloc(fd, 4096, &buf);
	id = buf.id;
	p[1] = (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 0, 100);
	EXPECT_RC(receive(fd, &r, p, ROOM), -EINVAL);
	/* Behind it one that fails on its own. */
	p[2].attr = 4;
	EXPECT_RC(receive(fd, &r, p, ROOM), -EINVAL);
	p[2] = (struct tee_ioctl_param)MEMREF(INPUT, 12345, 0, 100);
	EXPECT_RC(receive(fd, &r, p, ROOM), -EINVAL);
	tee_free(&buf);
	client_alloc(fd, 4096, &again);
	EXPECT_EQ(again.id, id);
	tee_free(&again);
}

TEST(receive_checks_its_frame)
{
	struct {
		struct tee_iocl_supp_recv_arg arg;
		struct tee_ioctl_param p[ROOM];
	} f = { .arg.num_params = ROOM, .p[0].attr = META };
	int fd = supplicant();
	int rc;

	rc = priv_ioctl(fd, TEE_IOC_SUPPL_RECV, &f, sizeof(f) - 1);
	EXPECT_RC(rc, -EINVAL);
	rc = priv_ioctl(fd, TEE_IOC_SUPPL_RECV, &f, sizeof(f) - sizeof(f.p[0]));
	EXPECT_RC(rc, -EINVAL);
	f.arg.num_params = UINT32_MAX;
	EXPECT_RC(priv_ioctl(fd, TEE_IOC_SUPPL_RECV, &f, sizeof(f)), -EINVAL);
	EXPECT_RC(priv_ioctl(fd, TEE_IOC_SUPPL_RECV, &f, 4), -EINVAL);
	EXPECT_RC(priv_ioctl(fd, TEE_IOC_SUPPL_RECV, NULL, sizeof(f)), -EFAULT);
	EXPECT_RC(priv_ioctl(fd, TEE_IOC_SUPPL_SEND, NULL, sizeof(f)), -EFAULT);
	EXPECT_RC(priv_ioctl(fd, TEE_IOC_SUPPL_SEND, &f, 8 * 1024 * 1024), -EINVAL);
	EXPECT_RC(priv_ioctl(fd, TEE_IOC_SUPPL_SEND, &f, 7), -EINVAL);
	EXPECT_RC(priv_ioctl(fd, TEE_IOC_SUPPL_SEND, &f, sizeof(f)), -EINVAL);
}

TEST(receive_ends_with_a_signal)
{
	struct request r;

	EXPECT_RC(receive_for(supplicant(), &r, 100), -EINTR);
}

TEST(answer_nobody_asked_for)
{
	struct tee_ioctl_param p[ROOM] = { { .attr = META_ID, .a = 77 } };
	int fd = supplicant();

	EXPECT_RC(send_answer(fd, 0, p, 0), -EINVAL);
	EXPECT_RC(send_answer(fd, 0, p, 1), -ENOENT);
	EXPECT_RC(send_answer(fd, 0, p, 3), -ENOENT);
	p[0].attr = META;
	EXPECT_RC(send_answer(fd, 0, p, 1), -EINVAL);
	p[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT;
	EXPECT_RC(send_answer(fd, 0, p, 1), -EINVAL);
	p[0].attr = META_ID;
	p[1].attr = 0x200;
	EXPECT_RC(send_answer(fd, 0, p, 2), -EINVAL);
}

TEST(application_is_asked_for_by_its_uuid)
{
	static const uint8_t uuid[] = APP_LOADABLE_UUID(1);
	int fd = supplicant();
	pid_t pid = client(fd, 1);
	struct request r;

	next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	ASSERT_EQ(r.num, 3);
	EXPECT_EQ(r.p[1].attr, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT);
	EXPECT(!memcmp(&r.p[1].a, uuid, sizeof(uuid)));
	EXPECT_EQ(r.p[2].attr, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT);
	EXPECT_EQ(r.p[2].a, 0);
	EXPECT_EQ(r.p[2].b, 0);
	EXPECT_EQ(r.p[2].c, TEE_MEMREF_NULL);
	ASSERT_RC(send_back(fd, TEE_ERROR_ITEM_NOT_FOUND, &r), 0);
	client_got(pid, 1, TEE_ERROR_ITEM_NOT_FOUND);
	/* It has been answered. */
	EXPECT_RC(send_back(fd, TEE_SUCCESS, &r), -ENOENT);
}

TEST(client_waits_for_a_supplicant_to_come)
{
	struct request r;
	pid_t pid;
	int fd;

	close(supplicant());
	pid = client(-1, 0);
	sleep_ms(300);
	EXPECT(!is_done(0));
	fd = supplicant();
	next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	ASSERT_RC(send_back(fd, TEE_ERROR_ITEM_NOT_FOUND, &r), 0);
	client_got(pid, 0, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(client_killed_while_it_waits_for_a_supplicant)
{
	struct request r;
	pid_t pid;
	int fd;

	close(supplicant());
	pid = client(-1, 0);
	sleep_ms(200);
	kill_client(pid);
	fd = supplicant();
	EXPECT_RC(receive_for(fd, &r, 200), -EINTR);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PROMPT_MS));
}

TEST(request_stays_queued_if_there_is_too_little_room)
{
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct request r;

	EXPECT(world_wait_min(SIM_COUNTER_THREADS_USED, 1, PROMPT_MS));
	sleep_ms(100);
	EXPECT_RC(receive(fd, &r, room_async, 2), -EINVAL);
	EXPECT_RC(receive(fd, &r, room_sync, 1), -EINVAL);
	ASSERT_RC(receive(fd, &r, room_async, 3), 0);
	ASSERT_RC(send_back(fd, TEE_ERROR_ITEM_NOT_FOUND, &r), 0);
	client_got(pid, 0, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(requests_one_at_a_time_carry_no_id)
{
	struct tee_ioctl_param p[ROOM] = { { .attr = META_ID, .a = 1 } };
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct request r, other;

	ASSERT_RC(receive(fd, &r, room_sync, ROOM), 0);
	ASSERT_EQ(r.num, 2);
	EXPECT_EQ(r.p[0].attr, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT);
	EXPECT_RC(receive(fd, &other, room_sync, ROOM), -EINVAL);
	EXPECT_RC(receive(fd, &other, room_async, ROOM), -EINVAL);
	EXPECT_RC(send_answer(fd, 0, p, 3), -EINVAL);
	EXPECT_RC(send_answer(fd, 0, p, 0), -EINVAL);
	ASSERT_RC(send_back(fd, TEE_ERROR_ITEM_NOT_FOUND, &r), 0);
	EXPECT_RC(send_back(fd, TEE_ERROR_ITEM_NOT_FOUND, &r), -EINVAL);
	client_got(pid, 0, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(answer_of_the_wrong_length_leaves_the_request)
{
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct request r;

	next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	EXPECT_RC(send_answer(fd, 0, r.p, 1), -EINVAL);
	EXPECT_RC(send_answer(fd, 0, r.p, 2), -EINVAL);
	EXPECT_RC(send_answer(fd, 0, r.p, 4), -EINVAL);
	EXPECT(!is_done(0));
	ASSERT_RC(send_back(fd, TEE_ERROR_ITEM_NOT_FOUND, &r), 0);
	client_got(pid, 0, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(requests_come_in_order_and_are_answered_in_any)
{
	int fd = supplicant();
	struct request r[CLIENTS];
	pid_t pid[CLIENTS];

	for (unsigned int n = 0; n < CLIENTS; n++) {
		pid[n] = client(fd, n);
		ASSERT(world_wait_min(SIM_COUNTER_THREADS_USED, n + 1, PROMPT_MS));
		sleep_ms(100);
	}
	for (unsigned int n = 0; n < CLIENTS; n++) {
		next(fd, &r[n], OPTEE_RPC_CMD_LOAD_TA);
		EXPECT_EQ(((uint8_t *)&r[n].p[1].b)[7], n);
	}
	for (int n = CLIENTS - 1; n >= 0; n--) {
		for (int i = 0; i < n; i++)
			EXPECT(!is_done(i));
		ASSERT_RC(send_back(fd, TEE_ERROR_ITEM_NOT_FOUND, &r[n]), 0);
		client_got(pid[n], n, TEE_ERROR_ITEM_NOT_FOUND);
	}
}

TEST(supplicant_that_goes_takes_its_requests_along)
{
	int fd = supplicant();
	struct request r;
	pid_t pid[2];

	pid[0] = client(fd, 0);
	next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	pid[1] = client(fd, 1);
	ASSERT(world_wait_min(SIM_COUNTER_THREADS_USED, 2, PROMPT_MS));
	sleep_ms(100);
	close(fd);
	client_got(pid[0], 0, NO_ANSWER);
	client_got(pid[1], 1, NO_ANSWER);
	fd = supplicant();
	EXPECT_RC(send_back(fd, TEE_SUCCESS, &r), -ENOENT);
}

TEST(answer_to_a_killed_client_is_accepted)
{
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct request r, other;

	next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	kill_client(pid);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PROMPT_MS));
	/* Mainline says EBADF or ENOENT, at which the usual supplicant exits. */
	if (!modules_are_stock())
		EXPECT_RC(send_back(fd, TEE_SUCCESS, &r), 0);
	else
		EXPECT(send_back(fd, TEE_SUCCESS, &r) != 0);
	pid = client(fd, 1);
	next(fd, &other, OPTEE_RPC_CMD_LOAD_TA);
	/* An id that comes again soon lets a late answer reach the wrong request. */
	if (!modules_are_stock())
		EXPECT_NE(other.p[0].a, r.p[0].a);
	ASSERT_RC(send_back(fd, TEE_ERROR_ITEM_NOT_FOUND, &other), 0);
	client_got(pid, 1, TEE_ERROR_ITEM_NOT_FOUND);
}

/* The application has a size: memory is asked for next. */
static void until_memory(int fd, struct request *r)
{
	next(fd, r, OPTEE_RPC_CMD_LOAD_TA);
	r->p[2].b = TA_SIZE;
	ASSERT_RC(send_back(fd, TEE_SUCCESS, r), 0);
	next(fd, r, OPTEE_RPC_CMD_SHM_ALLOC);
	ASSERT_EQ(r->num, 2);
	EXPECT_EQ(r->p[1].attr, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT);
	EXPECT_EQ(r->p[1].a, OPTEE_RPC_SHM_TYPE_APPL);
	EXPECT_GE(r->p[1].b, TA_SIZE);
}

static void give_memory(int fd, struct request *r, struct tee_buf *buf)
{
	until_memory(fd, r);
	client_alloc(fd, r->p[1].b, buf);
	r->p[1].c = buf->id;
	ASSERT_RC(send_back(fd, TEE_SUCCESS, r), 0);
	next(fd, r, OPTEE_RPC_CMD_LOAD_TA);
	EXPECT_EQ(r->p[2].c, (uint64_t)buf->id);
	EXPECT_EQ(r->p[2].a, 0);
	EXPECT_GE(r->p[2].b, TA_SIZE);
}

static void take_memory_back(int fd, struct request *r, struct tee_buf *buf)
{
	next(fd, r, OPTEE_RPC_CMD_SHM_FREE);
	ASSERT_EQ(r->num, 2);
	EXPECT_EQ(r->p[1].a, OPTEE_RPC_SHM_TYPE_APPL);
	EXPECT_EQ(r->p[1].b, (uint64_t)buf->id);
	tee_free(buf);
	ASSERT_RC(send_back(fd, TEE_SUCCESS, r), 0);
}

TEST(application_is_loaded_into_memory_of_the_supplicant)
{
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct tee_buf buf;
	struct request r;

	give_memory(fd, &r, &buf);
	memset(buf.va, 0x5a, TA_SIZE);
	r.p[2].b = TA_SIZE;
	ASSERT_RC(send_back(fd, TEE_SUCCESS, &r), 0);
	take_memory_back(fd, &r, &buf);
	/* Found, but nobody can tell whose it is. */
	client_got(pid, 0, TEE_ERROR_SECURITY);
}

TEST(memory_of_the_supplicant_may_be_registered)
{
	int fd = supplicant();
	pid_t pid;
	static uint8_t memory[32768];
	struct tee_ioctl_version_data v;
	struct tee_buf buf;
	struct request r;

	ASSERT_RC(tee_version(fd, &v), 0);
	if (!(v.gen_caps & TEE_GEN_CAP_REG_MEM))
		SKIP("no registered memory");
	pid = client(fd, 0);
	until_memory(fd, &r);
	client_register(fd, memory + 40, r.p[1].b, &buf);
	r.p[1].c = buf.id;
	ASSERT_RC(send_back(fd, TEE_SUCCESS, &r), 0);
	next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	EXPECT_EQ(r.p[2].c, (uint64_t)buf.id);
	r.p[2].b = TA_SIZE;
	ASSERT_RC(send_back(fd, TEE_SUCCESS, &r), 0);
	take_memory_back(fd, &r, &buf);
	client_got(pid, 0, TEE_ERROR_SECURITY);
}

TEST(memory_that_does_not_exist_is_no_memory)
{
	static const uint64_t ids[] = { 4711, 0, TEE_MEMREF_NULL, 0x100000001 };
	int fd = supplicant();

	for (unsigned int i = 0; i < CLIENTS; i++) {
		pid_t pid = client(fd, i);
		struct request r;

		until_memory(fd, &r);
		r.p[1].c = ids[i];
		ASSERT_RC(send_back(fd, TEE_SUCCESS, &r), 0);
		client_got(pid, i, TEE_ERROR_OUT_OF_MEMORY);
	}
}

TEST(memory_that_is_too_small_is_given_back)
{
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct tee_buf buf;
	struct request r;

	if (modules_are_stock())
		SKIP("the packaged drivers do not compare the sizes");
	until_memory(fd, &r);
	client_alloc(fd, 4096, &buf);
	r.p[1].c = buf.id;
	ASSERT_RC(send_back(fd, TEE_SUCCESS, &r), 0);
	take_memory_back(fd, &r, &buf);
	client_got(pid, 0, TEE_ERROR_OUT_OF_MEMORY);
}

TEST(answer_larger_than_its_memory_is_refused)
{
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct tee_buf buf;
	struct request r;

	if (modules_are_stock())
		SKIP("the packaged drivers do not compare the sizes");
	give_memory(fd, &r, &buf);
	r.p[2].b = 0x100000;
	/* The supplicant's mistake ends the request, not the supplicant. */
	ASSERT_RC(send_back(fd, TEE_SUCCESS, &r), 0);
	take_memory_back(fd, &r, &buf);
	client_got(pid, 0, NO_ANSWER);
}

TEST(answer_of_other_types_says_nothing)
{
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct request r;

	next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	r.p[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT;
	r.p[2].attr = TEE_IOCTL_PARAM_ATTR_TYPE_NONE;
	r.p[2].b = 1000;
	ASSERT_RC(send_back(fd, TEE_ERROR_ITEM_NOT_FOUND, &r), 0);
	client_got(pid, 0, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(supplicant_may_go_while_the_secure_world_has_its_memory)
{
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct tee_buf buf;
	struct request r;

	if (modules_are_stock())
		SKIP("the packaged driver notices only when the memory is no longer in use");
	give_memory(fd, &r, &buf);
	close(buf.fd);
	/* Still mapped: so the context lives, but its file is closed. */
	close(fd);
	client_got(pid, 0, NO_ANSWER);
	fd = open(SUPPLICANT_DEVICE, O_RDWR);
	ASSERT_GE(fd, 0);
	pid = client(fd, 1);
	/* What is asked first is not what is left of the other one's. */
	next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	ASSERT_RC(send_back(fd, TEE_ERROR_ITEM_NOT_FOUND, &r), 0);
	client_got(pid, 1, TEE_ERROR_ITEM_NOT_FOUND);
	munmap(buf.va, buf.size);
}

TEST(memory_for_a_killed_client_is_given_back)
{
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct tee_buf buf;
	struct request r;

	if (modules_are_stock())
		SKIP("with the packaged drivers it stays allocated");
	until_memory(fd, &r);
	kill_client(pid);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PROMPT_MS));
	client_alloc(fd, r.p[1].b, &buf);
	r.p[1].c = buf.id;
	ASSERT_RC(send_back(fd, TEE_SUCCESS, &r), 0);
	take_memory_back(fd, &r, &buf);
}

TEST(client_killed_with_memory_gives_it_back)
{
	int fd = supplicant();
	pid_t pid = client(fd, 0);
	struct tee_buf buf;
	struct request r, free;

	if (modules_are_stock())
		SKIP("with the packaged drivers the late answer fails");
	give_memory(fd, &r, &buf);
	kill_client(pid);
	take_memory_back(fd, &free, &buf);
	EXPECT_RC(send_back(fd, TEE_SUCCESS, &r), 0);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PROMPT_MS));
}

TEST(killed_supplicant_is_gone_and_its_clients_are_told)
{
	pid_t supp, pid;
	int fd;

	close(supplicant());
	supp = fork();
	if (!supp) {
		struct request r;

		fd = open(SUPPLICANT_DEVICE, O_RDWR);
		for (;;)
			receive(fd, &r, room_async, ROOM);
	}
	sleep_ms(200);
	pid = client(-1, 0);
	sleep_ms(300);
	EXPECT(!is_done(0));
	kill_client(supp);
	client_got(pid, 0, NO_ANSWER);
	close(supplicant());
}
