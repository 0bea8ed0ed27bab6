/* SPDX-License-Identifier: BSD-2-Clause */
/* The partitions with Trusted Services, see docs/trusted-services.md. */
#ifndef TS_PARTITIONS_H
#define TS_PARTITIONS_H

#include <stdbool.h>

struct config;
struct spmc;

/* Boot: those that the configuration wants; false without memory for them. */
bool ts_partitions_init(struct spmc *spmc, const struct config *config);

#endif /* TS_PARTITIONS_H */
