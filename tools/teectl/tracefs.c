// SPDX-License-Identifier: BSD-2-Clause
#include "tracefs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"

#define NAME	"teectl-"

static const char * const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };

static int put(const char *dir, const char *file, const char *text)
{
	char path[160];
	int fd, rc = 0;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

/* Instances of ours that were killed go on recording. */
static void remove_stale(const char *root)
{
	struct dirent *entry;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "%s/instances", root);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		int pid = 0;

		if (sscanf(entry->d_name, NAME "%d", &pid) == 1 && pid > 0 && kill(pid, 0) &&
		    errno == ESRCH)
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
	if (dir)
		closedir(dir);
}

static const char *find_root(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		char path[64];

		snprintf(path, sizeof(path), "%s/instances", roots[i]);
		if (!access(path, X_OK))
			return roots[i];
		if (errno == EACCES)
			return NULL;
	}
	errno = ENOENT;
	return NULL;
}

int tracefs_begin(struct tracefs *t)
{
	const char *root = find_root();
	char path[160];
	int rc;

	if (!root)
		return -errno;
	snprintf(path, sizeof(path), "%s/events/tee/tee_call_begin", root);
	if (access(path, F_OK))
		return errno == ENOENT ? -ENODEV : -errno;
	remove_stale(root);
	snprintf(t->path, sizeof(t->path), "%s/instances/" NAME "%d", root, getpid());
	if (mkdir(t->path, 0700))
		return -errno;

	/* A clock that user space can read, too. */
	rc = put(t->path, "trace_clock", "mono_raw");
	if (!rc)
		rc = put(t->path, "buffer_size_kb", "4096");
	if (!rc)
		rc = put(t->path, "events/tee/enable", "1");
	/* Each driver may be missing. */
	if (!rc) {
		put(t->path, "events/optee/enable", "1");
		put(t->path, "events/tstee/enable", "1");
	}
	snprintf(path, sizeof(path), "%s/trace_pipe", t->path);
	t->fd = rc ? -1 : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (!rc && t->fd < 0)
		rc = -errno;
	if (rc)
		rmdir(t->path);
	return rc;
}

void tracefs_stop(struct tracefs *t)
{
	put(t->path, "tracing_on", "0");
}

int tracefs_read(struct tracefs *t, char *to, size_t size)
{
	ssize_t got = read(t->fd, to, size);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	return got;
}

void tracefs_end(struct tracefs *t)
{
	close(t->fd);
	put(t->path, "events/enable", "0");
	rmdir(t->path);
}
