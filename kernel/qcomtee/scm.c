// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calling QTEE through the kernel's own firmware driver, which shares the way with others.
 */
#include <compat/qcom_scm_qtee.h>

#include "qcomtee.h"

const struct qcomtee_transport qcomtee_scm_transport = {
	.name = "qcom_scm",
	.invoke = qcom_scm_qtee_invoke_smc,
	.respond = qcom_scm_qtee_callback_response,
};
