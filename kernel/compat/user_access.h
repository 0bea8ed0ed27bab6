/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arm64 learnt with 6.11 to check a range of user space once and then to look at it word by word.
 * The general form that older kernels have checks every word: a third of what an ioctl of ours
 * would take.
 */
#ifndef COMPAT_USER_ACCESS_H
#define COMPAT_USER_ACCESS_H

#include <linux/version.h>

#if defined(CONFIG_ARM64) && KERNEL_VERSION(6, 11, 0) > LINUX_VERSION_CODE

#include <linux/uaccess.h>

/* As in 6.11: what was checked in a mispredicted branch is masked at each access. */
static __always_inline bool compat_user_access_begin(const void __user *ptr, size_t len)
{
	if (unlikely(!access_ok(ptr, len)))
		return false;
	uaccess_ttbr0_enable();
	return true;
}

#undef user_access_begin
#undef user_access_end
#undef user_read_access_begin
#undef user_read_access_end
#undef user_write_access_begin
#undef user_write_access_end
#define user_access_begin(ptr, len)		compat_user_access_begin(ptr, len)
#define user_access_end()			uaccess_ttbr0_disable()
#define user_read_access_begin			user_access_begin
#define user_read_access_end			user_access_end
#define user_write_access_begin			user_access_begin
#define user_write_access_end			user_access_end

#define compat_raw_get_user(x, ptr)							\
({											\
	int __failed = 0;								\
											\
	__raw_get_mem("ldtr", x, uaccess_mask_ptr(ptr), __failed, U);			\
	__failed;									\
})

#define compat_raw_put_user(x, ptr)							\
({											\
	int __failed = 0;								\
											\
	__raw_put_mem("sttr", x, uaccess_mask_ptr(ptr), __failed, U);			\
	__failed;									\
})

#undef unsafe_get_user
#undef unsafe_put_user
#define unsafe_get_user(x, ptr, label)	unsafe_op_wrap(compat_raw_get_user(x, ptr), label)
#define unsafe_put_user(x, ptr, label)	unsafe_op_wrap(compat_raw_put_user(x, ptr), label)

#endif

#endif /* COMPAT_USER_ACCESS_H */
