// SPDX-License-Identifier: BSD-2-Clause
#include "reload.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "driver.h"
#include "harness.h"


static char path[256];
static const char *wanted;

static int found(const char *file, const struct stat *st, int type, struct FTW *ftw)
{
	bool updates = strstr(file, "/updates/");

	/* Ours, if there are any, come before the packaged ones. */
	if (type == FTW_F && !strcmp(file + ftw->base, wanted) && (updates || !path[0]))
		snprintf(path, sizeof(path), "%s", file);
	return 0;
}

/* 0 or a negative error number. */
static int insert(const char *name)
{
	struct utsname uts;
	char dir[256], file[64];
	int fd, rc;

	uname(&uts);
	snprintf(dir, sizeof(dir), "/lib/modules/%s", uts.release);
	snprintf(file, sizeof(file), "%s.ko", name);
	wanted = file;
	path[0] = '\0';
	nftw(dir, found, 8, FTW_PHYS);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	rc = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return rc;
}

static int delete(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

int module_remove(const char *name)
{
	const char *user = driver_module();
	int rc;

	/* It needs tee, and whoever tests it loads it. */
	if (!strcmp(name, "tee"))
		delete("arm_tstee");
	if (!strcmp(name, "optee") && strcmp(user, name)) {
		rc = delete(user);
		if (rc && rc != -ENOENT)
			return rc;
	}
	return delete(name);
}

int module_remove_soon(const char *name)
{
	uint64_t end = clock_ms() + PATIENCE_MS;
	int rc;

	while ((rc = module_remove(name)) == -EWOULDBLOCK && clock_ms() < end)
		sleep_ms(5);
	return rc;
}

void modules_insert(void)
{
	int rc = insert("tee");

	ASSERT_MSG(!rc || rc == -EEXIST, "tee: %s", result_name(rc));
	rc = insert("optee");
	ASSERT_MSG(!rc || rc == -EEXIST, "optee: %s", result_name(rc));
	if (strcmp(driver_module(), "optee")) {
		rc = insert("optee-ffa");
		ASSERT_MSG(!rc || rc == -EEXIST, "optee-ffa: %s", result_name(rc));
	}
	driver_wait_for_node();
}
