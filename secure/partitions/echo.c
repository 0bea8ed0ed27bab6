// SPDX-License-Identifier: BSD-2-Clause
/* echo and old: give back what they got, see abi/test_partitions.h. */
#include "compiler.h"
#include "partitions.h"
#include "test_partitions.h"
#include "string.h"

static const uint8_t echo_uuids[][16] = { PARTITION_ECHO_UUID, PARTITION_ECHO_2_UUID };
static const uint8_t old_uuids[][16] = { PARTITION_OLD_UUID };

static void echo_request(struct partition *partition, struct partition_message *message)
{
	unsigned int n;

	(void)partition;
	if (message->kind != PARTITION_MESSAGE_REQ2)
		return;
	for (n = 0; n < ARRAY_SIZE(echo_uuids); n++)
		if (!memcmp(message->uuid, echo_uuids[n], 16))
			message->word[message->words - 1] = n + 1;
}

const struct partition_description partition_echo = {
	.name = "echo",
	.properties = FFA_PROPERTY_DIRECT_REQ_RECV | FFA_PROPERTY_DIRECT_REQ2_RECV |
		      FFA_PROPERTY_AARCH64,
	.uuids = echo_uuids,
	.uuid_count = ARRAY_SIZE(echo_uuids),
	.request = echo_request,
};

const struct partition_description partition_old = {
	.name = "old",
	.version = FFA_VERSION_MAKE(1, 0),
	.properties = FFA_PROPERTY_DIRECT_REQ_RECV,
	.uuids = old_uuids,
	.uuid_count = ARRAY_SIZE(old_uuids),
	.request = echo_request,
};
