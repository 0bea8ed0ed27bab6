// SPDX-License-Identifier: BSD-2-Clause
/* Devices of the secure world, and applications that sleep until they have something. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "notif.h"
#include "world.h"

/* What is written there is typed at the secure console. */
#define KEYBOARD	"/dev/virtio-ports/org.omnitee.secure-console"
#define VALUE		41

static const uint8_t app_timer[] = APP_TIMER_UUID;
static const uint8_t app_uart[] = APP_UART_UUID;
static const uint8_t app_rng[] = APP_RNG_UUID;

static void begin(struct client *c, const uint8_t *app)
{
	notif_need();
	client_open(c, app);
}

TEST(timer_wakes_its_sleeper)
{
	struct client timer;
	uint64_t start, halves;

	begin(&timer, app_timer);
	halves = world_counter(SIM_COUNTER_BOTTOM_HALVES);
	start = clock_ms();
	EXPECT_EQ(notif_call(&timer, TIMER_CMD_SLEEP, 200, 0), TEE_SUCCESS);
	EXPECT_GE(clock_ms() - start, 195);
	EXPECT_GE(world_counter(SIM_COUNTER_BOTTOM_HALVES), halves + 1);
	client_close(&timer);
}

/* Before there are several sleepers: what wakes two of them may leave a bottom half to be made. */
TEST(timer_posts_from_its_interrupt)
{
	struct notif_waiter w;
	struct client timer;
	uint64_t halves;

	begin(&timer, app_timer);
	notif_settle();
	halves = world_counter(SIM_COUNTER_BOTTOM_HALVES);
	notif_wait_start(&w, VALUE);
	EXPECT_EQ(notif_call(&timer, TIMER_CMD_POST, 100, VALUE), TEE_SUCCESS);
	EXPECT_EQ(notif_wait_end(&w), TEE_SUCCESS);
	/* None, but that in which values are told over FF-A. */
	EXPECT_EQ(world_counter(SIM_COUNTER_BOTTOM_HALVES), halves + optee_is_over_ffa());
	EXPECT_EQ(notif_call(&timer, TIMER_CMD_POST, 1, 64), TEE_ERROR_BAD_PARAMETERS);
	client_close(&timer);
}

struct sleeper {
	struct client timer;
	uint32_t ms;
	uint32_t ret;
	uint64_t took;
	pthread_t thread;
};

static void *sleeper_thread(void *arg)
{
	struct sleeper *s = arg;
	uint64_t start = clock_ms();

	s->ret = notif_call(&s->timer, TIMER_CMD_SLEEP, s->ms, 0);
	s->took = clock_ms() - start;
	return NULL;
}

TEST(several_sleepers_wake_in_any_order)
{
	static struct sleeper s[3] = { { .ms = 600 }, { .ms = 200 }, { .ms = 400 } };

	notif_need();
	for (size_t i = 0; i < ARRAY_SIZE(s); i++) {
		client_open(&s[i].timer, app_timer);
		ASSERT_EQ(pthread_create(&s[i].thread, NULL, sleeper_thread, &s[i]), 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(s); i++) {
		pthread_join(s[i].thread, NULL);
		EXPECT_EQ(s[i].ret, TEE_SUCCESS);
		EXPECT_GE(s[i].took, s[i].ms - 5);
		client_close(&s[i].timer);
	}
}

/* Nothing of this kernel is there that could notice: only the secure world's own time limit. */
TEST(sleeper_gives_up_when_its_interrupt_is_lost)
{
	struct client timer;

	begin(&timer, app_timer);
	if (modules_are_stock() && kernel_is("6.1"))
		SKIP("the packaged driver of 6.1 knows no timeout of a notification");
	world_fault(SIM_FAULT_NOTIF_LOST, 1, 0);
	EXPECT_EQ(notif_call(&timer, TIMER_CMD_SLEEP, 50, 500), TEE_ERROR_TIMEOUT);
	world_faults_off();
	/* The one that was not told of comes with the next, and harms nobody. */
	EXPECT_EQ(notif_call(&timer, TIMER_CMD_SLEEP, 50, 0), TEE_SUCCESS);
	client_close(&timer);
}

static void type(const char *text)
{
	int fd = open(KEYBOARD, O_WRONLY);

	if (fd < 0)
		SKIP("nothing is connected to the secure console");
	ASSERT_EQ(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static uint32_t read_line(const struct client *uart, struct tee_buf *buf, uint32_t ms,
			  char *line)
{
	struct tee_ioctl_param p[2] = { MEMREF(OUTPUT, buf->id, 0, buf->size), VALUE_IN(ms, 0) };
	struct tee_answer answer;

	ASSERT_RC(tee_invoke(uart->fd, uart->session, UART_CMD_READ_LINE, p, 2, &answer), 0);
	if (answer.ret == TEE_SUCCESS) {
		ASSERT_LE(p[0].b, UART_LINE_MAX);
		memcpy(line, buf->va, p[0].b);
		line[p[0].b] = '\0';
	}
	return answer.ret;
}

struct reader {
	struct client uart;
	struct tee_buf buf;
	char line[UART_LINE_MAX + 1];
	uint32_t ret;
};

static void *reader_thread(void *arg)
{
	struct reader *r = arg;

	r->ret = read_line(&r->uart, &r->buf, 0, r->line);
	return NULL;
}

static void reader_open(struct reader *r)
{
	begin(&r->uart, app_uart);
	client_alloc(r->uart.fd, 4096, &r->buf);
}

static void reader_close(struct reader *r)
{
	tee_free(&r->buf);
	client_close(&r->uart);
}

TEST(line_typed_at_the_secure_console_wakes_its_reader)
{
	static struct reader r;
	uint64_t commands, halves;
	pthread_t thread;

	reader_open(&r);
	commands = world_counter(SIM_COUNTER_RPC_COMMANDS);
	halves = world_counter(SIM_COUNTER_BOTTOM_HALVES);
	ASSERT_EQ(pthread_create(&thread, NULL, reader_thread, &r), 0);
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, commands + 1, PATIENCE_MS));
	type("open the pod bay doors\n");
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	EXPECT_EQ(r.ret, TEE_SUCCESS);
	EXPECT_MSG(!strcmp(r.line, "open the pod bay doors"), "the line is \"%s\"", r.line);
	EXPECT_GE(world_counter(SIM_COUNTER_BOTTOM_HALVES), halves + 1);
	reader_close(&r);
}

TEST(lines_typed_ahead_are_kept_in_order)
{
	static const char * const lines[] = { "one", "two", "three" };
	static struct reader r;

	reader_open(&r);
	type("one\r\ntwo\n\nth");
	type("ree\n");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		ASSERT_EQ(read_line(&r.uart, &r.buf, 0, r.line), TEE_SUCCESS);
		EXPECT_MSG(!strcmp(r.line, lines[i]), "the line is \"%s\"", r.line);
	}
	reader_close(&r);
}

TEST(reader_of_nothing_times_out)
{
	static struct reader r;

	reader_open(&r);
	if (modules_are_stock() && kernel_is("6.1"))
		SKIP("the packaged driver of 6.1 knows no timeout of a notification");
	EXPECT_EQ(read_line(&r.uart, &r.buf, 200, r.line), TEE_ERROR_TIMEOUT);
	reader_close(&r);
}

static uint32_t rng_health(const struct client *rng, uint32_t *failures)
{
	struct tee_ioctl_param p = VALUE_OUT;

	client_invoke(rng, RNG_CMD_HEALTH, &p, 1);
	*failures = p.b;
	return p.a;
}

/* One more health test than there were; whether it failed. */
static bool health_test_fails(const struct client *rng)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	uint32_t before, now, tests;

	tests = rng_health(rng, &before);
	client_invoke(rng, RNG_CMD_COLLECT, NULL, 0);
	while (rng_health(rng, &now) == tests) {
		ASSERT_MSG(clock_ms() < end, "no health test was done");
		sleep_ms(5);
	}
	return now != before;
}

static uint32_t entropy(const struct client *rng)
{
	struct tee_ioctl_param p = NO_PARAM;
	struct tee_answer answer;
	struct tee_buf buf;

	client_alloc(rng->fd, 4096, &buf);
	p = (struct tee_ioctl_param)MEMREF(INOUT, buf.id, 0, 64);
	ASSERT_RC(tee_invoke(rng->fd, rng->session, RNG_CMD_GET_ENTROPY, &p, 1, &answer), 0);
	tee_free(&buf);
	return answer.ret;
}

TEST(health_of_the_generator_is_tested_in_the_bottom_half)
{
	struct client rng;

	begin(&rng, app_rng);
	EXPECT(!health_test_fails(&rng));
	EXPECT_EQ(entropy(&rng), TEE_SUCCESS);
	/* One sample less than what is tolerated cannot be told from chance. */
	world_fault(SIM_FAULT_RNG_STUCK, RNG_REPETITIONS - 2, 0xa5);
	EXPECT(!health_test_fails(&rng));
	world_fault(SIM_FAULT_RNG_STUCK, RNG_REPETITIONS, 0xa5);
	EXPECT(health_test_fails(&rng));
	EXPECT_EQ(entropy(&rng), RNG_ERROR_HEALTH);
	world_faults_off();
	EXPECT(!health_test_fails(&rng));
	EXPECT_EQ(entropy(&rng), TEE_SUCCESS);
	client_close(&rng);
}
