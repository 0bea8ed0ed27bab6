// SPDX-License-Identifier: BSD-2-Clause
/* OP-TEE over FF-A: calls by direct requests, memory by handles. */
#include "ffa-nw.h"
#include "ffa-optee.h"
#include "optee_ffa.h"
#include "optee_rpc.h"

#define ID_OPTEE	0x8005
#define PAGE		4096
/* The message at the start, data on the next page. */
#define MEMORY		(HOST_MEMORY_BASE + 0x200000)
#define MESSAGE		((struct optee_msg_arg *)host_at(MEMORY))
#define DATA		((uint8_t *)host_at(MEMORY + PAGE))

static uint64_t handle;

static uint64_t share(uint64_t address, unsigned int pages)
{
	uint8_t *tx = host_at(FFA_NW_TX);
	struct ffa_mem_transaction_desc head = {
		.attributes = FFA_MEM_ATTR_USUAL,
		.endpoint_size = 32,
		.endpoint_count = 1,
		.endpoint_offset = 48,
	};
	struct ffa_endpoint_mem_access_desc entry = {
		.receiver = ID_OPTEE,
		.permissions = FFA_MEM_PERMISSION_RW,
		.composite_offset = 80,
	};
	struct ffa_composite_mem_desc composite = { .page_count = pages, .range_count = 1 };
	struct ffa_mem_range_desc range = { .address = address, .page_count = pages };
	uint64_t x[18] = { FFA_MEM_SHARE_64, 112, 112 };

	memcpy(tx, &head, sizeof(head));
	memcpy(tx + 48, &entry, sizeof(entry));
	memcpy(tx + 80, &composite, sizeof(composite));
	memcpy(tx + 96, &range, sizeof(range));
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	return FFA_HANDLE(x[2], x[3]);
}

static int32_t reclaim(uint64_t name)
{
	return ffa_nw_status(FFA_MEM_RECLAIM_32, (uint32_t)name, name >> 32);
}

/* w3 to w7, replaced; w3. */
static uint32_t request(uint32_t w[5])
{
	uint64_t x[18] = { FFA_MSG_SEND_DIRECT_REQ_32, ID_OPTEE, 0, w[0], w[1], w[2], w[3], w[4] };
	unsigned int n;

	assert_int_equal(ffa_nw_smc(x), FFA_MSG_SEND_DIRECT_RESP_32);
	assert_int_equal(x[1], FFA_PAIR(ID_OPTEE, 0));
	for (n = 0; n < 5; n++)
		w[n] = (uint32_t)x[3 + n];
	return w[0];
}

#define blocking(...)	request((uint32_t [5]) { __VA_ARGS__ })

static int setup(void **state)
{
	(void)state;
	if (!host_start("optee=ffa"))
		return -1;
	ffa_nw_begin(2);
	handle = share(MEMORY, 2);
	return 0;
}

static int teardown(void **state)
{
	bool left;

	(void)state;
	assert_int_equal(blocking(OPTEE_FFA_UNREGISTER_SHM, (uint32_t)handle,
				  (uint32_t)(handle >> 32)), TEE_SUCCESS);
	assert_int_equal(reclaim(handle), FFA_OK);
	left = nw_counter(SIM_COUNTER_SHM_OBJECTS) || nw_counter(SIM_COUNTER_FFA_RETRIEVED) ||
	       nw_counter(SIM_COUNTER_THREADS_USED) || nw_counter(SIM_COUNTER_FFA_SHARES);
	host_stop();
	return left ? -1 : 0;
}

/* The message as it is; what the call answers in w[]. */
static uint32_t begin(uint32_t w[5])
{
	w[0] = OPTEE_FFA_YIELDING_CALL_WITH_ARG;
	w[1] = (uint32_t)handle;
	w[2] = (uint32_t)(handle >> 32);
	w[3] = 0;
	w[4] = 0;
	return request(w);
}

static uint32_t run(void)
{
	uint32_t w[5];

	assert_int_equal(begin(w), TEE_SUCCESS);
	while (w[1] == OPTEE_FFA_RETURN_INTERRUPT) {
		w[0] = OPTEE_FFA_YIELDING_CALL_RESUME;
		assert_int_equal(request(w), TEE_SUCCESS);
	}
	assert_int_equal(w[1], OPTEE_FFA_RETURN_DONE);
	return MESSAGE->ret;
}

static void open_message(unsigned int app)
{
	static const uint8_t uuid[] = APP_UUID(0);

	memset(MESSAGE, 0, PAGE);
	MESSAGE->cmd = OPTEE_MSG_CMD_OPEN_SESSION;
	MESSAGE->num_params = 2;
	MESSAGE->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
	memcpy(MESSAGE->params[0].u.octets, uuid, 16);
	MESSAGE->params[0].u.octets[15] = (uint8_t)app;
	MESSAGE->params[1].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT | OPTEE_MSG_ATTR_META;
}

static uint32_t open_session(unsigned int app)
{
	open_message(app);
	assert_int_equal(run(), TEE_SUCCESS);
	return MESSAGE->session;
}

static void close_session(uint32_t session)
{
	memset(MESSAGE, 0, PAGE);
	MESSAGE->cmd = OPTEE_MSG_CMD_CLOSE_SESSION;
	MESSAGE->session = session;
	assert_int_equal(run(), TEE_SUCCESS);
}

static void versions_and_capabilities_are_told(void **state)
{
	uint32_t w[5] = { OPTEE_FFA_GET_API_VERSION };

	(void)state;
	assert_int_equal(request(w), 1);
	assert_int_equal(w[1], 0);
	w[0] = OPTEE_FFA_GET_OS_VERSION;
	assert_int_equal(request(w), 4);
	memset(w, 0, sizeof(w));
	w[0] = OPTEE_FFA_EXCHANGE_CAPABILITIES;
	assert_int_equal(request(w), 0);
	assert_int_equal(w[1], 4);
	assert_int_equal(w[2], OPTEE_FFA_SEC_CAP_ARG_OFFSET | OPTEE_FFA_SEC_CAP_ASYNC_NOTIF);
	assert_int_equal(blocking(4), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(blocking(0x80000002), TEE_ERROR_BAD_PARAMETERS);
	/* In no other width, and not by SMC. */
	assert_int_equal(ffa_nw(FFA_MSG_SEND_DIRECT_REQ_64, ID_OPTEE),
			 FFA_MSG_SEND_DIRECT_RESP_64);
	assert_int_equal((int32_t)ffa_nw(OPTEE_SMC_CALLS_UID), -1);
	assert_int_equal(ffa_nw_status(FFA_RUN_32, (uint64_t)ID_OPTEE << 16), FFA_DENIED);
}

/* echo copies p0 to p1, both in the shared memory. */
static uint32_t copy(uint32_t session, uint64_t from, uint64_t to, uint64_t size)
{
	unsigned int n;

	memset(MESSAGE, 0, PAGE);
	MESSAGE->cmd = OPTEE_MSG_CMD_INVOKE_COMMAND;
	MESSAGE->session = session;
	MESSAGE->func = ECHO_CMD_MEMREF;
	MESSAGE->num_params = 2;
	MESSAGE->params[0].attr = OPTEE_MSG_ATTR_TYPE_FMEM_INPUT;
	MESSAGE->params[1].attr = OPTEE_MSG_ATTR_TYPE_FMEM_OUTPUT;
	for (n = 0; n < 2; n++) {
		MESSAGE->params[n].u.fmem.offs_low = (uint32_t)(n ? to : from);
		MESSAGE->params[n].u.fmem.offs_high = (uint16_t)((n ? to : from) >> 32);
		MESSAGE->params[n].u.fmem.internal_offs = 16;
		MESSAGE->params[n].u.fmem.size = size;
		MESSAGE->params[n].u.fmem.global_id = handle;
	}
	return run();
}

static void memory_is_named_by_its_handle(void **state)
{
	uint32_t session = open_session(1);

	(void)state;
	memcpy(DATA + 16, "hello", 6);
	assert_int_equal(copy(session, PAGE, PAGE + 100, 6), TEE_SUCCESS);
	assert_string_equal((char *)DATA + 116, "hello");
	/* Beyond the end, by size, offset and both halves of it. */
	assert_int_equal(copy(session, PAGE, 2 * PAGE - 20, 5), TEE_ERROR_SECURITY);
	assert_int_equal(copy(session, 1ULL << 40, PAGE, 1), TEE_ERROR_SECURITY);
	assert_int_equal(copy(session, PAGE, PAGE, ~0ULL), TEE_ERROR_SECURITY);
	assert_int_equal(nw_counter(SIM_COUNTER_SHM_OBJECTS), 1);
	assert_int_equal(reclaim(handle), FFA_DENIED);
	close_session(session);
}

static void other_memory_is_refused(void **state)
{
	static const uint64_t attrs[] = {
		OPTEE_MSG_ATTR_TYPE_TMEM_INPUT,
		OPTEE_MSG_ATTR_TYPE_TMEM_INPUT | OPTEE_MSG_ATTR_NONCONTIG,
	};
	uint32_t session = open_session(1), w[5];
	unsigned int n;

	(void)state;
	for (n = 0; n < 3; n++) {
		memset(MESSAGE, 0, PAGE);
		MESSAGE->cmd = OPTEE_MSG_CMD_INVOKE_COMMAND;
		MESSAGE->session = session;
		MESSAGE->num_params = 1;
		MESSAGE->params[0].attr = n < 2 ? attrs[n] : OPTEE_MSG_ATTR_TYPE_FMEM_INPUT;
		MESSAGE->params[0].u.tmem.buf_ptr = n < 2 ? MEMORY : 0;
		MESSAGE->params[0].u.tmem.size = 8;
		MESSAGE->params[0].u.tmem.shm_ref = handle + 1;
		assert_int_equal(run(), TEE_ERROR_BAD_PARAMETERS);
	}
	close_session(session);
	/* A message where there is none. */
	w[0] = OPTEE_FFA_YIELDING_CALL_WITH_ARG;
	w[1] = (uint32_t)handle + 1;
	w[2] = (uint32_t)(handle >> 32);
	w[3] = 0;
	w[4] = 0;
	assert_int_equal(request(w), TEE_ERROR_BAD_PARAMETERS);
	w[0] = OPTEE_FFA_YIELDING_CALL_WITH_ARG;
	w[1] = (uint32_t)handle;
	w[2] = (uint32_t)(handle >> 32);
	w[3] = 2 * PAGE;
	assert_int_equal(request(w), TEE_ERROR_BAD_PARAMETERS);
	/* No thread waits to be resumed; a handle that is not there is none to keep. */
	assert_int_equal(blocking(OPTEE_FFA_YIELDING_CALL_RESUME), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(blocking(OPTEE_FFA_UNREGISTER_SHM, 1, 2), TEE_SUCCESS);
}

static void an_interrupted_call_is_resumed(void **state)
{
	uint32_t session = open_session(3), w[5];

	(void)state;
	memset(MESSAGE, 0, PAGE);
	MESSAGE->cmd = OPTEE_MSG_CMD_INVOKE_COMMAND;
	MESSAGE->session = session;
	MESSAGE->func = SLOW_CMD_SPIN;
	MESSAGE->num_params = 1;
	MESSAGE->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
	MESSAGE->params[0].u.value.a = 100;
	host.interrupt_after = 60;
	assert_int_equal(begin(w), TEE_SUCCESS);
	host.interrupt_after = 0;
	assert_int_equal(w[1], OPTEE_FFA_RETURN_INTERRUPT);
	/* The message is in use. */
	assert_int_equal(blocking(OPTEE_FFA_UNREGISTER_SHM, (uint32_t)handle,
				  (uint32_t)(handle >> 32)), TEE_ERROR_BUSY);
	w[0] = OPTEE_FFA_YIELDING_CALL_RESUME;
	assert_int_equal(request(w), TEE_SUCCESS);
	assert_int_equal(w[1], OPTEE_FFA_RETURN_DONE);
	assert_int_equal(MESSAGE->ret, TEE_SUCCESS);
	close_session(session);
}

static void answers(const char *name, const struct vector_ffa *vector)
{
	uint64_t x[VECTOR_FFA_REGISTERS];
	unsigned int n;

	memcpy(x, vector->in, sizeof(x));
	ffa_nw_smc(x);
	for (n = 0; n < VECTOR_FFA_REGISTERS; n++)
		if (x[n] != vector->out[n])
			fail_msg("%s: x%u is %lx, want %lx", name, n, (unsigned long)x[n],
				 (unsigned long)vector->out[n]);
}

#define ANSWERS(name)	answers(#name, &vector_ffa_optee_##name)

static void requests_are_answered_register_by_register(void **state)
{
	uint32_t session;

	(void)state;
	assert_int_equal(handle, 0x0f4d0000fffffff8);
	ANSWERS(api_version);
	ANSWERS(os_version);
	ANSWERS(capabilities);
	ANSWERS(unknown);
	ANSWERS(enable_none);
	ANSWERS(enable_notif);
	open_message(3);
	ANSWERS(call);
	assert_int_equal(MESSAGE->ret, TEE_SUCCESS);
	session = MESSAGE->session;
	ANSWERS(call_beyond);
	ANSWERS(resume_none);
	memset(MESSAGE, 0, PAGE);
	MESSAGE->cmd = OPTEE_MSG_CMD_INVOKE_COMMAND;
	MESSAGE->session = session;
	MESSAGE->func = SLOW_CMD_SPIN;
	MESSAGE->num_params = 1;
	MESSAGE->params[0].attr = OPTEE_MSG_ATTR_TYPE_VALUE_INPUT;
	MESSAGE->params[0].u.value.a = 100;
	host.interrupt_after = 60;
	ANSWERS(call_interrupted);
	host.interrupt_after = 0;
	ANSWERS(unregister_busy);
	ANSWERS(resume);
	assert_int_equal(MESSAGE->ret, TEE_SUCCESS);
	close_session(session);
	fault_set(&host.world.guest.faults, SIM_FAULT_THREAD_LIMIT, 1, 0);
	ANSWERS(no_thread);
	fault_set(&host.world.guest.faults, SIM_FAULT_THREAD_LIMIT, 0, 0);
	ANSWERS(unregister);
}

static void busy_is_told_as_tee_busy(void **state)
{
	uint32_t w[5];

	(void)state;
	fault_set(&host.world.guest.faults, SIM_FAULT_THREAD_LIMIT, 1, 0);
	assert_int_equal(begin(w), TEE_ERROR_BUSY);
}

static void the_bottom_half_is_a_notification(void **state)
{
	uint64_t x[18] = { FFA_NOTIFICATION_GET_32, 0, 1 };

	(void)state;
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_BITMAP_CREATE_32, 0, 1), FFA_OK);
	assert_int_equal(ffa_nw_status(FFA_NOTIFICATION_BIND_32, FFA_PAIR(ID_OPTEE, 0), 0, 32),
			 FFA_OK);
	assert_int_equal(blocking(OPTEE_FFA_ENABLE_ASYNC_NOTIF, 64), TEE_ERROR_BAD_PARAMETERS);
	assert_int_equal(blocking(OPTEE_FFA_ENABLE_ASYNC_NOTIF, 5), TEE_SUCCESS);
	notif_post(&host.world.guest, 0);
	assert_int_equal(host.notifications, 0);
	assert_int_equal(host.raised[0], 1 << 8);
	assert_int_equal(ffa_nw_status_of(x), FFA_OK);
	assert_int_equal(x[2], 32);
}

#define with(test)	cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with(versions_and_capabilities_are_told),
		with(memory_is_named_by_its_handle),
		with(other_memory_is_refused),
		with(an_interrupted_call_is_resumed),
		with(requests_are_answered_register_by_register),
		with(busy_is_told_as_tee_busy),
		with(the_bottom_half_is_a_notification),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
