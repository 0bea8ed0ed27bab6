// SPDX-License-Identifier: BSD-2-Clause
/* Runs the cases of a program; see harness.h. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "clock.h"
#include "klog.h"
#include "pinned.h"
#include "setting.h"
#include "shown.h"
#include "world.h"

#define MAX_CASES		128
#define TIME_LIMIT_S		30
/*
 * Teardown of what a dead client owned may run behind its back. Who failed already may have left
 * something for ever.
 */
#define SETTLE_MS		PATIENCE_MS
#define FAILED_SETTLE_MS	10000
/* A process that is killed inside a stock driver waits for the secure world. */
#define REAP_MS			60000
/* A machine that is busy with another guest is slower, too. */
#define BUSY_FACTOR		4
#define WARM_UP_S		20
/* Of the smallest slots. */
#define MESSAGES_PER_PAGE	8

struct test_case {
	const char *name;
	test_fn fn;
};

/**
 * struct shared - what a case and everything it starts tell the harness
 * @failed, @skipped: verdicts
 * @limit_s: time limit
 * @leave: announced leftovers, by counter
 * @reason: written by who sets @claimed first
 */
struct shared {
	atomic_bool failed;
	atomic_bool skipped;
	atomic_bool claimed;
	atomic_uint limit_s;
	atomic_uint leave[LEAVE_COUNT];
	char reason[512];
};

/**
 * struct balance - a counter that must be the same after a case
 * @counter: SIM_COUNTER_* or LEAVE_*
 * @what: how a complaint names it
 * @read: reads it
 * @before: value before the case
 */
struct balance {
	unsigned int counter;
	const char *what;
	int (*read)(unsigned int counter, uint64_t *value);
	uint64_t before;
};

static struct test_case cases[MAX_CASES];
static unsigned int num_cases;
static struct shared *shared;

static int read_pinned(unsigned int counter, uint64_t *value)
{
	return pinned_pages(value);
}

static struct balance balances[] = {
	{ SIM_COUNTER_SESSIONS, "sessions", world_read_counter, 0 },
	{ SIM_COUNTER_SHM_OBJECTS, "shared memory objects", world_read_counter, 0 },
	{ SIM_COUNTER_THREADS_USED, "secure threads", world_read_counter, 0 },
	{ SIM_COUNTER_FFA_SHARES, "shares of memory by FF-A", world_read_counter, 0 },
	{ SIM_COUNTER_FFA_RETRIEVED, "memory in partitions", world_read_counter, 0 },
	{ SIM_COUNTER_RPC_MEMORY, "objects lent by the normal world", world_read_counter, 0 },
	{ SIM_COUNTER_QTEE_OBJECTS, "objects of QTEE", world_read_counter, 0 },
	{ SIM_COUNTER_QTEE_EXPORTED, "references on objects of QTEE", world_read_counter, 0 },
	{ SIM_COUNTER_QTEE_REMOTES, "objects lent to QTEE", world_read_counter, 0 },
	{ SIM_COUNTER_QTEE_MAPPINGS, "memory mapped by QTEE", world_read_counter, 0 },
	{ SIM_COUNTER_QTEE_CONVERSATIONS, "calls of QTEE", world_read_counter, 0 },
	{ SIM_COUNTER_QTEE_BRIDGES, "bridges for QTEE", world_read_counter, 0 },
	{ SIM_COUNTER_QTEE_STRAY_RELEASES, "releases of what QTEE had back", world_read_counter, 0 },
	{ LEAVE_PINNED, "pages pinned in the kernel", read_pinned, 0 },
	{ LEAVE_CONTEXTS, "contexts in debugfs", shown_count, 0 },
	{ LEAVE_SESSIONS, "sessions in debugfs", shown_count, 0 },
	{ LEAVE_SHM, "shared memory in debugfs", shown_count, 0 },
	{ LEAVE_PLACES, "places in the queue of calls", shown_count, 0 },
};

#define NUM_BALANCES	ARRAY_SIZE(balances)

void harness_register(const char *name, test_fn fn)
{
	if (num_cases == MAX_CASES)
		abort();
	cases[num_cases++] = (struct test_case){ name, fn };
}

static void claim_reason(const char *fmt, va_list ap)
{
	if (!atomic_exchange(&shared->claimed, true))
		vsnprintf(shared->reason, sizeof(shared->reason), fmt, ap);
}

static __printf(1, 2) void complain(const char *fmt, ...)
{
	va_list ap;

	/* What goes wrong after a skip is worth more than its reason. */
	if (atomic_exchange(&shared->skipped, false))
		atomic_store(&shared->claimed, false);
	va_start(ap, fmt);
	claim_reason(fmt, ap);
	va_end(ap);
	atomic_store(&shared->failed, true);
}

void harness_fail(const char *file, int line, const char *fmt, ...)
{
	const char *base = strrchr(file, '/');
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	complain("%s:%d: %s", base ? base + 1 : file, line, text);
}

void harness_end(void)
{
	_exit(atomic_load(&shared->failed));
}

void harness_skip(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	claim_reason(fmt, ap);
	va_end(ap);
	atomic_store(&shared->skipped, true);
	harness_end();
}

/* Kernels that look for mistakes are slower: OMNITEE_TIME_SCALE says how many times. */
unsigned int scaled(unsigned int time)
{
	const char *env = getenv("OMNITEE_TIME_SCALE");
	unsigned long scale = env ? strtoul(env, NULL, 10) : 1;

	return time * (scale >= 1 && scale <= 100 ? scale : 1);
}

unsigned int rounds(unsigned int times)
{
	/* In full on one configuration. */
	unsigned int all = modules_are_ours() && kernel_is("6.12") ? 1 : 2;
	unsigned int fewer = times / scaled(all);

	return fewer > 3 ? fewer : times > 3 ? 3 : times;
}

void time_limit(unsigned int seconds)
{
	atomic_store(&shared->limit_s, seconds);
}

void leave_behind(unsigned int counter, unsigned int count)
{
	atomic_store(&shared->leave[counter], count);
}

void leave_message_pages(unsigned int calls)
{
	static const unsigned int counters[] = {
		SIM_COUNTER_SHM_OBJECTS, SIM_COUNTER_FFA_SHARES, SIM_COUNTER_FFA_RETRIEVED,
	};
	unsigned int pages = calls / MESSAGES_PER_PAGE + 1;

	if (!optee_is_over_ffa())
		return;
	for (size_t n = 0; n < ARRAY_SIZE(counters); n++)
		if (atomic_load(&shared->leave[counters[n]]) < pages)
			leave_behind(counters[n], pages);
}

const char *result_name(long rc)
{
	static _Thread_local char text[2][32];
	static _Thread_local unsigned int next;
	const char *name = rc < 0 && rc > -4096 ? strerrorname_np(-rc) : NULL;

	next ^= 1;
	if (name)
		snprintf(text[next], sizeof(text[next]), "-%s", name);
	else
		snprintf(text[next], sizeof(text[next]), "%ld", rc);
	return text[next];
}

static bool env_is(const char *name, const char *value)
{
	const char *env = getenv(name);

	return env && !strcmp(env, value);
}

bool modules_are_ours(void)
{
	return env_is("OMNITEE_MODULES", "ours");
}

bool optee_is_over_ffa(void)
{
	return env_is("OMNITEE_OPTEE", "ffa");
}

bool modules_are_stock(void)
{
	return env_is("OMNITEE_MODULES", "stock");
}

bool kernel_is(const char *version)
{
	return env_is("OMNITEE_KERNEL", version);
}

bool kernel_is_slow(void)
{
	return scaled(1) > 1;
}

/* WARN_ONCE must be able to speak in each case. */
static void let_warnings_repeat(void)
{
	static const char path[] = "/sys/kernel/debug/clear_warn_once";
	int fd = open(path, O_WRONLY);

	if (fd < 0) {
		mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
		fd = open(path, O_WRONLY);
	}
	if (fd < 0)
		return;
	if (write(fd, "1", 1) != 1)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	close(fd);
}

static void take_balance(void)
{
	/* What cannot be read cannot have become more. */
	for (size_t i = 0; i < NUM_BALANCES; i++)
		if (balances[i].read(balances[i].counter, &balances[i].before))
			balances[i].before = INT64_MAX;
}

static uint64_t before(unsigned int counter)
{
	for (size_t i = 0; i < NUM_BALANCES; i++)
		if (balances[i].counter == counter)
			return balances[i].before;
	return 0;
}

/*
 * How much there may be after the case. What is shared over FF-A while nobody is there is for
 * messages: OP-TEE retrieves a page when it is first used, and that may be in the middle of a case.
 * Memory of a client that stays with it stays shared, too.
 */
static uint64_t most(const struct balance *b)
{
	uint64_t shares, count = b->before;

	if (optee_is_over_ffa() && (b->counter == SIM_COUNTER_SHM_OBJECTS ||
				    b->counter == SIM_COUNTER_FFA_RETRIEVED)) {
		shares = before(SIM_COUNTER_FFA_SHARES);
		if (count < shares)
			count = shares;
	}
	return count + atomic_load(&shared->leave[b->counter]);
}

static const struct balance *unbalanced(uint64_t *now)
{
	for (size_t i = 0; i < NUM_BALANCES; i++) {
		const struct balance *b = &balances[i];

		if (!b->read(b->counter, now) && *now > most(b))
			return b;
	}
	return NULL;
}

static void check_balance(void)
{
	bool failed = atomic_load(&shared->failed);
	uint64_t end = clock_ms() + scaled(failed ? FAILED_SETTLE_MS : SETTLE_MS);
	const struct balance *b;
	uint64_t now = 0;

	while ((b = unbalanced(&now)) && clock_ms() < end)
		sleep_ms(10);
	if (b)
		complain("%s left behind: %llu, before %llu", b->what,
			 (unsigned long long)now, (unsigned long long)b->before);
}

/* Whatever the case started ends with it. */
static void reap(pid_t group)
{
	uint64_t end = clock_ms() + scaled(REAP_MS);

	kill(-group, SIGKILL);
	for (;;) {
		pid_t pid = waitpid(-1, NULL, WNOHANG);

		if (pid < 0)
			return;
		if (pid > 0)
			continue;
		if (clock_ms() > end) {
			complain("a killed process does not end");
			return;
		}
		kill(-group, SIGKILL);
		sleep_ms(2);
	}
}

static void wait_for_case(pid_t pid)
{
	uint64_t start = clock_ms();
	unsigned int ms = 1;
	int status;

	while (!waitpid(pid, &status, WNOHANG)) {
		unsigned int limit_s = scaled(atomic_load(&shared->limit_s)) * BUSY_FACTOR;

		if (clock_ms() - start > limit_s * 1000ULL) {
			complain("still running after %u s", limit_s);
			return;
		}
		sleep_ms(ms);
		if (ms < 10)
			ms++;
	}
	if (WIFSIGNALED(status))
		complain("ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		complain("exit status %d without a reason", WEXITSTATUS(status));
}

static void run_child(const struct test_case *c)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Reasons go through shared memory; a broken pipe is for the case to notice. */
	signal(SIGPIPE, SIG_IGN);
	c->fn();
	harness_end();
}

static bool run_case(const char *program, const struct test_case *c)
{
	char complaint[480] = "";
	int klog;
	pid_t pid;

	memset(shared, 0, sizeof(*shared));
	atomic_store(&shared->limit_s, TIME_LIMIT_S);
	let_warnings_repeat();
	world_faults_off();
	take_balance();
	klog = klog_open();

	pid = fork();
	if (!pid)
		run_child(c);
	if (pid > 0) {
		setpgid(pid, pid);
		wait_for_case(pid);
		reap(pid);
	} else {
		complain("fork: %s", strerror(errno));
	}
	settings_back();
	world_faults_off();
	check_balance();
	if (klog < 0) {
		complain("/dev/kmsg: %s", strerror(-klog));
	} else {
		/* A warning says more than what followed from it. */
		if (klog_check(klog, complaint, sizeof(complaint))) {
			if (atomic_load(&shared->failed))
				fprintf(stderr, "# %s.%s: also: %s\n", program, c->name,
					shared->reason);
			atomic_store(&shared->claimed, false);
			complain("kernel log: %s", complaint);
		}
		close(klog);
	}

	shared->reason[strcspn(shared->reason, "\n")] = '\0';
	if (atomic_load(&shared->failed))
		printf("not ok %s.%s: %s\n", program, c->name, shared->reason);
	else if (atomic_load(&shared->skipped))
		printf("skip %s.%s: %s\n", program, c->name, shared->reason);
	else
		printf("ok %s.%s\n", program, c->name);
	fflush(stdout);
	return !atomic_load(&shared->failed);
}

/*
 * Drivers keep the memory of messages registered and grow it with the number of calls
 * under way. Let it grow now, so that the balances mean something.
 */
static void warm_up(void)
{
	pid_t pid = fork();

	if (!pid) {
		alarm(scaled(WARM_UP_S) * BUSY_FACTOR);
		client_warm_up();
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static bool named(const char *name, int argc, char **argv)
{
	bool any = false;

	for (int i = 1; i < argc; i++) {
		any = true;
		if (!strcmp(name, argv[i]))
			return true;
	}
	return !any;
}

static bool known(const char *name)
{
	for (unsigned int i = 0; i < num_cases; i++)
		if (!strcmp(cases[i].name, name))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	const char *program = strrchr(argv[0], '/');
	unsigned int failed = 0;

	program = program ? program + 1 : argv[0];
	for (int i = 1; i < argc; i++) {
		if (!known(argv[i])) {
			fprintf(stderr, "%s: no case '%s'; the cases are:\n", program, argv[i]);
			for (unsigned int j = 0; j < num_cases; j++)
				fprintf(stderr, "  %s\n", cases[j].name);
			return 2;
		}
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED || !settings_begin()) {
		fprintf(stderr, "%s: mmap: %s\n", program, strerror(errno));
		return 2;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (world_present())
		warm_up();
	for (unsigned int i = 0; i < num_cases; i++)
		if (named(cases[i].name, argc, argv) && !run_case(program, &cases[i]))
			failed++;
	return failed != 0;
}
