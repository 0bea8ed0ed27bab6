/* SPDX-License-Identifier: GPL-2.0-only */
/* sha1(), the hash of a buffer in one call, became a library function in 6.17. */
#ifndef COMPAT_SHA1_H
#define COMPAT_SHA1_H

#include <linux/version.h>
#include <crypto/sha1.h>

#if KERNEL_VERSION(6, 17, 0) > LINUX_VERSION_CODE

#include <linux/string.h>

static inline void sha1(const u8 *data, size_t len, u8 out[SHA1_DIGEST_SIZE])
{
	u32 workspace[SHA1_WORKSPACE_WORDS];
	u32 digest[SHA1_DIGEST_SIZE / sizeof(u32)];
	__be32 word;
	u8 block[SHA1_BLOCK_SIZE];
	__be64 bits = cpu_to_be64((u64)len * 8);
	size_t i;

	sha1_init(digest);
	for (; len >= SHA1_BLOCK_SIZE; data += SHA1_BLOCK_SIZE, len -= SHA1_BLOCK_SIZE)
		sha1_transform(digest, (const char *)data, workspace);

	memset(block, 0, sizeof(block));
	memcpy(block, data, len);
	block[len] = 0x80;
	if (len >= SHA1_BLOCK_SIZE - sizeof(u64)) {
		sha1_transform(digest, (const char *)block, workspace);
		memset(block, 0, sizeof(block));
	}
	memcpy(block + SHA1_BLOCK_SIZE - sizeof(bits), &bits, sizeof(bits));
	sha1_transform(digest, (const char *)block, workspace);

	for (i = 0; i < ARRAY_SIZE(digest); i++) {
		word = cpu_to_be32(digest[i]);
		memcpy(out + i * sizeof(word), &word, sizeof(word));
	}
	memzero_explicit(workspace, sizeof(workspace));
}

#endif

#endif /* COMPAT_SHA1_H */
