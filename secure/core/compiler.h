/* SPDX-License-Identifier: BSD-2-Clause */
/* What Linux style takes for granted of a compiler. */
#ifndef CORE_COMPILER_H
#define CORE_COMPILER_H

#define __noreturn		__attribute__((noreturn))
#define __printf(a, b)		__attribute__((format(printf, a, b)))
#define __aligned(x)		__attribute__((aligned(x)))
#define __section(x)		__attribute__((section(x)))

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Memory that others write meanwhile: one access, no second thoughts. */
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile __typeof__(x) *)&(x) = (value))

#endif /* CORE_COMPILER_H */
