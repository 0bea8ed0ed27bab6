// SPDX-License-Identifier: BSD-2-Clause
/* abi/qtee.h against octets and numbers that were typed from the description. */
#include "nw.h"
#include "qtee.h"
#include "qtee-messages.h"

static void numbers_are_right(void **state)
{
	static const uint32_t ids[][2] = {
		{ QTEE_SMC_INVOKE, 0x72000602 },
		{ QTEE_SMC_CB_RSP, 0x72000601 },
		{ QTEE_SMC32(QTEE_FUNC_INVOKE), 0x32000602 },
		{ QTEE_SMC32(QTEE_FUNC_CB_RSP), 0x32000601 },
		{ QTEE_SMC64(QTEE_FUNC_INVOKE_LEGACY), 0x72000600 },
		{ QTEE_SIP_FAST(QTEE_SIP_FUNC_IS_CALL_AVAIL), 0xc2000601 },
		{ QTEE_SIP_FAST32(QTEE_SIP_FUNC_IS_CALL_AVAIL), 0x82000601 },
		{ QTEE_SIP(QTEE_SIP_FUNC_WAITQ_RESUME), 0x42002402 },
		{ QTEE_SIP32(QTEE_SIP_FUNC_WAITQ_RESUME), 0x02002402 },
		{ QTEE_SIP_FAST(QTEE_SIP_FUNC_WAITQ_GET_CTX), 0xc2002403 },
		{ QTEE_SIP_FAST(QTEE_SIP_FUNC_WAITQ_GET_INFO), 0xc2002404 },
		{ QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_ENABLE), 0x42000c1c },
		{ QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_DELETE), 0x42000c1d },
		{ QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_CREATE), 0x42000c1e },
		{ QTEE_INVOKE_ARGINFO, 0x224 },
		{ QTEE_CB_RSP_ARGINFO, 0x22 },
		{ QTEE_OBJECT_PRIMORDIAL, 0x80000000 },
		{ QTEE_OP_RELEASE, 65535 },
		{ QTEE_OP_RETAIN, 65534 },
		{ QTEE_COUNTS(1, 2, 3, 4), 0x4321 },
		{ QTEE_COUNTS_IB(0x4321), 1 },
		{ QTEE_COUNTS_OB(0x4321), 2 },
		{ QTEE_COUNTS_IO(0x4321), 3 },
		{ QTEE_COUNTS_OO(0x4321), 4 },
		{ QTEE_UID_DIAGNOSTICS, 143 },
		{ QTEE_UID_GP_CLIENT, 0x199 },
		{ QTEE_UID_FEATURE_VERSIONS, 2033 },
		{ QTEE_VERSION(5, 2, 7), 0x01402007 },
		{ QTEE_VERSION_MAJOR(0x01702007), 5 },
		{ QTEE_VERSION_MINOR(0x01702007), 2 },
		{ QTEE_VERSION_PATCH(0x01402007), 7 },
		{ (uint32_t)QTEE_DEFUNCT, 0xffffffa6 },
		{ (uint32_t)QTEE_BADOBJ, 0xffffffa4 },
		{ (uint32_t)QTEE_NOSLOTS, 0xffffffa3 },
		{ (uint32_t)QTEE_UNAVAIL, 0xffffffa0 },
		{ (uint32_t)QTEE_KMEM, 0xffffff9f },
		{ (uint32_t)QTEE_BUSY, 0xffffff9d },
		{ (uint32_t)QTEE_TIMEOUT, 0xffffff99 },
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(ids); n++)
		assert_int_equal(ids[n][0], ids[n][1]);
	assert_int_equal(vector_qtee_invoke_regs[0], QTEE_SMC_INVOKE);
	assert_int_equal(vector_qtee_invoke_regs[1], QTEE_INVOKE_ARGINFO);
	assert_int_equal(vector_qtee_cb_rsp_regs[0], QTEE_SMC_CB_RSP);
	assert_int_equal(vector_qtee_cb_rsp_regs[1], QTEE_CB_RSP_ARGINFO);
}

static void inbound_messages_lie_as_described(void **state)
{
	const struct qtee_invoke *m = (const void *)vector_qtee_register_null;

	(void)state;
	assert_int_equal(m->cxt, QTEE_OBJECT_ROOT);
	assert_int_equal(m->op, QTEE_OP_ROOT_REGISTER_CREDENTIALS);
	assert_int_equal(m->counts, QTEE_COUNTS(0, 0, 1, 1));
	assert_ptr_equal(&m->args[1], vector_qtee_register_null + VECTOR_QTEE_REGISTER_OO);

	m = (const void *)vector_qtee_open;
	assert_int_equal(m->op, QTEE_OP_ENV_OPEN);
	assert_int_equal(m->counts, QTEE_COUNTS(1, 0, 0, 1));
	assert_int_equal(m->args[0].b.offset, 32);
	assert_int_equal(m->args[0].b.size, sizeof(uint32_t));
	assert_int_equal(*(const uint32_t *)(vector_qtee_open + 32), QTEE_UID_FEATURE_VERSIONS);

	m = (const void *)vector_qtee_get_version;
	assert_int_equal(m->op, QTEE_OP_GET_VERSION);
	assert_int_equal(m->args[1].b.offset, VECTOR_QTEE_VERSION);
	assert_ptr_equal(&m->args[1].b.size, vector_qtee_get_version + VECTOR_QTEE_VERSION_SIZE);
	assert_int_equal(*(const uint32_t *)(vector_qtee_get_version + 32), QTEE_FEATURE_QTEE);

	m = (const void *)vector_qtee_release;
	assert_int_equal(m->op, QTEE_OP_RELEASE);
	assert_int_equal(m->counts, 0);

	m = (const void *)vector_qtee_register;
	assert_int_equal(m->op, QTEE_OP_ROOT_REGISTER);
	assert_int_equal(m->args[0].o.id, QTEE_OBJECT_KERNEL_FIRST);
}

static void outbound_messages_lie_as_described(void **state)
{
	const struct qtee_callback *m = (const void *)vector_qtee_get_length;
	const struct qtee_async *async = (const void *)vector_qtee_release_credentials;

	(void)state;
	assert_int_equal(m->cxt, QTEE_OBJECT_KERNEL_FIRST);
	assert_int_equal(m->op, QTEE_OP_IO_LENGTH);
	assert_int_equal(m->counts, QTEE_COUNTS(0, 1, 0, 0));
	assert_int_equal(m->args[0].b.offset, 24);
	assert_int_equal(m->args[0].b.size, sizeof(uint64_t));

	m = (const void *)vector_qtee_read;
	assert_int_equal(m->op, QTEE_OP_IO_READ);
	assert_int_equal(m->args[1].b.offset, 40);
	assert_int_equal(m->args[1].b.size, sizeof(vector_qtee_credentials));

	assert_int_equal(async->version, QTEE_ASYNC_VERSION_1_2);
	assert_int_equal(async->op, QTEE_ASYNC_OP_RELEASE);
	assert_int_equal(async->count, 1);
	assert_int_equal(async->objects[0], QTEE_OBJECT_KERNEL_FIRST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_right),
		cmocka_unit_test(inbound_messages_lie_as_described),
		cmocka_unit_test(outbound_messages_lie_as_described),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
