// SPDX-License-Identifier: BSD-2-Clause
/* An application that panics takes its sessions with it, and nothing else. */
#include <pthread.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

static const uint8_t app_panicker[] = APP_PANICKER_UUID;

static uint32_t invoke(const struct client *c, uint32_t command, uint32_t *origin)
{
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(c->fd, c->session, command, NULL, 0, &answer), 0);
	*origin = answer.origin;
	return answer.ret;
}

static void expect_dead(const struct client *c, uint32_t command)
{
	uint32_t origin;

	EXPECT_EQ(invoke(c, command, &origin), TEE_ERROR_TARGET_DEAD);
	EXPECT_EQ(origin, TEE_ORIGIN_TEE);
}

static uint32_t try_open(int fd, bool panic, uint32_t *session)
{
	struct tee_open o = { .uuid = APP_PANICKER_UUID };
	struct tee_ioctl_param p = VALUE_IN(1, 0);
	struct tee_answer answer;

	ASSERT_RC(tee_open_session(fd, &o, &p, panic, &answer), 0);
	*session = o.session;
	return answer.ret;
}

TEST(session_that_panicked_is_dead)
{
	struct client c;

	world_need();
	client_open(&c, app_panicker);
	client_invoke(&c, PANICKER_CMD_NOP, NULL, 0);
	expect_dead(&c, PANICKER_CMD_PANIC);
	expect_dead(&c, PANICKER_CMD_NOP);
	expect_dead(&c, PANICKER_CMD_PANIC);
	client_close(&c);
	client_open(&c, app_panicker);
	client_invoke(&c, PANICKER_CMD_NOP, NULL, 0);
	client_close(&c);
}

TEST(all_sessions_of_the_instance_are_dead)
{
	struct client one, other;
	uint32_t session;

	world_need();
	client_open(&one, app_panicker);
	client_open(&other, app_panicker);
	expect_dead(&one, PANICKER_CMD_PANIC);
	expect_dead(&other, PANICKER_CMD_NOP);
	EXPECT_EQ(try_open(one.fd, false, &session), TEE_ERROR_TARGET_DEAD);
	client_close(&one);
	EXPECT_EQ(try_open(other.fd, false, &session), TEE_ERROR_TARGET_DEAD);
	client_close(&other);
	client_open(&one, app_panicker);
	client_invoke(&one, PANICKER_CMD_NOP, NULL, 0);
	client_close(&one);
}

TEST(panic_while_opening_leaves_no_session)
{
	int fd = client_device();
	uint32_t session;

	world_need();
	EXPECT_EQ(try_open(fd, true, &session), TEE_ERROR_TARGET_DEAD);
	ASSERT_EQ(try_open(fd, false, &session), TEE_SUCCESS);
	EXPECT_RC(tee_close_session(fd, session), 0);
	close(fd);
}

TEST(others_do_not_notice)
{
	struct client echo, c;

	world_need();
	client_open(&echo, app_echo);
	client_open(&c, app_panicker);
	expect_dead(&c, PANICKER_CMD_PANIC);
	client_echo(&echo, 3, 4);
	client_close(&c);
	client_echo(&echo, 5, 6);
	client_close(&echo);
}

static void *spin(void *arg)
{
	struct tee_ioctl_param p = VALUE_IN(PATIENCE_MS, 0);
	const struct client *c = arg;
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(c->fd, c->session, PANICKER_CMD_SPIN, &p, 1, &answer), 0);
	EXPECT_EQ(answer.ret, TEE_ERROR_TARGET_DEAD);
	EXPECT_EQ(answer.origin, TEE_ORIGIN_TEE);
	return NULL;
}

TEST(call_under_way_ends_dead)
{
	struct client one, other;
	pthread_t thread;

	world_need();
	client_open(&one, app_panicker);
	client_open(&other, app_panicker);
	ASSERT_EQ(pthread_create(&thread, NULL, spin, &other), 0);
	ASSERT(world_wait_min(SIM_COUNTER_THREADS_USED, 1, PATIENCE_MS));
	sleep_ms(50);
	expect_dead(&one, PANICKER_CMD_PANIC);
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	client_close(&one);
	client_close(&other);
}
