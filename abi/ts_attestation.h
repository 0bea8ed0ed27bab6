/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The attestation service: a signed statement about the secure world (COSE_Sign1). */
#ifndef ABI_TS_ATTESTATION_H
#define ABI_TS_ATTESTATION_H

#include "types.h"

#define TS_ATTESTATION_GET_TOKEN	0x101	/* T1 challenge -> T1 token */
#define TS_ATTESTATION_GET_TOKEN_SIZE	0x102	/* challenge's size u32 -> token's size u32 */
#define TS_ATTESTATION_EXPORT_IAK	0x103	/* -> T1 public key */
#define TS_ATTESTATION_IMPORT_IAK	0x104	/* T1 private key */
#define TS_ATTESTATION_IAK_EXISTS	0x105	/* status 0 or DOES_NOT_EXIST */

/* A challenge is 32, 48 or 64 octets. */
#define TS_ATTESTATION_CHALLENGE_MAX	64

/* Claims of the token, keys of a CBOR map. */
#define TS_EAT_PROFILE			(-75000)
#define TS_EAT_CLIENT_ID		(-75001)
#define TS_EAT_LIFECYCLE		(-75002)
#define TS_EAT_IMPLEMENTATION_ID	(-75003)
#define TS_EAT_BOOT_SEED		(-75004)
#define TS_EAT_HARDWARE_VERSION		(-75005)
#define TS_EAT_SOFTWARE			(-75006)
#define TS_EAT_NO_SOFTWARE		(-75007)
#define TS_EAT_CHALLENGE		(-75008)
#define TS_EAT_INSTANCE_ID		(-75009)
#define TS_EAT_VERIFIER			(-75010)

/* Of a software component. */
#define TS_EAT_SOFTWARE_TYPE		1
#define TS_EAT_SOFTWARE_MEASUREMENT	2
#define TS_EAT_SOFTWARE_VERSION		4
#define TS_EAT_SOFTWARE_SIGNER		5
#define TS_EAT_SOFTWARE_DESCRIPTION	6

#endif /* ABI_TS_ATTESTATION_H */
