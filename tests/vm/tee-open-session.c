// SPDX-License-Identifier: BSD-2-Clause
/* OPEN_SESSION and CLOSE_SESSION: framing, results, and what failure leaves behind. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "harness.h"
#include "world.h"

#define HEADER	sizeof(struct tee_ioctl_open_session_arg)
#define PARAM	sizeof(struct tee_ioctl_param)

/* An argument with room behind it, framed as the case likes. */
static union {
	struct tee_ioctl_open_session_arg arg;
	uint8_t room[8192];
} open_arg;

static void prepare(uint32_t num_params)
{
	memset(&open_arg, 0, sizeof(open_arg));
	memcpy(open_arg.arg.uuid, app_echo, sizeof(app_echo));
	open_arg.arg.num_params = num_params;
}

static int framed(int fd, uint64_t len)
{
	struct tee_ioctl_buf_data buf = { (uintptr_t)&open_arg, len };

	return ioctl(fd, TEE_IOC_OPEN_SESSION, &buf) ? -errno : 0;
}

TEST(session_opens_and_closes)
{
	uint64_t before = 0, inside = 0;
	struct client echo;

	echo.fd = client_device();
	if (world_present())
		before = world_counter(SIM_COUNTER_SESSIONS);
	echo.session = client_session(echo.fd, app_echo);
	if (world_present()) {
		inside = world_counter(SIM_COUNTER_SESSIONS);
		EXPECT_EQ(inside, before + 1);
	}
	client_echo(&echo, 1, 2);
	ASSERT_RC(tee_close_session(echo.fd, echo.session), 0);
	if (world_present())
		EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), before);
}

TEST(sessions_of_one_context_have_different_ids)
{
	uint32_t session[16];
	int fd = client_device();

	for (int i = 0; i < 16; i++) {
		session[i] = client_session(fd, app_echo);
		for (int j = 0; j < i; j++)
			EXPECT_NE(session[i], session[j]);
	}
	for (int i = 0; i < 16; i++)
		EXPECT_RC(tee_close_session(fd, session[i]), 0);
}

TEST(unknown_application_is_answered_with_item_not_found)
{
	struct tee_open o = { .session = 0x1234 };
	struct tee_answer answer;

	memcpy(o.uuid, app_nobody, sizeof(o.uuid));
	ASSERT_RC(tee_open_session(client_device(), &o, NULL, 0, &answer), 0);
	EXPECT_EQ(answer.ret, TEE_ERROR_ITEM_NOT_FOUND);
	EXPECT_EQ(answer.origin, TEE_ORIGIN_TEE);
	EXPECT_EQ(o.session, 0);
}

TEST(closed_session_is_gone)
{
	struct tee_answer answer;
	struct client echo;

	client_open(&echo, app_echo);
	ASSERT_RC(tee_close_session(echo.fd, echo.session), 0);
	EXPECT_RC(tee_close_session(echo.fd, echo.session), -EINVAL);
	EXPECT_RC(tee_cancel(echo.fd, echo.session), -EINVAL);
	EXPECT_RC(tee_invoke(echo.fd, echo.session, ECHO_CMD_NOP, NULL, 0, &answer), -EINVAL);
}

TEST(session_never_opened_is_invalid)
{
	int fd = client_device();

	EXPECT_RC(tee_close_session(fd, 0), -EINVAL);
	EXPECT_RC(tee_close_session(fd, 0xffffffff), -EINVAL);
}

TEST(session_of_another_context_is_invalid)
{
	struct tee_answer answer;
	struct client mine;
	int other;

	client_open(&mine, app_echo);
	other = client_device();
	EXPECT_RC(tee_close_session(other, mine.session), -EINVAL);
	EXPECT_RC(tee_cancel(other, mine.session), -EINVAL);
	EXPECT_RC(tee_invoke(other, mine.session, ECHO_CMD_NOP, NULL, 0, &answer), -EINVAL);
	client_echo(&mine, 3, 4);
}

TEST(close_from_unmapped_memory_is_a_fault)
{
	int fd = client_device();

	EXPECT_RC(ioctl(fd, TEE_IOC_CLOSE_SESSION, (void *)8) ? -errno : 0, -EFAULT);
}

TEST(argument_of_the_exact_length_is_taken)
{
	int fd = client_device();

	for (uint32_t n = 0; n <= 4; n++) {
		prepare(n);
		ASSERT_RC(framed(fd, HEADER + n * PARAM), 0);
		ASSERT_EQ(open_arg.arg.ret, TEE_SUCCESS);
		EXPECT_RC(tee_close_session(fd, open_arg.arg.session), 0);
	}
}

TEST(argument_one_byte_short_is_refused)
{
	prepare(1);
	EXPECT_RC(framed(client_device(), HEADER + PARAM - 1), -EINVAL);
}

TEST(argument_one_byte_long_is_refused)
{
	prepare(1);
	EXPECT_RC(framed(client_device(), HEADER + PARAM + 1), -EINVAL);
}

TEST(argument_shorter_than_its_header_is_refused)
{
	int fd = client_device();

	prepare(0);
	EXPECT_RC(framed(fd, HEADER - 1), -EINVAL);
	EXPECT_RC(framed(fd, 0), -EINVAL);
}

TEST(argument_above_the_maximum_is_refused)
{
	int fd = client_device();
	uint32_t n = (client_max_arg() - HEADER) / PARAM + 1;

	prepare(n);
	EXPECT_RC(framed(fd, HEADER + n * PARAM), -EINVAL);
	EXPECT_RC(framed(fd, UINT64_MAX), -EINVAL);
}

TEST(parameter_count_that_wraps_is_refused)
{
	int fd = client_device();

	/* 32 * this is 0 in 32 bits */
	prepare(0x08000000);
	EXPECT_RC(framed(fd, HEADER), -EINVAL);
	prepare(0xffffffff);
	EXPECT_RC(framed(fd, HEADER - PARAM), -EINVAL);
	EXPECT_RC(framed(fd, HEADER), -EINVAL);
}

TEST(descriptor_in_unmapped_memory_is_a_fault)
{
	EXPECT_RC(ioctl(client_device(), TEE_IOC_OPEN_SESSION, (void *)8) ? -errno : 0, -EFAULT);
}

TEST(argument_in_unmapped_memory_is_a_fault)
{
	struct tee_ioctl_buf_data buf = { 8, HEADER };

	EXPECT_RC(ioctl(client_device(), TEE_IOC_OPEN_SESSION, &buf) ? -errno : 0, -EFAULT);
}

TEST(length_is_checked_before_the_argument_is_read)
{
	struct tee_ioctl_buf_data buf = { 8, HEADER - 1 };

	EXPECT_RC(ioctl(client_device(), TEE_IOC_OPEN_SESSION, &buf) ? -errno : 0, -EINVAL);
}

TEST(parameters_in_unmapped_memory_are_a_fault)
{
	struct tee_ioctl_open_session_arg *arg;
	struct tee_ioctl_buf_data buf;
	uint8_t *page;

	page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT(page != MAP_FAILED);
	ASSERT_EQ(munmap(page + 4096, 4096), 0);
	arg = (void *)(page + 4096 - HEADER);
	memcpy(arg->uuid, app_echo, sizeof(app_echo));
	arg->num_params = 1;
	buf = (struct tee_ioctl_buf_data){ (uintptr_t)arg, HEADER + PARAM };
	EXPECT_RC(ioctl(client_device(), TEE_IOC_OPEN_SESSION, &buf) ? -errno : 0, -EFAULT);
}

TEST(result_to_read_only_memory_closes_the_session_again)
{
	struct tee_ioctl_open_session_arg *arg;
	struct tee_ioctl_buf_data buf;
	uint64_t opened, open_now;
	int fd = client_device();

	world_need();
	opened = world_counter(SIM_COUNTER_SESSIONS_OPENED);
	open_now = world_counter(SIM_COUNTER_SESSIONS);
	arg = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT(arg != MAP_FAILED);
	memcpy(arg->uuid, app_echo, sizeof(app_echo));
	ASSERT_EQ(mprotect(arg, 4096, PROT_READ), 0);
	buf = (struct tee_ioctl_buf_data){ (uintptr_t)arg, HEADER };
	EXPECT_RC(ioctl(fd, TEE_IOC_OPEN_SESSION, &buf) ? -errno : 0, -EFAULT);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS_OPENED), opened + 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), open_now);
}

TEST(five_parameters_are_too_many)
{
	struct tee_ioctl_param p[5] = { NO_PARAM };
	struct tee_open o = { .uuid = APP_ECHO_UUID };
	struct tee_answer answer;

	EXPECT_RC(tee_open_session(client_device(), &o, p, 5, &answer), -EINVAL);
}

TEST(kernel_logins_are_not_permitted)
{
	static const uint32_t logins[] = {
		TEE_IOCTL_LOGIN_REE_KERNEL_MIN, TEE_IOCTL_LOGIN_REE_KERNEL_MIN + 1, 0xa0000000,
		TEE_IOCTL_LOGIN_REE_KERNEL_MAX,
	};
	int fd = client_device();

	for (size_t i = 0; i < ARRAY_SIZE(logins); i++) {
		struct tee_open o = { .uuid = APP_ECHO_UUID, .login = logins[i] };
		struct tee_answer answer;
		int rc = tee_open_session(fd, &o, NULL, 0, &answer);

		EXPECT_MSG(rc == -EPERM, "login 0x%x: %s, want -EPERM", logins[i], result_name(rc));
	}
}

TEST(logins_beside_the_kernel_range_are_merely_unsupported)
{
	static const uint32_t logins[] = { 0x7fffffff, 0xc0000000, 0xffffffff, 3, 7 };
	int fd = client_device();

	for (size_t i = 0; i < ARRAY_SIZE(logins); i++) {
		struct tee_open o = { .uuid = APP_ECHO_UUID, .login = logins[i] };
		struct tee_answer answer;
		int rc = tee_open_session(fd, &o, NULL, 0, &answer);

		EXPECT_MSG(rc == -EINVAL, "login 0x%x: %s, want -EINVAL", logins[i],
			   result_name(rc));
	}
}

TEST(bad_parameter_is_found_before_a_kernel_login)
{
	struct tee_ioctl_param p = { .attr = 4 };
	struct tee_open o = { .uuid = APP_ECHO_UUID, .login = TEE_IOCTL_LOGIN_REE_KERNEL };
	struct tee_answer answer;

	EXPECT_RC(tee_open_session(client_device(), &o, &p, 1, &answer), -EINVAL);
}

TEST(four_hundred_sessions_come_and_go)
{
	int fd = client_device();

	for (int i = 0; i < 400; i++)
		ASSERT_RC(tee_close_session(fd, client_session(fd, app_echo)), 0);
}
