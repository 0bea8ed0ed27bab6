// SPDX-License-Identifier: BSD-2-Clause
/* abi/ against octets and numbers that were typed from the description. */
#include "nw.h"
#include "optee.h"
#include "optee_rpc.h"
#include "optee_system.h"
#include "psci.h"

static void function_numbers_are_right(void **state)
{
	static const uint32_t ids[][2] = {
		{ OPTEE_SMC_CALLS_COUNT, 0xbf00ff00 },
		{ OPTEE_SMC_CALLS_UID, 0xbf00ff01 },
		{ OPTEE_SMC_CALLS_REVISION, 0xbf00ff03 },
		{ OPTEE_SMC_GET_OS_UUID, 0xb2000000 },
		{ OPTEE_SMC_GET_OS_REVISION, 0xb2000001 },
		{ OPTEE_SMC_RETURN_FROM_RPC, 0x32000003 },
		{ OPTEE_SMC_CALL_WITH_ARG, 0x32000004 },
		{ OPTEE_SMC_GET_SHM_CONFIG, 0xb2000007 },
		{ OPTEE_SMC_L2CC_MUTEX, 0xb2000008 },
		{ OPTEE_SMC_EXCHANGE_CAPABILITIES, 0xb2000009 },
		{ OPTEE_SMC_DISABLE_SHM_CACHE, 0xb200000a },
		{ OPTEE_SMC_ENABLE_SHM_CACHE, 0xb200000b },
		{ OPTEE_SMC_BOOT_SECONDARY, 0xb200000c },
		{ OPTEE_SMC_VM_CREATED, 0xb200000d },
		{ OPTEE_SMC_VM_DESTROYED, 0xb200000e },
		{ OPTEE_SMC_GET_THREAD_COUNT, 0xb200000f },
		{ OPTEE_SMC_ENABLE_ASYNC_NOTIF, 0xb2000010 },
		{ OPTEE_SMC_GET_ASYNC_NOTIF_VALUE, 0xb2000011 },
		{ OPTEE_SMC_CALL_WITH_RPC_ARG, 0x32000012 },
		{ OPTEE_SMC_CALL_WITH_REGD_ARG, 0x32000013 },
		{ OPTEE_SMC_GET_PROTMEM_CONFIG, 0xb2000014 },
		{ OPTEE_SYSTEM_UID, 0xb2006d00 },
		{ OPTEE_SYSTEM_RESERVE, 0xb2006d01 },
		{ OPTEE_SYSTEM_RELEASE, 0xb2006d02 },
		{ OPTEE_SYSTEM_RELEASE_ALL, 0xb2006d03 },
		{ OPTEE_SYSTEM_CALL_WITH_ARG, 0x32006d04 },
		{ OPTEE_SYSTEM_CALL_WITH_RPC_ARG, 0x32006d12 },
		{ OPTEE_SYSTEM_CALL_WITH_REGD_ARG, 0x32006d13 },
		{ OPTEE_SYSTEM_V2_CALL_WITH_REGD_ARG, 0x32000014 },
		{ OPTEE_SYSTEM_V2_RESERVE, 0x32000015 },
		{ OPTEE_SYSTEM_V2_RELEASE, 0x32000016 },
		{ OPTEE_SYSTEM_V2_CAP, 128 },
		{ OPTEE_SMC_RPC_ALLOC, 0xffff0000 },
		{ OPTEE_SMC_RPC_FREE, 0xffff0002 },
		{ OPTEE_SMC_RPC_FOREIGN_INTR, 0xffff0004 },
		{ OPTEE_SMC_RPC_CMD, 0xffff0005 },
		{ OPTEE_SMC_RETURN_ETHREAD_LIMIT, 1 },
		{ OPTEE_SMC_RETURN_EBUSY, 2 },
		{ OPTEE_SMC_RETURN_ERESUME, 3 },
		{ OPTEE_SMC_RETURN_EBADADDR, 4 },
		{ OPTEE_SMC_RETURN_EBADCMD, 5 },
		{ OPTEE_SMC_RETURN_ENOMEM, 6 },
		{ OPTEE_SMC_RETURN_ENOTAVAIL, 7 },
		{ OPTEE_SMC_SEC_CAP_DYNAMIC_SHM, 4 },
		{ OPTEE_SMC_SEC_CAP_MEMREF_NULL, 16 },
		{ OPTEE_SMC_SEC_CAP_RPC_ARG, 64 },
		{ OPTEE_SMC_SEC_CAP_ASYNC_NOTIF, 32 },
		{ OPTEE_SMC_ASYNC_NOTIF_VALID, 1 },
		{ OPTEE_SMC_ASYNC_NOTIF_PENDING, 2 },
		{ OPTEE_MSG_CMD_DO_BOTTOM_HALF, 6 },
		{ OPTEE_MSG_CMD_STOP_ASYNC_NOTIF, 7 },
		{ OPTEE_RPC_NOTIFICATION_WAIT, 0 },
		{ OPTEE_RPC_NOTIFICATION_SEND, 1 },
		{ OPTEE_RPC_CMD_GET_TIME, 3 },
		{ OPTEE_RPC_CMD_NOTIFICATION, 4 },
		{ OPTEE_RPC_CMD_SHM_ALLOC, 6 },
		{ OPTEE_RPC_CMD_SHM_FREE, 7 },
		{ OPTEE_RPC_CMD_I2C_TRANSFER, 21 },
		{ OPTEE_RPC_CMD_PLUGIN, 12 },
		{ OPTEE_MSG_LOGIN_APPLICATION_USER, 5 },
		{ OPTEE_MSG_LOGIN_APPLICATION_GROUP, 6 },
		{ OPTEE_MSG_LOGIN_REE_KERNEL, 0x80000000 },
		{ PSCI_CPU_ON_64, 0xc4000003 },
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(ids); n++)
		assert_int_equal(ids[n][0], ids[n][1]);
}

static void structures_lie_as_described(void **state)
{
	const struct optee_msg_arg *arg = (const void *)vector_register_shm;
	const struct optee_msg_param *fmem = (const void *)vector_fmem;

	(void)state;
	assert_int_equal(OPTEE_MSG_ARG_SIZE(1), sizeof(vector_register_shm));
	assert_int_equal(arg->cmd, OPTEE_MSG_CMD_REGISTER_SHM);
	assert_int_equal(arg->num_params, 1);
	assert_int_equal(arg->params[0].attr,
			 OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG);
	assert_int_equal(arg->params[0].u.tmem.buf_ptr, 0x40100234);
	assert_int_equal(arg->params[0].u.tmem.size, 0x1234);
	assert_int_equal(arg->params[0].u.tmem.shm_ref, 0x1122334455667788);
	assert_int_equal(fmem->attr, OPTEE_MSG_ATTR_TYPE_FMEM_INOUT);
	assert_int_equal(fmem->u.fmem.offs_low, 0x56789abc);
	assert_int_equal(fmem->u.fmem.offs_high, 0x1234);
	assert_int_equal(fmem->u.fmem.internal_offs, 0xdef);
	assert_int_equal(fmem->u.fmem.size, 0x1000);
	assert_int_equal(fmem->u.fmem.global_id, 0x0102030405060708);
	assert_int_equal(sizeof(vector_fmem), sizeof(*fmem));
}

static uint32_t run(const uint8_t *octets, size_t size)
{
	memcpy(host_at(NW_MESSAGE), octets, size);
	return nw_run();
}

static void secure_world_answers_the_octets(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);

	(void)state;
	assert_int_equal(run(vector_open_session, sizeof(vector_open_session)), TEE_SUCCESS);
	assert_int_equal(arg->session, 1);
	assert_int_equal(run(vector_invoke_value, sizeof(vector_invoke_value)), TEE_SUCCESS);
	assert_memory_equal(arg, vector_invoke_value_reply, sizeof(vector_invoke_value_reply));
	assert_int_equal(run(vector_close_session, sizeof(vector_close_session)), TEE_SUCCESS);
	assert_int_equal(run(vector_close_session, sizeof(vector_close_session)), 0xffff0008);

	((uint64_t *)host_at(0x40100000))[0] = NW_DATA;
	((uint64_t *)host_at(0x40100000))[1] = NW_DATA + 0x5000;
	assert_int_equal(run(vector_register_shm, sizeof(vector_register_shm)), TEE_SUCCESS);
	assert_int_equal(nw_counter(SIM_COUNTER_SHM_BYTES), 0x1234);
	assert_int_equal(run(vector_do_bottom_half, sizeof(vector_do_bottom_half)), TEE_SUCCESS);
	assert_int_equal(nw_counter(SIM_COUNTER_BOTTOM_HALVES), 1);
	assert_int_equal(run(vector_stop_async_notif, sizeof(vector_stop_async_notif)),
			 TEE_SUCCESS);
	assert_int_equal(run(vector_unregister_shm, sizeof(vector_unregister_shm)), TEE_SUCCESS);
	assert_int_equal(run(vector_unregister_shm, sizeof(vector_unregister_shm)), 0xffff0006);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(function_numbers_are_right),
		cmocka_unit_test(structures_lie_as_described),
		cmocka_unit_test_setup_teardown(secure_world_answers_the_octets, nw_setup,
						nw_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
