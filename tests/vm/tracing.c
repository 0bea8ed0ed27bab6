// SPDX-License-Identifier: BSD-2-Clause
#include "tracing.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"
#include "look.h"

#define TRACING		"/sys/kernel/tracing"
#define INSTANCE	TRACING "/instances/omnitee-test"
#define TRACE_SIZE	(1 << 20)

static char trace[TRACE_SIZE];
/* Where the next event is looked for. */
static const char *position;

static void put(const char *file, const char *text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), INSTANCE "/%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	ASSERT_MSG(fd >= 0, "%s: %m", path);
	ASSERT_EQ(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

void tracing_add(const char *system)
{
	char file[64];

	snprintf(file, sizeof(file), "events/%s/enable", system);
	put(file, "1");
}

void tracing_begin(const char *system)
{
	look_need();
	if (access(TRACING "/instances", F_OK))
		mount("tracefs", TRACING, "tracefs", 0, NULL);
	/* Of a case that was killed. */
	rmdir(INSTANCE);
	ASSERT_MSG(!mkdir(INSTANCE, 0700), INSTANCE ": %m");
	tracing_add(system);
}

void tracing_follow(void)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	put("options/event-fork", "1");
	put("set_event_pid", pid);
}

void tracing_take(void)
{
	size_t used = 0;
	ssize_t got;
	int fd;

	fd = open(INSTANCE "/trace", O_RDONLY | O_CLOEXEC);
	ASSERT_GE(fd, 0);
	while (used < TRACE_SIZE - 1 && (got = read(fd, trace + used, TRACE_SIZE - 1 - used)) > 0)
		used += got;
	trace[used] = '\0';
	close(fd);
}

void tracing_end(void)
{
	put("tracing_on", "0");
	tracing_take();
	put("events/enable", "0");
	ASSERT_EQ(rmdir(INSTANCE), 0);
	tracing_rewind();
}

const char *tracing_text(void)
{
	return trace;
}

const char *tracing_next(const char *name, const char *fields)
{
	static char line[1024];
	char what[64];

	snprintf(what, sizeof(what), ": %s: ", name);
	while ((position = strstr(position, what))) {
		size_t len = strcspn(position, "\n");

		snprintf(line, sizeof(line), "%.*s ", (int)len - 2, position + 2);
		position += len;
		if (strstr(line, fields))
			return line;
	}
	FAIL("there is no %s with '%s'", name, fields);
}

void tracing_rewind(void)
{
	position = trace;
}

unsigned int tracing_count(const char *name)
{
	unsigned int n = 0;
	char what[64];

	snprintf(what, sizeof(what), ": %s: ", name);
	for (const char *p = trace; (p = strstr(p, what)); p++)
		n++;
	return n;
}
