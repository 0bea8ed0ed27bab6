// SPDX-License-Identifier: BSD-2-Clause
/* Messages and parameters that are not as they should be. */
#include "nw.h"

#define PAGE	4096

static uint64_t call(uint32_t id, uint64_t a1, uint64_t a2, uint64_t a3)
{
	uint64_t a[8] = { id, a1, a2, a3 };

	nw_smc(a);
	while (a[0] == OPTEE_SMC_RPC_FOREIGN_INTR) {
		a[0] = OPTEE_SMC_RETURN_FROM_RPC;
		nw_smc(a);
	}
	assert_int_equal(a[1], 0);
	assert_int_equal(a[2], 0);
	assert_int_equal(a[3], 0);
	return a[0];
}

static void message_address_is_checked(void **state)
{
	static const uint64_t bad[] = {
		NW_MESSAGE + 4, NW_MESSAGE + 8, NW_MESSAGE + 2048, 0, 0x0e000000, 0x09000000,
		HOST_MEMORY_BASE - PAGE, HOST_MEMORY_BASE + HOST_MEMORY_SIZE,
		~(uint64_t)(PAGE - 1), UINT64_MAX,
	};
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_int_equal(call(OPTEE_SMC_CALL_WITH_ARG, bad[n] >> 32, (uint32_t)bad[n], 0),
				 OPTEE_SMC_RETURN_EBADADDR);
		assert_int_equal(call(OPTEE_SMC_CALL_WITH_RPC_ARG, bad[n] >> 32,
				      (uint32_t)bad[n], 0), OPTEE_SMC_RETURN_EBADADDR);
	}
}

static void parameter_count_has_a_limit(void **state)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_CLOSE_SESSION, 1, 0, 127);

	(void)state;
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_OK);
	assert_int_equal(arg->ret, TEE_ERROR_BAD_PARAMETERS);
	arg->num_params = 128;
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_EBADADDR);
	arg->num_params = UINT32_MAX;
	assert_int_equal(nw_call(), OPTEE_SMC_RETURN_EBADADDR);
	/* 122 parameters and an RPC message of 4 fill a page, one more does not fit. */
	arg->num_params = 122;
	assert_int_equal(call(OPTEE_SMC_CALL_WITH_RPC_ARG, NW_MESSAGE >> 32,
			      (uint32_t)NW_MESSAGE, 0), OPTEE_SMC_RETURN_OK);
	arg->num_params = 123;
	assert_int_equal(call(OPTEE_SMC_CALL_WITH_RPC_ARG, NW_MESSAGE >> 32,
			      (uint32_t)NW_MESSAGE, 0), OPTEE_SMC_RETURN_EBADADDR);
}

static uint64_t call_registered(uint64_t cookie, uint64_t offset)
{
	return call(OPTEE_SMC_CALL_WITH_REGD_ARG, cookie >> 32, (uint32_t)cookie, offset);
}

static void registered_message_is_found(void **state)
{
	static const uint64_t bad[] = { 4, PAGE, 2 * PAGE, 2 * PAGE - 8, UINT32_MAX, 1 };
	/* Offset 4000 of the first page: the message crosses into the other page. */
	struct optee_msg_arg *arg;
	unsigned int n;

	(void)state;
	assert_int_equal(nw_register(NW_COOKIE, 0, 2 * PAGE - 3000), TEE_SUCCESS);
	arg = host_at(NW_DATA + 4000);
	memset(arg, 0, 200);
	arg->cmd = OPTEE_MSG_CMD_CLOSE_SESSION;
	arg->session = 77;
	assert_int_equal(call_registered(NW_COOKIE, 4000), OPTEE_SMC_RETURN_OK);
	assert_int_equal(arg->ret, TEE_ERROR_ITEM_NOT_FOUND);
	assert_int_equal(arg->ret_origin, TEE_ORIGIN_TEE);
	assert_int_equal(call_registered(NW_COOKIE + 1, 4000), OPTEE_SMC_RETURN_EBADADDR);
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		if (bad[n] % PAGE == 0 && bad[n] < 2 * PAGE - 3000)
			continue;
		assert_int_equal(call_registered(NW_COOKIE, bad[n]), OPTEE_SMC_RETURN_EBADADDR);
	}
	/* The limit holds where there is room for more, too. */
	assert_int_equal(nw_register(NW_COOKIE + 5, 8 * PAGE, 3 * PAGE), TEE_SUCCESS);
	((struct optee_msg_arg *)host_at(NW_DATA + 8 * PAGE))->cmd = OPTEE_MSG_CMD_CLOSE_SESSION;
	((struct optee_msg_arg *)host_at(NW_DATA + 8 * PAGE))->num_params = 127;
	assert_int_equal(call_registered(NW_COOKIE + 5, 0), OPTEE_SMC_RETURN_OK);
	((struct optee_msg_arg *)host_at(NW_DATA + 8 * PAGE))->num_params = 128;
	assert_int_equal(call_registered(NW_COOKIE + 5, 0), OPTEE_SMC_RETURN_EBADADDR);
	assert_int_equal(nw_unregister(NW_COOKIE + 5), TEE_SUCCESS);

	/* An object cannot be unregistered by a message that lies in it. */
	arg->cmd = OPTEE_MSG_CMD_UNREGISTER_SHM;
	arg->num_params = 1;
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT;
	arg->params[0].u.rmem.shm_ref = NW_COOKIE;
	assert_int_equal(call_registered(NW_COOKIE, 4000), OPTEE_SMC_RETURN_OK);
	assert_int_equal(arg->ret, TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
}

static void unknown_commands_are_told_apart(void **state)
{
	static const uint32_t commands[] = { 8, 11, 12, UINT32_MAX };
	struct optee_msg_arg *arg;
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(commands); n++) {
		arg = nw_message(commands[n], 0, 0, 0);
		assert_int_equal(nw_call(), OPTEE_SMC_RETURN_EBADCMD);
		assert_int_equal(arg->ret, 0x5a5a5a5a);
	}
	assert_int_equal(call(0x32000055, 0, 0, 0), OPTEE_SMC_RETURN_EBADCMD);
}

static void open_wants_its_meta_parameters(void **state)
{
	struct optee_msg_arg *arg;
	uint32_t session = nw_open(1);
	unsigned int n;

	(void)state;
	assert_int_equal(nw_close(session), TEE_SUCCESS);
	for (n = 0; n < 2; n++) {
		arg = nw_message(OPTEE_MSG_CMD_OPEN_SESSION, 9, 0, n);
		arg->params[0].attr = 0x101;
		assert_int_equal(nw_run(), TEE_ERROR_BAD_PARAMETERS);
		assert_int_equal(arg->session, 0);
	}
	for (n = 0; n < 2; n++) {
		static const uint64_t attrs[] = { 0x001, 0x102, 0x301, 0x10101, 0x100000101 };
		unsigned int i;

		for (i = 0; i < 5; i++) {
			arg = nw_message(OPTEE_MSG_CMD_OPEN_SESSION, 9, 0, 2);
			arg->params[n].attr = attrs[i];
			arg->params[!n].attr = 0x101;
			assert_int_equal(nw_run(), TEE_ERROR_BAD_PARAMETERS);
			assert_int_equal(arg->ret_origin, TEE_ORIGIN_TEE);
		}
	}
	/* Nobody's application. */
	arg = nw_message(OPTEE_MSG_CMD_OPEN_SESSION, 9, 0, 2);
	arg->params[0].attr = 0x101;
	arg->params[1].attr = 0x101;
	assert_int_equal(nw_run(), TEE_ERROR_ITEM_NOT_FOUND);
	assert_int_equal(arg->ret_origin, TEE_ORIGIN_TEE);
	assert_int_equal(arg->session, 0);
}

static uint32_t open_with_login(uint64_t login)
{
	static const uint8_t uuid[16] = APP_ECHO_UUID;
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_OPEN_SESSION, 0, 0, 2);

	arg->params[0].attr = 0x101;
	memcpy(arg->params[0].u.octets, uuid, 16);
	arg->params[1].attr = 0x101;
	memset(arg->params[1].u.octets, 0x42, 16);
	arg->params[1].u.value.c = login;
	return nw_run();
}

static void identity_follows_the_login(void **state)
{
	static const struct { uint64_t login; uint8_t octet; } logins[] = {
		{ 0, 0 }, { 1, 0x42 }, { 2, 0x42 }, { 4, 0x42 }, { 5, 0x42 }, { 6, 0x42 },
		{ 0x80000000, 0 },
	};
	static const uint64_t bad[] = { 3, 7, 0x80000001, 0x100000001, UINT64_MAX };
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);
	unsigned int n;

	(void)state;
	assert_int_equal(nw_register(NW_COOKIE, 0, 16), TEE_SUCCESS);
	for (n = 0; n < ARRAY_SIZE(logins); n++) {
		uint32_t session;

		assert_int_equal(open_with_login(logins[n].login), TEE_SUCCESS);
		session = arg->session;
		nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, ECHO_CMD_IDENTITY, 2);
		arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
		arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT;
		arg->params[1].u.rmem.size = 16;
		arg->params[1].u.rmem.shm_ref = NW_COOKIE;
		assert_int_equal(nw_run(), TEE_SUCCESS);
		assert_int_equal(arg->params[0].u.value.a, logins[n].login);
		assert_int_equal(*(uint8_t *)host_at(NW_DATA + 15), logins[n].octet);
		assert_int_equal(nw_close(session), TEE_SUCCESS);
	}
	for (n = 0; n < ARRAY_SIZE(bad); n++)
		assert_int_equal(open_with_login(bad[n]), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
}

/* One parameter to the app "params"; its type and, for memory, p0 of SIZES. */
static uint32_t invoke_with(uint32_t session, uint64_t attr, uint64_t a, uint64_t b, uint64_t c)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session,
					       PARAMS_CMD_TYPES, 4);

	arg->params[0].attr = attr;
	arg->params[0].u.value.a = a;
	arg->params[0].u.value.b = b;
	arg->params[0].u.value.c = c;
	arg->params[3].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	return nw_run();
}

static void registered_memory_is_bounded(void **state)
{
	static const uint64_t beyond[][2] = {
		{ 0, 5001 }, { 5000, 1 }, { 5001, 0 }, { 1, 5000 }, { UINT64_MAX, 1 },
		{ UINT64_MAX, 0 }, { 1, UINT64_MAX }, { 4096, UINT64_MAX - 4095 },
	};
	uint32_t session = nw_open(2);
	unsigned int n, type;

	(void)state;
	assert_int_equal(nw_register(NW_COOKIE, 123, 5000), TEE_SUCCESS);
	for (type = 5; type < 8; type++) {
		assert_int_equal(invoke_with(session, type, 0, 5000, NW_COOKIE), TEE_SUCCESS);
		assert_int_equal(invoke_with(session, type, 5000, 0, NW_COOKIE), TEE_SUCCESS);
		assert_int_equal(invoke_with(session, type, 0, 1, NW_COOKIE - 1),
				 TEE_ERROR_BAD_PARAMETERS);
		for (n = 0; n < ARRAY_SIZE(beyond); n++)
			assert_int_equal(invoke_with(session, type, beyond[n][0], beyond[n][1],
						     NW_COOKIE), TEE_ERROR_SECURITY);
	}
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void temporary_memory_is_null_or_known(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);
	uint32_t session = nw_open(2);
	unsigned int type;

	(void)state;
	((uint64_t *)host_at(NW_LIST))[0] = NW_DATA;
	for (type = 9; type < 12; type++) {
		/* NULL loses its size. */
		assert_int_equal(invoke_with(session, type, 0, 12345, 0), TEE_SUCCESS);
		if (type > 9)
			assert_int_equal(arg->params[0].u.tmem.size, 0);
		assert_int_equal(invoke_with(session, type, NW_DATA, 16, 0),
				 TEE_ERROR_BAD_PARAMETERS);
		assert_int_equal(invoke_with(session, type | 0x200, NW_LIST + 8, 16, 0),
				 TEE_SUCCESS);
		assert_int_equal(invoke_with(session, type | 0x200, NW_LIST, 2 * PAGE, 0),
				 TEE_ERROR_BAD_PARAMETERS);
	}
	host.world.guest.static_shm.base = NW_DATA;
	host.world.guest.static_shm.size = PAGE;
	assert_int_equal(invoke_with(session, 9, NW_DATA + 100, PAGE - 100, 0), TEE_SUCCESS);
	assert_int_equal(invoke_with(session, 9, NW_DATA + 100, PAGE - 99, 0),
			 TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(invoke_with(session, 9, NW_DATA - 1, 2, 0), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void odd_attributes_are_refused(void **state)
{
	static const uint64_t bad[] = { 4, 8, 0xc, 0x55, 0xff, 0x100, 0x101, 0x10001, 0x40001 };
	uint32_t session = nw_open(2);
	struct optee_msg_arg *arg;
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++) {
		assert_int_equal(invoke_with(session, bad[n], 0, 0, 0),
				 TEE_ERROR_BAD_PARAMETERS);
		assert_int_equal(((struct optee_msg_arg *)host_at(NW_MESSAGE))->ret_origin,
				 TEE_ORIGIN_TEE);
	}
	arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, 0, 5);
	assert_int_equal(nw_run(), TEE_ERROR_BAD_PARAMETERS);
	arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session + 1, 0, 0);
	assert_int_equal(nw_run(), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(arg->ret_origin, TEE_ORIGIN_TEE);
	nw_message(OPTEE_MSG_CMD_CANCEL, session + 1, 0, 0);
	assert_int_equal(nw_run(), TEE_ERROR_BAD_PARAMETERS);
	nw_message(OPTEE_MSG_CMD_CANCEL, session, 0, 1);
	assert_int_equal(nw_run(), TEE_ERROR_BAD_PARAMETERS);
	nw_message(OPTEE_MSG_CMD_CANCEL, session, 0, 0);
	assert_int_equal(nw_run(), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_ERROR_ITEM_NOT_FOUND);
}

static void parameters_of_all_kinds_travel(void **state)
{
	uint32_t session = nw_open(2);
	struct optee_msg_arg *arg;
	uint8_t *data = host_at(NW_DATA);

	(void)state;
	assert_int_equal(nw_register(NW_COOKIE, 0, PAGE), TEE_SUCCESS);
	memset(data, 7, PAGE);
	arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, PARAMS_CMD_TRANSFORM, 4);
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
	arg->params[0].u.value.a = 1000;
	arg->params[0].u.value.b = 0x100000001;	/* only 32 bits count */
	arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INOUT;
	arg->params[1].u.value.a = 0x0f0f0f0f;
	arg->params[1].u.value.b = 0xffffffff;
	arg->params[1].u.value.c = 3;
	arg->params[2].attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT;
	arg->params[2].u.rmem.offs = 10;
	arg->params[2].u.rmem.size = 100;
	arg->params[2].u.rmem.shm_ref = NW_COOKIE;
	arg->params[3].attr = OPTEE_MSG_ATTR_TYPE_VALUE_OUTPUT;
	assert_int_equal(nw_run(), TEE_SUCCESS);
	assert_int_equal(arg->params[1].u.value.a, 0xf0f0f0f0);
	assert_int_equal(arg->params[1].u.value.b, 0);
	assert_int_equal(arg->params[1].u.value.c, 3);
	assert_int_equal(arg->params[3].u.value.a, 1000 + 1 + 700);
	assert_int_equal(arg->params[3].u.value.b, 3);

	arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, PARAMS_CMD_TRANSFORM, 2);
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_INOUT;
	arg->params[0].u.rmem.offs = 5;
	arg->params[0].u.rmem.size = 2;
	arg->params[0].u.rmem.shm_ref = NW_COOKIE;
	arg->params[1].attr = OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT;
	arg->params[1].u.rmem.offs = 4090;
	arg->params[1].u.rmem.size = 6;
	arg->params[1].u.rmem.shm_ref = NW_COOKIE;
	assert_int_equal(nw_run(), TEE_SUCCESS);
	assert_int_equal(data[4], 7);
	assert_int_equal(data[5], 8);
	assert_int_equal(data[6], 8);
	assert_int_equal(data[7], 7);
	assert_int_equal(data[4089], 7);
	assert_int_equal(data[4090], 1);
	assert_int_equal(data[4095], 6);
	assert_int_equal(arg->params[1].u.rmem.offs, 4090);

	arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, PARAMS_CMD_SHORT, 1);
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT;
	arg->params[0].u.rmem.size = 50;
	arg->params[0].u.rmem.shm_ref = NW_COOKIE;
	assert_int_equal(nw_run(), TEE_ERROR_SHORT_BUFFER);
	assert_int_equal(arg->params[0].u.rmem.size, 101);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void random_messages_do_no_harm(void **state)
{
	uint32_t session = nw_open(2);
	struct optee_msg_arg *arg;
	unsigned int round;

	(void)state;
	assert_int_equal(nw_register(1, 0, 3 * PAGE), TEE_SUCCESS);
	srand(3);
	for (round = 0; round < 30000; round++) {
		unsigned int n;

		/* Anything but what would leave something behind. */
		arg = nw_message(1 + (unsigned int)rand() % 3 % 2 * 2, session,
				 (uint32_t)rand() % 4, (uint32_t)rand() % 7);
		for (n = 0; n < 6; n++) {
			static const uint64_t numbers[] = {
				0, 1, 7, 4095, 4096, 3 * PAGE, NW_LIST, NW_LIST + 9, NW_DATA,
				UINT64_MAX, 1ULL << 32,
			};
			struct optee_msg_param *param = &arg->params[n];

			param->attr = (uint64_t)rand() % 13 | ((uint64_t)rand() & 0x200);
			param->u.value.a = numbers[rand() % 11];
			param->u.value.b = numbers[rand() % 11];
			param->u.value.c = numbers[rand() % 3];
		}
		assert_int_equal(nw_call(), OPTEE_SMC_RETURN_OK);
		assert_int_not_equal(arg->ret, 0x5a5a5a5a);
	}
	assert_int_equal(nw_unregister(1), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, nw_setup, nw_teardown)
	const struct CMUnitTest tests[] = {
		CASE(message_address_is_checked),
		CASE(parameter_count_has_a_limit),
		CASE(registered_message_is_found),
		CASE(unknown_commands_are_told_apart),
		CASE(open_wants_its_meta_parameters),
		CASE(identity_follows_the_login),
		CASE(registered_memory_is_bounded),
		CASE(temporary_memory_is_null_or_known),
		CASE(odd_attributes_are_refused),
		CASE(parameters_of_all_kinds_travel),
		CASE(random_messages_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
