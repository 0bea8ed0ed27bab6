/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * FF-A descriptors that lie in RX and TX buffers. Which layout it is follows from the version that
 * the caller has negotiated. Who reads one copies it first: the other side may write it meanwhile.
 */
#ifndef ABI_FFA_MEM_H
#define ABI_FFA_MEM_H

#include "ffa.h"

/* Partition information descriptor of 1.0. */
struct ffa_partition_info_desc_v1_0 {
	uint16_t id;
	uint16_t exec_contexts;
	uint32_t properties;	/* FFA_PROPERTY_* */
};

/* Of 1.1 and 1.2; the size is reported, and may grow. */
struct ffa_partition_info_desc {
	uint16_t id;
	uint16_t exec_contexts;
	uint32_t properties;
	uint8_t uuid[16];	/* in printed order; zero if a UUID was asked for */
};

/* Memory transaction descriptor of 1.0; the endpoints' descriptors follow at once. */
struct ffa_mem_transaction_desc_v1_0 {
	uint16_t sender;
	uint8_t attributes;	/* FFA_MEM_ATTR_* */
	uint8_t reserved_3;
	uint32_t flags;		/* FFA_MEM_FLAG_* */
	uint64_t handle;	/* 0 on the way to the SPMC */
	uint64_t tag;
	uint32_t reserved_24;
	uint32_t endpoint_count;
};

/* Of 1.1 and 1.2. */
struct ffa_mem_transaction_desc {
	uint16_t sender;
	uint16_t attributes;
	uint32_t flags;
	uint64_t handle;
	uint64_t tag;
	uint32_t endpoint_size;		/* of one endpoint's descriptor */
	uint32_t endpoint_count;
	uint32_t endpoint_offset;	/* of the first, a multiple of 16 */
	uint32_t reserved_36[3];
};

/* Endpoint memory access descriptor of 1.0 and 1.1. */
struct ffa_endpoint_mem_access_desc_v1_0 {
	uint16_t receiver;
	uint8_t permissions;	/* FFA_MEM_PERMISSION_* */
	uint8_t flags;		/* FFA_MEM_ENDPOINT_* */
	uint32_t composite_offset;	/* from the transaction descriptor; 0: no ranges */
	uint64_t reserved_8;
};

/* Of 1.2. */
struct ffa_endpoint_mem_access_desc {
	uint16_t receiver;
	uint8_t permissions;
	uint8_t flags;
	uint32_t composite_offset;
	uint8_t impdef[16];
	uint64_t reserved_24;
};

/* Composite memory region descriptor; its constituents follow at once. */
struct ffa_composite_mem_desc {
	uint32_t page_count;	/* of all ranges, 4 KiB each */
	uint32_t range_count;
	uint64_t reserved_8;
};

/* Constituent memory region descriptor. */
struct ffa_mem_range_desc {
	uint64_t address;
	uint32_t page_count;
	uint32_t reserved_12;
};

/* Memory relinquish descriptor; endpoint ids of 16 bits follow. */
struct ffa_mem_relinquish_desc {
	uint64_t handle;
	uint32_t flags;		/* FFA_MEM_FLAG_ZERO, FFA_MEM_FLAG_TIME_SLICE */
	uint32_t endpoint_count;
};

/* Partition message header of 1.1, for MSG_SEND2. */
struct ffa_partition_msg_header_v1_1 {
	uint32_t flags;
	uint32_t reserved_4;
	uint32_t payload_offset;
	uint16_t receiver;
	uint16_t sender;
	uint32_t size;
};

/* Of 1.2. */
struct ffa_partition_msg_header {
	uint32_t flags;
	uint32_t reserved_4;
	uint32_t payload_offset;
	uint16_t receiver;
	uint16_t sender;
	uint32_t size;
	uint32_t reserved_20;
	uint8_t uuid[16];
};

/* The numbers that the other fields are found by. */
#define FFA_MEM_PAGE			4096
#define FFA_MEM_ALIGN			16

/* Memory region attributes. */
#define FFA_MEM_ATTR_SHAREABILITY_MASK	0x03
#define FFA_MEM_ATTR_NON_SHAREABLE	0x00
#define FFA_MEM_ATTR_OUTER		0x02
#define FFA_MEM_ATTR_INNER		0x03
#define FFA_MEM_ATTR_CACHE_MASK		0x0c
#define FFA_MEM_ATTR_NON_CACHEABLE	0x04
#define FFA_MEM_ATTR_WRITE_BACK		0x0c
#define FFA_MEM_ATTR_TYPE_MASK		0x30
#define FFA_MEM_ATTR_DEVICE		0x10
#define FFA_MEM_ATTR_NORMAL		0x20
#define FFA_MEM_ATTR_NS			0x40
#define FFA_MEM_ATTR_MASK		0x7f
/* Normal, write-back, inner shareable. */
#define FFA_MEM_ATTR_USUAL		0x2f

/* Flags of a transaction. */
#define FFA_MEM_FLAG_ZERO		(1 << 0)
#define FFA_MEM_FLAG_TIME_SLICE		(1 << 1)
#define FFA_MEM_FLAG_ZERO_AFTER		(1 << 2)	/* retrieve: zero after relinquish */
#define FFA_MEM_FLAG_TYPE_MASK		(3 << 3)
#define FFA_MEM_FLAG_TYPE_SHARE		(1 << 3)
#define FFA_MEM_FLAG_TYPE_LEND		(2 << 3)
#define FFA_MEM_FLAG_TYPE_DONATE	(3 << 3)
#define FFA_MEM_FLAG_ALIGN_MASK		(0xf << 5)
#define FFA_MEM_FLAG_ALIGN_VALID	(1 << 9)
#define FFA_MEM_FLAG_BYPASS		(1 << 10)	/* check of several borrowers */

/* Permissions of an endpoint. */
#define FFA_MEM_PERMISSION_RO		(1 << 0)
#define FFA_MEM_PERMISSION_RW		(1 << 1)
#define FFA_MEM_PERMISSION_DATA_MASK	0x03
#define FFA_MEM_PERMISSION_NX		(1 << 2)
#define FFA_MEM_PERMISSION_X		(1 << 3)
#define FFA_MEM_PERMISSION_CODE_MASK	0x0c
#define FFA_MEM_PERMISSION_MASK		0x0f

/* Flags of an endpoint. */
#define FFA_MEM_ENDPOINT_NOT_RETRIEVER	(1 << 0)

ABI_ASSERT_SIZE(struct ffa_partition_info_desc_v1_0, 8);
ABI_ASSERT_SIZE(struct ffa_partition_info_desc, 24);
ABI_ASSERT_OFFSET(struct ffa_partition_info_desc, uuid, 8);
ABI_ASSERT_SIZE(struct ffa_mem_transaction_desc_v1_0, 32);
ABI_ASSERT_OFFSET(struct ffa_mem_transaction_desc_v1_0, endpoint_count, 28);
ABI_ASSERT_SIZE(struct ffa_mem_transaction_desc, 48);
ABI_ASSERT_OFFSET(struct ffa_mem_transaction_desc, endpoint_size, 24);
ABI_ASSERT_OFFSET(struct ffa_mem_transaction_desc, endpoint_offset, 32);
ABI_ASSERT_SIZE(struct ffa_endpoint_mem_access_desc_v1_0, 16);
ABI_ASSERT_SIZE(struct ffa_endpoint_mem_access_desc, 32);
ABI_ASSERT_OFFSET(struct ffa_endpoint_mem_access_desc, reserved_24, 24);
ABI_ASSERT_SIZE(struct ffa_composite_mem_desc, 16);
ABI_ASSERT_SIZE(struct ffa_mem_range_desc, 16);
ABI_ASSERT_SIZE(struct ffa_mem_relinquish_desc, 16);
ABI_ASSERT_SIZE(struct ffa_partition_msg_header_v1_1, 20);
ABI_ASSERT_SIZE(struct ffa_partition_msg_header, 40);
ABI_ASSERT_OFFSET(struct ffa_partition_msg_header, uuid, 24);

#endif /* ABI_FFA_MEM_H */
