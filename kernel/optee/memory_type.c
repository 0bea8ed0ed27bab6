// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of a process may only be shared if it is ordinary cached memory: both worlds must
 * map it alike.
 */
#include <linux/mm.h>
#include <linux/sched.h>

#include "optee_private.h"

#if defined(CONFIG_ARM64)

static bool optee_is_normal_memory(pgprot_t prot)
{
	u64 type = pgprot_val(prot) & PTE_ATTRINDX_MASK;

	return type == PTE_ATTRINDX(MT_NORMAL) || type == PTE_ATTRINDX(MT_NORMAL_TAGGED);
}

#elif defined(CONFIG_ARM)

static bool optee_is_normal_memory(pgprot_t prot)
{
	u32 type = pgprot_val(prot) & L_PTE_MT_MASK;

	return type == L_PTE_MT_WRITEALLOC || type == L_PTE_MT_WRITEBACK ||
	       type == L_PTE_MT_WRITETHROUGH;
}

#endif

/**
 * optee_check_memory_type() - is it all normal memory?
 * @start:	address in the calling process
 * @num_pages:	pages from there on
 *
 * Return: 0, or -EINVAL
 */
int optee_check_memory_type(unsigned long start, size_t num_pages)
{
	unsigned long end = start + (num_pages << PAGE_SHIFT);
	struct vm_area_struct *vma;
	unsigned long pos = start;
	int rc = 0;

	VMA_ITERATOR(vmi, current->mm, start);

	mmap_read_lock(current->mm);
	for_each_vma_range(vmi, vma, end) {
		if (vma->vm_start > pos || !optee_is_normal_memory(vma->vm_page_prot)) {
			rc = -EINVAL;
			break;
		}
		pos = vma->vm_end;
	}
	mmap_read_unlock(current->mm);

	return rc ? rc : (pos < end ? -EINVAL : 0);
}
