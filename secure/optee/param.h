/* SPDX-License-Identifier: BSD-2-Clause */
/* Parameters of an application's command: from the message, and back. */
#ifndef OPTEE_PARAM_H
#define OPTEE_PARAM_H

#include "app.h"
#include "message.h"

/**
 * params_in() - check the parameters of a message
 * @message:	message
 * @first:	index of the application's first parameter
 * @params:	to be filled; on success params_release() is due
 *
 * Return: TEE_SUCCESS or what the caller is to be told; then nothing is held.
 */
uint32_t params_in(struct message *message, unsigned int first,
		   struct app_param params[APP_PARAMS]);

/* Write back what the application may have changed: values a and b, sizes. */
void params_out(struct message *message, unsigned int first,
		const struct app_param params[APP_PARAMS]);
void params_release(struct guest *guest, struct app_param params[APP_PARAMS]);

/* Is there anything in what the type of a parameter, as it arrives, does not use? */
bool param_has_leftovers(const struct optee_msg_param *param);

#endif /* OPTEE_PARAM_H */
