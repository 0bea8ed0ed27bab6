/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Internal Trusted Storage and Protected Storage, which speak the same. */
#ifndef ABI_TS_STORAGE_H
#define ABI_TS_STORAGE_H

#include "types.h"

#define TS_STORAGE_SET			0x100
#define TS_STORAGE_GET			0x101
#define TS_STORAGE_GET_INFO		0x102
#define TS_STORAGE_REMOVE		0x103
#define TS_STORAGE_CREATE		0x104	/* protected storage only */
#define TS_STORAGE_SET_EXTENDED		0x105	/* protected storage only */
#define TS_STORAGE_GET_SUPPORT		0x106

#define TS_STORAGE_WRITE_ONCE		1
#define TS_STORAGE_NO_CONFIDENTIALITY	2
#define TS_STORAGE_NO_REPLAY_PROTECTION	4
#define TS_STORAGE_FLAGS		7

/* GET_SUPPORT. */
#define TS_STORAGE_SUPPORT_SET_EXTENDED	1

/* Each is followed by the data if it has any. */
struct ts_storage_set {
	uint64_t uid;
	uint64_t data_length;
	uint32_t create_flags;
} __attribute__((packed));

struct ts_storage_get {
	uint64_t uid;
	uint64_t data_offset;
	uint64_t data_size;
} __attribute__((packed));

/* GET_INFO and REMOVE. */
struct ts_storage_uid {
	uint64_t uid;
} __attribute__((packed));

struct ts_storage_info {
	uint64_t capacity;
	uint64_t size;
	uint32_t flags;
} __attribute__((packed));

struct ts_storage_create {
	uint64_t uid;
	uint64_t capacity;
	uint32_t create_flags;
} __attribute__((packed));

struct ts_storage_set_extended {
	uint64_t uid;
	uint64_t data_offset;
	uint64_t data_length;
} __attribute__((packed));

struct ts_storage_support {
	uint32_t flags;
} __attribute__((packed));

ABI_ASSERT_SIZE(struct ts_storage_set, 20);
ABI_ASSERT_SIZE(struct ts_storage_get, 24);
ABI_ASSERT_SIZE(struct ts_storage_info, 20);
ABI_ASSERT_OFFSET(struct ts_storage_info, flags, 16);
ABI_ASSERT_SIZE(struct ts_storage_create, 20);
ABI_ASSERT_SIZE(struct ts_storage_set_extended, 24);

#endif /* ABI_TS_STORAGE_H */
