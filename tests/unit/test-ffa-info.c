// SPDX-License-Identifier: BSD-2-Clause
/* How the driver reads which partitions there are, of a partition manager that may say anything. */
#include <stdarg.h>
#include <setjmp.h>
#include "transport.h"
#include <cmocka.h>

#define MAX_CALLS	32
#define WORDS		18
#define COUNT(array)	(sizeof(array) / sizeof(*(array)))
/* x2 of a reply in registers: last index, current one, tag, size of a descriptor. */
#define HEAD(last, current_index, tag, size) \
	((uint64_t)(size) << 48 | (uint64_t)(tag) << 32 | (current_index) << 16 | (last))

struct reply {
	int rc;
	uint64_t x2;
	uint32_t x3;		/* of the form with a buffer */
};

static uint8_t rx[4096];
static struct ffa ffa;
static const struct reply *replies;
static unsigned int calls, releases;
static unsigned long sent[MAX_CALLS];	/* x3 of each request */
static struct ffa_partition_info *infos;
static const uuid_t nobody, somebody = { { 1, 2, 3 } };

int ffa_call(struct ffa *to, const ffa_regs *in, ffa_regs *out)
{
	const struct reply *reply = &replies[calls];
	unsigned int n;

	assert_ptr_equal(to, &ffa);
	assert_in_range(calls, 0, MAX_CALLS - 1);
	/* Nobody else asks for something that comes in RX. */
	assert_true(ffa.rx_lock.held || ffa.info_regs);
	sent[calls++] = in->a3;
	memset(out, 0, sizeof(*out));
	out->a2 = reply->x2;
	out->a3 = reply->x3;
	/* Registers of descriptors: each names its place. */
	if (ffa.info_regs)
		for (n = 3; n < WORDS; n++)
			((unsigned long *)out)[n] = calls << 8 | n;
	return reply->rc;
}

void ffa_rx_release(struct ffa *to)
{
	assert_ptr_equal(to, &ffa);
	assert_true(ffa.rx_lock.held);
	releases++;
}

static int begin(void **state)
{
	(void)state;
	memset(&ffa, 0, sizeof(ffa));
	ffa.version = FFA_VERSION_MAKE(1, 2);
	mutex_init(&ffa.rx_lock);
	ffa.rx = rx;
	ffa.buffer_size = sizeof(rx);
	ffa.mapped = true;
	ffa.info_regs = true;
	calls = 0;
	releases = 0;
	infos = NULL;
	return 0;
}

static int read_all(const struct reply *script)
{
	replies = script;
	calls = 0;
	return ffa_partitions_read(&ffa, &nobody, &infos);
}

static void list_comes_in_pieces(void **state)
{
	static const struct reply script[] = {
		{ 0, HEAD(6, 4, 9, 24), 0 }, { 0, HEAD(6, 5, 9, 24), 0 }, { 0, HEAD(6, 6, 9, 24), 0 },
	};

	(void)state;
	assert_int_equal(read_all(script), 7);
	assert_int_equal(calls, 3);
	assert_int_equal(sent[0], 0);
	assert_int_equal(sent[1], 5 | 9 << 16);
	assert_int_equal(sent[2], 6 | 9 << 16);
	/* Of three registers each. */
	assert_int_equal(infos[0].id, 1 << 8 | 3);
	assert_int_equal(infos[4].id, 1 << 8 | 15);
	assert_int_equal(infos[5].id, 2 << 8 | 3);
	assert_int_equal(infos[6].id, 3 << 8 | 3);
	kfree(infos);
}

/* Old drivers began anew for ever when the first reply had one. */
static void first_piece_may_have_one(void **state)
{
	static const struct reply script[] = {
		{ 0, HEAD(1, 0, 1, 24), 0 }, { 0, HEAD(1, 1, 1, 24), 0 },
	};

	(void)state;
	assert_int_equal(read_all(script), 2);
	assert_int_equal(calls, 2);
	kfree(infos);
}

static void descriptors_may_be_longer_than_known(void **state)
{
	static const struct reply script[] = {
		{ 0, HEAD(2, 1, 1, 48), 0 }, { 0, HEAD(2, 2, 1, 48), 0 },
	};

	(void)state;
	assert_int_equal(read_all(script), 3);
	assert_int_equal(infos[1].id, 1 << 8 | 9);
	assert_int_equal(infos[2].id, 2 << 8 | 3);
	kfree(infos);
}

static void counts_that_cannot_be_are_refused(void **state)
{
	static const struct reply first[][1] = {
		{ { 0, HEAD(0xffff, 4, 0, 24), 0 } },	/* more than there can be */
		{ { 0, HEAD(3, 4, 0, 24), 0 } },	/* beyond the last */
		{ { 0, HEAD(9, 5, 0, 24), 0 } },	/* more than fits into registers */
		{ { 0, HEAD(9, 2, 0, 48), 0 } },
		{ { 0, HEAD(0, 0, 0, 0), 0 } },
		{ { 0, HEAD(0, 0, 0, 8), 0 } },
		{ { 0, HEAD(0, 0, 0, 25), 0 } },
		{ { 0, HEAD(0, 0, 0, 0xfff8), 0 } },
	};
	static const struct reply backwards[] = {
		{ 0, HEAD(6, 4, 0, 24), 0 }, { 0, HEAD(6, 3, 0, 24), 0 },
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < COUNT(first); n++) {
		assert_int_equal(read_all(first[n]), -EPROTO);
		assert_int_equal(calls, 1);
	}
	assert_int_equal(read_all(backwards), -EPROTO);
}

static void list_that_changes_is_read_anew_but_not_for_ever(void **state)
{
	static const struct reply once[] = {
		{ 0, HEAD(6, 4, 1, 24), 0 }, { -EAGAIN, 0, 0 },
		{ 0, HEAD(5, 4, 2, 24), 0 }, { 0, HEAD(5, 5, 2, 24), 0 },
	};
	struct reply always[MAX_CALLS];
	unsigned int n;

	(void)state;
	assert_int_equal(read_all(once), 6);
	assert_int_equal(sent[2], 0);
	assert_int_equal(infos[0].id, 3 << 8 | 3);
	kfree(infos);
	for (n = 0; n < MAX_CALLS; n++)
		always[n] = (struct reply){ -EAGAIN, 0, 0 };
	assert_int_equal(read_all(always), -EAGAIN);
}

static void who_has_a_protocol_has_its_uuid(void **state)
{
	static const struct reply script[] = { { 0, HEAD(0, 0, 1, 24), 0 } };

	(void)state;
	replies = script;
	assert_int_equal(ffa_partitions_read(&ffa, &somebody, &infos), 1);
	assert_memory_equal(&infos[0].uuid, &somebody, sizeof(somebody));
	kfree(infos);
}

static void buffer_has_descriptors_of_its_version(void **state)
{
	static const struct reply script[] = { { 0, 2, 0 } }, longer[] = { { 0, 2, 48 } };

	(void)state;
	ffa.info_regs = false;
	memset(rx, 0, sizeof(rx));
	rx[0] = 1;
	rx[8] = 2;
	rx[48] = 3;
	ffa.version = FFA_VERSION_MAKE(1, 0);
	assert_int_equal(read_all(script), 2);
	assert_int_equal(infos[0].id, 1);
	assert_int_equal(infos[1].id, 2);
	kfree(infos);
	ffa.version = FFA_VERSION_MAKE(1, 2);
	assert_int_equal(read_all(longer), 2);
	assert_int_equal(infos[1].id, 3);
	assert_int_equal(releases, 2);
	kfree(infos);
}

static void buffer_that_cannot_hold_so_many_is_not_read(void **state)
{
	static const struct reply bad[][1] = {
		{ { 0, 171, 24 } }, { { 0, 0xffffffff, 24 } }, { { 0, 1, 4097 } },
		{ { 0, 1, 7 } }, { { 0, 2, 0xffffffff } },
	};
	unsigned int n;

	(void)state;
	ffa.info_regs = false;
	for (n = 0; n < COUNT(bad); n++) {
		releases = 0;
		assert_int_equal(read_all(bad[n]), -EPROTO);
		/* It was ours all the same. */
		assert_int_equal(releases, 1);
	}
}

static void buffer_that_was_not_given_back_is_given_back_once(void **state)
{
	static const struct reply script[] = { { -EBUSY, 0, 0 }, { 0, 0, 24 } };
	static const struct reply never[] = { { -EBUSY, 0, 0 }, { -EBUSY, 0, 0 } };

	(void)state;
	ffa.info_regs = false;
	assert_int_equal(read_all(script), 0);
	assert_int_equal(releases, 2);
	kfree(infos);
	releases = 0;
	assert_int_equal(read_all(never), -EBUSY);
	assert_int_equal(calls, 2);
	assert_int_equal(releases, 1);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		CASE(list_comes_in_pieces),
		CASE(first_piece_may_have_one),
		CASE(descriptors_may_be_longer_than_known),
		CASE(counts_that_cannot_be_are_refused),
		CASE(list_that_changes_is_read_anew_but_not_for_ever),
		CASE(who_has_a_protocol_has_its_uuid),
		CASE(buffer_has_descriptors_of_its_version),
		CASE(buffer_that_cannot_hold_so_many_is_not_read),
		CASE(buffer_that_was_not_given_back_is_given_back_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
