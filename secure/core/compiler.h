/* SPDX-License-Identifier: BSD-2-Clause */
/* What Linux style takes for granted of a compiler. */
#ifndef CORE_COMPILER_H
#define CORE_COMPILER_H

#define ATTRIBUTE(...)		__attribute__((__VA_ARGS__))

#define __noreturn		ATTRIBUTE(noreturn)
#define __printf(a, b)		ATTRIBUTE(format(printf, a, b))
#define __aligned(x)		ATTRIBUTE(aligned(x))
#define __section(x)		ATTRIBUTE(section(x))

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Memory that others write meanwhile, and devices: exactly one access. */
#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value)	__atomic_store_n(&(x), value, __ATOMIC_RELAXED)

#endif /* CORE_COMPILER_H */
