// SPDX-License-Identifier: BSD-2-Clause
/*
 * The supplicant's side of the interface: its node, requests and answers. The case itself is
 * the supplicant.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "array.h"
#include "asker.h"
#include "asleep.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

static int framed(int fd, unsigned long cmd, void *frame, size_t size)
{
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)frame, .buf_len = size };

	return ioctl(fd, cmd, &buf) ? -errno : 0;
}

/* The client has asked, and sleeps: its request is in the queue. @commands: RPCs up to its own */
static void until_it_has_asked(pid_t client, uint64_t commands)
{
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, commands, PATIENCE_MS));
	asleep_wait(client, 3);
}

TEST(second_supplicant_is_busy_until_the_first_has_gone)
{
	int fd = asked_begin();

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

	ASSERT_RC(tee_version(asked_begin(), &v), 0);
	EXPECT_EQ(v.impl_id, TEE_IMPL_ID_OPTEE);
	EXPECT(v.gen_caps & TEE_GEN_CAP_PRIVILEGED);
}

TEST(clients_calls_are_refused)
{
	int fd = asked_begin();
	struct tee_open o = { .uuid = APP_ECHO_UUID };
	struct tee_answer answer;

	EXPECT_RC(tee_open_session(fd, &o, NULL, 0, &answer), -EINVAL);
	EXPECT_RC(tee_invoke(fd, 1, 0, NULL, 0, &answer), -EINVAL);
	EXPECT_RC(tee_close_session(fd, 1), -EINVAL);
	EXPECT_RC(tee_cancel(fd, 1), -EINVAL);
}

TEST(supplicants_calls_are_refused_to_clients)
{
	struct supp_request r;

	ASSERT_RC(supp_recv_with(client_device(), &r, room_async, ROOM), -EINVAL);
	ASSERT_RC(supp_send_params(client_device(), 0, room_async, 1), -EINVAL);
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
	int fd = asked_begin();
	struct supp_request r;

	EXPECT_RC(supp_recv_with(fd, &r, room_async, 0), -EINVAL);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		struct tee_ioctl_param p[ROOM] = { { .attr = bad[i] } };

		EXPECT_RC(supp_recv_with(fd, &r, p, ROOM), -EINVAL);
		p[0].attr = META;
		p[3].attr = bad[i];
		EXPECT_RC(supp_recv_with(fd, &r, p, ROOM), -EINVAL);
	}
}

TEST(receive_refuses_memory_and_keeps_no_hold_of_it)
{
	int fd = asked_begin();
	struct tee_ioctl_param p[ROOM] = { { .attr = META } };
	struct tee_buf buf, again;
	struct supp_request r;
	int id;

	if (modules_are_stock())
		SKIP("the packaged drivers leak the references, and are busy for ever");
	client_alloc(fd, 4096, &buf);
	id = buf.id;
	p[1] = (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 0, 100);
	EXPECT_RC(supp_recv_with(fd, &r, p, ROOM), -EINVAL);
	/* Behind it one that fails on its own. */
	p[2].attr = 4;
	EXPECT_RC(supp_recv_with(fd, &r, p, ROOM), -EINVAL);
	p[2] = (struct tee_ioctl_param)MEMREF(INPUT, 12345, 0, 100);
	EXPECT_RC(supp_recv_with(fd, &r, p, ROOM), -EINVAL);
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
	int fd = asked_begin();
	int rc;

	rc = framed(fd, TEE_IOC_SUPPL_RECV, &f, sizeof(f) - 1);
	EXPECT_RC(rc, -EINVAL);
	rc = framed(fd, TEE_IOC_SUPPL_RECV, &f, sizeof(f) - sizeof(f.p[0]));
	EXPECT_RC(rc, -EINVAL);
	f.arg.num_params = UINT32_MAX;
	EXPECT_RC(framed(fd, TEE_IOC_SUPPL_RECV, &f, sizeof(f)), -EINVAL);
	EXPECT_RC(framed(fd, TEE_IOC_SUPPL_RECV, &f, 4), -EINVAL);
	EXPECT_RC(framed(fd, TEE_IOC_SUPPL_RECV, NULL, sizeof(f)), -EFAULT);
	EXPECT_RC(framed(fd, TEE_IOC_SUPPL_SEND, NULL, sizeof(f)), -EFAULT);
	EXPECT_RC(framed(fd, TEE_IOC_SUPPL_SEND, &f, 8 * 1024 * 1024), -EINVAL);
	EXPECT_RC(framed(fd, TEE_IOC_SUPPL_SEND, &f, 7), -EINVAL);
	EXPECT_RC(framed(fd, TEE_IOC_SUPPL_SEND, &f, sizeof(f)), -EINVAL);
}

TEST(receive_ends_with_a_signal)
{
	struct supp_request r;

	EXPECT_RC(asked_within(asked_begin(), &r, 100), -EINTR);
}

TEST(answer_nobody_asked_for)
{
	struct tee_ioctl_param p[ROOM] = { { .attr = META_ID, .a = 77 } };
	int fd = asked_begin();

	EXPECT_RC(supp_send_params(fd, 0, p, 0), -EINVAL);
	EXPECT_RC(supp_send_params(fd, 0, p, 1), -ENOENT);
	EXPECT_RC(supp_send_params(fd, 0, p, 3), -ENOENT);
	p[0].attr = META;
	EXPECT_RC(supp_send_params(fd, 0, p, 1), -EINVAL);
	p[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT;
	EXPECT_RC(supp_send_params(fd, 0, p, 1), -EINVAL);
	p[0].attr = META_ID;
	p[1].attr = 0x200;
	EXPECT_RC(supp_send_params(fd, 0, p, 2), -EINVAL);
}

TEST(application_is_asked_for_by_its_uuid)
{
	static const uint8_t uuid[] = APP_LOADABLE_UUID(1);
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 1);
	struct supp_request r;

	asked_next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	ASSERT_EQ(r.count, 3);
	EXPECT_EQ(r.params[1].attr, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT);
	EXPECT(!memcmp(&r.params[1].a, uuid, sizeof(uuid)));
	EXPECT_EQ(r.params[2].attr, TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT);
	EXPECT_EQ(r.params[2].a, 0);
	EXPECT_EQ(r.params[2].b, 0);
	EXPECT_EQ(r.params[2].c, TEE_MEMREF_NULL);
	ASSERT_RC(supp_send(fd, &r, TEE_ERROR_ITEM_NOT_FOUND), 0);
	asker_got(pid, 1, TEE_ERROR_ITEM_NOT_FOUND);
	/* It has been answered. */
	EXPECT_RC(supp_send(fd, &r, TEE_SUCCESS), -ENOENT);
}

TEST(client_waits_for_a_supplicant_to_come)
{
	struct supp_request r;
	pid_t pid;
	int fd;

	close(asked_begin());
	pid = asker_start(-1, 0);
	sleep_ms(300);
	EXPECT(!asker_is_done(0));
	fd = asked_begin();
	asked_next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	ASSERT_RC(supp_send(fd, &r, TEE_ERROR_ITEM_NOT_FOUND), 0);
	asker_got(pid, 0, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(client_killed_while_it_waits_for_a_supplicant)
{
	struct supp_request r;
	pid_t pid;
	int fd;

	close(asked_begin());
	pid = asker_start(-1, 0);
	sleep_ms(200);
	asker_kill(pid);
	fd = asked_begin();
	EXPECT_RC(asked_within(fd, &r, 200), -EINTR);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
}

TEST(request_stays_queued_if_there_is_too_little_room)
{
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 0);
	struct supp_request r;

	EXPECT(world_wait_min(SIM_COUNTER_THREADS_USED, 1, PATIENCE_MS));
	sleep_ms(100);
	EXPECT_RC(supp_recv_with(fd, &r, room_async, 2), -EINVAL);
	EXPECT_RC(supp_recv_with(fd, &r, room_sync, 1), -EINVAL);
	ASSERT_RC(supp_recv_with(fd, &r, room_async, 3), 0);
	ASSERT_RC(supp_send(fd, &r, TEE_ERROR_ITEM_NOT_FOUND), 0);
	asker_got(pid, 0, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(requests_one_at_a_time_carry_no_id)
{
	struct tee_ioctl_param p[ROOM] = { { .attr = META_ID, .a = 1 } };
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 0);
	struct supp_request r, other;

	ASSERT_RC(supp_recv_with(fd, &r, room_sync, ROOM), 0);
	ASSERT_EQ(r.count, 2);
	EXPECT_EQ(r.params[0].attr, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT);
	EXPECT_RC(supp_recv_with(fd, &other, room_sync, ROOM), -EINVAL);
	EXPECT_RC(supp_recv_with(fd, &other, room_async, ROOM), -EINVAL);
	EXPECT_RC(supp_send_params(fd, 0, p, 3), -EINVAL);
	EXPECT_RC(supp_send_params(fd, 0, p, 0), -EINVAL);
	ASSERT_RC(supp_send(fd, &r, TEE_ERROR_ITEM_NOT_FOUND), 0);
	EXPECT_RC(supp_send(fd, &r, TEE_ERROR_ITEM_NOT_FOUND), -EINVAL);
	asker_got(pid, 0, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(requests_come_in_order_and_are_answered_in_any)
{
	int fd = asked_begin();
	uint64_t commands = world_counter(SIM_COUNTER_RPC_COMMANDS);
	struct supp_request r[ASKERS];
	pid_t pid[ASKERS];

	for (unsigned int n = 0; n < ASKERS; n++) {
		pid[n] = asker_start(fd, n);
		until_it_has_asked(pid[n], commands + n + 1);
	}
	for (unsigned int n = 0; n < ASKERS; n++) {
		asked_next(fd, &r[n], OPTEE_RPC_CMD_LOAD_TA);
		EXPECT_EQ(((uint8_t *)&r[n].params[1].b)[7], n);
	}
	for (int n = ASKERS - 1; n >= 0; n--) {
		for (int i = 0; i < n; i++)
			EXPECT(!asker_is_done(i));
		ASSERT_RC(supp_send(fd, &r[n], TEE_ERROR_ITEM_NOT_FOUND), 0);
		asker_got(pid[n], n, TEE_ERROR_ITEM_NOT_FOUND);
	}
}

TEST(supplicant_that_goes_takes_its_requests_along)
{
	int fd = asked_begin();
	uint64_t commands = world_counter(SIM_COUNTER_RPC_COMMANDS);
	struct supp_request r;
	pid_t pid[2];

	pid[0] = asker_start(fd, 0);
	asked_next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	pid[1] = asker_start(fd, 1);
	/* Whoever asks after the supplicant has gone waits for the next one. */
	until_it_has_asked(pid[1], commands + 2);
	close(fd);
	asker_got(pid[0], 0, NO_ANSWER);
	asker_got(pid[1], 1, NO_ANSWER);
	fd = asked_begin();
	EXPECT_RC(supp_send(fd, &r, TEE_SUCCESS), -ENOENT);
}

TEST(answer_to_a_killed_client_is_accepted)
{
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 0);
	struct supp_request r, other;

	asked_next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	asker_kill(pid);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	/* Mainline says EBADF or ENOENT, at which the usual supplicant exits. */
	if (!modules_are_stock())
		EXPECT_RC(supp_send(fd, &r, TEE_SUCCESS), 0);
	else
		EXPECT(supp_send(fd, &r, TEE_SUCCESS) != 0);
	/* Once. */
	EXPECT(supp_send(fd, &r, TEE_SUCCESS) != 0);
	pid = asker_start(fd, 1);
	asked_next(fd, &other, OPTEE_RPC_CMD_LOAD_TA);
	/* An id that comes again soon lets a late answer reach the wrong request. */
	if (!modules_are_stock())
		EXPECT_NE(other.params[0].a, r.params[0].a);
	ASSERT_RC(supp_send(fd, &other, TEE_ERROR_ITEM_NOT_FOUND), 0);
	asker_got(pid, 1, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(answer_of_other_types_says_nothing)
{
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 0);
	struct supp_request r;

	asked_next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	r.params[1].attr = TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT;
	r.params[2].attr = TEE_IOCTL_PARAM_ATTR_TYPE_NONE;
	r.params[2].b = 1000;
	ASSERT_RC(supp_send(fd, &r, TEE_ERROR_ITEM_NOT_FOUND), 0);
	asker_got(pid, 0, TEE_ERROR_ITEM_NOT_FOUND);
}

TEST(killed_supplicant_is_gone_and_its_clients_are_told)
{
	pid_t supp, pid;
	int has[2];
	char c;

	close(asked_begin());
	ASSERT_EQ(pipe(has), 0);
	supp = fork();
	if (!supp) {
		int fd = supp_open();
		struct supp_request r;

		ASSERT_GE(fd, 0);
		for (;;) {
			ASSERT_RC(supp_recv_with(fd, &r, room_async, ROOM), 0);
			ASSERT_EQ(write(has[1], "r", 1), 1);
		}
	}
	close(has[1]);
	pid = asker_start(-1, 0);
	/* It has the request, and there is nobody else to ask when it is killed. */
	ASSERT_EQ(read(has[0], &c, 1), 1);
	sleep_ms(100);
	EXPECT(!asker_is_done(0));
	asker_kill(supp);
	asker_got(pid, 0, NO_ANSWER);
	close(asked_begin());
}
