// SPDX-License-Identifier: BSD-2-Clause
/* teectl against the devices of this machine. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "asleep.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "passing.h"
#include "supplicant.h"

#define TEECTL		"/usr/bin/teectl"
/* In seconds, for what comes sooner or later: more than the case's own waits take. */
#define PATIENCE	"100"
/* Exit codes of teectl(1). */
#define READY		0
#define SYSTEM		3
#define LATE		5

/**
 * struct tool - a teectl that runs
 * @pid: its process
 * @out: its output, and what it complains about
 * @text: what was read of it
 * @size: bytes of it
 */
struct tool {
	pid_t pid;
	int out;
	char text[4096];
	size_t size;
};

/* As user @uid. */
static void tool_start(struct tool *tool, uid_t uid, const char *first, ...)
{
	char *argv[10] = { (char *)"teectl" };
	int pipes[2], argc = 1;
	va_list ap;

	if (access(TEECTL, X_OK))
		SKIP("no " TEECTL);
	va_start(ap, first);
	for (const char *word = first; word; word = va_arg(ap, const char *))
		argv[argc++] = (char *)word;
	va_end(ap);
	ASSERT_EQ(pipe2(pipes, O_CLOEXEC), 0);
	memset(tool, 0, sizeof(*tool));
	tool->out = pipes[0];
	tool->pid = fork();
	if (!tool->pid) {
		dup2(pipes[1], STDOUT_FILENO);
		dup2(pipes[1], STDERR_FILENO);
		if (setgid(uid) || setuid(uid))
			_exit(126);
		execv(TEECTL, argv);
		_exit(127);
	}
	close(pipes[1]);
}

static int tool_end(struct tool *tool)
{
	ssize_t len;
	int status;

	while (tool->size < sizeof(tool->text) - 1) {
		len = read(tool->out, tool->text + tool->size,
			   sizeof(tool->text) - 1 - tool->size);
		if (len <= 0)
			break;
		tool->size += len;
	}
	close(tool->out);
	ASSERT_EQ(waitpid(tool->pid, &status, 0), tool->pid);
	ASSERT(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* It does, soon after it has nothing to do but wait. */
static void wait_until_it_sleeps(pid_t pid)
{
	asleep_wait(pid, 20);
}

TEST(device_that_is_there_is_ready)
{
	struct tool tool;

	close(client_device());
	tool_start(&tool, 0, "wait-ready", "--timeout", "0", "0", NULL);
	EXPECT_EQ(tool_end(&tool), READY);
	EXPECT(!strcmp(tool.text, "tee0 is ready\n"));
}

TEST(supplicant_that_is_not_there_is_waited_for_in_vain)
{
	struct tool tool;

	close(client_device());
	tool_start(&tool, 0, "wait-ready", "--timeout", "1", "--supplicant", NULL);
	EXPECT_EQ(tool_end(&tool), LATE);
	EXPECT(strstr(tool.text, "no supplicant has /dev/teepriv0"));
}

TEST(supplicant_that_comes_ends_the_wait)
{
	struct tool tool;
	pid_t supplicant;

	supp_need();
	tool_start(&tool, 0, "wait-ready", "--timeout", PATIENCE, "--supplicant", NULL);
	wait_until_it_sleeps(tool.pid);
	supplicant = supplicant_start();
	EXPECT_EQ(tool_end(&tool), READY);
	EXPECT(!strcmp(tool.text, "tee0 is ready, a supplicant has teepriv0\n"));
	supplicant_stop(supplicant);
}

/* Nobody opens the node then: its news are of no help. */
TEST(supplicant_that_was_given_its_node_ends_the_wait)
{
	struct tool tool;
	int sock[2], node;

	supp_need();
	ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sock), 0);
	node = supp_open();
	ASSERT_GE(node, 0);
	send_fd(sock[0], node);
	close(node);
	tool_start(&tool, 0, "wait-ready", "--timeout", PATIENCE, "--supplicant", NULL);
	wait_until_it_sleeps(tool.pid);
	node = receive_fd(sock[1]);
	EXPECT_EQ(tool_end(&tool), READY);
	close(node);
}

/* Opening the node to see whether it is free would fail the requests that wait there. */
TEST(waiting_for_a_supplicant_leaves_its_node_alone)
{
	int news = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	struct inotify_event event;
	struct tool tool;

	supp_need();
	ASSERT_GE(inotify_add_watch(news, SUPPLICANT_DEVICE, IN_OPEN), 0);
	tool_start(&tool, 0, "wait-ready", "--timeout", "0", "--supplicant", NULL);
	EXPECT_EQ(tool_end(&tool), LATE);
	EXPECT_EQ(read(news, &event, sizeof(event)), -1);
	EXPECT_EQ(errno, EAGAIN);
}

TEST(user_cannot_wait_for_a_supplicant_and_is_told)
{
	struct tool tool;

	close(client_device());
	tool_start(&tool, 1000, "wait-ready", "--supplicant", NULL);
	EXPECT_EQ(tool_end(&tool), SYSTEM);
	EXPECT(strstr(tool.text, "run as root"));
}

TEST(user_can_wait_for_a_device)
{
	struct tool tool;

	close(client_device());
	tool_start(&tool, 1000, "wait-ready", "--timeout", "0", NULL);
	EXPECT_EQ(tool_end(&tool), READY);
}

/* Another name of the same kind: what creates it is not the driver, but the news is the same. */
TEST(device_that_comes_ends_the_wait)
{
	static const char path[] = "/dev/tee9";
	struct tool tool;

	close(client_device());
	unlink(path);
	tool_start(&tool, 0, "wait-ready", "--timeout", PATIENCE, "tee9", NULL);
	wait_until_it_sleeps(tool.pid);
	ASSERT_EQ(link("/dev/tee0", path), 0);
	EXPECT_EQ(tool_end(&tool), READY);
	unlink(path);
	EXPECT(!strcmp(tool.text, "tee9 is ready\n"));
}

TEST(list_shows_the_node_that_a_supplicant_has)
{
	pid_t supplicant;
	struct tool tool;
	int node;

	supp_need();
	supplicant = supplicant_start();
	tool_start(&tool, 0, "list", NULL);
	EXPECT_EQ(tool_end(&tool), READY);
	EXPECT(strstr(tool.text, "teepriv0   optee  busy"));
	tool_start(&tool, 0, "list", "-o", "json", NULL);
	EXPECT_EQ(tool_end(&tool), READY);
	EXPECT(strstr(tool.text, "\"busy\":\ttrue"));
	supplicant_stop(supplicant);
	/* It is gone completely. */
	node = supp_open();
	ASSERT_GE(node, 0);
	close(node);
	tool_start(&tool, 0, "list", NULL);
	EXPECT_EQ(tool_end(&tool), READY);
	EXPECT(strstr(tool.text, "teepriv0   optee  gp,privileged"));
}
