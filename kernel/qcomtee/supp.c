// SPDX-License-Identifier: GPL-2.0-only
/*
 * The supplicant's calls: every process that has objects serves them itself, from as many
 * threads as it likes.
 *
 * Requests are served in the order in which they came. A receiver looks before it takes: what
 * does not fit into what it offers stays for another one, and it is told EINVAL. The second time
 * it gets the next one that does fit; if there is none, and nobody else waits, the request
 * ends with an error, since everybody has refused it.
 */
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "conv.h"

#define QCOMTEE_RECV_META \
	(TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT | TEE_IOCTL_PARAM_ATTR_META)
#define QCOMTEE_SEND_META \
	(TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_OUTPUT | TEE_IOCTL_PARAM_ATTR_META)

/**
 * struct qcomtee_room - what a receiver offers
 * @addr:	for payloads
 * @size:	bytes
 * @params:	parameters, without the first, which has the request's number
 */
struct qcomtee_room {
	void __user *addr;
	size_t size;
	u32 params;
};

void qcomtee_supp_init(struct qcomtee_context_data *data)
{
	spin_lock_init(&data->lock);
	INIT_LIST_HEAD(&data->queued);
	INIT_LIST_HEAD(&data->taken);
	init_waitqueue_head(&data->wait);
}

/**
 * qcomtee_supp_stop() - nobody will serve the objects of a context any more
 * @data:	context
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_supp_stop(struct qcomtee_context_data *data)
{
	spin_lock(&data->lock);
	data->released = true;
	spin_unlock(&data->lock);
	qcomtee_request_cut_off(data, &data->queued);
	qcomtee_request_cut_off(data, &data->taken);
	wake_up_all(&data->wait);
}

/* Payloads lie one below the other, from the end down, each at a multiple of 8. */
static bool qcomtee_place(size_t *end, size_t size)
{
	if (size > *end)
		return false;
	*end = round_down(*end - size, QTEE_ALIGN);
	return true;
}

static bool qcomtee_request_fits(const struct qcomtee_request *req,
				 const struct qcomtee_room *room)
{
	size_t end = room->size;
	unsigned int n;

	if (qcomtee_request_is_release(req))
		return true;
	if (qcomtee_counts_all(&req->args->counts) > room->params)
		return false;
	for (n = 0; n < req->args->counts.ib; n++)
		if (!qcomtee_place(&end, req->args->args[n].b.size))
			return false;
	return true;
}

/* Notes that the caller has refused. Whether it had done so before. */
static bool qcomtee_request_refuse(struct qcomtee_request *req)
{
	pid_t self = task_pid_nr(current);
	unsigned int n;

	for (n = 0; n < req->refusals; n++)
		if (req->refused_by[n] == self)
			return true;
	if (req->refusals == QCOMTEE_REFUSERS)
		return true;
	req->refused_by[req->refusals++] = self;
	return false;
}

/*
 * The request that the caller gets, in @req. -EAGAIN if there is none yet; 0 without a request
 * if @req is one that everybody has refused, which the caller must end.
 */
static int qcomtee_supp_select(struct qcomtee_context_data *data, const struct qcomtee_room *room,
			       struct qcomtee_request **req, bool *refused)
{
	struct qcomtee_request *first, *next;

	lockdep_assert_held(&data->lock);

	*refused = false;
	if (data->released)
		return -ENODEV;
	first = list_first_entry_or_null(&data->queued, struct qcomtee_request, node);
	if (!first)
		return -EAGAIN;
	*req = first;
	if (qcomtee_request_fits(first, room))
		return 0;
	if (!qcomtee_request_refuse(first))
		return -EINVAL;

	next = first;
	list_for_each_entry_continue(next, &data->queued, node) {
		if (qcomtee_request_fits(next, room)) {
			*req = next;
			return 0;
		}
	}
	if (data->waiting)
		return -EINVAL;
	*refused = true;
	return 0;
}

/* The caller's from now on. It gets a reference, unless it is a release: @req is NULL then. */
static void qcomtee_supp_took(struct qcomtee_context_data *data, struct qcomtee_request **req,
			      u32 *func, struct tee_param *param)
{
	lockdep_assert_held(&data->lock);

	(*req)->state = QCOMTEE_REQUEST_DELIVERING;
	(*req)->id = ++data->last_id;
	list_move_tail(&(*req)->node, &data->taken);
	*func = (*req)->op;
	param->u.value.a = (*req)->target->user_id;
	param->u.value.b = (*req)->id;
	param->u.value.c = 0;
	if (qcomtee_request_is_release(*req))
		*req = NULL;
	else
		refcount_inc(&(*req)->refs);
}

/* Takes a request, waiting for one. */
static int qcomtee_supp_take(struct qcomtee_context_data *data, const struct qcomtee_room *room,
			     struct qcomtee_request **req, u32 *func, struct tee_param *param)
{
	bool refused;
	int rc;

	for (;;) {
		spin_lock(&data->lock);
		rc = qcomtee_supp_select(data, room, req, &refused);
		if (rc == -EAGAIN)
			data->waiting++;
		else if (!rc && refused)
			list_del_init(&(*req)->node);
		else if (!rc)
			qcomtee_supp_took(data, req, func, param);
		spin_unlock(&data->lock);

		if (!rc && refused) {
			qcomtee_request_finish(*req, QTEE_UNAVAIL);
			continue;
		}
		/* It stays, and one receiver was woken for it. */
		if (rc == -EINVAL)
			wake_up(&data->wait);
		if (rc != -EAGAIN)
			return rc;

		rc = ___wait_event(data->wait, !list_empty_careful(&data->queued) ||
				   READ_ONCE(data->released), (TASK_INTERRUPTIBLE | TASK_FREEZABLE),
				   1, 0, schedule());
		spin_lock(&data->lock);
		data->waiting--;
		spin_unlock(&data->lock);
		if (rc)
			return rc;
	}
}

/* Without a lock, as the copies may take as long as user space likes. */
static int qcomtee_request_marshal(struct qcomtee_request *req, const struct qcomtee_room *room,
				   struct tee_param *param)
{
	struct qcomtee_args *args = req->args;
	struct qcomtee_counts c = args->counts;
	size_t end = room->size;
	unsigned int n;
	int rc;

	for (n = 0; n < c.ib; n++, param++) {
		qcomtee_place(&end, args->args[n].b.size);
		if (copy_to_user(room->addr + end, args->msg + args->args[n].b.offset,
				 args->args[n].b.size))
			return -EFAULT;
		param->attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT;
		param->u.ubuf.uaddr = room->addr + end;
		param->u.ubuf.size = args->args[n].b.size;
	}
	for (n = c.ib; n < c.ib + c.ob; n++, param++) {
		param->attr = TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT;
		param->u.ubuf.uaddr = NULL;
		param->u.ubuf.size = args->args[n].b.size;
	}
	for (n = 0; n < c.io; n++, param++) {
		rc = qcomtee_ref_to_param(&args->in[n], req->target->ctx, param);
		if (rc)
			return rc;
		param->attr = TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT;
	}
	for (n = 0; n < c.oo; n++, param++) {
		param->attr = TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT;
		param->u.objref.id = 0;
		param->u.objref.flags = 0;
	}
	return 0;
}

/* The names that marshalling gave to objects of QTEE. */
static void qcomtee_params_forget(struct qcomtee_context_data *data,
				  const struct tee_param *param, u32 num)
{
	u32 n;

	for (n = 0; n < num; n++)
		if (param[n].attr == TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT &&
		    param[n].u.objref.flags == TEE_QTEE_OBJREF_TEE)
			qcomtee_remote_remove(data, param[n].u.objref.id);
}

/* Takes it from the list, if it still is there: then the list's reference is the caller's. */
static bool qcomtee_supp_claim(struct qcomtee_context_data *data, struct qcomtee_request *req)
{
	bool claimed;

	spin_lock(&data->lock);
	claimed = !list_empty(&req->node);
	if (claimed) {
		list_del_init(&req->node);
		req->state = QCOMTEE_REQUEST_ANSWERING;
	}
	spin_unlock(&data->lock);
	return claimed;
}

static int qcomtee_room_from_params(struct qcomtee_room *room, const struct tee_param *param,
				    u32 num_params)
{
	u32 n;

	if (!num_params || param->attr != QCOMTEE_RECV_META)
		return -EINVAL;
	for (n = 1; n < num_params; n++)
		if (param[n].attr)
			return -EINVAL;
	room->addr = u64_to_user_ptr(param->u.value.a);
	room->size = param->u.value.b;
	room->params = num_params - 1;
	return IS_ALIGNED(param->u.value.a, QTEE_ALIGN) ? 0 : -EINVAL;
}

/**
 * qcomtee_supp_recv() - a process asks what its objects are to do
 * @ctx:	context
 * @func:	operation, out
 * @num_params:	in: room; out: used
 * @param:	the first: buffer, then object and request; the others: arguments
 *
 * What cannot be given to user space is told to QTEE, and the next request is taken. The caller
 * says with qcomtee_supp_recv_done() whether the parameters have reached user space.
 *
 * Return: 0, -EINVAL if the room is unfit or too small, -ERESTARTSYS on a signal, -ENODEV if
 * the device is being removed
 *
 * Context: sleeps until there is a request; freezable
 */
int qcomtee_supp_recv(struct tee_context *ctx, u32 *func, u32 *num_params,
		      struct tee_param *param)
{
	struct qcomtee_context_data *data = ctx->data;
	struct qcomtee_request *req;
	struct qcomtee_room room;
	int rc;

	rc = qcomtee_room_from_params(&room, param, *num_params);
	if (rc)
		return rc;

	for (;;) {
		rc = qcomtee_supp_take(data, &room, &req, func, param);
		if (rc)
			return rc;
		*num_params = 1;
		if (!req)
			return 0;

		rc = qcomtee_request_marshal(req, &room, param + 1);
		if (!rc) {
			*num_params = 1 + qcomtee_counts_all(&req->args->counts);
			qcomtee_request_put(req);
			return 0;
		}
		qcomtee_params_forget(data, param + 1, room.params);
		memset(param + 1, 0, room.params * sizeof(*param));
		if (qcomtee_supp_claim(data, req))
			qcomtee_request_finish(req, qcomtee_result_of_errno(rc));
		qcomtee_request_put(req);
	}
}

static struct qcomtee_request *qcomtee_supp_find(struct qcomtee_context_data *data, u64 id)
{
	struct qcomtee_request *req;

	lockdep_assert_held(&data->lock);

	/* As many as clients wait. */
	list_for_each_entry(req, &data->taken, node)
		if (req->id == id)
			return req;
	return NULL;
}

/* To where it was: others may have been put back before, in any order. */
static void qcomtee_supp_put_back(struct qcomtee_context_data *data, struct qcomtee_request *req)
{
	struct qcomtee_request *next;

	lockdep_assert_held(&data->lock);

	req->state = QCOMTEE_REQUEST_QUEUED;
	list_for_each_entry(next, &data->queued, node)
		if (next->place > req->place)
			break;
	list_move_tail(&req->node, &next->node);
}

/**
 * qcomtee_supp_recv_done() - the parameters have reached user space, or not
 * @ctx:	context
 * @num_params:	how many
 * @param:	as qcomtee_supp_recv() left them
 * @rc:		0, or why not: the request goes back to where it was, as nobody has seen it
 *
 * Context: may sleep; no lock is held
 */
void qcomtee_supp_recv_done(struct tee_context *ctx, u32 num_params,
			    const struct tee_param *param, int rc)
{
	struct qcomtee_context_data *data = ctx->data;
	struct qcomtee_request *req;
	bool told = false;
	bool stopped;

	if (rc)
		qcomtee_params_forget(data, param + 1, num_params - 1);

	spin_lock(&data->lock);
	req = qcomtee_supp_find(data, param->u.value.b);
	if (req && rc) {
		qcomtee_supp_put_back(data, req);
	} else if (req) {
		req->state = QCOMTEE_REQUEST_TAKEN;
		told = qcomtee_request_is_release(req);
		if (told)
			list_del_init(&req->node);
	}
	stopped = data->released;
	spin_unlock(&data->lock);
	if (rc && stopped)
		qcomtee_request_cut_off(data, &data->queued);
	else if (rc)
		wake_up(&data->wait);
	if (told)
		qcomtee_request_put(req);
}

/* The answer's parameters: 0, or what is wrong with them. */
static int qcomtee_request_answer(struct qcomtee_request *req, const struct tee_param *param,
				  u32 num_params)
{
	struct qcomtee_args *args = req->args;
	struct qcomtee_counts c = args->counts;
	unsigned int n;

	if (num_params != qcomtee_counts_all(&c))
		return -EINVAL;
	for (n = 0; n < c.ib; n++, param++)
		if (param->attr != TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_INPUT)
			return -EINVAL;
	for (n = c.ib; n < c.ib + c.ob; n++, param++) {
		if (param->attr != TEE_IOCTL_PARAM_ATTR_TYPE_UBUF_OUTPUT ||
		    param->u.ubuf.size > args->args[n].b.size)
			return -EINVAL;
		if (copy_from_user(args->msg + args->args[n].b.offset, param->u.ubuf.uaddr,
				   param->u.ubuf.size))
			return -EINVAL;
		args->args[n].b.size = param->u.ubuf.size;
	}
	for (n = 0; n < c.io; n++, param++)
		if (param->attr != TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_INPUT)
			return -EINVAL;
	for (n = 0; n < c.oo; n++, param++) {
		if (param->attr != TEE_IOCTL_PARAM_ATTR_TYPE_OBJREF_OUTPUT)
			return -EINVAL;
		if (qcomtee_ref_from_param(&args->out[n], req->target->ctx, param))
			return -EINVAL;
	}
	return 0;
}

/**
 * qcomtee_supp_send() - a process has done what was asked
 * @ctx:	context
 * @ret:	0; an errno or a result of the object, and the parameters do not count
 * @num_params:	how many
 * @param:	the first: number of the request; the others: its parameters with the answer
 *
 * Return: 0, and each object that was named is let go some time; or -EINVAL: there is no such
 * request, or its client has gone, also meanwhile; or the parameters are not its own, and QTEE is
 * told an error. None of the objects has been passed then
 *
 * Context: may sleep; no lock is held
 */
int qcomtee_supp_send(struct tee_context *ctx, u32 ret, u32 num_params,
		      struct tee_param *param)
{
	struct qcomtee_context_data *data = ctx->data;
	struct qcomtee_request *req;
	int rc = 0;

	if (!num_params || param->attr != QCOMTEE_SEND_META)
		return -EINVAL;

	spin_lock(&data->lock);
	req = qcomtee_supp_find(data, param->u.value.a);
	/* A release expects no answer, and one that is being delivered is known to nobody. */
	if (!req || req->state != QCOMTEE_REQUEST_TAKEN) {
		spin_unlock(&data->lock);
		return -EINVAL;
	}
	list_del_init(&req->node);
	req->state = QCOMTEE_REQUEST_ANSWERING;
	spin_unlock(&data->lock);

	if (!ret)
		rc = qcomtee_request_answer(req, param + 1, num_params - 1);
	if (!qcomtee_request_finish(req, qcomtee_result_of_errno(rc ?: (int)ret)))
		return -EINVAL;
	return rc;
}
