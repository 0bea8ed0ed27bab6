// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who waits for whom, to say so when nobody can go on.
 *
 * A call that has a secure thread and waits for the supplicant is in the list @suspended of
 * the queue. The supplicant, on its way to an answer, may come to a driver that calls into the
 * secure world, in its own task: then that task is in the queue, too. When all calls that have
 * a thread wait, and each waits for a task that waits for a thread, nothing will ever happen
 * unless somebody is killed.
 *
 * This is decided by who waits, never by how long. Each wait that could close the circle ends
 * up here: the last one to join finds it. What is not seen, and not reported: a supplicant that
 * waits for another task (a kernel worker, another process) that waits for a thread; secure
 * threads that wait for each other by notifications; threads that other guests or an earlier
 * kernel hold. A supplicant that spreads over several processes is only judged by the threads
 * that have taken requests.
 */
#include <linux/pid.h>
#include <linux/sched/signal.h>

#include <abi/optee_rpc.h>

#include "optee_private.h"

/* So many calls are named in the report. */
#define OPTEE_REPORT_CALLS	4
#define OPTEE_REPORT_SIZE	256

/**
 * optee_wait_graph_begin() - a call is about to wait, while it has a secure thread
 * @call:	call
 * @cmd:	OPTEE_RPC_CMD_* that it waits in
 * @req:	request that the supplicant has to answer
 */
void optee_wait_graph_begin(struct optee_call *call, u32 cmd, struct optee_supp_req *req)
{
	struct optee_call_queue *cq = &call->optee->cq;

	call->wait.task = current;
	call->wait.cmd = cmd;
	call->wait.req = req;
	optee_cq_lock(cq);
	list_add_tail(&call->wait.node, &cq->suspended);
	optee_wait_graph_check(cq);
	optee_cq_unlock(cq);
}

/**
 * optee_wait_graph_end() - it does not wait any more
 * @call:	call
 */
void optee_wait_graph_end(struct optee_call *call)
{
	struct optee_call_queue *cq = &call->optee->cq;

	optee_cq_lock(cq);
	list_del(&call->wait.node);
	cq->deadlock = false;
	optee_cq_unlock(cq);
}

/**
 * optee_wait_graph_is_server() - may calls that have a secure thread wait for this task?
 * @cq:	queue of the device
 *
 * Return: whether it is the supplicant's, as far as that is known
 */
bool optee_wait_graph_is_server(struct optee_call_queue *cq)
{
	struct optee_supp *supp = &container_of(cq, struct optee, cq)->supp;
	bool is_server;

	spin_lock(&supp->lock);
	is_server = supp->processes || (supp->process && supp->process == task_tgid(current));
	spin_unlock(&supp->lock);
	return is_server;
}

static bool optee_waiter_is(const struct optee_waiter *w, struct pid *pid, enum pid_type type)
{
	if (!w->task)
		return false;
	return (type == PIDTYPE_PID ? task_pid(w->task) : task_tgid(w->task)) == pid;
}

/* How many tasks of a thread or process wait for a secure thread. @one: any of them. */
static unsigned int optee_count_waiters(struct optee_call_queue *cq, struct pid *pid,
					enum pid_type type, struct optee_waiter **one)
{
	struct optee_waiter *w;
	unsigned int n = 0;

	lockdep_assert_held(&cq->lock);

	list_for_each_entry(w, &cq->waiting, node)
		if (optee_waiter_is(w, pid, type)) {
			*one = w;
			n++;
		}
	list_for_each_entry(w, &cq->refused, node)
		if (optee_waiter_is(w, pid, type)) {
			*one = w;
			n++;
		}
	return n;
}

/* Nobody is left in the supplicant who could take or answer a request. */
static bool optee_supp_is_stuck(struct optee_call_queue *cq, struct optee_supp *supp,
				struct optee_waiter **one)
{
	struct task_struct *task;
	int threads = 0;

	lockdep_assert_held(&supp->lock);

	if (!supp->process || supp->processes)
		return false;
	rcu_read_lock();
	task = pid_task(supp->process, PIDTYPE_TGID);
	if (task)
		threads = get_nr_threads(task);
	rcu_read_unlock();
	return threads && optee_count_waiters(cq, supp->process, PIDTYPE_TGID, one) >= threads;
}

/* @one: who waits for a thread and keeps this call from going on. */
static bool optee_wait_is_stuck(struct optee_call_queue *cq, struct optee_wait *wait,
				struct optee_waiter **one)
{
	struct optee_supp_req *req = wait->req;
	struct optee_supp *supp = req->supp;
	bool stuck;

	spin_lock(&supp->lock);
	stuck = req->state == OPTEE_SUPP_REQ_TAKEN &&
		optee_count_waiters(cq, req->server, PIDTYPE_PID, one);
	if (!stuck)
		stuck = req->state != OPTEE_SUPP_REQ_ANSWERED &&
			optee_supp_is_stuck(cq, supp, one);
	spin_unlock(&supp->lock);
	return stuck;
}

static const char *optee_wait_name(u32 cmd)
{
	switch (cmd) {
	case OPTEE_RPC_CMD_LOAD_TA:
		return "LOAD_TA";
	case OPTEE_RPC_CMD_RPMB:
		return "RPMB";
	case OPTEE_RPC_CMD_FS:
		return "FS";
	case OPTEE_RPC_CMD_SHM_ALLOC:
		return "SHM_ALLOC";
	case OPTEE_RPC_CMD_SHM_FREE:
		return "SHM_FREE";
	case OPTEE_RPC_CMD_SOCKET:
		return "SOCKET";
	case OPTEE_RPC_CMD_PLUGIN:
		return "PLUGIN";
	default:
		return "request";
	}
}

static void optee_wait_graph_report(struct optee_call_queue *cq, const struct optee_waiter *server,
				    int calls)
{
	struct optee *optee = container_of(cq, struct optee, cq);
	char text[OPTEE_REPORT_SIZE];
	struct optee_wait *wait;
	int named = 0;
	int len = 0;

	list_for_each_entry(wait, &cq->suspended, node) {
		if (named == OPTEE_REPORT_CALLS)
			break;
		len += scnprintf(text + len, sizeof(text) - len, "%s%s of %s[%d]",
				 named ? ", " : "", optee_wait_name(wait->cmd), wait->task->comm,
				 task_pid_nr(wait->task));
		named++;
	}
	dev_warn(optee->dev, "deadlock: all %d calls with a secure thread are suspended (%s%s), for %s[%d], which waits for a secure thread%s\n",
		 calls, text, named < calls ? ", ..." : "", server->task->comm,
		 task_pid_nr(server->task),
		 server->reservation ? "" : " without a reservation");
}

/*
 * The call of a killed client can do without an answer, as anything in it has to cope with the
 * loss of power. Its waiting task is a worker that nobody could kill; to kill the client was to
 * break the circle already. Returns whether there was one.
 */
static bool optee_wait_graph_cut(struct optee_call_queue *cq)
{
	struct optee_wait *wait;

	list_for_each_entry(wait, &cq->suspended, node)
		if (container_of(wait, struct optee_call, wait)->handed_over) {
			complete(&wait->req->done);
			return true;
		}
	return false;
}

/**
 * optee_wait_graph_check() - report that nobody can go on, if that is so
 * @cq:		queue, locked
 *
 * Once for as long as it lasts, and not if it ends by itself, because one of the clients was
 * killed: its request is revoked then. Costs a comparison as long as some call is on its way.
 */
void optee_wait_graph_check(struct optee_call_queue *cq)
{
	struct optee_waiter *server = NULL;
	int free = atomic_read(&cq->free);
	struct optee_wait *wait;
	int calls;

	lockdep_assert_held(&cq->lock);

	if (cq->deadlock || !cq->total || free > 0 ||
	    !atomic_read(&cq->sleepers) || list_empty(&cq->suspended))
		return;

	/*
	 * Calls that have a thread: the places that are taken, without those of calls that the
	 * secure world refused. If all of them are suspended, none can be given back or taken.
	 */
	calls = cq->total - free - cq->reserved -
		optee_cq_num_asleep(cq) - list_count_nodes(&cq->suspended);
	if (calls)
		return;
	list_for_each_entry(wait, &cq->suspended, node)
		if (!optee_wait_is_stuck(cq, wait, &server))
			return;
	if (!server)
		return;
	if (optee_wait_graph_cut(cq))
		return;
	cq->deadlock = true;
	optee_wait_graph_report(cq, server, list_count_nodes(&cq->suspended));
}
