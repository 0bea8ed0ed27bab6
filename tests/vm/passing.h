/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors that travel from one process to another. */
#ifndef PASSING_H
#define PASSING_H

/* Sends a descriptor through a socket of the domain AF_UNIX; the sender keeps its own. */
void send_fd(int sock, int fd);
/* Waits for one. */
int receive_fd(int sock);

#endif /* PASSING_H */
