// SPDX-License-Identifier: BSD-2-Clause
#include "partitions.h"
#include "compiler.h"
#include "config.h"
#include "ts-partitions.h"

static const struct partition_description *const tests[] = {
	&partition_echo,
	&partition_old,
	&partition_worker,
	&partition_peer,
};

bool partitions_init(struct spmc *spmc, const struct config *config)
{
	unsigned int n;

	for (n = 0; config->test_partitions && n < ARRAY_SIZE(tests); n++)
		if (!spmc_add_partition(spmc, tests[n], NULL))
			return false;
	return !config->ts || ts_partitions_init(spmc, config);
}
