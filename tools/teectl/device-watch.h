/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * News of the nodes. None of this opens a node: who opens /dev/teeprivN stands in the way of
 * the supplicant, and by closing it fails the requests that wait for one.
 */
#ifndef DEVICE_WATCH_H
#define DEVICE_WATCH_H

#include "device.h"

/**
 * device_usable() - does the node exist, and may this process open it?
 * @name: device
 * Return: 0 or a negative error number
 */
int device_usable(const char *name);

/**
 * device_held() - has a process opened the node?
 * @name: device
 * Return: 1 or 0; -EACCES if none was seen, but not every process could be looked at
 */
int device_held(const char *name);

/**
 * watch_begin() - from now on nothing that concerns the nodes is missed
 * @opens: that one is opened is news, too
 * Return: descriptor for watch_wait() and device_close(), or a negative error number
 */
int watch_begin(bool opens);

/**
 * watch_wait() - wait for news of a TEE node
 * @fd: of watch_begin()
 * @ms: at most so long; -1: for ever
 * Return: 1 when there is some, 0 when the time is over, or a negative error number
 */
int watch_wait(int fd, int ms);

/**
 * watch_now_ms() - the time that watch_wait() goes by
 * Return: ms since some moment
 */
int64_t watch_now_ms(void);

#endif /* DEVICE_WATCH_H */
