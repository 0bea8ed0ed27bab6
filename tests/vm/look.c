// SPDX-License-Identifier: BSD-2-Clause
#include "look.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "client.h"
#include "harness.h"


void look_need(void)
{
	if (modules_are_stock())
		SKIP("the packaged driver shows nothing in debugfs");
	close(client_device());
	ASSERT_MSG(!access(LOOK_DEVICE, X_OK), "there is no " LOOK_DEVICE);
}

void look_read(const char *name, char text[LOOK_SIZE])
{
	size_t used = 0;
	char path[256];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), LOOK_DEVICE "/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ASSERT_MSG(fd >= 0, "%s: %m", path);
	while (used < LOOK_SIZE - 1 && (got = read(fd, text + used, LOOK_SIZE - 1 - used)) > 0)
		used += got;
	text[used] = '\0';
	close(fd);
}

int64_t look_number(const char *text, const char *key)
{
	size_t len = strlen(key);

	for (const char *p = text; (p = strstr(p, key)); p += len)
		if ((p == text || p[-1] == ' ' || p[-1] == '\n') && p[len] == '=')
			return strtoll(p + len + 1, NULL, 10);
	return -1;
}

int64_t look(const char *name, const char *key)
{
	char *text = malloc(LOOK_SIZE);
	int64_t number;

	ASSERT(text);
	look_read(name, text);
	number = look_number(text, key);
	ASSERT_MSG(number >= 0, "there is no %s in %s: %s", key, name, text);
	free(text);
	return number;
}

static bool find(const char *name, const char *one, const char *other, char line[512])
{
	char *text = malloc(LOOK_SIZE);
	bool found = false;

	ASSERT(text);
	look_read(name, text);
	for (char *next, *p = strtok_r(text, "\n", &next); p && !found; p = strtok_r(NULL, "\n", &next)) {
		found = strstr(p, one) && strstr(p, other);
		if (found)
			snprintf(line, 512, "%s", p);
	}
	free(text);
	return found;
}

bool look_wait(const char *name, const char *one, const char *other, char line[512])
{
	uint64_t end = clock_ms() + scaled(PATIENCE_MS);

	while (!find(name, one, other, line)) {
		if (clock_ms() > end)
			return false;
		sleep_ms(5);
	}
	return true;
}

bool look_wait_gone(const char *name, const char *one, const char *other)
{
	uint64_t end = clock_ms() + scaled(PATIENCE_MS);
	char line[512];

	while (find(name, one, other, line)) {
		if (clock_ms() > end)
			return false;
		sleep_ms(5);
	}
	return true;
}

/* Addresses of this machine's kernels begin so, linear or not; hashed ones are as long. */
const char *look_for_address(const char *text)
{
	static char word[24];
	const char *p = text;

	while (*p) {
		size_t len = 0;

		while (isxdigit((unsigned char)p[len]))
			len++;
		/* -1, -4096 and the like are what somebody sent; the kernel is not up there. */
		if (len == 16 && strspn(p, "f") >= 12) {
			p += len;
			continue;
		}
		if ((len == 16 && (!strncasecmp(p, "ffff", 4) || !strncmp(p, "00000000", 8))) ||
		    (len >= 12 && len < 16 && !strncasecmp(p, "ffff", 4))) {
			snprintf(word, sizeof(word), "%.*s", (int)len, p);
			return word;
		}
		p += len ? len : 1;
	}
	return NULL;
}
