// SPDX-License-Identifier: BSD-2-Clause
/* Whether what answered a call of QTEE's is QTEE. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "optee_smc.h"
#include "smc_status.h"

static void statuses_of_qtee_are_known(void **state)
{
	(void)state;
	assert_true(qcomtee_smc_is_status(0));
	assert_true(qcomtee_smc_is_status(-2));
	assert_true(qcomtee_smc_is_status(-3));
	assert_true(qcomtee_smc_is_status(-4));
	assert_true(qcomtee_smc_is_status(-5));
	assert_true(qcomtee_smc_is_status(-12));
}

static void other_firmware_is_not_taken_for_qtee(void **state)
{
	(void)state;
	/* Unknown function, of 32 bits or of 64. */
	assert_false(qcomtee_smc_is_status(-1));
	assert_false(qcomtee_smc_is_status(UINT32_MAX));
	assert_false(qcomtee_smc_is_status(OPTEE_SMC_RETURN_ETHREAD_LIMIT));
	assert_false(qcomtee_smc_is_status(OPTEE_SMC_RETURN_EBADCMD));
	assert_false(qcomtee_smc_is_status((int)OPTEE_SMC_RPC_FOREIGN_INTR));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses_of_qtee_are_known),
		cmocka_unit_test(other_firmware_is_not_taken_for_qtee),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
