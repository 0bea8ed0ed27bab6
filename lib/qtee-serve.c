// SPDX-License-Identifier: BSD-2-Clause
/* Callbacks: threads that receive what QTEE asks of exported objects, and answer. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "qtee-private.h"

/* A callback comes in one page. */
#define ROOM	QTEE_OUTBOUND_SIZE
#define ALIGNED(size)	(((size) + QTEE_ALIGN - 1) & ~(uint64_t)(QTEE_ALIGN - 1))

struct request {
	struct tee_iocl_supp_recv_arg arg;
	struct tee_ioctl_param params[1 + OMNITEE_MAX_ARGS];
	struct omnitee_arg args[OMNITEE_MAX_ARGS];
	uint64_t in[ROOM / sizeof(uint64_t)];
	uint64_t out[ROOM / sizeof(uint64_t)];
};

#define META_IN		(TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT | TEE_IOCTL_PARAM_ATTR_META)
#define META_OUT	(TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT | TEE_IOCTL_PARAM_ATTR_META)

static int receive(int fd, struct request *r)
{
	int state, rc;

	memset(&r->arg, 0, sizeof(r->arg));
	memset(r->params, 0, sizeof(r->params));
	r->arg.num_params = 1 + OMNITEE_MAX_ARGS;
	r->params[0] = (struct tee_ioctl_param){ META_IN, (uintptr_t)r->in, sizeof(r->in), 0 };
	/* Nothing is held while it waits, so that it may end right there, and nowhere else. */
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state);
	rc = qtee_ioctl(fd, TEE_IOC_SUPPL_RECV, r, sizeof(r->arg) + sizeof(r->params));
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
	return rc;
}

/* False if the outputs are more than a callback can ask for. */
static bool args_of(struct request *r, unsigned int num)
{
	uint8_t *begin = (uint8_t *)r->out, *out = begin;
	bool fit = true;

	for (unsigned int n = 0; n < num; n++) {
		const struct tee_ioctl_param *p = &r->params[1 + n];
		struct omnitee_arg *arg = &r->args[n];

		*arg = (struct omnitee_arg){ .object = OMNITEE_NO_OBJECT };
		switch (p->attr) {
		case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT:
			arg->kind = OMNITEE_IN;
			arg->data = (void *)(uintptr_t)p->a;
			arg->size = p->b;
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT:
			arg->kind = OMNITEE_OUT;
			arg->data = out;
			/* They lie in one page on the other side, as here. */
			if (p->b > ROOM || ALIGNED(p->b) > (uint64_t)(begin + ROOM - out)) {
				fit = false;
				break;
			}
			arg->size = p->b;
			out += ALIGNED(p->b);
			break;
		case TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT:
			arg->kind = OMNITEE_OBJECT_IN;
			arg->object = (struct omnitee_object){ p->a, p->b };
			break;
		default:
			arg->kind = OMNITEE_OBJECT_OUT;
			break;
		}
	}
	memset(begin, 0, out - begin);
	return fit;
}

/*
 * What the kernel is to be told of a result: an errno for those of QTEE's own that it has a word
 * for. Of the others it makes ERROR, also of numbers that happen to be an errno with a word.
 */
static int32_t result_of(int32_t result)
{
	switch (result) {
	case QTEE_DEFUNCT:
		return -ENODEV;
	case QTEE_UNAVAIL:
		return -EINVAL;
	case QTEE_KMEM:
		return -ENOMEM;
	case QTEE_BUSY:
		return -EBUSY;
	default:
		return result < 0 ? QTEE_ERROR : result;
	}
}

static void answer(int fd, struct request *r, unsigned int num, uint64_t id, int32_t result)
{
	struct tee_iocl_supp_send_arg *arg = (struct tee_iocl_supp_send_arg *)&r->arg;

	for (unsigned int n = 0; n < num && !result; n++) {
		struct tee_ioctl_param *p = &r->params[1 + n];

		if (r->args[n].kind == OMNITEE_OUT) {
			p->a = (uintptr_t)r->args[n].data;
			p->b = r->args[n].size;
		} else if (r->args[n].kind == OMNITEE_OBJECT_OUT) {
			p->a = r->args[n].object.id;
			p->b = r->args[n].object.flags;
		}
	}
	r->params[0] = (struct tee_ioctl_param){ META_OUT, id, 0, 0 };
	arg->ret = result_of(result);
	arg->num_params = 1 + (result ? 0 : num);
	/* Refused if nobody waits any more. */
	qtee_ioctl(fd, TEE_IOC_SUPPL_SEND, r, sizeof(*arg) + arg->num_params * sizeof(*r->params));
}

/* close() waits from now on. */
void qtee_busy(struct omnitee_qtee *q)
{
	pthread_mutex_lock(&q->lock);
	q->busy++;
	pthread_mutex_unlock(&q->lock);
}

void qtee_not_busy(struct omnitee_qtee *q)
{
	pthread_mutex_lock(&q->lock);
	if (!--q->busy)
		pthread_cond_broadcast(&q->idle);
	pthread_mutex_unlock(&q->lock);
}

/* Objects that came in, and that nobody gets. */
static void drop_objects(struct omnitee_qtee *q, const struct omnitee_arg *args, unsigned int num)
{
	for (unsigned int n = 0; n < num; n++)
		if (args[n].kind == OMNITEE_OBJECT_IN)
			omnitee_qtee_release(q, args[n].object);
}

static void serve(struct omnitee_qtee *q, struct request *r)
{
	unsigned int num = r->arg.num_params - 1;
	uint64_t object = r->params[0].a;
	uint64_t id = r->params[0].b;
	uint32_t op = r->arg.func;
	struct qtee_export e = { 0 };
	int32_t result = QTEE_BADOBJ;
	bool closing, fit;

	pthread_mutex_lock(&q->lock);
	if (object <= QTEE_CREDENTIALS_EXPORT)
		e = q->exports[object];
	closing = q->closing;
	q->busy++;
	pthread_mutex_unlock(&q->lock);

	if (op == QTEE_OP_RELEASE) {
		if (e.gone)
			e.gone(e.data);
		qtee_not_busy(q);
		return;
	}
	fit = args_of(r, num);
	if (e.call && !closing && fit) {
		result = e.call(e.data, op, r->args, num);
	} else {
		drop_objects(q, r->args, num);
		if (closing)
			result = QTEE_DEFUNCT;
		else if (!fit)
			result = QTEE_UNAVAIL;
	}
	answer(q->fd, r, num, id, result);
	qtee_not_busy(q);
}

static void *serve_all(void *arg)
{
	struct omnitee_qtee *q = arg;
	struct request *r = malloc(sizeof(*r));
	int rc = -ENOMEM;
	int old;

	/* Operations of exported objects may hold what others wait for. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	pthread_cleanup_push(free, r);
	while (r) {
		rc = receive(q->fd, r);
		if (!rc)
			serve(q, r);
		else if (rc != -EINTR && rc != -EINVAL)
			break;
	}
	pthread_cleanup_pop(1);
	return NULL;
}

int qtee_serve_start(struct omnitee_qtee *q)
{
	for (; q->num_threads < QTEE_THREADS; q->num_threads++) {
		int rc = pthread_create(&q->threads[q->num_threads], NULL, serve_all, q);

		if (rc)
			return -rc;
	}
	return 0;
}

/*
 * An operation may be in a call of QTEE, in which QTEE calls other objects of ours. So all threads
 * stay, and say that these are defunct, until no operation is under way.
 */
void qtee_serve_stop(struct omnitee_qtee *q)
{
	pthread_mutex_lock(&q->lock);
	q->closing = true;
	while (q->busy)
		pthread_cond_wait(&q->idle, &q->lock);
	pthread_mutex_unlock(&q->lock);
	for (unsigned int n = 0; n < q->num_threads; n++)
		pthread_cancel(q->threads[n]);
	for (unsigned int n = 0; n < q->num_threads; n++)
		pthread_join(q->threads[n], NULL);
}
