// SPDX-License-Identifier: BSD-2-Clause
#include "setting.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "harness.h"
#include "sysfs.h"

#define SETTINGS_MAX	8

/* In memory that the case, which may die at any moment, shares with the harness. */
struct settings {
	unsigned int count;
	struct {
		char path[128];
		char before[64];
	} of[SETTINGS_MAX];
};

static struct settings *settings;

bool settings_begin(void)
{
	settings = mmap(NULL, sizeof(*settings), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			-1, 0);
	return settings != MAP_FAILED;
}

static bool is_known(const char *path)
{
	for (unsigned int n = 0; n < settings->count; n++)
		if (!strcmp(settings->of[n].path, path))
			return true;
	return false;
}

void setting_set(const char *path, const char *text)
{
	if (!is_known(path)) {
		unsigned int n = settings->count;

		ASSERT(n < SETTINGS_MAX && strlen(path) < sizeof(settings->of[n].path));
		memcpy(settings->of[n].path, path, strlen(path) + 1);
		ASSERT_RC(sysfs_read(path, settings->of[n].before, sizeof(settings->of[n].before)),
			  0);
		/* Nothing is changed that is not noted. */
		__atomic_store_n(&settings->count, n + 1, __ATOMIC_SEQ_CST);
	}
	ASSERT_RC(sysfs_write(path, text), 0);
}

void settings_back(void)
{
	while (settings->count) {
		unsigned int n = --settings->count;
		int rc = sysfs_write(settings->of[n].path, settings->of[n].before);

		if (rc)
			fprintf(stderr, "# %s is not set back: %s\n", settings->of[n].path,
				result_name(rc));
	}
}
