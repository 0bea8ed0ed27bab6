/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What drivers of trusted operating systems use: devices, their operations, pools.
 */
#ifndef OMNITEE_TEE_CORE_H
#define OMNITEE_TEE_CORE_H

#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/xarray.h>

#include <omnitee/tee_drv.h>

#define TEE_MAX_DEV_NAME_LEN	32

/**
 * struct tee_device - a TEE, or the supplicant's side of one
 * @name:		of the node
 * @desc:		driver's description; NULL once the device is being removed and the
 *			last user has gone. Written under @mutex
 * @id:			minor number
 * @registered:		the node exists
 * @gone:		the device is being removed: calls fail and nobody becomes a user. Set
 *			once, under @mutex
 * @dev:		class device; its release frees this structure
 * @cdev:		character device
 * @num_users:		contexts and the registration itself; under @mutex
 * @no_users:		completed when @num_users has become 0
 * @mutex:		guards @num_users, @gone, @desc and @contexts
 * @shms:		objects by id. Its lock guards lookups against the last put
 * @pool:		memory for new objects, of the driver
 * @contexts:		all of them, for debugfs
 * @debugfs:		folder, from registration until there are no users; drivers add to it
 */
struct tee_device {
	char name[TEE_MAX_DEV_NAME_LEN];
	const struct tee_desc *desc;
	int id;
	bool registered;
	bool gone;
	struct device dev;
	struct cdev cdev;
	size_t num_users;
	struct completion no_users;
	struct mutex mutex;	/* guards num_users, gone, desc and contexts */
	struct xarray shms;
	struct tee_shm_pool *pool;
	struct list_head contexts;
	struct dentry *debugfs;
};

/**
 * struct tee_driver_ops - what a driver does
 * @get_version:	fill in the version
 * @get_tee_revision:	text with the revision of the trusted OS, for sysfs; optional
 * @open:		a context begins
 * @close_context:	its last file was closed, before the file's reference goes; optional
 * @release:		its last reference has gone
 * @open_session:	open a session
 * @close_session:	close one
 * @system_session:	make one a system session; optional
 * @system_ctx_request:	keep back what one call more of the context needs; optional
 * @system_ctx_release:	take that back; optional. What was not is released by @close_context
 * @invoke_func:	invoke a command in a session
 * @object_invoke_func:	invoke an operation of an object
 * @cancel_req:		cancel a request of a session
 * @supp_recv:		a supplicant asks for work. Memory that the parameters name comes with a
 *			reference, which the caller drops
 * @supp_recv_done:	the parameters that @supp_recv has filled in have reached user space, or
 *			an errno: then nobody knows of the request; optional
 * @supp_send:		a supplicant has done it
 * @shm_register:	make memory known to the secure world. On failure, also when a killed
 *			caller leaves it half done, the caller just puts its reference
 * @shm_unregister:	the opposite. If it fails the memory is never used again
 * @notif_register:	tell a client of a notification from now on; optional
 * @notif_unregister:	the opposite; when it returns, the client is not being told either
 *
 * Operations return 0 or a negative errno; answers of the secure world, also errors,
 * are results, not errnos. Absent operations are refused with EINVAL.
 */
struct tee_driver_ops {
	void (*get_version)(struct tee_device *teedev, struct tee_ioctl_version_data *vers);
	int (*get_tee_revision)(struct tee_device *teedev, char *buf, size_t len);
	int (*open)(struct tee_context *ctx);
	void (*close_context)(struct tee_context *ctx);
	void (*release)(struct tee_context *ctx);
	int (*open_session)(struct tee_context *ctx, struct tee_ioctl_open_session_arg *arg,
			    struct tee_param *param);
	int (*close_session)(struct tee_context *ctx, u32 session);
	int (*system_session)(struct tee_context *ctx, u32 session);
	int (*system_ctx_request)(struct tee_context *ctx);
	int (*system_ctx_release)(struct tee_context *ctx);
	int (*invoke_func)(struct tee_context *ctx, struct tee_ioctl_invoke_arg *arg,
			   struct tee_param *param);
	int (*object_invoke_func)(struct tee_context *ctx, struct tee_ioctl_object_invoke_arg *arg,
				  struct tee_param *param);
	void (*object_invoke_undo)(struct tee_context *ctx, const struct tee_param *param,
				   u32 num_params);
	int (*cancel_req)(struct tee_context *ctx, u32 cancel_id, u32 session);
	int (*supp_recv)(struct tee_context *ctx, u32 *func, u32 *num_params,
			 struct tee_param *param);
	void (*supp_recv_done)(struct tee_context *ctx, u32 num_params,
			       const struct tee_param *param, int rc);
	int (*supp_send)(struct tee_context *ctx, u32 ret, u32 num_params,
			 struct tee_param *param);
	int (*shm_register)(struct tee_context *ctx, struct tee_shm *shm, struct page **pages,
			    size_t num_pages, unsigned long start);
	int (*shm_unregister)(struct tee_context *ctx, struct tee_shm *shm);
	int (*notif_register)(struct tee_context *ctx, struct tee_client_notif *client);
	void (*notif_unregister)(struct tee_context *ctx, struct tee_client_notif *client);
};

/* The supplicant's side of a device: its node is called teepriv. */
#define TEE_DESC_PRIVILEGED	BIT(0)

/**
 * struct tee_desc - description of a device
 * @name:	name of the driver
 * @ops:	its operations
 * @owner:	its module
 * @flags:	TEE_DESC_*
 */
struct tee_desc {
	const char *name;
	const struct tee_driver_ops *ops;
	struct module *owner;
	u32 flags;
};

struct tee_shm_pool;

/**
 * struct tee_shm_pool_ops - what a pool does
 * @alloc:		give @shm zeroed memory of at least @size bytes aligned to @align, and
 *			register it unless it is private. On failure @free is called
 * @free:		take it back; also what a failed @alloc left
 * @destroy_pool:	free the pool
 */
struct tee_shm_pool_ops {
	int (*alloc)(struct tee_shm_pool *pool, struct tee_shm *shm, size_t size, size_t align);
	void (*free)(struct tee_shm_pool *pool, struct tee_shm *shm);
	void (*destroy_pool)(struct tee_shm_pool *pool);
};

/**
 * struct tee_shm_pool - source of memory for new objects
 * @ops:		operations
 * @private_data:	theirs
 *
 * The driver makes it before, and frees it after, the devices that use it.
 */
struct tee_shm_pool {
	const struct tee_shm_pool_ops *ops;
	void *private_data;
};

struct tee_device *tee_device_alloc(const struct tee_desc *desc, struct device *parent,
				    struct tee_shm_pool *pool, void *driver_data);
int tee_device_register(struct tee_device *teedev);
void tee_device_retire(struct tee_device *teedev);
void tee_device_unregister(struct tee_device *teedev);
void tee_device_set_dev_groups(struct tee_device *teedev,
			       const struct attribute_group **dev_groups);
bool tee_device_get(struct tee_device *teedev);
void tee_device_put(struct tee_device *teedev);
void *tee_get_drvdata(struct tee_device *teedev);

struct tee_context *teedev_open(struct tee_device *teedev);
void teedev_close_context(struct tee_context *ctx);
void teedev_ctx_get(struct tee_context *ctx);
void teedev_ctx_put(struct tee_context *ctx);

int tee_session_calc_client_uuid(uuid_t *uuid, u32 connection_method,
				 const u8 connection_data[TEE_IOCTL_UUID_LEN]);

struct tee_shm *tee_shm_alloc_priv_buf(struct tee_context *ctx, size_t size);
void tee_shm_put_later(struct tee_shm *shm);

struct tee_shm_pool *tee_shm_pool_alloc_res_mem(unsigned long vaddr, phys_addr_t paddr,
						size_t size, int min_alloc_order);

static inline void tee_shm_pool_free(struct tee_shm_pool *pool)
{
	pool->ops->destroy_pool(pool);
}

int tee_dyn_shm_alloc_helper(struct tee_shm *shm, size_t size, size_t align,
			     int (*shm_register)(struct tee_context *ctx, struct tee_shm *shm,
						 struct page **pages, size_t num_pages,
						 unsigned long start));
int tee_contig_shm_alloc_helper(struct tee_shm *shm, size_t size, size_t align,
				int (*shm_register)(struct tee_context *ctx, struct tee_shm *shm,
						    struct page **pages, size_t num_pages,
						    unsigned long start));
void tee_dyn_shm_free_helper(struct tee_shm *shm,
			     int (*shm_unregister)(struct tee_context *ctx, struct tee_shm *shm));

/**
 * tee_task_is_dying() - would waiting keep a killed process alive?
 *
 * Such a task leaves what it has to tear down to a worker. One that exits of its own accord
 * does not: who waits for it may count on what it held being free.
 */
static inline bool tee_task_is_dying(void)
{
	if (fatal_signal_pending(current))
		return true;
	/* The signal itself has been taken by then; the status names it. */
	return (current->flags & PF_EXITING) && (current->signal->group_exit_code & 0x7f);
}

static inline bool tee_param_is_memref(const struct tee_param *param)
{
	switch (param->attr & TEE_IOCTL_PARAM_ATTR_TYPE_MASK) {
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_OUTPUT:
	case TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INOUT:
		return true;
	default:
		return false;
	}
}

#endif /* OMNITEE_TEE_CORE_H */
