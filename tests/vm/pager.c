// SPDX-License-Identifier: BSD-2-Clause
#include "pager.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"
#include "harness.h"

void pager_open(struct pager *p)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	p->fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (p->fd < 0)
		SKIP("the kernel lets no process serve pages");
	ASSERT_EQ(ioctl(p->fd, UFFDIO_API, &api), 0);
	p->size = sysconf(_SC_PAGESIZE);
	p->page = mmap(NULL, p->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT(p->page != MAP_FAILED);
	reg.range.start = (uintptr_t)p->page;
	reg.range.len = p->size;
	ASSERT_EQ(ioctl(p->fd, UFFDIO_REGISTER, &reg), 0);
}

void pager_wait(const struct pager *p)
{
	struct pollfd poll_fd = { .fd = p->fd, .events = POLLIN };
	struct uffd_msg msg;

	ASSERT_EQ(poll(&poll_fd, 1, PATIENCE_MS), 1);
	ASSERT_EQ(read(p->fd, &msg, sizeof(msg)), (ssize_t)sizeof(msg));
	ASSERT_EQ(msg.event, UFFD_EVENT_PAGEFAULT);
}

bool pager_is_met(const struct pager *p)
{
	struct pollfd poll_fd = { .fd = p->fd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) == 1;
}

void pager_serve(const struct pager *p)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t)p->page, .len = p->size },
	};

	ASSERT_EQ(ioctl(p->fd, UFFDIO_ZEROPAGE, &zero), 0);
}

void pager_close(struct pager *p)
{
	munmap(p->page, p->size);
	close(p->fd);
}
