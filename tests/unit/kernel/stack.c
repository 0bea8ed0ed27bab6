// SPDX-License-Identifier: BSD-2-Clause
#include "stack.h"
#include <linux/mm.h>

/* Of the driver; as seen from the secure world. */
#define RX_AT		(HOST_MEMORY_BASE + 0x120000)

static struct task_struct task = { .name = "driver", .runnable = true };
void (*stack_spoil)(const ffa_regs *in, ffa_regs *out);
unsigned int stack_calls[256], stack_pages_lost;
struct stack_exchange stack_log[STACK_LOG];
unsigned int stack_logged;
static size_t pages_mapped;
static struct {
	const void *at;
	u64 phys;
} buffers[2];
struct omnitee_ffa_device *stack_worker;

u64 virt_to_phys(const void *at)
{
	unsigned int n;

	for (n = 0; n < 2 && buffers[n].at && buffers[n].at != at; n++)
		;
	assert_in_range(n, 0, 1);
	buffers[n].at = at;
	buffers[n].phys = n ? RX_AT : STACK_TX;
	return buffers[n].phys;
}

void get_page(struct page *page)
{
	(void)page;
	stack_pages_lost++;
}

u32 arm_smccc_get_version(void)
{
	return ARM_SMCCC_VERSION_1_2;
}

enum arm_smccc_conduit arm_smccc_1_1_get_conduit(void)
{
	return SMCCC_CONDUIT_SMC;
}

void arm_smccc_1_2_hvc(const ffa_regs *in, ffa_regs *out)
{
	(void)in;
	(void)out;
	fail();
}

/* What the secure world reads and writes in its memory is the driver's, which is on the heap. */
static void copy_buffers(bool out)
{
	unsigned int n;

	for (n = 0; n < 2 && pages_mapped; n++) {
		void *driver = (void *)buffers[n].at, *secure = host_at(buffers[n].phys);

		memcpy(out ? driver : secure, out ? secure : driver, pages_mapped * PAGE_SIZE);
	}
}

void arm_smccc_1_2_smc(const ffa_regs *in, ffa_regs *out)
{
	ffa_regs regs = *in;

	stack_calls[STACK_NUMBER(in->a0)]++;
	copy_buffers(false);
	ffa_nw_smc((uint64_t *)&regs);
	if (stack_spoil)
		stack_spoil(in, &regs);
	if (in->a0 == FFA_RXTX_UNMAP_32 || in->a0 == FFA_RXTX_MAP_64)
		pages_mapped = in->a0 == FFA_RXTX_MAP_64 && regs.a0 == FFA_SUCCESS_32 ?
			       in->a3 : 0;
	if (!pages_mapped)
		memset(buffers, 0, sizeof(buffers));
	copy_buffers(true);
	if (stack_logged < STACK_LOG)
		stack_log[stack_logged++] = (struct stack_exchange){ *in, regs };
	*out = regs;
}

int stack_setup(void **state)
{
	fake_devices_forget();
	fake_irqs.online = 0xf;
	fake_failing_allocation = 0;
	stack_spoil = NULL;
	memset(stack_calls, 0, sizeof(stack_calls));
	memset(buffers, 0, sizeof(buffers));
	pages_mapped = 0;
	stack_logged = 0;
	stack_pages_lost = 0;
	stack_worker = NULL;
	fake_begin(&task);
	return ffa_nw_setup_plain(state);
}

void stack_nothing_is_left(void)
{
	unsigned int n;

	assert_int_equal(nw_counter(SIM_COUNTER_FFA_BUFFERS), 0);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_BITMAPS), 0);
	assert_int_equal(nw_counter(SIM_COUNTER_FFA_SHARES), 0);
	assert_int_equal(fake_devices(), 0);
	for (n = 0; n < ARRAY_SIZE(fake_irqs.mapped); n++)
		assert_false(fake_irqs.mapped[n]);
}

void stack_exit(void)
{
	ffa_backend_exit();
	stack_nothing_is_left();
}

static int bound(struct omnitee_ffa_device *fdev)
{
	stack_worker = fdev;
	return 0;
}

static void unbound(struct omnitee_ffa_device *fdev)
{
	assert_ptr_equal(fdev, stack_worker);
	stack_worker = NULL;
}

static const struct omnitee_ffa_device_id ids[] = { { { PARTITION_WORKER_UUID } }, { } };

struct omnitee_ffa_driver stack_driver = {
	.name = "test",
	.probe = bound,
	.remove = unbound,
	.id_table = ids,
};

int stack_register(struct omnitee_ffa_driver *drv)
{
	return __omnitee_ffa_driver_register(drv, NULL, "test");
}

int stack_ask(struct omnitee_ffa_device *fdev, u32 command)
{
	struct omnitee_ffa_message msg = { .data = { command } };

	return omnitee_ffa_send(fdev, &msg) ?: (int)(s32)msg.data[1];
}

void stack_load(void)
{
	assert_int_equal(ffa_backend_init(), 0);
	assert_int_equal(fake_devices(), STACK_DEVICES);
	assert_int_equal(stack_register(&stack_driver), 0);
	assert_non_null(stack_worker);
	assert_int_equal(stack_ask(stack_worker, WORKER_CMD_NOP), FFA_OK);
}

void stack_unload(void)
{
	omnitee_ffa_driver_unregister(&stack_driver);
	assert_null(stack_worker);
	stack_exit();
}
