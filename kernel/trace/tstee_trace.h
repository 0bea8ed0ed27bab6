/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events of arm-tstee.ko: messages to partitions. docs/visibility.md describes the fields.
 *
 * What a message carries is not shown: handles of memory are worth something to others.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tstee

#if !defined(TSTEE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define TSTEE_TRACE_H

#include <linux/ktime.h>
#include <linux/tracepoint.h>

#include <abi/ts.h>
#include <omnitee/ffa.h>

/* One's turn has come, and the message is about to be sent. */
TRACE_EVENT(tstee_call_begin,
	TP_PROTO(const struct omnitee_ffa_device *fdev, u32 control),
	TP_ARGS(fdev, control),
	TP_STRUCT__entry(
		__field(u16, partition)
		__field(u32, control)
	),
	TP_fast_assign(
		__entry->partition = fdev->id;
		__entry->control = control;
	),
	TP_printk("partition=%04x interface=%u opcode=%#x", __entry->partition,
		  TS_RPC_INTERFACE(__entry->control), TS_RPC_OPCODE(__entry->control))
);

/*
 * @worker: the client was killed, this is the end of what it left; @error: errno, and only without
 * one @status, the first word of the response
 */
TRACE_EVENT(tstee_call_end,
	TP_PROTO(const struct omnitee_ffa_device *fdev, u32 control, bool worker, int error,
		 s32 status, u64 begin),
	TP_ARGS(fdev, control, worker, error, status, begin),
	TP_STRUCT__entry(
		__field(u16, partition)
		__field(u32, control)
		__field(bool, worker)
		__field(int, error)
		__field(s32, status)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->partition = fdev->id;
		__entry->control = control;
		__entry->worker = worker;
		__entry->error = error;
		__entry->status = status;
		__entry->ns = begin ? ktime_get_ns() - begin : 0;
	),
	TP_printk("partition=%04x interface=%u opcode=%#x worker=%d error=%d status=%d ns=%llu",
		  __entry->partition, TS_RPC_INTERFACE(__entry->control),
		  TS_RPC_OPCODE(__entry->control), __entry->worker, __entry->error,
		  __entry->status, __entry->ns)
);

#endif /* TSTEE_TRACE_H */

/* Found by way of the include path, as this is no folder of the kernel's. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH trace
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE tstee_trace
#include <trace/define_trace.h>
