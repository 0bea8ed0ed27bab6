// SPDX-License-Identifier: BSD-2-Clause
/* OP-TEE over FF-A: memory by the partition manager's handles, its errors, notifications. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "abi/optee_ffa.h"
#include "array.h"
#include "client.h"
#include "clock.h"
#include "driver.h"
#include "harness.h"
#include "held.h"
#include "notif.h"
#include "world.h"

#define PAGE		4096
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

/* Who joins keeps all of it, and is told apart by its own size. */
TEST(buffer_joins_one_that_is_four_times_as_large_and_none_that_is_larger)
{
	static const struct {
		unsigned int outer, inner;
		int rc;
	} sizes[] = {
		{ 4, 1, 0 }, { 5, 1, -EACCES }, { 7, 1, -EACCES }, { 8, 2, 0 }, { 9, 2, -EACCES },
	};
	uint8_t *va = anonymous(9 * PAGE);
	struct tee_buf outer, inner;
	struct client params;
	uint64_t before;

	need_ours();
	client_open(&params, app_params);
	before = shares();
	for (unsigned int n = 0; n < ARRAY_SIZE(sizes); n++) {
		uint8_t *last = va + (sizes[n].outer - sizes[n].inner) * PAGE;

		client_register(params.fd, va, sizes[n].outer * PAGE, &outer);
		EXPECT_RC(tee_register(params.fd, last, sizes[n].inner * PAGE, &inner), sizes[n].rc);
		EXPECT_EQ(shares(), before + 1);
		tee_free(&outer);
		if (sizes[n].rc)
			client_register(params.fd, last, sizes[n].inner * PAGE, &inner);
		EXPECT_EQ(shares(), before + 1);
		use(&params, &inner, 0, 32);
		tee_free(&inner);
		EXPECT_EQ(shares(), before);
	}
	client_close(&params);
}

TEST(buffer_around_another_is_refused)
{
	uint8_t *va = anonymous(4 * PAGE);
	int fd = client_device();
	struct tee_buf one, around;
	uint64_t before;

	need_ours();
	before = shares();
	client_register(fd, va + PAGE, PAGE, &one);
	EXPECT_RC(tee_register(fd, va, 4 * PAGE, &around), -EACCES);
	EXPECT_EQ(shares(), before + 1);
	tee_free(&one);
	client_register(fd, va, 4 * PAGE, &around);
	tee_free(&around);
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

/* More than there are messages, of which the driver makes as many as it needs. */
#define HOLDERS		400
/* Many more than will ever be asked for. */
#define ALWAYS		1000000

/**
 * struct holder - somebody whose call stays in the secure world until held_release()
 * @thread: who
 * @hog: session, of all
 * @without: counts those that got no message
 */
struct holder {
	pthread_t thread;
	const struct client *hog;
	atomic_uint *without;
};

static void *hold(void *arg)
{
	/* So many would leave little of the CPUs to those that come, if they all looked often. */
	struct tee_ioctl_param p = VALUE_IN(scaled(HELD_MS), 200);
	struct holder *h = arg;
	struct tee_answer answer;
	int rc = tee_invoke(h->hog->fd, h->hog->session, HOG_CMD_HOLD, &p, 1, &answer);

	EXPECT_MSG(!rc || rc == -ENOMEM, "%s", result_name(rc));
	if (rc)
		atomic_fetch_add(h->without, 1);
	return NULL;
}

/* It has to be made, and there is no memory for it: it is given up, and so is the session. */
TEST(call_without_a_message_ends_though_no_other_does)
{
	static struct holder holders[HOLDERS];
	static const uint8_t app_hog[] = APP_HOG_UUID;
	struct client hog, echo;
	atomic_uint without = 0;
	unsigned int n, left;

	need_ours();
	leave_behind(SIM_COUNTER_SESSIONS, 1);
	/* Pages with messages, which the secure world knows from their first use on. */
	leave_behind(SIM_COUNTER_SHM_OBJECTS, HOLDERS / 8);
	leave_behind(SIM_COUNTER_FFA_RETRIEVED, HOLDERS / 8);
	client_open(&hog, app_hog);
	client_open(&echo, app_echo);
	world_fault(SIM_FAULT_FFA_ERROR, ALWAYS, FFA_FAULT(SHARE, FFA_DENIED));
	for (n = 0; n < HOLDERS && !atomic_load(&without); n++) {
		holders[n] = (struct holder){ .hog = &hog, .without = &without };
		ASSERT_EQ(pthread_create(&holders[n].thread, NULL, hold, &holders[n]), 0);
		sleep_ms(1);
	}
	/* The last ones may not have begun yet. */
	for (int tries = 0; tries < PATIENCE_MS / 10 && !atomic_load(&without); tries++)
		sleep_ms(10);
	ASSERT_GT(atomic_load(&without), 0);
	EXPECT_RC(tee_close_session(echo.fd, echo.session), 0);
	world_faults_off();
	for (left = n; left;) {
		held_release();
		if (pthread_tryjoin_np(holders[left - 1].thread, NULL))
			sleep_ms(5);
		else
			left--;
	}
	close(echo.fd);
	client_close(&hog);
	client_open(&echo, app_echo);
	client_echo(&echo, 7, 8);
	client_close(&echo);
}

static void *give_back(void *buf)
{
	tee_free(buf);
	return NULL;
}

/* Gives @buf back while the secure world is at work with it, so often. */
static pthread_t give_back_slowly(struct tee_buf *buf, unsigned int tries)
{
	uint64_t requests = world_counter(SIM_COUNTER_FFA_REQUESTS);
	pthread_t thread;

	world_fault(SIM_FAULT_UNREGISTER_REFUSED, tries, TEE_ERROR_BUSY);
	ASSERT_EQ(pthread_create(&thread, NULL, give_back, buf), 0);
	/* Before that it is not under way yet, and whoever wants its pages is refused. */
	ASSERT(world_wait_min(SIM_COUNTER_FFA_REQUESTS, requests + 1, PATIENCE_MS));
	return thread;
}

TEST(memory_is_shared_while_other_is_given_back_slowly)
{
	uint8_t *va = anonymous(2 * PAGE);
	struct tee_buf slow, other;
	int fd = client_device();
	unsigned int count = 0;
	pthread_t thread;

	need_ours();
	client_register(fd, va, PAGE, &slow);
	client_register(fd, va + PAGE, PAGE, &other);
	thread = give_back_slowly(&slow, 90);
	while (pthread_tryjoin_np(thread, NULL)) {
		struct tee_buf more;

		/* Joins the other one, which asks nobody. */
		client_register(fd, va + PAGE, PAGE, &more);
		tee_free(&more);
		count++;
	}
	EXPECT_GE(count, 2);
	tee_free(&other);
}

TEST(page_that_is_being_given_back_is_waited_for)
{
	uint8_t *va = anonymous(3 * PAGE);
	struct tee_buf slow, again;
	int fd = client_device();
	struct client params;
	pthread_t thread;

	need_ours();
	client_open(&params, app_params);
	client_register(fd, va, 2 * PAGE, &slow);
	thread = give_back_slowly(&slow, 30);
	/* Not all of its pages, so that it cannot join. */
	client_register(params.fd, va + PAGE, 2 * PAGE, &again);
	use(&params, &again, 0, 2 * PAGE);
	EXPECT(va[PAGE] && !va[0]);
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	tee_free(&again);
	client_close(&params);
}

TEST(page_that_comes_twice_in_a_buffer_is_refused)
{
	uint8_t *va = anonymous(2 * PAGE);
	int fd = client_device();
	uint8_t *twice = anonymous(2 * PAGE);
	int file = memfd_create("twice", MFD_CLOEXEC);
	struct tee_buf buf;
	uint64_t before;

	need_ours();
	before = shares();
	ASSERT_EQ(ftruncate(file, PAGE), 0);
	for (int n = 0; n < 2; n++)
		ASSERT(mmap(twice + n * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
			    file, 0) != MAP_FAILED);
	twice[0] = 9;
	ASSERT_EQ(twice[PAGE], 9);
	EXPECT_RC(tee_register(fd, twice, 2 * PAGE, &buf), -EACCES);
	EXPECT_EQ(shares(), before);
	/* Nobody has it now. */
	client_register(fd, twice, PAGE, &buf);
	tee_free(&buf);
	client_register(fd, va, 2 * PAGE, &buf);
	tee_free(&buf);
}

TEST(busy_partition_manager_is_asked_again)
{
	/* An older kernel's transport does not know the last one. */
	static const int errors[] = { FFA_BUSY, FFA_RETRY, FFA_NOT_READY };
	unsigned int count = ARRAY_SIZE(errors) - kernel_is("newest");
	struct client echo;

	need_ours();
	client_open(&echo, app_echo);
	for (unsigned int n = 0; n < count; n++) {
		world_fault(SIM_FAULT_FFA_ERROR, 3, FFA_FAULT(REQUEST, errors[n]));
		client_echo(&echo, 1, 2);
	}
	client_close(&echo);
}

/* First word of a request, and what it is answered first: INTERRUPT, or YIELD for so long. */
#define DEFER(function, ns)	((uint64_t)(function) << 32 | (ns))
#define DEFERRALS		5

/* It is run until it answers, and not sent again. */
static void expect_runs(const struct client *sleeper, uint32_t function, uint32_t ns)
{
	uint64_t gone = world_counter(ns ? SIM_COUNTER_FFA_YIELDS : SIM_COUNTER_FFA_INTERRUPTS);
	uint64_t runs = world_counter(SIM_COUNTER_FFA_RUNS_HERE) +
			world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE);
	struct tee_ioctl_param time = VALUE_OUT;
	uint8_t *va = anonymous(PAGE);
	struct tee_buf buf;

	client_register(sleeper->fd, va, PAGE, &buf);
	world_fault(SIM_FAULT_FFA_DEFER, DEFERRALS, DEFER(function, ns));
	/* One with an RPC. */
	client_invoke(sleeper, SLEEPER_CMD_TIME, &time, 1);
	tee_free(&buf);
	EXPECT_EQ(world_counter(ns ? SIM_COUNTER_FFA_YIELDS : SIM_COUNTER_FFA_INTERRUPTS),
		  gone + DEFERRALS);
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_RUNS_HERE) +
		  world_counter(SIM_COUNTER_FFA_RUNS_ELSEWHERE), runs + DEFERRALS);
}

TEST(request_that_gives_way_goes_on_where_it_was)
{
	static const uint32_t functions[] = {
		OPTEE_FFA_YIELDING_CALL_WITH_ARG, OPTEE_FFA_YIELDING_CALL_RESUME,
		OPTEE_FFA_UNREGISTER_SHM,
	};
	struct client sleeper;

	need();
	client_open(&sleeper, app_sleeper);
	for (unsigned int n = 0; n < ARRAY_SIZE(functions); n++) {
		expect_runs(&sleeper, functions[n], 0);
		expect_runs(&sleeper, functions[n], 1000);
	}
	client_close(&sleeper);
}

/* It had not begun: an interrupt came before OP-TEE had looked for a thread. */
TEST(request_that_gave_way_may_still_be_refused)
{
	struct client echo;

	need_ours();
	client_open(&echo, app_echo);
	world_fault(SIM_FAULT_FFA_DEFER, 2, DEFER(OPTEE_FFA_YIELDING_CALL_WITH_ARG, 0));
	world_fault(SIM_FAULT_THREAD_LIMIT, 2, 0);
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(client_killed_while_its_request_gives_way_is_gone)
{
	uint64_t sessions, interrupts;
	struct client echo;
	pid_t pid;

	need_ours();
	if (kernel_is("newest"))
		SKIP("the kernel's own transport waits for the response");
	client_open(&echo, app_echo);
	sessions = world_counter(SIM_COUNTER_SESSIONS);
	interrupts = world_counter(SIM_COUNTER_FFA_INTERRUPTS);
	world_fault(SIM_FAULT_FFA_DEFER, ALWAYS, DEFER(OPTEE_FFA_YIELDING_CALL_WITH_ARG, 0));
	pid = fork();
	ASSERT_GE(pid, 0);
	if (!pid) {
		client_echo(&echo, 1, 2);
		_exit(0);
	}
	ASSERT(world_wait_min(SIM_COUNTER_FFA_INTERRUPTS, interrupts + 10, PATIENCE_MS));
	kill(pid, SIGKILL);
	/* Before it was answered. */
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	interrupts = world_counter(SIM_COUNTER_FFA_INTERRUPTS);
	EXPECT(world_wait_min(SIM_COUNTER_FFA_INTERRUPTS, interrupts + 10, PATIENCE_MS));
	world_fault(SIM_FAULT_FFA_DEFER, 0, 0);
	client_echo(&echo, 3, 4);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), sessions);
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

TEST(unbound_driver_leaves_nothing_shared)
{
	struct client echo;
	uint64_t lost;

	need_ours();
	ASSERT_RC(driver_unbind(), 0);
	EXPECT_EQ(access(TEE_DEVICE, F_OK), -1);
	/* Of cases that lose memory on purpose. */
	lost = shares();
	ASSERT_RC(driver_bind(), 0);
	driver_wait_for_node();
	EXPECT_GE(shares(), lost + 1);
	client_open(&echo, app_echo);
	client_echo(&echo, 5, 6);
	client_close(&echo);
	ASSERT_RC(driver_unbind(), 0);
	EXPECT_EQ(shares(), lost);
	ASSERT_RC(driver_bind(), 0);
	driver_wait_for_node();
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

	need_ours();
	need_notifications();
	ASSERT_RC(driver_unbind(), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 0);
	world_fault(SIM_FAULT_FFA_ERROR, 1, FFA_FAULT(BIND, FFA_NOT_SUPPORTED));
	ASSERT_RC(driver_bind(), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 0);
	client_open(&echo, app_echo);
	client_echo(&echo, 5, 6);
	client_close(&echo);
	ASSERT_RC(driver_unbind(), 0);
	/* A number that somebody else has is not taken. */
	world_fault(SIM_FAULT_FFA_ERROR, 1, FFA_FAULT(BIND, FFA_DENIED));
	ASSERT_RC(driver_bind(), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_NOTIF_ENABLED), 1);
	driver_wait_for_node();
}
