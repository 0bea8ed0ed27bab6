// SPDX-License-Identifier: BSD-2-Clause
/* Applications that the supplicant has a part in, and those of OP-TEE's own interfaces. */
#include "nw-rpc.h"

#define PAGE		4096
#define PANICKER	6
#define STORAGE		7

/* LOAD_TA, and what is to be answered. */
static struct load {
	uint32_t ret[2];
	uint64_t size[2];
	unsigned int calls;
} load;

static void serve_load(struct optee_msg_arg *rpc)
{
	static const uint8_t uuid[16] = APP_LOADABLE_UUID(5);
	struct optee_msg_param *param = rpc->params;

	if (nw_rpc_memory(rpc))
		return;
	assert_int_equal(rpc->cmd, OPTEE_RPC_CMD_LOAD_TA);
	assert_int_equal(rpc->num_params, 2);
	assert_int_equal(param[0].attr, OPTEE_MSG_ATTR_TYPE_VALUE_INPUT);
	assert_memory_equal(param[0].u.octets, uuid, 16);
	if (!load.calls) {
		assert_int_equal(param[1].attr, OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT);
		assert_int_equal(param[1].u.tmem.buf_ptr, 0);
		assert_int_equal(param[1].u.tmem.size, 0);
		assert_int_equal(param[1].u.tmem.shm_ref, 0);
	} else {
		assert_int_equal(param[1].attr, OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT);
		assert_int_equal(param[1].u.rmem.offs, 0);
		assert_int_equal(param[1].u.rmem.size, load.size[0]);
		assert_true(param[1].u.rmem.shm_ref == NW_LENT_COOKIE);
	}
	param[1].u.rmem.size = load.size[load.calls];
	rpc->ret = load.ret[load.calls++];
}

static uint32_t try_load(uint32_t ret, uint64_t size, uint32_t ret2, uint64_t size2)
{
	static const uint8_t uuid[16] = APP_LOADABLE_UUID(5);
	uint32_t result;

	load = (struct load){ { ret, ret2 }, { size, size2 }, 0 };
	nw_rpc_reset(serve_load);
	assert_int_equal(nw_rpc_open(uuid, &result), 0);
	assert_int_equal(((struct optee_msg_arg *)host_at(NW_MESSAGE))->ret_origin,
			 TEE_ORIGIN_TEE);
	return result;
}

static void file_of_an_application_is_asked_for(void **state)
{
	static const uint64_t absurd[] = { (8 << 20) + 1, 1ULL << 32, UINT64_MAX };
	unsigned int n;

	(void)state;
	assert_int_equal(try_load(TEE_SUCCESS, 5000, TEE_SUCCESS, 5000), TEE_ERROR_SECURITY);
	assert_int_equal(nw_rpc.frees, 1);
	assert_int_equal(load.calls, 2);
	/* It changed in between. */
	assert_int_equal(try_load(TEE_SUCCESS, 5000, TEE_SUCCESS, 5001), TEE_ERROR_SECURITY);
	assert_int_equal(try_load(TEE_SUCCESS, 5000, TEE_SUCCESS, UINT64_MAX),
			 TEE_ERROR_SECURITY);
	assert_int_equal(try_load(TEE_SUCCESS, 5000, TEE_ERROR_SHORT_BUFFER, 6000),
			 TEE_ERROR_SHORT_BUFFER);
	assert_int_equal(try_load(TEE_SUCCESS, 5000, TEE_ERROR_COMMUNICATION, 0),
			 TEE_ERROR_ITEM_NOT_FOUND);
	assert_int_equal(nw_rpc.frees, 1);
	assert_int_equal(try_load(TEE_ERROR_ITEM_NOT_FOUND, 0, 0, 0), TEE_ERROR_ITEM_NOT_FOUND);
	assert_int_equal(try_load(TEE_ERROR_COMMUNICATION, 0, 0, 0), TEE_ERROR_ITEM_NOT_FOUND);
	assert_int_equal(try_load(TEE_SUCCESS, 0, 0, 0), TEE_ERROR_SECURITY);
	for (n = 0; n < ARRAY_SIZE(absurd); n++)
		assert_int_equal(try_load(TEE_SUCCESS, absurd[n], 0, 0), TEE_ERROR_OUT_OF_MEMORY);
	/* More than there is. */
	assert_int_equal(try_load(TEE_SUCCESS, NW_LENT_MAX + 1, 0, 0), TEE_ERROR_OUT_OF_MEMORY);
	assert_int_equal(load.calls, 1);
}

static void serve_not_found(struct optee_msg_arg *rpc)
{
	rpc->ret = TEE_ERROR_ITEM_NOT_FOUND;
}

static void other_applications_are_asked_for_on_demand(void **state)
{
	static const uint8_t nobody[16] = APP_UUID(0xee);
	uint32_t ret;

	(void)state;
	nw_rpc_reset(serve_not_found);
	assert_int_equal(nw_rpc_open(nobody, &ret), 0);
	assert_int_equal(ret, TEE_ERROR_ITEM_NOT_FOUND);
	assert_int_equal(nw_rpc.commands, 0);
	host.world.guest.load_all = true;
	assert_int_equal(nw_rpc_open(nobody, &ret), 0);
	assert_int_equal(ret, TEE_ERROR_ITEM_NOT_FOUND);
	assert_int_equal(nw_rpc.commands, 1);
}

static uint32_t invoke(uint32_t session, uint32_t command)
{
	nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, command, 0);
	return nw_run();
}

static void panic_kills_the_instance(void **state)
{
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);
	static const uint8_t uuid[16] = APP_PANICKER_UUID;
	uint32_t one = nw_open(PANICKER), other = nw_open(PANICKER), ret;

	(void)state;
	assert_int_equal(invoke(one, PANICKER_CMD_NOP), TEE_SUCCESS);
	assert_int_equal(invoke(one, PANICKER_CMD_PANIC), TEE_ERROR_TARGET_DEAD);
	assert_int_equal(arg->ret_origin, TEE_ORIGIN_TEE);
	assert_int_equal(invoke(one, PANICKER_CMD_NOP), TEE_ERROR_TARGET_DEAD);
	assert_int_equal(invoke(other, PANICKER_CMD_NOP), TEE_ERROR_TARGET_DEAD);
	assert_int_equal(nw_rpc_open(uuid, &ret), 0);
	assert_int_equal(ret, TEE_ERROR_TARGET_DEAD);
	assert_int_equal(nw_close(one), TEE_SUCCESS);
	assert_int_equal(invoke(other, PANICKER_CMD_NOP), TEE_ERROR_TARGET_DEAD);
	assert_int_equal(nw_close(other), TEE_SUCCESS);
	one = nw_open(PANICKER);
	assert_int_equal(invoke(one, PANICKER_CMD_NOP), TEE_SUCCESS);
	assert_int_equal(nw_close(one), TEE_SUCCESS);
}

static uint32_t invoke_memref(uint32_t session, uint32_t command, uint64_t type, uint64_t size)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, command, 1);

	arg->params[0].attr = type;
	arg->params[0].u.rmem.size = size;
	arg->params[0].u.rmem.shm_ref = NW_COOKIE;
	/* NULL is temporary memory at 0. */
	if (!size) {
		arg->params[0].attr = type + 4;
		arg->params[0].u.rmem.shm_ref = 0;
	}
	return nw_run();
}

static uint32_t open_uuid(const uint8_t uuid[16])
{
	uint32_t ret, session = nw_rpc_open(uuid, &ret);

	assert_int_equal(ret, TEE_SUCCESS);
	return session;
}

static void enumerator_lists_devices(void **state)
{
	static const uint8_t uuid[16] = APP_ENUMERATOR_UUID, rng[16] = APP_RNG_UUID;
	static const uint8_t storage[16] = APP_STORAGE_UUID;
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);
	uint32_t session = open_uuid(uuid);
	unsigned int command;

	(void)state;
	assert_int_equal(nw_register(NW_COOKIE, 0, PAGE), TEE_SUCCESS);
	for (command = 0; command < 2; command++) {
		assert_int_equal(invoke_memref(session, command, 6, 0), TEE_ERROR_SHORT_BUFFER);
		assert_int_equal(arg->params[0].u.rmem.size, 16);
		assert_int_equal(invoke_memref(session, command, 6, 15), TEE_ERROR_SHORT_BUFFER);
		assert_int_equal(invoke_memref(session, command, 6, 16), TEE_SUCCESS);
		assert_int_equal(arg->params[0].u.rmem.size, 16);
		assert_memory_equal(host_at(NW_DATA), command ? storage : rng, 16);
		assert_int_equal(invoke_memref(session, command, 5, 16),
				 TEE_ERROR_BAD_PARAMETERS);
	}
	assert_int_equal(invoke_memref(session, 2, 6, 0), TEE_SUCCESS);
	assert_int_equal(arg->params[0].u.rmem.size, 0);
	assert_int_equal(invoke_memref(session, 3, 6, 0), TEE_ERROR_NOT_SUPPORTED);

	nw_fault(SIM_FAULT_DEVICES_SIZE, 1, UINT64_MAX);
	assert_int_equal(invoke_memref(session, 0, 6, 16), TEE_SUCCESS);
	assert_true(arg->params[0].u.rmem.size == UINT64_MAX);
	nw_fault(SIM_FAULT_DEVICES_TWICE, 1, 0);
	assert_int_equal(invoke_memref(session, 0, 6, PAGE), TEE_SUCCESS);
	assert_int_equal(arg->params[0].u.rmem.size, 32);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static void rng_is_splitmix64(void **state)
{
	static const uint8_t uuid[16] = APP_RNG_UUID;
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);
	uint32_t session = open_uuid(uuid);
	uint64_t number;

	(void)state;
	assert_int_equal(nw_register(NW_COOKIE, 0, PAGE), TEE_SUCCESS);
	host.world.guest.rng_seed = 1234567;
	assert_int_equal(invoke_memref(session, RNG_CMD_GET_ENTROPY, 7, 8), TEE_SUCCESS);
	memcpy(&number, host_at(NW_DATA), 8);
	assert_true(number == 6457827717110365317ULL);
	memset(host_at(NW_DATA), 0, PAGE);
	assert_int_equal(invoke_memref(session, RNG_CMD_GET_ENTROPY, 7, 11), TEE_SUCCESS);
	assert_int_equal(arg->params[0].u.rmem.size, 11);
	memcpy(&number, host_at(NW_DATA), 8);
	assert_true(number == 3203168211198807973ULL);
	assert_int_equal(*(uint8_t *)host_at(NW_DATA + 11), 0);
	assert_int_equal(invoke_memref(session, RNG_CMD_GET_ENTROPY, 7, 0),
			 TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(invoke_memref(session, RNG_CMD_GET_ENTROPY, 6, 8),
			 TEE_ERROR_BAD_PARAMETERS);
	/* The fault of the result waits for a call that the one of the size leaves to it. */
	nw_fault(SIM_FAULT_RNG_SIZE, 1, UINT64_MAX);
	nw_fault(SIM_FAULT_RNG_RESULT, 1, TEE_ERROR_BUSY);
	memset(host_at(NW_DATA), 0, PAGE);
	assert_int_equal(invoke_memref(session, RNG_CMD_GET_ENTROPY, 7, 11), TEE_SUCCESS);
	assert_true(arg->params[0].u.rmem.size == UINT64_MAX);
	assert_int_equal(*(uint8_t *)host_at(NW_DATA + 11), 0);
	assert_int_equal(invoke_memref(session, RNG_CMD_GET_ENTROPY, 7, 11), TEE_ERROR_BUSY);
	assert_int_equal(invoke_memref(session, RNG_CMD_GET_ENTROPY, 7, 11), TEE_SUCCESS);
	assert_int_equal(arg->params[0].u.rmem.size, 11);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

/* A supplicant with one file. */
static struct {
	uint8_t data[32768];
	uint64_t size;
	bool exists;
	uint64_t handle;
	uint64_t read_size;	/* answered to READ if not 0 */
	unsigned int open;
} file;

static void copy_lent(const struct optee_msg_param *param, uint8_t *data, bool to_lent)
{
	uint64_t n;

	for (n = 0; n < param->u.rmem.size; n++) {
		if (to_lent)
			*nw_lent(param->u.rmem.offs + n) = data[n];
		else
			data[n] = *nw_lent(param->u.rmem.offs + n);
	}
}

static void serve_file(struct optee_msg_arg *rpc)
{
	struct optee_msg_param *p = rpc->params;
	uint64_t offset = p[0].u.value.c;

	if (nw_rpc_memory(rpc))
		return;
	assert_int_equal(rpc->cmd, OPTEE_RPC_CMD_FS);
	rpc->ret = TEE_SUCCESS;
	switch (p[0].u.value.a) {
	case OPTEE_RPC_FS_CREATE:
		file.size = 0;
		file.exists = true;
		/* fall through */
	case OPTEE_RPC_FS_OPEN:
		if (!file.exists) {
			rpc->ret = TEE_ERROR_ITEM_NOT_FOUND;
			break;
		}
		assert_int_equal(nw_lent(p[1].u.rmem.offs)[p[1].u.rmem.size - 1], 0);
		p[2].u.value.a = file.handle;
		file.open += file.handle <= INT32_MAX;
		break;
	case OPTEE_RPC_FS_CLOSE:
		assert_int_equal(p[0].u.value.b, file.handle);
		file.open--;
		break;
	case OPTEE_RPC_FS_WRITE:
		assert_true(offset + p[1].u.rmem.size <= sizeof(file.data));
		copy_lent(&p[1], file.data + offset, false);
		if (file.size < offset + p[1].u.rmem.size)
			file.size = offset + p[1].u.rmem.size;
		break;
	case OPTEE_RPC_FS_READ:
		if (offset > file.size)
			p[1].u.rmem.size = 0;
		else if (p[1].u.rmem.size > file.size - offset)
			p[1].u.rmem.size = file.size - offset;
		copy_lent(&p[1], file.data + offset, true);
		if (file.read_size)
			p[1].u.rmem.size = file.read_size;
		break;
	case OPTEE_RPC_FS_REMOVE:
		file.exists = false;
		break;
	case OPTEE_RPC_FS_RENAME:
		assert_int_equal(p[0].u.value.b, 1);
		break;
	default:
		fail_msg("operation %lu", (unsigned long)p[0].u.value.a);
	}
}

static uint32_t store(uint32_t session, uint32_t command, const char *name, uint64_t size)
{
	struct optee_msg_arg *arg = nw_message(OPTEE_MSG_CMD_INVOKE_COMMAND, session, command, 2);
	size_t length = strlen(name);

	memcpy(host_at(NW_DATA), name, length);
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT;
	arg->params[0].u.rmem.size = length;
	arg->params[0].u.rmem.shm_ref = NW_COOKIE;
	arg->params[1].attr = command == STORAGE_CMD_WRITE ? OPTEE_MSG_ATTR_TYPE_RMEM_INPUT :
							     OPTEE_MSG_ATTR_TYPE_RMEM_OUTPUT;
	arg->params[1].u.rmem.offs = PAGE;
	arg->params[1].u.rmem.size = size;
	arg->params[1].u.rmem.shm_ref = NW_COOKIE;
	return nw_rpc_run();
}

static void storage_keeps_and_doubts(void **state)
{
	static const uint64_t handles[] = { UINT64_MAX, UINT32_MAX, 0x80000000, 1ULL << 32 };
	static const uint64_t sizes[] = { 1, 23, 25, 4097, 1ULL << 32, UINT64_MAX };
	struct optee_msg_arg *arg = host_at(NW_MESSAGE);
	uint32_t session = nw_open(STORAGE);
	uint8_t *data = host_at(NW_DATA + PAGE);
	unsigned int n;

	(void)state;
	memset(&file, 0, sizeof(file));
	nw_rpc_reset(serve_file);
	assert_int_equal(nw_register(NW_COOKIE, 0, 5 * PAGE), TEE_SUCCESS);
	assert_int_equal(store(session, STORAGE_CMD_READ, "name", 10), TEE_ERROR_ITEM_NOT_FOUND);
	for (n = 0; n < 10000; n++)
		data[n] = (uint8_t)(n * 3);
	assert_int_equal(store(session, STORAGE_CMD_WRITE, "name", 10000), TEE_SUCCESS);
	assert_int_equal(file.size, 10024);
	memset(data, 0, 10000);
	assert_int_equal(store(session, STORAGE_CMD_READ, "name", 9999), TEE_ERROR_SHORT_BUFFER);
	assert_int_equal(arg->params[1].u.rmem.size, 10000);
	assert_int_equal(store(session, STORAGE_CMD_READ, "name", 12000), TEE_SUCCESS);
	assert_int_equal(arg->params[1].u.rmem.size, 10000);
	assert_int_equal(data[9999], (uint8_t)(9999 * 3));
	/* Another name: somebody exchanged the files. */
	assert_int_equal(store(session, STORAGE_CMD_READ, "other", 12000),
			 TEE_ERROR_CORRUPT_OBJECT);
	for (n = 0; n < 10024; n += 7) {
		file.data[n] ^= 1;
		assert_int_not_equal(store(session, STORAGE_CMD_READ, "name", 12000),
				     TEE_SUCCESS);
		file.data[n] ^= 1;
	}
	for (n = 0; n < ARRAY_SIZE(sizes); n++) {
		file.read_size = sizes[n];
		assert_int_equal(store(session, STORAGE_CMD_READ, "name", 12000),
				 sizes[n] < 24 ? TEE_ERROR_CORRUPT_OBJECT :
						 TEE_ERROR_COMMUNICATION);
	}
	file.read_size = 0;
	for (n = 0; n < ARRAY_SIZE(handles); n++) {
		file.handle = handles[n];
		assert_int_equal(store(session, STORAGE_CMD_READ, "name", 12000),
				 TEE_ERROR_COMMUNICATION);
	}
	assert_int_equal(file.open, 0);
	assert_int_equal(store(session, STORAGE_CMD_WRITE, ".name", 1), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(store(session, STORAGE_CMD_WRITE, "a/b", 1), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	assert_int_equal(nw_close(session), TEE_SUCCESS);
}

static int static_setup(void **state)
{
	(void)state;
	return host_start("static-shm=only static-shm-size=0x100000") ? 0 : -1;
}

static int static_teardown(void **state)
{
	(void)state;
	host_stop();
	return 0;
}

static void static_memory_is_used_as_it_lies(void **state)
{
	uint64_t base = HOST_MEMORY_BASE + HOST_MEMORY_SIZE - 0x100000;
	uint64_t a[8] = { OPTEE_SMC_EXCHANGE_CAPABILITIES };
	struct optee_msg_arg *arg;

	(void)state;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
	assert_int_equal(a[1], OPTEE_SMC_SEC_CAP_HAVE_RESERVED_SHM |
			       OPTEE_SMC_SEC_CAP_MEMREF_NULL | OPTEE_SMC_SEC_CAP_RPC_ARG |
			       OPTEE_SMC_SEC_CAP_ASYNC_NOTIF);
	a[0] = OPTEE_SMC_GET_SHM_CONFIG;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
	assert_int_equal(a[1], base);
	assert_int_equal(a[2], 0x100000);
	assert_int_equal(a[3], OPTEE_SMC_SHM_CACHED);

	/* A message need not be aligned to a page there, and may cross one. */
	arg = host_at(base + PAGE - 16);
	memset(arg, 0, 64);
	arg->cmd = OPTEE_MSG_CMD_CLOSE_SESSION;
	a[0] = OPTEE_SMC_CALL_WITH_RPC_ARG;
	a[1] = 0;
	a[2] = base + PAGE - 16;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
	assert_int_equal(arg->ret, TEE_ERROR_ITEM_NOT_FOUND);
	/* The message fits before the end, but not the RPC message behind it. */
	memcpy(host_at(base + 0x100000 - 64), arg, 32);
	a[0] = OPTEE_SMC_CALL_WITH_RPC_ARG;
	a[1] = 0;
	a[2] = base + 0x100000 - 64;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_EBADADDR);
	a[0] = OPTEE_SMC_CALL_WITH_ARG;
	a[1] = 0;
	a[2] = base + 0x100000 - 64;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
	assert_int_equal(nw_register(NW_COOKIE, 0, PAGE), TEE_ERROR_BAD_PARAMETERS);
}

static int both_setup(void **state)
{
	(void)state;
	return host_start("static-shm=on rpc-arg=off async-notif=off") ? 0 : -1;
}

static void static_memory_cannot_be_registered(void **state)
{
	uint64_t a[8] = { OPTEE_SMC_EXCHANGE_CAPABILITIES };
	uint64_t *list = host_at(NW_LIST);
	struct optee_msg_arg *arg;

	(void)state;
	assert_int_equal(nw_smc(a), OPTEE_SMC_RETURN_OK);
	assert_int_equal(a[1], OPTEE_SMC_SEC_CAP_HAVE_RESERVED_SHM |
			       OPTEE_SMC_SEC_CAP_DYNAMIC_SHM | OPTEE_SMC_SEC_CAP_MEMREF_NULL);
	assert_int_equal(nw_register(NW_COOKIE, 0, PAGE), TEE_SUCCESS);
	assert_int_equal(nw_unregister(NW_COOKIE), TEE_SUCCESS);
	arg = nw_message(OPTEE_MSG_CMD_REGISTER_SHM, 0, 0, 1);
	list[0] = HOST_MEMORY_BASE + HOST_MEMORY_SIZE - PAGE;
	arg->params[0].attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG;
	arg->params[0].u.tmem.buf_ptr = NW_LIST;
	arg->params[0].u.tmem.size = PAGE;
	assert_int_equal(nw_run(), TEE_ERROR_BAD_PARAMETERS);
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, nw_setup, nw_teardown)
	const struct CMUnitTest tests[] = {
		CASE(file_of_an_application_is_asked_for),
		CASE(other_applications_are_asked_for_on_demand),
		CASE(panic_kills_the_instance),
		CASE(enumerator_lists_devices),
		CASE(rng_is_splitmix64),
		CASE(storage_keeps_and_doubts),
		cmocka_unit_test_setup_teardown(static_memory_is_used_as_it_lies, static_setup,
						static_teardown),
		cmocka_unit_test_setup_teardown(static_memory_cannot_be_registered, both_setup,
						static_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
