// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file that user space holds for an object, and its mapping.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "tee_private.h"

static int tee_shm_fop_release(struct inode *inode, struct file *filp)
{
	tee_shm_put(filp->private_data);
	return 0;
}

static int tee_shm_fop_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct tee_shm *shm = filp->private_data;
	unsigned long num = vma_pages(vma);

	/* Registered memory has its own mapping and its own rules. */
	if (!(shm->flags & TEE_SHM_POOL))
		return -EINVAL;
	if (vma->vm_pgoff + num > shm->size >> PAGE_SHIFT)
		return -EINVAL;

	/* What is shared with a secure world has no business in a core dump. */
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);

	/* The mapping keeps the file, and so the object, alive. */
	if (shm->pages)
		return vm_insert_pages(vma, vma->vm_start, shm->pages + vma->vm_pgoff, &num);

	return remap_pfn_range(vma, vma->vm_start, PHYS_PFN(shm->paddr) + vma->vm_pgoff,
			       vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

static const struct file_operations tee_shm_fops = {
	.owner = THIS_MODULE,
	.release = tee_shm_fop_release,
	.mmap = tee_shm_fop_mmap,
};

/**
 * tee_shm_fd_reserve() - make the file of an object and reserve a descriptor for it
 * @shm:	object; on success its reference is the file's
 * @filp:	the file, out
 *
 * Return: the descriptor, for fd_install() or put_unused_fd() and fput(), or an errno
 */
int tee_shm_fd_reserve(struct tee_shm *shm, struct file **filp)
{
	int fd;

	/* Not close-on-exec; clients have come to rely on it. */
	fd = get_unused_fd_flags(0);
	if (fd < 0)
		return fd;

	*filp = anon_inode_getfile("tee_shm", &tee_shm_fops, shm, O_RDWR);
	if (IS_ERR(*filp)) {
		put_unused_fd(fd);
		return PTR_ERR(*filp);
	}
	return fd;
}
