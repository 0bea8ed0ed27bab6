// SPDX-License-Identifier: BSD-2-Clause
/*
 * The ioctls of the client library libts, in its order and with nothing beside them. Numbers and layouts
 * are typed from the description of what it does, none of them is from abi/.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "array.h"
#include "harness.h"
#include "ts.h"

#define NODES		16
#define TSTEE		3
#define VERSION		0x800ca400UL
#define SHM_ALLOC	0xc010a401UL
#define OPEN_SESSION	0x8010a402UL
#define INVOKE		0x8010a403UL
#define CLOSE_SESSION	0x8004a405UL
#define MEMORY		8192
#define VALUE_INOUT_OF	3
#define UID_OF_LIBTS	0x6c696274U
#define TEXT		"as libts does it"

#define ITS_SET		0x100
#define ITS_GET		0x101
#define ITS_REMOVE	0x103
#define IAK_EXISTS	0x105
/* PSA's */
#define DOES_NOT_EXIST	(-140)

/* In the order in which they are printed. */
static const uint8_t its[16] = {
	0xdc, 0x1e, 0xef, 0x48, 0xb1, 0x7a, 0x4c, 0xcf, 0xac, 0x8b, 0xdf, 0xcf, 0xf7, 0x71, 0x1b, 0x14,
};

static const uint8_t attestation[16] = {
	0xa1, 0xba, 0xf1, 0x55, 0x88, 0x76, 0x46, 0x95, 0x8f, 0x7c, 0x54, 0x95, 0x5e, 0x8d, 0xb9, 0x74,
};

/**
 * struct libts - a session as the library has it
 * @fd: node
 * @session: 0 is none
 * @shm: id of the memory, 0 is none
 * @va: its mapping
 * @size: as the kernel says
 */
struct libts {
	int fd;
	uint32_t session;
	int32_t shm;
	uint8_t *va;
	uint64_t size;
};

static uint32_t get32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t get64(const uint8_t *p)
{
	return get32(p) | (uint64_t)get32(p + 4) << 32;
}

static void put32(uint8_t *p, uint32_t value)
{
	for (unsigned int n = 0; n < 4; n++)
		p[n] = value >> 8 * n;
}

static void put64(uint8_t *p, uint64_t value)
{
	put32(p, value);
	put32(p + 4, value >> 32);
}

static int libts_ioctl(int fd, unsigned long request, void *arg)
{
	int rc = ioctl(fd, request, arg);

	return rc < 0 ? -errno : rc;
}

/* Whose memory is read once the length is known. */
static int libts_ioctl_buf(int fd, unsigned long request, uint8_t *arg, uint64_t length)
{
	uint64_t data[2] = { (uintptr_t)arg, length };

	return libts_ioctl(fd, request, data);
}

/* Nodes of partitions, by number. Return: how many */
static unsigned int libts_discover(unsigned int nodes[NODES])
{
	unsigned int count = 0;
	uint8_t version[12];
	char path[16];

	for (unsigned int n = 0; n < NODES; n++) {
		int fd;

		snprintf(path, sizeof(path), "/dev/tee%u", n);
		fd = open(path, O_RDWR);
		if (fd < 0)
			continue;
		memset(version, 0xff, sizeof(version));
		EXPECT_RC(libts_ioctl(fd, VERSION, version), 0);
		if (get32(version) == TSTEE) {
			EXPECT_EQ(get32(version + 4) & 0xffff8000, 0x8000);
			EXPECT_EQ(get32(version + 8), 0);
			nodes[count++] = n;
		}
		close(fd);
	}
	return count;
}

static int libts_open_session(int fd, const uint8_t uuid[16], uint32_t *session)
{
	uint8_t arg[56] = { 0 };
	int rc;

	memcpy(arg, uuid, 16);
	/* What the kernel has to fill. */
	put32(arg + 44, 0xdead);
	rc = libts_ioctl_buf(fd, OPEN_SESSION, arg, sizeof(arg));
	if (rc)
		return rc;
	EXPECT(!memcmp(arg, uuid, 16));
	EXPECT_EQ(get32(arg + 44), 0);
	*session = get32(arg + 40);
	return 0;
}

/* The first partition that opens it. Return: how many had refused */
static unsigned int libts_find(struct libts *l, const uint8_t uuid[16])
{
	unsigned int nodes[NODES], count = libts_discover(nodes);
	char path[16];

	for (unsigned int n = 0; n < count; n++) {
		int rc;

		snprintf(path, sizeof(path), "/dev/tee%u", nodes[n]);
		l->fd = open(path, O_RDWR);
		ASSERT_GE(l->fd, 0);
		rc = libts_open_session(l->fd, uuid, &l->session);
		if (!rc)
			return n;
		EXPECT_RC(rc, -ENODEV);
		close(l->fd);
	}
	FAIL("none of %u partitions has the service", count);
}

static void libts_memory(struct libts *l)
{
	uint8_t arg[16] = { 0 };
	int shm;

	put64(arg, MEMORY);
	shm = libts_ioctl(l->fd, SHM_ALLOC, arg);
	ASSERT_GE(shm, 0);
	l->size = get64(arg);
	l->shm = get32(arg + 12);
	ASSERT_GE(l->size, MEMORY);
	ASSERT_GT(l->shm, 0);
	l->va = mmap(NULL, l->size, PROT_READ | PROT_WRITE, MAP_SHARED, shm, 0);
	ASSERT(l->va != MAP_FAILED);
	close(shm);
}

/* Return: of the service; *@length: of the request, then of the response */
static int32_t libts_call(const struct libts *l, uint32_t opcode, uint64_t *length)
{
	uint8_t arg[24 + 32] = { 0 };

	put32(arg, opcode);
	put32(arg + 4, l->session);
	put32(arg + 12, 0xdead);
	put32(arg + 20, 1);
	put64(arg + 24, VALUE_INOUT_OF);
	put64(arg + 32, l->shm);
	put64(arg + 40, *length);
	ASSERT_RC(libts_ioctl_buf(l->fd, INVOKE, arg, sizeof(arg)), 0);
	*length = get64(arg + 32);
	ASSERT_LE(*length, l->size);
	return (int32_t)get32(arg + 12);
}

/* Memory goes before the session. */
static void libts_end(struct libts *l)
{
	uint8_t arg[4];

	if (l->va)
		munmap(l->va, l->size);
	put32(arg, l->session);
	EXPECT_RC(libts_ioctl(l->fd, CLOSE_SESSION, arg), 0);
	close(l->fd);
}

TEST(session_with_memory)
{
	struct libts l = { };
	uint64_t length;

	ts_load();
	libts_find(&l, its);
	/* Zero is what the library takes for none. */
	EXPECT_NE(l.session, 0);
	libts_memory(&l);

	put64(l.va, UID_OF_LIBTS);
	put64(l.va + 8, sizeof(TEXT));
	put32(l.va + 16, 0);
	memcpy(l.va + 20, TEXT, sizeof(TEXT));
	length = 20 + sizeof(TEXT);
	EXPECT_EQ(libts_call(&l, ITS_SET, &length), 0);
	EXPECT_EQ(length, 0);

	memset(l.va, 0, l.size);
	put64(l.va, UID_OF_LIBTS);
	put64(l.va + 16, sizeof(TEXT));
	length = 24;
	EXPECT_EQ(libts_call(&l, ITS_GET, &length), 0);
	EXPECT_EQ(length, sizeof(TEXT));
	EXPECT(!memcmp(l.va, TEXT, sizeof(TEXT)));

	put64(l.va, UID_OF_LIBTS);
	length = 8;
	EXPECT_EQ(libts_call(&l, ITS_REMOVE, &length), 0);
	EXPECT_EQ(length, 0);
	/* An answer of the service: the ioctl has succeeded. */
	put64(l.va, UID_OF_LIBTS);
	length = 8;
	EXPECT_EQ(libts_call(&l, ITS_REMOVE, &length), DOES_NOT_EXIST);
	EXPECT_EQ(length, 0);
	libts_end(&l);
	ts_unload();
}

/* A size of 0 skips the allocation, and 0 is then the id. */
TEST(session_without_memory)
{
	struct libts l = { };
	uint64_t length = 0;
	int32_t status;

	ts_load();
	/* Storage, which does not have it, comes before. */
	EXPECT_GT(libts_find(&l, attestation), 0);
	status = libts_call(&l, IAK_EXISTS, &length);
	EXPECT(status == 0 || status == DOES_NOT_EXIST);
	EXPECT_EQ(length, 0);
	libts_end(&l);
	ts_unload();
}

/* deinit of a session that was not closed: the file goes, and all with it. */
TEST(file_is_closed_with_a_session_in_it)
{
	struct libts l = { };

	ts_load();
	libts_find(&l, its);
	libts_memory(&l);
	munmap(l.va, l.size);
	close(l.fd);
	ts_unload();
}

/* Lengths that it never has: the fixed part and the parameters, exactly, of a page at most. */
TEST(other_lengths_are_refused)
{
	static const uint64_t lengths[] = { 0, 24, 55, 57, 56 + 31, 56 + 32, 4096, 4097, 1ULL << 32 | 56 };
	uint8_t arg[4104] = { 0 };
	struct libts l = { };

	ts_load();
	libts_find(&l, its);
	memcpy(arg, its, sizeof(its));
	for (unsigned int n = 0; n < ARRAY_SIZE(lengths); n++)
		EXPECT_MSG(libts_ioctl_buf(l.fd, OPEN_SESSION, arg, lengths[n]) == -EINVAL,
			   "%llu octets were not refused", (unsigned long long)lengths[n]);
	libts_end(&l);
	ts_unload();
}
