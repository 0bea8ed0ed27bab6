// SPDX-License-Identifier: BSD-2-Clause
/* Supplicants that are absent, late, gone, or talk nonsense. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "array.h"
#include "clock.h"
#include "harness.h"
#include "supplicant.h"
#include "world.h"

/* So soon goes who is killed, if not each time. */
#define PROMPT_MS	2000

static const uint8_t app_storage[] = APP_STORAGE_UUID;

static void begin(struct client *storage)
{
	supp_need();
	client_open(storage, app_storage);
}

static void end(struct client *storage)
{
	client_close(storage);
	EXPECT_EQ(world_counter(SIM_COUNTER_RPC_MEMORY), 0);
}

static uint32_t write_one(const struct client *storage)
{
	return storage_write(storage, "one", "contents", 8);
}

static uint32_t read_one(const struct client *storage)
{
	size_t size = 100;
	char back[100];

	return storage_read(storage, "one", back, &size);
}

/* What the driver must still be able to do after anything. */
static void works(const struct client *storage)
{
	struct fake *fake = fake_start(NULL);

	EXPECT_EQ(write_one(storage), TEE_SUCCESS);
	EXPECT_EQ(read_one(storage), TEE_SUCCESS);
	EXPECT_EQ(fake->sends_failed, 0);
	fake_stop(fake);
}

TEST(supplicant_serves)
{
	struct client storage;

	begin(&storage);
	works(&storage);
	end(&storage);
}

static uint32_t late_ret;

static void *write_thread(void *arg)
{
	__atomic_store_n(&late_ret, write_one(arg), __ATOMIC_RELEASE);
	return NULL;
}

TEST(late_supplicant_is_waited_for)
{
	struct client storage;
	struct fake *fake;
	pthread_t thread;

	begin(&storage);
	late_ret = 1;
	ASSERT_EQ(pthread_create(&thread, NULL, write_thread, &storage), 0);
	sleep_ms(500);
	EXPECT_EQ(__atomic_load_n(&late_ret, __ATOMIC_ACQUIRE), 1);
	fake = fake_start(NULL);
	ASSERT_EQ(pthread_join(thread, NULL), 0);
	EXPECT_EQ(late_ret, TEE_SUCCESS);
	fake_stop(fake);
	end(&storage);
}

/* A client with a request under way; it says nothing about the end. */
static pid_t client_process(void)
{
	uint64_t commands = world_counter(SIM_COUNTER_RPC_COMMANDS);
	pid_t pid = fork();

	if (!pid) {
		struct client storage;

		client_open(&storage, app_storage);
		write_one(&storage);
		_exit(0);
	}
	ASSERT(world_wait_min(SIM_COUNTER_RPC_COMMANDS, commands + 1, PATIENCE_MS));
	return pid;
}

/* Return: how long it took to go, in milliseconds */
static uint64_t kill_client(pid_t pid)
{
	uint64_t start = clock_ms(), took;

	kill(pid, SIGKILL);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	took = clock_ms() - start;
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	return took;
}

/* A machine that is busy keeps one waiting at times; who waits for something does so each time. */
static uint64_t sooner(uint64_t one, uint64_t other)
{
	return one < other ? one : other;
}

TEST(client_killed_without_a_supplicant_is_gone)
{
	uint64_t soonest = UINT64_MAX;
	struct client storage;

	begin(&storage);
	for (int i = 0; i < 5; i++)
		soonest = sooner(soonest, kill_client(client_process()));
	EXPECT_LE(soonest, PROMPT_MS);
	works(&storage);
	end(&storage);
}

TEST(client_killed_in_a_request_is_gone)
{
	/* In which request. */
	uint64_t soonest[2] = { UINT64_MAX, UINT64_MAX };
	struct client storage;

	begin(&storage);
	for (int i = 0; i < 5; i++) {
		struct fake *fake = fake_start(NULL);
		pid_t pid;

		__atomic_store_n(&fake->hold, i % 2 ? OPTEE_RPC_CMD_FS : OPTEE_RPC_CMD_SHM_ALLOC,
				 __ATOMIC_RELEASE);
		pid = client_process();
		fake_wait_held(fake);
		__atomic_store_n(&fake->hold, -1, __ATOMIC_RELEASE);
		soonest[i % 2] = sooner(soonest[i % 2], kill_client(pid));
		fake_stop(fake);
	}
	EXPECT_LE(soonest[0], PROMPT_MS);
	EXPECT_LE(soonest[1], PROMPT_MS);
	works(&storage);
	end(&storage);
}

/* This process as the supplicant: what it wants to do in between. */
struct own {
	int fd;
	struct supp_request req;
};

static void own_begin(struct own *own, pid_t *client)
{
	own->fd = supp_open();
	ASSERT_GE(own->fd, 0);
	*client = client_process();
	ASSERT_RC(supp_recv(own->fd, &own->req), 0);
	ASSERT_EQ(own->req.func, OPTEE_RPC_CMD_SHM_ALLOC);
}

TEST(request_is_as_it_should_be)
{
	struct own own;
	pid_t pid;

	supp_need();
	own_begin(&own, &pid);
	EXPECT_EQ(own.req.count, 2);
	EXPECT_EQ(own.req.params[0].attr,
		  TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT | TEE_IOCTL_PARAM_ATTR_META);
	EXPECT_EQ(own.req.params[1].attr, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT);
	EXPECT_GE(own.req.params[1].b, 4096);
	EXPECT_RC(supp_send(own.fd, &own.req, TEE_ERROR_OUT_OF_MEMORY), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	close(own.fd);
}

/* Into memory that can only be read. */
static int recv_in_vain(int fd, bool async)
{
	size_t size = sizeof(struct tee_iocl_supp_recv_arg) +
		      SUPP_PARAMS * sizeof(struct tee_ioctl_param);
	struct tee_ioctl_buf_data buf = { .buf_len = size };
	struct tee_iocl_supp_recv_arg *arg;
	int rc;

	arg = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT(arg != MAP_FAILED);
	arg->num_params = SUPP_PARAMS;
	if (async)
		arg->params[0].attr = TEE_IOCTL_PARAM_ATTR_META;
	buf.buf_ptr = (uintptr_t)arg;
	ASSERT_RC(mprotect(arg, size, PROT_READ), 0);
	rc = ioctl(fd, TEE_IOC_SUPPL_RECV, &buf) ? -errno : 0;
	munmap(arg, size);
	return rc;
}

TEST(request_that_cannot_be_delivered_is_there_for_the_next)
{
	struct own own;
	pid_t pid;

	supp_need();
	time_limit(20);
	own.fd = supp_open();
	ASSERT_GE(own.fd, 0);
	for (int async = 0; async < 2; async++) {
		pid = client_process();
		EXPECT_RC(recv_in_vain(own.fd, async), -EFAULT);
		ASSERT_RC(supp_recv(own.fd, &own.req), 0);
		EXPECT_EQ(own.req.func, OPTEE_RPC_CMD_SHM_ALLOC);
		EXPECT_RC(supp_send(own.fd, &own.req, TEE_ERROR_OUT_OF_MEMORY), 0);
		ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	}
	close(own.fd);
}

TEST(answer_to_no_request_is_refused)
{
	static const uint64_t ids[] = { 0, 999, UINT32_MAX };
	struct supp_request wrong;
	struct own own;
	pid_t pid;

	supp_need();
	own_begin(&own, &pid);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		wrong = own.req;
		wrong.params[0].a = ids[i];
		if (ids[i] != own.req.params[0].a)
			EXPECT_RC(supp_send(own.fd, &wrong, TEE_SUCCESS), -ENOENT);
	}
	/* The request is still there. */
	EXPECT_RC(supp_send(own.fd, &own.req, TEE_ERROR_OUT_OF_MEMORY), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	close(own.fd);
}

TEST(answer_of_another_shape_is_refused)
{
	static const uint64_t attrs[] = { 0, 3, 0x100, 0x101, 0x102, 0x105, 0x1000003 };
	struct supp_request wrong;
	struct own own;
	pid_t pid;

	supp_need();
	own_begin(&own, &pid);
	for (unsigned int count = 0; count <= SUPP_PARAMS; count++) {
		wrong = own.req;
		wrong.count = count;
		if (count != own.req.count)
			EXPECT_RC(supp_send(own.fd, &wrong, TEE_SUCCESS), -EINVAL);
	}
	for (size_t i = 0; i < ARRAY_SIZE(attrs); i++) {
		wrong = own.req;
		wrong.params[0].attr = attrs[i];
		EXPECT_RC(supp_send(own.fd, &wrong, TEE_SUCCESS), -EINVAL);
	}
	EXPECT_RC(supp_send(own.fd, &own.req, TEE_ERROR_OUT_OF_MEMORY), 0);
	ASSERT_EQ(waitpid(pid, NULL, 0), pid);
	close(own.fd);
}

TEST(supplicant_killed_before_it_answers_ends_the_call)
{
	struct client storage;
	struct fake *fake;
	pthread_t thread;

	begin(&storage);
	for (int i = 0; i < 3; i++) {
		fake = fake_start(NULL);
		__atomic_store_n(&fake->hold, OPTEE_RPC_CMD_SHM_ALLOC, __ATOMIC_RELEASE);
		late_ret = TEE_SUCCESS;
		ASSERT_EQ(pthread_create(&thread, NULL, write_thread, &storage), 0);
		fake_wait_held(fake);
		fake_stop(fake);
		ASSERT_EQ(pthread_join(thread, NULL), 0);
		EXPECT_NE(late_ret, TEE_SUCCESS);
	}
	works(&storage);
	end(&storage);
}

TEST(supplicant_killed_with_its_memory_in_use_ends_the_call)
{
	struct client storage;
	struct fake *fake;
	pthread_t thread;

	begin(&storage);
	if (modules_are_stock())
		SKIP("the packaged driver notices only when the memory is no longer in use");
	for (int i = 0; i < 3; i++) {
		fake = fake_start(NULL);
		__atomic_store_n(&fake->hold, OPTEE_RPC_CMD_FS, __ATOMIC_RELEASE);
		late_ret = TEE_SUCCESS;
		ASSERT_EQ(pthread_create(&thread, NULL, write_thread, &storage), 0);
		fake_wait_held(fake);
		fake_stop(fake);
		/* The memory's release is a request, too, which waits for the next one. */
		fake = fake_start(NULL);
		ASSERT_EQ(pthread_join(thread, NULL), 0);
		EXPECT_NE(late_ret, TEE_SUCCESS);
		fake_stop(fake);
	}
	works(&storage);
	end(&storage);
}

static unsigned int variant;

static bool wrong_memory(struct supp_request *req, uint32_t *ret)
{
	static const uint64_t ids[] = { 0xdead, UINT64_MAX, 0x80000000, 1ULL << 32, 12345678 };

	if (req->func == OPTEE_RPC_CMD_SHM_ALLOC)
		req->params[1].c = ids[variant];
	return true;
}

static void each_variant_fails(fake_mangle mangle, unsigned int count)
{
	struct client storage;
	struct fake *fake;

	begin(&storage);
	for (variant = 0; variant < count; variant++) {
		uint32_t written, read = TEE_SUCCESS;

		fake = fake_start(mangle);
		written = write_one(&storage);
		if (written == TEE_SUCCESS)
			read = read_one(&storage);
		EXPECT_MSG(written || read, "variant %u was not noticed", variant);
		EXPECT_EQ(fake->sends_failed, 0);
		fake_stop(fake);
	}
	works(&storage);
	end(&storage);
}

/* What the supplicant lends; a process that has nothing of it is no part of the supplicant. */
static void give_up(struct own *own, struct tee_buf *bufs, uint64_t num)
{
	for (uint64_t n = 0; n < num; n++)
		tee_free(&bufs[n]);
	close(own->fd);
}

/* It was shared by calls, and calls would have to end that: there is no thread for these. */
TEST(supplicant_dies_with_memory_in_use_by_all_secure_threads)
{
	uint64_t threads, objects;
	struct tee_buf bufs[16];
	struct client storage;
	unsigned int given = 0;
	struct fake *fake;
	pid_t pids[16];
	struct own own;

	begin(&storage);
	if (modules_are_stock())
		SKIP("calls of the packaged driver wait for each other then, for ever");
	threads = world_counter(SIM_COUNTER_THREADS);
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	ASSERT_LE(threads, ARRAY_SIZE(pids));
	leave_message_pages(threads);
	own.fd = supp_open();
	ASSERT_GE(own.fd, 0);
	for (uint64_t n = 0; n < threads; n++)
		client_alloc(own.fd, 16384, &bufs[n]);
	for (uint64_t n = 0; n < threads; n++) {
		pids[n] = fork();
		if (!pids[n]) {
			give_up(&own, bufs, threads);
			write_one(&storage);
			_exit(0);
		}
	}
	/* All have some when each wants to write to its file. */
	for (uint64_t asked = 0; asked < threads;) {
		ASSERT_RC(supp_recv(own.fd, &own.req), 0);
		if (own.req.func == OPTEE_RPC_CMD_FS) {
			asked++;
			continue;
		}
		ASSERT_EQ(own.req.func, OPTEE_RPC_CMD_SHM_ALLOC);
		ASSERT_LE(own.req.params[1].b, 16384);
		ASSERT_LE(given + 1, threads);
		own.req.params[1].c = (uint64_t)bufs[given++].id;
		ASSERT_RC(supp_send(own.fd, &own.req, TEE_SUCCESS), 0);
	}
	give_up(&own, bufs, threads);
	fake = fake_start(NULL);
	for (uint64_t n = 0; n < threads; n++)
		ASSERT_EQ(waitpid(pids[n], NULL, 0), pids[n]);
	fake_stop(fake);
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
	works(&storage);
	end(&storage);
}

/* A supplicant that lends too little, and is dead before anybody has seen that. */
static void lend_too_little(int ready)
{
	static const struct sched_param first = { .sched_priority = 1 };
	struct tee_buf buf;
	struct own own;

	own.fd = supp_open();
	ASSERT_GE(own.fd, 0);
	client_alloc(own.fd, 1024, &buf);
	ASSERT_EQ(sched_setscheduler(0, SCHED_FIFO, &first), 0);
	ASSERT_EQ(write(ready, "r", 1), 1);
	ASSERT_RC(supp_recv(own.fd, &own.req), 0);
	own.req.params[1].c = (uint64_t)buf.id;
	ASSERT_RC(supp_send(own.fd, &own.req, TEE_SUCCESS), 0);
	raise(SIGKILL);
}

TEST(memory_that_is_too_small_and_gone_at_once_is_refused)
{
	struct client storage;
	struct fake *fake;
	pid_t pid, lender;
	cpu_set_t set;
	int ready[2];
	char c;

	begin(&storage);
	if (modules_are_stock())
		SKIP("the packaged driver does not compare the sizes, or waits for its own thread");
	/* On one CPU, so that the client does not run again before its supplicant is gone. */
	CPU_ZERO(&set);
	CPU_SET(0, &set);
	ASSERT_EQ(sched_setaffinity(0, sizeof(set), &set), 0);
	ASSERT_EQ(pipe(ready), 0);
	for (unsigned int n = 0; n < rounds(20); n++) {
		lender = fork();
		if (!lender)
			lend_too_little(ready[1]);
		/* Its memory is registered: no other call may keep the only thread meanwhile. */
		ASSERT_EQ(read(ready[0], &c, 1), 1);
		pid = client_process();
		ASSERT_EQ(waitpid(lender, NULL, 0), lender);
		fake = fake_start(NULL);
		ASSERT_EQ(waitpid(pid, NULL, 0), pid);
		fake_stop(fake);
	}
	works(&storage);
	end(&storage);
}

TEST(memory_of_an_unknown_number_is_refused)
{
	each_variant_fails(wrong_memory, 5);
}

static bool wrong_handle(struct supp_request *req, uint32_t *ret)
{
	static const uint64_t handles[] = { UINT64_MAX, UINT32_MAX, 0x80000000, 1ULL << 32 };

	if (req->func == OPTEE_RPC_CMD_FS && (req->params[1].a == OPTEE_RPC_FS_OPEN ||
					      req->params[1].a == OPTEE_RPC_FS_CREATE))
		req->params[3].a = handles[variant];
	return true;
}

TEST(negative_handles_are_refused)
{
	each_variant_fails(wrong_handle, 4);
}

static bool wrong_size(struct supp_request *req, uint32_t *ret)
{
	static const uint64_t sizes[] = { 0, 7, 25, 4097, 1ULL << 31, 1ULL << 32, UINT64_MAX };

	if (req->func == OPTEE_RPC_CMD_FS && req->params[1].a == OPTEE_RPC_FS_READ)
		req->params[2].b = sizes[variant];
	return true;
}

TEST(sizes_other_than_asked_for_are_noticed)
{
	each_variant_fails(wrong_size, 7);
}

static bool wrong_result(struct supp_request *req, uint32_t *ret)
{
	static const uint32_t results[] = {
		TEE_ERROR_GENERIC, TEE_ERROR_COMMUNICATION, TEE_ERROR_SHORT_BUFFER, 1, UINT32_MAX,
	};

	if (req->func == OPTEE_RPC_CMD_FS)
		*ret = results[variant];
	return true;
}

TEST(errors_reach_the_client)
{
	each_variant_fails(wrong_result, 5);
}

static bool other_types(struct supp_request *req, uint32_t *ret)
{
	/* The driver goes by the request's types. */
	for (unsigned int i = 1; i < req->count; i++)
		req->params[i].attr = TEE_IOCTL_PARAM_ATTR_TYPE_NONE;
	return true;
}

TEST(types_of_the_answer_do_not_matter_or_are_refused)
{
	struct client storage;
	struct fake *fake;
	uint32_t ret;

	begin(&storage);
	fake = fake_start(other_types);
	ret = write_one(&storage);
	EXPECT_MSG(!ret || fake->sends_failed == 0, "%x", ret);
	fake_stop(fake);
	works(&storage);
	end(&storage);
}
