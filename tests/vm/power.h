/* SPDX-License-Identifier: BSD-2-Clause */
/* Freezing tasks and suspending the guest. */
#ifndef POWER_H
#define POWER_H

#include <sys/types.h>

/*
 * Freezes all tasks, thaws them, returns: 0 or the negative error number of
 * /sys/power/state. Without the kernel's test of its freezer the guest is suspended.
 */
int power_freeze(void);
/* The same with the devices suspended and resumed; skips the case if that cannot be tested. */
int power_suspend_devices(void);
/* Suspended to idle until the clock wakes it; skips the case without a clock. */
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
