// SPDX-License-Identifier: BSD-2-Clause
/* What Mbed TLS needs of its surroundings: memory, entropy, and a place for persistent keys. */
#include "crypto.h"
#include <stdarg.h>
#include "log.h"
#include "mbedtls/entropy.h"
#include "mbedtls/entropy_poll.h"
#include "psa/internal_trusted_storage.h"
#include "string.h"

/* The library has no argument for it. Set once, before its first call. */
static struct ts_crypto *library;

void *ts_mbedtls_calloc(size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return NULL;
	return heap_alloc(library->heap, count * size);
}

void ts_mbedtls_free(void *memory)
{
	heap_free(library->heap, memory);
}

/* For object identifiers as text, which no service has. */
int ts_mbedtls_snprintf(char *to, size_t size, const char *format, ...)
{
	va_list args;
	size_t length;

	va_start(args, format);
	length = log_format(to, size, format, args);
	va_end(args);
	return (int)length;
}

int mbedtls_hardware_poll(void *data, unsigned char *output, size_t len, size_t *olen)
{
	(void)data;
	if (!library->entropy(output, len))
		return MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
	*olen = len;
	return 0;
}

static struct store_key key_of(psa_storage_uid_t uid)
{
	return (struct store_key){ STORE_KIND_KEY, 0, uid };
}

psa_status_t psa_its_set(psa_storage_uid_t uid, uint32_t length, const void *data,
			 psa_storage_create_flags_t flags)
{
	struct store_key key = key_of(uid);
	struct store_value value = {
		.flags = flags,
		.capacity = length,
		.size = length,
		.data = data,
	};

	return store_set(library->store, &key, &value);
}

psa_status_t psa_its_get(psa_storage_uid_t uid, uint32_t offset, uint32_t length, void *data,
			 size_t *got)
{
	struct store_key key = key_of(uid);
	const struct store_object *object = store_find(library->store, &key);

	if (!object)
		return PSA_ERROR_DOES_NOT_EXIST;
	if (offset > object->size || length > object->size - offset)
		return PSA_ERROR_INVALID_ARGUMENT;
	memcpy(data, object->data + offset, length);
	*got = length;
	return PSA_SUCCESS;
}

psa_status_t psa_its_get_info(psa_storage_uid_t uid, struct psa_storage_info_t *info)
{
	struct store_key key = key_of(uid);
	const struct store_object *object = store_find(library->store, &key);

	if (!object)
		return PSA_ERROR_DOES_NOT_EXIST;
	info->size = object->size;
	info->flags = object->flags;
	return PSA_SUCCESS;
}

psa_status_t psa_its_remove(psa_storage_uid_t uid)
{
	struct store_key key = key_of(uid);

	return store_remove(library->store, &key);
}

bool ts_crypto_init(struct ts_crypto *crypto)
{
	psa_status_t status;

	library = crypto;
	status = psa_crypto_init();
	if (status != PSA_SUCCESS)
		log_line("ts: crypto: the library does not start: %d", status);
	return status == PSA_SUCCESS;
}

void ts_crypto_end(struct ts_crypto *crypto)
{
	unsigned int n;

	for (n = 0; n < TS_CRYPTO_OPERATIONS; n++)
		psa_hash_abort(&crypto->operations[n].psa);
	memset(crypto->operations, 0, sizeof(crypto->operations));
	mbedtls_psa_crypto_free();
}
