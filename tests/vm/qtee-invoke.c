// SPDX-License-Identifier: BSD-2-Clause
/* Invocations of QTEE's objects: what arrives and comes back, and what is refused. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client.h"
#include "harness.h"
#include "qtee.h"
#include "world.h"

#define PAGE		4096
#define KIND_MAX	QTEE_ARGS_MAX

static struct tee_ioctl_param ubuf_in(const void *va, uint64_t size)
{
	return (struct tee_ioctl_param)UBUF_IN(va, size);
}

static struct tee_ioctl_param ubuf_out(void *va, uint64_t size)
{
	return (struct tee_ioctl_param)UBUF_OUT(va, size);
}

TEST(device_says_what_it_is)
{
	struct tee_ioctl_version_data v;
	int fd = qtee_device();

	ASSERT_RC(tee_version(fd, &v), 0);
	EXPECT_EQ(v.impl_id, TEE_IMPL_ID_QTEE);
	EXPECT_EQ(v.impl_caps, 0);
	EXPECT_EQ(v.gen_caps, TEE_GEN_CAP_OBJREF);
	close(fd);
}

TEST(client_registers_with_credentials_and_opens_a_service)
{
	struct qtee_client c;
	uint64_t echo;

	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_NOP, NULL, 0), 0);
	qtee_release(c.fd, echo);
	qtee_client_close(&c);
}

TEST(service_that_is_not_there_is_not_found)
{
	struct qtee_client c;
	uint64_t service;

	qtee_client_open(&c, NULL, 1);
	EXPECT_EQ(qtee_open_uid(c.fd, c.env, 0, &service), QTEE_ENV_NOT_FOUND);
	EXPECT_EQ(qtee_open_uid(c.fd, c.env, 0xdead, &service), QTEE_ENV_NOT_FOUND);
	qtee_client_close(&c);
}

TEST(buffers_of_all_sizes_come_back)
{
	static const size_t sizes[] = { 0, 1, 7, 8, 9, 4000, 4096, 70000 };
	static uint8_t in[70000], out[70000];
	struct qtee_client c;
	uint64_t echo;

	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct tee_ioctl_param p[] = { ubuf_in(in, sizes[i]), ubuf_out(out, sizes[i]) };

		memset(in, 0x40 + i, sizeof(in));
		memset(out, 0, sizeof(out));
		EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 2), 0);
		EXPECT_EQ(p[1].b, sizes[i]);
		EXPECT_EQ(memcmp(in, out, sizes[i]), 0);
		EXPECT_EQ(out[sizes[i] < sizeof(out) ? sizes[i] : 0],
			  sizes[i] < sizeof(out) ? 0 : in[0]);
	}
	qtee_client_close(&c);
}

TEST(parameters_may_come_in_any_order)
{
	struct qtee_client c;
	uint8_t out[2][8] = { 0 };
	uint64_t echo;

	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	struct tee_ioctl_param p[] = {
		OBJECT_OUT, ubuf_out(out[0], 8), OBJECT_TEE(echo), ubuf_in("first", 5),
		ubuf_out(out[1], 8), ubuf_in("second", 6),
	};
	EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 6), 0);
	EXPECT_EQ(p[1].b, 5);
	EXPECT_EQ(p[4].b, 6);
	EXPECT_EQ(memcmp(out[0], "first", 5), 0);
	EXPECT_EQ(memcmp(out[1], "second", 6), 0);
	EXPECT_EQ(p[0].b, TEE_QTEE_OBJREF_TEE);
	qtee_client_close(&c);
}

TEST(fifteen_of_a_kind_arrive_and_sixteen_are_refused)
{
	struct tee_ioctl_param p[2 * (KIND_MAX + 1)];
	uint8_t out[KIND_MAX + 1];
	struct qtee_client c;
	int32_t ret = 0;
	uint64_t echo;

	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	for (unsigned int i = 0; i < KIND_MAX; i++) {
		p[i] = ubuf_in("fifteen buffers" + i, 1);
		p[KIND_MAX + i] = ubuf_out(out + i, 1);
	}
	EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 2 * KIND_MAX), 0);
	EXPECT_EQ(memcmp(out, "fifteen buffers", KIND_MAX), 0);

	for (unsigned int i = 0; i <= KIND_MAX; i++)
		p[i] = ubuf_in(out, 1);
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, p, KIND_MAX + 1, &ret), -EINVAL);
	for (unsigned int i = 0; i <= KIND_MAX; i++)
		p[i] = ubuf_out(out + i, 1);
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, p, KIND_MAX + 1, &ret), -EINVAL);
	for (unsigned int i = 0; i <= KIND_MAX; i++)
		p[i] = (struct tee_ioctl_param)OBJECT_NULL;
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, p, KIND_MAX + 1, &ret), -EINVAL);
	for (unsigned int i = 0; i <= KIND_MAX; i++)
		p[i] = (struct tee_ioctl_param)OBJECT_OUT;
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, p, KIND_MAX + 1, &ret), -EINVAL);
	qtee_client_close(&c);
}

TEST(message_above_four_mebibytes_is_refused)
{
	struct qtee_client c;
	int32_t ret = 0;
	uint64_t echo;
	uint8_t *big;

	big = mmap(NULL, 8 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT(big != MAP_FAILED);
	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	struct tee_ioctl_param p[] = { ubuf_in(big, (4 << 20) - 8), ubuf_in(big, 1) };

	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, p, 2, &ret), -EINVAL);
	p[0].b = 8 << 20;
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, p, 1, &ret), -EINVAL);
	qtee_client_close(&c);
	munmap(big, 8 << 20);
}

TEST(what_is_no_argument_is_refused)
{
	static const uint64_t attrs[] = {
		TEE_IOCTL_PARAM_ATTR_TYPE_NONE,
		TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INPUT,
		TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT,
		TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT,
		TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INOUT,
		TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INOUT,
		TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT | TEE_IOCTL_PARAM_ATTR_META,
		TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT | TEE_IOCTL_PARAM_ATTR_META,
		TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT, 4, 14, 0xff, 0x200,
	};
	struct qtee_client c;
	int32_t ret = 0;
	uint64_t echo;

	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	for (size_t i = 0; i < sizeof(attrs) / sizeof(*attrs); i++) {
		struct tee_ioctl_param p = { .attr = attrs[i], .c = TEE_MEMREF_NULL };

		EXPECT_MSG(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, &p, 1, &ret) == -EINVAL,
			   "attr %#llx is not refused", (unsigned long long)attrs[i]);
	}
	EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_NOP, NULL, 0), 0);
	qtee_client_close(&c);
}

static int raw_invoke(int fd, const void *arg, uint64_t size)
{
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)arg, .buf_len = size };

	return ioctl(fd, TEE_IOC_OBJECT_INVOKE, &buf) ? -errno : 0;
}

TEST(frames_of_the_wrong_size_are_refused)
{
	struct {
		struct tee_ioctl_object_invoke_arg arg;
		struct tee_ioctl_param params[1];
	} call = { .arg = { .id = TEE_OBJREF_NULL, .num_params = 1 } };
	int fd = qtee_device();

	/* Operation 0 of the root object with an argument that is none. */
	EXPECT_RC(raw_invoke(fd, &call, sizeof(call)), -EINVAL);
	call.params[0].attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT;
	EXPECT_RC(raw_invoke(fd, &call, sizeof(call)), 0);
	EXPECT_RC(raw_invoke(fd, &call, sizeof(call) - 1), -EINVAL);
	EXPECT_RC(raw_invoke(fd, &call, sizeof(call) + 1), -EINVAL);
	EXPECT_RC(raw_invoke(fd, &call, sizeof(call.arg) - 1), -EINVAL);
	EXPECT_RC(raw_invoke(fd, &call, 4097), -EINVAL);
	EXPECT_RC(raw_invoke(fd, &call, 0), -EINVAL);
	call.arg.num_params = UINT32_MAX;
	EXPECT_RC(raw_invoke(fd, &call, sizeof(call)), -EINVAL);
	EXPECT_RC(raw_invoke(fd, (void *)8, sizeof(call)), -EFAULT);
	EXPECT_RC(ioctl(fd, TEE_IOC_OBJECT_INVOKE, (void *)8) ? -errno : 0, -EFAULT);
	close(fd);
}

TEST(buffers_that_cannot_be_read_are_a_fault)
{
	struct qtee_client c;
	uint8_t *gone;
	int32_t ret = 0;
	uint64_t echo;

	gone = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	struct tee_ioctl_param p[] = { ubuf_in(gone, 8), OBJECT_USER(7) };

	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, p, 2, &ret), -EFAULT);
	/* Of the kernel. */
	p[0].a = 0xffff800000000000;
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, p, 2, &ret), -EFAULT);
	qtee_client_close(&c);
}

TEST(result_that_cannot_be_written_leaves_no_objects)
{
	struct tee_ioctl_param p[] = { UBUF_IN("x", 1), UBUF_OUT(0, 1), OBJECT_TEE(0), OBJECT_OUT };
	struct qtee_client c;
	uint64_t echo;
	int32_t ret = 0;

	p[1].a = (uintptr_t)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	p[2].a = echo;
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 4, &ret), 0);
	EXPECT_EQ(ret, QTEE_UNAVAIL);
	EXPECT_EQ(p[3].a, 0);
	EXPECT_EQ(p[3].b, 0);
	qtee_client_close(&c);
}

TEST(objects_whose_numbers_cannot_be_written_are_taken_back)
{
	struct {
		struct tee_ioctl_object_invoke_arg arg;
		struct tee_ioctl_param params[2];
	} *call;
	struct tee_ioctl_buf_data buf = { .buf_len = sizeof(*call) };
	struct tee_ioctl_param p = OBJECT_OUT;
	struct qtee_client c;
	uint64_t counter, next;
	uint8_t *page;

	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	qtee_client_open(&c, NULL, 1);
	counter = qtee_service(&c, QTEE_UID_COUNTER);
	call = (void *)page;
	call->arg.id = counter;
	call->arg.op = QTEE_COUNTER_NEW;
	call->arg.num_params = 1;
	call->params[0] = p;
	buf.buf_ptr = (uintptr_t)call;
	buf.buf_len = sizeof(call->arg) + sizeof(*call->params);
	ASSERT_EQ(mprotect(page, PAGE, PROT_READ), 0);
	EXPECT_RC(ioctl(c.fd, TEE_IOC_OBJECT_INVOKE, &buf) ? -errno : 0, -EFAULT);
	/* The lowest free number is given out: had the lost object one, this would be another. */
	ASSERT_EQ(qtee_must_invoke(c.fd, counter, QTEE_COUNTER_NEW, &p, 1), 0);
	next = p.a;
	EXPECT_EQ(next, counter + 1);
	qtee_client_close(&c);
}

TEST(object_of_nobody_is_refused)
{
	struct qtee_client c, other;
	int32_t ret = 0;
	uint64_t echo;

	qtee_client_open(&c, NULL, 1);
	qtee_client_open(&other, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	struct tee_ioctl_param p[] = { OBJECT_TEE(echo), OBJECT_OUT };

	EXPECT_RC(qtee_invoke(c.fd, echo + 100, QTEE_ECHO_NOP, NULL, 0, &ret), -EINVAL);
	EXPECT_RC(qtee_invoke(c.fd, echo + (1ULL << 32), QTEE_ECHO_NOP, NULL, 0, &ret), -EINVAL);
	/* The other context has one object, its environment. */
	EXPECT_RC(qtee_invoke(other.fd, echo, QTEE_ECHO_NOP, NULL, 0, &ret), -EINVAL);
	EXPECT_RC(qtee_invoke(other.fd, other.env, QTEE_OP_ENV_OPEN, p, 2, &ret), -EINVAL);
	p[0].a = 100;
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 2, &ret), -EINVAL);
	p[0].b = 0;
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 2, &ret), -EINVAL);
	p[0].b = TEE_QTEE_OBJREF_MEM;
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 2, &ret), -EINVAL);
	p[0].a = TEE_OBJREF_NULL;
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_ALL, p, 2, &ret), 0);
	EXPECT_EQ(p[1].a, TEE_OBJREF_NULL);
	qtee_client_close(&other);
	qtee_client_close(&c);
}

TEST(operations_of_the_transport_are_refused)
{
	static const uint32_t ops[] = { 0x10000, 0x10001, 0xffffffff, QTEE_OP_RETAIN, 0x1fffe };
	struct qtee_client c;
	int32_t ret = 0;
	uint64_t echo;

	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		EXPECT_MSG(qtee_invoke(c.fd, echo, ops[i], NULL, 0, &ret) == -EINVAL,
			   "op %#x is not refused", ops[i]);
	qtee_client_close(&c);
}

TEST(release_always_succeeds_and_says_so)
{
	struct qtee_client c;
	int32_t ret = 7;
	uint64_t echo;

	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_OP_RELEASE, NULL, 0, &ret), 0);
	EXPECT_EQ(ret, 0);
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_OP_RELEASE, NULL, 0, &ret), 0);
	EXPECT_RC(qtee_invoke(c.fd, echo, QTEE_ECHO_NOP, NULL, 0, &ret), -EINVAL);
	qtee_client_close(&c);
}

/* What only the kernel may ask of the root object, in whatever order and by whatever way. */
TEST(registration_of_the_kernel_is_refused_in_every_disguise)
{
	struct tee_ioctl_param plain[] = { OBJECT_NULL, OBJECT_OUT };
	struct tee_ioctl_param swapped[] = { OBJECT_OUT, OBJECT_NULL };
	struct tee_ioctl_param flagged[] = {
		OBJECT_IN(TEE_OBJREF_NULL, TEE_QTEE_OBJREF_USER | TEE_QTEE_OBJREF_TEE), OBJECT_OUT,
	};
	struct tee_ioctl_param empty[] = { UBUF_IN("", 0), OBJECT_NULL, OBJECT_OUT };
	struct tee_ioctl_param more[] = { OBJECT_NULL, OBJECT_OUT, OBJECT_OUT };
	struct tee_ioctl_param second[] = { OBJECT_USER(1), OBJECT_NULL, OBJECT_OUT };
	struct tee_ioctl_param none[] = { OBJECT_OUT };
	static const uint32_t other[] = {
		QTEE_OP_ROOT_NOTIFY_DOMAIN, QTEE_OP_ROOT_ADCI_ACCEPT, QTEE_OP_ROOT_ADCI_SHUTDOWN,
	};
	static const uint32_t bits[] = { 0, 0x4000, 0x8000, 0xc000 };
	int fd = qtee_device();
	int32_t ret = 0;

	for (unsigned int i = 0; i < sizeof(bits) / sizeof(*bits); i++) {
		uint32_t op = QTEE_OP_ROOT_REGISTER_CREDENTIALS | bits[i];

		EXPECT_RC(qtee_invoke(fd, TEE_OBJREF_NULL, op, plain, 2, &ret), -EINVAL);
		for (unsigned int j = 0; j < 3; j++)
			EXPECT_RC(qtee_invoke(fd, TEE_OBJREF_NULL, other[j] | bits[i], NULL, 0,
					      &ret), -EINVAL);
	}
	EXPECT_RC(qtee_invoke(fd, TEE_OBJREF_NULL, 0x10005, plain, 2, &ret), -EINVAL);
	EXPECT_RC(qtee_invoke(fd, TEE_OBJREF_NULL, 5, flagged, 2, &ret), -EINVAL);
	EXPECT_RC(qtee_invoke(fd, TEE_OBJREF_NULL, 5, swapped, 2, &ret), -EINVAL);
	EXPECT_RC(qtee_invoke(fd, TEE_OBJREF_NULL, 5, empty, 3, &ret), -EINVAL);
	EXPECT_RC(qtee_invoke(fd, TEE_OBJREF_NULL, 5, more, 3, &ret), -EINVAL);
	EXPECT_RC(qtee_invoke(fd, TEE_OBJREF_NULL, 5, second, 3, &ret), -EINVAL);
	EXPECT_RC(qtee_invoke(fd, TEE_OBJREF_NULL, 5, none, 1, &ret), -EINVAL);
	close(fd);
}

TEST(result_of_an_object_comes_back_unchanged)
{
	static const int32_t results[] = { 1, 10, 0x0afafafa, -90, -96, -1, INT32_MIN };
	struct qtee_client c;
	uint64_t echo;

	qtee_client_open(&c, NULL, 1);
	echo = qtee_service(&c, QTEE_UID_ECHO);
	for (size_t i = 0; i < sizeof(results) / sizeof(*results); i++) {
		struct tee_ioctl_param p = UBUF_IN(&results[i], sizeof(results[i]));

		EXPECT_EQ(qtee_must_invoke(c.fd, echo, QTEE_ECHO_RESULT, &p, 1), results[i]);
	}
	qtee_client_close(&c);
}

TEST(each_object_that_is_given_has_a_number_of_its_own)
{
	struct tee_ioctl_param self = OBJECT_OUT;
	uint32_t one = 1, sum = 0;
	struct tee_ioctl_param add[] = { UBUF_IN(&one, 4), UBUF_OUT(&sum, 4) };
	struct qtee_client c;
	uint64_t counter;

	qtee_client_open(&c, NULL, 1);
	counter = qtee_service(&c, QTEE_UID_COUNTER);
	ASSERT_EQ(qtee_must_invoke(c.fd, counter, QTEE_COUNTER_SELF, &self, 1), 0);
	EXPECT_NE(self.a, counter);
	ASSERT_EQ(qtee_must_invoke(c.fd, counter, QTEE_COUNTER_ADD, add, 2), 0);
	qtee_release(c.fd, counter);
	ASSERT_EQ(qtee_must_invoke(c.fd, self.a, QTEE_COUNTER_ADD, add, 2), 0);
	EXPECT_EQ(sum, 2);
	qtee_client_close(&c);
}

TEST(session_calls_are_not_for_objects)
{
	uint32_t words[16] = { 0 };
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)words, .buf_len = 24 };
	int fd = qtee_device();
	struct tee_buf shm;
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT_RC(ioctl(fd, TEE_IOC_INVOKE, &buf) ? -errno : 0, -EINVAL);
	buf.buf_len = 56;
	EXPECT_RC(ioctl(fd, TEE_IOC_OPEN_SESSION, &buf) ? -errno : 0, -EINVAL);
	EXPECT_RC(tee_close_session(fd, 1), -EINVAL);
	EXPECT_RC(tee_cancel(fd, 1), -EINVAL);
	EXPECT_LE(tee_register(fd, page, PAGE, &shm), -1);
	close(fd);
}
