// SPDX-License-Identifier: BSD-2-Clause
/*
 * What QTEE has of a kernel that ends, and what the next one finds. For
 * tests/harness/kexec-qtee.sh, which says by OMNITEE_BEFORE which kernel this is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "client.h"
#include "clock.h"
#include "harness.h"
#include "kexec.h"
#include "klog.h"
#include "qtee.h"
#include "victim.h"
#include "world.h"

/* Packed with the root: the next kernel has it. */
#define OLD_ID		"/root/old-id"
#define CALLEE		77
#define KEPT		5
#define OWN		8

static void write_old_id(uint32_t id)
{
	FILE *f = fopen(OLD_ID, "w");

	ASSERT(f);
	fprintf(f, "%u\n", id);
	ASSERT_EQ(fclose(f), 0);
}

static uint32_t read_old_id(void)
{
	FILE *f = fopen(OLD_ID, "r");
	unsigned int id;

	ASSERT(f);
	ASSERT_EQ(fscanf(f, "%u", &id), 1);
	fclose(f);
	return id;
}

static void load(void)
{
	ASSERT_MSG(access("/sys/module/qcomtee", F_OK), "the driver is loaded already");
	ASSERT_EQ(system("modprobe tee && modprobe qcomtee ask=1"), 0);
}

/* Objects of both sides, memory, and a call that waits for its callback. */
TEST(qtee_has_something_of_everything_when_the_kernel_ends)
{
	struct tee_ioctl_param kept[KEPT], p[2];
	uint64_t caller, keeper, memory, size = 0;
	uint32_t id, op = 0;
	struct qtee_request r;
	struct qtee_client c;
	struct tee_buf buf;
	int32_t ret;

	kexec_begin("held");
	qtee_client_open(&c, NULL, 1);
	caller = qtee_service(&c, QTEE_UID_CALLER);
	keeper = qtee_service(&c, QTEE_UID_KEEPER);
	memory = qtee_service(&c, QTEE_UID_MEMORY);
	id = qtee_keep(&c, caller, CALLEE);
	for (unsigned int i = 0; i < KEPT; i++)
		kept[i] = (struct tee_ioctl_param)OBJECT_USER(CALLEE + 1 + i);
	ASSERT_EQ(qtee_must_invoke(c.fd, keeper, QTEE_KEEPER_KEEP, kept, KEPT), 0);
	client_alloc(c.fd, 8192, &buf);
	p[0] = (struct tee_ioctl_param)UBUF_OUT(&size, sizeof(size));
	p[1] = (struct tee_ioctl_param)OBJECT_MEM(buf.id);
	ASSERT_EQ(qtee_must_invoke(c.fd, memory, QTEE_MEMORY_KEEP, p, 2), 0);
	qtee_server_stop(&c.server);
	if (!fork()) {
		p[0] = (struct tee_ioctl_param)UBUF_IN(&op, sizeof(op));
		p[1] = (struct tee_ioctl_param)OBJECT_USER(CALLEE);
		qtee_invoke(c.fd, caller, QTEE_CALLER_FORWARD, p, 2, &ret);
		_exit(0);
	}
	do {
		ASSERT_RC(qtee_recv(c.fd, &r), 0);
	} while (r.op == QTEE_OP_RELEASE);
	write_old_id(id);
	kexec_hold();
}

TEST(kernel_that_shut_down_leaves_nothing_with_qtee)
{
	static const unsigned int counters[] = {
		SIM_COUNTER_QTEE_OBJECTS, SIM_COUNTER_QTEE_EXPORTED, SIM_COUNTER_QTEE_REMOTES,
		SIM_COUNTER_QTEE_MAPPINGS, SIM_COUNTER_QTEE_CONVERSATIONS,
	};

	kexec_only("clean");
	for (unsigned int i = 0; i < ARRAY_SIZE(counters); i++)
		EXPECT_MSG(!world_counter(counters[i]), "counter %u is %llu", counters[i],
			   (unsigned long long)world_counter(counters[i]));
	load();
	qtee_still_works();
}

/* QTEE calls the object @id of the kernel, which does not know it; what it is told. */
static int32_t call_id(const struct qtee_client *c, uint64_t liar, uint32_t id, uint32_t op)
{
	struct qtee_lie lie = { .response = QTEE_RESPONSE_CALLBACK };
	struct qtee_callback request = { .cxt = id, .op = op };
	uint8_t answer[sizeof(request)], none = 0;
	struct tee_ioctl_param p[] = {
		UBUF_IN(&lie, sizeof(lie)), UBUF_IN(&request, sizeof(request)), UBUF_IN(&none, 0),
		UBUF_OUT(answer, sizeof(answer)),
	};

	return qtee_must_invoke(c->fd, liar, QTEE_LIAR_RETURN, p, ARRAY_SIZE(p));
}

TEST(what_qtee_has_of_a_dead_kernel_names_nothing_here)
{
	struct tee_ioctl_param own[OWN];
	uint64_t keeper, liar, remotes;
	struct qtee_client c;
	uint32_t old;

	kexec_only("unclean");
	old = read_old_id();
	EXPECT_GE(world_counter(SIM_COUNTER_QTEE_EXPORTED), 3);
	EXPECT_GE(world_counter(SIM_COUNTER_QTEE_REMOTES), 2 + KEPT);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_MAPPINGS), 1);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_CONVERSATIONS), 1);
	remotes = world_counter(SIM_COUNTER_QTEE_REMOTES);
	load();

	qtee_client_open(&c, NULL, 1);
	liar = qtee_service(&c, QTEE_UID_LIAR);
	keeper = qtee_service(&c, QTEE_UID_KEEPER);
	for (unsigned int i = 0; i < OWN; i++)
		own[i] = (struct tee_ioctl_param)OBJECT_USER(CALLEE + i);
	ASSERT_EQ(qtee_must_invoke(c.fd, keeper, QTEE_KEEPER_KEEP, own, OWN), 0);
	/* What belonged to the dead one is neither called nor let go in the name of this one's. */
	for (unsigned int i = 0; i <= KEPT; i++) {
		EXPECT_EQ(call_id(&c, liar, old + i, 1), QTEE_UNAVAIL);
		EXPECT_EQ(call_id(&c, liar, old + i, QTEE_OP_RELEASE), QTEE_UNAVAIL);
	}
	EXPECT_EQ(c.server.releases, 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_REMOTES), remotes + OWN);
	qtee_release(c.fd, keeper);
	EXPECT(qtee_wait_releases(&c.server, OWN));
	qtee_client_close(&c);
	EXPECT(world_wait(SIM_COUNTER_QTEE_REMOTES, remotes, PATIENCE_MS));
	qtee_still_works();
}

/* It has no memory to lend, and what QTEE has of the kernel that crashed is still there. */
TEST(kdump_kernel_leaves_qtee_alone)
{
	uint64_t calls, exported, remotes;
	int klog = klog_open();

	kexec_only("crashed");
	ASSERT_GE(klog, 0);
	calls = world_counter(SIM_COUNTER_QTEE_INVOCATIONS);
	exported = world_counter(SIM_COUNTER_QTEE_EXPORTED);
	remotes = world_counter(SIM_COUNTER_QTEE_REMOTES);
	EXPECT_GE(exported, 3);
	load();
	EXPECT_MSG(access("/dev/tee0", F_OK), "there is a device");
	EXPECT_EQ(klog_count(klog, "QTEE"), 0);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_INVOCATIONS), calls);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_EXPORTED), exported);
	EXPECT_EQ(world_counter(SIM_COUNTER_QTEE_REMOTES), remotes);
	close(klog);
}
