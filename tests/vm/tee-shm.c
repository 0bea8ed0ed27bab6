// SPDX-License-Identifier: BSD-2-Clause
/* Shared memory objects: allocation, registration, mapping and the life of an id. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "supplicant.h"
#include "world.h"

/* Does the device take this id as a reference of one byte? */
static int use_id(const struct client *params, int id)
{
	struct tee_ioctl_param p = MEMREF(INPUT, id, 0, 1);
	struct tee_answer answer;

	return tee_invoke(params->fd, params->session, PARAMS_CMD_TRANSFORM, &p, 1, &answer);
}

static int alloc_raw(int fd, uint64_t size, uint32_t flags)
{
	struct tee_ioctl_shm_alloc_data data = { .size = size, .flags = flags };
	int rc = ioctl(fd, TEE_IOC_SHM_ALLOC, &data);

	return rc < 0 ? -errno : rc;
}

static int register_raw(int fd, uint64_t addr, uint64_t length, uint32_t flags)
{
	struct tee_ioctl_shm_register_data data = { addr, length, flags, 0 };
	int rc = ioctl(fd, TEE_IOC_SHM_REGISTER, &data);

	return rc < 0 ? -errno : rc;
}

static uint8_t *anonymous(size_t size, int prot)
{
	uint8_t *va = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT(va != MAP_FAILED);
	return va;
}

TEST(allocation_is_rounded_up_to_pages_and_zeroed)
{
	static const size_t sizes[] = { 1, 8, 4095, 4096, 4097, 65536, 1 << 20 };
	int fd = client_device();

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct tee_buf buf;
		size_t bad = 0;

		client_alloc(fd, sizes[i], &buf);
		EXPECT_EQ(buf.size, (sizes[i] + 4095) & ~4095UL);
		for (size_t j = 0; j < buf.size; j++)
			bad += buf.va[j] != 0;
		EXPECT_EQ(bad, 0);
		tee_free(&buf);
	}
}

TEST(allocation_is_told_to_the_secure_world_and_taken_back)
{
	/* Over FF-A it is the partition manager who is told. */
	const bool ffa = optee_is_over_ffa();
	const unsigned int known = ffa ? SIM_COUNTER_FFA_SHARES : SIM_COUNTER_SHM_OBJECTS;
	int fd = client_device();
	struct tee_buf buf;
	uint64_t objects, bytes;

	world_need();
	objects = world_counter(known);
	bytes = world_counter(SIM_COUNTER_SHM_BYTES);
	/* A power of two: older kernels round up to one. */
	client_alloc(fd, 8192, &buf);
	EXPECT_EQ(world_counter(known), objects + 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_SHM_BYTES), bytes + (ffa ? 0 : 8192));
	tee_free(&buf);
	EXPECT(world_wait(known, objects, PATIENCE_MS));
	EXPECT(world_wait(SIM_COUNTER_SHM_BYTES, bytes, PATIENCE_MS));
}

TEST(ids_start_at_one_lowest_free_first)
{
	int fd = client_device();
	struct tee_buf buf[3], again;

	for (int i = 0; i < 3; i++) {
		client_alloc(fd, 4096, &buf[i]);
		EXPECT_EQ(buf[i].id, i + 1);
	}
	tee_free(&buf[1]);
	client_alloc(fd, 4096, &again);
	EXPECT_EQ(again.id, 2);
	tee_free(&again);
	tee_free(&buf[0]);
	tee_free(&buf[2]);
}

TEST(allocation_flags_are_refused)
{
	int fd = client_device();

	EXPECT_RC(alloc_raw(fd, 4096, 1), -EINVAL);
	EXPECT_RC(alloc_raw(fd, 4096, 2), -EINVAL);
	EXPECT_RC(alloc_raw(fd, 4096, 0x80000000), -EINVAL);
}

static void allocation_fails(uint64_t size)
{
	int rc = alloc_raw(client_device(), size, 0);

	EXPECT_MSG(rc == -ENOMEM || rc == -EINVAL, "%llu bytes: %s, want -ENOMEM or -EINVAL",
		   (unsigned long long)size, result_name(rc));
}

TEST(allocation_of_nothing_fails_quietly)
{
	allocation_fails(0);
}

TEST(allocation_whose_rounding_wraps_fails_quietly)
{
	allocation_fails(UINT64_MAX);
}

TEST(allocation_above_the_memory_fails_quietly)
{
	allocation_fails(1ULL << 40);
}

TEST(allocation_of_8_mib_works_or_fails_quietly)
{
	int rc = alloc_raw(client_device(), 8 << 20, 0);

	EXPECT_MSG(rc >= 0 || rc == -ENOMEM || rc == -EINVAL, "%s", result_name(rc));
}

TEST(allocation_from_unmapped_memory_is_a_fault)
{
	EXPECT_RC(ioctl(client_device(), TEE_IOC_SHM_ALLOC, (void *)8) < 0 ? -errno : 0, -EFAULT);
}

TEST(allocation_without_a_free_descriptor_leaves_nothing)
{
	/* Descriptors 0 to 2 are taken. */
	struct rlimit limit = { 3, 3 };
	int fd = client_device();
	uint64_t objects;

	world_need();
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
	EXPECT_RC(alloc_raw(fd, 4096, 0), -EMFILE);
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
}

TEST(allocation_whose_answer_cannot_be_written_leaves_nothing)
{
	struct tee_ioctl_shm_alloc_data *data = (void *)anonymous(4096, PROT_READ | PROT_WRITE);
	int fd = client_device();
	uint64_t objects;

	world_need();
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	data->size = 4096;
	ASSERT_EQ(mprotect(data, 4096, PROT_READ), 0);
	EXPECT_RC(ioctl(fd, TEE_IOC_SHM_ALLOC, data) < 0 ? -errno : 0, -EFAULT);
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
}

/* In /proc/self/smaps: "dd" is left out of core dumps, "de" does not grow. */
TEST(mapping_is_left_out_of_core_dumps)
{
	char line[256], want[32];
	bool found = false;
	struct tee_buf buf;
	FILE *smaps;

	client_alloc(client_device(), 8192, &buf);
	snprintf(want, sizeof(want), "%lx-", (unsigned long)buf.va);
	smaps = fopen("/proc/self/smaps", "r");
	ASSERT(smaps);
	while (fgets(line, sizeof(line), smaps)) {
		if (!strncmp(line, want, strlen(want)))
			found = true;
		if (found && !strncmp(line, "VmFlags:", 8))
			break;
	}
	fclose(smaps);
	ASSERT(found);
	EXPECT_MSG(strstr(line, " dd ") && strstr(line, " de "), "%s", line);
	tee_free(&buf);
}

TEST(mapping_may_be_partial)
{
	struct tee_buf buf;
	uint8_t *part;

	client_alloc(client_device(), 16384, &buf);
	buf.va[8192] = 0x5a;
	part = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, buf.fd, 8192);
	ASSERT(part != MAP_FAILED);
	EXPECT_EQ(*part, 0x5a);
	munmap(part, 4096);
	tee_free(&buf);
}

TEST(mapping_past_the_end_is_refused)
{
	struct tee_buf buf;

	client_alloc(client_device(), 8192, &buf);
	EXPECT(mmap(NULL, 12288, PROT_READ, MAP_SHARED, buf.fd, 0) == MAP_FAILED);
	EXPECT_RC(-errno, -EINVAL);
	EXPECT(mmap(NULL, 8192, PROT_READ, MAP_SHARED, buf.fd, 4096) == MAP_FAILED);
	EXPECT_RC(-errno, -EINVAL);
	EXPECT(mmap(NULL, 4096, PROT_READ, MAP_SHARED, buf.fd, 8192) == MAP_FAILED);
	EXPECT_RC(-errno, -EINVAL);
	EXPECT(mmap(NULL, 4096, PROT_READ, MAP_SHARED, buf.fd, 1L << 60) == MAP_FAILED);
	tee_free(&buf);
}

TEST(registered_memory_cannot_be_mapped)
{
	uint8_t *va = anonymous(8192, PROT_READ | PROT_WRITE);
	struct tee_buf buf;

	client_register(client_device(), va, 8192, &buf);
	EXPECT(mmap(NULL, 4096, PROT_READ, MAP_SHARED, buf.fd, 0) == MAP_FAILED);
	EXPECT_RC(-errno, -EINVAL);
	tee_free(&buf);
}

TEST(descriptor_is_neither_read_nor_written)
{
	struct tee_buf buf;
	char c = 0;

	client_alloc(client_device(), 4096, &buf);
	EXPECT_RC(read(buf.fd, &c, 1) < 0 ? -errno : 0, -EINVAL);
	EXPECT_RC(write(buf.fd, &c, 1) < 0 ? -errno : 0, -EINVAL);
	EXPECT_EQ(fcntl(buf.fd, F_GETFL) & O_ACCMODE, O_RDWR);
	EXPECT_EQ(fcntl(buf.fd, F_GETFD), 0);
	tee_free(&buf);
}

TEST(id_stays_valid_while_a_mapping_lives)
{
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 4096, &buf);
	close(buf.fd);
	EXPECT_RC(use_id(&params, buf.id), 0);
	munmap(buf.va, buf.size);
	EXPECT_RC(use_id(&params, buf.id), -EINVAL);
	client_close(&params);
}

TEST(id_stays_valid_while_a_part_is_mapped)
{
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_alloc(params.fd, 8192, &buf);
	close(buf.fd);
	munmap(buf.va, 4096);
	EXPECT_RC(use_id(&params, buf.id), 0);
	munmap(buf.va + 4096, 4096);
	EXPECT_RC(use_id(&params, buf.id), -EINVAL);
	client_close(&params);
}

TEST(id_stays_valid_while_a_duplicate_is_open)
{
	struct client params;
	struct tee_buf buf;
	int other;

	client_open(&params, app_params);
	client_alloc(params.fd, 4096, &buf);
	other = dup(buf.fd);
	tee_free(&buf);
	EXPECT_RC(use_id(&params, buf.id), 0);
	close(other);
	EXPECT_RC(use_id(&params, buf.id), -EINVAL);
	client_close(&params);
}

TEST(id_of_registered_memory_ends_with_its_descriptor)
{
	uint8_t *va = anonymous(4096, PROT_READ | PROT_WRITE);
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_register(params.fd, va, 4096, &buf);
	EXPECT_RC(use_id(&params, buf.id), 0);
	close(buf.fd);
	EXPECT_RC(use_id(&params, buf.id), -EINVAL);
	client_close(&params);
}

TEST(registered_memory_outlives_its_mapping)
{
	uint8_t *va = anonymous(4096, PROT_READ | PROT_WRITE);
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_register(params.fd, va, 4096, &buf);
	munmap(va, 4096);
	EXPECT_RC(use_id(&params, buf.id), 0);
	close(buf.fd);
	client_close(&params);
}

TEST(registration_keeps_the_exact_length)
{
	uint8_t *va = anonymous(8192, PROT_READ | PROT_WRITE);
	struct client params;
	struct tee_buf buf;

	client_open(&params, app_params);
	client_register(params.fd, va + 5, 4099, &buf);
	EXPECT_EQ(buf.size, 4099);
	tee_free(&buf);
	client_close(&params);
}

TEST(registration_flags_are_refused)
{
	uint8_t *va = anonymous(4096, PROT_READ | PROT_WRITE);

	EXPECT_RC(register_raw(client_device(), (uintptr_t)va, 4096, 1), -EINVAL);
	EXPECT_RC(register_raw(client_device(), (uintptr_t)va, 4096, 0x80000000), -EINVAL);
}

TEST(registration_of_kernel_addresses_is_a_fault)
{
	EXPECT_RC(register_raw(client_device(), 0xffff800000000000, 4096, 0), -EFAULT);
}

TEST(registration_whose_end_wraps_is_a_fault)
{
	uint8_t *va = anonymous(4096, PROT_READ | PROT_WRITE);

	EXPECT_RC(register_raw(client_device(), (uintptr_t)va, UINT64_MAX, 0), -EFAULT);
	EXPECT_RC(register_raw(client_device(), (uintptr_t)va, UINT64_MAX - (uintptr_t)va + 2, 0),
		  -EFAULT);
}

TEST(registration_of_nothing_is_out_of_memory)
{
	uint8_t *va = anonymous(4096, PROT_READ | PROT_WRITE);

	EXPECT_RC(register_raw(client_device(), (uintptr_t)va, 0, 0), -ENOMEM);
}

TEST(context_closes_after_a_registration_of_nothing)
{
	uint8_t *va = anonymous(4096, PROT_READ | PROT_WRITE);
	struct client echo;
	uint64_t sessions;

	world_need();
	sessions = world_counter(SIM_COUNTER_SESSIONS);
	client_open(&echo, app_echo);
	register_raw(echo.fd, (uintptr_t)va, 0, 0);
	close(echo.fd);
	EXPECT(world_wait(SIM_COUNTER_SESSIONS, sessions, PATIENCE_MS));
}

TEST(registration_of_unmapped_memory_fails)
{
	uint8_t *va = anonymous(8192, PROT_READ | PROT_WRITE);
	int rc;

	munmap(va + 4096, 4096);
	rc = register_raw(client_device(), (uintptr_t)va, 8192, 0);
	EXPECT_MSG(rc == -EFAULT || rc == -ENOMEM, "%s, want -EFAULT or -ENOMEM", result_name(rc));
}

TEST(registration_of_read_only_memory_fails)
{
	uint8_t *va = anonymous(4096, PROT_READ);
	int rc = register_raw(client_device(), (uintptr_t)va, 4096, 0);

	EXPECT_MSG(rc == -EFAULT || rc == -ENOMEM, "%s, want -EFAULT or -ENOMEM", result_name(rc));
}

TEST(registration_whose_answer_cannot_be_written_leaves_nothing)
{
	struct tee_ioctl_shm_register_data *data =
		(void *)anonymous(4096, PROT_READ | PROT_WRITE);
	uint8_t *va = anonymous(4096, PROT_READ | PROT_WRITE);
	int fd = client_device();
	uint64_t objects;

	world_need();
	objects = world_counter(SIM_COUNTER_SHM_OBJECTS);
	data->addr = (uintptr_t)va;
	data->length = 4096;
	ASSERT_EQ(mprotect(data, 4096, PROT_READ), 0);
	EXPECT_RC(ioctl(fd, TEE_IOC_SHM_REGISTER, data) < 0 ? -errno : 0, -EFAULT);
	EXPECT(world_wait(SIM_COUNTER_SHM_OBJECTS, objects, PATIENCE_MS));
}

TEST(same_memory_registers_twice)
{
	uint8_t *va = anonymous(4096, PROT_READ | PROT_WRITE);
	struct client params;
	struct tee_buf one, two;

	client_open(&params, app_params);
	client_register(params.fd, va, 4096, &one);
	client_register(params.fd, va, 4096, &two);
	EXPECT_NE(one.id, two.id);
	tee_free(&one);
	EXPECT_RC(use_id(&params, two.id), 0);
	tee_free(&two);
	client_close(&params);
}

TEST(registration_of_a_dma_buf_is_refused_without_one)
{
	struct tee_ioctl_shm_register_fd_data data = { .fd = 0 };

	EXPECT_RC(ioctl(client_device(), TEE_IOC_SHM_REGISTER_FD, &data) < 0 ? -errno : 0,
		  -EINVAL);
}

TEST(client_and_supplicant_nodes_number_their_ids_apart)
{
	struct tee_buf client, supplicant;
	int fd = client_device();
	int priv = supp_open();

	ASSERT_GE(priv, 0);
	client_alloc(fd, 4096, &client);
	client_alloc(priv, 4096, &supplicant);
	EXPECT_EQ(client.id, 1);
	EXPECT_EQ(supplicant.id, 1);
	tee_free(&supplicant);
	tee_free(&client);
	close(priv);
}

TEST(thousand_objects_come_and_go)
{
	uint8_t *va = anonymous(65536, PROT_READ | PROT_WRITE);
	int fd = client_device();

	for (int i = 0; i < 500; i++) {
		struct tee_buf one, two;

		client_alloc(fd, 4096 + i, &one);
		client_register(fd, va + i, 60000, &two);
		tee_free(&one);
		tee_free(&two);
	}
}
