// SPDX-License-Identifier: BSD-2-Clause
/* TEE_IOC_VERSION, the device nodes and their attributes. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "harness.h"
#include "supplicant.h"

TEST(client_node_says_optee)
{
	struct tee_ioctl_version_data v = { 0 };

	ASSERT_RC(tee_version(client_device(), &v), 0);
	EXPECT_EQ(v.impl_id, TEE_IMPL_ID_OPTEE);
	EXPECT_EQ(v.impl_caps, TEE_OPTEE_CAP_TZ);
}

TEST(client_node_has_the_capabilities_of_the_secure_world)
{
	struct tee_ioctl_version_data v = { 0 };

	ASSERT_RC(tee_version(client_device(), &v), 0);
	EXPECT_EQ(v.gen_caps, TEE_GEN_CAP_GP | TEE_GEN_CAP_REG_MEM | TEE_GEN_CAP_MEMREF_NULL);
}

TEST(supplicant_node_is_privileged)
{
	struct tee_ioctl_version_data v = { 0 };
	int fd = supp_open();

	client_device();
	ASSERT_GE(fd, 0);
	ASSERT_RC(tee_version(fd, &v), 0);
	EXPECT_EQ(v.impl_id, TEE_IMPL_ID_OPTEE);
	EXPECT(v.gen_caps & TEE_GEN_CAP_PRIVILEGED);
}

TEST(result_to_unmapped_memory_is_a_fault)
{
	EXPECT_RC(tee_version(client_device(), (void *)8), -EFAULT);
}

TEST(result_to_read_only_memory_is_a_fault)
{
	static const struct tee_ioctl_version_data v = { 1, 2, 3 };

	EXPECT_RC(tee_version(client_device(), (void *)(uintptr_t)&v), -EFAULT);
}

TEST(unknown_ioctls_are_invalid)
{
	int fd = client_device();
	uint8_t room[64] = { 0 };

	/* The number after the last one, another type, another size, another direction. */
	static const unsigned long unknown[] = {
		_IOR(TEE_IOC_MAGIC, 11, struct tee_ioctl_buf_data),
		_IOR(TEE_IOC_MAGIC, 255, struct tee_ioctl_buf_data),
		_IOR(TEE_IOC_MAGIC + 1, 0, struct tee_ioctl_version_data),
		_IOR(TEE_IOC_MAGIC, 0, struct tee_ioctl_buf_data),
		_IOW(TEE_IOC_MAGIC, 0, struct tee_ioctl_version_data),
		_IO(TEE_IOC_MAGIC, 0),
		0x5401, /* TCGETS */
	};

	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++)
		EXPECT_MSG(ioctl(fd, unknown[i], room) < 0 && errno == EINVAL,
			   "ioctl 0x%lx: %s, want -EINVAL", unknown[i], result_name(-errno));
}

TEST(ioctl_numbers_are_those_of_the_sheet)
{
	client_device();
	EXPECT_EQ((uint32_t)TEE_IOC_VERSION, 0x800ca400u);
	EXPECT_EQ((uint32_t)TEE_IOC_SHM_ALLOC, 0xc010a401u);
	EXPECT_EQ((uint32_t)TEE_IOC_OPEN_SESSION, 0x8010a402u);
	EXPECT_EQ((uint32_t)TEE_IOC_INVOKE, 0x8010a403u);
	EXPECT_EQ((uint32_t)TEE_IOC_CANCEL, 0x8008a404u);
	EXPECT_EQ((uint32_t)TEE_IOC_CLOSE_SESSION, 0x8004a405u);
	EXPECT_EQ((uint32_t)TEE_IOC_SUPPL_RECV, 0x8010a406u);
	EXPECT_EQ((uint32_t)TEE_IOC_SUPPL_SEND, 0x8010a407u);
	EXPECT_EQ((uint32_t)TEE_IOC_SHM_REGISTER_FD, 0xc018a408u);
	EXPECT_EQ((uint32_t)TEE_IOC_SHM_REGISTER, 0xc018a409u);
	EXPECT_EQ((uint32_t)TEE_IOC_OBJECT_INVOKE, 0x8010a40au);
}

TEST(object_invoke_is_invalid_on_optee)
{
	struct {
		struct tee_ioctl_object_invoke_arg arg;
	} o = { { .id = TEE_OBJREF_NULL } };
	struct tee_ioctl_buf_data buf = { (uintptr_t)&o, sizeof(o) };
	int fd = client_device();

	EXPECT_RC(ioctl(fd, TEE_IOC_OBJECT_INVOKE, &buf) ? -errno : 0, -EINVAL);
}

TEST(supplicant_calls_are_invalid_on_the_client_node)
{
	struct {
		struct tee_iocl_supp_recv_arg arg;
		struct tee_ioctl_param params[5];
	} recv = { { .num_params = 5 }, { { 0 } } };
	struct tee_ioctl_buf_data buf = { (uintptr_t)&recv, sizeof(recv) };
	int fd = client_device();

	EXPECT_RC(ioctl(fd, TEE_IOC_SUPPL_RECV, &buf) ? -errno : 0, -EINVAL);
	EXPECT_RC(ioctl(fd, TEE_IOC_SUPPL_SEND, &buf) ? -errno : 0, -EINVAL);
}

TEST(client_calls_are_invalid_on_the_supplicant_node)
{
	struct tee_open o = { .uuid = APP_ECHO_UUID };
	struct tee_answer answer;
	int fd;

	client_device();
	fd = supp_open();
	ASSERT_GE(fd, 0);
	EXPECT_RC(tee_open_session(fd, &o, NULL, 0, &answer), -EINVAL);
	EXPECT_RC(tee_invoke(fd, 1, 0, NULL, 0, &answer), -EINVAL);
	EXPECT_RC(tee_close_session(fd, 1), -EINVAL);
	EXPECT_RC(tee_cancel(fd, 1), -EINVAL);
}

static void attribute(const char *path, const char *want)
{
	char text[64] = "";
	FILE *f = fopen(path, "r");

	ASSERT_MSG(f, "%s: %s", path, strerror(errno));
	ASSERT(fgets(text, sizeof(text), f));
	EXPECT_MSG(!strcmp(text, want), "%s reads '%s'", path, text);
	fclose(f);
}

TEST(implementation_id_attribute_is_decimal)
{
	client_device();
	attribute("/sys/class/tee/tee0/implementation_id", "1\n");
	attribute("/sys/class/tee/teepriv0/implementation_id", "1\n");
}

TEST(rpmb_routing_model_attribute_says_who_has_the_frames)
{
	client_device();
	if (modules_are_stock() && access("/sys/class/tee/tee0/rpmb_routing_model", F_OK))
		SKIP("the packaged driver has no such attribute");
	attribute("/sys/class/tee/tee0/rpmb_routing_model", "user\n");
	attribute("/sys/class/tee/teepriv0/rpmb_routing_model", "user\n");
}

TEST(nodes_have_one_major_and_minors_in_two_halves)
{
	struct stat client, priv;

	client_device();
	ASSERT_EQ(stat("/dev/tee0", &client), 0);
	ASSERT_EQ(stat("/dev/teepriv0", &priv), 0);
	EXPECT(S_ISCHR(client.st_mode));
	EXPECT_EQ(client.st_rdev >> 8, priv.st_rdev >> 8);
	EXPECT_EQ(client.st_rdev & 0xff, 0);
	EXPECT_EQ(priv.st_rdev & 0xff, 16);
}

TEST(uevent_names_the_node)
{
	char line[64];
	int found = 0;
	FILE *f;

	client_device();
	f = fopen("/sys/class/tee/tee0/uevent", "r");
	ASSERT(f);
	while (fgets(line, sizeof(line), f))
		found |= !strcmp(line, "DEVNAME=tee0\n");
	EXPECT(found);
	fclose(f);
}

TEST(device_opens_many_times)
{
	struct tee_ioctl_version_data v;
	int fd[64];

	fd[0] = client_device();
	for (int i = 1; i < 64; i++)
		fd[i] = client_device();
	for (int i = 0; i < 64; i++)
		EXPECT_RC(tee_version(fd[i], &v), 0);
}
