// SPDX-License-Identifier: BSD-2-Clause
/* Memory references: contents, sizes, offsets, and the checks on them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "world.h"

#define MAX_SIZE	(64 * 1024)
#define GUARD		0xee

static const size_t sizes[] = {
	0, 1, 2, 7, 8, 511, 512, 4095, 4096, 4097, 8191, 8192, 16384, 32768, 65535, 65536,
};

#define NUM_SIZES	ARRAY_SIZE(sizes)

static uint8_t pattern(size_t i)
{
	return i * 7 + (i >> 8) + 3;
}

static void fill(uint8_t *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		p[i] = pattern(i);
}

static uint32_t sum(const uint8_t *p, size_t size)
{
	uint32_t s = 0;

	while (size--)
		s += *p++;
	return s;
}

static int one(const struct client *c, struct tee_ioctl_param p)
{
	struct tee_answer answer;

	return tee_invoke(c->fd, c->session, PARAMS_CMD_TRANSFORM, &p, 1, &answer);
}

/*
 * One INPUT, INOUT and OUTPUT reference of @size bytes at @offset of @buf's thirds; checks
 * all bytes and those beside them.
 */
static void transform(const struct client *c, struct tee_buf *buf, size_t third, size_t offset,
		      size_t size)
{
	uint8_t *in = buf->va + offset, *inout = in + third, *out = inout + third;
	struct tee_ioctl_param p[4] = {
		MEMREF(INPUT, buf->id, offset, size),
		MEMREF(INOUT, buf->id, third + offset, size),
		MEMREF(OUTPUT, buf->id, 2 * third + offset, size),
		VALUE_OUT,
	};
	size_t bad = 0;

	memset(buf->va, GUARD, 3 * third);
	fill(in, size);
	fill(inout, size);
	client_invoke(c, PARAMS_CMD_TRANSFORM, p, 4);
	EXPECT_EQ(p[3].a, sum(in, size));
	EXPECT_EQ(p[3].b, 3);
	EXPECT_EQ(p[1].b, size);
	EXPECT_EQ(p[2].b, size);
	for (size_t i = 0; i < size; i++) {
		bad += in[i] != pattern(i);
		bad += inout[i] != (uint8_t)(pattern(i) + 1);
		bad += out[i] != (uint8_t)(i + 2);
	}
	EXPECT_MSG(!bad, "%zu wrong bytes at offset %zu size %zu", bad, offset, size);
	for (size_t i = 0; i < third; i++)
		if (i < offset || i >= offset + size)
			for (size_t n = 0; n < 3; n++)
				bad += buf->va[n * third + i] != GUARD;
	ASSERT_MSG(!bad, "%zu bytes beside the reference written, offset %zu size %zu", bad, offset,
		   size);
}

TEST(allocated_memory_of_all_sizes_carries_all_kinds)
{
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 3 * MAX_SIZE, &buf);
	for (size_t i = 0; i < NUM_SIZES; i++)
		transform(&params, &buf, MAX_SIZE, 0, sizes[i]);
	tee_free(&buf);
	client_close(&params);
}

TEST(allocated_memory_is_referenced_at_any_offset)
{
	static const size_t offsets[] = { 1, 7, 8, 63, 4088, 4095, 4096, 4097, 8191 };
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 3 * 16384, &buf);
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		transform(&params, &buf, 16384, offsets[i], 1);
		transform(&params, &buf, 16384, offsets[i], 4096);
		transform(&params, &buf, 16384, offsets[i], 16384 - offsets[i]);
	}
	tee_free(&buf);
	client_close(&params);
}

TEST(registered_memory_of_all_sizes_carries_all_kinds)
{
	struct client params;
	struct tee_buf buf;
	uint8_t *va = aligned_alloc(4096, 3 * MAX_SIZE);

	ASSERT(va);
	memset(va, 0, 3 * MAX_SIZE);
	client_open(&params, app_params);
	for (size_t i = 0; i < NUM_SIZES; i++) {
		client_register(params.fd, va, 3 * MAX_SIZE, &buf);
		transform(&params, &buf, MAX_SIZE, 0, sizes[i]);
		tee_free(&buf);
	}
	client_close(&params);
}

TEST(registered_memory_starts_and_ends_anywhere)
{
	static const size_t starts[] = { 1, 8, 100, 2048, 4088, 4095 };
	uint8_t *va = aligned_alloc(4096, 4 * 16384);
	struct client params;
	struct tee_buf buf;

	ASSERT(va);
	memset(va, GUARD, 4 * 16384);
	client_open(&params, app_params);
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		size_t third = 9001 + i;

		client_register(params.fd, va + starts[i], 3 * third, &buf);
		EXPECT_EQ(buf.size, 3 * third);
		transform(&params, &buf, third, 0, third);
		transform(&params, &buf, third, 17, 4096);
		transform(&params, &buf, third, third - 1, 1);
		EXPECT_EQ(va[starts[i] - 1], GUARD);
		EXPECT_EQ(va[starts[i] + 3 * third], GUARD);
		tee_free(&buf);
	}
	client_close(&params);
}

/* The page list of a registration holds 511 entries in each of its pages. */
static void register_pages(size_t pages, size_t offset)
{
	size_t size = pages * 4096 - offset;
	struct client params;
	struct tee_buf buf;
	uint8_t *va;

	va = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE,
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	ASSERT(va != MAP_FAILED);
	client_open(&params, app_params);
	client_register(params.fd, va + offset, size, &buf);
	transform(&params, &buf, size / 3, 0, size / 3);
	/* The last byte must be the last of the last page, not of another. */
	va[pages * 4096 - 1] = 0x41;
	{
		struct tee_ioctl_param p = MEMREF(INOUT, buf.id, size - 1, 1);

		client_invoke(&params, PARAMS_CMD_TRANSFORM, &p, 1);
		EXPECT_EQ(va[pages * 4096 - 1], 0x42);
	}
	tee_free(&buf);
	client_close(&params);
	munmap(va, pages * 4096);
}

TEST(registration_of_511_pages_fills_one_list_page)
{
	register_pages(511, 0);
	register_pages(511, 4095);
}

TEST(registration_of_512_pages_needs_a_second_list_page)
{
	register_pages(512, 0);
	register_pages(512, 4095);
}

TEST(registration_of_513_pages_works)
{
	register_pages(513, 0);
}

TEST(registration_of_1022_and_1023_pages_works)
{
	register_pages(1022, 4095);
	register_pages(1023, 1);
}

TEST(echo_copies_memory)
{
	struct tee_ioctl_param p[2];
	struct client echo;
	struct tee_buf buf;

	client_open(&echo, app_echo);
	client_alloc(echo.fd, 8192, &buf);
	fill(buf.va, 1000);
	p[0] = (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 0, 1000);
	p[1] = (struct tee_ioctl_param)MEMREF(OUTPUT, buf.id, 4096, 4096);
	client_invoke(&echo, ECHO_CMD_MEMREF, p, 2);
	EXPECT_EQ(p[1].b, 1000);
	EXPECT(!memcmp(buf.va, buf.va + 4096, 1000));
	tee_free(&buf);
	client_close(&echo);
}

TEST(echo_into_a_short_buffer_says_how_much_is_needed)
{
	struct tee_ioctl_param p[2];
	struct tee_answer answer;
	struct client echo;
	struct tee_buf buf;

	client_open(&echo, app_echo);
	client_alloc(echo.fd, 4096, &buf);
	p[0] = (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 0, 100);
	p[1] = (struct tee_ioctl_param)MEMREF(OUTPUT, buf.id, 1000, 99);
	ASSERT_RC(tee_invoke(echo.fd, echo.session, ECHO_CMD_MEMREF, p, 2, &answer), 0);
	EXPECT_EQ(answer.ret, TEE_ERROR_SHORT_BUFFER);
	EXPECT_EQ(answer.origin, TEE_ORIGIN_TRUSTED_APP);
	EXPECT_EQ(p[1].b, 100);
	tee_free(&buf);
	client_close(&echo);
}

TEST(size_that_is_needed_comes_back_with_short_buffer)
{
	struct tee_answer answer;
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 4096, &buf);
	for (uint32_t size = 0; size <= 4096; size += 1024) {
		struct tee_ioctl_param p = MEMREF(OUTPUT, buf.id, 0, size);

		ASSERT_RC(tee_invoke(params.fd, params.session, PARAMS_CMD_SHORT, &p, 1, &answer),
			  0);
		EXPECT_EQ(answer.ret, TEE_ERROR_SHORT_BUFFER);
		EXPECT_EQ(answer.origin, TEE_ORIGIN_TRUSTED_APP);
		EXPECT_EQ(p.b, 2 * size + 1);
	}
	tee_free(&buf);
	client_close(&params);
}

TEST(memref_up_to_the_end_is_taken)
{
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 8192, &buf);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 8191, 1)), 0);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 0, 8192)), 0);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 8192, 0)), 0);
	tee_free(&buf);
	client_close(&params);
}

TEST(memref_past_the_end_is_refused)
{
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 8192, &buf);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 0, 8193)), -EINVAL);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 8192, 1)), -EINVAL);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 8193, 0)), -EINVAL);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(OUTPUT, buf.id, 4096, 4097)),
		  -EINVAL);
	tee_free(&buf);
	client_close(&params);
}

TEST(memref_whose_end_wraps_is_refused)
{
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 4096, &buf);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, UINT64_MAX, 2)),
		  -EINVAL);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 4096, UINT64_MAX)),
		  -EINVAL);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 1ULL << 63,
							      1ULL << 63)), -EINVAL);
	tee_free(&buf);
	client_close(&params);
}

TEST(memref_may_use_the_rounded_size)
{
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 100, &buf);
	EXPECT_EQ(buf.size, 4096);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INOUT, buf.id, 0, 4096)), 0);
	EXPECT_EQ(buf.va[4095], 1);
	tee_free(&buf);
	client_close(&params);
}

TEST(unknown_id_is_refused)
{
	static const uint64_t ids[] = { 0, 4711, 0x7fffffff, 0x80000000, UINT64_MAX - 1 };
	struct client params;

	client_open(&params, app_params);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		int rc = one(&params, (struct tee_ioctl_param)MEMREF(INPUT, ids[i], 0, 0));

		EXPECT_MSG(rc == -EINVAL, "id 0x%llx: %s, want -EINVAL", (unsigned long long)ids[i],
			   result_name(rc));
	}
	client_close(&params);
}

TEST(id_with_upper_bits_does_not_alias)
{
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 4096, &buf);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, 0x100000000ULL + buf.id, 0,
							      1)), -EINVAL);
	tee_free(&buf);
	client_close(&params);
}

TEST(id_of_another_context_is_refused)
{
	struct client params, other;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_open(&other, app_params);
	client_alloc(other.fd, 4096, &buf);
	EXPECT_RC(one(&other, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 0, 1)), 0);
	EXPECT_RC(one(&params, (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 0, 1)), -EINVAL);
	tee_free(&buf);
	client_close(&other);
	client_close(&params);
}

TEST(null_references_of_all_kinds_are_taken)
{
	struct tee_ioctl_param p[4] = {
		MEMREF_NULL_OF(INPUT, 0), MEMREF_NULL_OF(INOUT, 0), MEMREF_NULL_OF(OUTPUT, 0),
		VALUE_OUT,
	};
	struct client params;

	client_open(&params, app_params);
	client_invoke(&params, PARAMS_CMD_TRANSFORM, p, 4);
	EXPECT_EQ(p[3].a, 0);
	EXPECT_EQ(p[3].b, 3);
	client_close(&params);
}

TEST(null_reference_counts_as_empty_whatever_its_size)
{
	struct tee_ioctl_param p[4] = {
		MEMREF_NULL_OF(INPUT, 4096), MEMREF_NULL_OF(OUTPUT, 0xffffffff), NO_PARAM,
		VALUE_OUT,
	};
	struct client params;

	client_open(&params, app_params);
	client_invoke(&params, PARAMS_CMD_SIZES, p, 4);
	EXPECT_EQ(p[3].a, 0);
	EXPECT_EQ(p[3].b, 0);
	client_close(&params);
}

TEST(sizes_reach_the_application)
{
	struct tee_ioctl_param p[4];
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 65536, &buf);
	memset(p, 0, sizeof(p));
	p[0] = (struct tee_ioctl_param)MEMREF(INPUT, buf.id, 1, 65535);
	p[1] = (struct tee_ioctl_param)MEMREF(OUTPUT, buf.id, 4096, 0);
	p[3] = (struct tee_ioctl_param)VALUE_OUT;
	client_invoke(&params, PARAMS_CMD_SIZES, p, 4);
	EXPECT_EQ(p[3].a, 65535);
	EXPECT_EQ(p[3].b, 0);
	tee_free(&buf);
	client_close(&params);
}

TEST(meta_memref_is_refused_and_its_reference_dropped)
{
	struct client params;
	struct tee_buf buf;
	uint64_t before;

	world_need();
	client_open(&params, app_params);
	before = world_counter(SIM_COUNTER_SHM_OBJECTS);
	client_alloc(params.fd, 4096, &buf);
	for (int i = 0; i < 10; i++) {
		struct tee_ioctl_param p = MEMREF(INPUT, buf.id, 0, 1);

		p.attr |= TEE_IOCTL_PARAM_ATTR_META;
		EXPECT_RC(one(&params, p), -EINVAL);
	}
	tee_free(&buf);
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, before, PATIENCE_MS));
	client_close(&params);
}

TEST(references_before_a_bad_one_are_dropped)
{
	struct tee_ioctl_param p[4];
	struct tee_answer answer;
	struct client params;
	struct tee_buf buf;
	uint64_t before;

	world_need();
	client_open(&params, app_params);
	before = world_counter(SIM_COUNTER_SHM_OBJECTS);
	client_alloc(params.fd, 4096, &buf);
	for (int i = 0; i < 3; i++)
		p[i] = (struct tee_ioctl_param)MEMREF(INOUT, buf.id, 0, 16);
	p[3] = (struct tee_ioctl_param)MEMREF(INOUT, buf.id, 0, 4097);
	EXPECT_RC(tee_invoke(params.fd, params.session, PARAMS_CMD_TRANSFORM, p, 4, &answer),
		  -EINVAL);
	tee_free(&buf);
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, before, PATIENCE_MS));
	client_close(&params);
}
