// SPDX-License-Identifier: BSD-2-Clause
/* What QTEE offers: arguments, objects and memory that its services are given, and to whom. */
#include "nq.h"

static void echo_gives_back_arguments_of_every_kind(void **state)
{
	static const uint32_t sizes[] = { 0, 5, 4000, 9, 5, 4004 };
	uint32_t echo = nq_open(QTEE_UID_ECHO), object = nq_object();
	struct qtee_invoke *message;

	(void)state;
	nq_released = 0;
	message = nq_message(0, echo, QTEE_ECHO_ALL, QTEE_COUNTS(3, 3, 3, 3));
	nq_place(message, sizes);
	memcpy(nq_data(message, 1), "hello", 5);
	memset(nq_data(message, 2), 0x5a, 4000);
	message->args[6].o.id = object;
	message->args[7].o.id = echo;
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(message->args[3].b.size, 0);
	assert_int_equal(message->args[4].b.size, 5);
	assert_memory_equal(nq_data(message, 4), "hello", 5);
	assert_int_equal(message->args[5].b.size, 4000);
	assert_memory_equal(nq_data(message, 5), nq_data(message, 2), 4000);
	assert_int_equal(message->args[9].o.id, object);
	assert_int_equal(message->args[10].o.id, echo);
	assert_int_equal(message->args[11].o.id, QTEE_OBJECT_NULL);
	/* Ours is told to be released once, theirs has one reference more. */
	assert_int_equal(nq_released, 1);
	assert_int_equal(nq_last_released, object);
	assert_int_equal(nq_release(echo), QTEE_OK);

	/* Too small: nothing is given, and what came is given back all the same. */
	message = nq_message(0, echo, QTEE_ECHO_ALL, QTEE_COUNTS(1, 1, 1, 1));
	nq_place(message, (uint32_t []){ 8, 7 });
	message->args[2].o.id = nq_object();
	assert_int_equal(nq_run(0), QTEE_SIZE_OUT);
	assert_int_equal(nq_released, 2);
	assert_int_equal(message->args[3].o.id, 0);
	assert_int_equal(nq_number(echo, QTEE_ECHO_RESULT, (uint32_t)QTEE_ABORT), QTEE_ABORT);
	assert_int_equal(nq_number(echo, QTEE_ECHO_RESULT, 4711), 4711);
	assert_int_equal(nq_number(echo, QTEE_ECHO_NOP, 0), QTEE_INVALID);
	assert_int_equal(nq_number(echo, 77, 0), QTEE_INVALID);
	assert_int_equal(nq_release(echo), QTEE_OK);
}

static void keeper_releases_with_return_or_request(void **state)
{
	uint32_t keeper = nq_open(QTEE_UID_KEEPER), first, what[2] = { 2, 5 };
	static const uint32_t sizes[] = { 4, 4 };
	struct qtee_invoke *message;
	unsigned int n;

	(void)state;
	first = nq_object();
	message = nq_message(0, keeper, QTEE_KEEPER_KEEP, QTEE_COUNTS(0, 0, 5, 0));
	message->args[0].o.id = first;
	for (n = 1; n < 5; n++)
		message->args[n].o.id = nq_object();
	nq_released = 0;
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(nq_released, 0);
	assert_int_equal(nq_number(keeper, QTEE_KEEPER_RELEASE, 1), QTEE_OK);
	assert_int_equal(nq_released, 1);
	assert_int_equal(nq_last_released, first);

	message = nq_message(0, keeper, QTEE_KEEPER_RELEASE_BY_CALL, QTEE_COUNTS(2, 0, 1, 0));
	nq_place(message, sizes);
	memcpy(nq_data(message, 0), &what[0], 4);
	memcpy(nq_data(message, 1), &what[1], 4);
	message->args[2].o.id = nq_object();
	assert_int_equal(nq_invoke(0).response, QTEE_RESPONSE_CALLBACK);
	/* Behind the header, since there are no arguments. */
	assert_int_equal(((uint32_t *)nq_outbound(0))[4], QTEE_ASYNC_VERSION_1_2);
	assert_int_equal(((uint32_t *)nq_outbound(0))[6], 2);
	assert_int_equal(((uint32_t *)nq_outbound(0))[7], first + 1);
	memset(&nq_outbound(0)->args, 0, 64);
	assert_int_equal(nq_answer(0).result, QTEE_OK);
	assert_int_equal(nq_release(keeper), QTEE_OK);
	assert_int_equal(nq_released, 1 + 2);
}

static void credentials_decide_what_can_be_opened(void **state)
{
	static const uint32_t sizes[] = { sizeof(struct qtee_identity) };
	static const struct {
		bool kernel;
		uint32_t op;
		uint32_t kind;
		uint32_t uid;
		int32_t echo;
		int32_t privileged;
	} who[] = {
		{ false, QTEE_OP_ROOT_REGISTER, QTEE_IDENTITY_NONE, 0, QTEE_ENV_PRIVILEGE,
		  QTEE_ENV_PRIVILEGE },
		{ true, QTEE_OP_ROOT_REGISTER_CREDENTIALS, QTEE_IDENTITY_KERNEL, 0, QTEE_OK,
		  QTEE_OK },
	};
	struct qtee_invoke *message;
	struct qtee_identity identity;
	uint32_t environment, object, uid;
	unsigned int n, i;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(who); n++) {
		const uint32_t uids[] = { QTEE_UID_IDENTITY, QTEE_UID_ECHO, QTEE_UID_PRIVILEGED };
		const int32_t results[] = { QTEE_OK, who[n].echo, who[n].privileged };

		message = nq_message(0, QTEE_OBJECT_ROOT, who[n].op, QTEE_COUNTS(0, 0, 1, 1));
		assert_int_equal(nq_run(0), QTEE_OK);
		environment = message->args[1].o.id;
		for (i = 0; i < ARRAY_SIZE(uids); i++) {
			static const uint32_t size = sizeof(uid);

			message = nq_message(0, environment, QTEE_OP_ENV_OPEN,
					     QTEE_COUNTS(1, 0, 0, 1));
			nq_place(message, &size);
			memcpy(nq_data(message, 0), &uids[i], sizeof(uid));
			assert_int_equal(nq_run(0), results[i]);
			object = message->args[1].o.id;
			if (results[i])
				continue;
			if (!i) {
				message = nq_message(0, object, QTEE_IDENTITY_GET,
						     QTEE_COUNTS(0, 1, 0, 0));
				nq_place(message, sizes);
				assert_int_equal(nq_run(0), QTEE_OK);
				memcpy(&identity, nq_data(message, 0), sizeof(identity));
				assert_int_equal(identity.kind, who[n].kind);
			}
			assert_int_equal(nq_release(object), QTEE_OK);
		}
		assert_int_equal(nq_release(environment), QTEE_OK);
	}
	object = nq_open(QTEE_UID_IDENTITY);
	message = nq_message(0, object, QTEE_IDENTITY_GET, QTEE_COUNTS(0, 1, 0, 0));
	nq_place(message, sizes);
	assert_int_equal(nq_run(0), QTEE_OK);
	memcpy(&identity, nq_data(message, 0), sizeof(identity));
	assert_int_equal(identity.kind, QTEE_IDENTITY_CREDENTIALS);
	assert_int_equal(identity.uid, 1000);
	assert_int_equal(identity.time, 0x18bcfe56800);
	assert_int_equal(nq_release(object), QTEE_OK);
}

static uint32_t open_at(uint32_t environment, uint32_t uid, int32_t want)
{
	static const uint32_t size = sizeof(uid);
	struct qtee_invoke *message = nq_message(0, environment, QTEE_OP_ENV_OPEN,
						 QTEE_COUNTS(1, 0, 0, 1));

	nq_place(message, &size);
	memcpy(nq_data(message, 0), &uid, sizeof(uid));
	assert_int_equal(nq_run(0), want);
	return want ? 0 : message->args[1].o.id;
}

static void serve_any_credentials(struct qtee_callback *request)
{
	assert_true(nq_serve_credentials(request));
}

/* Root operation 3; the environment, if @want is QTEE_OK. */
static uint32_t register_listed(const uint32_t *uids, uint32_t size, uint32_t credentials,
				int32_t want)
{
	struct qtee_invoke *message = nq_message(0, QTEE_OBJECT_ROOT,
						 QTEE_OP_ROOT_REGISTER_WHITELIST,
						 QTEE_COUNTS(1, 0, 1, 1));

	nq_place(message, &size);
	memcpy(nq_data(message, 0), uids, size);
	message->args[1].o.id = credentials;
	nq_serve = serve_any_credentials;
	assert_int_equal(nq_run(0), want);
	return want ? 0 : message->args[2].o.id;
}

static void list_of_uids_is_all_that_can_be_opened(void **state)
{
	static const uint32_t uids[] = { QTEE_UID_ECHO, QTEE_UID_IDENTITY, QTEE_UID_PRIVILEGED };
	uint32_t environment;

	(void)state;
	environment = register_listed(uids, sizeof(uids), nq_object(), QTEE_OK);
	assert_int_equal(nq_released, 1);
	assert_int_equal(nq_release(open_at(environment, QTEE_UID_ECHO, QTEE_OK)), QTEE_OK);
	assert_int_equal(nq_release(open_at(environment, QTEE_UID_IDENTITY, QTEE_OK)), QTEE_OK);
	/* What is not listed, what is not there at all, and what no list gives. */
	open_at(environment, QTEE_UID_COUNTER, QTEE_ENV_PRIVILEGE);
	open_at(environment, 4711, QTEE_ENV_NOT_FOUND);
	open_at(environment, QTEE_UID_PRIVILEGED, QTEE_ENV_PRIVILEGE);
	assert_int_equal(nq_release(environment), QTEE_OK);

	/* Without credentials it gives nothing more than these would. */
	environment = register_listed(uids, sizeof(uids), QTEE_OBJECT_NULL, QTEE_OK);
	open_at(environment, QTEE_UID_ECHO, QTEE_ENV_PRIVILEGE);
	assert_int_equal(nq_release(open_at(environment, QTEE_UID_IDENTITY, QTEE_OK)), QTEE_OK);
	assert_int_equal(nq_release(environment), QTEE_OK);

	/* An empty list opens nothing; half a UID is none. */
	environment = register_listed(uids, 0, nq_object(), QTEE_OK);
	open_at(environment, QTEE_UID_ECHO, QTEE_ENV_PRIVILEGE);
	assert_int_equal(nq_release(environment), QTEE_OK);
	register_listed(uids, sizeof(uids) - 1, nq_object(), QTEE_SIZE_IN);
}

static uint32_t region_permissions = QTEE_PERM_RW;
static uint64_t region_address = NQ_REGION;

static void serve_region(struct qtee_callback *request)
{
	struct qtee_map_region region = {
		.address = region_address, .size = 8192, .permissions = region_permissions,
	};

	assert_int_equal(request->cxt, QTEE_OBJECT_PRIMORDIAL);
	assert_int_equal(request->op, QTEE_OP_MAP_REGION);
	assert_int_equal(request->counts, QTEE_COUNTS(0, 1, 1, 1));
	assert_int_equal(request->args[0].b.size, 20);
	memcpy(nq_payload(request, 0), &region, sizeof(region));
	request->args[2].o.id = nq_object();
}

static int32_t sum(uint32_t memory, uint64_t offset, uint64_t size, uint64_t *value)
{
	static const uint32_t sizes[] = { 8, 8, 8 };
	struct qtee_invoke *message = nq_message(0, memory, QTEE_MEMORY_SUM,
						 QTEE_COUNTS(2, 1, 1, 0));
	int32_t result;

	nq_place(message, sizes);
	memcpy(nq_data(message, 0), &offset, 8);
	memcpy(nq_data(message, 1), &size, 8);
	message->args[3].o.id = nq_object();
	result = nq_run(0);
	memcpy(value, nq_data(message, 2), 8);
	return result;
}

static void memory_is_mapped_and_given_back(void **state)
{
	uint32_t memory = nq_open(QTEE_UID_MEMORY), object;
	static const uint32_t size = 8;
	struct qtee_invoke *message;
	uint64_t value;

	(void)state;
	nq_serve = serve_region;
	nq_released = 0;
	memset(host_at(NQ_REGION), 3, 8192);
	assert_int_equal(sum(memory, 8000, 192, &value), QTEE_OK);
	assert_int_equal(value, 192 * 3);
	assert_int_equal(nq_released, 2);
	assert_int_equal(sum(memory, 8000, 193, &value), QTEE_MEMORY_OUT_OF_RANGE);
	assert_int_equal(sum(memory, ~0ULL, 2, &value), QTEE_MEMORY_OUT_OF_RANGE);
	assert_int_equal(nq_released, 6);
	/* A place that is not the normal world's, or not as agreed. */
	region_address = 0x0e000000;
	assert_int_equal(sum(memory, 0, 1, &value), QTEE_MEMORY_BAD_REGION);
	region_address = NQ_REGION + 8;
	assert_int_equal(sum(memory, 0, 1, &value), QTEE_MEMORY_BAD_REGION);
	region_address = NQ_REGION;
	region_permissions = QTEE_PERM_READ;
	assert_int_equal(sum(memory, 0, 1, &value), QTEE_MEMORY_BAD_REGION);
	region_permissions = QTEE_PERM_RW;
	assert_int_equal(nq_released, 12);

	message = nq_message(0, memory, QTEE_MEMORY_KEEP, QTEE_COUNTS(0, 1, 1, 0));
	nq_place(message, &size);
	object = nq_object();
	message->args[1].o.id = object;
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_MAPPINGS), 1);
	assert_int_equal(nq_released, 12);
	message = nq_message(0, memory, QTEE_MEMORY_KEPT_GIVE, QTEE_COUNTS(0, 0, 0, 1));
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(message->args[0].o.id, object);
	assert_int_equal(nq_release(memory), QTEE_OK);
	assert_int_equal(nq_released, 14);
}

static void bridges_are_asked_for_once_they_are_on(void **state)
{
	uint64_t on[7] = { QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_ENABLE) };
	uint64_t make[7] = { QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_CREATE), 4, NQ_IN | QTEE_PERM_RW,
			     NQ_IN | QTEE_PERM_RW, NQ_IN_SIZE | 1 << 9, QTEE_BRIDGE_VM_HLOS };
	uint64_t more[7] = { QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_CREATE), 4, NQ_OUT | QTEE_PERM_RW,
			     NQ_OUT | QTEE_PERM_RW, 4096 | 1 << 9, QTEE_BRIDGE_VM_HLOS };
	uint64_t end[7] = { QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_DELETE), 1 };
	uint64_t bad[7];

	(void)state;
	assert_int_equal(nq_smc(on), 0);
	assert_int_equal(on[1], 0);
	nq_message(0, QTEE_OBJECT_ROOT, QTEE_OP_RELEASE, 0);
	assert_int_equal(nq_invoke(0).status, QTEE_SMC_EINVAL_ADDRESS);
	memcpy(bad, make, sizeof(bad));
	bad[2] = 0x0e000000 | QTEE_PERM_RW;
	bad[3] = bad[2];
	assert_int_equal(nq_smc(bad), QTEE_SMC_EINVAL_ARGUMENT);
	assert_int_equal(nq_smc(make), 0);
	assert_int_equal(nq_smc(more), 0);
	assert_int_equal(nw_counter(SIM_COUNTER_QTEE_BRIDGES), 2);
	assert_int_equal(nq_run(0), QTEE_OK);
	end[2] = make[2];
	assert_int_equal(nq_smc(end), 0);
	assert_int_equal(nq_invoke(0).status, QTEE_SMC_EINVAL_ADDRESS);
	end[0] = QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_DELETE);
	end[2] = make[2];
	assert_int_equal(nq_smc(end), QTEE_SMC_EINVAL_ARGUMENT);
	end[0] = QTEE_SIP(QTEE_SIP_FUNC_BRIDGE_DELETE);
	end[2] = more[2];
	assert_int_equal(nq_smc(end), 0);
}

#define CASE(name)	cmocka_unit_test_setup_teardown(name, nq_setup, nq_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(echo_gives_back_arguments_of_every_kind),
		CASE(keeper_releases_with_return_or_request),
		CASE(credentials_decide_what_can_be_opened),
		CASE(list_of_uids_is_all_that_can_be_opened),
		CASE(memory_is_mapped_and_given_back),
		CASE(bridges_are_asked_for_once_they_are_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
