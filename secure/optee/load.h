/* SPDX-License-Identifier: BSD-2-Clause */
/* Applications that are not built in: files of the supplicant. */
#ifndef OPTEE_LOAD_H
#define OPTEE_LOAD_H

#include <stdbool.h>
#include <stdint.h>

struct guest;
struct message;

/*
 * Whether the supplicant is asked for it. Not for any UUID: without a supplicant,
 * drivers let a client wait for one to come.
 */
bool load_wanted(const struct guest *guest, const uint8_t uuid[16]);

/**
 * load_app() - load an application
 * @message:	the call that this is a part of
 * @uuid:	octets in RFC 4122 order
 *
 * Return: TEE_ERROR_ITEM_NOT_FOUND if there is none or no supplicant, TEE_ERROR_SECURITY
 * if there is one, as nothing here can verify it, or another error; never TEE_SUCCESS.
 */
uint32_t load_app(struct message *message, const uint8_t uuid[16]);

#endif /* OPTEE_LOAD_H */
