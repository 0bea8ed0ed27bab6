// SPDX-License-Identifier: GPL-2.0-only
/*
 * What it costs that a supplicant reads a callback's arguments while the client may be killed: with
 * a copy of them (qcomtee), with a mutex over the copies to and from user space, and with SRCU, as
 * the review of the mainline driver discussed. Each way does what its driver does with the request:
 * make it, queue it, deliver it, take its answer, free it; no task changes, nobody calls QTEE.
 *
 * The figures are virtual nanoseconds, which are instructions under ./run --icount:
 *
 *	./run --tests --icount -- sh -c 'modprobe omnitee-ownership &&
 *		cat /sys/module/omnitee_ownership/parameters/figures'
 */
#include <linux/completion.h>
#include <linux/idr.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/uaccess.h>

#define CALLS		400
#define SAMPLES		9
/* What the driver keeps of a request, and of its arguments, besides payloads. */
#define REQUEST		248
#define ARGS		752

struct request {
	struct list_head node;
	refcount_t refs;
	struct completion done;
	int id;
	int state;
	u8 *msg;
	u8 rest[REQUEST];
};

enum state { QUEUED, DELIVERED, TAKEN, ANSWERED };

static struct {
	struct mutex mutex;
	spinlock_t lock;	/* guards the lists, in the way that has no mutex */
	struct list_head queued;
	struct list_head taken;
	struct idr requests;
	u8 *page;		/* that QTEE has written */
	u8 __user *user;
	unsigned long failed;
} model;

DEFINE_STATIC_SRCU(model_srcu);
static char figures[1024];

static struct request *request_alloc(void)
{
	struct request *req = kzalloc(sizeof(*req), GFP_KERNEL | __GFP_NOFAIL);

	INIT_LIST_HEAD(&req->node);
	init_completion(&req->done);
	return req;
}

static void to_user(const void *from, size_t size)
{
	model.failed += copy_to_user(model.user, from, size);
}

static void from_user(void *to, size_t size)
{
	model.failed += copy_from_user(to, model.user, size);
}

/* As kernel/qcomtee does it. */
static void by_copy(size_t size)
{
	struct request *req = request_alloc();

	req->msg = kzalloc(ARGS + size, GFP_KERNEL | __GFP_NOFAIL);
	memcpy(req->msg + ARGS, model.page, size);
	refcount_set(&req->refs, 2);
	spin_lock(&model.lock);
	list_add_tail(&req->node, &model.queued);
	spin_unlock(&model.lock);

	spin_lock(&model.lock);
	req->state = DELIVERED;
	list_move_tail(&req->node, &model.taken);
	refcount_inc(&req->refs);
	spin_unlock(&model.lock);
	to_user(req->msg + ARGS, size);
	refcount_dec(&req->refs);
	spin_lock(&model.lock);
	req->state = TAKEN;
	spin_unlock(&model.lock);

	spin_lock(&model.lock);
	list_del_init(&req->node);
	spin_unlock(&model.lock);
	from_user(req->msg + ARGS, size);
	spin_lock(&model.lock);
	req->state = ANSWERED;
	complete(&req->done);
	spin_unlock(&model.lock);
	refcount_dec(&req->refs);

	memcpy(model.page, req->msg + ARGS, size);
	if (refcount_dec_and_test(&req->refs)) {
		kfree(req->msg);
		kfree(req);
	}
}

static struct request *enqueue(void)
{
	struct request *req = request_alloc();

	mutex_lock(&model.mutex);
	req->id = idr_alloc(&model.requests, req, 0, 0, GFP_KERNEL);
	list_add_tail(&req->node, &model.queued);
	mutex_unlock(&model.mutex);
	return req;
}

/* As it was merged: the client's own array, and nobody else in the context meanwhile. */
static void by_mutex(size_t size)
{
	struct request *req = enqueue();

	mutex_lock(&model.mutex);
	list_del(&req->node);
	to_user(model.page, size);
	req->state = TAKEN;
	mutex_unlock(&model.mutex);

	mutex_lock(&model.mutex);
	req = idr_find(&model.requests, req->id);
	from_user(model.page, size);
	idr_remove(&model.requests, req->id);
	req->state = ANSWERED;
	complete(&req->done);
	mutex_unlock(&model.mutex);
	kfree(req);
}

/* As it was proposed: who reads the array says so, and a killed client waits for all of these. */
static void by_srcu(size_t size)
{
	struct request *req = enqueue();
	int index;

	index = srcu_read_lock(&model_srcu);
	mutex_lock(&model.mutex);
	list_del(&req->node);
	req->state = TAKEN;
	mutex_unlock(&model.mutex);
	to_user(model.page, size);
	srcu_read_unlock(&model_srcu, index);

	index = srcu_read_lock(&model_srcu);
	mutex_lock(&model.mutex);
	req = idr_find(&model.requests, req->id);
	mutex_unlock(&model.mutex);
	from_user(model.page, size);
	mutex_lock(&model.mutex);
	idr_remove(&model.requests, req->id);
	req->state = ANSWERED;
	mutex_unlock(&model.mutex);
	complete(&req->done);
	srcu_read_unlock(&model_srcu, index);
	kfree(req);
}

/* What a client does that is killed, while nobody reads. */
static void killed_by_copy(size_t size)
{
	struct request *req = request_alloc();

	refcount_set(&req->refs, 2);
	list_add_tail(&req->node, &model.taken);
	spin_lock(&model.lock);
	list_del_init(&req->node);
	spin_unlock(&model.lock);
	refcount_dec(&req->refs);
	if (refcount_dec_and_test(&req->refs))
		kfree(req);
}

static void request_remove(struct request *req)
{
	mutex_lock(&model.mutex);
	list_del(&req->node);
	idr_remove(&model.requests, req->id);
	mutex_unlock(&model.mutex);
}

static void killed_by_mutex(size_t size)
{
	struct request *req = enqueue();

	request_remove(req);
	kfree(req);
}

static void killed_by_srcu(size_t size)
{
	struct request *req = enqueue();

	request_remove(req);
	synchronize_srcu(&model_srcu);
	kfree(req);
}

/* The least of several samples, since interrupts fall into some. */
static u64 cost(void (*way)(size_t size), size_t size, unsigned int calls)
{
	u64 least = U64_MAX;
	unsigned int sample, n;

	for (sample = 0; sample < SAMPLES; sample++) {
		u64 begin = ktime_get_ns();

		for (n = 0; n < calls; n++)
			way(size);
		least = min(least, ktime_get_ns() - begin);
		cond_resched();
	}
	return div_u64(least, calls);
}

static void measure(void)
{
	static const size_t sizes[] = { 0, 64, 1024, 3072 };
	int end = scnprintf(figures, sizeof(figures), "octets,copy,mutex,srcu\n");
	unsigned int n;

	for (n = 0; n < ARRAY_SIZE(sizes); n++)
		end += scnprintf(figures + end, sizeof(figures) - end, "%zu,%llu,%llu,%llu\n",
				 sizes[n], cost(by_copy, sizes[n], CALLS),
				 cost(by_mutex, sizes[n], CALLS), cost(by_srcu, sizes[n], CALLS));
	scnprintf(figures + end, sizeof(figures) - end, "killed,%llu,%llu,%llu\n",
		  cost(killed_by_copy, 0, CALLS), cost(killed_by_mutex, 0, CALLS),
		  cost(killed_by_srcu, 0, 4));
}

static int __init ownership_init(void)
{
	unsigned long user;

	mutex_init(&model.mutex);
	spin_lock_init(&model.lock);
	INIT_LIST_HEAD(&model.queued);
	INIT_LIST_HEAD(&model.taken);
	idr_init(&model.requests);
	model.page = (void *)get_zeroed_page(GFP_KERNEL);
	if (!model.page)
		return -ENOMEM;
	/* Of the process that loads the module. */
	user = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(user)) {
		free_page((unsigned long)model.page);
		return (int)user;
	}
	model.user = (u8 __user *)user;
	measure();
	vm_munmap(user, PAGE_SIZE);
	idr_destroy(&model.requests);
	free_page((unsigned long)model.page);
	return model.failed ? -EFAULT : 0;
}
module_init(ownership_init);

static void __exit ownership_exit(void)
{
}
module_exit(ownership_exit);

module_param_string(figures, figures, sizeof(figures), 0444);
MODULE_PARM_DESC(figures, "what was found, as CSV");
MODULE_AUTHOR("omnitee");
MODULE_DESCRIPTION("What handing arguments to a supplicant costs");
MODULE_LICENSE("GPL");
