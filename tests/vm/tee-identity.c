// SPDX-License-Identifier: BSD-2-Clause
/* Who the application believes the client is. Vectors are typed from the specification. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

#include "client.h"
#include "harness.h"

#define UID_0	"ef0180a313f35d1cb7f5888c0e21059a"
#define UID_3E8	"fc34275cd8dd5ba7968b504718363b87"
#define GID_0	"d93bc168f86358d3a1febb2039421b99"
#define GID_3E8	"0ece43ed001d51bdbab7480c8954c3cf"
#define GID_1B	"30b6f4b2b50951daafb75ef7d73dd901"
#define NIL	"00000000000000000000000000000000"

static int open_as(int fd, uint32_t login, uint32_t gid, uint32_t *session)
{
	struct tee_open o = { .uuid = APP_ECHO_UUID, .login = login };
	struct tee_answer answer = { 0 };
	int rc;

	memcpy(o.client, &gid, sizeof(gid));
	rc = tee_open_session(fd, &o, NULL, 0, &answer);
	if (!rc)
		ASSERT_EQ(answer.ret, TEE_SUCCESS);
	*session = o.session;
	return rc;
}

/* Opens a session with @login and compares what the application was told. */
static void identity(int fd, uint32_t login, uint32_t gid, const char *want)
{
	struct tee_ioctl_param p[2] = { VALUE_OUT };
	struct client echo = { .fd = fd };
	struct tee_buf buf;
	char got[33];

	ASSERT_RC(open_as(fd, login, gid, &echo.session), 0);
	client_alloc(fd, 4096, &buf);
	p[1] = (struct tee_ioctl_param)MEMREF(OUTPUT, buf.id, 0, 16);
	client_invoke(&echo, ECHO_CMD_IDENTITY, p, 2);
	for (int i = 0; i < 16; i++)
		snprintf(got + 2 * i, 3, "%02x", buf.va[i]);
	EXPECT_EQ(p[0].a, login);
	EXPECT_MSG(!strcmp(got, want), "login %u: client is %s, want %s", login, got, want);
	ASSERT_RC(tee_close_session(fd, echo.session), 0);
	tee_free(&buf);
}

static void become(uid_t uid, gid_t gid, const gid_t *groups, size_t num_groups)
{
	ASSERT_EQ(setgroups(num_groups, groups), 0);
	ASSERT_EQ(setresgid(gid, gid, gid), 0);
	ASSERT_EQ(setresuid(uid, uid, uid), 0);
}

TEST(public_client_is_nil)
{
	identity(client_device(), TEE_IOCTL_LOGIN_PUBLIC, 0, NIL);
}

TEST(public_client_cannot_name_itself)
{
	/* The carrier of the group id is no identity of its own. */
	identity(client_device(), TEE_IOCTL_LOGIN_PUBLIC, 0x12345678, NIL);
}

TEST(user_0_has_its_vector)
{
	identity(client_device(), TEE_IOCTL_LOGIN_USER, 0, UID_0);
}

TEST(user_1000_has_its_vector)
{
	int fd = client_device();

	become(1000, 1000, NULL, 0);
	identity(fd, TEE_IOCTL_LOGIN_USER, 0, UID_3E8);
}

TEST(effective_user_counts)
{
	int fd = client_device();

	ASSERT_EQ(setresuid(0, 1000, 0), 0);
	identity(fd, TEE_IOCTL_LOGIN_USER, 0, UID_3E8);
}

TEST(user_is_taken_when_the_session_opens)
{
	int fd = client_device();

	identity(fd, TEE_IOCTL_LOGIN_USER, 0, UID_0);
	become(1000, 1000, NULL, 0);
	identity(fd, TEE_IOCTL_LOGIN_USER, 0, UID_3E8);
}

TEST(group_0_has_its_vector)
{
	identity(client_device(), TEE_IOCTL_LOGIN_GROUP, 0, GID_0);
}

TEST(group_1000_has_its_vector)
{
	int fd = client_device();

	become(1000, 1000, NULL, 0);
	identity(fd, TEE_IOCTL_LOGIN_GROUP, 1000, GID_3E8);
}

TEST(supplementary_group_has_its_vector)
{
	static const gid_t groups[] = { 27, 1000 };
	int fd = client_device();

	become(1000, 100, groups, 2);
	identity(fd, TEE_IOCTL_LOGIN_GROUP, 27, GID_1B);
	identity(fd, TEE_IOCTL_LOGIN_GROUP, 1000, GID_3E8);
}

TEST(group_without_membership_is_not_permitted)
{
	int fd = client_device();
	uint32_t session;

	become(1000, 1000, NULL, 0);
	EXPECT_RC(open_as(fd, TEE_IOCTL_LOGIN_GROUP, 0, &session), -EPERM);
	EXPECT_RC(open_as(fd, TEE_IOCTL_LOGIN_GROUP, 27, &session), -EPERM);
}

TEST(group_that_is_none_is_not_permitted)
{
	uint32_t session;

	EXPECT_RC(open_as(client_device(), TEE_IOCTL_LOGIN_GROUP, (uint32_t)-1, &session), -EPERM);
}

TEST(application_logins_are_unsupported)
{
	int fd = client_device();
	uint32_t session;

	EXPECT_RC(open_as(fd, TEE_IOCTL_LOGIN_APPLICATION, 0, &session), -EINVAL);
	EXPECT_RC(open_as(fd, TEE_IOCTL_LOGIN_USER_APPLICATION, 0, &session), -EINVAL);
	EXPECT_RC(open_as(fd, TEE_IOCTL_LOGIN_GROUP_APPLICATION, 0, &session), -EINVAL);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	ASSERT_MSG(fd >= 0, "%s: %s", path, strerror(errno));
	ASSERT_MSG(write(fd, text, strlen(text)) == (ssize_t)strlen(text), "%s: %s", path,
		   strerror(errno));
	close(fd);
}

/* A user namespace where 0 stands for the kernel's 1000. */
static void enter_namespace(void)
{
	become(1000, 1000, NULL, 0);
	if (unshare(CLONE_NEWUSER))
		SKIP("user namespaces: %s", strerror(errno));
	/* Changing the user took the rights on one's own files in /proc away. */
	prctl(PR_SET_DUMPABLE, 1);
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", "0 1000 1");
	write_file("/proc/self/gid_map", "0 1000 1");
	ASSERT_EQ(geteuid(), 0);
}

TEST(user_of_a_namespace_is_the_one_outside)
{
	int fd = client_device();

	enter_namespace();
	identity(fd, TEE_IOCTL_LOGIN_USER, 0, UID_3E8);
}

TEST(group_of_a_namespace_is_the_one_outside)
{
	int fd = client_device();

	enter_namespace();
	identity(fd, TEE_IOCTL_LOGIN_GROUP, 0, GID_3E8);
}

TEST(group_without_a_mapping_is_not_permitted)
{
	int fd = client_device();
	uint32_t session;

	enter_namespace();
	EXPECT_RC(open_as(fd, TEE_IOCTL_LOGIN_GROUP, 1000, &session), -EPERM);
}
