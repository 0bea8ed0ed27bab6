/* SPDX-License-Identifier: BSD-2-Clause */
/* Freezing tasks and suspending the guest. */
#ifndef POWER_H
#define POWER_H

#include <sys/types.h>

/* Skips the case if the guest can neither freeze its tasks nor be woken from a suspend. */
void power_need(void);
/* Skips the case if the guest cannot be woken from a suspend. */
void power_need_clock(void);
/* Skips the case if the kernel cannot suspend its devices alone. */
void power_need_devices(void);

/*
 * None of these skips a case in the middle: ask for what is needed before anything is begun.
 *
 * Freezes all tasks, thaws them, returns: 0 or the negative error number of
 * /sys/power/state. Without the kernel's test of its freezer the guest is suspended.
 */
int power_freeze(void);
/* The same with the devices suspended and resumed. */
int power_suspend_devices(void);
/* The same for a second, and no interrupt of a device is dealt with meanwhile. */
int power_suspend_interrupts(void);
/* Suspended to idle until the clock wakes it. */
int power_suspend(void);

/*
 * A control group whose tasks are frozen while all others go on. Skips the case on kernels
 * without. At most one in a case; the harness' end of the case does not thaw it.
 */
void group_make(void);
void group_add(pid_t pid);
/* Returns when all tasks of the group are frozen. */
void group_freeze(void);
void group_thaw(void);

#endif /* POWER_H */
