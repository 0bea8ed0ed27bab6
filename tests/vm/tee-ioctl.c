// SPDX-License-Identifier: BSD-2-Clause
/* Every call with every kind of wrong argument: the errno of the interface, and nothing else. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "harness.h"
#include "world.h"

#define PARAM	sizeof(struct tee_ioctl_param)
#define ROOM	8192

/* Which node knows a call. */
#define CLIENT	1
#define PRIV	2
#define NEW	4	/* the packaged drivers of 6.1 and 6.12 do not */

/**
 * struct call - one of the interface
 * @name: for complaints
 * @cmd: number
 * @size: of what its pointer points to
 * @nodes: CLIENT, PRIV, NEW
 * @header: of the argument behind a struct tee_ioctl_buf_data, or 0
 * @count_at: where the number of parameters stands in it
 */
static const struct call {
	const char *name;
	unsigned long cmd;
	size_t size;
	unsigned int nodes;
	size_t header;
	size_t count_at;
} calls[] = {
	{ "VERSION", TEE_IOC_VERSION, 12, CLIENT | PRIV, 0, 0 },
	{ "SHM_ALLOC", TEE_IOC_SHM_ALLOC, 16, CLIENT | PRIV, 0, 0 },
	{ "OPEN_SESSION", TEE_IOC_OPEN_SESSION, 16, CLIENT, 56, 52 },
	{ "INVOKE", TEE_IOC_INVOKE, 16, CLIENT, 24, 20 },
	{ "CANCEL", TEE_IOC_CANCEL, 8, CLIENT, 0, 0 },
	{ "CLOSE_SESSION", TEE_IOC_CLOSE_SESSION, 4, CLIENT, 0, 0 },
	{ "SUPPL_RECV", TEE_IOC_SUPPL_RECV, 16, PRIV, 8, 4 },
	{ "SUPPL_SEND", TEE_IOC_SUPPL_SEND, 16, PRIV, 8, 4 },
	{ "SHM_REGISTER_FD", TEE_IOC_SHM_REGISTER_FD, 24, CLIENT | PRIV | NEW, 0, 0 },
	{ "SHM_REGISTER", TEE_IOC_SHM_REGISTER, 24, CLIENT | PRIV, 0, 0 },
	{ "OBJECT_INVOKE", TEE_IOC_OBJECT_INVOKE, 16, 0, 24, 16 },
};

static bool knows(const struct call *call, unsigned int node)
{
	if ((call->nodes & NEW) && modules_are_stock() && !kernel_is("newest"))
		return false;
	return call->nodes & node;
}

static int issue(int fd, unsigned long cmd, const void *arg)
{
	int rc = ioctl(fd, cmd, arg);

	return rc < 0 ? -errno : rc;
}

static int priv_device(void)
{
	int fd;

	close(client_device());
	fd = open("/dev/teepriv0", O_RDWR | O_CLOEXEC);
	if (fd < 0 && errno == EBUSY)
		SKIP("a supplicant has the node");
	ASSERT_GE(fd, 0);
	return fd;
}

/* ROOM bytes, and nothing behind them. */
static uint8_t *edge(void)
{
	uint8_t *va = mmap(NULL, ROOM + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);

	ASSERT(va != MAP_FAILED);
	ASSERT_EQ(munmap(va + ROOM, 4096), 0);
	return va;
}

static const uintptr_t nowhere[] = {
	0, 8, 0x0000fffffffffff8, 0xffff000000000000, 0xffff800080000000, UINTPTR_MAX - 3,
};

static void expect(const struct call *call, const char *what, uint64_t detail, int rc, int want)
{
	EXPECT_MSG(rc == want, "%s, %s 0x%llx: %s, want %s", call->name, what,
		   (unsigned long long)detail, result_name(rc), result_name(want));
}

static void bad_pointers(int fd, unsigned int node)
{
	uint8_t *room = edge();

	for (size_t c = 0; c < ARRAY_SIZE(calls); c++) {
		const struct call *call = &calls[c];
		int want = knows(call, node) ? -EFAULT : -EINVAL;

		for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++)
			expect(call, "pointer", nowhere[i],
			       issue(fd, call->cmd, (void *)nowhere[i]), want);
		/* It begins where there is something, and its last byte is where nothing is. */
		expect(call, "bytes missing", 1,
		       issue(fd, call->cmd, room + ROOM - call->size + 1), want);
	}
}

TEST(pointer_to_nowhere_is_a_fault_to_clients)
{
	bad_pointers(client_device(), CLIENT);
}

TEST(pointer_to_nowhere_is_a_fault_to_supplicants)
{
	bad_pointers(priv_device(), PRIV);
}

static int framed(int fd, const struct call *call, uint64_t ptr, uint64_t length)
{
	struct tee_ioctl_buf_data buf = { .buf_ptr = ptr, .buf_len = length };

	return issue(fd, call->cmd, &buf);
}

static void put_count(const struct call *call, uint8_t *arg, uint32_t count)
{
	memset(arg, 0, call->header);
	memcpy(arg + call->count_at, &count, sizeof(count));
}

static void bad_frames(int fd, unsigned int node)
{
	uint8_t *room = edge();

	for (size_t c = 0; c < ARRAY_SIZE(calls); c++) {
		const struct call *call = &calls[c];
		int fault = knows(call, node) ? -EFAULT : -EINVAL;

		if (!call->header)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(nowhere); i++) {
			expect(call, "argument at", nowhere[i],
			       framed(fd, call, nowhere[i], call->header + PARAM), fault);
			/* The length is judged first. */
			expect(call, "short argument at", nowhere[i],
			       framed(fd, call, nowhere[i], call->header - 1), -EINVAL);
		}
		expect(call, "header bytes missing", 1,
		       framed(fd, call, (uintptr_t)room + ROOM - call->header + 1,
			      call->header + PARAM), fault);
		put_count(call, room + ROOM - call->header - PARAM + 1, 1);
		expect(call, "parameter bytes missing", 1,
		       framed(fd, call, (uintptr_t)room + ROOM - call->header - PARAM + 1,
			      call->header + PARAM), fault);
	}
}

TEST(argument_that_is_nowhere_is_a_fault_to_clients)
{
	bad_frames(client_device(), CLIENT);
}

TEST(argument_that_is_nowhere_is_a_fault_to_supplicants)
{
	bad_frames(priv_device(), PRIV);
}

static void bad_lengths(int fd)
{
	static uint8_t room[ROOM];

	for (size_t c = 0; c < ARRAY_SIZE(calls); c++) {
		const struct call *call = &calls[c];
		uint64_t exact = call->header + 2 * PARAM;
		const uint64_t lengths[] = {
			0, 1, call->header - 1, call->header, call->header + PARAM, exact - 1,
			client_max_arg() + 1, UINT32_MAX, UINT64_MAX, exact | 1ULL << 32,
			exact | 1ULL << 63,
			/* From here on, an answer may be shorter than its frame. */
			exact + 1, exact + PARAM, client_max_arg(),
		};
		static const uint32_t counts[] = {
			3, 127, 128, 0x07ffffff, 0x08000000, 0x08000001, 0x80000000, UINT32_MAX,
		};

		if (!call->header)
			continue;
		put_count(call, room, 2);
		for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
			if (call->cmd == TEE_IOC_SUPPL_SEND && i >= ARRAY_SIZE(lengths) - 3)
				break;
			expect(call, "length", lengths[i],
			       framed(fd, call, (uintptr_t)room, lengths[i]), -EINVAL);
		}
		for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
			put_count(call, room, counts[i]);
			expect(call, "parameters", counts[i],
			       framed(fd, call, (uintptr_t)room, exact), -EINVAL);
		}
	}
}

TEST(length_that_does_not_fit_is_invalid_to_clients)
{
	bad_lengths(client_device());
}

TEST(length_that_does_not_fit_is_invalid_to_supplicants)
{
	bad_lengths(priv_device());
}

/* The number, the direction, the size and the type are all compared. */
static void other_numbers(int fd)
{
	static uint8_t room[ROOM];

	for (size_t c = 0; c < ARRAY_SIZE(calls); c++) {
		const struct call *call = &calls[c];
		const unsigned long other[] = {
			call->cmd ^ 1UL << _IOC_DIRSHIFT, call->cmd & ~(3UL << _IOC_DIRSHIFT),
			call->cmd + (4UL << _IOC_SIZESHIFT), call->cmd - (4UL << _IOC_SIZESHIFT),
			call->cmd ^ 1UL << _IOC_TYPESHIFT, call->cmd ^ 0x80UL << _IOC_TYPESHIFT,
			call->cmd + 16,
		};

		for (size_t i = 0; i < ARRAY_SIZE(other); i++)
			expect(call, "as command", other[i], issue(fd, other[i], room), -EINVAL);
	}
}

TEST(number_that_is_almost_right_is_invalid)
{
	other_numbers(client_device());
	other_numbers(priv_device());
}

TEST(call_of_the_other_node_is_invalid)
{
	static uint8_t room[ROOM];
	int fds[] = { client_device(), priv_device() };
	static const unsigned int nodes[] = { CLIENT, PRIV };

	for (size_t n = 0; n < 2; n++)
		for (size_t c = 0; c < ARRAY_SIZE(calls); c++)
			if (!knows(&calls[c], nodes[n]))
				expect(&calls[c], "on node", n,
				       issue(fds[n], calls[c].cmd, room), -EINVAL);
}

TEST(upper_bits_of_the_number_are_ignored)
{
	struct tee_ioctl_version_data v = { 0 };

	/* The kernel itself cuts them off. */
	EXPECT_RC(issue(client_device(), TEE_IOC_VERSION | 0x12345UL << 32, &v), 0);
	EXPECT_EQ(v.impl_id, TEE_IMPL_ID_OPTEE);
}

TEST(argument_may_lie_at_any_address)
{
	static uint8_t room[256];
	int fd = client_device();

	for (int shift = 0; shift < 9; shift++) {
		struct tee_ioctl_buf_data buf = { .buf_len = 56 + PARAM };
		struct tee_ioctl_open_session_arg arg = { .uuid = APP_ECHO_UUID, .num_params = 1 };
		uint8_t at[32];

		memset(room, 0, sizeof(room));
		memcpy(room + shift, &arg, sizeof(arg));
		buf.buf_ptr = (uintptr_t)room + shift;
		memcpy(at + shift, &buf, sizeof(buf));
		ASSERT_RC(issue(fd, TEE_IOC_OPEN_SESSION, at + shift), 0);
		memcpy(&arg, room + shift, sizeof(arg));
		ASSERT_EQ(arg.ret, TEE_SUCCESS);
		ASSERT_RC(tee_close_session(fd, arg.session), 0);
	}
}

TEST(flags_are_refused_one_by_one)
{
	static uint8_t memory[4096];
	int fds[] = { client_device(), priv_device() };

	for (unsigned int n = 0; n < 2; n++) {
		for (unsigned int bit = 0; bit < 32; bit++) {
			struct tee_ioctl_shm_alloc_data alloc = { .size = 4096 };
			struct tee_ioctl_shm_register_data reg = {
				.addr = (uintptr_t)memory, .length = 4096,
			};
			struct tee_ioctl_shm_register_fd_data dmabuf = { .fd = 0 };

			alloc.flags = 1U << bit;
			reg.flags = 1U << bit;
			dmabuf.flags = 1U << bit;
			EXPECT_RC(issue(fds[n], TEE_IOC_SHM_ALLOC, &alloc), -EINVAL);
			EXPECT_RC(issue(fds[n], TEE_IOC_SHM_REGISTER, &reg), -EINVAL);
			EXPECT_RC(issue(fds[n], TEE_IOC_SHM_REGISTER_FD, &dmabuf), -EINVAL);
		}
	}
}

TEST(descriptor_that_is_no_buffer_of_ours_is_not_registered)
{
	int fd = client_device();
	struct tee_buf buf;
	int pipes[2];

	client_alloc(fd, 4096, &buf);
	ASSERT_EQ(pipe(pipes), 0);
	{
		const int64_t fds[] = { -1, INT64_MIN, INT64_MAX, 1LL << 32, 999, fd, buf.fd,
					pipes[0] };

		for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
			struct tee_ioctl_shm_register_fd_data data = { .fd = fds[i] };
			int rc = issue(fd, TEE_IOC_SHM_REGISTER_FD, &data);

			EXPECT_MSG(rc == -EINVAL, "descriptor %lld: %s", (long long)fds[i],
				   result_name(rc));
		}
	}
	tee_free(&buf);
}

/* What OPEN_SESSION and INVOKE make of one parameter; 0 if the secure world was asked. */
static int open_with(int fd, struct tee_ioctl_param p)
{
	struct tee_open o = { .uuid = APP_PARAMS_UUID };
	struct tee_answer answer;
	int rc = tee_open_session(fd, &o, &p, 1, &answer);

	if (!rc && !answer.ret)
		tee_close_session(fd, o.session);
	return rc;
}

static int invoke_with(const struct client *params, struct tee_ioctl_param p)
{
	struct tee_answer answer;

	return tee_invoke(params->fd, params->session, PARAMS_CMD_TRANSFORM, &p, 1, &answer);
}

TEST(bad_parameter_is_invalid_in_every_call)
{
	struct client params, other;
	struct tee_buf buf, theirs;
	uint64_t opened = 0;

	client_open(&params, app_params);
	client_open(&other, app_params);
	client_alloc(params.fd, 8192, &buf);
	/* Two, so that the number of the second is none of the first context's. */
	client_alloc(other.fd, 8192, &theirs);
	if (world_present())
		opened = world_counter(SIM_COUNTER_SESSIONS_OPENED);
	{
		const struct tee_ioctl_param bad[] = {
			{ .attr = 4 }, { .attr = 14 }, { .attr = 0xff }, { .attr = 0x200 },
			{ .attr = 0x201 }, { .attr = 1ULL << 32 | 1 }, { .attr = 1ULL << 63 },
			{ .attr = TEE_IOCTL_PARAM_ATTR_META },
			{ .attr = TEE_IOCTL_PARAM_ATTR_META | 1 },
			{ .attr = TEE_IOCTL_PARAM_ATTR_META | 3 },
			{ .attr = TEE_IOCTL_PARAM_ATTR_META | 5, .c = buf.id },
			{ .attr = 8 }, { .attr = 10 }, { .attr = 11 }, { .attr = 13 },
			MEMREF(INPUT, 0, 0, 0), MEMREF(INPUT, 0x7fffffff, 0, 0),
			MEMREF(INOUT, theirs.id, 0, 1), MEMREF(OUTPUT, 0xffffffff, 0, 0),
			MEMREF(INPUT, buf.id, 0, 8193), MEMREF(INPUT, buf.id, 8193, 0),
			MEMREF(OUTPUT, buf.id, 8192, 1), MEMREF(INOUT, buf.id, 4096, 4097),
			MEMREF(INPUT, buf.id, UINT64_MAX, 1), MEMREF(INPUT, buf.id, 1, UINT64_MAX),
			MEMREF(INPUT, buf.id, 1ULL << 63, 1ULL << 63),
			MEMREF(INPUT, buf.id, UINT64_MAX, UINT64_MAX),
			MEMREF(INPUT, buf.id, 1ULL << 32, 1), MEMREF(INPUT, buf.id, 0, 1ULL << 32),
		};

		for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
			int rc = open_with(params.fd, bad[i]);

			EXPECT_MSG(rc == -EINVAL, "open with number %zu: %s", i, result_name(rc));
			rc = invoke_with(&params, bad[i]);
			EXPECT_MSG(rc == -EINVAL, "invoke with number %zu: %s", i, result_name(rc));
		}
	}
	if (world_present())
		EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS_OPENED), opened);
	tee_free(&theirs);
	tee_free(&buf);
	client_close(&other);
	client_close(&params);
}

/* A call that fails writes nothing, wherever it fails. */
TEST(refused_call_changes_nothing_of_its_argument)
{
	union {
		struct tee_ioctl_open_session_arg arg;
		uint8_t room[sizeof(struct tee_ioctl_open_session_arg) + 5 * PARAM];
	} open, before;
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)&open };
	struct tee_ioctl_shm_alloc_data alloc = { .size = 77, .flags = 1, .id = 5 };
	int fd = client_device();

	memset(&open, 0x5a, sizeof(open));
	memcpy(open.arg.uuid, app_echo, sizeof(app_echo));
	open.arg.clnt_login = TEE_IOCTL_LOGIN_REE_KERNEL;
	for (uint32_t n = 0; n <= 5; n++) {
		open.arg.num_params = n;
		for (uint32_t i = 0; i < n; i++)
			open.arg.params[i].attr = TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT;
		before = open;
		buf.buf_len = sizeof(open.arg) + n * PARAM;
		EXPECT_RC(issue(fd, TEE_IOC_OPEN_SESSION, &buf), -EPERM);
		EXPECT(!memcmp(&before, &open, sizeof(open)));
	}
	EXPECT_RC(issue(fd, TEE_IOC_SHM_ALLOC, &alloc), -EINVAL);
	EXPECT_EQ(alloc.size, 77);
	EXPECT_EQ(alloc.id, 5);
}

TEST(session_that_is_none_is_invalid)
{
	struct tee_answer answer;
	struct client echo;

	client_open(&echo, app_echo);
	{
		const uint32_t none[] = { 0, echo.session + 1, echo.session | 0x80000000,
					  ~echo.session, UINT32_MAX };

		for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
			EXPECT_RC(tee_invoke(echo.fd, none[i], ECHO_CMD_NOP, NULL, 0, &answer),
				  -EINVAL);
			EXPECT_RC(tee_cancel(echo.fd, none[i]), -EINVAL);
			EXPECT_RC(tee_close_session(echo.fd, none[i]), -EINVAL);
		}
	}
	client_echo(&echo, 1, 2);
	client_close(&echo);
}
