/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * /dev/omnitee-ffa-client: direct messages to the partitions of abi/test_partitions.h, memory
 * shared with them, and notifications, by way of our FF-A driver.
 */
#ifndef FFA_CLIENT_H
#define FFA_CLIENT_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define FFA_CLIENT_DEVICE	"omnitee-ffa-client"

/* Partitions are named by the last octet of their UUIDs. */
#define FFA_CLIENT_PARTITIONS	6

/* A message in its place: request, then response. */
struct ffa_client_message {
	__u32 partition;
	__u32 word[5];
};

/* The same with a UUID. */
struct ffa_client_message2 {
	__u32 partition;
	__u32 reserved;
	__u64 word[14];
};

/* Memory of so many ranges of one page each, every octet of which is @fill. It is the file's. */
struct ffa_client_memory {
	__u32 partition;
	__u32 lend;
	__u32 ranges;
	__u32 fill;
	__u64 handle;		/* out; in for RECLAIM */
};

#define FFA_CLIENT_CPUS		8

/*
 * A notification. REQUEST and RELINQUISH: by the partition, for each CPU of its own or for whichever.
 * TOLD: how often one was told of it on each CPU since REQUEST. NOTIFY: to the partition, for @cpu of it.
 */
struct ffa_client_notification {
	__u32 partition;
	__s32 number;
	__u32 per_cpu;
	__u32 cpu;
	__u64 told[FFA_CLIENT_CPUS];	/* out */
};

#define FFA_CLIENT_SEND		_IOWR('F', 1, struct ffa_client_message)
#define FFA_CLIENT_SEND2	_IOWR('F', 2, struct ffa_client_message2)
#define FFA_CLIENT_SHARE	_IOWR('F', 3, struct ffa_client_memory)
#define FFA_CLIENT_RECLAIM	_IOW('F', 4, struct ffa_client_memory)
#define FFA_CLIENT_REQUEST	_IOW('F', 5, struct ffa_client_notification)
#define FFA_CLIENT_RELINQUISH	_IOW('F', 6, struct ffa_client_notification)
#define FFA_CLIENT_TOLD		_IOWR('F', 7, struct ffa_client_notification)
#define FFA_CLIENT_NOTIFY	_IOW('F', 8, struct ffa_client_notification)

#endif /* FFA_CLIENT_H */
