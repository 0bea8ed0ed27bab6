// SPDX-License-Identifier: BSD-2-Clause
/* Applications that are devices of the kernel, and the random number generator. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "reload.h"
#include "supplicant.h"
#include "world.h"

#define DEVICES		"/sys/bus/tee/devices/"
#define RNG_DEVICE	DEVICES "optee-ta-ab7a617c-b8e7-4d8f-8301-d09b61036b64"
#define STORAGE_DEVICE	DEVICES "optee-ta-6f6d6e69-7465-4500-8000-000000000007"

static const uint8_t app_enumerator[] = APP_ENUMERATOR_UUID;
static const uint8_t app_rng[] = APP_RNG_UUID;
static const uint8_t app_storage[] = APP_STORAGE_UUID;

static bool wait_for(const char *path)
{
	uint64_t end = clock_ms() + PATIENCE_MS;

	while (access(path, F_OK)) {
		if (clock_ms() > end)
			return false;
		sleep_ms(10);
	}
	return true;
}

static void expect_list(uint32_t command, const uint8_t *uuid)
{
	struct client c;
	struct tee_ioctl_param p = MEMREF_NULL_OF(OUTPUT, 0);
	struct tee_answer answer;
	struct tee_buf buf;

	client_open(&c, app_enumerator);
	ASSERT_RC(tee_invoke(c.fd, c.session, command, &p, 1, &answer), 0);
	EXPECT_EQ(answer.ret, uuid ? TEE_ERROR_SHORT_BUFFER : TEE_SUCCESS);
	EXPECT_EQ(p.b, uuid ? 16 : 0);
	client_alloc(c.fd, 4096, &buf);
	p = (struct tee_ioctl_param)MEMREF(OUTPUT, buf.id, 0, 4096);
	client_invoke(&c, command, &p, 1);
	EXPECT_EQ(p.b, uuid ? 16 : 0);
	if (uuid)
		EXPECT(!memcmp(buf.va, uuid, 16));
	tee_free(&buf);
	client_close(&c);
}

TEST(enumerator_lists_its_devices)
{
	supp_need();
	expect_list(ENUMERATOR_CMD_DEVICES, app_rng);
	expect_list(ENUMERATOR_CMD_DEVICES_SUPP, app_storage);
	expect_list(ENUMERATOR_CMD_DEVICES_RPMB, NULL);
}

TEST(device_of_the_first_phase_is_there)
{
	char text[200] = "";
	FILE *f;

	supp_need();
	if (access(DEVICES, F_OK))
		FAIL("no " DEVICES);
	ASSERT(wait_for(RNG_DEVICE));
	EXPECT(access(RNG_DEVICE "/need_supplicant", F_OK));
	f = fopen(RNG_DEVICE "/uevent", "r");
	ASSERT(f);
	ASSERT_GT(fread(text, 1, sizeof(text) - 1, f), 0);
	fclose(f);
	EXPECT(strstr(text, "MODALIAS=tee:ab7a617c-b8e7-4d8f-8301-d09b61036b64\n"));
}

TEST(device_of_the_second_phase_comes_with_the_supplicant)
{
	struct fake *fake;

	supp_need();
	if (access(DEVICES, F_OK))
		FAIL("no " DEVICES);
	fake = fake_start(NULL);
	EXPECT(wait_for(STORAGE_DEVICE));
	EXPECT(wait_for(STORAGE_DEVICE "/need_supplicant"));
	fake_stop(fake);
	/* The devices stay; a second supplicant makes no more of them. */
	fake = fake_start(NULL);
	EXPECT(wait_for(STORAGE_DEVICE));
	fake_stop(fake);
}

TEST(entropy_fills_the_buffer)
{
	struct tee_ioctl_param p;
	struct tee_buf buf;
	struct client rng;
	unsigned int zeroes = 0;

	supp_need();
	client_open(&rng, app_rng);
	client_alloc(rng.fd, 8192, &buf);
	memset(buf.va, 0, 8192);
	p = (struct tee_ioctl_param)MEMREF(INOUT, buf.id, 100, 4001);
	client_invoke(&rng, RNG_CMD_GET_ENTROPY, &p, 1);
	EXPECT_EQ(p.b, 4001);
	for (unsigned int i = 0; i < 8192; i++) {
		if (i < 100 || i >= 4101)
			ASSERT_EQ(buf.va[i], 0);
		else if (!buf.va[i])
			zeroes++;
	}
	EXPECT_LE(zeroes, 60);
	p = (struct tee_ioctl_param)VALUE_OUT;
	client_invoke(&rng, RNG_CMD_GET_INFO, &p, 1);
	EXPECT_GT(p.a, 0);
	EXPECT_LE(p.b, 1024);
	tee_free(&buf);
	client_close(&rng);
}

static unsigned int count_devices(void)
{
	DIR *dir = opendir(DEVICES);
	unsigned int count = 0;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		count += !strncmp(entry->d_name, "optee-ta-", 9);
	if (dir)
		closedir(dir);
	return count;
}

/* The driver comes again and asks a secure world that lies about its list. */
static void enumerate_with(unsigned int fault, uint64_t count, uint64_t argument)
{
	struct client echo;

	ASSERT_EQ(module_remove_soon("optee"), 0);
	EXPECT_EQ(count_devices(), 0);
	world_fault(fault, count, argument);
	modules_insert();
	world_faults_off();
	/* Whatever it made of it, it works. */
	client_open(&echo, app_echo);
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(device_that_is_listed_twice_is_made_once)
{
	supp_need();
	if (modules_are_stock())
		SKIP("the packaged driver registers the name twice, and its probe fails");
	/* The size is asked for, then the list. */
	enumerate_with(SIM_FAULT_DEVICES_TWICE, 2, 0);
	EXPECT_EQ(count_devices(), 1);
	EXPECT(wait_for(RNG_DEVICE));
}

TEST(list_whose_size_is_wrong_makes_no_devices_that_are_not_in_it)
{
	/* Less than a UUID, none at all, more than was asked for. */
	static const struct {
		uint64_t size;
		unsigned int devices;
	} lists[] = { { 0, 0 }, { 1, 0 }, { 15, 0 }, { 17, 1 }, { 32, 1 }, { UINT64_MAX, 1 } };

	supp_need();
	if (modules_are_stock())
		SKIP("the packaged driver believes the size");
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		enumerate_with(SIM_FAULT_DEVICES_SIZE, 1, lists[i].size);
		EXPECT_MSG(count_devices() == lists[i].devices, "size %llu: %u devices",
			   (unsigned long long)lists[i].size, count_devices());
	}
	enumerate_with(SIM_FAULT_DEVICES_SIZE, 1, 16);
	EXPECT_EQ(count_devices(), 1);
}
