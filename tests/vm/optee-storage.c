// SPDX-License-Identifier: BSD-2-Clause
/* Objects that the application storage keeps with Debian's tee-supplicant. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "clock.h"
#include "harness.h"
#include "supplicant.h"
#include "world.h"

static const uint8_t app_storage[] = APP_STORAGE_UUID;

static pid_t begin(struct client *storage)
{
	pid_t pid;

	supp_need();
	pid = supplicant_start();
	client_open(storage, app_storage);
	return pid;
}

static void end(struct client *storage, pid_t pid)
{
	client_close(storage);
	supplicant_stop(pid);
	EXPECT_EQ(world_counter(SIM_COUNTER_RPC_MEMORY), 0);
}

static void fill(uint8_t *data, size_t size, unsigned int seed)
{
	for (size_t i = 0; i < size; i++)
		data[i] = (uint8_t)(i * 7 + i / 251 + seed);
}

TEST(object_is_read_back)
{
	static const size_t sizes[] = { 0, 1, 4095, 4096, 4097, 8192, 100000 };
	static uint8_t data[100000], back[100000];
	struct client storage;
	pid_t pid = begin(&storage);

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		size_t size = sizeof(back);

		fill(data, sizes[i], i);
		ASSERT_EQ(storage_write(&storage, "object", data, sizes[i]), TEE_SUCCESS);
		ASSERT_EQ(storage_read(&storage, "object", back, &size), TEE_SUCCESS);
		ASSERT_EQ(size, sizes[i]);
		ASSERT(!memcmp(data, back, size));
	}
	ASSERT_EQ(storage_remove(&storage, "object"), TEE_SUCCESS);
	ASSERT_EQ(storage_remove(&storage, "object"), TEE_ERROR_ITEM_NOT_FOUND);
	end(&storage, pid);
}

TEST(missing_object_is_not_found)
{
	struct client storage;
	pid_t pid = begin(&storage);
	size_t size = 10;
	char back[10];

	EXPECT_EQ(storage_read(&storage, "missing", back, &size), TEE_ERROR_ITEM_NOT_FOUND);
	EXPECT_EQ(storage_remove(&storage, "missing"), TEE_ERROR_ITEM_NOT_FOUND);
	end(&storage, pid);
}

TEST(short_buffer_learns_the_size)
{
	struct client storage;
	pid_t pid = begin(&storage);
	size_t size = 4;
	char back[4];

	ASSERT_EQ(storage_write(&storage, "five", "12345", 5), TEE_SUCCESS);
	EXPECT_EQ(storage_read(&storage, "five", back, &size), TEE_ERROR_SHORT_BUFFER);
	EXPECT_EQ(size, 5);
	ASSERT_EQ(storage_remove(&storage, "five"), TEE_SUCCESS);
	end(&storage, pid);
}

TEST(objects_outlive_the_supplicant)
{
	struct client storage;
	pid_t pid = begin(&storage);
	size_t size = 16;
	char back[16];

	ASSERT_EQ(storage_write(&storage, "kept", "across", 6), TEE_SUCCESS);
	supplicant_stop(pid);
	pid = supplicant_start();
	ASSERT_EQ(storage_read(&storage, "kept", back, &size), TEE_SUCCESS);
	EXPECT_EQ(size, 6);
	EXPECT(!memcmp(back, "across", 6));
	ASSERT_EQ(storage_remove(&storage, "kept"), TEE_SUCCESS);
	end(&storage, pid);
}

TEST(damaged_file_is_a_corrupt_object)
{
	static const char path[] = SUPPLICANT_FILES "/omnitee/damaged";
	struct client storage;
	pid_t pid = begin(&storage);
	size_t size = 16;
	char back[16];
	FILE *f;

	ASSERT_EQ(storage_write(&storage, "damaged", "contents", 8), TEE_SUCCESS);
	f = fopen(path, "r+");
	ASSERT(f);
	fseek(f, -1, SEEK_END);
	fputc('S', f);
	fclose(f);
	EXPECT_EQ(storage_read(&storage, "damaged", back, &size), TEE_ERROR_CORRUPT_OBJECT);
	ASSERT_EQ(truncate(path, 10), 0);
	EXPECT_EQ(storage_read(&storage, "damaged", back, &size), TEE_ERROR_CORRUPT_OBJECT);
	ASSERT_EQ(storage_remove(&storage, "damaged"), TEE_SUCCESS);
	end(&storage, pid);
}

TEST(names_are_checked)
{
	static const char *const bad[] = { "", ".", "..", ".hidden", "a/b", "../up", "a b", "\xff" };
	struct client storage;
	pid_t pid = begin(&storage);

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT_EQ(storage_write(&storage, bad[i], "x", 1), TEE_ERROR_BAD_PARAMETERS);
	end(&storage, pid);
}

TEST(names_are_listed)
{
	static const char *const names[] = { "list-a", "list-b", "list-c" };
	struct tee_ioctl_param p;
	struct client storage;
	pid_t pid = begin(&storage);
	struct tee_buf buf;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		ASSERT_EQ(storage_write(&storage, names[i], "x", 1), TEE_SUCCESS);
	client_alloc(storage.fd, 4096, &buf);
	p = (struct tee_ioctl_param)MEMREF(OUTPUT, buf.id, 0, 4096);
	client_invoke(&storage, STORAGE_CMD_LIST, &p, 1);
	ASSERT_LE(p.b, 4096);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT(memmem(buf.va, p.b, names[i], strlen(names[i]) + 1));
		EXPECT_EQ(storage_remove(&storage, names[i]), TEE_SUCCESS);
	}
	tee_free(&buf);
	end(&storage, pid);
}

static void *write_and_read(void *arg)
{
	struct client storage;
	char name[16];
	uint8_t data[5000], back[5000];

	client_open(&storage, app_storage);
	snprintf(name, sizeof(name), "many-%lu", (unsigned long)(uintptr_t)arg);
	for (unsigned int i = 0; i < 5; i++) {
		size_t size = sizeof(back);

		fill(data, sizeof(data), i + (unsigned int)(uintptr_t)arg);
		ASSERT_EQ(storage_write(&storage, name, data, sizeof(data)), TEE_SUCCESS);
		ASSERT_EQ(storage_read(&storage, name, back, &size), TEE_SUCCESS);
		ASSERT(size == sizeof(data) && !memcmp(data, back, size));
	}
	ASSERT_EQ(storage_remove(&storage, name), TEE_SUCCESS);
	client_close(&storage);
	return NULL;
}

TEST(clients_at_once_do_not_mix)
{
	struct client storage;
	pthread_t threads[6];
	pid_t pid = begin(&storage);

	time_limit(60);
	/* Debian's removes an empty folder while another thread of it makes a file there. */
	ASSERT_EQ(storage_write(&storage, "anchor", "", 0), TEE_SUCCESS);
	for (uintptr_t i = 0; i < ARRAY_SIZE(threads); i++)
		ASSERT_EQ(pthread_create(&threads[i], NULL, write_and_read, (void *)i), 0);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		ASSERT_EQ(pthread_join(threads[i], NULL), 0);
	ASSERT_EQ(storage_remove(&storage, "anchor"), TEE_SUCCESS);
	end(&storage, pid);
}

static uint32_t open_loadable(uint8_t n)
{
	struct tee_open o = { .uuid = APP_LOADABLE_UUID(n) };
	struct tee_answer answer;
	int fd = client_device();

	ASSERT_RC(tee_open_session(fd, &o, NULL, 0, &answer), 0);
	EXPECT_EQ(answer.origin, TEE_ORIGIN_TEE);
	close(fd);
	return answer.ret;
}

TEST(application_of_nobody_is_not_found)
{
	pid_t pid;

	supp_need();
	pid = supplicant_start();
	EXPECT_EQ(open_loadable(1), TEE_ERROR_ITEM_NOT_FOUND);
	supplicant_stop(pid);
}

TEST(application_in_a_file_cannot_be_verified)
{
	/* One of the folders that Debian's looks in. */
	static const char *const folders[] = { "/lib/optee_armtz", "/usr/lib/optee_armtz" };
	char path[100];
	pid_t pid;

	supp_need();
	pid = supplicant_start();
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		FILE *f;

		snprintf(path, sizeof(path), "mkdir -p %s", folders[i]);
		ASSERT_EQ(system(path), 0);
		snprintf(path, sizeof(path), "%s/6f6d6e69-7465-45ff-8000-000000000002.ta",
			 folders[i]);
		f = fopen(path, "w");
		ASSERT(f);
		for (int n = 0; n < 5000; n++)
			fputc(n, f);
		fclose(f);
	}
	EXPECT_EQ(open_loadable(2), TEE_ERROR_SECURITY);
	EXPECT_EQ(world_counter(SIM_COUNTER_RPC_MEMORY), 0);
	supplicant_stop(pid);
}
