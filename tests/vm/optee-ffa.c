// SPDX-License-Identifier: BSD-2-Clause
/* OP-TEE over FF-A: memory by the partition manager's handles, its errors, notifications. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "notif.h"
#include "world.h"

#define PAGE		4096
#define DRIVER		"/sys/bus/arm_ffa/drivers/optee"
/* Number and error of SIM_FAULT_FFA_ERROR. */
#define FFA_FAULT(number, error)	((uint64_t)(number) << 32 | (uint32_t)(error))
#define SHARE		0x73
#define RECLAIM		0x77
#define REQUEST		0x6f
#define BIND		0x7f

static void need(void)
{
	world_need();
	if (!optee_is_over_ffa())
		SKIP("OP-TEE is not reached over FF-A");
}

static void need_ours(void)
{
	need();
	if (!modules_are_ours())
		SKIP("about our driver");
}

static uint64_t shares(void)
{
	return world_counter(SIM_COUNTER_FFA_SHARES);
}

static uint8_t *anonymous(size_t size)
{
	uint8_t *va = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT(va != MAP_FAILED);
	memset(va, 0, size);
	return va;
}

/* An application writes into @size octets at @offset of the buffer. */
static void use(const struct client *params, const struct tee_buf *buf, size_t offset, size_t size)
{
	struct tee_ioctl_param p = MEMREF(INOUT, buf->id, offset, size);

	client_invoke(params, PARAMS_CMD_TRANSFORM, &p, 1);
}

TEST(memory_is_shared_while_it_is_registered)
{
	uint8_t *va = anonymous(3 * PAGE);
	struct client params;
	struct tee_buf buf;
	uint64_t before;

	need();
	client_open(&params, app_params);
	before = shares();
	client_register(params.fd, va + 100, 2 * PAGE, &buf);
	EXPECT_EQ(shares(), before + 1);
	use(&params, &buf, 5, 2 * PAGE - 10);
	tee_free(&buf);
	EXPECT_EQ(shares(), before);
	client_close(&params);
}

/* A partition manager shares a page once; clients have more than one thing in a page. */
TEST(buffers_of_one_page_share_it)
{
	uint8_t *va = anonymous(PAGE);
	struct client params;
	struct tee_buf one, two;
	uint64_t before;

	need_ours();
	client_open(&params, app_params);
	before = shares();
	client_register(params.fd, va, 64, &one);
	client_register(params.fd, va + 64, 64, &two);
	EXPECT_EQ(shares(), before + 1);
	use(&params, &one, 0, 64);
	use(&params, &two, 0, 64);
	/* Each at its own place. */
	EXPECT(va[0] && va[64]);
	EXPECT(!va[128]);
	tee_free(&one);
	EXPECT_EQ(shares(), before + 1);
	use(&params, &two, 0, 64);
	tee_free(&two);
	EXPECT_EQ(shares(), before);
	client_close(&params);
}

TEST(buffer_inside_another_shares_with_it)
{
	uint8_t *va = anonymous(4 * PAGE);
	struct tee_buf outer, inner;
	struct client params;

	need_ours();
	client_open(&params, app_params);
	client_register(params.fd, va, 4 * PAGE, &outer);
	client_register(params.fd, va + 2 * PAGE + 16, PAGE, &inner);
	use(&params, &inner, 0, 32);
	EXPECT(va[2 * PAGE + 16]);
	EXPECT(!va[16] && !va[2 * PAGE] && !va[2 * PAGE + 48]);
	/* The pages stay with it, whoever had them first. */
	tee_free(&outer);
	use(&params, &inner, 64, 32);
	EXPECT(va[2 * PAGE + 80]);
	tee_free(&inner);
	client_close(&params);
}

TEST(buffer_half_inside_another_is_refused)
{
	uint8_t *va = anonymous(4 * PAGE);
	struct tee_buf one, two;
	int fd = client_device();
	uint64_t before;

	need_ours();
	before = shares();
	client_register(fd, va, 2 * PAGE, &one);
	EXPECT_RC(tee_register(fd, va + PAGE, 2 * PAGE, &two), -EACCES);
	EXPECT_EQ(shares(), before + 1);
	tee_free(&one);
	client_register(fd, va + PAGE, 2 * PAGE, &two);
	tee_free(&two);
}

TEST(refused_share_is_an_error_of_the_registration)
{
	uint8_t *va = anonymous(PAGE);
	int fd = client_device();
	struct tee_buf buf;

	need_ours();
	world_fault(SIM_FAULT_FFA_ERROR, 1, FFA_FAULT(SHARE, FFA_NO_MEMORY));
	EXPECT_RC(tee_register(fd, va, PAGE, &buf), -ENOMEM);
	/* One that is busy is asked again. */
	world_fault(SIM_FAULT_FFA_ERROR, 2, FFA_FAULT(SHARE, FFA_BUSY));
	ASSERT_RC(tee_register(fd, va, PAGE, &buf), 0);
	tee_free(&buf);
}

TEST(busy_partition_manager_is_asked_again)
{
	struct client echo;

	need_ours();
	client_open(&echo, app_echo);
	world_fault(SIM_FAULT_FFA_ERROR, 3, FFA_FAULT(REQUEST, FFA_BUSY));
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(call_that_is_not_delivered_ends)
{
	struct tee_ioctl_param p[4] = { VALUE_IN(1, 2), VALUE_OUT };
	struct tee_answer answer;
	struct client echo;

	need_ours();
	client_open(&echo, app_echo);
	world_fault(SIM_FAULT_FFA_ERROR, 1, FFA_FAULT(REQUEST, FFA_ABORTED));
	ASSERT_RC(tee_invoke(echo.fd, echo.session, ECHO_CMD_VALUE, p, 2, &answer), 0);
	EXPECT_EQ(answer.ret, TEE_ERROR_COMMUNICATION);
	EXPECT_EQ(answer.origin, TEE_ORIGIN_COMMS);
	client_echo(&echo, 3, 4);
	client_close(&echo);
}

/* Pages that the partition manager keeps are never given to anybody else. */
TEST(memory_that_is_not_given_back_is_lost)
{
	int fd = client_device();
	struct tee_buf buf;

	need_ours();
	leave_behind(SIM_COUNTER_FFA_SHARES, 1);
	client_alloc(fd, PAGE, &buf);
	world_fault(SIM_FAULT_FFA_ERROR, 1, FFA_FAULT(RECLAIM, FFA_DENIED));
	tee_free(&buf);
	client_alloc(fd, PAGE, &buf);
	tee_free(&buf);
}

/* The name of the device that the driver has. */
static void bound_device(char name[32])
{
	struct dirent *entry;
	DIR *dir = opendir(DRIVER);

	ASSERT(dir);
	name[0] = '\0';
	while ((entry = readdir(dir)))
		if (!strncmp(entry->d_name, "arm-ffa-", 8))
			snprintf(name, 32, "%.31s", entry->d_name);
	closedir(dir);
	ASSERT(name[0]);
}

static void tell_driver(const char *what, const char *device)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), DRIVER "/%s", what);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	ASSERT_EQ(write(fd, device, strlen(device)), (ssize_t)strlen(device));
	close(fd);
}

static void wait_for_node(void)
{
	for (int i = 0; i < PATIENCE_MS / 10 && access(TEE_DEVICE, F_OK); i++)
		sleep_ms(10);
	/* As the harness leaves it. */
	ASSERT_EQ(chmod(TEE_DEVICE, 0666), 0);
}

TEST(unbound_driver_leaves_nothing_shared)
{
	struct client echo;
	char device[32];
	uint64_t lost;

	need_ours();
	bound_device(device);
	tell_driver("unbind", device);
	EXPECT_EQ(access(TEE_DEVICE, F_OK), -1);
	/* Of cases that lose memory on purpose. */
	lost = shares();
	tell_driver("bind", device);
	wait_for_node();
	EXPECT_GE(shares(), lost + 1);
	client_open(&echo, app_echo);
	client_echo(&echo, 5, 6);
	client_close(&echo);
	tell_driver("unbind", device);
	EXPECT_EQ(shares(), lost);
	tell_driver("bind", device);
	wait_for_node();
}

static void need_notifications(void)
{
	need();
	close(client_device());
	if (!world_counter(SIM_COUNTER_NOTIF_ENABLED))
		SKIP("the driver does not listen to notifications");
}

TEST(notification_asks_for_the_bottom_half)
{
	uint64_t halves;

	need_notifications();
	halves = world_counter(SIM_COUNTER_BOTTOM_HALVES);
	notif_raise(0, 0);
	EXPECT(world_wait_min(SIM_COUNTER_BOTTOM_HALVES, halves + 1, PATIENCE_MS));
}

TEST(value_of_an_interrupt_reaches_who_waits_for_it)
{
	struct notif_waiter w;

	need_notifications();
	notif_wait_start(&w, 37);
	EXPECT(!notif_wait_has_ended(&w));
	notif_raise(0, 37);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
}

TEST(driver_works_without_notifications)
{
	struct client echo;
	char device[32];

	need_ours();
	need_notifications();
	bound_device(device);
	tell_driver("unbind", device);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 0);
	world_fault(SIM_FAULT_FFA_ERROR, 1, FFA_FAULT(BIND, FFA_NOT_SUPPORTED));
	tell_driver("bind", device);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 0);
	client_open(&echo, app_echo);
	client_echo(&echo, 5, 6);
	client_close(&echo);
	tell_driver("unbind", device);
	/* A number that somebody else has is not taken. */
	world_fault(SIM_FAULT_FFA_ERROR, 1, FFA_FAULT(BIND, FFA_DENIED));
	tell_driver("bind", device);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 1);
	wait_for_node();
}
