/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults in messages to the normal world. */
#ifndef OPTEE_RPC_SPOIL_H
#define OPTEE_RPC_SPOIL_H

#include "rpc.h"

/* Apply what was ordered for the next message of this kind. */
void rpc_spoil(struct guest *guest, struct rpc_message *rpc);

#endif /* OPTEE_RPC_SPOIL_H */
