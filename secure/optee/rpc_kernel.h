/* SPDX-License-Identifier: BSD-2-Clause */
/* What the normal world's kernel does for the secure world. */
#ifndef OPTEE_RPC_KERNEL_H
#define OPTEE_RPC_KERNEL_H

#include <stdint.h>

struct message;

/* Each returns the kernel's result, or what rpc_command() says. */

/* Time since 1970; nanoseconds are below 10^9. */
uint32_t rpc_get_time(struct message *message, uint64_t *seconds, uint32_t *nanoseconds);
uint32_t rpc_suspend(struct message *message, uint32_t milliseconds);
/* No timeout with 0; a kernel may not know of timeouts at all. */
uint32_t rpc_notification_wait(struct message *message, uint32_t value, uint32_t milliseconds);
uint32_t rpc_notification_send(struct message *message, uint32_t value);

#endif /* OPTEE_RPC_KERNEL_H */
