// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: shared, lent, reclaimed. A descriptor that does not fit into TX goes in fragments, in
 * the order in which the partition manager asks for them.
 */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "mem_desc.h"
#include "transport.h"

/* More than that in one transaction is a mistake. */
#define FFA_MAX_RECEIVERS	16

/**
 * struct ffa_mem_walk - what is still to be written
 * @sg:		next range
 * @left:	ranges
 */
struct ffa_mem_walk {
	struct scatterlist *sg;
	u32 left;
};

static int ffa_mem_measure(struct scatterlist *sgl, struct ffa_mem_desc *desc)
{
	struct scatterlist *sg;
	u64 pages = 0;
	u32 ranges = 0;

	for (sg = sgl; sg; sg = sg_next(sg)) {
		if (!sg->length || !IS_ALIGNED(sg->length, FFA_MEM_PAGE) ||
		    !IS_ALIGNED(sg_phys(sg), FFA_MEM_PAGE))
			return -EINVAL;
		pages += sg->length / FFA_MEM_PAGE;
		ranges++;
	}
	if (!ranges || pages > U32_MAX)
		return -EINVAL;
	desc->num_pages = pages;
	desc->num_ranges = ranges;
	return 0;
}

/* As many ranges as there is room for. Return: bytes */
static size_t ffa_mem_fill(struct ffa_mem_walk *walk, void *buf, size_t room)
{
	const size_t size = sizeof(struct ffa_mem_range_desc);
	size_t at = 0;

	for (; walk->left && room - at >= size; walk->left--) {
		ffa_mem_desc_range(buf + at, sg_phys(walk->sg),
				   walk->sg->length / FFA_MEM_PAGE);
		walk->sg = sg_next(walk->sg);
		at += size;
	}
	return at;
}

static int ffa_mem_reclaim_call(struct ffa *ffa, u64 handle, u32 flags)
{
	const ffa_regs in = {
		.a0 = FFA_MEM_RECLAIM_32,
		.a1 = lower_32_bits(handle),
		.a2 = upper_32_bits(handle),
		.a3 = flags,
	};
	ffa_regs out;

	return ffa_call(ffa, &in, &out);
}

/*
 * The partition manager was not to be understood, and may have the memory: it is taken back, or
 * never used again, whoever frees it.
 */
static int ffa_mem_lost(struct ffa *ffa, struct scatterlist *sgl, u64 handle)
{
	struct scatterlist *sg;
	unsigned long pfn, end;

	if (handle != FFA_HANDLE_INVALID && !ffa_mem_reclaim_call(ffa, handle, 0))
		return -EPROTO;
	for (sg = sgl; sg; sg = sg_next(sg)) {
		end = PFN_UP(sg_phys(sg) + sg->length);
		for (pfn = PFN_DOWN(sg_phys(sg)); pfn < end; pfn++)
			get_page(pfn_to_page(pfn));
	}
	dev_err(&ffa->pdev->dev, "memory that may be shared or not is lost\n");
	return -EPROTO;
}

/* Under tx_lock: nobody else may write to TX until the last fragment has gone. */
static int ffa_mem_transmit(struct ffa *ffa, u32 function, const struct ffa_mem_desc *desc,
			    struct scatterlist *sgl, u64 *handle)
{
	struct ffa_mem_walk walk = { .sg = sgl, .left = desc->num_ranges };
	size_t total = ffa_mem_desc_size(desc), sent, length;
	ffa_regs in = { .a0 = function }, out;
	u64 shared;
	int rc;

	length = ffa_mem_desc_head(desc, ffa->tx, ffa->buffer_size);
	if (!length || total > U32_MAX)
		return -E2BIG;
	length += ffa_mem_fill(&walk, ffa->tx + length, ffa->buffer_size - length);
	in.a1 = total;
	in.a2 = length;
	for (sent = length;; sent += length) {
		ffa->smc(&in, &out);
		rc = ffa_reply_error(&out);
		if (rc)
			return rc;
		if (lower_32_bits(out.a0) != FFA_MEM_FRAG_RX_32)
			break;

		/* It asks for what comes next, or there is no understanding it. */
		if (sent == total || lower_32_bits(out.a3) != sent)
			return ffa_mem_lost(ffa, sgl, FFA_HANDLE(out.a1, out.a2));
		length = ffa_mem_fill(&walk, ffa->tx, ffa->buffer_size);
		in = (ffa_regs) {
			.a0 = FFA_MEM_FRAG_TX_32,
			.a1 = lower_32_bits(out.a1),
			.a2 = lower_32_bits(out.a2),
			.a3 = length,
		};
	}
	if (lower_32_bits(out.a0) != FFA_SUCCESS_32 && lower_32_bits(out.a0) != FFA_SUCCESS_64)
		return ffa_mem_lost(ffa, sgl, FFA_HANDLE_INVALID);
	shared = FFA_HANDLE(out.a2, out.a3);
	if (shared == FFA_HANDLE_INVALID || sent != total)
		return ffa_mem_lost(ffa, sgl, shared);
	*handle = shared;
	return 0;
}

static int ffa_mem_send(struct ffa *ffa, u32 function, u16 attributes,
			struct omnitee_ffa_mem_args *args)
{
	u16 ids[FFA_MAX_RECEIVERS];
	u8 permissions[FFA_MAX_RECEIVERS];
	struct ffa_mem_desc desc = {
		.version = ffa->version,
		.sender = ffa->id,
		.attributes = attributes,
		.flags = args->flags,
		.tag = args->tag,
		.receiver_ids = ids,
		.permissions = permissions,
		.num_receivers = args->num_receivers,
	};
	unsigned int n;
	int rc;

	if (!args->num_receivers || args->num_receivers > FFA_MAX_RECEIVERS)
		return -EINVAL;
	for (n = 0; n < args->num_receivers; n++) {
		ids[n] = args->receivers[n].id;
		permissions[n] = args->receivers[n].permissions;
	}
	rc = ffa_mem_measure(args->sg, &desc);
	if (rc)
		return rc;

	mutex_lock(&ffa->tx_lock);
	/* Processes go on while a kernel ends. */
	rc = ffa->mapped ? ffa_mem_transmit(ffa, function, &desc, args->sg, &args->handle) :
			   -ENODEV;
	mutex_unlock(&ffa->tx_lock);
	return rc;
}

static int ffa_mem_share(struct omnitee_ffa_device *fdev, struct omnitee_ffa_mem_args *args)
{
	struct ffa *ffa = to_ffa(fdev);

	return ffa_mem_send(ffa, ffa->mem_64bit ? FFA_MEM_SHARE_64 : FFA_MEM_SHARE_32,
			    FFA_MEM_ATTR_USUAL, args);
}

/* How the borrower maps what nobody else maps is left to it. */
static int ffa_mem_lend(struct omnitee_ffa_device *fdev, struct omnitee_ffa_mem_args *args)
{
	struct ffa *ffa = to_ffa(fdev);

	return ffa_mem_send(ffa, ffa->mem_64bit ? FFA_MEM_LEND_64 : FFA_MEM_LEND_32, 0, args);
}

static int ffa_mem_reclaim(struct omnitee_ffa_device *fdev, u64 handle, u32 flags)
{
	return ffa_mem_reclaim_call(to_ffa(fdev), handle, flags);
}

const struct omnitee_ffa_mem_ops ffa_mem_ops = {
	.share = ffa_mem_share,
	.lend = ffa_mem_lend,
	.reclaim = ffa_mem_reclaim,
};
