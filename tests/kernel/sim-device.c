// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/omnitee-sim: tests reach the control channel of the emulated secure world and
 * issue SMCs of any kind. Only tests load this module; no driver knows of it.
 *
 * It is inert wherever the emulated world does not answer. Where SMC might be
 * undefined (no EL3) it does not even ask: the device tree must name a PSCI reached by SMC.
 */

#include <linux/arm-smccc.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/ioctl.h>
#include <linux/irqflags.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/uaccess.h>

#include "sim.h"
#include "sim-neon.h"
#include "sim-smc.h"

#define SIM_PAGES_MAX	(4UL << 20)

/**
 * struct sim_file - one open file
 * @lock: guards @pages and @size until they are set; they never change afterwards
 * @pages: memory for both worlds, or NULL; freed with the file. A mapping holds the
 *         file, so it outlives every mapping.
 * @size: bytes at @pages
 */
struct sim_file {
	struct mutex lock;
	void *pages;
	size_t size;
};

static int sim_open(struct inode *inode, struct file *filp)
{
	struct sim_file *sf;

	/* An arbitrary SMC can do anything to the machine. */
	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;

	sf = kzalloc(sizeof(*sf), GFP_KERNEL);
	if (!sf)
		return -ENOMEM;
	mutex_init(&sf->lock);
	filp->private_data = sf;
	return 0;
}

static int sim_release(struct inode *inode, struct file *filp)
{
	struct sim_file *sf = filp->private_data;

	if (sf->pages)
		free_pages_exact(sf->pages, sf->size);
	mutex_destroy(&sf->lock);
	kfree(sf);
	return 0;
}

static long sim_ioc_control(void __user *uarg)
{
	struct arm_smccc_res res;
	struct sim_control c;

	if (copy_from_user(&c, uarg, sizeof(c)))
		return -EFAULT;
	arm_smccc_smc(SIM_SMC_CONTROL, c.op, c.arg[0], c.arg[1], c.arg[2], 0, 0, 0, &res);
	c.status = res.a0;
	c.ret[0] = res.a1;
	c.ret[1] = res.a2;
	c.ret[2] = res.a3;
	return copy_to_user(uarg, &c, sizeof(c)) ? -EFAULT : 0;
}

static void sim_smc_plain(struct sim_smc *smc)
{
	struct arm_smccc_1_2_regs args = { };
	struct arm_smccc_1_2_regs res;
	struct arm_smccc_res unused;
	unsigned int n;

	args.a0 = smc->in[0];
	args.a1 = smc->in[1];
	args.a2 = smc->in[2];
	args.a3 = smc->in[3];
	args.a4 = smc->in[4];
	args.a5 = smc->in[5];
	args.a6 = smc->in[6];
	args.a7 = smc->in[7];

	preempt_disable();
	smc->cpu = smp_processor_id();
	arm_smccc_1_2_smc(&args, &res);
	/* As drivers do it. */
	for (n = SIM_SMC_MORE_OF(smc->flags); n; n--)
		arm_smccc_smc(args.a0, args.a1, args.a2, args.a3, args.a4, args.a5, args.a6,
			      args.a7, &unused);
	preempt_enable();

	smc->out[0] = res.a0;
	smc->out[1] = res.a1;
	smc->out[2] = res.a2;
	smc->out[3] = res.a3;
	smc->out[4] = res.a4;
	smc->out[5] = res.a5;
	smc->out[6] = res.a6;
	smc->out[7] = res.a7;
	smc->changed = 0;
}

/* Different in every register, in both halves, and unlike anything the other side uses. */
static u64 sim_pattern(unsigned int n)
{
	return 0x5a00a500c300009dULL * (2 * n + 1) + n;
}

/* @regs: two structures, the second keeps what the first held before the call */
static void sim_smc_checked(struct sim_smc *smc, struct sim_regs *regs)
{
	struct sim_regs *before = regs + 1;
	struct sim_neon neon;
	unsigned long flags;
	unsigned int n;

	memcpy(regs->x, smc->in, sizeof(smc->in));
	for (n = 8; n < 31; n++)
		regs->x[n] = sim_pattern(n);
	for (n = 0; n < 32; n++) {
		regs->v[n][0] = sim_pattern(32 + n);
		regs->v[n][1] = sim_pattern(64 + n);
	}
	*before = *regs;

	sim_neon_begin(&neon);
	local_irq_save(flags);
	smc->cpu = smp_processor_id();
	sim_smc_all_regs(regs);
	local_irq_restore(flags);
	sim_neon_end(&neon);

	memcpy(smc->out, regs->x, sizeof(smc->out));
	smc->changed = 0;
	for (n = 4; n < 31; n++)
		if (regs->x[n] != before->x[n])
			smc->changed |= BIT_ULL(n);
	for (n = 0; n < 32; n++)
		if (memcmp(regs->v[n], before->v[n], sizeof(regs->v[n])))
			smc->changed |= BIT_ULL(32 + n);
}

static long sim_ioc_smc(void __user *uarg)
{
	struct sim_regs *regs;
	struct sim_smc smc;

	if (copy_from_user(&smc, uarg, sizeof(smc)))
		return -EFAULT;
	if (smc.flags & SIM_SMC_CHECK_REGS ? smc.flags != SIM_SMC_CHECK_REGS :
	    smc.flags != SIM_SMC_MORE(SIM_SMC_MORE_OF(smc.flags)))
		return -EINVAL;

	if (smc.flags & SIM_SMC_CHECK_REGS) {
		regs = kcalloc(2, sizeof(*regs), GFP_KERNEL);
		if (!regs)
			return -ENOMEM;
		sim_smc_checked(&smc, regs);
		kfree(regs);
	} else {
		sim_smc_plain(&smc);
	}
	return copy_to_user(uarg, &smc, sizeof(smc)) ? -EFAULT : 0;
}

static long sim_ioc_pages(struct sim_file *sf, void __user *uarg)
{
	struct sim_pages p;
	void *pages;
	long rc = 0;

	if (copy_from_user(&p, uarg, sizeof(p)))
		return -EFAULT;
	if (!p.size || p.size > SIM_PAGES_MAX)
		return -EINVAL;
	p.size = PAGE_ALIGN(p.size);

	pages = alloc_pages_exact(p.size, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN);
	if (!pages)
		return -ENOMEM;
	p.phys = virt_to_phys(pages);

	mutex_lock(&sf->lock);
	if (sf->pages) {
		rc = -EBUSY;
	} else {
		sf->size = p.size;
		sf->pages = pages;
	}
	mutex_unlock(&sf->lock);

	if (rc) {
		free_pages_exact(pages, p.size);
		return rc;
	}
	/* Not under the lock, which mmap() takes under the address space's. */
	return copy_to_user(uarg, &p, sizeof(p)) ? -EFAULT : 0;
}

static long sim_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case SIM_IOC_CONTROL:
		return sim_ioc_control(uarg);
	case SIM_IOC_SMC:
		return sim_ioc_smc(uarg);
	case SIM_IOC_PAGES:
		return sim_ioc_pages(filp->private_data, uarg);
	default:
		return -ENOTTY;
	}
}

/* Page by page, so that they can be pinned: it is the type alone that is wrong with them. */
static int sim_mmap_uncached(struct vm_area_struct *vma, void *pages, size_t size)
{
	size_t pos;
	int rc;

	vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	for (pos = 0; pos < size; pos += PAGE_SIZE) {
		rc = vm_insert_page(vma, vma->vm_start + pos, virt_to_page(pages + pos));
		if (rc)
			return rc;
	}
	return 0;
}

static int sim_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct sim_file *sf = filp->private_data;
	unsigned long first = vma->vm_pgoff << PAGE_SHIFT;
	size_t size = vma->vm_end - vma->vm_start;
	void *pages;

	mutex_lock(&sf->lock);
	pages = sf->pages;
	mutex_unlock(&sf->lock);

	if (!pages || (first && first != SIM_PAGES_UNCACHED) || size > sf->size)
		return -EINVAL;
	if (first)
		return sim_mmap_uncached(vma, pages, size);
	return remap_pfn_range(vma, vma->vm_start, virt_to_phys(pages) >> PAGE_SHIFT, size,
			       vma->vm_page_prot);
}

static const struct file_operations sim_fops = {
	.owner = THIS_MODULE,
	.open = sim_open,
	.release = sim_release,
	.unlocked_ioctl = sim_ioctl,
	.mmap = sim_mmap,
};

static struct miscdevice sim_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = SIM_DEVICE,
	.fops = &sim_fops,
	.mode = 0600,
};

/* SMC exists where PSCI is reached by it; elsewhere it may be an undefined instruction. */
static bool sim_have_smc(void)
{
	static const char * const compatible[] = { "arm,psci-1.0", "arm,psci-0.2", "arm,psci" };
	struct device_node *np = NULL;
	const char *method;
	bool have_smc;
	size_t n;

	for (n = 0; n < ARRAY_SIZE(compatible) && !np; n++)
		np = of_find_compatible_node(NULL, NULL, compatible[n]);
	if (!np)
		return false;
	have_smc = !of_property_read_string(np, "method", &method) && !strcmp(method, "smc");
	of_node_put(np);
	return have_smc;
}

static int __init sim_init(void)
{
	struct arm_smccc_res res;

	if (!sim_have_smc()) {
		pr_info("omnitee-sim: no PSCI by SMC in the device tree: no secure world to control\n");
		return -ENODEV;
	}
	arm_smccc_smc(SIM_SMC_UID, 0, 0, 0, 0, 0, 0, 0, &res);
	if ((u32)res.a0 != SIM_UID_0 || (u32)res.a1 != SIM_UID_1 || (u32)res.a2 != SIM_UID_2) {
		pr_info("omnitee-sim: the secure world is not the emulated one\n");
		return -ENODEV;
	}
	if ((u32)res.a3 != SIM_REVISION) {
		pr_info("omnitee-sim: control revision %u, this module speaks %u\n", (u32)res.a3,
			SIM_REVISION);
		return -ENODEV;
	}
	return misc_register(&sim_misc);
}
module_init(sim_init);

static void __exit sim_exit(void)
{
	misc_deregister(&sim_misc);
}
module_exit(sim_exit);

MODULE_DESCRIPTION("Control of the emulated secure world, for tests");
MODULE_LICENSE("GPL");
