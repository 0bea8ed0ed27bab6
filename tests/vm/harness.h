/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cases that run inside the guest.
 *
 *	TEST(something_is_so)
 *	{
 *		ASSERT_EQ(what(), 3);
 *	}
 *
 * Each case runs in a child process with a time limit. Around it the harness reads the
 * kernel log and the counters of both worlds: a kernel warning, or a session, a shared memory
 * object, a secure thread, lent memory or a pinned page that is left behind, fails the case. Of our
 * modules' contexts, sessions, memory and places in the queue of calls the same is true.
 *
 * ASSERT ends the case (the whole child process) at once, EXPECT goes on; the first
 * reason is reported. Both also work in threads and processes that the case starts.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/sim.h"

#define __printf(format_at, args_at)	__attribute__((format(gnu_printf, format_at, args_at)))
#define __noreturn			_Noreturn

typedef void (*test_fn)(void);

/**
 * harness_register() - add a case, called by TEST() before main()
 * @name: name of the case
 * @fn: its body
 */
void harness_register(const char *name, test_fn fn);

#define TEST(case_name) \
	static void test_##case_name(void); \
	static void __attribute__((constructor)) register_##case_name(void) \
	{ \
		harness_register(#case_name, test_##case_name); \
	} \
	static void test_##case_name(void)

/**
 * harness_fail() - record why the case fails; the first reason wins
 * @file: source file
 * @line: source line
 * @fmt: reason, as for printf()
 */
__printf(3, 4) void harness_fail(const char *file, int line, const char *fmt, ...);

/**
 * harness_end() - end the case now
 */
__noreturn void harness_end(void);

/**
 * harness_skip() - end the case as skipped
 * @fmt: reason, as for printf()
 */
__noreturn __printf(1, 2) void harness_skip(const char *fmt, ...);

/**
 * time_limit() - give this case another time limit than 30 s
 * @seconds: limit, from the start of the case
 */
void time_limit(unsigned int seconds);

/*
 * Of the kernel: pages of processes that it has pinned; what our modules know of contexts, sessions,
 * shared memory and places in the queue of calls. Beside the SIM_COUNTER_*.
 */
#define LEAVE_PINNED	SIM_COUNTER_COUNT
#define LEAVE_CONTEXTS	(SIM_COUNTER_COUNT + 1)
#define LEAVE_SESSIONS	(SIM_COUNTER_COUNT + 2)
#define LEAVE_SHM	(SIM_COUNTER_COUNT + 3)
#define LEAVE_PLACES	(SIM_COUNTER_COUNT + 4)
#define LEAVE_COUNT	(SIM_COUNTER_COUNT + 5)

/**
 * leave_behind() - announce what the case cannot take back
 * @counter: SIM_COUNTER_SESSIONS, _SHM_OBJECTS, _THREADS_USED, _RPC_MEMORY,
 *           _QTEE_OBJECTS, _EXPORTED, _REMOTES, _MAPPINGS, _CONVERSATIONS, _BRIDGES,
 *           _STRAY_RELEASES or LEAVE_*
 * @count: how many at most stay
 */
void leave_behind(unsigned int counter, unsigned int count);

/*
 * leave_message_pages() - announce that so many clients make calls
 *
 * Over FF-A the pages with messages, which drivers keep, are the secure world's from their first use on,
 * and that may be in the middle of a case. Elsewhere nothing is left behind.
 */
void leave_message_pages(unsigned int calls);

/**
 * result_name() - a negative error number, or anything else, for people
 * @rc: 0 or negative error number
 */
const char *result_name(long rc);

/* OMNITEE_MODULES says whose modules are loaded. */
bool modules_are_ours(void);
bool modules_are_stock(void);
/* OMNITEE_OPTEE says how OP-TEE is reached: no SMC of its own is known then. */
bool optee_is_over_ffa(void);
/* OMNITEE_KERNEL is this version, as "6.1". */
bool kernel_is(const char *version);
/* It looks for mistakes, and is several times slower for that. */
bool kernel_is_slow(void);
/* A time, as many times longer as this kernel is slower. */
unsigned int scaled(unsigned int time);

/*
 * How often to do what meets more each time: in full with our modules on 6.12, half as often elsewhere,
 * and fewer times where each takes longer, but some.
 */
unsigned int rounds(unsigned int times);

#define SKIP(...)	harness_skip(__VA_ARGS__)

#define FAIL(...) \
	do { \
		harness_fail(__FILE__, __LINE__, __VA_ARGS__); \
		harness_end(); \
	} while (0)

#define CHECK_(end, cond, ...) \
	do { \
		if (!(cond)) { \
			harness_fail(__FILE__, __LINE__, __VA_ARGS__); \
			if (end) \
				harness_end(); \
		} \
	} while (0)

#define CHECK_CMP_(end, got, op, want) \
	do { \
		const long long got_ = (long long)(got), want_ = (long long)(want); \
		CHECK_(end, got_ op want_, "%s is %lld (0x%llx), want %s %lld (0x%llx)", #got, \
		       got_, (unsigned long long)got_, #op, want_, (unsigned long long)want_); \
	} while (0)

#define CHECK_RC_(end, got, want) \
	do { \
		const long got_ = (long)(got), want_ = (long)(want); \
		CHECK_(end, got_ == want_, "%s is %s, want %s", #got, result_name(got_), \
		       result_name(want_)); \
	} while (0)

#define ASSERT(cond)		CHECK_(1, cond, "not so: %s", #cond)
#define EXPECT(cond)		CHECK_(0, cond, "not so: %s", #cond)
#define ASSERT_EQ(got, want)	CHECK_CMP_(1, got, ==, want)
#define EXPECT_EQ(got, want)	CHECK_CMP_(0, got, ==, want)
#define ASSERT_NE(got, want)	CHECK_CMP_(1, got, !=, want)
#define EXPECT_NE(got, want)	CHECK_CMP_(0, got, !=, want)
#define ASSERT_GE(got, want)	CHECK_CMP_(1, got, >=, want)
#define EXPECT_GE(got, want)	CHECK_CMP_(0, got, >=, want)
#define ASSERT_LE(got, want)	CHECK_CMP_(1, got, <=, want)
#define EXPECT_LE(got, want)	CHECK_CMP_(0, got, <=, want)
#define ASSERT_GT(got, want)	CHECK_CMP_(1, got, >, want)
#define EXPECT_GT(got, want)	CHECK_CMP_(0, got, >, want)
/* For functions that answer 0 or a negative error number. */
#define ASSERT_RC(got, want)	CHECK_RC_(1, got, want)
#define EXPECT_RC(got, want)	CHECK_RC_(0, got, want)
/* The same with words of one's own. */
#define ASSERT_MSG(cond, ...)	CHECK_(1, cond, __VA_ARGS__)
#define EXPECT_MSG(cond, ...)	CHECK_(0, cond, __VA_ARGS__)

#endif /* HARNESS_H */
