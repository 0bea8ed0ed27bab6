// SPDX-License-Identifier: BSD-2-Clause
/* teectl qtee services|invoke UID OPERATION [PARAM...]|callback-demo */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/qtee.h"
#include "abi/qtee_services.h"
#include "array.h"
#include "file.h"
#include "lib/omnitee-qtee.h"
#include "param.h"

static const struct {
	uint32_t uid;
	const char *name;
} services[] = {
	{ QTEE_UID_LOADER, "app loader" },
	{ QTEE_UID_DIAGNOSTICS, "diagnostics" },
	{ QTEE_UID_GP_CLIENT, "GlobalPlatform client" },
	{ QTEE_UID_FEATURE_VERSIONS, "feature versions" },
	{ QTEE_UID_ECHO, "echo (emulation)" },
	{ QTEE_UID_COUNTER, "counter (emulation)" },
	{ QTEE_UID_CALLER, "caller (emulation)" },
	{ QTEE_UID_MEMORY, "memory (emulation)" },
	{ QTEE_UID_KEEPER, "keeper (emulation)" },
	{ QTEE_UID_SLEEPER, "sleeper (emulation)" },
};

static int system_error(const char *what, int rc)
{
	complain("the kernel log may say more", "%s: %s", what, strerror(-rc));
	return EXIT_SYSTEM;
}

/* Of which the kernel says no more than that. */
static int file_error(const char *what, int rc)
{
	complain(NULL, "%s: %s", what, strerror(-rc));
	return EXIT_SYSTEM;
}

static int answer(const char *what, int32_t result)
{
	complain(NULL, "%s: QTEE answers %" PRId32, what, result);
	return EXIT_ANSWER;
}

/* A device and a client environment. */
static int begin(struct omnitee_qtee **q, struct omnitee_object *env)
{
	int32_t result = 0;
	int rc = omnitee_qtee_open(NULL, q);

	if (rc == -ENODEV) {
		complain("'teectl list' shows the TEEs that there are", "there is no QTEE");
		return EXIT_NO_DEVICE;
	}
	if (rc == -EACCES || rc == -EPERM) {
		complain("run as root or join the group of the node", "opening QTEE: %s", strerror(-rc));
		return EXIT_SYSTEM;
	}
	if (rc)
		return file_error("opening QTEE", rc);
	rc = omnitee_qtee_register(*q, env, &result);
	if (!rc && !result)
		return EXIT_OK;
	omnitee_qtee_close(*q);
	return rc ? system_error("registering", rc) : answer("registering", result);
}

static void end(struct omnitee_qtee *q, struct omnitee_object env)
{
	omnitee_qtee_release(q, env);
	omnitee_qtee_close(q);
}

static int open_service(struct omnitee_qtee *q, struct omnitee_object env, uint32_t uid,
			struct omnitee_object *service)
{
	int32_t result = 0;
	int rc = omnitee_qtee_service(q, env, uid, service, &result);

	if (rc)
		return system_error("opening the service", rc);
	return result ? answer("opening the service", result) : EXIT_OK;
}

static int list_services(void)
{
	struct omnitee_object env, service;
	struct omnitee_qtee *q;
	int status = begin(&q, &env);

	if (status)
		return status;
	for (size_t n = 0; n < ARRAY_SIZE(services) && !status; n++) {
		int32_t result = 0;
		int rc = omnitee_qtee_service(q, env, services[n].uid, &service, &result);

		if (rc)
			status = system_error("opening a service", rc);
		else if (!result)
			printf("%10" PRIu32 "  %s\n", services[n].uid, services[n].name);
		else if (result != QTEE_ENV_NOT_FOUND)
			printf("%10" PRIu32 "  %s: not opened, result %" PRId32 "\n",
			       services[n].uid, services[n].name, result);
		omnitee_qtee_release(q, service);
	}
	end(q, env);
	return status;
}

/* Reads what goes in, and gives what comes out its room. */
static int provide(const char *text, struct param *p, struct omnitee_arg *arg)
{
	const char *why;
	uint8_t *data;
	int rc;

	if (!param_parse(text, p, &why) || !param_is_memref(p) || p->null ||
	    p->type == TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT) {
		complain("in:FILE and out:FILE:SIZE are", "'%s' is no argument of an object", text);
		return EXIT_USAGE;
	}
	if (param_is_output(p)) {
		*arg = (struct omnitee_arg){ OMNITEE_OUT, calloc(1, p->size + 1), p->size,
					     OMNITEE_NO_OBJECT };
		return arg->data ? EXIT_OK : file_error(text, -ENOMEM);
	}
	*arg = (struct omnitee_arg){ .kind = OMNITEE_IN };
	rc = file_read(p->path, &data, &arg->size);
	arg->data = rc ? NULL : data;
	return rc ? file_error(p->path, rc) : EXIT_OK;
}

static int show(const struct param *p, const struct omnitee_arg *arg)
{
	const uint8_t *octets = arg->data;
	int rc;

	if (arg->kind != OMNITEE_OUT)
		return EXIT_OK;
	if (strcmp(p->path, "-")) {
		rc = file_write(p->path, arg->data, arg->size);
		return rc ? file_error(p->path, rc) : EXIT_OK;
	}
	for (size_t n = 0; n < arg->size; n++)
		printf("%02x%s", octets[n], n % 16 == 15 || n + 1 == arg->size ? "\n" : " ");
	return EXIT_OK;
}

static int call_service(uint32_t uid, uint32_t op, struct param *params,
			struct omnitee_arg *args, unsigned int num)
{
	struct omnitee_object env, service;
	struct omnitee_qtee *q;
	int32_t result = 0;
	int status = begin(&q, &env);
	int rc;

	if (status)
		return status;
	status = open_service(q, env, uid, &service);
	if (!status) {
		rc = omnitee_qtee_invoke(q, service, op, args, num, &result);
		omnitee_qtee_release(q, service);
		if (rc)
			status = system_error("invoking", rc);
		else if (result)
			status = answer("invoking", result);
	}
	for (unsigned int n = 0; n < num && !status; n++)
		status = show(&params[n], &args[n]);
	end(q, env);
	return status;
}

static int parse_and_call(int argc, char **argv)
{
	struct omnitee_arg args[PARAM_MAX] = { 0 };
	struct param params[PARAM_MAX];
	int status = EXIT_OK;
	unsigned int num = 0;
	uint64_t uid, op;

	if (argc < 2 || !number_parse(argv[0], UINT32_MAX, &uid) ||
	    !number_parse(argv[1], QTEE_OP_USER_MAX, &op)) {
		complain("teectl qtee invoke UID OPERATION [PARAM...]",
			 "a service and an operation are wanted, as numbers");
		return EXIT_USAGE;
	}
	if (argc - 2 > PARAM_MAX) {
		complain("a call has at most 4", "%d parameters are too many", argc - 2);
		return EXIT_USAGE;
	}
	for (; num < (unsigned int)argc - 2 && !status; num++)
		status = provide(argv[2 + num], &params[num], &args[num]);
	if (!status)
		status = call_service(uid, op, params, args, num);
	while (num)
		free(args[--num].data);
	return status;
}

/* The object of the demonstration: gives back what it gets, in capitals. */
static int32_t capitals(void *data, uint32_t op, struct omnitee_arg *args, unsigned int num_args)
{
	const char *in;
	char *out;

	if (op != 1 || num_args != 2 || args[0].kind != OMNITEE_IN ||
	    args[1].kind != OMNITEE_OUT || args[1].size < args[0].size)
		return QTEE_INVALID;
	in = args[0].data;
	out = args[1].data;
	args[1].size = args[0].size;
	printf("QTEE calls: \"%.*s\"\n", (int)args[0].size, in);
	for (size_t n = 0; n < args[0].size; n++)
		out[n] = in[n] >= 'a' && in[n] <= 'z' ? in[n] - 'a' + 'A' : in[n];
	return QTEE_OK;
}

static void let_go(void *data)
{
	__atomic_store_n((int *)data, 1, __ATOMIC_SEQ_CST);
}

static int call_back(struct omnitee_qtee *q, struct omnitee_object caller)
{
	static int gone;
	char text[] = "a callback from the secure world", back[64];
	uint32_t op = 1;
	struct omnitee_arg args[] = {
		{ .kind = OMNITEE_IN, .data = &op, .size = sizeof(op) },
		{ .kind = OMNITEE_IN, .data = text, .size = sizeof(text) - 1 },
		{ .kind = OMNITEE_OUT, .data = back, .size = sizeof(back) },
		{ .kind = OMNITEE_OBJECT_IN },
	};
	int32_t result = 0;
	int rc = omnitee_qtee_export(q, capitals, let_go, &gone, &args[3].object);

	if (!rc)
		rc = omnitee_qtee_invoke(q, caller, QTEE_CALLER_FORWARD, args, 4, &result);
	if (rc)
		return system_error("calling", rc);
	if (result)
		return answer("calling", result);
	printf("and answers: \"%.*s\"\n", (int)args[2].size, back);
	return EXIT_OK;
}

static int callback_demo(void)
{
	struct omnitee_object env, caller;
	struct omnitee_qtee *q;
	int status = begin(&q, &env);

	if (status)
		return status;
	status = open_service(q, env, QTEE_UID_CALLER, &caller);
	if (!status) {
		status = call_back(q, caller);
		omnitee_qtee_release(q, caller);
	}
	end(q, env);
	return status;
}

static int run(const struct options *opt, int argc, char **argv)
{
	if (!strcmp(argv[0], "services") && argc == 1)
		return list_services();
	if (!strcmp(argv[0], "invoke"))
		return parse_and_call(argc - 1, argv + 1);
	if (!strcmp(argv[0], "callback-demo") && argc == 1)
		return callback_demo();
	complain("it takes services, invoke UID OPERATION [PARAM...], or callback-demo",
		 "qtee does not know '%s'", argv[argc > 1]);
	return EXIT_USAGE;
}

const struct command cmd_qtee = {
	"qtee", "services|invoke|callback-demo ...", "objects of QTEE", 1, -1, run,
};
