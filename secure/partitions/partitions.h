/* SPDX-License-Identifier: BSD-2-Clause */
/* Which partitions there are. A new one is a file in this folder and a line in partitions.c. */
#ifndef PARTITIONS_PARTITIONS_H
#define PARTITIONS_PARTITIONS_H

#include "partition.h"

struct config;

/* At boot: all that the configuration asks for; false without memory. */
bool partitions_init(struct spmc *spmc, const struct config *config);

extern const struct partition_description partition_echo;
extern const struct partition_description partition_old;
extern const struct partition_description partition_worker;
extern const struct partition_description partition_peer;

#endif /* PARTITIONS_PARTITIONS_H */
