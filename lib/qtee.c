// SPDX-License-Identifier: BSD-2-Clause
/* Objects of QTEE: opening the device, registering, invoking. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "qtee-private.h"

#define DEVICES		16

int qtee_ioctl(int fd, unsigned long cmd, void *arg, size_t size)
{
	struct tee_ioctl_buf_data buf = { .buf_ptr = (uintptr_t)arg, .buf_len = size };

	return ioctl(fd, cmd, &buf) ? -errno : 0;
}

/* A descriptor, or a negative error number: -ENODEV if it is another TEE. */
static int open_qtee(const char *path)
{
	struct tee_ioctl_version_data v;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (!ioctl(fd, TEE_IOC_VERSION, &v) && v.impl_id == TEE_IMPL_ID_QTEE)
		return fd;
	close(fd);
	return -ENODEV;
}

/* A device that cannot be opened says more than one that is not there, or another TEE's. */
static int open_first(void)
{
	int rc = -ENODEV;

	for (unsigned int n = 0; n < DEVICES; n++) {
		char path[32];
		int fd;

		snprintf(path, sizeof(path), "/dev/tee%u", n);
		fd = open_qtee(path);
		if (fd >= 0)
			return fd;
		if (rc == -ENODEV && fd != -ENOENT && fd != -ENXIO)
			rc = fd;
	}
	return rc;
}

int omnitee_qtee_open(const char *path, struct omnitee_qtee **qtee)
{
	struct omnitee_qtee *q = calloc(1, sizeof(*q));
	int rc;

	if (!q)
		return -ENOMEM;
	q->fd = path ? open_qtee(path) : open_first();
	if (q->fd < 0) {
		rc = q->fd;
		free(q);
		return rc;
	}
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->idle, NULL);
	q->exports[QTEE_CREDENTIALS_EXPORT].call = qtee_credentials_call;
	rc = qtee_serve_start(q);
	if (rc) {
		omnitee_qtee_close(q);
		return rc;
	}
	*qtee = q;
	return 0;
}

void omnitee_qtee_close(struct omnitee_qtee *qtee)
{
	qtee_serve_stop(qtee);
	close(qtee->fd);
	pthread_cond_destroy(&qtee->idle);
	pthread_mutex_destroy(&qtee->lock);
	free(qtee);
}

int omnitee_qtee_export(struct omnitee_qtee *qtee, omnitee_call call, omnitee_gone gone,
			void *data, struct omnitee_object *object)
{
	int rc = -ENOSPC;

	pthread_mutex_lock(&qtee->lock);
	for (unsigned int n = 0; n < QTEE_EXPORTS && rc; n++) {
		if (qtee->exports[n].call)
			continue;
		qtee->exports[n] = (struct qtee_export){ call, gone, data };
		*object = (struct omnitee_object){ n, TEE_QTEE_OBJREF_USER };
		rc = 0;
	}
	pthread_mutex_unlock(&qtee->lock);
	return rc;
}

static int to_param(struct tee_ioctl_param *p, const struct omnitee_arg *arg)
{
	memset(p, 0, sizeof(*p));
	switch (arg->kind) {
	case OMNITEE_IN:
		p->attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT;
		break;
	case OMNITEE_OUT:
		p->attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT;
		break;
	case OMNITEE_OBJECT_IN:
		p->attr = TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT;
		p->a = arg->object.id;
		p->b = arg->object.flags;
		return 0;
	case OMNITEE_OBJECT_OUT:
		p->attr = TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT;
		return 0;
	default:
		return -EINVAL;
	}
	p->a = (uintptr_t)arg->data;
	p->b = arg->size;
	return 0;
}

int omnitee_qtee_invoke(struct omnitee_qtee *qtee, struct omnitee_object object, uint32_t op,
			struct omnitee_arg *args, unsigned int num_args, int32_t *result)
{
	struct {
		struct tee_ioctl_object_invoke_arg arg;
		struct tee_ioctl_param params[OMNITEE_MAX_ARGS];
	} call;
	int rc;

	if (num_args > OMNITEE_MAX_ARGS || op == QTEE_OP_RELEASE)
		return -EINVAL;
	memset(&call.arg, 0, sizeof(call.arg));
	call.arg.id = object.id;
	call.arg.op = op;
	call.arg.num_params = num_args;
	for (unsigned int n = 0; n < num_args; n++) {
		rc = to_param(&call.params[n], &args[n]);
		if (rc)
			return rc;
	}
	qtee_busy(qtee);
	rc = qtee_ioctl(qtee->fd, TEE_IOC_OBJECT_INVOKE, &call,
			sizeof(call.arg) + num_args * sizeof(*call.params));
	qtee_not_busy(qtee);
	if (rc)
		return rc;
	*result = call.arg.ret;
	for (unsigned int n = 0; n < num_args && !*result; n++) {
		if (args[n].kind == OMNITEE_OUT)
			args[n].size = call.params[n].b;
		else if (args[n].kind == OMNITEE_OBJECT_OUT)
			args[n].object = (struct omnitee_object){ call.params[n].a,
								  call.params[n].b };
	}
	return 0;
}

int omnitee_qtee_release(struct omnitee_qtee *qtee, struct omnitee_object object)
{
	struct tee_ioctl_object_invoke_arg arg = { .id = object.id, .op = QTEE_OP_RELEASE };

	/* Those of this process are QTEE's to let go. */
	if (object.id == TEE_OBJREF_NULL || object.flags != TEE_QTEE_OBJREF_TEE)
		return 0;
	return qtee_ioctl(qtee->fd, TEE_IOC_OBJECT_INVOKE, &arg, sizeof(arg));
}

int omnitee_qtee_register(struct omnitee_qtee *qtee, struct omnitee_object *env, int32_t *result)
{
	struct omnitee_arg args[] = {
		{ .kind = OMNITEE_OBJECT_IN,
		  .object = { QTEE_CREDENTIALS_EXPORT, TEE_QTEE_OBJREF_USER } },
		{ .kind = OMNITEE_OBJECT_OUT },
	};
	int rc = omnitee_qtee_invoke(qtee, OMNITEE_ROOT, QTEE_OP_ROOT_REGISTER, args, 2, result);

	*env = rc || *result ? OMNITEE_NO_OBJECT : args[1].object;
	return rc;
}

int omnitee_qtee_service(struct omnitee_qtee *qtee, struct omnitee_object env, uint32_t uid,
			 struct omnitee_object *service, int32_t *result)
{
	struct omnitee_arg args[] = {
		{ .kind = OMNITEE_IN, .data = &uid, .size = sizeof(uid) },
		{ .kind = OMNITEE_OBJECT_OUT },
	};
	int rc = omnitee_qtee_invoke(qtee, env, QTEE_OP_ENV_OPEN, args, 2, result);

	*service = rc || *result ? OMNITEE_NO_OBJECT : args[1].object;
	return rc;
}
