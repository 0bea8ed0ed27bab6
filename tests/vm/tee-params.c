// SPDX-License-Identifier: BSD-2-Clause
/* Parameters of INVOKE: values and the checks at the border of the kernel. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "harness.h"
#include "world.h"

#define HEADER	sizeof(struct tee_ioctl_invoke_arg)
#define PARAM	sizeof(struct tee_ioctl_param)

static union {
	struct tee_ioctl_invoke_arg arg;
	uint8_t room[8192];
} call;

static int framed(int fd, uint64_t len)
{
	struct tee_ioctl_buf_data buf = { (uintptr_t)&call, len };

	return ioctl(fd, TEE_IOC_INVOKE, &buf) ? -errno : 0;
}

static void prepare(uint32_t session, uint32_t func, uint32_t num_params)
{
	memset(&call, 0, sizeof(call));
	call.arg.session = session;
	call.arg.func = func;
	call.arg.num_params = num_params;
}

/* One parameter to a command that takes any. */
static int one(const struct client *c, struct tee_ioctl_param p)
{
	struct tee_answer answer;

	return tee_invoke(c->fd, c->session, PARAMS_CMD_TRANSFORM, &p, 1, &answer);
}

TEST(call_without_parameters_succeeds)
{
	struct client echo;

	client_open(&echo, app_echo);
	client_invoke(&echo, ECHO_CMD_NOP, NULL, 0);
	client_close(&echo);
}

TEST(value_comes_back_unchanged)
{
	struct client echo;

	client_open(&echo, app_echo);
	client_echo(&echo, 0, 0);
	client_echo(&echo, 0xffffffff, 0x80000001);
	client_echo(&echo, 0x12345678, 0x9abcdef0);
	client_close(&echo);
}

TEST(values_of_all_kinds_travel_as_they_should)
{
	struct tee_ioctl_param p[4] = {
		VALUE_IN(5, 7), VALUE_OUT, VALUE_INOUT(0x0000ffff, 0xff00ff00), VALUE_OUT,
	};
	struct client params;

	client_open(&params, app_params);
	client_invoke(&params, PARAMS_CMD_TRANSFORM, p, 4);
	EXPECT_EQ(p[0].a, 5);
	EXPECT_EQ(p[0].b, 7);
	EXPECT_EQ(p[1].a, 12);
	EXPECT_EQ(p[1].b, 1);
	EXPECT_EQ(p[2].a, 0xffff0000);
	EXPECT_EQ(p[2].b, 0x00ff00ff);
	EXPECT_EQ(p[3].a, 12);
	EXPECT_EQ(p[3].b, 3);
	client_close(&params);
}

TEST(types_reach_the_application_in_order)
{
	struct tee_ioctl_param p[4] = { VALUE_IN(1, 2), NO_PARAM, VALUE_INOUT(3, 4), VALUE_OUT };
	struct client params;

	client_open(&params, app_params);
	client_invoke(&params, PARAMS_CMD_TYPES, p, 4);
	EXPECT_EQ(p[3].a, 0x2301);
	EXPECT_EQ(p[3].b, 0);
	client_close(&params);
}

TEST(value_output_reaches_the_application_as_zero)
{
	struct tee_ioctl_param p[2] = { VALUE_OUT, VALUE_OUT };
	struct client params;

	p[0].a = 111;
	p[0].b = 222;
	client_open(&params, app_params);
	client_invoke(&params, PARAMS_CMD_TRANSFORM, p, 2);
	EXPECT_EQ(p[0].a, 0);
	EXPECT_EQ(p[0].b, 0);
	EXPECT_EQ(p[1].a, 0);
	EXPECT_EQ(p[1].b, 1);
	client_close(&params);
}

TEST(result_and_origin_of_the_application_arrive)
{
	static const uint32_t results[] = {
		TEE_ERROR_GENERIC, TEE_ERROR_ACCESS_DENIED, TEE_ERROR_SHORT_BUFFER, 0x12345678,
		0xf0100001, 0xffff3024,
	};
	struct client echo;

	client_open(&echo, app_echo);
	for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
		struct tee_ioctl_param p = VALUE_IN(results[i], 0);
		struct tee_answer answer;

		ASSERT_RC(tee_invoke(echo.fd, echo.session, ECHO_CMD_RESULT, &p, 1, &answer), 0);
		EXPECT_EQ(answer.ret, results[i]);
		EXPECT_EQ(answer.origin, TEE_ORIGIN_TRUSTED_APP);
	}
	client_close(&echo);
}

TEST(types_that_a_command_does_not_take_are_bad_parameters)
{
	struct tee_ioctl_param p[2] = { VALUE_IN(1, 2), VALUE_IN(3, 4) };
	struct tee_answer answer;
	struct client echo;

	client_open(&echo, app_echo);
	ASSERT_RC(tee_invoke(echo.fd, echo.session, ECHO_CMD_VALUE, p, 2, &answer), 0);
	EXPECT_EQ(answer.ret, TEE_ERROR_BAD_PARAMETERS);
	EXPECT_EQ(answer.origin, TEE_ORIGIN_TRUSTED_APP);
	client_close(&echo);
}

TEST(argument_of_the_exact_length_is_taken)
{
	struct client params;

	client_open(&params, app_params);
	for (uint32_t n = 0; n <= 4; n++) {
		prepare(params.session, PARAMS_CMD_TRANSFORM, n);
		EXPECT_RC(framed(params.fd, HEADER + n * PARAM), 0);
		EXPECT_EQ(call.arg.ret, TEE_SUCCESS);
	}
	client_close(&params);
}

TEST(argument_of_another_length_is_refused)
{
	struct client params;

	client_open(&params, app_params);
	prepare(params.session, PARAMS_CMD_TRANSFORM, 2);
	EXPECT_RC(framed(params.fd, HEADER + 2 * PARAM - 1), -EINVAL);
	EXPECT_RC(framed(params.fd, HEADER + 2 * PARAM + 1), -EINVAL);
	EXPECT_RC(framed(params.fd, HEADER + PARAM), -EINVAL);
	EXPECT_RC(framed(params.fd, HEADER - 1), -EINVAL);
	EXPECT_RC(framed(params.fd, 0), -EINVAL);
	client_close(&params);
}

TEST(argument_above_the_maximum_is_refused)
{
	uint32_t n = (client_max_arg() - HEADER) / PARAM + 1;
	struct client params;

	client_open(&params, app_params);
	prepare(params.session, PARAMS_CMD_TRANSFORM, n);
	EXPECT_RC(framed(params.fd, HEADER + n * PARAM), -EINVAL);
	client_close(&params);
}

TEST(parameter_count_that_wraps_is_refused)
{
	struct client params;

	client_open(&params, app_params);
	prepare(params.session, PARAMS_CMD_TRANSFORM, 0x08000000);
	EXPECT_RC(framed(params.fd, HEADER), -EINVAL);
	prepare(params.session, PARAMS_CMD_TRANSFORM, 0xffffffff);
	EXPECT_RC(framed(params.fd, HEADER), -EINVAL);
	client_close(&params);
}

TEST(five_parameters_get_the_answer_of_the_secure_world)
{
	struct tee_ioctl_param p[6] = { NO_PARAM };
	struct tee_answer answer;
	struct client params;

	client_open(&params, app_params);
	for (unsigned int n = 5; n <= 6; n++) {
		ASSERT_RC(tee_invoke(params.fd, params.session, PARAMS_CMD_TRANSFORM, p, n,
				     &answer), 0);
		EXPECT_EQ(answer.ret, TEE_ERROR_BAD_PARAMETERS);
		EXPECT_EQ(answer.origin, TEE_ORIGIN_TEE);
	}
	client_close(&params);
}

TEST(seven_parameters_are_refused_by_the_driver)
{
	struct tee_ioctl_param p[7] = { NO_PARAM };
	struct tee_answer answer;
	struct client params;

	client_open(&params, app_params);
	EXPECT_RC(tee_invoke(params.fd, params.session, PARAMS_CMD_TRANSFORM, p, 7, &answer),
		  -EINVAL);
	client_close(&params);
}

TEST(argument_in_unmapped_memory_is_a_fault)
{
	struct tee_ioctl_buf_data buf = { 8, HEADER };
	int fd = client_device();

	EXPECT_RC(ioctl(fd, TEE_IOC_INVOKE, (void *)8) ? -errno : 0, -EFAULT);
	EXPECT_RC(ioctl(fd, TEE_IOC_INVOKE, &buf) ? -errno : 0, -EFAULT);
}

/* Parameters before the end of what can be read are judged first, however they are copied. */
TEST(first_wrong_parameter_tells_even_if_a_later_one_cannot_be_read)
{
	struct tee_ioctl_invoke_arg *arg;
	struct tee_ioctl_buf_data buf;
	struct client params;
	uint8_t *pages;

	client_open(&params, app_params);
	pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT(pages != MAP_FAILED);
	ASSERT_EQ(munmap(pages + 4096, 4096), 0);
	/* Two of four can be read. */
	arg = (void *)(pages + 4096 - HEADER - 2 * sizeof(struct tee_ioctl_param));
	arg->session = params.session;
	arg->func = PARAMS_CMD_TRANSFORM;
	arg->num_params = 4;
	buf = (struct tee_ioctl_buf_data){
		(uintptr_t)arg, HEADER + 4 * sizeof(struct tee_ioctl_param),
	};
	EXPECT_RC(ioctl(params.fd, TEE_IOC_INVOKE, &buf) ? -errno : 0, -EFAULT);
	arg->params[1].attr = 1ULL << 63;
	EXPECT_RC(ioctl(params.fd, TEE_IOC_INVOKE, &buf) ? -errno : 0, -EINVAL);
	client_close(&params);
	munmap(pages, 4096);
}

TEST(result_to_read_only_memory_is_a_fault_and_the_session_lives)
{
	struct tee_ioctl_invoke_arg *arg;
	struct tee_ioctl_buf_data buf;
	struct client echo;

	client_open(&echo, app_echo);
	arg = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT(arg != MAP_FAILED);
	arg->session = echo.session;
	arg->func = ECHO_CMD_NOP;
	ASSERT_EQ(mprotect(arg, 4096, PROT_READ), 0);
	buf = (struct tee_ioctl_buf_data){ (uintptr_t)arg, HEADER };
	EXPECT_RC(ioctl(echo.fd, TEE_IOC_INVOKE, &buf) ? -errno : 0, -EFAULT);
	client_echo(&echo, 1, 2);
	client_close(&echo);
}

TEST(attribute_bits_outside_the_mask_are_refused)
{
	struct client params;

	client_open(&params, app_params);
	for (unsigned int bit = 9; bit < 64; bit++) {
		struct tee_ioctl_param p = VALUE_IN(1, 2);
		int rc;

		p.attr |= 1ULL << bit;
		rc = one(&params, p);
		EXPECT_MSG(rc == -EINVAL, "bit %u: %s, want -EINVAL", bit, result_name(rc));
	}
	client_close(&params);
}

TEST(types_without_a_meaning_are_refused)
{
	struct client params;

	client_open(&params, app_params);
	for (unsigned int type = 4; type < 256; type++) {
		int rc;

		if (type >= TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT &&
		    type <= TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INOUT)
			continue;
		rc = one(&params, (struct tee_ioctl_param){ .attr = type });
		EXPECT_MSG(rc == -EINVAL, "type %u: %s, want -EINVAL", type, result_name(rc));
	}
	client_close(&params);
}

TEST(user_buffers_and_objects_are_not_for_optee)
{
	struct client params;

	client_open(&params, app_params);
	for (unsigned int type = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT;
	     type <= TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INOUT; type++) {
		int rc = one(&params, (struct tee_ioctl_param){ .attr = type });

		EXPECT_MSG(rc == -EINVAL, "type %u: %s, want -EINVAL", type, result_name(rc));
	}
	client_close(&params);
}

TEST(user_buffer_in_kernel_space_is_a_fault)
{
	struct tee_ioctl_param p = {
		.attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT,
		.a = 0xffff000000000000, .b = 4096,
	};
	struct client params;

	if (modules_are_stock())
		SKIP("this kernel's own subsystem has no user buffer parameters");
	client_open(&params, app_params);
	EXPECT_RC(one(&params, p), -EFAULT);
	client_close(&params);
}

TEST(meta_parameters_are_refused)
{
	struct client params;

	client_open(&params, app_params);
	for (unsigned int type = 0; type <= TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT; type++) {
		int rc = one(&params, (struct tee_ioctl_param){
				.attr = type | TEE_IOCTL_PARAM_ATTR_META });

		EXPECT_MSG(rc == -EINVAL, "type %u with META: %s, want -EINVAL", type,
			   result_name(rc));
	}
	client_close(&params);
}

TEST(refused_call_leaves_the_session_usable)
{
	struct client echo;

	client_open(&echo, app_echo);
	for (int i = 0; i < 100; i++)
		ASSERT_RC(one(&echo, (struct tee_ioctl_param){ .attr = 4 }), -EINVAL);
	client_echo(&echo, 5, 6);
	client_close(&echo);
}
