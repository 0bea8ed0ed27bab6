// SPDX-License-Identifier: BSD-2-Clause
#include "nw.h"
#include "heap.h"

#define SIZE	65536

static struct heap heap;
static uint8_t *memory;

static int setup(void **state)
{
	(void)state;
	memory = aligned_alloc(16, SIZE);
	memset(memory, 0xa5, SIZE);
	heap_init(&heap, memory, SIZE);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

static void memory_is_zero_and_aligned(void **state)
{
	uint8_t *p = heap_alloc(&heap, 100);
	unsigned int n;

	(void)state;
	assert_non_null(p);
	assert_int_equal((uintptr_t)p & 15, 0);
	for (n = 0; n < 100; n++)
		assert_int_equal(p[n], 0);
	heap_free(&heap, p);
	assert_int_equal(heap_used(&heap), 0);
}

static void all_comes_back_in_one_piece(void **state)
{
	void *p[8];
	unsigned int n;

	(void)state;
	for (n = 0; n < 8; n++)
		p[n] = heap_alloc(&heap, 1000 * (n + 1));
	/* Every second one, then the others: holes are joined from both sides. */
	for (n = 0; n < 8; n += 2)
		heap_free(&heap, p[n]);
	for (n = 1; n < 8; n += 2)
		heap_free(&heap, p[n]);
	assert_int_equal(heap_used(&heap), 0);
	p[0] = heap_alloc(&heap, SIZE - 64);
	assert_non_null(p[0]);
	heap_free(&heap, p[0]);
}

static void too_much_is_refused(void **state)
{
	(void)state;
	assert_null(heap_alloc(&heap, SIZE));
	assert_null(heap_alloc(&heap, SIZE_MAX));
	assert_null(heap_alloc(&heap, SIZE_MAX - 8));
	assert_null(heap_alloc(&heap, SIZE_MAX / 2));
	assert_int_equal(heap_used(&heap), 0);
}

static void resize_keeps_the_contents(void **state)
{
	uint8_t *p = heap_alloc(&heap, 16), *q;

	(void)state;
	memset(p, 0x77, 16);
	q = heap_resize(&heap, p, 4000);
	assert_non_null(q);
	assert_int_equal(q[15], 0x77);
	assert_int_equal(q[16], 0);
	assert_null(heap_resize(&heap, q, SIZE));
	assert_int_equal(q[15], 0x77);
	q = heap_resize(&heap, q, 8);
	assert_int_equal(q[7], 0x77);
	heap_free(&heap, q);
	heap_free(&heap, NULL);
	assert_int_equal(heap_used(&heap), 0);
}

static void double_free_stops_the_machine(void **state)
{
	void *p = heap_alloc(&heap, 32);

	(void)state;
	heap_free(&heap, p);
	host_end_expected = true;
	if (!setjmp(host_end)) {
		heap_free(&heap, p);
		host_end_expected = false;
		fail();
	}
	host_end_expected = false;
}

static void random_use_never_overlaps(void **state)
{
	static struct { uint8_t *p; size_t size; uint8_t mark; } live[64];
	unsigned int round;

	(void)state;
	srand(2);
	for (round = 0; round < 50000; round++) {
		unsigned int n = (unsigned int)rand() % 64;
		size_t i;

		for (i = 0; i < live[n].size; i++)
			assert_int_equal(live[n].p[i], live[n].mark);
		heap_free(&heap, live[n].p);
		live[n].size = (size_t)rand() % 2000;
		live[n].mark = (uint8_t)rand();
		live[n].p = heap_alloc(&heap, live[n].size);
		if (!live[n].p)
			live[n].size = 0;
		else
			memset(live[n].p, live[n].mark, live[n].size);
	}
	for (round = 0; round < 64; round++)
		heap_free(&heap, live[round].p);
	assert_int_equal(heap_used(&heap), 0);
	assert_non_null(heap_alloc(&heap, SIZE - 64));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(memory_is_zero_and_aligned, setup, teardown),
		cmocka_unit_test_setup_teardown(all_comes_back_in_one_piece, setup, teardown),
		cmocka_unit_test_setup_teardown(too_much_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(resize_keeps_the_contents, setup, teardown),
		cmocka_unit_test_setup_teardown(double_free_stops_the_machine, setup, teardown),
		cmocka_unit_test_setup_teardown(random_use_never_overlaps, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
