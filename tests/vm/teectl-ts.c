// SPDX-License-Identifier: BSD-2-Clause
/* teectl ts: the services of this machine's partitions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/ffa.h"
#include "abi/ts_crypto.h"
#include "array.h"
#include "clock.h"
#include "harness.h"
#include "ts.h"
#include "world.h"

#define TEECTL		"/usr/bin/teectl"
#define FILE_OF_TESTS	"/tmp/teectl-ts"
/* Exit codes of teectl(1). */
#define DONE		0
#define ANSWERED	1
#define USAGE		2
#define SYSTEM		3
#define NO_DEVICE	4
/* What fits into a request beside its head. */
#define OBJECT_MAX	(8192 - 20)

static char out[64 * 1024];
static size_t out_size;

static int read_out(FILE *f)
{
	int status;

	ASSERT(f);
	out_size = fread(out, 1, sizeof(out) - 1, f);
	out[out_size] = '\0';
	status = pclose(f);
	ASSERT(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* What teectl ts prints on both outputs; its exit code. */
static int teectl_ts(const char *words)
{
	char command[512];

	snprintf(command, sizeof(command), TEECTL " ts %s 2>&1", words);
	return read_out(popen(command, "r"));
}

static void expect(const char *words, int code, const char *text)
{
	int got = teectl_ts(words);

	EXPECT_MSG(got == code, "'ts %s' ends with %d, want %d: %.200s", words, got, code, out);
	/* Nothing means that it says nothing. */
	EXPECT_MSG(strstr(out, text) && (*text || !out_size), "'ts %s' says '%.200s', want '%s'",
		   words, out, text);
}

static void begin(void)
{
	if (access(TEECTL, X_OK))
		SKIP("no " TEECTL);
	close(ts_any_device());
}

/* Octets, into the file of tests. */
static void write_file(const void *octets, size_t size)
{
	FILE *f = fopen(FILE_OF_TESTS, "we");

	ASSERT(f);
	ASSERT_EQ(fwrite(octets, 1, size, f), size);
	ASSERT_EQ(fclose(f), 0);
}

/* A line of hexadecimal in the output, as octets; how many. */
static size_t octets_of_output(uint8_t *octets, size_t room)
{
	size_t n = strspn(out, "0123456789abcdef");

	ASSERT_MSG(n == out_size - 1 && out[n] == '\n' && n % 2 == 0 && n / 2 <= room,
		   "no line of hexadecimal: %.200s", out);
	for (size_t i = 0; i < n / 2; i++) {
		const char digits[] = { out[2 * i], out[2 * i + 1], '\0' };

		octets[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return n / 2;
}

static unsigned int count_of(const char *text, const char *what)
{
	unsigned int count = 0;

	while ((text = strstr(text, what))) {
		text += strlen(what);
		count++;
	}
	return count;
}

TEST(list_names_devices_endpoints_and_services)
{
	unsigned int devices;

	begin();
	ASSERT_EQ(teectl_ts("list"), DONE);
	devices = count_of(out, "\n");
	EXPECT_GE(devices, 3);
	EXPECT_EQ(count_of(out, "tee"), devices);
	EXPECT(strstr(out, "  internal-trusted-storage,protected-storage\n"));
	EXPECT(strstr(out, "  crypto,attestation\n"));
	EXPECT(strstr(out, "  internal-trusted-storage,test-runner\n"));
	/* As one value in one line. */
	ASSERT_EQ(teectl_ts("list -o json"), DONE);
	EXPECT(out[0] == '[' && !strcmp(out + out_size - 2, "]\n"));
	EXPECT_EQ(count_of(out, "\n"), 1);
	EXPECT_EQ(count_of(out, "{\"device\":\"tee"), devices);
	EXPECT_EQ(count_of(out, ",\"endpoint\":32"), devices);
	EXPECT(strstr(out, ",\"services\":[\"internal-trusted-storage\",\"protected-storage\"]}"));
	EXPECT(strstr(out, ",\"services\":[\"crypto\",\"attestation\"]}"));
	ts_unload();
}

TEST(object_is_stored_read_and_removed)
{
	static uint8_t object[OBJECT_MAX + 1];

	begin();
	write_file("some text", 9);
	expect("its-set 0x77 " FILE_OF_TESTS, DONE, "");
	EXPECT_EQ(teectl_ts("its-get 0x77"), DONE);
	EXPECT(!strcmp(out, "some text"));
	/* In its place; from standard input; the largest. */
	for (size_t i = 0; i < sizeof(object); i++)
		object[i] = (uint8_t)(i * 7 + i / 256);
	write_file(object, OBJECT_MAX);
	expect("its-set 119 - <" FILE_OF_TESTS, DONE, "");
	EXPECT_EQ(teectl_ts("its-get 119"), DONE);
	EXPECT_EQ(out_size, OBJECT_MAX);
	EXPECT(!memcmp(out, object, OBJECT_MAX));
	write_file(object, OBJECT_MAX + 1);
	expect("its-set 119 " FILE_OF_TESTS, USAGE, "8173 octets, at most 8172");
	EXPECT_EQ(teectl_ts("its-get 119"), DONE);
	EXPECT_EQ(out_size, OBJECT_MAX);
	expect("its-rm 119", DONE, "");
	/* The service's own word. */
	expect("its-get 119", ANSWERED,
	       "internal-trusted-storage: the service refused: status -140");
	expect("its-rm 119", ANSWERED,
	       "internal-trusted-storage: the service refused: status -140");
	ts_unload();
}

TEST(random_octets_are_as_many_as_asked_for)
{
	uint8_t one[16], two[16], most[8192];

	begin();
	ASSERT_EQ(teectl_ts("random 16"), DONE);
	EXPECT_EQ(octets_of_output(one, sizeof(one)), 16);
	ASSERT_EQ(teectl_ts("random 16"), DONE);
	EXPECT_EQ(octets_of_output(two, sizeof(two)), 16);
	EXPECT(memcmp(one, two, sizeof(one)));
	ASSERT_EQ(teectl_ts("random 8188"), DONE);
	EXPECT_EQ(octets_of_output(most, sizeof(most)), 8188);
	expect("random 8189", USAGE, "not so many octets: '8189'");
	ts_unload();
}

TEST(hashes_are_the_published_ones)
{
	/* Of "abc", in two parts. */
	static const char *const hashes[][3] = {
		{ "sha1", "a9993e364706816aba3e25717850c26c9cd0d89d", "" },
		{ "sha224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7", "" },
		{ "sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		  "" },
		{ "sha384", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed",
		  "8086072ba1e7cc2358baeca134c825a7" },
		{ "sha512", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a",
		  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
	};
	static char many[10000];
	char words[64], line[160];

	begin();
	write_file("abc", 3);
	for (unsigned int n = 0; n < ARRAY_SIZE(hashes); n++) {
		snprintf(words, sizeof(words), "hash %s " FILE_OF_TESTS, hashes[n][0]);
		snprintf(line, sizeof(line), "%s%s\n", hashes[n][1], hashes[n][2]);
		EXPECT_EQ(teectl_ts(words), DONE);
		EXPECT_MSG(!strcmp(out, line), "%s is %.200s", hashes[n][0], out);
	}
	/* In several requests, and in none. */
	memset(many, 'a', sizeof(many));
	write_file(many, sizeof(many));
	expect("hash sha256 - <" FILE_OF_TESTS, DONE,
	       "27dd1f61b867b6a0f6e9d8a41c43231de52107e53ae424de8f847b821db4b711\n");
	expect("hash sha256 - </dev/null", DONE,
	       "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n");
	expect("hash md5 " FILE_OF_TESTS, USAGE, "unknown hash 'md5'");
	ts_unload();
}

static size_t put_record(uint8_t *at, uint8_t tag, const void *octets, size_t size)
{
	const uint8_t head[] = { 0, tag, (uint8_t)(size >> 8), (uint8_t)size };

	memcpy(at, head, sizeof(head));
	memcpy(at + sizeof(head), octets, size);
	return sizeof(head) + size;
}

/* What the service says of a signature. */
static int32_t verify(const struct ts_client *c, uint32_t key, const char *text,
		      const uint8_t *signature, size_t size)
{
	const struct ts_crypto_key_use use = { key, TS_ALG_ECDSA(TS_ALG_SHA_256) };
	uint64_t length = sizeof(use);
	int32_t status = 0;

	memcpy(c->buf.va, &use, sizeof(use));
	length += put_record(c->buf.va + length, 1, text, strlen(text));
	length += put_record(c->buf.va + length, 2, signature, size);
	EXPECT_RC(ts_call(c->fd, c->session, TS_CRYPTO_VERIFY_MESSAGE, c->buf.id, &length,
			  &status), 0);
	return status;
}

TEST(signature_is_of_this_text_by_this_key)
{
	static const uint8_t crypto[] = TS_CRYPTO_UUID;
	uint8_t signature[64], other[64];
	const uint32_t key = 0x1234;
	struct ts_client c;
	uint64_t length = sizeof(key);
	int32_t status;

	begin();
	write_file("a text", 6);
	ASSERT_EQ(teectl_ts("sign 0x1234 " FILE_OF_TESTS), DONE);
	ASSERT_EQ(octets_of_output(signature, sizeof(signature)), sizeof(signature));
	/* By the key that is there now, with another random number. */
	ASSERT_EQ(teectl_ts("sign 4660 - <" FILE_OF_TESTS), DONE);
	ASSERT_EQ(octets_of_output(other, sizeof(other)), sizeof(other));
	EXPECT(memcmp(signature, other, sizeof(other)));
	ts_client_open(&c, crypto);
	EXPECT_EQ(verify(&c, key, "a text", signature, sizeof(signature)), TS_PSA_SUCCESS);
	EXPECT_EQ(verify(&c, key, "a text", other, sizeof(other)), TS_PSA_SUCCESS);
	EXPECT_EQ(verify(&c, key, "a test", signature, sizeof(signature)),
		  TS_PSA_INVALID_SIGNATURE);
	signature[40] ^= 1;
	EXPECT_EQ(verify(&c, key, "a text", signature, sizeof(signature)),
		  TS_PSA_INVALID_SIGNATURE);
	memcpy(c.buf.va, &key, sizeof(key));
	EXPECT_RC(ts_call(c.fd, c.session, TS_CRYPTO_DESTROY_KEY, c.buf.id, &length, &status), 0);
	EXPECT_EQ(status, TS_PSA_SUCCESS);
	ts_client_close(&c);
	expect("sign 0 " FILE_OF_TESTS, USAGE, "no key's number: '0'");
	expect("sign 0x40000000 " FILE_OF_TESTS, USAGE, "no key's number:");
	ts_unload();
}

TEST(token_has_the_challenge)
{
	static const char challenge[] =
		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
	char words[256];
	uint8_t token[4096];

	begin();
	snprintf(words, sizeof(words), "attest %s", challenge);
	ASSERT_EQ(teectl_ts(words), DONE);
	EXPECT_GT(octets_of_output(token, sizeof(token)), 100);
	/* COSE_Sign1, an array of four, the first of which says ES256. */
	EXPECT_MSG(!strncmp(out, "d28443a10126", 12), "%.40s", out);
	EXPECT(strstr(out, challenge));
	expect("attest 0011", ANSWERED, "attestation: the service refused: status -135");
	expect("attest 001", USAGE, "no challenge in hexadecimal: '001'");
	expect("attest 00gg", USAGE, "no challenge in hexadecimal: '00gg'");
	snprintf(words, sizeof(words), "attest %s%s00", challenge, challenge);
	expect(words, USAGE, "no challenge in hexadecimal:");
	ts_unload();
}

TEST(wrong_words_are_told_how_it_goes)
{
	static const char *const wrong[][2] = {
		{ "nonsense", "unknown command ts 'nonsense'" },
		{ "list 1", "too many arguments for 'ts list'" },
		{ "its-get", "the wrong number of arguments for ts 'its-get'" },
		{ "its-set 1", "the wrong number of arguments for ts 'its-set'" },
		{ "random 1 2", "the wrong number of arguments for ts 'random'" },
		{ "its-get x", "no object's number: 'x'" },
		{ "its-rm -1", "" },
		{ "its-get 0x10000000000000000", "no object's number:" },
		{ "", "" },
	};

	begin();
	for (unsigned int n = 0; n < ARRAY_SIZE(wrong); n++) {
		EXPECT_EQ(teectl_ts(wrong[n][0]), USAGE);
		EXPECT_MSG(out_size && strstr(out, wrong[n][1]), "'ts %s': %.200s", wrong[n][0], out);
	}
	expect("its-set 1 /nowhere", SYSTEM, "/nowhere: No such file or directory");
	ts_unload();
}

/*
 * Stores an object while a fault waits for the request: all before that is done when the tool has
 * read the first octet. Its exit code, and what it says.
 */
static int store_with_fault(unsigned int fault, uint64_t arg)
{
	FILE *tool = popen(TEECTL " ts its-set 5 - >" FILE_OF_TESTS " 2>&1", "w");
	uint64_t end = clock_ms() + PATIENCE_MS;
	int status, unread;

	ASSERT(tool);
	setbuf(tool, NULL);
	ASSERT_EQ(fputc('a', tool), 'a');
	do {
		ASSERT(clock_ms() < end);
		sleep_ms(5);
		ASSERT_EQ(ioctl(fileno(tool), FIONREAD, &unread), 0);
	} while (unread);
	world_fault(fault, 1, arg);
	status = pclose(tool);
	ASSERT(WIFEXITED(status));
	ASSERT_EQ(read_out(popen("cat " FILE_OF_TESTS, "r")), 0);
	return WEXITSTATUS(status);
}

TEST(error_says_who_made_it)
{
	begin();
	EXPECT_EQ(store_with_fault(SIM_FAULT_FFA_ANSWER, 1ULL << 32 |
				   (uint32_t)TS_RPC_ERROR_REQUEST_BODY), ANSWERED);
	EXPECT_MSG(strstr(out, "the partition did not understand the request"), "%.200s", out);
	EXPECT_EQ(store_with_fault(SIM_FAULT_FFA_ERROR, 0x6fULL << 32 | (uint32_t)FFA_ABORTED),
		  SYSTEM);
	EXPECT_MSG(strstr(out, "internal-trusted-storage: Operation canceled"), "%.200s", out);
	/* Word 2: status of the service. */
	EXPECT_EQ(store_with_fault(SIM_FAULT_FFA_ANSWER, 2ULL << 32 |
				   (uint32_t)TS_PSA_INSUFFICIENT_STORAGE), ANSWERED);
	EXPECT_MSG(strstr(out, "the service refused: status -142"), "%.200s", out);
	expect("its-rm 5", DONE, "");
	ts_unload();
	EXPECT_EQ(world_counter(SIM_COUNTER_FFA_SHARES), 0);
}

TEST(machine_without_partitions_has_no_device)
{
	begin();
	ts_unload();
	expect("list", NO_DEVICE, "no device has Trusted Services");
	expect("list -o json", NO_DEVICE, "[]\n");
	expect("its-get 1", NO_DEVICE, "internal-trusted-storage: no device has it");
	expect("random 8", NO_DEVICE, "crypto: no device has it");
	expect("attest 00", NO_DEVICE, "attestation: no device has it");
}
