/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reset. Every CPU comes here, in flash, with everything off. The first one copies the
 * image to secure RAM, for which it is linked, and goes on there; flash is not executed
 * from afterwards. The others wait until it lets them.
 */
#include "el3.h"
#include "sysreg.h"

	.section .text.entry, "ax"
	.global	el3_reset
el3_reset:
	msr	daifset, #0xf
	mov	x0, #SCTLR_RES1 & 0xffff
	movk	x0, #SCTLR_RES1 >> 16, lsl #16
	msr	sctlr_el3, x0
	isb
	mrs	x0, mpidr_el1
	and	x0, x0, #0xffffff
	cbnz	x0, secondary_reset

	/* A warm reset finds the word as the last boot left it. */
	ldr	x0, =el3_secondaries_released
	str	xzr, [x0]
	dsb	sy

	adr	x0, el3_reset
	ldr	x1, =__image_start
	ldr	x2, =__image_end
	cmp	x0, x1
	b.eq	2f
1:	ldp	x3, x4, [x0], #16
	stp	x3, x4, [x1], #16
	cmp	x1, x2
	b.lo	1b
2:	ldr	x1, =__bss_start
	ldr	x2, =__bss_end
3:	stp	xzr, xzr, [x1], #16
	cmp	x1, x2
	b.lo	3b
	dsb	sy
	ic	iallu
	dsb	sy
	isb
	ldr	x0, =el3_vectors
	msr	vbar_el3, x0
	ldr	x0, =el3_boot_stack_top
	mov	sp, x0
	ldr	x0, =el3_main
	br	x0

secondary_reset:
	ldr	x0, =el3_secondaries_released
1:	wfe
	ldr	x1, [x0]
	ldr	x2, =EL3_RELEASE_WORD
	cmp	x1, x2
	b.ne	1b
	dsb	sy
	ic	iallu
	dsb	sy
	isb
	ldr	x0, =el3_vectors
	msr	vbar_el3, x0
	/* The index is the same as in cpu_index() of the platform: 16 a cluster. */
	mrs	x0, mpidr_el1
	and	x1, x0, #0xff
	ubfx	x2, x0, #8, #8
	add	x1, x1, x2, lsl #4
	ldr	x0, =el3_secondary_count
	ldr	x0, [x0]
	cmp	x1, x0
	b.hs	4f
	ldr	x0, =cpus
	ldr	x2, =el3_cpu_size
	ldr	x2, [x2]
	madd	x0, x1, x2, x0
	msr	tpidr_el3, x0
	ldr	x1, [x0, #EL3_CPU_STACK_TOP]
	mov	sp, x1
	ldr	x0, =el3_secondary_main
	br	x0
	/* More CPUs than the image was built for; the first one says so. */
4:	wfi
	b	4b
	.ltorg

	.equ	EL3_RELEASE_WORD, 0x6f6d6e6974656500

	.text
	.global	el3_release_secondaries
el3_release_secondaries:
	ldr	x0, =el3_secondaries_released
	ldr	x1, =EL3_RELEASE_WORD
	dsb	sy
	str	x1, [x0]
	/* They look with their caches off. */
	dc	civac, x0
	dsb	sy
	sev
	ret

	.global	el3_hold_secondaries
el3_hold_secondaries:
	ldr	x0, =el3_secondaries_released
	str	xzr, [x0]
	dc	civac, x0
	dsb	sy
	ret

	/* el3_eret(entry, spsr, x0, stack_top) */
	.global	el3_eret
el3_eret:
	msr	elr_el3, x0
	msr	spsr_el3, x1
	mov	sp, x3
	mov	x0, x2
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	mov	x\n, #0
	.endr
	dsb	sy
	eret
	/* Nothing is to be executed behind it, not even by guessing. */
	dsb	nsh
	isb

	/* el3_restart_stack(stack_top, entry) */
	.global	el3_restart_stack
el3_restart_stack:
	mov	sp, x0
	mov	x29, #0
	mov	x30, #0
	br	x1
	.ltorg

	/* Not in .bss, which the first CPU clears while the others read this. */
	.section .data.released, "aw"
	.balign	64
	.global	el3_secondaries_released
el3_secondaries_released:
	.quad	0
	.balign	64

	/* The first CPU's, until it leaves for the normal world. */
	.section .bss.boot_stack, "aw", %nobits
	.balign	16
	.space	EL3_PANIC_STACK_SIZE
	.global	el3_boot_panic_stack_top
el3_boot_panic_stack_top:
	.space	EL3_CPU_STACK_SIZE
	.global	el3_boot_stack_top
el3_boot_stack_top:
	.balign	16
