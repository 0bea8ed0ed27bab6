/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What clients in the kernel use: contexts, sessions, shared memory, the tee bus.
 */
#ifndef OMNITEE_TEE_DRV_H
#define OMNITEE_TEE_DRV_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/mod_devicetable.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/uuid.h>
#include <linux/workqueue.h>

#include <abi/tee.h>

struct tee_device;

/**
 * struct tee_context - a client of a device: an open file, or a client in the kernel
 * @teedev:		device; the context counts as a user of it
 * @data:		of the driver, set in its open, freed in its release
 * @refcount:		the file or client, each shared memory object, each call in progress
 * @releasing:		the last reference has gone; set once, by the one who dropped it
 * @supp_nowait:	fail at once if a request needs a supplicant and there is none
 * @cap_memref_null:	the driver takes NULL memory references; set in its open
 * @in_kernel:		of a client in the kernel: its calls cannot be abandoned
 * @shm_bytes:		shared memory, allocated and registered
 * @shm_allocated_bytes: of which allocated
 * @shm_allocated:	objects allocated
 * @shm_registered:	objects registered
 * @pid:		of the task that opened it
 * @comm:		its name
 * @node:		in the device's list; under its mutex
 * @pinned:		module that @teedev's driver lives in, if the context keeps it loaded
 * @teardown:		closes the context from a worker when a dying task dropped it
 */
struct tee_context {
	struct tee_device *teedev;
	void *data;
	struct kref refcount;
	bool releasing;
	bool supp_nowait;
	bool cap_memref_null;
	bool in_kernel;
	atomic_long_t shm_bytes;
	atomic_long_t shm_allocated_bytes;
	atomic_t shm_allocated;
	atomic_t shm_registered;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct list_head node;
	struct module *pinned;
	struct work_struct teardown;
};

/* Any page may be used and is registered on its own (not part of a carve-out). */
#define TEE_SHM_DYNAMIC		BIT(0)
/* Belongs to user space: has an id and a file. */
#define TEE_SHM_USER_MAPPED	BIT(1)
/* The pages come from the device's pool. */
#define TEE_SHM_POOL		BIT(2)
/* Between driver and secure world: need not be registered. */
#define TEE_SHM_PRIV		BIT(3)

/**
 * struct tee_shm - memory shared with the secure world
 * @ctx:		owner; the object holds a reference
 * @paddr:		physical address if the memory is contiguous, else of its first page
 * @kaddr:		kernel mapping, NULL if there is none
 * @size:		bytes
 * @offset:		of the data in the first page
 * @pages:		the pages, NULL for memory of a carve-out
 * @num_pages:		how many
 * @refcount:		the file, each call that names the id, the client in the kernel;
 *			falls to 0 under the lock of the device's id table
 * @flags:		TEE_SHM_*, fixed when the object is made
 * @id:			in the device's id table, negative for objects of the kernel
 * @sec_world_id:	by which the secure world knows it, 0 as long as it does not
 * @sec_world_offset:	of the first page in what is known by that, bytes
 * @charged:		bytes of it in @ctx->shm_bytes
 * @lost:		errno with which the secure world kept memory of the pool, or 0
 * @teardown:		releases the object from a worker when a dying task dropped it
 *
 * Made with one reference; nothing but @refcount, @sec_world_id and @lost changes later. Both
 * @sec_world_id and @sec_world_offset are written by the driver's shm_register, before the object is published,
 * and by its shm_unregister, after the last reference has gone.
 */
struct tee_shm {
	struct tee_context *ctx;
	phys_addr_t paddr;
	void *kaddr;
	size_t size;
	unsigned int offset;
	struct page **pages;
	size_t num_pages;
	refcount_t refcount;
	u32 flags;
	int id;
	u64 sec_world_id;
	size_t sec_world_offset;
	size_t charged;
	int lost;
	struct work_struct teardown;
};

struct tee_param_memref {
	size_t shm_offs;
	size_t size;
	struct tee_shm *shm;
};

struct tee_param_ubuf {
	void __user *uaddr;
	size_t size;
};

struct tee_param_objref {
	u64 id;
	u64 flags;
};

struct tee_param_value {
	u64 a;
	u64 b;
	u64 c;
};

/**
 * struct tee_param - a parameter of a call
 * @attr:	TEE_IOCTL_PARAM_ATTR_*
 * @u:		by type
 */
struct tee_param {
	u64 attr;
	union {
		struct tee_param_memref memref;
		struct tee_param_objref objref;
		struct tee_param_ubuf ubuf;
		struct tee_param_value value;
	} u;
};

/**
 * struct tee_client_notif - a client in the kernel that wants to know of a notification
 * @value:	which; set by the client
 * @notify:	called when the secure world has posted it: in process context, may sleep, one
 *		client of a device at a time. Must not unregister itself. Set by the client
 * @ctx:	context it is registered with
 * @node:	of the driver
 * @posted:	of the driver
 *
 * Posts are not counted: @notify is called at least once after the last of them.
 */
struct tee_client_notif {
	u32 value;
	void (*notify)(struct tee_client_notif *client);
	struct tee_context *ctx;
	struct list_head node;
	bool posted;
};

int tee_client_register_notif(struct tee_context *ctx, struct tee_client_notif *client);
void tee_client_unregister_notif(struct tee_client_notif *client);

struct tee_context *
tee_client_open_context(struct tee_context *start,
			int (*match)(struct tee_ioctl_version_data *, const void *),
			const void *data, struct tee_ioctl_version_data *vers);
void tee_client_close_context(struct tee_context *ctx);
void tee_client_get_version(struct tee_context *ctx, struct tee_ioctl_version_data *vers);
int tee_client_open_session(struct tee_context *ctx, struct tee_ioctl_open_session_arg *arg,
			    struct tee_param *param);
int tee_client_close_session(struct tee_context *ctx, u32 session);
int tee_client_system_session(struct tee_context *ctx, u32 session);
int tee_client_request_system_context(struct tee_context *ctx);
int tee_client_release_system_context(struct tee_context *ctx);
int tee_client_invoke_func(struct tee_context *ctx, struct tee_ioctl_invoke_arg *arg,
			   struct tee_param *param);
int tee_client_cancel_req(struct tee_context *ctx, struct tee_ioctl_cancel_arg *arg);

struct tee_shm *tee_shm_alloc_kernel_buf(struct tee_context *ctx, size_t size);
struct tee_shm *tee_shm_register_kernel_buf(struct tee_context *ctx, void *addr, size_t length);
void tee_shm_free(struct tee_shm *shm);
void tee_shm_put(struct tee_shm *shm);
struct tee_shm *tee_shm_get_from_id(struct tee_context *ctx, int id);
void *tee_shm_get_va(struct tee_shm *shm, size_t offs);
int tee_shm_get_pa(struct tee_shm *shm, size_t offs, phys_addr_t *pa);

static inline bool tee_shm_is_dynamic(struct tee_shm *shm)
{
	return shm && (shm->flags & TEE_SHM_DYNAMIC);
}

static inline size_t tee_shm_get_size(struct tee_shm *shm)
{
	return shm->size;
}

static inline struct page **tee_shm_get_pages(struct tee_shm *shm, size_t *num_pages)
{
	*num_pages = shm->num_pages;
	return shm->pages;
}

static inline size_t tee_shm_get_page_offset(struct tee_shm *shm)
{
	return shm->offset;
}

static inline int tee_shm_get_id(struct tee_shm *shm)
{
	return shm->id;
}

/**
 * struct tee_client_device - a service of a TEE, on the tee bus
 * @id:		its UUID
 * @dev:	device
 */
struct tee_client_device {
	struct tee_client_device_id id;
	struct device dev;
};

#define to_tee_client_device(d) container_of(d, struct tee_client_device, dev)

/**
 * struct tee_client_driver - driver of services on the tee bus
 * @probe:	bind to a device
 * @remove:	unbind
 * @shutdown:	the machine goes down
 * @id_table:	UUIDs, ended by the nil UUID
 * @driver:	driver; the callbacks above take the place of its own
 */
struct tee_client_driver {
	int (*probe)(struct tee_client_device *dev);
	void (*remove)(struct tee_client_device *dev);
	void (*shutdown)(struct tee_client_device *dev);
	const struct tee_client_device_id *id_table;
	struct device_driver driver;
};

#define to_tee_client_driver(d) container_of(d, struct tee_client_driver, driver)

extern bus_type_or_const tee_bus_type;

int __tee_client_driver_register(struct tee_client_driver *drv, struct module *owner);
void tee_client_driver_unregister(struct tee_client_driver *drv);

#define tee_client_driver_register(drv) __tee_client_driver_register(drv, THIS_MODULE)
#define module_tee_client_driver(drv) \
	module_driver(drv, tee_client_driver_register, tee_client_driver_unregister)

#endif /* OMNITEE_TEE_DRV_H */
