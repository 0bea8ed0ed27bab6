// SPDX-License-Identifier: BSD-2-Clause
/* Buffers of every size and kind of memory, and memory that is none to be shared. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "harness.h"
#include "pinned.h"
#include "world.h"

#define PAGE	4096UL
#define MIB	(1UL << 20)
#define GUARD	0xee

static int register_raw(int fd, uint64_t addr, uint64_t length)
{
	struct tee_ioctl_shm_register_data data = { .addr = addr, .length = length };
	int rc = ioctl(fd, TEE_IOC_SHM_REGISTER, &data);

	return rc < 0 ? -errno : rc;
}

static uint8_t *map(size_t size, int prot)
{
	uint8_t *va = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT(va != MAP_FAILED);
	return va;
}

static uint8_t pattern(size_t i)
{
	return i * 13 + (i >> 12);
}

/* The application adds 1 to every byte of the buffer, and to none beside it. */
static void every_byte_arrives(const struct client *params, int id, uint8_t *va, size_t size)
{
	struct tee_ioctl_param p = MEMREF(INOUT, id, 0, size);
	size_t wrong = 0;

	for (size_t i = 0; i < size; i++)
		va[i] = pattern(i);
	client_invoke(params, PARAMS_CMD_TRANSFORM, &p, 1);
	EXPECT_EQ(p.b, size);
	for (size_t i = 0; i < size; i++)
		wrong += va[i] != (uint8_t)(pattern(i) + 1);
	ASSERT_MSG(!wrong, "%zu wrong bytes of %zu", wrong, size);
}

static const size_t sizes[] = {
	1, 4095, 4096, 4097, 65535, 65537, MIB - 1, MIB, MIB + 1, 2 * MIB + 4095, 4 * MIB,
	8 * MIB + 1, 16 * MIB - 1, 16 * MIB,
};

TEST(registered_buffers_of_1_byte_to_16_mib_arrive)
{
	uint8_t *room = map(16 * MIB + 3 * PAGE, PROT_READ | PROT_WRITE);
	struct client params;
	struct tee_buf buf;

	time_limit(120);
	client_open(&params, app_params);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		/* Aligned and not; where it ends in its last page is different each time, too. */
		uint8_t *va = room + PAGE + (i & 1 ? 0 : 4093);

		va[-1] = GUARD;
		va[sizes[i]] = GUARD;
		client_register(params.fd, va, sizes[i], &buf);
		EXPECT_EQ(buf.size, sizes[i]);
		every_byte_arrives(&params, buf.id, va, sizes[i]);
		EXPECT_EQ(va[-1], GUARD);
		EXPECT_EQ(va[sizes[i]], GUARD);
		tee_free(&buf);
	}
	client_close(&params);
}

TEST(allocated_buffers_of_1_byte_to_16_mib_arrive)
{
	/* The packaged drivers need contiguous pages. */
	size_t most = modules_are_stock() ? MIB : 16 * MIB;
	struct client params;
	struct tee_buf buf;

	time_limit(120);
	client_open(&params, app_params);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		if (sizes[i] > most)
			continue;
		client_alloc(params.fd, sizes[i], &buf);
		EXPECT_GE(buf.size, sizes[i]);
		every_byte_arrives(&params, buf.id, buf.va, buf.size);
		tee_free(&buf);
	}
	client_close(&params);
}

TEST(no_bytes_are_referenced_anywhere)
{
	static const size_t at[] = { 0, 1, 4095, 4096, 8 * MIB - 1, 16 * MIB };
	uint8_t *va = map(16 * MIB, PROT_READ | PROT_WRITE);
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_register(params.fd, va, 16 * MIB, &buf);
	for (size_t i = 0; i < ARRAY_SIZE(at); i++) {
		struct tee_ioctl_param p[4] = {
			MEMREF(INPUT, buf.id, at[i], 0), MEMREF(INOUT, buf.id, at[i], 0), NO_PARAM,
			VALUE_OUT,
		};

		p[3].a = 5;
		client_invoke(&params, PARAMS_CMD_SIZES, p, 4);
		EXPECT_EQ(p[3].a, 0);
		EXPECT_EQ(p[3].b, 0);
	}
	tee_free(&buf);
	client_close(&params);
}

static void shared(const struct client *params, uint8_t *va, size_t size)
{
	struct tee_buf buf;

	client_register(params->fd, va, size, &buf);
	every_byte_arrives(params, buf.id, va, size);
	tee_free(&buf);
}

TEST(memory_of_many_kinds_is_registered)
{
	static uint8_t data[3 * PAGE];
	uint8_t stack[3 * PAGE];
	struct client params;
	uint8_t *va;
	int fd;

	client_open(&params, app_params);
	shared(&params, data + 3, 2 * PAGE);
	shared(&params, stack + 3, 2 * PAGE);
	va = malloc(3 * PAGE);
	shared(&params, va + 1, 3 * PAGE - 1);
	free(va);
	va = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	shared(&params, va, 2 * PAGE);
	munmap(va, 2 * PAGE);
	/* Of a file, so that others see it, and of a file, but one's own. */
	fd = memfd_create("shared", 0);
	ASSERT_EQ(ftruncate(fd, 2 * PAGE), 0);
	va = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	shared(&params, va, 2 * PAGE);
	munmap(va, 2 * PAGE);
	va = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	shared(&params, va, 2 * PAGE);
	munmap(va, 2 * PAGE);
	close(fd);
	client_close(&params);
}

/* Neighbours that are not one mapping. */
TEST(registration_crosses_mappings)
{
	uint8_t *va = map(6 * PAGE, PROT_READ | PROT_WRITE);
	int fd = memfd_create("middle", 0);
	struct client params;

	client_open(&params, app_params);
	ASSERT_EQ(ftruncate(fd, 2 * PAGE), 0);
	ASSERT(mmap(va + 2 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) !=
	       MAP_FAILED);
	shared(&params, va + 100, 5 * PAGE);
	/* In another order than the pages of the file. */
	ASSERT(mmap(va + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, PAGE) !=
	       MAP_FAILED);
	ASSERT(mmap(va + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) !=
	       MAP_FAILED);
	ASSERT_EQ(mprotect(va + 3 * PAGE, PAGE, PROT_NONE), 0);
	shared(&params, va + 7, 3 * PAGE - 7);
	close(fd);
	client_close(&params);
}

/* EFAULT or ENOMEM, whichever the pages say; nothing of them is kept. */
static void not_registered(int fd, const char *what, const uint8_t *va, size_t size)
{
	uint64_t before, after;
	int rc;

	ASSERT_RC(pinned_pages(&before), 0);
	rc = register_raw(fd, (uintptr_t)va, size);
	EXPECT_MSG(rc == -EFAULT || rc == -ENOMEM, "%s: %s, want -EFAULT or -ENOMEM", what,
		   result_name(rc));
	ASSERT_RC(pinned_pages(&after), 0);
	EXPECT_MSG(after == before, "%s: %lld pages stay pinned", what, (long long)(after - before));
}

TEST(memory_that_cannot_be_written_to_is_not_registered)
{
	uint8_t *va = map(4 * PAGE, PROT_READ | PROT_WRITE);
	int fd = client_device();
	int file;

	memset(va, 1, 4 * PAGE);
	ASSERT_EQ(mprotect(va, 4 * PAGE, PROT_READ), 0);
	not_registered(fd, "read-only", va, 4 * PAGE);
	ASSERT_EQ(mprotect(va, 4 * PAGE, PROT_NONE), 0);
	not_registered(fd, "inaccessible", va, 4 * PAGE);
	file = open("/proc/self/exe", O_RDONLY);
	va = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file, 0);
	ASSERT(va != MAP_FAILED);
	not_registered(fd, "file that is open for reading", va, PAGE);
	close(file);
	not_registered(fd, "constants", (const uint8_t *)sizes, sizeof(sizes));
	not_registered(fd, "code", (const uint8_t *)(uintptr_t)register_raw, 16);
}

/* The pages before the bad one are let go. */
TEST(memory_that_ends_badly_is_not_registered)
{
	uint8_t *va = map(4 * PAGE, PROT_READ | PROT_WRITE);
	int fd = client_device();

	memset(va, 1, 4 * PAGE);
	ASSERT_EQ(mprotect(va + 3 * PAGE, PAGE, PROT_READ), 0);
	not_registered(fd, "read-only at the end", va, 4 * PAGE);
	not_registered(fd, "one byte of it", va + 3 * PAGE - 1, 2);
	ASSERT_EQ(mprotect(va + PAGE, PAGE, PROT_NONE), 0);
	not_registered(fd, "inaccessible in the middle", va, 3 * PAGE);
	ASSERT_EQ(mprotect(va + PAGE, PAGE, PROT_READ | PROT_EXEC), 0);
	not_registered(fd, "code in the middle", va, 3 * PAGE);
}

TEST(memory_with_a_hole_is_not_registered)
{
	uint8_t *va = map(64 * PAGE, PROT_READ | PROT_WRITE);
	int fd = client_device();

	munmap(va + 40 * PAGE, PAGE);
	not_registered(fd, "with a hole", va, 64 * PAGE);
	not_registered(fd, "the hole", va + 40 * PAGE, PAGE);
	not_registered(fd, "one byte of the hole", va + 39 * PAGE, PAGE + 1);
	not_registered(fd, "around a hole", va + 40 * PAGE - 1, PAGE + 2);
}

TEST(file_without_the_pages_is_not_registered)
{
	int file = memfd_create("short", 0);
	int fd = client_device();
	uint8_t *va;

	ASSERT_EQ(ftruncate(file, PAGE), 0);
	va = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	ASSERT(va != MAP_FAILED);
	not_registered(fd, "beyond the file", va + PAGE, PAGE);
	not_registered(fd, "file and beyond", va, 2 * PAGE);
	close(file);
}

/* Both worlds must map memory alike: what is not cached here would be there. */
TEST(memory_that_is_not_cached_is_not_registered)
{
	struct shared_pages p;
	uint64_t before, after;
	int fd = client_device();
	uint8_t *uncached, *va;

	world_pages(&p, 4 * PAGE);
	ASSERT_RC(pinned_pages(&before), 0);
	uncached = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, p.fd,
			SIM_PAGES_UNCACHED);
	ASSERT(uncached != MAP_FAILED);
	uncached[0] = 1;
	EXPECT_RC(register_raw(fd, (uintptr_t)uncached, 4 * PAGE), -EINVAL);
	EXPECT_RC(register_raw(fd, (uintptr_t)uncached + 5, 1), -EINVAL);
	/* Between ordinary ones, and as the last of them. */
	va = map(4 * PAGE, PROT_READ | PROT_WRITE);
	ASSERT(mmap(va + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, p.fd,
		    SIM_PAGES_UNCACHED) != MAP_FAILED);
	EXPECT_RC(register_raw(fd, (uintptr_t)va, 3 * PAGE), -EINVAL);
	EXPECT_RC(register_raw(fd, (uintptr_t)va, PAGE + 1), -EINVAL);
	EXPECT_GE(register_raw(fd, (uintptr_t)va, PAGE), 0);
	ASSERT_RC(pinned_pages(&after), 0);
	EXPECT_EQ(after, before + 1);
}

/* Mapped, but without pages behind that could be pinned. */
TEST(memory_of_the_device_is_not_registered)
{
	struct shared_pages p;
	int fd = client_device();

	world_pages(&p, PAGE);
	not_registered(fd, "mapped without pages", p.va, PAGE);
}

/*
 * It has an id already. The packaged drivers map it without pages behind; ours is of ordinary
 * ones, and a second id works beside the first, and longer.
 */
TEST(allocated_memory_has_a_second_id_or_none)
{
	struct tee_buf buf, other;
	struct client params;

	client_open(&params, app_params);
	client_need_registration(params.fd);
	client_alloc(params.fd, PAGE, &buf);
	if (modules_are_stock()) {
		not_registered(params.fd, "allocated", buf.va, PAGE);
	} else {
		ASSERT_RC(tee_register(params.fd, buf.va, PAGE, &other), 0);
		EXPECT_NE(other.id, buf.id);
		every_byte_arrives(&params, other.id, buf.va, PAGE);
		every_byte_arrives(&params, buf.id, buf.va, PAGE);
	}
	tee_free(&buf);
	if (!modules_are_stock()) {
		struct tee_ioctl_param p = MEMREF(INOUT, other.id, 0, PAGE);

		client_invoke(&params, PARAMS_CMD_TRANSFORM, &p, 1);
		tee_free(&other);
	}
	client_close(&params);
}

#define TAG	(0x5aULL << 56)

TEST(tagged_addresses_are_what_they_point_to)
{
	uint8_t *va = map(2 * PAGE, PROT_READ | PROT_WRITE);
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	EXPECT_RC(register_raw(params.fd, (uintptr_t)va | TAG, PAGE), -EFAULT);
	if (prctl(PR_SET_TAGGED_ADDR_CTRL, PR_TAGGED_ADDR_ENABLE, 0, 0, 0))
		SKIP("this kernel does not take tagged addresses");
	ASSERT_RC(tee_register(params.fd, (void *)((uintptr_t)(va + 3) | TAG), PAGE, &buf), 0);
	every_byte_arrives(&params, buf.id, va + 3, PAGE);
	tee_free(&buf);
	client_close(&params);
}
