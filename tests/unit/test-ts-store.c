// SPDX-License-Identifier: BSD-2-Clause
/* Objects in flash: they are there again after a power cycle, whenever that comes. */
#include "ts-memory.h"
#include "store.h"
#include "string.h"
#include "ts.h"

struct machine {
	struct ram_flash ram;
	struct flash_area area;
	struct heap heap;
	struct store store;
};

static struct machine machine;

static int setup(void **state)
{
	*state = &machine;
	ram_flash_init(&machine.ram);
	machine.area = ram_flash_area(&machine.ram);
	test_heap_init(&machine.heap, 1 << 20);
	return !store_open(&machine.store, &machine.heap, &machine.area);
}

static int teardown(void **state)
{
	(void)state;
	store_close(&machine.store);
	test_heap_end(&machine.heap);
	return 0;
}

static void power_cycle(void)
{
	store_close(&machine.store);
	assert_int_equal(heap_used(&machine.heap), 0);
	machine.ram.power_for = -1;
	assert_true(store_open(&machine.store, &machine.heap, &machine.area));
}

static struct store_key key_of(uint64_t uid)
{
	return (struct store_key){ 1, 0, uid };
}

static int32_t put(uint64_t uid, const char *text)
{
	struct store_key key = key_of(uid);
	struct store_value value = {
		.flags = 2,
		.capacity = (uint32_t)strlen(text),
		.size = (uint32_t)strlen(text),
		.data = text,
	};

	return store_set(&machine.store, &key, &value);
}

static bool has(uint64_t uid, const char *text)
{
	struct store_key key = key_of(uid);
	const struct store_object *object = store_find(&machine.store, &key);

	if (!text)
		return !object;
	return object && object->size == strlen(text) && !memcmp(object->data, text, object->size);
}

static void objects_outlive_a_power_cycle(void **state)
{
	struct store_key gone = key_of(2);
	struct store_key other = { 2, 0, 1 }, guest = { 1, 7, 1 };
	struct store_value value = { .flags = 1, .capacity = 100, .size = 3, .data = "xyz" };
	const struct store_object *object;

	(void)state;
	assert_int_equal(put(1, "one"), TS_PSA_SUCCESS);
	assert_int_equal(put(2, "two"), TS_PSA_SUCCESS);
	assert_int_equal(put(3, ""), TS_PSA_SUCCESS);
	assert_int_equal(put(1, "one again"), TS_PSA_SUCCESS);
	assert_int_equal(store_set(&machine.store, &other, &value), TS_PSA_SUCCESS);
	assert_int_equal(store_remove(&machine.store, &gone), TS_PSA_SUCCESS);
	assert_int_equal(store_remove(&machine.store, &gone), TS_PSA_DOES_NOT_EXIST);
	power_cycle();
	assert_true(has(1, "one again"));
	assert_true(has(2, NULL));
	assert_true(has(3, ""));
	/* Kind and owner are parts of the name. */
	assert_null(store_find(&machine.store, &guest));
	object = store_find(&machine.store, &other);
	assert_non_null(object);
	assert_int_equal(object->flags, 1);
	assert_int_equal(object->capacity, 100);
	assert_int_equal(object->size, 3);
	assert_memory_equal(object->data, "xyz", 3);
}

static void full_log_is_written_anew(void **state)
{
	char text[1001];
	unsigned int n;

	(void)state;
	memset(text, 'a', 1000);
	text[1000] = '\0';
	assert_int_equal(put(1, "stays"), TS_PSA_SUCCESS);
	/* A bank is 32 KiB. */
	for (n = 0; n < 200; n++) {
		text[0] = (char)('a' + n % 26);
		assert_int_equal(put(2, text), TS_PSA_SUCCESS);
	}
	assert_true(machine.store.sequence > 4);
	power_cycle();
	assert_true(has(1, "stays"));
	assert_true(has(2, text));
}

static void limit_is_refused_and_room_comes_back(void **state)
{
	struct store_value value = { .capacity = 8000 };
	struct store_key key = key_of(1);

	(void)state;
	assert_int_equal(store_set(&machine.store, &key, &value), TS_PSA_SUCCESS);
	/* Replacing it does not need room for both. */
	assert_int_equal(store_set(&machine.store, &key, &value), TS_PSA_SUCCESS);
	key.uid = 2;
	assert_int_equal(store_set(&machine.store, &key, &value), TS_PSA_SUCCESS);
	key.uid = 3;
	assert_int_equal(store_set(&machine.store, &key, &value), TS_PSA_INSUFFICIENT_STORAGE);
	value.capacity = STORE_OBJECT_MAX + 1;
	assert_int_equal(store_set(&machine.store, &key, &value), TS_PSA_INSUFFICIENT_STORAGE);
	key.uid = 2;
	assert_int_equal(store_remove(&machine.store, &key), TS_PSA_SUCCESS);
	key.uid = 3;
	value.capacity = 8000;
	assert_int_equal(store_set(&machine.store, &key, &value), TS_PSA_SUCCESS);
}

/* Whenever the power goes, there is the old object or the new one, and the other one stays. */
static void power_may_go_at_any_time(void **state)
{
	char old_text[401], new_text[601];
	long n;

	(void)state;
	memset(old_text, 'o', 400);
	old_text[400] = '\0';
	memset(new_text, 'n', 600);
	new_text[600] = '\0';
	for (n = 0; n < 1400; n += 7) {
		unsigned int old_sequence;

		assert_int_equal(put(1, "other"), TS_PSA_SUCCESS);
		assert_int_equal(put(2, old_text), TS_PSA_SUCCESS);
		old_sequence = machine.store.sequence;
		machine.ram.power_for = n;
		if (put(2, new_text) == TS_PSA_SUCCESS) {
			power_cycle();
			assert_true(has(2, new_text));
		} else {
			assert_true(has(2, old_text));
			power_cycle();
			assert_true(has(2, old_text) || has(2, new_text));
		}
		assert_true(has(1, "other"));
		assert_true(machine.store.sequence - old_sequence <= 1);
		/* And it can be written to. */
		assert_int_equal(put(3, "after"), TS_PSA_SUCCESS);
		power_cycle();
		assert_true(has(3, "after"));
	}
}

static void broken_flash_changes_nothing(void **state)
{
	struct store_key key = key_of(1);

	(void)state;
	assert_int_equal(put(1, "kept"), TS_PSA_SUCCESS);
	machine.ram.broken = true;
	assert_int_equal(put(1, "lost"), TS_PSA_STORAGE_FAILURE);
	assert_int_equal(store_remove(&machine.store, &key), TS_PSA_STORAGE_FAILURE);
	assert_true(has(1, "kept"));
	machine.ram.broken = false;
	assert_int_equal(put(2, "goes on"), TS_PSA_SUCCESS);
	power_cycle();
	assert_true(has(1, "kept"));
	assert_true(has(2, "goes on"));
}

static void nonsense_in_flash_is_no_object(void **state)
{
	struct ram_flash *ram = &machine.ram;
	size_t end;

	(void)state;
	assert_int_equal(put(1, "good"), TS_PSA_SUCCESS);
	assert_int_equal(put(2, "hurt"), TS_PSA_SUCCESS);
	end = machine.area.offset + machine.store.bank + machine.store.end;
	/* The data of the last record. */
	ram->octets[end - 8] ^= 1;
	power_cycle();
	assert_true(has(1, "good"));
	assert_true(has(2, NULL));
	assert_int_equal(put(3, "new"), TS_PSA_SUCCESS);
	power_cycle();
	assert_true(has(1, "good"));
	assert_true(has(3, "new"));
	/* Neither bank has a header: it is empty, not unusable. */
	memset(ram->octets, 0x5a, sizeof(ram->octets));
	power_cycle();
	assert_true(has(1, NULL));
	assert_int_equal(put(1, "from the start"), TS_PSA_SUCCESS);
	power_cycle();
	assert_true(has(1, "from the start"));
}

static void without_flash_nothing_is_kept(void **state)
{
	(void)state;
	store_close(&machine.store);
	machine.area.flash = NULL;
	assert_true(store_open(&machine.store, &machine.heap, &machine.area));
	assert_int_equal(put(1, "here"), TS_PSA_SUCCESS);
	assert_true(has(1, "here"));
	power_cycle();
	assert_true(has(1, NULL));
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(objects_outlive_a_power_cycle),
		CASE(full_log_is_written_anew),
		CASE(limit_is_refused_and_room_comes_back),
		CASE(power_may_go_at_any_time),
		CASE(broken_flash_changes_nothing),
		CASE(nonsense_in_flash_is_no_object),
		CASE(without_flash_nothing_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
