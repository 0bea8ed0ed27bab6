// SPDX-License-Identifier: BSD-2-Clause
/* Memory that the supplicant lends to the secure world. The case itself is the supplicant. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi/optee_rpc.h"
#include "asker.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

#define TA_SIZE		5000

/* The application has a size: memory is asked for next. */
static void until_memory(int fd, struct supp_request *r)
{
	asked_next(fd, r, OPTEE_RPC_CMD_LOAD_TA);
	r->params[2].b = TA_SIZE;
	ASSERT_RC(supp_send(fd, r, TEE_SUCCESS), 0);
	asked_next(fd, r, OPTEE_RPC_CMD_SHM_ALLOC);
	ASSERT_EQ(r->count, 2);
	EXPECT_EQ(r->params[1].attr, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT);
	EXPECT_EQ(r->params[1].a, OPTEE_RPC_SHM_TYPE_APPL);
	EXPECT_GE(r->params[1].b, TA_SIZE);
}

static void give_memory(int fd, struct supp_request *r, struct tee_buf *buf)
{
	int rc;

	until_memory(fd, r);
	client_alloc(fd, r->params[1].b, buf);
	r->params[1].c = buf->id;
	ASSERT_RC(supp_send(fd, r, TEE_SUCCESS), 0);
	/* Or the memory was not good enough, and the client is told so. */
	do {
		rc = asked_within(fd, r, 500);
		ASSERT_MSG(rc != -EINTR || !asker_is_done(0),
			   "the client got %08x with no request more", asker_result(0));
	} while (rc == -EINTR);
	ASSERT_RC(rc, 0);
	ASSERT_EQ(r->func, OPTEE_RPC_CMD_LOAD_TA);
	EXPECT_EQ(r->params[2].c, (uint64_t)buf->id);
	EXPECT_EQ(r->params[2].a, 0);
	EXPECT_GE(r->params[2].b, TA_SIZE);
}

static void take_memory_back(int fd, struct supp_request *r, struct tee_buf *buf)
{
	asked_next(fd, r, OPTEE_RPC_CMD_SHM_FREE);
	ASSERT_EQ(r->count, 2);
	EXPECT_EQ(r->params[1].a, OPTEE_RPC_SHM_TYPE_APPL);
	EXPECT_EQ(r->params[1].b, (uint64_t)buf->id);
	tee_free(buf);
	ASSERT_RC(supp_send(fd, r, TEE_SUCCESS), 0);
}

TEST(application_is_loaded_into_memory_of_the_supplicant)
{
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 0);
	struct tee_buf buf;
	struct supp_request r;

	give_memory(fd, &r, &buf);
	memset(buf.va, 0x5a, TA_SIZE);
	r.params[2].b = TA_SIZE;
	ASSERT_RC(supp_send(fd, &r, TEE_SUCCESS), 0);
	take_memory_back(fd, &r, &buf);
	/* Found, but nobody can tell whose it is. */
	asker_got(pid, 0, TEE_ERROR_SECURITY);
}

TEST(memory_of_the_supplicant_may_be_registered)
{
	int fd = asked_begin();
	pid_t pid;
	static uint8_t memory[32768];
	struct tee_ioctl_version_data v;
	struct tee_buf buf;
	struct supp_request r;

	ASSERT_RC(tee_version(fd, &v), 0);
	if (!(v.gen_caps & TEE_GEN_CAP_REG_MEM))
		SKIP("no registered memory");
	pid = asker_start(fd, 0);
	until_memory(fd, &r);
	client_register(fd, memory + 40, r.params[1].b, &buf);
	r.params[1].c = buf.id;
	ASSERT_RC(supp_send(fd, &r, TEE_SUCCESS), 0);
	asked_next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	EXPECT_EQ(r.params[2].c, (uint64_t)buf.id);
	r.params[2].b = TA_SIZE;
	ASSERT_RC(supp_send(fd, &r, TEE_SUCCESS), 0);
	take_memory_back(fd, &r, &buf);
	asker_got(pid, 0, TEE_ERROR_SECURITY);
}

TEST(memory_that_does_not_exist_is_no_memory)
{
	static const uint64_t ids[] = { 4711, 0, TEE_MEMREF_NULL, 0x100000001 };
	int fd = asked_begin();

	for (unsigned int i = 0; i < ASKERS; i++) {
		pid_t pid = asker_start(fd, i);
		struct supp_request r;

		until_memory(fd, &r);
		r.params[1].c = ids[i];
		ASSERT_RC(supp_send(fd, &r, TEE_SUCCESS), 0);
		asker_got(pid, i, TEE_ERROR_OUT_OF_MEMORY);
	}
}

TEST(memory_that_is_too_small_is_given_back)
{
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 0);
	struct tee_buf buf;
	struct supp_request r;

	if (modules_are_stock() && kernel_is("6.1"))
		SKIP("the packaged driver of 6.1 uses no memory that its supplicant allocates");
	until_memory(fd, &r);
	client_alloc(fd, 4096, &buf);
	r.params[1].c = buf.id;
	ASSERT_RC(supp_send(fd, &r, TEE_SUCCESS), 0);
	take_memory_back(fd, &r, &buf);
	asker_got(pid, 0, TEE_ERROR_OUT_OF_MEMORY);
}

TEST(answer_larger_than_its_memory_is_refused)
{
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 0);
	struct tee_buf buf;
	struct supp_request r;

	give_memory(fd, &r, &buf);
	r.params[2].b = 0x100000;
	/* The supplicant's mistake ends the request, not the supplicant. */
	ASSERT_RC(supp_send(fd, &r, TEE_SUCCESS), 0);
	take_memory_back(fd, &r, &buf);
	asker_got(pid, 0, NO_ANSWER);
}

TEST(supplicant_may_go_while_the_secure_world_has_its_memory)
{
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 0);
	struct tee_buf buf;
	struct supp_request r;

	if (modules_are_stock())
		SKIP("the packaged driver notices only when the memory is no longer in use");
	give_memory(fd, &r, &buf);
	close(buf.fd);
	/* Still mapped: so the context lives, but its file is closed. */
	close(fd);
	asker_got(pid, 0, NO_ANSWER);
	fd = open(SUPPLICANT_DEVICE, O_RDWR);
	ASSERT_GE(fd, 0);
	pid = asker_start(fd, 1);
	/* What is asked first is not what is left of the other one's. */
	asked_next(fd, &r, OPTEE_RPC_CMD_LOAD_TA);
	ASSERT_RC(supp_send(fd, &r, TEE_ERROR_ITEM_NOT_FOUND), 0);
	asker_got(pid, 1, TEE_ERROR_ITEM_NOT_FOUND);
	munmap(buf.va, buf.size);
}

TEST(memory_for_a_killed_client_is_given_back)
{
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 0);
	struct tee_buf buf;
	struct supp_request r;

	if (modules_are_stock())
		SKIP("with the packaged drivers it stays allocated");
	until_memory(fd, &r);
	asker_kill(pid);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
	client_alloc(fd, r.params[1].b, &buf);
	r.params[1].c = buf.id;
	ASSERT_RC(supp_send(fd, &r, TEE_SUCCESS), 0);
	take_memory_back(fd, &r, &buf);
}

TEST(client_killed_with_memory_gives_it_back)
{
	int fd = asked_begin();
	pid_t pid = asker_start(fd, 0);
	struct tee_buf buf;
	struct supp_request r, free;

	if (modules_are_stock())
		SKIP("with the packaged drivers the late answer fails");
	give_memory(fd, &r, &buf);
	asker_kill(pid);
	take_memory_back(fd, &free, &buf);
	EXPECT_RC(supp_send(fd, &r, TEE_SUCCESS), 0);
	EXPECT(world_wait(SIM_COUNTER_THREADS_USED, 0, PATIENCE_MS));
}
