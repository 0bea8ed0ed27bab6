// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who a client is, as the secure world is told: a UUID made of its user or group.
 */
#include <linux/cred.h>
#include <linux/module.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include <compat/sha1.h>

#include "tee_private.h"

/* Namespace of the names: 58ac9ca0-2086-4683-a1b8-ec4bc08e01b6. */
static const u8 tee_client_uuid_ns[UUID_SIZE] = {
	0x58, 0xac, 0x9c, 0xa0, 0x20, 0x86, 0x46, 0x83,
	0xa1, 0xb8, 0xec, 0x4b, 0xc0, 0x8e, 0x01, 0xb6,
};

/* "uid=" or "gid=" and a 32-bit number in hexadecimal. */
#define TEE_CLIENT_NAME_LEN	16

/* RFC 4122, 4.3: version 5, the name hashed by SHA-1. */
static void tee_uuid_v5(uuid_t *uuid, const char *kind, u32 number)
{
	u8 input[UUID_SIZE + TEE_CLIENT_NAME_LEN];
	u8 digest[SHA1_DIGEST_SIZE];
	int len;

	memcpy(input, tee_client_uuid_ns, UUID_SIZE);
	len = scnprintf(input + UUID_SIZE, TEE_CLIENT_NAME_LEN, "%s=%x", kind, number);
	sha1(input, UUID_SIZE + len, digest);

	memcpy(uuid->b, digest, UUID_SIZE);
	uuid->b[6] = (uuid->b[6] & 0x0f) | 0x50;
	uuid->b[8] = (uuid->b[8] & 0x3f) | 0x80;
}

/**
 * tee_session_calc_client_uuid() - the identity of the calling task
 * @uuid:		identity, out
 * @connection_method:	TEE_IOCTL_LOGIN_*
 * @connection_data:	GROUP: the group id, in the first 4 octets
 *
 * Numbers are the kernel's own, not those of the caller's user namespace: the secure
 * world must not take one namespace's user 0 for another's.
 *
 * Return: 0, -EPERM if the task is not in the group, -EINVAL for other logins
 */
int tee_session_calc_client_uuid(uuid_t *uuid, u32 connection_method,
				 const u8 connection_data[TEE_IOCTL_UUID_LEN])
{
	kgid_t kgid;
	gid_t gid;

	switch (connection_method) {
	case TEE_IOCTL_LOGIN_PUBLIC:
	case TEE_IOCTL_LOGIN_REE_KERNEL:
		uuid_copy(uuid, &uuid_null);
		return 0;
	case TEE_IOCTL_LOGIN_USER:
		tee_uuid_v5(uuid, "uid", from_kuid(&init_user_ns, current_euid()));
		return 0;
	case TEE_IOCTL_LOGIN_GROUP:
		memcpy(&gid, connection_data, sizeof(gid));
		kgid = make_kgid(current_user_ns(), gid);
		if (!gid_valid(kgid) || !in_egroup_p(kgid))
			return -EPERM;
		tee_uuid_v5(uuid, "gid", from_kgid(&init_user_ns, kgid));
		return 0;
	default:
		return -EINVAL;
	}
}
EXPORT_SYMBOL_GPL(tee_session_calc_client_uuid);
