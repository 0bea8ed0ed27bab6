// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pair of buffers that all descriptors travel in.
 */
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "transport.h"

/* What a kernel without reasons to want more takes. */
#define FFA_BUFFER_SIZE		SZ_16K

static size_t ffa_buffer_minimum(u32 properties)
{
	switch (properties & FFA_RXTX_MIN_MASK) {
	case FFA_RXTX_MIN_64K:
		return SZ_64K;
	case FFA_RXTX_MIN_16K:
		return SZ_16K;
	default:
		return SZ_4K;
	}
}

/*
 * Sizes are counted in 4 KiB, and a maximum only exists from 1.2 on. @page_size: what the smallest
 * buffer of whole pages has, as some take no other and have no way to say so.
 */
static int ffa_buffer_choose(struct ffa *ffa, size_t *page_size)
{
	size_t min = SZ_4K, max = FFA_RXTX_UNITS_MASK * FFA_RXTX_UNIT;
	u32 properties = 0;

	if (!ffa_feature(ffa, FFA_RXTX_MAP_64, &properties)) {
		min = ffa_buffer_minimum(properties);
		if (ffa_version_is_at_least(ffa, 1, 2) && properties >> FFA_RXTX_MAX_SHIFT)
			max = min_t(size_t, max, (size_t)(properties >> FFA_RXTX_MAX_SHIFT) *
						 FFA_RXTX_UNIT);
	}
	if (min > max) {
		dev_err(&ffa->pdev->dev, "buffers of at least %zu and at most %zu octets\n", min,
			max);
		return -EINVAL;
	}
	/* The pages that hold a smaller one belong to us alone: only their size is not told. */
	ffa->buffer_size = round_down(clamp_t(size_t, FFA_BUFFER_SIZE, min, max), min);
	ffa->buffer_pages = PAGE_ALIGN(ffa->buffer_size);
	*page_size = round_down(clamp_t(size_t, PAGE_SIZE, min, max), min);
	return 0;
}

static int ffa_map_call(struct ffa *ffa)
{
	const ffa_regs in = {
		.a0 = FFA_RXTX_MAP_64,
		.a1 = virt_to_phys(ffa->tx),
		.a2 = virt_to_phys(ffa->rx),
		.a3 = ffa->buffer_size / FFA_RXTX_UNIT,
	};
	ffa_regs out;

	return ffa_call(ffa, &in, &out);
}

static int ffa_unmap_call(struct ffa *ffa)
{
	const ffa_regs in = { .a0 = FFA_RXTX_UNMAP_32 };
	ffa_regs out;

	return ffa_call(ffa, &in, &out);
}

static int ffa_map_replacing(struct ffa *ffa)
{
	int rc = ffa_map_call(ffa);

	if (rc != -EACCES)
		return rc;
	dev_info(&ffa->pdev->dev, "replacing the buffers of an earlier kernel\n");
	return ffa_unmap_call(ffa) ?: ffa_map_call(ffa);
}

/**
 * ffa_buffers_map() - allocate the buffers and tell the partition manager
 * @ffa:	transport
 *
 * An earlier kernel may have left its own there, when it crashed or was replaced. They are
 * unmapped: nobody has that memory for a buffer any more. That this kernel's own transport has
 * them cannot be, as modules for such kernels do not have this one.
 *
 * Return: 0 or an errno
 */
int ffa_buffers_map(struct ffa *ffa)
{
	size_t page_size;
	int rc;

	mutex_init(&ffa->rx_lock);
	mutex_init(&ffa->tx_lock);
	rc = ffa_buffer_choose(ffa, &page_size);
	if (rc)
		return rc;
	ffa->rx = alloc_pages_exact(ffa->buffer_pages, GFP_KERNEL | __GFP_ZERO);
	if (!ffa->rx)
		return -ENOMEM;
	ffa->tx = alloc_pages_exact(ffa->buffer_pages, GFP_KERNEL | __GFP_ZERO);
	if (!ffa->tx) {
		rc = -ENOMEM;
		goto err_free;
	}

	rc = ffa_map_replacing(ffa);
	if (rc == -EINVAL && page_size != ffa->buffer_size) {
		ffa->buffer_size = page_size;
		rc = ffa_map_replacing(ffa);
	}
	if (rc) {
		dev_err(&ffa->pdev->dev, "mapping the buffers failed: %d\n", rc);
		goto err_free;
	}
	ffa->mapped = true;
	return 0;

err_free:
	ffa_buffers_unmap(ffa);
	return rc;
}

/**
 * ffa_buffers_unmap() - the opposite
 * @ffa:	transport
 *
 * Buffers that the partition manager does not forget are lost rather than used for anything else.
 */
void ffa_buffers_unmap(struct ffa *ffa)
{
	int rc = 0;

	mutex_lock(&ffa->tx_lock);
	mutex_lock(&ffa->rx_lock);
	if (ffa->mapped) {
		rc = ffa_unmap_call(ffa);
		ffa->mapped = false;
	}
	mutex_unlock(&ffa->rx_lock);
	mutex_unlock(&ffa->tx_lock);
	if (rc) {
		dev_err(&ffa->pdev->dev, "unmapping the buffers failed, they are lost: %d\n", rc);
	} else {
		if (ffa->tx)
			free_pages_exact(ffa->tx, ffa->buffer_pages);
		if (ffa->rx)
			free_pages_exact(ffa->rx, ffa->buffer_pages);
	}
	ffa->tx = NULL;
	ffa->rx = NULL;
}

/**
 * ffa_rx_release() - give @ffa->rx back to the partition manager
 * @ffa:	transport
 */
void ffa_rx_release(struct ffa *ffa)
{
	const ffa_regs in = { .a0 = FFA_RX_RELEASE_32 };
	ffa_regs out;

	ffa_call(ffa, &in, &out);
}
