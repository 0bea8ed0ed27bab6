/* SPDX-License-Identifier: GPL-2.0-only */
/* The firmware driver's calls of QTEE, and its shared-memory bridge: since 6.18. */
#ifndef COMPAT_QCOM_SCM_QTEE_H
#define COMPAT_QCOM_SCM_QTEE_H

#include <linux/version.h>

#if KERNEL_VERSION(6, 18, 0) > LINUX_VERSION_CODE

#include <linux/errno.h>
#include <linux/types.h>

static inline bool qcom_scm_has_qtee(void)
{
	return false;
}

static inline int qcom_scm_qtee_invoke_smc(phys_addr_t inbuf, size_t inbuf_size,
					   phys_addr_t outbuf, size_t outbuf_size,
					   u64 *result, u64 *response_type)
{
	return -EIO;
}

static inline int qcom_scm_qtee_callback_response(phys_addr_t buf, size_t buf_size, u64 *result,
						  u64 *response_type)
{
	return -EIO;
}

static inline int qcom_tzmem_shm_bridge_create(phys_addr_t paddr, size_t size, u64 *handle)
{
	return 0;
}

static inline void qcom_tzmem_shm_bridge_delete(u64 handle)
{
}

#else

#include <linux/firmware/qcom/qcom_scm.h>
#include <linux/firmware/qcom/qcom_tzmem.h>

static inline bool qcom_scm_has_qtee(void)
{
	return qcom_scm_is_available();
}

#endif

#endif /* COMPAT_QCOM_SCM_QTEE_H */
