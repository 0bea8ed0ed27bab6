/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cases that are the supplicant themselves. Their clients, the askers, are processes that open
 * an application nobody has built in, so that the supplicant is asked for it.
 */
#ifndef ASKER_H
#define ASKER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "supplicant.h"

#define ASKERS		4
/* As the usual supplicant offers. */
#define ROOM		SUPP_PARAMS
#define META		TEE_IOCTL_PARAM_ATTR_META
#define META_ID		(TEE_IOCTL_PARAM_ATTR_TYPE_VALUE_INOUT | META)
/* What COMMUNICATION, the kernel's answer without a supplicant, is to who opens. */
#define NO_ANSWER	TEE_ERROR_ITEM_NOT_FOUND

/* Room for requests with a number, and without. */
extern const struct tee_ioctl_param room_async[ROOM], room_sync[ROOM];

/* The case becomes the supplicant: its descriptor. Skips if that cannot be. */
int asked_begin(void);
/* The next request, which has a number, must be @func. */
void asked_next(int fd, struct supp_request *r, uint32_t func);
/* One that comes within some time; -EINTR if none does. */
int asked_within(int fd, struct supp_request *r, unsigned int ms);

/*
 * asker_start() - a client that has the supplicant asked for application @n
 * @supp: the case's descriptor, which the client must not keep, or -1
 * @n: below ASKERS
 */
pid_t asker_start(int supp, unsigned int n);
bool asker_is_done(unsigned int n);
/* What OPEN_SESSION told it. */
uint32_t asker_result(unsigned int n);
/* It has ended, or does so now, and was told @ret. */
void asker_got(pid_t pid, unsigned int n, uint32_t ret);
/* Kills it, or any other process; it must be gone soon. */
void asker_kill(pid_t pid);

#endif /* ASKER_H */
