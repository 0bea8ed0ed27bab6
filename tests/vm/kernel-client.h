/* SPDX-License-Identifier: BSD-2-Clause */
/* Clients in the kernel, see abi/sim-client.h, and modules that are loaded for them. */
#ifndef KERNEL_CLIENT_H
#define KERNEL_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"

/**
 * kernel_client() - a context of the kernel's; loads the module, or skips the case
 * Return: file descriptor
 */
int kernel_client(void);
/* Closes what is open there no more, and takes the module out of the way. */
void kernel_client_unload(void);

/* Return: session; the case fails if there is none */
uint32_t kernel_session(int fd, const uint8_t *app);

/* Each returns 0 or a negative error number. */
int kernel_invoke(int fd, uint32_t session, uint32_t func, unsigned int num_params, uint64_t *a,
		  uint32_t *ret);
int kernel_close_session(int fd, uint32_t session);
int kernel_system_session(int fd, uint32_t session);
int kernel_request(int fd);
int kernel_release(int fd);

/* A call of echo that must give back what it got. */
void kernel_echo(int fd, uint32_t echo, uint32_t a);

/**
 * driver_reload() - take optee.ko out and load it again
 * @parameters: of the module
 * Nobody may have a device open. Fails the case if the device does not come back.
 */
void driver_reload(const char *parameters);

#endif /* KERNEL_CLIENT_H */
