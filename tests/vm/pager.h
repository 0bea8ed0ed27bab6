/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A page that this process serves itself: whoever touches it, the kernel in a copy included, stays
 * where it is until the case lets it go on.
 */
#ifndef PAGER_H
#define PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct pager - such a page
 * @fd: by which the kernel tells who waits
 * @page: the page, of zeros
 * @size: octets
 */
struct pager {
	int fd;
	uint8_t *page;
	size_t size;
};

/* Skips the case on a kernel that lets nobody serve pages. */
void pager_open(struct pager *p);
/* Until somebody stands at the page. */
void pager_wait(const struct pager *p);
/* Whether somebody does, and pager_wait() has not said so yet. */
bool pager_is_met(const struct pager *p);
/* The page is there, and whoever stands at it goes on. */
void pager_serve(const struct pager *p);
void pager_close(struct pager *p);

#endif /* PAGER_H */
