// SPDX-License-Identifier: BSD-2-Clause
/* Memory transaction descriptors as the normal world writes them, octet by octet. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <linux/types.h>
#include <cmocka.h>
#include "ffa.h"
#include "ffa-descriptors.h"
#include "mem_desc.h"

#define ROOM	256

static const u16 receivers[] = { 0x8003, 0x8004 };
static const u8 permissions[] = { 2, 1 };

static struct ffa_mem_desc describe(unsigned int minor)
{
	return (struct ffa_mem_desc) {
		.version = FFA_VERSION_MAKE(1, minor),
		.attributes = 0x2f,
		.tag = 0x1122334455667788,
		.receiver_ids = receivers,
		.permissions = permissions,
		.num_receivers = 1,
		.num_ranges = 2,
		.num_pages = 3,
	};
}

/* Whatever was there before: nothing of it may go to the other side. */
static void compare(unsigned int minor, const uint8_t *want, size_t size)
{
	struct ffa_mem_desc desc = describe(minor);
	uint8_t buf[ROOM] __attribute__((aligned(16)));
	size_t head;

	memset(buf, 0xa5, sizeof(buf));
	assert_int_equal(ffa_mem_desc_size(&desc), size);
	head = ffa_mem_desc_head(&desc, buf, sizeof(buf));
	assert_int_equal(head, size - 32);
	ffa_mem_desc_range(buf + head, 0x40400000, 1);
	ffa_mem_desc_range(buf + head + 16, 0x40600000, 2);
	assert_memory_equal(buf, want, size);
	assert_int_equal(buf[size], 0xa5);
}

static void layouts_follow_the_version(void **state)
{
	(void)state;
	compare(0, vector_ffa_share_v1_0, sizeof(vector_ffa_share_v1_0));
	compare(1, vector_ffa_share_v1_1, sizeof(vector_ffa_share_v1_1));
	compare(2, vector_ffa_share_v1_2, sizeof(vector_ffa_share_v1_2));
}

/* A head that does not fit is not begun. */
static void nothing_is_written_beyond_the_buffer(void **state)
{
	uint8_t buf[ROOM] __attribute__((aligned(16)));
	unsigned int minor;
	size_t room, n;

	(void)state;
	for (minor = 0; minor <= 2; minor++) {
		struct ffa_mem_desc desc = describe(minor);
		size_t head = ffa_mem_desc_head_size(&desc);

		for (room = 0; room < head; room++) {
			memset(buf, 0xa5, sizeof(buf));
			assert_int_equal(ffa_mem_desc_head(&desc, buf, room), 0);
			for (n = 0; n < sizeof(buf); n++)
				assert_int_equal(buf[n], 0xa5);
		}
		assert_int_equal(ffa_mem_desc_head(&desc, buf, head), head);
	}
}

/* They all have the same ranges, behind the last of them. */
static void receivers_lie_side_by_side(void **state)
{
	static const struct {
		unsigned int first, size, composite;
	} want[] = { { 32, 16, 64 }, { 48, 16, 80 }, { 48, 32, 112 } };
	uint8_t buf[ROOM] __attribute__((aligned(16)));
	unsigned int minor, n;

	(void)state;
	for (minor = 0; minor <= 2; minor++) {
		struct ffa_mem_desc desc = describe(minor);

		desc.num_receivers = 2;
		assert_int_equal(ffa_mem_desc_head(&desc, buf, sizeof(buf)),
				 want[minor].composite + 16);
		for (n = 0; n < 2; n++) {
			const uint8_t *at = buf + want[minor].first + n * want[minor].size;

			assert_int_equal(at[0] | at[1] << 8, receivers[n]);
			assert_int_equal(at[2], permissions[n]);
			assert_int_equal(at[4], want[minor].composite);
		}
		assert_int_equal(buf[28], 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layouts_follow_the_version),
		cmocka_unit_test(nothing_is_written_beyond_the_buffer),
		cmocka_unit_test(receivers_lie_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
