/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The drivers' modules, removed and inserted by a test. Names are "tee" and "optee", which
 * stands for the module that is for FF-A, too, if OP-TEE is reached that way.
 */
#ifndef RELOAD_H
#define RELOAD_H

/*
 * Without waiting: 0, -EWOULDBLOCK if it is in use, -EBUSY if it is coming or going, -ENOENT if
 * it is not there.
 */
int module_remove(const char *name);
/* The same, but what workers still do for clients that are gone is waited for. */
int module_remove_soon(const char *name);
/* Both, if they are not there; the node is there and open to all when this returns. */
void modules_insert(void);

#endif /* RELOAD_H */
