/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Exceptions to EL3 and the switch between stacks. EL3 always runs on SP_EL3, so
 * SP_EL0 and the vector registers, which no C code here uses, stay the normal world's.
 */
#include "el3.h"
#include "sysreg.h"

	.macro	save_frame
	sub	sp, sp, #EL3_FRAME_SIZE
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	mrs	x0, elr_el3
	mrs	x1, spsr_el3
	stp	x30, x0, [sp, #EL3_FRAME_LR]
	str	x1, [sp, #EL3_FRAME_SPSR]
	.endm

	.macro	restore_frame_and_return
	ldr	x1, [sp, #EL3_FRAME_SPSR]
	ldp	x30, x0, [sp, #EL3_FRAME_LR]
	msr	elr_el3, x0
	msr	spsr_el3, x1
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	add	sp, sp, #EL3_FRAME_SIZE
	eret
	dsb	nsh
	isb
	.endm

	.macro	vector target
	.balign	0x80
	b	\target
	.endm

	/*
	 * A fault of EL3 itself may come from a stack that has overflown. Registers
	 * of the normal world are the scratch space, as it never runs again.
	 */
	.macro	vector_fatal number
	.balign	0x80
	msr	tpidr_el0, x0
	mov	x0, #\number
	b	fatal_entry
	.endm

	.text
	.balign	0x800
	.global	el3_vectors
el3_vectors:
	/* EL3 on SP_EL0: never used. */
	vector_fatal 0
	vector_fatal 1
	vector_fatal 2
	vector_fatal 3
	/* EL3 on SP_EL3: only FIQs, from secure threads, are expected. */
	vector_fatal 4
	vector_fatal 5
	vector fiq_from_thread
	vector_fatal 7
	/* Lower level, 64 bits. */
	vector sync_from_normal_world
	vector_fatal 9
	vector fiq_from_normal_world
	vector_fatal 11
	/* Lower level, 32 bits. */
	vector sync_from_normal_world
	vector_fatal 13
	vector fiq_from_normal_world
	vector_fatal 15
	.balign	0x80

sync_from_normal_world:
	save_frame
	mov	x0, sp
	bl	exception_sync
	restore_frame_and_return

fiq_from_normal_world:
	save_frame
	bl	exception_fiq_normal_world
	restore_frame_and_return

	/* The frame lies on the thread's stack and goes with it to another CPU. */
fiq_from_thread:
	save_frame
	bl	exception_fiq_thread
	restore_frame_and_return

fatal_entry:
	msr	tpidr_el1, x1
	mov	x1, sp
	msr	tpidrro_el0, x1
	mrs	x1, tpidr_el3
	cbz	x1, 1f
	ldr	x1, [x1, #EL3_CPU_PANIC_TOP]
	b	2f
1:	ldr	x1, =el3_boot_panic_stack_top
2:	mov	sp, x1
	mrs	x1, tpidr_el1
	msr	tpidr_el1, x0
	mrs	x0, tpidr_el0
	save_frame
	mov	x0, sp
	mrs	x1, tpidr_el1
	mrs	x2, tpidrro_el0
	bl	exception_fatal
	b	.
	.ltorg

	/* arch_context_switch(from, to) */
	.global	arch_context_switch
arch_context_switch:
	sub	sp, sp, #96
	stp	x19, x20, [sp, #0]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	mov	x2, sp
	str	x2, [x0]
	ldr	x2, [x1]
	mov	sp, x2
	ldp	x19, x20, [sp, #0]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	add	sp, sp, #96
	ret

	/* First instructions on a fresh stack, prepared by arch_context_init(). */
	.global	el3_context_start
el3_context_start:
	mov	x0, x20
	mov	x29, #0
	mov	x30, #0
	blr	x19
	brk	#0
