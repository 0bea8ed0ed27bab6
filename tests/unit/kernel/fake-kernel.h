/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * As much of a kernel as a file of a module needs to run in a unit test. There is one CPU and
 * nothing happens at the same time: what other tasks do is a list of steps, and the next one is
 * taken when the running task sleeps, or takes a lock for which one was ordered.
 */
#ifndef FAKE_KERNEL_H
#define FAKE_KERNEL_H

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;

/* There is one thread. */
#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, value)	((x) = (value))
#define likely(x)		(x)
#undef __always_inline
#define __always_inline		inline
#define min_t(type, a, b)	({ type a_ = (a), b_ = (b); a_ < b_ ? a_ : b_; })
#define container_of(p, type, member)	((type *)((char *)(p) - offsetof(type, member)))

typedef struct {
	int counter;
} atomic_t;

#define atomic_set(v, n)	((v)->counter = (n))
#define atomic_read(v)		((v)->counter)
#define atomic_inc(v)		((v)->counter++)
#define atomic_dec(v)		((v)->counter--)
#define atomic_add(n, v)	((v)->counter += (n))
#define atomic_sub(n, v)	((v)->counter -= (n))
#define atomic_inc_return(v)	(++(v)->counter)
/* Nobody else looks. */
#define smp_mb()		((void)0)	/* there is one CPU */
#define smp_rmb()		((void)0)	/* there is one CPU */
#define smp_mb__after_atomic()	((void)0)

static inline bool atomic_try_cmpxchg_acquire(atomic_t *v, int *old, int new)
{
	if (v->counter != *old) {
		*old = v->counter;
		return false;
	}
	v->counter = new;
	return true;
}

typedef struct {
	long counter;
} atomic_long_t;

#define atomic_long_inc(v)	((v)->counter++)
#define atomic_long_read(v)	((v)->counter)

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD(name)		struct list_head name = { &(name), &(name) }

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
	node->next = head;
	node->prev = head->prev;
	head->prev->next = node;
	head->prev = node;
}

/* A node that is in no list must not be taken out of one. */
void fake_list_del(struct list_head *node);

#define list_del_init(node)	fake_list_del(node)
#define list_del(node)		fake_list_del(node)
#define list_first_entry(head, type, member) \
	container_of((head)->next, type, member)
#define list_for_each_entry(pos, head, member) \
	for (pos = container_of((head)->next, __typeof__(*pos), member); &pos->member != (head); \
	     pos = container_of(pos->member.next, __typeof__(*pos), member))

#define list_for_each_entry_safe(pos, n, head, member) \
	for (pos = container_of((head)->next, __typeof__(*pos), member), \
	     n = container_of(pos->member.next, __typeof__(*pos), member); \
	     &pos->member != (head); \
	     pos = n, n = container_of(n->member.next, __typeof__(*n), member))

typedef struct spinlock {
	bool held;
} spinlock_t;

void spin_lock_init(spinlock_t *lock);
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void fake_assert_held(const spinlock_t *lock);

/* As far as tests can tell, mutexes are the same, but that they may sleep. */
void fake_mutex_lock(spinlock_t *lock);
#define CONFIG_PREEMPT_RT		0
#define IS_ENABLED(CONFIG_option)	(CONFIG_option)
#define preempt_disable()	((void)0)
#define preempt_enable()	((void)0)
#define mutex			spinlock
#define DEFINE_MUTEX(name)	struct mutex name
#define mutex_init(lock)	spin_lock_init(lock)
#define mutex_destroy(lock)	((void)(lock))
#define mutex_lock(lock)	fake_mutex_lock(lock)
#define mutex_unlock(lock)	spin_unlock(lock)

#define lockdep_assert_held(lock)	fake_assert_held(lock)

/**
 * struct task_struct - a task of the test
 * @name: for complaints
 * @runnable: it need not sleep
 * @killed: a fatal signal is pending
 * @frozen: it does not run, whoever wakes it
 * @freezing: it is about to be frozen, as soon as it lets itself be
 * @state: TASK_*
 * @wakeups: how often it was woken
 */
struct task_struct {
	const char *name;
	bool runnable;
	bool killed;
	bool frozen;
	bool freezing;
	unsigned int state;
	unsigned int wakeups;
};

extern struct task_struct *current;
/* The allocation of this number fails, counted from now on; 0: none. */
extern int fake_failing_allocation;

#define TASK_RUNNING		0
#define TASK_UNINTERRUPTIBLE	2
#define TASK_WAKEKILL		0x100
#define TASK_KILLABLE		0x102
#define TASK_FREEZABLE		0x2000
#define HZ			1000
#define MAX_SCHEDULE_TIMEOUT	LONG_MAX

#define set_current_state(state)	fake_set_state(state)
#define __set_current_state(value)	((void)(current->state = (value)))
#define msecs_to_jiffies(ms)		((long)(ms))

void fake_set_state(unsigned int state);
void wake_up_process(struct task_struct *task);
bool freezing(struct task_struct *task);
bool try_to_freeze(void);
bool signal_pending_state(unsigned int state, struct task_struct *task);
long schedule_timeout(long timeout);

#define schedule()		schedule_timeout(MAX_SCHEDULE_TIMEOUT)
#define fatal_signal_pending(task)	((task)->killed)

/* Time passes for who sleeps with a limit. */
extern unsigned long jiffies;
#define time_after(a, b)	((long)((b) - (a)) < 0)
static inline void usleep_range(unsigned long from, unsigned long to)
{
	(void)from;
	jiffies += to / 1000;
}

#define cond_resched()		((void)0)
#define raw_smp_processor_id()	0

typedef void (*fake_step)(void);

/* Forgets all steps; @task is the running one. */
void fake_begin(struct task_struct *task);
/* What happens while the running task sleeps, or tasks that it makes run do: in this order. */
void fake_when_asleep(fake_step step);
/* What happens before the running task gets the lock that it takes next. */
void fake_before_lock(fake_step step);
/* What happens when the running task is about to sleep the next time. */
void fake_before_sleep(fake_step step);
/* What happens before the running task lets itself be frozen the next time. */
void fake_before_freeze(fake_step step);
/* What happens right after the running task has found itself killed. */
void fake_after_kill(fake_step step);
/* Runs a step as another task. */
void fake_as(struct task_struct *task, fake_step step);
/* The time limits of the sleeps, in milliseconds, -1 for none. */
unsigned int fake_sleeps(long *ms, unsigned int room);

#endif /* FAKE_KERNEL_H */
