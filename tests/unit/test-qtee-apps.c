// SPDX-License-Identifier: BSD-2-Clause
/* QTEE's loader and the applications that public test clients ask it for. */
#include "nq.h"

#define SKELETON_SIZE	32856

static uint32_t number(uint32_t object, uint32_t op, const void *ib, uint32_t size, int32_t want)
{
	struct qtee_invoke *message = nq_message(0, object, op, QTEE_COUNTS(1, 0, 0, 1));

	nq_place(message, &size);
	if (size)
		memcpy(nq_data(message, 0), ib, size);
	assert_int_equal(nq_run(0), want);
	return want ? 0 : message->args[1].o.id;
}

static uint32_t app_of(uint32_t controller)
{
	struct qtee_invoke *message = nq_message(0, controller, 2, QTEE_COUNTS(0, 0, 0, 1));

	assert_int_equal(nq_run(0), QTEE_OK);
	return message->args[0].o.id;
}

static void add(uint32_t app, uint32_t a, uint32_t b, uint32_t want)
{
	static const uint32_t sizes[] = { 8, 4 };
	struct qtee_invoke *message = nq_message(0, app, 0, QTEE_COUNTS(1, 1, 0, 0));
	uint32_t pair[2] = { a, b }, sum;

	nq_place(message, sizes);
	memcpy(nq_data(message, 0), pair, sizeof(pair));
	assert_int_equal(nq_run(0), QTEE_OK);
	memcpy(&sum, nq_data(message, 1), sizeof(sum));
	assert_int_equal(sum, want);
}

static void serve_image(struct qtee_callback *request)
{
	struct qtee_map_region region = {
		.address = NQ_REGION, .size = (SKELETON_SIZE + 4095) & ~4095U,
		.permissions = QTEE_PERM_RW,
	};

	assert_int_equal(request->op, QTEE_OP_MAP_REGION);
	memcpy((uint8_t *)request + request->args[0].b.offset, &region, sizeof(region));
	request->args[2].o.id = nq_object();
}

static void skeleton_adds(void **state)
{
	uint32_t loader = nq_open(QTEE_UID_LOADER), controller, app;
	struct qtee_invoke *message;

	(void)state;
	number(loader, 0, "no image", 8, 12);
	number(loader, 0, "", 0, 10);
	number(loader, 2, "no name", 7, 17);
	controller = number(loader, 0, "omnitee-skeleton", 16, QTEE_OK);
	app = app_of(controller);
	add(app, 40, 2, 42);
	add(app, 0xffffffff, 1, 0xffffffff);
	assert_int_equal(nq_release(app), QTEE_OK);
	nq_message(0, controller, 1, 0);
	assert_int_equal(nq_run(0), QTEE_OK);
	nq_message(0, controller, 2, QTEE_COUNTS(0, 0, 0, 1));
	assert_int_equal(nq_run(0), 12);
	assert_int_equal(nq_release(controller), QTEE_OK);

	nq_serve = serve_image;
	message = nq_message(0, loader, 1, QTEE_COUNTS(0, 0, 1, 1));
	message->args[0].o.id = nq_object();
	nq_released = 0;
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(nq_released, 2);
	controller = message->args[1].o.id;
	app = app_of(controller);
	add(app, 1, 2, 3);
	assert_int_equal(nq_release(app), QTEE_OK);
	assert_int_equal(nq_release(controller), QTEE_OK);
	assert_int_equal(nq_release(loader), QTEE_OK);
}

/* The operation that the callee was called with last, and the counts of it. */
static uint32_t called_op, called_counts;

static void serve_callee(struct qtee_callback *request)
{
	unsigned int objects = QTEE_COUNTS_IB(request->counts) + QTEE_COUNTS_OB(request->counts) +
			       QTEE_COUNTS_IO(request->counts), n;

	called_op = request->op;
	called_counts = request->counts;
	for (n = 0; n < QTEE_COUNTS_OO(request->counts); n++)
		request->args[objects + n].o.id = nq_object();
	if (request->op == 7)
		request->result = 0x0afafafa;
}

static uint32_t test_object(uint32_t uid)
{
	uint32_t loader = nq_open(QTEE_UID_LOADER), controller, app, object;

	controller = number(loader, 0, "omnitee-test", 12, QTEE_OK);
	app = app_of(controller);
	number(app, 0, &(uint32_t){ 9 }, 4, 10);
	object = number(app, 0, &uid, sizeof(uid), QTEE_OK);
	assert_int_equal(nq_release(app), QTEE_OK);
	assert_int_equal(nq_release(controller), QTEE_OK);
	assert_int_equal(nq_release(loader), QTEE_OK);
	return object;
}

static void test_object_calls_as_its_clients_expect(void **state)
{
	/* Operation, counts; callee's operation, counts; result. */
	static const struct {
		uint32_t op;
		uint32_t counts;
		uint32_t callee_op;
		uint32_t callee_counts;
		int32_t result;
	} calls[] = {
		{ 2, 0x100, 0, 0, 0 }, { 3, 0x101, 1, 1, 0 }, { 4, 0x100, 2, 0x10, 0 },
		{ 5, 0x200, 3, 0x100, 0 }, { 6, 0x100, 4, 0x1000, 0 },
		{ 7, 0x100, 5, 0x3000, 0 }, { 8, 0x111, 6, 0x11, 0 },
		{ 9, 0x100, 7, 0, 0x0afafafa }, { 11, 0x101, 9, 1, 0 },
		{ 12, 0x110, 10, 0x10, 0 }, { 13, 0x100, 11, 0x1000, 0 },
		{ 14, 0x101, 12, 0x1001, 0 }, { 15, 0x100, 13, 0x1010, 0 },
		{ 16, 0x101, 14, 0x1011, 0 }, { 17, 0x100, 15, 0x2000, 0 },
	};
	static const uint32_t sizes[] = { 8, 4 };
	uint32_t object = test_object(2);
	struct qtee_invoke *message;
	unsigned int n, i;

	(void)state;
	nq_serve = serve_callee;
	for (n = 0; n < ARRAY_SIZE(calls); n++) {
		message = nq_message(0, object, calls[n].op, calls[n].counts);
		nq_place(message, sizes);
		for (i = 0; i < QTEE_COUNTS_IO(calls[n].counts); i++)
			message->args[QTEE_COUNTS_IB(calls[n].counts) +
				      QTEE_COUNTS_OB(calls[n].counts) + i].o.id = nq_object();
		called_op = 0xffff;
		assert_int_equal(nq_run(0), calls[n].result);
		assert_int_equal(called_op, calls[n].callee_op);
		assert_int_equal(called_counts, calls[n].callee_counts);
	}
	/* The callee that was set, and none. */
	nq_message(0, object, 1, 0);
	assert_int_equal(nq_run(0), 10);
	message = nq_message(0, object, 0, QTEE_COUNTS(0, 0, 1, 0));
	message->args[0].o.id = nq_object();
	assert_int_equal(nq_run(0), QTEE_OK);
	nq_message(0, object, 1, 0);
	assert_int_equal(nq_run(0), QTEE_OK);
	nq_released = 0;
	nq_message(0, object, 0, QTEE_COUNTS(0, 0, 1, 0));
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(nq_released, 1);
	nq_message(0, object, 0x7fff, 0);
	assert_int_equal(nq_run(0), QTEE_INVALID);
	assert_int_equal(nq_release(object), QTEE_OK);
}

static void test_memory_reads_and_writes(void **state)
{
	const uint64_t before = 0xfeedc0deface0001;
	uint32_t object = test_object(5);
	struct qtee_invoke *message;
	uint64_t *region = host_at(NQ_REGION);

	(void)state;
	nq_serve = serve_image;
	memcpy(region, &before, sizeof(before));
	message = nq_message(0, object, 0, QTEE_COUNTS(0, 0, 1, 0));
	message->args[0].o.id = nq_object();
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(*region, before + 1);
	message = nq_message(0, object, 0, QTEE_COUNTS(0, 0, 1, 0));
	message->args[0].o.id = nq_object();
	assert_int_equal(nq_run(0), QTEE_ERROR);
	nq_serve = NULL;
	message = nq_message(0, object, 7, QTEE_COUNTS(0, 0, 1, 0));
	message->args[0].o.id = nq_object();
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(nq_release(object), QTEE_OK);
}

#define CASE(name)	cmocka_unit_test_setup_teardown(name, nq_setup, nq_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(skeleton_adds),
		CASE(test_object_calls_as_its_clients_expect),
		CASE(test_memory_reads_and_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
