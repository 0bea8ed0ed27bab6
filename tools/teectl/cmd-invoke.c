// SPDX-License-Identifier: BSD-2-Clause
/* teectl invoke DEVICE UUID COMMAND [PARAM...] */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "open-device.h"
#include "print.h"

/**
 * struct call - one call with all that belongs to it
 * @opt: options
 * @name: device
 * @fd: of the device
 * @uuid: application
 * @command: number
 * @params: parameters
 * @num_params: how many
 * @sizes: sizes after the call
 */
struct call {
	const struct options *opt;
	char name[DEVICE_NAME_MAX];
	int fd;
	uint8_t uuid[TEE_IOCTL_UUID_LEN];
	uint64_t command;
	struct param params[PARAM_MAX];
	unsigned int num_params;
	uint64_t sizes[PARAM_MAX];
};

static int parse(struct call *c, int argc, char **argv)
{
	const char *why;

	if (!uuid_parse(argv[1], c->uuid)) {
		complain("write it as 6f6d6e69-7465-4500-8000-000000000001", "'%s' is no UUID",
			 argv[1]);
		return EXIT_USAGE;
	}
	if (!number_parse(argv[2], UINT32_MAX, &c->command)) {
		complain("a number of 32 bits is wanted, as 1 or 0x1", "'%s' is no command", argv[2]);
		return EXIT_USAGE;
	}
	if (argc - 3 > PARAM_MAX) {
		complain("a call has at most 4", "%d parameters are too many", argc - 3);
		return EXIT_USAGE;
	}
	for (c->num_params = 0; c->num_params < (unsigned int)argc - 3; c->num_params++) {
		const char *text = argv[3 + c->num_params];

		if (!param_parse(text, &c->params[c->num_params], &why)) {
			complain("'teectl --help' lists the parameters", "'%s': %s", text, why);
			return EXIT_USAGE;
		}
	}
	return EXIT_OK;
}

/* Gives a memory reference its memory, filled from its file. */
static int provide(struct call *c, struct param *p)
{
	bool has_input = p->type != TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT;
	uint8_t *data = NULL;
	size_t size = p->size;
	int rc;

	if (!param_is_memref(p) || p->null)
		return EXIT_OK;
	if (has_input) {
		rc = file_read(p->path, &data, &size);
		if (rc) {
			complain(NULL, "%s: %s", p->path, strerror(-rc));
			return EXIT_SYSTEM;
		}
		p->size = size;
	}
	/* An empty reference needs an object all the same. */
	rc = device_alloc(c->fd, size ? size : 1, &p->mem);
	if (rc) {
		complain("try a smaller size", "/dev/%s: %zu bytes of shared memory: %s", c->name,
			 size, strerror(-rc));
		p->mem.va = NULL;
	} else if (has_input) {
		memcpy(p->mem.va, data, size);
	}
	free(data);
	return rc ? EXIT_SYSTEM : EXIT_OK;
}

static void to_ioctl(const struct call *c, struct tee_ioctl_param *out)
{
	for (unsigned int i = 0; i < c->num_params; i++) {
		const struct param *p = &c->params[i];

		out[i] = (struct tee_ioctl_param){ .attr = p->type, .a = p->a, .b = p->b };
		if (param_is_memref(p)) {
			out[i].a = 0;
			out[i].b = p->size;
			out[i].c = p->null ? TEE_MEMREF_NULL : (uint64_t)p->mem.id;
		}
	}
}

static void from_ioctl(struct call *c, const struct tee_ioctl_param *in)
{
	for (unsigned int i = 0; i < c->num_params; i++) {
		struct param *p = &c->params[i];

		if (param_is_memref(p)) {
			c->sizes[i] = in[i].b;
		} else {
			p->a = in[i].a;
			p->b = in[i].b;
		}
	}
}

static int save(const struct call *c, const struct outcome *o)
{
	for (unsigned int i = 0; i < c->num_params; i++) {
		const struct param *p = &c->params[i];
		int rc;

		if (!param_is_memref(p) || !param_is_output(p) || p->null || !strcmp(p->path, "-") ||
		    o->ret)
			continue;
		rc = file_write(p->path, p->mem.va, print_bytes(o, i));
		if (rc) {
			complain(NULL, "%s: %s", p->path, strerror(-rc));
			return EXIT_SYSTEM;
		}
	}
	return EXIT_OK;
}

static int system_error(const struct call *c, const char *stage, int rc)
{
	complain("the kernel log may say more", "/dev/%s: %s: %s", c->name, stage, strerror(-rc));
	return EXIT_SYSTEM;
}

static int report(const struct call *c, struct outcome *o)
{
	int status = save(c, o);

	printer(c->opt)->outcome(stdout, o);
	if (o->ret)
		return EXIT_ANSWER;
	return status;
}

static int invoke_session(struct call *c, uint32_t session, struct outcome *o)
{
	struct {
		struct tee_ioctl_invoke_arg arg;
		struct tee_ioctl_param params[PARAM_MAX];
	} call = { .arg = { .func = c->command, .session = session, .num_params = c->num_params } };
	int rc;

	to_ioctl(c, call.params);
	rc = device_invoke(c->fd, &call.arg);
	if (rc)
		return system_error(c, "invoke", rc);
	from_ioctl(c, call.params);
	o->stage = "invoke";
	o->ret = call.arg.ret;
	o->origin = call.arg.ret_origin;
	o->params = c->params;
	o->sizes = c->sizes;
	o->num_params = c->num_params;
	return report(c, o);
}

static int talk(struct call *c)
{
	struct tee_ioctl_open_session_arg open = { .clnt_login = c->opt->login };
	struct outcome o = {
		.device = c->name, .uuid = c->uuid, .command = c->command, .stage = "open-session",
	};
	int rc, status;

	memcpy(open.uuid, c->uuid, sizeof(open.uuid));
	memcpy(open.clnt_uuid, &c->opt->gid, sizeof(c->opt->gid));
	rc = device_open_session(c->fd, &open);
	if (rc == -EPERM)
		complain("log in as a group that you are in", "/dev/%s: login: %s", c->name,
			 strerror(EPERM));
	else if (rc)
		system_error(c, "open session", rc);
	if (rc)
		return EXIT_SYSTEM;
	if (open.ret) {
		o.ret = open.ret;
		o.origin = open.ret_origin;
		return report(c, &o);
	}
	status = invoke_session(c, open.session, &o);
	device_close_session(c->fd, open.session);
	return status;
}

static int invoke(const struct options *opt, int argc, char **argv)
{
	struct call *c = calloc(1, sizeof(*c));
	int status;

	if (!c) {
		complain(NULL, "out of memory");
		return EXIT_SYSTEM;
	}
	c->opt = opt;
	status = parse(c, argc, argv);
	if (status)
		goto free_call;
	status = open_device(argv[0], c->name, &c->fd);
	if (status)
		goto free_call;
	for (unsigned int i = 0; i < c->num_params && !status; i++)
		status = provide(c, &c->params[i]);
	if (!status)
		status = talk(c);
	for (unsigned int i = 0; i < c->num_params; i++)
		if (c->params[i].mem.va)
			device_free(&c->params[i].mem);
	device_close(c->fd);
free_call:
	free(c);
	return status;
}

const struct command cmd_invoke = {
	.name = "invoke",
	.arguments = "DEVICE UUID COMMAND [PARAM...]",
	.what = "one call of a trusted application in a session of its own",
	.min_args = 3,
	.max_args = -1,
	.run = invoke,
};
