// SPDX-License-Identifier: BSD-2-Clause
/* libomnitee's Trusted Services over a kernel that the test plays: its system calls end here. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include "abi/tee.h"
#include "lib/omnitee-ts.h"

/* Descriptors: of device n, and of memory. */
#define DEVICE_FD	100
#define MEMORY_FD	500
#define SESSION		7
#define MEMORY_ID	3
#define PAGE		4096

static const uint8_t uuid[OMNITEE_TS_UUID_SIZE] = { 0xdc, 0x1e, 0xef };

/* What is behind each number. */
struct node {
	int error;		/* of open() */
	uint32_t implementation, capabilities;
	int no_session;		/* errno of OPEN_SESSION, 0: it has the service */
};

static struct node nodes[OMNITEE_TS_DEVICES_MAX];
static int open_fds, sessions, mappings;
static int no_memory, no_mapping;	/* errno */
static int call_error;
static struct tee_ioctl_invoke_arg answer;
static uint64_t answer_length;
static struct tee_ioctl_param asked;
static struct tee_ioctl_invoke_arg asked_arg;
static unsigned int calls;
static uint8_t memory[2 * PAGE];
/* The order in which things end: m(emory), s(ession), f(ile). */
static char ends[16];

static void note(char what)
{
	size_t n = strlen(ends);

	if (n + 1 < sizeof(ends))
		ends[n] = what;
}

int __wrap_open(const char *path, int flags, ...);
int __wrap_close(int fd);
int __wrap_ioctl(int fd, unsigned long request, ...);
void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset);
int __wrap_munmap(void *at, size_t size);

static int with_errno(int error)
{
	errno = error;
	return error ? -1 : 0;
}

int __wrap_open(const char *path, int flags, ...)
{
	unsigned int number;

	(void)flags;
	if (sscanf(path, "/dev/tee%u", &number) != 1)
		fail_msg("open %s", path);
	assert_in_range(number, 0, OMNITEE_TS_DEVICES_MAX - 1);
	if (nodes[number].error)
		return with_errno(nodes[number].error);
	open_fds++;
	return DEVICE_FD + (int)number;
}

int __wrap_close(int fd)
{
	if (fd != MEMORY_FD)
		note('f');
	open_fds--;
	return 0;
}

static int version(const struct node *node, struct tee_ioctl_version_data *data)
{
	data->impl_id = node->implementation;
	data->impl_caps = node->capabilities;
	data->gen_caps = 0;
	return 0;
}

static int open_session(const struct node *node, const struct tee_ioctl_buf_data *buf)
{
	struct tee_ioctl_open_session_arg *arg = (void *)(uintptr_t)buf->buf_ptr;

	assert_int_equal(buf->buf_len, sizeof(*arg));
	assert_int_equal(arg->num_params, 0);
	assert_memory_equal(arg->uuid, uuid, sizeof(uuid));
	if (node->no_session)
		return with_errno(node->no_session);
	arg->session = SESSION;
	sessions++;
	return 0;
}

static int alloc(struct tee_ioctl_shm_alloc_data *data)
{
	assert_int_equal(data->flags, 0);
	if (no_memory)
		return with_errno(no_memory);
	data->size = (data->size + PAGE - 1) / PAGE * PAGE;
	data->id = MEMORY_ID;
	open_fds++;
	return MEMORY_FD;
}

static int invoke(const struct tee_ioctl_buf_data *buf)
{
	struct tee_ioctl_invoke_arg *arg = (void *)(uintptr_t)buf->buf_ptr;

	assert_int_equal(buf->buf_len, sizeof(*arg) + sizeof(struct tee_ioctl_param));
	assert_int_equal(arg->num_params, 1);
	calls++;
	asked_arg = *arg;
	asked = arg->params[0];
	if (call_error)
		return with_errno(call_error);
	arg->ret = answer.ret;
	arg->params[0].a = answer_length;
	return 0;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	const struct node *node = &nodes[fd - DEVICE_FD];
	va_list list;
	void *data;

	va_start(list, request);
	data = va_arg(list, void *);
	va_end(list);
	switch (request) {
	case TEE_IOC_VERSION:
		return version(node, data);
	case TEE_IOC_OPEN_SESSION:
		return open_session(node, data);
	case TEE_IOC_SHM_ALLOC:
		return alloc(data);
	case TEE_IOC_INVOKE:
		return invoke(data);
	case TEE_IOC_CLOSE_SESSION:
		assert_int_equal(((struct tee_ioctl_close_session_arg *)data)->session, SESSION);
		note('s');
		sessions--;
		return 0;
	default:
		fail_msg("ioctl %lx", request);
		return -1;
	}
}

void *__wrap_mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	(void)at;
	assert_int_equal(fd, MEMORY_FD);
	assert_int_equal(prot, PROT_READ | PROT_WRITE);
	assert_int_equal(flags, MAP_SHARED);
	assert_int_equal(offset, 0);
	assert_true(size <= sizeof(memory));
	if (no_mapping) {
		with_errno(no_mapping);
		return MAP_FAILED;
	}
	mappings++;
	return memory;
}

int __wrap_munmap(void *at, size_t size)
{
	assert_ptr_equal(at, memory);
	assert_int_equal(size % PAGE, 0);
	note('m');
	mappings--;
	return 0;
}

/* OP-TEE, two partitions without the service, one that has it; gaps between. */
static int begin(void **state)
{
	unsigned int n;

	(void)state;
	for (n = 0; n < OMNITEE_TS_DEVICES_MAX; n++)
		nodes[n] = (struct node){ .error = ENOENT };
	nodes[0] = (struct node){ .implementation = 1 };
	nodes[2] = (struct node){ .implementation = 3, .capabilities = 0x8001,
				  .no_session = ENODEV };
	nodes[3] = (struct node){ .error = EACCES };
	nodes[15] = (struct node){ .implementation = 3, .capabilities = 0x8002 };
	no_memory = 0;
	no_mapping = 0;
	call_error = 0;
	memset(&answer, 0, sizeof(answer));
	answer_length = 0;
	calls = 0;
	memset(ends, 0, sizeof(ends));
	return 0;
}

/* Whatever happened, nothing is left. */
static int end(void **state)
{
	(void)state;
	assert_int_equal(open_fds, 0);
	assert_int_equal(sessions, 0);
	assert_int_equal(mappings, 0);
	return 0;
}

static void devices_are_those_of_partitions(void **state)
{
	struct omnitee_ts_device devices[OMNITEE_TS_DEVICES_MAX];

	(void)state;
	assert_int_equal(omnitee_ts_devices(devices), 2);
	assert_int_equal(devices[0].number, 2);
	assert_int_equal(devices[0].endpoint, 0x8001);
	assert_int_equal(devices[1].number, 15);
	assert_int_equal(devices[1].endpoint, 0x8002);
}

static void first_device_that_has_the_service_is_used(void **state)
{
	struct omnitee_ts_result result;
	struct omnitee_ts *ts = omnitee_ts_open(uuid, 100, &result);
	size_t size;

	(void)state;
	assert_non_null(ts);
	assert_int_equal(result.level, OMNITEE_TS_DONE);
	assert_ptr_equal(omnitee_ts_memory(ts, &size), memory);
	assert_int_equal(size, PAGE);
	/* The device's; that of the memory is closed, as the mapping keeps it. */
	assert_int_equal(open_fds, 1);
	memset(ends, 0, sizeof(ends));
	omnitee_ts_close(ts);
	assert_string_equal(ends, "msf");
	omnitee_ts_close(NULL);
}

static void who_may_not_look_is_told_so(void **state)
{
	struct omnitee_ts_result result;

	(void)state;
	nodes[15].no_session = ENODEV;
	assert_null(omnitee_ts_open(uuid, 100, &result));
	assert_int_equal(result.level, OMNITEE_TS_TRANSPORT);
	assert_int_equal(result.code, EACCES);
	nodes[3].error = ENXIO;
	assert_null(omnitee_ts_open(uuid, 100, &result));
	assert_int_equal(result.code, ENODEV);
	assert_null(omnitee_ts_open_on(0, uuid, 100, &result));
	assert_int_equal(result.code, ENODEV);
}

static void what_fails_half_way_leaves_nothing(void **state)
{
	struct omnitee_ts_result result;

	(void)state;
	no_memory = ENOMEM;
	assert_null(omnitee_ts_open_on(15, uuid, 100, &result));
	assert_int_equal(result.level, OMNITEE_TS_TRANSPORT);
	assert_int_equal(result.code, ENOMEM);
	no_memory = 0;
	no_mapping = EAGAIN;
	assert_null(omnitee_ts_open_on(15, uuid, 100, &result));
	assert_int_equal(result.code, EAGAIN);
	/* end() looks at what is left. */
}

static struct omnitee_ts_result call(struct omnitee_ts *ts, size_t length)
{
	return omnitee_ts_call(ts, 0x102, length);
}

static void result_says_who_answered(void **state)
{
	struct omnitee_ts_result result;
	struct omnitee_ts *ts = omnitee_ts_open_on(15, uuid, 2 * PAGE, &result);

	(void)state;
	answer_length = 20;
	result = call(ts, 8);
	assert_int_equal(result.level, OMNITEE_TS_DONE);
	assert_int_equal(result.length, 20);
	assert_int_equal(asked.attr, TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT);
	assert_int_equal(asked.a, MEMORY_ID);
	assert_int_equal(asked.b, 8);
	assert_int_equal(asked_arg.func, 0x102);
	assert_int_equal(asked_arg.session, SESSION);
	/* The partition did not understand it. */
	call_error = EINVAL;
	result = call(ts, 8);
	assert_int_equal(result.level, OMNITEE_TS_RPC);
	assert_int_equal(result.length, 0);
	/* It never came there. */
	call_error = ECANCELED;
	result = call(ts, 8);
	assert_int_equal(result.level, OMNITEE_TS_TRANSPORT);
	assert_int_equal(result.code, ECANCELED);
	/* The service refuses: a negative number in 32 bits. */
	call_error = 0;
	answer.ret = (uint32_t)-140;
	result = call(ts, 8);
	assert_int_equal(result.level, OMNITEE_TS_SERVICE);
	assert_int_equal(result.code, -140);
	assert_int_equal(result.length, 0);
	omnitee_ts_close(ts);
}

static void lengths_are_those_of_the_memory(void **state)
{
	struct omnitee_ts_result result;
	struct omnitee_ts *ts = omnitee_ts_open_on(15, uuid, PAGE, &result);

	(void)state;
	result = call(ts, PAGE + 1);
	assert_int_equal(result.level, OMNITEE_TS_TRANSPORT);
	assert_int_equal(result.code, EINVAL);
	assert_int_equal(calls, 0);
	answer_length = PAGE;
	assert_int_equal(call(ts, PAGE).length, PAGE);
	/* A driver of the kernel's own may let this through. */
	answer_length = PAGE + 1;
	result = call(ts, PAGE);
	assert_int_equal(result.level, OMNITEE_TS_TRANSPORT);
	assert_int_equal(result.code, EPROTO);
	omnitee_ts_close(ts);
}

static void session_without_memory_names_none(void **state)
{
	struct omnitee_ts_result result;
	struct omnitee_ts *ts = omnitee_ts_open_on(15, uuid, 0, &result);
	size_t size;

	(void)state;
	assert_null(omnitee_ts_memory(ts, &size));
	assert_int_equal(size, 0);
	/* Mainline leaves the memory's id there. */
	answer_length = 5;
	result = call(ts, 0);
	assert_int_equal(result.level, OMNITEE_TS_DONE);
	assert_int_equal(result.length, 0);
	assert_int_equal(asked.a, 0);
	assert_int_equal(call(ts, 1).code, EINVAL);
	memset(ends, 0, sizeof(ends));
	omnitee_ts_close(ts);
	assert_string_equal(ends, "sf");
}

int main(void)
{
#define CASE(name)	cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		CASE(devices_are_those_of_partitions),
		CASE(first_device_that_has_the_service_is_used),
		CASE(who_may_not_look_is_told_so),
		CASE(what_fails_half_way_leaves_nothing),
		CASE(result_says_who_answered),
		CASE(lengths_are_those_of_the_memory),
		CASE(session_without_memory_names_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
