// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which partitions there are, as the partition manager reports them. Every count and size in its
 * reports is checked against the room that there is for it.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "transport.h"

/* So many are believed. */
#define FFA_MAX_PARTITIONS	512
/* So often it may say that the list changed meanwhile. */
#define FFA_MAX_RETRIES		8

static void ffa_uuid_words(const uuid_t *uuid, u32 words[4])
{
	/* Octets in printed order, loaded as little-endian words. */
	memcpy(words, uuid, sizeof(*uuid));
}

/* @desc: a copy of a descriptor of @size octets */
static void ffa_info_parse(const void *desc, size_t size, const uuid_t *asked,
			   struct ffa_partition_info *info)
{
	struct ffa_partition_info_desc known = { };

	memcpy(&known, desc, min(size, sizeof(known)));
	info->id = known.id;
	info->exec_contexts = known.exec_contexts;
	info->properties = known.properties;
	/* Who asks for one protocol is told of it only by being answered. */
	if (uuid_is_null(asked))
		import_uuid(&info->uuid, known.uuid);
	else
		info->uuid = *asked;
}

static int ffa_read_buffer(struct ffa *ffa, const uuid_t *uuid,
			   struct ffa_partition_info **infos)
{
	ffa_regs in = { .a0 = FFA_PARTITION_INFO_GET_32 }, out;
	size_t size, count, n;
	u32 words[4];
	int rc;

	ffa_uuid_words(uuid, words);
	in.a1 = words[0];
	in.a2 = words[1];
	in.a3 = words[2];
	in.a4 = words[3];

	mutex_lock(&ffa->rx_lock);
	rc = ffa->mapped ? ffa_call(ffa, &in, &out) : -ENODEV;
	if (rc == -EBUSY) {
		/* Some think so after an error that they had themselves. */
		ffa_rx_release(ffa);
		rc = ffa_call(ffa, &in, &out);
	}
	if (rc)
		goto out_unlock;

	count = lower_32_bits(out.a2);
	size = ffa_version_is_at_least(ffa, 1, 1) ? lower_32_bits(out.a3) : 0;
	if (!size)
		size = sizeof(struct ffa_partition_info_desc_v1_0);
	rc = -EPROTO;
	if (size < sizeof(struct ffa_partition_info_desc_v1_0) || size > ffa->buffer_size ||
	    count > ffa->buffer_size / size || count > FFA_MAX_PARTITIONS)
		goto out_release;
	rc = -ENOMEM;
	*infos = kcalloc(max_t(size_t, count, 1), sizeof(**infos), GFP_KERNEL);
	if (!*infos)
		goto out_release;
	for (n = 0; n < count; n++)
		ffa_info_parse(ffa->rx + n * size, size, uuid, &(*infos)[n]);
	rc = count;

out_release:
	ffa_rx_release(ffa);
out_unlock:
	mutex_unlock(&ffa->rx_lock);
	return rc;
}

/* One reply in registers. Return: how many it has, or an errno */
static int ffa_info_regs_parse(const ffa_regs *out, unsigned int start, const uuid_t *uuid,
			       struct ffa_partition_info *infos)
{
	const u64 *regs = (const u64 *)out + FFA_INFO_REGS_FIRST;
	size_t size = FFA_INFO_REGS_SIZE(out->a2);
	unsigned int last = FFA_INFO_REGS_LAST(out->a2);
	unsigned int current_index = FFA_INFO_REGS_CURRENT(out->a2);
	unsigned int n, count;

	if (size < sizeof(struct ffa_partition_info_desc) || size % sizeof(u64) ||
	    current_index < start || current_index > last || last >= FFA_MAX_PARTITIONS)
		return -EPROTO;
	count = current_index - start + 1;
	if (count > FFA_INFO_REGS_MAX * sizeof(u64) / size)
		return -EPROTO;
	for (n = 0; n < count; n++)
		ffa_info_parse(regs + n * size / sizeof(u64), size, uuid, &infos[start + n]);
	return count;
}

static int ffa_read_regs(struct ffa *ffa, const uuid_t *uuid, struct ffa_partition_info **infos)
{
	unsigned int start = 0, retries = 0;
	u16 tag = 0;
	u64 words[2];
	ffa_regs out;
	int rc;

	*infos = kcalloc(FFA_MAX_PARTITIONS, sizeof(**infos), GFP_KERNEL);
	if (!*infos)
		return -ENOMEM;
	memcpy(words, uuid, sizeof(words));

	do {
		const ffa_regs in = {
			.a0 = FFA_PARTITION_INFO_GET_REGS_64,
			.a1 = words[0],
			.a2 = words[1],
			.a3 = start | (u32)tag << 16,
		};

		rc = ffa_call(ffa, &in, &out);
		if (rc == -EAGAIN && retries++ < FFA_MAX_RETRIES) {
			start = 0;
			tag = 0;
			continue;
		}
		if (!rc)
			rc = ffa_info_regs_parse(&out, start, uuid, *infos);
		if (rc < 0) {
			kfree(*infos);
			return rc;
		}
		start += rc;
		tag = FFA_INFO_REGS_REPLY_TAG(out.a2);
	} while (!start || start <= FFA_INFO_REGS_LAST(out.a2));
	return start;
}

/**
 * ffa_partitions_read() - list partitions
 * @ffa:	transport
 * @uuid:	protocol, or the nil UUID for all of them
 * @infos:	array for kfree(); out, if the result is not negative
 *
 * Return: how many, -EINVAL if there are none with that UUID, or another errno
 */
int ffa_partitions_read(struct ffa *ffa, const uuid_t *uuid, struct ffa_partition_info **infos)
{
	return ffa->info_regs ? ffa_read_regs(ffa, uuid, infos) : ffa_read_buffer(ffa, uuid, infos);
}
