/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside tee.ko.
 *
 * Locks. None is held while a driver's operation runs, so drivers may sleep and call
 * back. tee_device.mutex and the lock of tee_device.shms are leaves: nothing is taken
 * inside either.
 */
#ifndef TEE_PRIVATE_H
#define TEE_PRIVATE_H

#include <linux/fs.h>
#include <linux/uaccess.h>

#include <omnitee/tee_core.h>

/* tee_core.c */
extern const struct file_operations tee_fops;
struct class *tee_get_class(void);
dev_t tee_devt(int minor);
int tee_minor_get(bool privileged);
void tee_minor_put(int minor);
/* The privileged half begins here. */
#define TEE_FIRST_PRIVILEGED_MINOR	16
#define TEE_NUM_MINORS			32
void tee_teardown_queue(struct work_struct *work);

/* tee_device.c */
extern const struct attribute_group *tee_dev_groups[];

/* tee_context.c */
struct tee_context *tee_context_open(struct tee_device *teedev, bool in_kernel);

/* tee_ioctl.c */
long tee_ioctl(struct file *filp, unsigned int cmd, unsigned long arg);

/**
 * tee_copy_buf_data() - copy and check the frame of a call with parameters
 * @buf:		frame, out
 * @ubuf:		of the user
 * @header_size:	least size of what it points at
 *
 * Return: 0, -EFAULT or -EINVAL
 */
static __always_inline int tee_copy_buf_data(struct tee_ioctl_buf_data *buf,
					     struct tee_ioctl_buf_data __user *ubuf,
					     size_t header_size)
{
	if (!user_read_access_begin(ubuf, sizeof(*ubuf)))
		return -EFAULT;
	unsafe_get_user(buf->buf_ptr, &ubuf->buf_ptr, err_fault);
	unsafe_get_user(buf->buf_len, &ubuf->buf_len, err_fault);
	user_read_access_end();

	if (buf->buf_len > TEE_MAX_ARG_SIZE || buf->buf_len < header_size)
		return -EINVAL;
	return 0;

err_fault:
	user_read_access_end();
	return -EFAULT;
}

/* tee_ioctl_supp.c */
int tee_ioctl_supp_recv(struct tee_context *ctx, struct tee_ioctl_buf_data __user *ubuf);
int tee_ioctl_supp_send(struct tee_context *ctx, struct tee_ioctl_buf_data __user *ubuf);

/* tee_param.c */
int tee_params_from_user(struct tee_context *ctx, struct tee_param *params, size_t num,
			 struct tee_ioctl_param __user *uparams);
int tee_params_to_user(struct tee_ioctl_param __user *uparams, size_t num,
		       const struct tee_param *params);
void tee_params_put(struct tee_param *params, size_t num);
int tee_params_to_supp(struct tee_ioctl_param __user *uparams,
		       size_t num, const struct tee_param *params);
int tee_params_from_supp(struct tee_param *params, size_t num,
			 struct tee_ioctl_param __user *uparams);

/* tee_shm.c */
struct tee_shm *tee_shm_new(struct tee_context *ctx, u32 flags);
int tee_shm_charge(struct tee_shm *shm, size_t size);
int tee_shm_reserve_id(struct tee_shm *shm);
int tee_shm_publish(struct tee_shm *shm);
bool tee_shm_size_is_sane(size_t size);
struct tee_shm *tee_shm_alloc_user_buf(struct tee_context *ctx, size_t size);

/* tee_shm_register.c */
struct tee_shm *tee_shm_register_user_buf(struct tee_context *ctx, unsigned long addr,
					  size_t length);
void tee_shm_release_pages(struct tee_shm *shm);

/* tee_shm_fd.c */
int tee_shm_fd_reserve(struct tee_shm *shm, struct file **filp);

/* tee_debugfs.c */
void tee_debugfs_init(void);
void tee_debugfs_exit(void);
void tee_debugfs_add(struct tee_device *teedev);
void tee_debugfs_remove(struct tee_device *teedev);

/* tee_bus.c */
int tee_bus_init(void);
void tee_bus_exit(void);

#endif /* TEE_PRIVATE_H */
