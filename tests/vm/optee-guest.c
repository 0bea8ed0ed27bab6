// SPDX-License-Identifier: BSD-2-Clause
/*
 * A guest of a virtualised secure world, without a hypervisor. For boots with --secure
 * guests=N: tests/harness/guest-*.sh make them, and the trees that some of the cases need.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/wait.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "raw.h"
#include "world.h"

#define DRIVER		"/sys/bus/platform/drivers/optee"
#define TEE_BUS		"/sys/bus/tee/devices"
#define NODE		"/sys/firmware/devicetree/base/firmware/optee"
#define TWO		NODE "-two"
#define GUEST		5
#define OTHER_GUEST	6
#define SYSLOG_READ_ALL	3

static uint64_t fast(uint32_t id, uint64_t a1, uint64_t client)
{
	struct sim_smc smc = { .in = { id, a1, [7] = client } };

	world_smc(&smc);
	return (uint32_t)smc.out[0];
}

static uint64_t operation(uint64_t op, uint64_t argument, uint64_t *second)
{
	struct sim_control c = { .op = op, .arg = { argument } };

	world_need();
	ASSERT_RC(world_control(&c), 0);
	ASSERT_EQ(c.status, SMCCC_SUCCESS);
	if (second)
		*second = c.ret[1];
	return c.ret[0];
}

static void of_guest(uint64_t guest)
{
	operation(SIM_OP_GUEST, guest, NULL);
}

static bool exists(const char *path)
{
	return !access(path, F_OK);
}

/* One node, and it has no id. */
static void begin_single(void)
{
	world_need();
	if (!modules_are_ours())
		SKIP("the packaged drivers cannot be a guest");
	if (!world_has_guests())
		SKIP("the secure world is not virtualised");
	if (exists(TWO) || exists(NODE "/linaro,guest-id"))
		SKIP("the device tree gives ids");
}

/* Several, with ids good and bad. */
static void begin_several(void)
{
	world_need();
	if (!modules_are_ours())
		SKIP("the packaged drivers cannot be a guest");
	if (!exists(TWO))
		SKIP("the device tree has one node");
	client_device();
}

static int command(const char *line)
{
	int status = system(line);

	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void unload(void)
{
	ASSERT_EQ(command("rmmod optee 2>/dev/null; ! grep -q '^optee ' /proc/modules"), 0);
}

/* Return: whether there is a device then */
static bool load(const char *parameters)
{
	char line[128];

	snprintf(line, sizeof(line), "modprobe optee %s 2>/dev/null", parameters);
	/* A module without a device is loaded all the same. */
	command(line);
	return exists("/dev/tee0");
}

static char *kernel_log(void)
{
	static char text[1 << 20];
	int size = klogctl(SYSLOG_READ_ALL, text, sizeof(text) - 1);

	ASSERT_GE(size, 0);
	text[size] = '\0';
	return text;
}

/* How often the kernel has said so. */
static unsigned int said(const char *words)
{
	unsigned int count = 0;

	for (char *at = kernel_log(); (at = strstr(at, words)); at++)
		count++;
	return count;
}

static void echo_on(const char *node)
{
	struct tee_open open_arg = { .login = TEE_IOCTL_LOGIN_PUBLIC };
	struct tee_answer answer;
	int fd = open(node, O_RDWR | O_CLOEXEC);

	ASSERT_GE(fd, 0);
	memcpy(open_arg.uuid, app_echo, sizeof(open_arg.uuid));
	ASSERT_RC(tee_open_session(fd, &open_arg, NULL, 0, &answer), 0);
	ASSERT_EQ(answer.ret, TEE_SUCCESS);
	ASSERT_RC(tee_invoke(fd, open_arg.session, ECHO_CMD_NOP, NULL, 0, &answer), 0);
	ASSERT_EQ(answer.ret, TEE_SUCCESS);
	ASSERT_RC(tee_close_session(fd, open_arg.session), 0);
	close(fd);
}

/* What the module's parameter takes. */
TEST(id_that_cannot_be_is_refused_with_the_module)
{
	static const char *const bad[] = { "0", "65536", "-1", "x", "4294967297", "" };
	char parameter[32];

	begin_single();
	unload();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(parameter, sizeof(parameter), "guest_id=%s", bad[i]);
		EXPECT(!load(parameter));
		EXPECT_MSG(command("grep -q '^optee ' /proc/modules"), "%s is taken", parameter);
	}
	EXPECT(load("guest_id=65535"));
	unload();
	EXPECT(load("guest_id=1"));
	unload();
}

TEST(without_an_id_the_driver_says_what_is_missing_and_the_machine_goes_on)
{
	unsigned int before;

	begin_single();
	unload();
	before = said("serves guests only");
	EXPECT(!load(""));
	EXPECT_EQ(said("serves guests only"), before + 1);
	unload();
}

/* Who asks what before the guest is there, and in whose name the rest is. */
TEST(guest_announces_itself_before_anything_that_concerns_it)
{
	static const uint32_t order[] = {
		OPTEE_SMC_CALLS_UID, OPTEE_SMC_GET_OS_REVISION, OPTEE_SMC_CALLS_REVISION,
		OPTEE_SMC_EXCHANGE_CAPABILITIES, OPTEE_SMC_VM_DESTROYED, OPTEE_SMC_VM_CREATED,
	};
	uint64_t first, last, client;

	begin_single();
	unload();
	first = operation(SIM_OP_CALLS, 0, NULL);
	ASSERT(load("guest_id=5"));
	last = operation(SIM_OP_CALLS, 0, NULL);
	ASSERT_GT(last, first + ARRAY_SIZE(order));
	ASSERT_LE(last - first, SIM_CALLS_KEPT);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		EXPECT_EQ(operation(SIM_OP_CALL, first + i, &client), order[i]);
		EXPECT_EQ(client, 0);
	}
	for (uint64_t n = first + ARRAY_SIZE(order); n < last; n++) {
		operation(SIM_OP_CALL, n, &client);
		EXPECT_EQ(client, GUEST);
	}

	/* And it goes last. */
	unload();
	last = operation(SIM_OP_CALLS, 0, NULL);
	EXPECT_EQ(operation(SIM_OP_CALL, last - 1, &client), OPTEE_SMC_VM_DESTROYED);
	EXPECT_EQ(client, 0);
	operation(SIM_OP_CALL, last - 2, &client);
	EXPECT_EQ(client, GUEST);
	EXPECT_EQ(fast(OPTEE_SMC_GET_THREAD_COUNT, 0, GUEST), OPTEE_SMC_RETURN_ENOTAVAIL);
}

TEST(guest_works_like_any_other_system)
{
	struct client echo;

	begin_single();
	unload();
	ASSERT(load("guest_id=5"));
	of_guest(GUEST);
	client_open(&echo, app_echo);
	client_echo(&echo, 1, 2);
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), 1);
	client_close(&echo);
	unload();
}

/* What a kernel leaves behind that ends without a word. */
TEST(guest_of_a_dead_kernel_is_replaced)
{
	uint32_t session;
	struct raw r;

	begin_single();
	unload();
	ASSERT_EQ(fast(OPTEE_SMC_VM_CREATED, GUEST, 0), OPTEE_SMC_RETURN_OK);
	of_guest(GUEST);
	raw_init(&r, 8);
	r.client = GUEST;
	session = raw_open(&r, app_echo);
	ASSERT(session);
	ASSERT_EQ(raw_register(&r, RAW_COOKIE(1), RAW_PAGE_FREE, NULL, RAW_PAGE_FREE + 1, 1, 0,
			       OPTEE_MSG_PAGE_SIZE), TEE_SUCCESS);
	ASSERT_EQ(world_counter(SIM_COUNTER_SESSIONS), 1);

	/* There is room for one: the old one must have gone. */
	ASSERT(load("guest_id=5"));
	EXPECT_EQ(world_counter(SIM_COUNTER_SESSIONS), 0);
	for (uint64_t i = 0; i < world_counter(SIM_COUNTER_SHM_OBJECTS); i++)
		EXPECT_NE(operation(SIM_OP_SHM, i, NULL), RAW_COOKIE(1));
	unload();
}

TEST(refused_guest_fails_the_probe_and_the_cause_is_named)
{
	unsigned int before;

	begin_single();
	unload();
	before = said("refuses guest 5 (0x7): it has no room");
	ASSERT_EQ(fast(OPTEE_SMC_VM_CREATED, OTHER_GUEST, 0), OPTEE_SMC_RETURN_OK);
	EXPECT(!load("guest_id=5"));
	EXPECT_EQ(said("refuses guest 5 (0x7): it has no room"), before + 1);
	unload();
	ASSERT_EQ(fast(OPTEE_SMC_VM_DESTROYED, OTHER_GUEST, 0), OPTEE_SMC_RETURN_OK);
	/* Nothing of the failure stays. */
	EXPECT(load("guest_id=5"));
	unload();
}

TEST(failed_probe_takes_the_guest_away)
{
	begin_single();
	unload();
	EXPECT(!load("guest_id=5 call_form=nonsense"));
	EXPECT_EQ(fast(OPTEE_SMC_GET_THREAD_COUNT, 0, GUEST), OPTEE_SMC_RETURN_ENOTAVAIL);
	unload();
	EXPECT_EQ(fast(OPTEE_SMC_VM_CREATED, OTHER_GUEST, 0), OPTEE_SMC_RETURN_OK);
	EXPECT_EQ(fast(OPTEE_SMC_VM_DESTROYED, OTHER_GUEST, 0), OPTEE_SMC_RETURN_OK);
}

/* The device goes while it is in use, and the machine with it would. */
TEST(calls_fail_when_the_guest_is_gone)
{
	struct client echo;
	struct tee_answer answer;

	begin_single();
	unload();
	ASSERT(load("guest_id=5"));
	client_open(&echo, app_echo);
	ASSERT_EQ(fast(OPTEE_SMC_VM_DESTROYED, GUEST, 0), OPTEE_SMC_RETURN_OK);
	ASSERT_RC(tee_invoke(echo.fd, echo.session, ECHO_CMD_NOP, NULL, 0, &answer), 0);
	EXPECT_EQ(answer.ret, TEE_ERROR_COMMUNICATION);
	EXPECT_EQ(answer.origin, TEE_ORIGIN_COMMS);
	close(echo.fd);
	unload();
}

static bool bound(const char *device)
{
	char path[128];

	snprintf(path, sizeof(path), DRIVER "/firmware:%s", device);
	return exists(path);
}

TEST(nodes_with_ids_are_instances)
{
	begin_several();
	EXPECT(bound("optee"));
	EXPECT(bound("optee-two"));
	EXPECT(exists("/dev/tee1"));
	echo_on("/dev/tee0");
	echo_on("/dev/tee1");
	of_guest(1);
	EXPECT_GE(world_counter(SIM_COUNTER_SESSIONS_OPENED), 1);
	of_guest(2);
	EXPECT_GE(world_counter(SIM_COUNTER_SESSIONS_OPENED), 1);
}

TEST(nodes_with_wrong_ids_are_refused_with_a_line)
{
	static const struct {
		const char *device;
		const char *line;
	} bad[] = {
		{ "optee-zero", "optee-zero: linaro,guest-id = <0>: must be 1 to 65535" },
		{ "optee-large", "optee-large: linaro,guest-id = <65536>: must be 1 to 65535" },
		{ "optee-pair", "optee-pair: linaro,guest-id: must be one number" },
		{ "optee-empty", "optee-empty: linaro,guest-id: must be one number" },
		{ "optee-same", "optee-same: guest id 2 is another instance's" },
		{ "optee-hvc", "optee-hvc: guest id 9 cannot be used with method \"hvc\"" },
		{ "optee-third", "optee-third: the secure world refuses guest 3 (0x7)" },
		{ "optee-none", "optee-none: the secure world serves guests only" },
	};

	begin_several();
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_MSG(!bound(bad[i].device), "%s is bound", bad[i].device);
		EXPECT_MSG(said(bad[i].line) >= 1, "not said: %s", bad[i].line);
	}
	EXPECT(said("Make the method \"smc\" or remove the id") >= 1);
}

static unsigned int services(const char *suffix)
{
	DIR *dir = opendir(TEE_BUS);
	unsigned int count = 0;
	struct dirent *e;

	ASSERT(dir);
	while ((e = readdir(dir))) {
		size_t length = strlen(e->d_name);

		if (!strncmp(e->d_name, "optee-ta-", 9) && length > strlen(suffix) &&
		    !strcmp(e->d_name + length - strlen(suffix), suffix))
			count++;
	}
	closedir(dir);
	return count;
}

TEST(instances_have_services_of_their_own_names)
{
	begin_several();
	EXPECT_GE(services("-1"), 1);
	EXPECT_EQ(services("-1"), services("-2"));
	EXPECT_EQ(services(""), 2 * services("-1"));
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	ASSERT_GE(fd, 0);
	ASSERT_EQ(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

TEST(one_instance_goes_and_comes_and_the_other_stays)
{
	unsigned int all;

	begin_several();
	all = services("");
	put(DRIVER "/unbind", "firmware:optee-two");
	EXPECT_EQ(fast(OPTEE_SMC_GET_THREAD_COUNT, 0, 2), OPTEE_SMC_RETURN_ENOTAVAIL);
	EXPECT_EQ(services("-2"), 0);
	echo_on("/dev/tee0");
	put(DRIVER "/bind", "firmware:optee-two");
	EXPECT_EQ(services(""), all);
	echo_on("/dev/tee0");
	echo_on("/dev/tee1");
}

/* The property is there, but the secure world has no guests, or a hypervisor hides that. */
TEST(id_without_the_capability_is_not_used)
{
	world_need();
	if (!modules_are_ours())
		SKIP("the packaged drivers cannot be a guest");
	if (world_has_guests() || !exists(NODE "/linaro,guest-id"))
		SKIP("only for a tree with an id, and a secure world that shows no guests");
	client_device();
	EXPECT_EQ(said("is not used: the secure world is not virtualised, or a hypervisor"), 1);
	echo_on("/dev/tee0");
}

/* It has none, or a hypervisor hides them. */
TEST(secure_world_that_shows_no_guests_is_told_of_none)
{
	uint64_t calls;

	raw_need_smc();
	if (world_has_guests())
		SKIP("the guests show");
	calls = operation(SIM_OP_CALLS, 0, NULL);
	ASSERT_GT(calls, 0);
	for (uint64_t n = calls > SIM_CALLS_KEPT ? calls - SIM_CALLS_KEPT : 0; n < calls; n++) {
		uint64_t client, id = operation(SIM_OP_CALL, n, &client);

		EXPECT_NE(id, OPTEE_SMC_VM_CREATED);
		EXPECT_NE(id, OPTEE_SMC_VM_DESTROYED);
		EXPECT_EQ(client, 0);
	}
	echo_on("/dev/tee0");
}
