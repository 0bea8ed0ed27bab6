// SPDX-License-Identifier: BSD-2-Clause
/* QTEE's objects and services, as a driver that does all right meets them. */
#include "nq.h"
#include "qtee-messages.h"

static void octets_of_a_kernel_are_answered(void **state)
{
	uint8_t *in = host_at(NQ_IN);
	uint32_t environment, service, version;

	(void)state;
	memcpy(nq_message(0, 0, 0, 0), vector_qtee_register_null,
	       sizeof(vector_qtee_register_null));
	assert_int_equal(nq_run(0), QTEE_OK);
	memcpy(&environment, in + VECTOR_QTEE_REGISTER_OO, sizeof(environment));

	memcpy(nq_message(0, 0, 0, 0), vector_qtee_open, sizeof(vector_qtee_open));
	memcpy(in, &environment, sizeof(environment));
	assert_int_equal(nq_run(0), QTEE_OK);
	memcpy(&service, in + VECTOR_QTEE_OPEN_OO, sizeof(service));

	memcpy(nq_message(0, 0, 0, 0), vector_qtee_get_version, sizeof(vector_qtee_get_version));
	memcpy(in, &service, sizeof(service));
	assert_int_equal(nq_run(0), QTEE_OK);
	memcpy(&version, in + VECTOR_QTEE_VERSION, sizeof(version));
	assert_int_equal(QTEE_VERSION_MAJOR(version), 5);
	assert_int_equal(in[VECTOR_QTEE_VERSION_SIZE], sizeof(version));

	memcpy(nq_message(0, 0, 0, 0), vector_qtee_release, sizeof(vector_qtee_release));
	memcpy(in, &service, sizeof(service));
	assert_int_equal(nq_run(0), QTEE_OK);
	assert_int_equal(nq_release(environment), QTEE_OK);
	assert_int_equal(nq_release(environment), QTEE_BADOBJ);
}

static void octets_of_a_client_are_answered(void **state)
{
	uint8_t *in = host_at(NQ_IN), *out = host_at(NQ_OUT);
	struct nq_return ret;
	uint32_t environment;

	(void)state;
	memcpy(nq_message(0, 0, 0, 0), vector_qtee_register, sizeof(vector_qtee_register));
	ret = nq_invoke(0);
	assert_int_equal(ret.status, 0);
	assert_int_equal(ret.response, 3);
	assert_memory_equal(out, vector_qtee_get_length, sizeof(vector_qtee_get_length));
	memcpy(out, vector_qtee_length, sizeof(vector_qtee_length));
	ret = nq_answer(0);
	assert_int_equal(ret.response, 3);
	assert_memory_equal(out, vector_qtee_read, sizeof(vector_qtee_read));
	memcpy(out + 40, vector_qtee_credentials, sizeof(vector_qtee_credentials));
	ret = nq_answer(0);
	assert_int_equal(ret.response, 0);
	assert_int_equal(ret.result, 0);
	assert_memory_equal(out, vector_qtee_release_credentials,
			    sizeof(vector_qtee_release_credentials));
	memcpy(&environment, in + VECTOR_QTEE_REGISTER_OO, sizeof(environment));
	assert_int_equal(nq_release(environment), QTEE_OK);
}

static void probe_is_not_taken_for_nothing(void **state)
{
	uint64_t a[7] = { QTEE_SMC_INVOKE, QTEE_INVOKE_ARGINFO };

	(void)state;
	assert_int_equal(nq_smc(a), -2);
	assert_int_equal(nw_counter(SIM_COUNTER_REFUSALS), 0);
}

/* As it was before there was any: OP-TEE's range, and nobody's. */
static void off_is_as_if_there_were_none(void **state)
{
	uint64_t invoke[7] = { QTEE_SMC_INVOKE, QTEE_INVOKE_ARGINFO };
	uint64_t again[7] = { 1, QTEE_INVOKE_ARGINFO, [6] = 1 };
	uint64_t sip[7] = { QTEE_SIP_FAST(QTEE_SIP_FUNC_IS_CALL_AVAIL) };

	(void)state;
	assert_true(host_start("qtee=off"));
	assert_int_equal(nq_smc(invoke), OPTEE_SMC_RETURN_EBADCMD);
	assert_int_equal(nq_smc(again), -1);
	assert_int_equal(nq_smc(sip), -1);
	host_stop();
	assert_true(host_start("optee=off"));
	invoke[0] = QTEE_SMC_INVOKE;
	assert_int_equal(nq_smc(invoke), -1);
	host_stop();
	assert_true(host_start("optee=off qtee=on"));
	invoke[0] = QTEE_SMC_INVOKE;
	invoke[1] = QTEE_INVOKE_ARGINFO;
	invoke[2] = 0;
	assert_int_equal(nq_smc(invoke), -2);
	invoke[0] = OPTEE_SMC_CALLS_UID;
	assert_int_equal(nq_smc(invoke), -1);
	host_stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(octets_of_a_kernel_are_answered, nq_setup,
						nq_teardown),
		cmocka_unit_test_setup_teardown(octets_of_a_client_are_answered, nq_setup,
						nq_teardown),
		cmocka_unit_test_setup_teardown(probe_is_not_taken_for_nothing, nq_setup,
						nq_teardown),
		cmocka_unit_test(off_is_as_if_there_were_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
