// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calling QTEE through the kernel's own firmware driver, which shares the way with others.
 */
#include <compat/qcom_scm_qtee.h>

#include "qcomtee.h"

/* It asks a busy QTEE often enough, and nobody can be killed in it. */
static int qcomtee_scm_call(struct qcomtee_step *step)
{
	if (step->respond)
		return qcom_scm_qtee_callback_response(step->out, step->out_size, &step->result,
						       &step->response);
	return qcom_scm_qtee_invoke_smc(step->in, step->in_size, step->out, step->out_size,
					&step->result, &step->response);
}

const struct qcomtee_transport qcomtee_scm_transport = {
	.name = "qcom_scm",
	.call = qcomtee_scm_call,
};
