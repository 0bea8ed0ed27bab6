// SPDX-License-Identifier: BSD-2-Clause
/* What the root object, and whatever it gives, does for the kernel alone: no way of a process leads there. */
#include <errno.h>
#include <unistd.h>

#include "harness.h"
#include "qtee.h"
#include "world.h"

#define CALLEE	77

static const uint32_t privileged = QTEE_UID_PRIVILEGED;

/* An object by which QTEE means its root. */
static void is_refused(int fd, uint64_t root)
{
	static const uint32_t ops[] = {
		QTEE_OP_ROOT_NOTIFY_DOMAIN, QTEE_OP_ROOT_ADCI_ACCEPT, QTEE_OP_ROOT_ADCI_SHUTDOWN,
	};
	struct tee_ioctl_param p[] = { OBJECT_NULL, OBJECT_OUT };
	int32_t ret = 0;

	EXPECT_RC(qtee_invoke(fd, root, QTEE_OP_ROOT_REGISTER_CREDENTIALS, p, 2, &ret), -EINVAL);
	for (unsigned int i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		EXPECT_RC(qtee_invoke(fd, root, ops[i], NULL, 0, &ret), -EINVAL);
	/* It is the root, and does what everybody may ask. */
	ASSERT_EQ(qtee_must_invoke(fd, root, QTEE_OP_ROOT_REGISTER, p, 2), 0);
	qtee_release(fd, p[1].a);
	qtee_release(fd, root);
}

static int32_t serve(struct qtee_server *s, struct qtee_request *r)
{
	if (r->num != 1 || r->params[0].b != TEE_QTEE_OBJREF_TEE)
		return QTEE_INVALID;
	is_refused(s->fd, r->params[0].a);
	return 0;
}

/* As a result, and as what a callee is given. */
TEST(object_that_is_the_root_refuses_what_the_root_does)
{
	struct tee_ioctl_param p[] = { OBJECT_NULL, OBJECT_OUT };
	uint32_t op = 1;
	struct tee_ioctl_param call[] = {
		UBUF_IN(&op, sizeof(op)), OBJECT_USER(CALLEE), OBJECT_NULL,
	};
	struct qtee_client c;
	uint64_t echo, caller;

	world_need();
	if (modules_are_stock())
		SKIP("the packaged driver knows the root by one name");
	qtee_client_open(&c, serve, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	world_fault(SIM_FAULT_QTEE_OO, 1, QTEE_OBJECT_ROOT);
	ASSERT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 2), 0);
	ASSERT_EQ(p[1].b, TEE_QTEE_OBJREF_TEE);
	is_refused(c.fd, p[1].a);
	world_fault(SIM_FAULT_QTEE_CB_IO, 1, QTEE_OBJECT_ROOT);
	EXPECT_EQ(qtee_must_invoke(c.fd, caller, QTEE_CALLER_FORWARD, call, 3), 0);
	qtee_client_close(&c);
}

/* Registers in some way; whether that gave an environment, which does not open the kernel's service. */
static unsigned int is_registered(int fd, uint32_t op, const struct tee_ioctl_param *in, unsigned int num)
{
	struct tee_ioctl_param p[3];
	uint64_t service;
	int32_t ret = 0;

	for (unsigned int i = 0; i < num; i++)
		p[i] = in[i];
	p[num] = (struct tee_ioctl_param)OBJECT_OUT;
	if (qtee_invoke(fd, TEE_OBJREF_NULL, op, p, num + 1, &ret) || ret)
		return 0;
	EXPECT_EQ(p[num].b, TEE_QTEE_OBJREF_TEE);
	EXPECT_MSG(qtee_open_uid(fd, p[num].a, privileged, &service) == QTEE_ENV_PRIVILEGE,
		   "an environment by operation %u opens what is the kernel's", op);
	qtee_release(fd, p[num].a);
	return 1;
}

TEST(no_environment_of_a_process_opens_the_kernels_service)
{
	/* A map: uid 0, and a time. */
	static const uint8_t octets[] = { 0xa2, 0x01, 0x00, 0x06, 0x1a, 0x00, 0x01, 0x00, 0x00 };
	const struct tee_ioctl_param written[] = { UBUF_IN(octets, sizeof(octets)) };
	const struct tee_ioctl_param object[] = { OBJECT_USER(QTEE_CREDENTIALS) };
	const struct tee_ioctl_param none[] = { OBJECT_NULL };
	const struct tee_ioctl_param listed[] = {
		UBUF_IN(&privileged, sizeof(privileged)), OBJECT_USER(QTEE_CREDENTIALS),
	};
	const struct tee_ioctl_param listed_alone[] = {
		UBUF_IN(&privileged, sizeof(privileged)), OBJECT_NULL,
	};
	struct qtee_client c;
	uint64_t service;

	qtee_client_open(&c, NULL, 1);
	EXPECT_EQ(qtee_open_uid(c.fd, c.env, privileged, &service), QTEE_ENV_PRIVILEGE);
	EXPECT_EQ(is_registered(c.fd, QTEE_OP_ROOT_REGISTER_LEGACY, written, 1), 1);
	EXPECT_EQ(is_registered(c.fd, QTEE_OP_ROOT_REGISTER, object, 1), 1);
	EXPECT_EQ(is_registered(c.fd, QTEE_OP_ROOT_REGISTER, none, 1), 1);
	EXPECT_EQ(is_registered(c.fd, QTEE_OP_ROOT_REGISTER_WHITELIST, listed, 2), 1);
	EXPECT_EQ(is_registered(c.fd, QTEE_OP_ROOT_REGISTER_WHITELIST, listed_alone, 2), 1);
	EXPECT_EQ(is_registered(c.fd, QTEE_OP_ROOT_REGISTER_CREDENTIALS, object, 1), 1);
	EXPECT_EQ(is_registered(c.fd, QTEE_OP_ROOT_REGISTER_CREDENTIALS, none, 1), 0);
	qtee_client_close(&c);
}
