// SPDX-License-Identifier: BSD-2-Clause
/*
 * throughput MILLISECONDS CLIENTS...: invokes without parameters that so many clients make,
 * each a process with a session of its own. One line for each number: CLIENTS,CALLS.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "abi/apps.h"
#include "tee.h"

#define CLIENTS_MAX	256

struct shared {
	atomic_uint ready;
	atomic_bool go;
	atomic_bool stop;
	/* A line of the cache each. */
	struct {
		unsigned long calls;
		uint8_t pad[56];
	} client[CLIENTS_MAX];
};

static void pause_ms(unsigned int ms)
{
	struct timespec ts = { ms / 1000, (ms % 1000) * 1000000L };

	nanosleep(&ts, NULL);
}

static void client(struct shared *s, unsigned int n)
{
	static const uint8_t echo[] = APP_ECHO_UUID;
	union request request;
	unsigned long calls = 0;
	int fd = tee_open(TEE_IMPL_ID_OPTEE);

	tee_prepare_invoke(&request, tee_session(fd, echo), ECHO_CMD_NOP, 0);
	tee_invoke(fd, &request);
	atomic_fetch_add(&s->ready, 1);
	while (!atomic_load(&s->go))
		pause_ms(1);
	while (!atomic_load_explicit(&s->stop, memory_order_relaxed)) {
		tee_invoke(fd, &request);
		calls++;
	}
	s->client[n].calls = calls;
	_exit(0);
}

static unsigned long run(struct shared *s, unsigned int clients, unsigned int ms)
{
	unsigned long calls = 0;
	unsigned int n;
	int status;

	memset(s, 0, sizeof(*s));
	for (n = 0; n < clients; n++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork: %s", strerror(errno));
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			client(s, n);
		}
	}
	while (atomic_load(&s->ready) < clients)
		pause_ms(1);
	atomic_store(&s->go, true);
	pause_ms(ms);
	atomic_store(&s->stop, true);
	for (n = 0; n < clients; n++)
		if (wait(&status) < 0 || status)
			die("a client failed");
	for (n = 0; n < clients; n++)
		calls += s->client[n].calls;
	return calls;
}

int main(int argc, char **argv)
{
	struct shared *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int ms, clients;
	int n;

	if (s == MAP_FAILED)
		die("no memory");
	if (argc < 3)
		die("throughput MILLISECONDS CLIENTS...");
	ms = atoi(argv[1]);
	for (n = 2; n < argc; n++) {
		clients = atoi(argv[n]);
		if (!clients || clients > CLIENTS_MAX)
			die("%s: not 1 to %u", argv[n], CLIENTS_MAX);
		printf("%u,%lu\n", clients, run(s, clients, ms));
		fflush(stdout);
	}
	return 0;
}
