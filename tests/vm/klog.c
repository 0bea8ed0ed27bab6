// SPDX-License-Identifier: BSD-2-Clause
/* The kernel log, read record by record from /dev/kmsg. */
#include "klog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the kernel prints when something is wrong with it, in any of its subsystems. */
static const char * const bad[] = {
	"WARNING:", "BUG:", "kernel BUG at", "Oops", "Internal error", "Unable to handle kernel",
	"Kernel panic", "Call trace:", "cut here", "possible circular locking",
	"possible recursive locking", "possible irq lock inversion", "inconsistent lock state",
	"invalid wait context", "INFO: lockdep", "DEBUG_LOCKS_WARN", "suspicious RCU usage",
	"rcu_preempt detected", "rcu_sched detected", "self-detected stall", "rcu: INFO:",
	"blocked for more than", "soft lockup", "hard LOCKUP", "scheduling while atomic",
	"sleeping function called", "KASAN", "KFENCE", "KCSAN", "UBSAN", "kmemleak",
	"refcount_t:", "list_add corruption", "list_del corruption", "Bad page state",
	"page allocation failure", "stack-protector", "exports duplicate symbol",
	"use-after-free", "double free", "refusing to freeze",
};

static const char * const allowed[] = {
	/* Said about every module that is not part of the kernel. */
	"loading out-of-tree module taints kernel",
	"module verification failed",
	/* An alarm came before all tasks were frozen, see power_suspend(). */
	"aborted after",
};

static bool matches(const char *line, const char * const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(line, list[i]))
			return true;
	return false;
}

#define MATCHES(line, list)	matches(line, list, sizeof(list) / sizeof((list)[0]))

/* So many lines say who is meant, and where it is, after one that ends in a colon. */
#define LINES_AFTER	12

static void add_line(char *complaint, size_t size, const char *text)
{
	size_t len = strlen(complaint);

	snprintf(complaint + len, size - len, " %s", text + strspn(text, " "));
}

int klog_open(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (lseek(fd, 0, SEEK_END) < 0) {
		int rc = -errno;

		close(fd);
		return rc;
	}
	return fd;
}

/* The text of the kernel's next line, or NULL at the log's end; @lost: some were not kept. */
static char *next_line(int fd, char *record, size_t size, bool *lost)
{
	for (;;) {
		ssize_t len = read(fd, record, size - 1);
		char *text, *end;

		*lost = len < 0 && errno == EPIPE;
		if (*lost)
			return record;
		if (len <= 0)
			return NULL;
		record[len] = '\0';
		/* "priority,sequence,microseconds,flags;text"; facility 0 is the kernel */
		if (strtoul(record, NULL, 10) >> 3)
			continue;
		text = strchr(record, ';');
		if (!text)
			continue;
		end = strchr(++text, '\n');
		if (end)
			*end = '\0';
		return text;
	}
}

int klog_check(int fd, char *complaint, size_t size)
{
	char record[8192], *text;
	int count = 0, after = 0;
	bool lost;

	while ((text = next_line(fd, record, sizeof(record), &lost))) {
		if (lost) {
			/* Nobody knows what they said. */
			if (!count++)
				snprintf(complaint, size, "the kernel log overran");
			continue;
		}
		if (after) {
			after--;
			add_line(complaint, size, text);
		}
		if (!MATCHES(text, bad) || MATCHES(text, allowed))
			continue;
		/* The line after "cut here" says more. */
		if (count++ && !strstr(complaint, "cut here"))
			continue;
		snprintf(complaint, size, "%s", text);
		after = *text && text[strlen(text) - 1] == ':' ? LINES_AFTER : 0;
	}
	return count;
}

unsigned int klog_count(int fd, const char *words)
{
	char record[8192], *text;
	unsigned int count = 0;
	bool lost;

	while ((text = next_line(fd, record, sizeof(record), &lost)))
		count += !lost && strstr(text, words);
	return count;
}
