// SPDX-License-Identifier: BSD-2-Clause
/* The real /dev and /proc; see device-watch.h. */
#include "device-watch.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int device_usable(const char *name)
{
	char path[DEVICE_NAME_MAX + 8];

	snprintf(path, sizeof(path), "/dev/%s", name);
	return faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) ? -errno : 0;
}

/* Has process @pid opened the node with this number? */
static int process_holds(const char *pid, dev_t rdev)
{
	struct dirent *entry;
	char path[64];
	int found = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	dir = opendir(path);
	if (!dir)
		/* A process that is gone holds nothing. */
		return errno == EACCES || errno == EPERM ? -EACCES : 0;
	while (!found && (entry = readdir(dir))) {
		struct stat st;

		/* By number: the name may be another one in the process's root. */
		found = !fstatat(dirfd(dir), entry->d_name, &st, 0) && S_ISCHR(st.st_mode) &&
			st.st_rdev == rdev;
	}
	closedir(dir);
	return found;
}

int device_held(const char *name)
{
	char path[DEVICE_NAME_MAX + 8];
	struct dirent *entry;
	int held = 0, rc = 0;
	struct stat st;
	DIR *proc;

	snprintf(path, sizeof(path), "/dev/%s", name);
	if (stat(path, &st))
		return -errno;
	proc = opendir("/proc");
	if (!proc)
		return -errno;
	while (!held && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		held = process_holds(entry->d_name, st.st_rdev);
		if (held < 0) {
			rc = held;
			held = 0;
		}
	}
	closedir(proc);
	return held ? held : rc;
}

int watch_begin(bool opens)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd < 0)
		return -errno;
	/* udev makes a node accessible a little later than the kernel makes it. */
	if (inotify_add_watch(fd, "/dev", IN_CREATE | IN_MOVED_TO | IN_ATTRIB |
			      (opens ? IN_OPEN : 0)) < 0) {
		int rc = -errno;

		close(fd);
		return rc;
	}
	return fd;
}

/* Takes all news; is any of a TEE node? -errno when there was nothing to read. */
static int take_news(int fd)
{
	char buf[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t len = read(fd, buf, sizeof(buf));
	char *at = buf;
	int found = 0;

	if (len < 0)
		return -errno;
	while (at < buf + len) {
		const struct inotify_event *event = (const struct inotify_event *)at;
		char name[DEVICE_NAME_MAX];

		if (event->mask & IN_Q_OVERFLOW || (event->len && device_name(event->name, name)))
			found = 1;
		at += sizeof(*event) + event->len;
	}
	return found;
}

int64_t watch_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

int watch_wait(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int64_t end = watch_now_ms() + ms;

	for (;;) {
		int64_t left = ms < 0 ? -1 : end - watch_now_ms();
		int rc = poll(&pfd, 1, ms >= 0 && left < 0 ? 0 : (int)left);

		if (rc < 0 && errno != EINTR)
			return -errno;
		if (!rc)
			return 0;
		rc = rc < 0 ? 0 : take_news(fd);
		if (rc && rc != -EAGAIN)
			return rc;
		/* News of other nodes do not make time go slower. */
		if (ms >= 0 && watch_now_ms() >= end)
			return 0;
	}
}
