// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls over SMC or HVC: registers, RPC returns, parameters.
 */
#include <linux/arm-smccc.h>
#include <linux/device.h>
#include <linux/mm.h>
#include <linux/preempt.h>

#include <abi/optee_smc.h>
#include <abi/optee_system.h>
#include <abi/tee_result.h>

#include "stats.h"

/* The answer is left in @res: most calls need one register of it. */
static __always_inline void optee_smc_instruction(const struct optee_smc *smc, u32 a0, u32 a1,
						  u32 a2, u32 a3, u32 a4, u32 a5, u32 a6, u32 a7,
						  struct arm_smccc_res *res)
{
	if (likely(!smc->hvc))
		arm_smccc_smc(a0, a1, a2, a3, a4, a5, a6, a7, res);
	else
		arm_smccc_hvc(a0, a1, a2, a3, a4, a5, a6, a7, res);
}

static void optee_smc_take_answer(struct optee_smc_regs *r)
{
	r->a0 = lower_32_bits(r->res.a0);
	r->a1 = lower_32_bits(r->res.a1);
	r->a2 = lower_32_bits(r->res.a2);
	r->a3 = lower_32_bits(r->res.a3);
}

void optee_smc_conduit(const struct optee_smc *smc, struct optee_smc_regs *regs)
{
	optee_smc_instruction(smc, regs->a0, regs->a1, regs->a2, regs->a3, regs->a4, regs->a5,
			      regs->a6, regs->a7, &regs->res);
	optee_smc_take_answer(regs);
}

/* The only way into the secure world, but for guest.c's announcements. */
static __always_inline void optee_smc_enter(struct optee_smc *smc, u32 a0, u32 a1, u32 a2, u32 a3,
					    u32 a4, u32 a5, u32 a6, struct arm_smccc_res *res)
{
	/* Whoever closes the way waits until no CPU is on it, see optee_guest_close(). */
	preempt_disable();
	if (likely(!READ_ONCE(smc->closed)))
		optee_smc_instruction(smc, a0, a1, a2, a3, a4, a5, a6, smc->client_id, res);
	else
		res->a0 = OPTEE_SMC_RETURN_ENOTAVAIL;
	preempt_enable();
}

static __always_inline void optee_smc_enter_regs(struct optee_smc *smc, struct optee_smc_regs *r)
{
	optee_smc_enter(smc, r->a0, r->a1, r->a2, r->a3, r->a4, r->a5, r->a6, &r->res);
}

static __always_inline bool optee_smc_is_traced(void)
{
	return trace_optee_switch_enter_enabled() || trace_optee_switch_leave_enabled();
}

/* Out of the way as long as nobody looks on. */
static noinline void optee_smc_enter_traced(struct optee *optee, struct optee_smc_regs *regs)
{
	u64 begin;

	trace_optee_switch_enter(optee, regs->a0);
	begin = ktime_get_ns();
	optee_smc_enter_regs(&optee->smc, regs);
	trace_optee_switch_leave(optee, regs->a0, lower_32_bits(regs->res.a0), begin);
}

static __always_inline void optee_smc_switch(struct optee *optee, struct optee_smc_regs *regs)
{
	if (optee_smc_is_traced())
		optee_smc_enter_traced(optee, regs);
	else
		optee_smc_enter_regs(&optee->smc, regs);
}

/**
 * optee_smc_invoke() - enter the secure world with registers that belong to no call
 * @optee:	device
 * @regs:	a0 to a6 in, a0 to a3 out
 *
 * In the name of the guest that the device is. Returns ENOTAVAIL when the way is closed.
 */
void optee_smc_invoke(struct optee *optee, struct optee_smc_regs *regs)
{
	optee_smc_switch(optee, regs);
	optee_smc_take_answer(regs);
	optee_count(optee, OPTEE_STAT_SWITCHES);
}

/* The call has a place that is kept back: a secure world that keeps threads back should know. */
static void optee_smc_make_system(struct optee *optee, struct optee_smc_regs *regs, u64 cookie)
{
	switch (optee->system.abi) {
	case OPTEE_SYSTEM_PRIVATE:
		regs->a0 |= OPTEE_SYSTEM_CALL;
		regs->a4 = upper_32_bits(cookie);
		regs->a5 = lower_32_bits(cookie);
		break;
	case OPTEE_SYSTEM_V2:
		if (regs->a0 == OPTEE_SMC_CALL_WITH_REGD_ARG)
			regs->a0 = OPTEE_SYSTEM_V2_CALL_WITH_REGD_ARG;
		break;
	case OPTEE_SYSTEM_COUNT:
		break;
	}
}

static void optee_smc_call_begin(struct optee_call *call)
{
	struct optee_smc_regs *regs = &call->regs;
	phys_addr_t pa;

	regs->a3 = 0;
	regs->a4 = 0;
	regs->a5 = 0;
	regs->a6 = 0;
	if (call->page->cookie) {
		regs->a0 = OPTEE_SMC_CALL_WITH_REGD_ARG;
		regs->a1 = upper_32_bits(call->page->cookie);
		regs->a2 = lower_32_bits(call->page->cookie);
		regs->a3 = (void *)call->arg - call->page->va;
	} else {
		pa = call->page->pa + ((void *)call->arg - call->page->va);
		regs->a0 = call->optee->rpc_params ? OPTEE_SMC_CALL_WITH_RPC_ARG : OPTEE_SMC_CALL_WITH_ARG;
		regs->a1 = upper_32_bits(pa);
		regs->a2 = lower_32_bits(pa);
	}
	if (call->waiter.kept)
		optee_smc_make_system(call->optee, regs, call->waiter.reservation->cookie);
}

/* Return: what became of the call that @call->regs.res is the answer to */
static __always_inline enum optee_step optee_smc_call_answered(struct optee_call *call)
{
	u32 a0 = lower_32_bits(call->regs.res.a0);

	if (OPTEE_SMC_IS_RPC(a0)) {
		optee_smc_take_answer(&call->regs);
		return OPTEE_STEP_RPC;
	}
	/* Nothing that is suspended can be refused. */
	if (a0 == OPTEE_SMC_RETURN_ETHREAD_LIMIT && !call->started)
		return OPTEE_STEP_REFUSED;

	call->status = a0;
	return OPTEE_STEP_DONE;
}

static enum optee_step optee_smc_call_step(struct optee_call *call)
{
	optee_smc_switch(call->optee, &call->regs);
	return optee_smc_call_answered(call);
}

static noinline enum optee_step optee_smc_call_first_unusual(struct optee_call *call)
{
	optee_smc_call_begin(call);
	return optee_smc_call_step(call);
}

/*
 * What nearly every call consists of. Its registers do not get into memory: if it is refused it
 * is begun anew, and if it is suspended the answer says what to go on with.
 */
static enum optee_step optee_smc_call_first(struct optee_call *call)
{
	struct optee_msg_page *page = call->page;
	enum optee_step step;

	if (unlikely(!page->cookie || call->waiter.kept) || optee_smc_is_traced())
		return optee_smc_call_first_unusual(call);

	optee_smc_enter(&call->optee->smc, OPTEE_SMC_CALL_WITH_REGD_ARG,
			upper_32_bits(page->cookie), lower_32_bits(page->cookie),
			(void *)call->arg - page->va, 0, 0, 0, &call->regs.res);
	step = optee_smc_call_answered(call);
	if (step == OPTEE_STEP_RPC) {
		call->regs.a4 = 0;
		call->regs.a5 = 0;
		call->regs.a6 = 0;
	}
	return step;
}

/* Memory for an RPC message: contiguous, so a page at most. All 0 if there is none. */
static void optee_smc_rpc_alloc(struct optee_call *call)
{
	struct optee_smc_regs *regs = &call->regs;
	struct optee_rpc_memory *mem = NULL;
	phys_addr_t pa = 0;
	u64 cookie = 0;

	if (regs->a1 <= PAGE_SIZE)
		mem = optee_rpc_memory_alloc(call->optee, regs->a1, 0);
	if (mem) {
		pa = mem->pa;
		cookie = mem->handle.cookie;
		optee_rpc_memory_put(call->optee, mem);
	}
	regs->a1 = upper_32_bits(pa);
	regs->a2 = lower_32_bits(pa);
	regs->a4 = upper_32_bits(cookie);
	regs->a5 = lower_32_bits(cookie);
}

static void optee_smc_rpc_free(struct optee_call *call)
{
	u64 cookie = optee_reg_pair_to_u64(call->regs.a1, call->regs.a2);

	if (!optee_rpc_memory_free(call->optee, cookie))
		dev_warn_ratelimited(call->optee->dev, "RPC frees unknown memory %#llx\n", cookie);
}

static int optee_smc_rpc_cmd(struct optee_call *call)
{
	u64 cookie = optee_reg_pair_to_u64(call->regs.a1, call->regs.a2);
	struct optee_rpc_memory *mem;
	int rc = 0;

	if (call->optee->rpc_params)
		return optee_rpc_cmd(call, optee_call_rpc_arg(call),
				     OPTEE_MSG_ARG_SIZE(call->optee->rpc_params));

	/* Held meanwhile: another thread may free it. */
	mem = optee_rpc_memory_get(call->optee, cookie);
	if (mem && mem->va && mem->size >= sizeof(struct optee_msg_arg))
		rc = optee_rpc_cmd(call, mem->va, min_t(size_t, mem->size, PAGE_SIZE));
	else
		dev_warn_ratelimited(call->optee->dev, "RPC message in unknown memory %#llx\n",
				     cookie);
	if (mem)
		optee_rpc_memory_put(call->optee, mem);
	return rc;
}

static int optee_smc_call_rpc(struct optee_call *call)
{
	int rc;

	switch (call->regs.a0) {
	case OPTEE_SMC_RPC_ALLOC:
		optee_smc_rpc_alloc(call);
		break;
	case OPTEE_SMC_RPC_FREE:
		optee_smc_rpc_free(call);
		break;
	case OPTEE_SMC_RPC_FOREIGN_INTR:
		/* It was taken as soon as we were back in this world. */
		optee_count(call->optee, OPTEE_STAT_INTERRUPTS);
		break;
	case OPTEE_SMC_RPC_CMD:
		rc = optee_smc_rpc_cmd(call);
		if (rc)
			return rc;
		break;
	default:
		dev_warn_ratelimited(call->optee->dev, "unknown RPC %#x\n", call->regs.a0);
		break;
	}
	/* a3 tells the secure world which thread it is. */
	call->regs.a0 = OPTEE_SMC_RETURN_FROM_RPC;
	return 0;
}

static void optee_smc_to_msg_memref(struct optee_call *call, struct optee_msg_param *msg,
				    const struct tee_param *param)
{
	const struct tee_param_memref *memref = &param->u.memref;
	u64 direction = param->attr - TEE_IOCTL_PARAM_ATTR_TYPE_MEMREF_INPUT;
	phys_addr_t pa = 0;

	if (tee_shm_is_dynamic(memref->shm)) {
		msg->attr = OPTEE_MSG_ATTR_TYPE_RMEM_INPUT + direction;
		msg->u.rmem.offs = memref->shm_offs;
		msg->u.rmem.size = memref->size;
		msg->u.rmem.shm_ref = memref->shm->sec_world_id;
	} else {
		/* Nothing may be at the very end, where somebody else's memory begins. */
		if (memref->shm)
			pa = memref->shm->paddr + (memref->size ? memref->shm_offs : 0);
		msg->attr = OPTEE_MSG_ATTR_TYPE_TMEM_INPUT + direction;
		msg->u.tmem.buf_ptr = pa;
		msg->u.tmem.size = memref->size;
		msg->u.tmem.shm_ref = 0;
	}
	if (memref->shm)
		call->shms[call->num_shms++] = memref->shm;
}

/* By its address, or by a list of its pages. */
static u32 optee_smc_show_memory(struct optee_call *call, struct optee_msg_param *msg,
				 const struct optee_rpc_memory *mem)
{
	struct page *const *pages = mem->shm ? mem->shm->pages : mem->num_pages ? mem->pages : NULL;
	size_t offset = mem->shm ? mem->shm->offset : 0;
	struct optee_page_list *list;

	if (pages) {
		list = optee_page_list_alloc(pages, offset, mem->size);
		if (!list)
			return TEE_ERROR_OUT_OF_MEMORY;
		/* The secure world reads the list of this answer when it goes on. */
		optee_page_list_free(call->rpc_list);
		call->rpc_list = list;
		call->has_more = true;

		msg->attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT | OPTEE_MSG_ATTR_NONCONTIG;
		msg->u.tmem.buf_ptr = optee_page_list_buf_ptr(list, offset);
	} else {
		msg->attr = OPTEE_MSG_ATTR_TYPE_TMEM_OUTPUT;
		msg->u.tmem.buf_ptr = mem->shm ? mem->shm->paddr : mem->pa;
	}
	msg->u.tmem.size = mem->size;
	msg->u.tmem.shm_ref = mem->handle.cookie;
	return TEE_SUCCESS;
}

static bool optee_smc_read_memref(const struct optee_msg_param *msg, u64 *cookie, u64 *offs)
{
	*cookie = READ_ONCE(msg->u.rmem.shm_ref);
	*offs = READ_ONCE(msg->u.rmem.offs);
	return true;
}

const struct optee_ops optee_smc_ops = {
	.call_begin = optee_smc_call_begin,
	.call_first = optee_smc_call_first,
	.call_step = optee_smc_call_step,
	.call_rpc = optee_smc_call_rpc,
	.to_msg_memref = optee_smc_to_msg_memref,
	.show_memory = optee_smc_show_memory,
	.read_memref = optee_smc_read_memref,
	.reserve = optee_smc_reserve,
	.unreserve = optee_smc_unreserve,
};
