// SPDX-License-Identifier: BSD-2-Clause
/* teectl ts: the services of secure partitions, by libomnitee */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/ts.h"
#include "abi/ts_attestation.h"
#include "abi/ts_crypto.h"
#include "abi/ts_storage.h"
#include "array.h"
#include "device.h"
#include "file.h"
#include "lib/omnitee-ts.h"
#include "param.h"
#include "print.h"

/* As real clients have it. */
#define MEMORY	8192

static const struct service {
	const char *name;
	uint8_t uuid[TS_UUID_SIZE];
} services[] = {
	{ "internal-trusted-storage", TS_ITS_UUID },
	{ "protected-storage", TS_PS_UUID },
	{ "crypto", TS_CRYPTO_UUID },
	{ "attestation", TS_ATTESTATION_UUID },
	{ "test-runner", TS_TEST_RUNNER_UUID },
};

/* A session, and the request that is being made in its memory. */
struct client {
	struct omnitee_ts *ts;
	const char *service;
	uint8_t *memory;
	size_t room;
	size_t length;
};

static int complain_result(const struct client *client, const struct omnitee_ts_result *result)
{
	switch (result->level) {
	case OMNITEE_TS_SERVICE:
		complain(NULL, "%s: the service refused: status %d", client->service, result->code);
		return EXIT_ANSWER;
	case OMNITEE_TS_RPC:
		complain(NULL, "%s: the partition did not understand the request", client->service);
		return EXIT_ANSWER;
	default:
		if (result->code == ENODEV) {
			complain("'teectl ts list' shows what is there", "%s: no device has it",
				 client->service);
			return EXIT_NO_DEVICE;
		}
		complain(NULL, "%s: %s", client->service, strerror(result->code));
		return EXIT_SYSTEM;
	}
}

static int client_open(struct client *client, const char *service)
{
	struct omnitee_ts_result result;
	size_t n = 0;

	while (strcmp(services[n].name, service))
		n++;
	*client = (struct client){ .service = service };
	client->ts = omnitee_ts_open(services[n].uuid, MEMORY, &result);
	if (!client->ts)
		return complain_result(client, &result);
	client->memory = omnitee_ts_memory(client->ts, &client->room);
	return EXIT_OK;
}

static void put(struct client *client, const void *from, size_t size)
{
	memcpy(client->memory + client->length, from, size);
	client->length += size;
}

static void put_number(struct client *client, uint32_t value)
{
	put(client, &value, sizeof(value));
}

static bool put_record(struct client *client, uint8_t tag, const void *from, size_t size)
{
	const uint8_t header[] = { 0, tag, (uint8_t)(size >> 8), (uint8_t)size };

	if (size > client->room - client->length - sizeof(header)) {
		complain(NULL, "%s: more than fits into a request", client->service);
		return false;
	}
	put(client, header, sizeof(header));
	put(client, from, size);
	return true;
}

/* What was put; the response is in the memory. */
static struct omnitee_ts_result ask(struct client *client, uint16_t opcode)
{
	size_t length = client->length;

	client->length = 0;
	return omnitee_ts_call(client->ts, opcode, length);
}

static int call(struct client *client, uint16_t opcode, size_t *length)
{
	struct omnitee_ts_result result = ask(client, opcode);

	*length = result.length;
	return result.level == OMNITEE_TS_DONE ? EXIT_OK : complain_result(client, &result);
}

static int call_number(struct client *client, uint16_t opcode, uint32_t *value)
{
	size_t length;
	int status = call(client, opcode, &length);

	if (status)
		return status;
	if (length != sizeof(*value)) {
		complain(NULL, "%s: a response of %zu octets", client->service, length);
		return EXIT_ANSWER;
	}
	memcpy(value, client->memory, sizeof(*value));
	return EXIT_OK;
}

/* A response of one record, in hexadecimal. */
static int call_record(struct client *client, uint16_t opcode)
{
	size_t length, size, n;
	int status = call(client, opcode, &length);

	if (status)
		return status;
	size = length < TS_TLV_HEADER ? 0 : (size_t)client->memory[2] << 8 | client->memory[3];
	if (length < TS_TLV_HEADER || size > length - TS_TLV_HEADER) {
		complain(NULL, "%s: a response without its record", client->service);
		return EXIT_ANSWER;
	}
	for (n = 0; n < size; n++)
		printf("%02x", client->memory[TS_TLV_HEADER + n]);
	printf("\n");
	return EXIT_OK;
}

static int read_input(const char *path, uint8_t **data, size_t *size)
{
	int rc = file_read(path, data, size);

	if (!rc)
		return EXIT_OK;
	complain(NULL, "%s: %s", path, strerror(-rc));
	return EXIT_SYSTEM;
}

static int bad_word(const char *what, const char *word)
{
	complain("'teectl --help' shows how", "%s '%s'", what, word);
	return EXIT_USAGE;
}

static int ts_list(const struct options *opt, char **argv)
{
	struct omnitee_ts_device devices[OMNITEE_TS_DEVICES_MAX];
	unsigned int n, count = omnitee_ts_devices(devices);
	struct omnitee_ts_result result;
	struct omnitee_ts *ts;
	const char *separator;
	size_t s;

	if (opt->json)
		printf("[");
	for (n = 0; n < count; n++) {
		if (opt->json)
			printf("%s{\"device\":\"tee%u\",\"endpoint\":%u,\"services\":[",
			       n ? "," : "", devices[n].number, devices[n].endpoint);
		else
			printf("tee%-4u %04x  ", devices[n].number, devices[n].endpoint);
		separator = "";
		for (s = 0; s < ARRAY_SIZE(services); s++) {
			ts = omnitee_ts_open_on(devices[n].number, services[s].uuid, 0, &result);
			if (!ts)
				continue;
			omnitee_ts_close(ts);
			printf(opt->json ? "%s\"%s\"" : "%s%s", separator, services[s].name);
			separator = ",";
		}
		printf(opt->json ? "]}" : "\n");
	}
	if (opt->json)
		printf("]\n");
	if (count)
		return EXIT_OK;
	complain("'teectl list' shows what is there", "no device has Trusted Services");
	return EXIT_NO_DEVICE;
}

static int ts_its_set(struct client *client, char **argv)
{
	struct ts_storage_set request = { 0 };
	uint8_t *data = NULL;
	uint64_t uid;
	size_t size;
	int status;

	if (!number_parse(argv[0], UINT64_MAX, &uid))
		return bad_word("no object's number:", argv[0]);
	status = read_input(argv[1], &data, &size);
	if (status)
		return status;
	if (size > client->room - sizeof(request)) {
		complain(NULL, "%s: %zu octets, at most %zu", argv[1], size,
			 client->room - sizeof(request));
		free(data);
		return EXIT_USAGE;
	}
	request.uid = uid;
	request.data_length = size;
	put(client, &request, sizeof(request));
	put(client, data, size);
	free(data);
	return call(client, TS_STORAGE_SET, &size);
}

static int ts_its_get(struct client *client, char **argv)
{
	struct ts_storage_get request = { .data_size = client->room };
	uint64_t uid;
	size_t size;
	int status;

	/* Objects are longer than what comes back at once. */
	if (!number_parse(argv[0], UINT64_MAX, &uid))
		return bad_word("no object's number:", argv[0]);
	request.uid = uid;
	do {
		put(client, &request, sizeof(request));
		status = call(client, TS_STORAGE_GET, &size);
		if (status)
			return status;
		fwrite(client->memory, 1, size, stdout);
		request.data_offset += size;
	} while (size == client->room);
	return EXIT_OK;
}

static int ts_its_rm(struct client *client, char **argv)
{
	uint64_t uid;
	size_t size;

	if (!number_parse(argv[0], UINT64_MAX, &uid))
		return bad_word("no object's number:", argv[0]);
	put(client, &uid, sizeof(uid));
	return call(client, TS_STORAGE_REMOVE, &size);
}

static int ts_random(struct client *client, char **argv)
{
	uint64_t size;

	if (!number_parse(argv[0], client->room - TS_TLV_HEADER, &size))
		return bad_word("not so many octets:", argv[0]);
	put_number(client, (uint32_t)size);
	return call_record(client, TS_CRYPTO_GENERATE_RANDOM);
}

static const struct {
	const char *name;
	uint32_t algorithm;
} hashes[] = {
	{ "sha1", TS_ALG_SHA_1 }, { "sha224", TS_ALG_SHA_224 }, { "sha256", TS_ALG_SHA_256 },
	{ "sha384", TS_ALG_SHA_384 }, { "sha512", TS_ALG_SHA_512 },
};

static int hash_data(struct client *client, uint32_t algorithm, const uint8_t *data, size_t size)
{
	uint32_t handle;
	size_t length;
	int status;

	put_number(client, algorithm);
	status = call_number(client, TS_CRYPTO_HASH_SETUP, &handle);
	while (!status && size) {
		size_t part = size < MEMORY / 2 ? size : MEMORY / 2;

		put_number(client, handle);
		put_record(client, 1, data, part);
		status = call(client, TS_CRYPTO_HASH_UPDATE, &length);
		data += part;
		size -= part;
	}
	if (status)
		return status;
	put_number(client, handle);
	return call_record(client, TS_CRYPTO_HASH_FINISH);
}

static int ts_hash(struct client *client, char **argv)
{
	uint8_t *data = NULL;
	size_t size, n = 0;
	int status;

	while (n < ARRAY_SIZE(hashes) && strcmp(hashes[n].name, argv[0]))
		n++;
	if (n == ARRAY_SIZE(hashes))
		return bad_word("unknown hash", argv[0]);
	status = read_input(argv[1], &data, &size);
	if (!status)
		status = hash_data(client, hashes[n].algorithm, data, size);
	free(data);
	return status;
}

/* The key is made when there is none of this number. */
static int make_key(struct client *client, uint32_t id)
{
	const struct ts_key_attributes attributes = {
		.type = TS_KEY_TYPE_ECC_PAIR(TS_ECC_SECP_R1),
		.bits = 256,
		.lifetime = TS_KEY_PERSISTENT,
		.id = id,
		.usage = TS_KEY_USAGE_SIGN_HASH | TS_KEY_USAGE_SIGN_MESSAGE |
			 TS_KEY_USAGE_VERIFY_HASH | TS_KEY_USAGE_VERIFY_MESSAGE,
		.algorithm = TS_ALG_ECDSA(TS_ALG_SHA_256),
	};
	struct omnitee_ts_result result;

	put(client, &attributes, sizeof(attributes));
	result = ask(client, TS_CRYPTO_GENERATE_KEY);
	if (result.level == OMNITEE_TS_DONE ||
	    (result.level == OMNITEE_TS_SERVICE && result.code == TS_PSA_ALREADY_EXISTS))
		return EXIT_OK;
	return complain_result(client, &result);
}

static int ts_sign(struct client *client, char **argv)
{
	uint8_t *data = NULL;
	uint64_t id;
	size_t size;
	int status;

	if (!number_parse(argv[0], TS_KEY_ID_USER_MAX, &id) || !id)
		return bad_word("no key's number:", argv[0]);
	status = read_input(argv[1], &data, &size);
	if (status)
		return status;
	status = make_key(client, (uint32_t)id);
	if (!status) {
		put_number(client, (uint32_t)id);
		put_number(client, TS_ALG_ECDSA(TS_ALG_SHA_256));
		status = put_record(client, 1, data, size) ?
			 call_record(client, TS_CRYPTO_SIGN_MESSAGE) : EXIT_USAGE;
	}
	free(data);
	return status;
}

static unsigned int digit(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static int ts_attest(struct client *client, char **argv)
{
	uint8_t challenge[TS_ATTESTATION_CHALLENGE_MAX] = { 0 };
	size_t n, size = strlen(argv[0]);

	if (size % 2 || size / 2 > sizeof(challenge) ||
	    strspn(argv[0], "0123456789abcdefABCDEF") != size)
		return bad_word("no challenge in hexadecimal:", argv[0]);
	for (n = 0; n < size; n++)
		challenge[n / 2] = (uint8_t)(challenge[n / 2] << 4 | digit(argv[0][n]));
	put_record(client, 1, challenge, size / 2);
	return call_record(client, TS_ATTESTATION_GET_TOKEN);
}

static const struct verb {
	const char *name;
	const char *service;
	int arguments;
	int (*run)(struct client *client, char **argv);
} verbs[] = {
	{ "its-set", "internal-trusted-storage", 2, ts_its_set },
	{ "its-get", "internal-trusted-storage", 1, ts_its_get },
	{ "its-rm", "internal-trusted-storage", 1, ts_its_rm },
	{ "random", "crypto", 1, ts_random },
	{ "hash", "crypto", 2, ts_hash },
	{ "sign", "crypto", 2, ts_sign },
	{ "attest", "attestation", 1, ts_attest },
};

static int run_verb(const struct options *opt, int argc, char **argv)
{
	const struct verb *verb = verbs;
	struct client client;
	int status;

	if (!strcmp(argv[0], "list"))
		return argc == 1 ? ts_list(opt, argv) : bad_word("too many arguments for", "ts list");
	while (verb < verbs + ARRAY_SIZE(verbs) && strcmp(verb->name, argv[0]))
		verb++;
	if (verb == verbs + ARRAY_SIZE(verbs))
		return bad_word("unknown command ts", argv[0]);
	if (argc - 1 != verb->arguments)
		return bad_word("the wrong number of arguments for ts", argv[0]);
	status = client_open(&client, verb->service);
	if (status)
		return status;
	status = verb->run(&client, argv + 1);
	omnitee_ts_close(client.ts);
	return status;
}

const struct command cmd_ts = {
	.name = "ts",
	.arguments = "VERB [ARGUMENT...]",
	.what = "services of secure partitions",
	.min_args = 1,
	.max_args = 3,
	.run = run_verb,
};
