/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel said while a case ran. */
#ifndef KLOG_H
#define KLOG_H

#include <stddef.h>

/**
 * klog_open() - open the kernel log behind its present end
 * Return: file descriptor, or a negative error number
 */
int klog_open(void);

/**
 * klog_check() - read the log to its present end and look for complaints
 * @fd: from klog_open()
 * @complaint: filled with the first line that a healthy kernel does not print, and with what follows
 *	if it ends in a colon
 * @size: room in @complaint
 * Return: number of such lines
 */
int klog_check(int fd, char *complaint, size_t size);

/**
 * klog_count() - read the log to its present end and count the lines that have certain words
 * @fd: from klog_open()
 * @words: in one line
 */
unsigned int klog_count(int fd, const char *words);

#endif /* KLOG_H */
