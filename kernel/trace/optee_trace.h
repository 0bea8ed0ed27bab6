/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events of optee.ko: world switches, message calls, RPCs, the supplicant, notifications.
 * docs/visibility.md describes the fields.
 *
 * No field is an address of the kernel, virtual or physical.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM optee

#if !defined(OPTEE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define OPTEE_TRACE_H

#include <linux/ktime.h>
#include <linux/tracepoint.h>

#include <optee/optee_private.h>

#define optee_trace_cmd_name(cmd) \
	__print_symbolic(cmd, \
		{ OPTEE_MSG_CMD_OPEN_SESSION, "open" }, \
		{ OPTEE_MSG_CMD_INVOKE_COMMAND, "invoke" }, \
		{ OPTEE_MSG_CMD_CLOSE_SESSION, "close" }, \
		{ OPTEE_MSG_CMD_CANCEL, "cancel" }, \
		{ OPTEE_MSG_CMD_REGISTER_SHM, "register" }, \
		{ OPTEE_MSG_CMD_UNREGISTER_SHM, "unregister" }, \
		{ OPTEE_MSG_CMD_DO_BOTTOM_HALF, "bottom-half" }, \
		{ OPTEE_MSG_CMD_STOP_ASYNC_NOTIF, "stop-notif" })

/* A world switch: from entering the secure world until it returns, for whatever reason. */
TRACE_EVENT(optee_switch_enter,
	TP_PROTO(const struct optee *optee, u32 function),
	TP_ARGS(optee, function),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u32, function)
	),
	TP_fast_assign(
		__entry->dev = optee->id;
		__entry->function = function;
	),
	TP_printk("dev=%d function=%#x", __entry->dev, __entry->function)
);

TRACE_EVENT(optee_switch_leave,
	TP_PROTO(const struct optee *optee, u32 function, u32 status, u64 begin),
	TP_ARGS(optee, function, status, begin),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u32, function)
		__field(u32, status)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->dev = optee->id;
		__entry->function = function;
		__entry->status = status;
		__entry->ns = begin ? ktime_get_ns() - begin : 0;
	),
	TP_printk("dev=%d function=%#x status=%#x ns=%llu", __entry->dev, __entry->function,
		  __entry->status, __entry->ns)
);

/* @worker: a worker goes on with the call of a killed client */
TRACE_EVENT(optee_call_begin,
	TP_PROTO(const struct optee_call *call),
	TP_ARGS(call),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u32, cmd)
		__field(u32, session)
		__field(u32, command)
		__field(bool, worker)
	),
	TP_fast_assign(
		__entry->dev = call->optee->id;
		__entry->cmd = call->seen.cmd;
		__entry->session = call->seen.session;
		__entry->command = call->seen.func;
		__entry->worker = call->handed_over;
	),
	TP_printk("dev=%d cmd=%s session=%u command=%u worker=%d", __entry->dev,
		  optee_trace_cmd_name(__entry->cmd), __entry->session, __entry->command,
		  __entry->worker)
);

/* @error: 0 if the call has ended; -EINTR if its task was killed and leaves it or gives it up */
TRACE_EVENT(optee_call_end,
	TP_PROTO(const struct optee_call *call, int error, u64 begin),
	TP_ARGS(call, error, begin),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u32, cmd)
		__field(u32, session)
		__field(u32, command)
		__field(int, error)
		__field(u32, status)
		__field(u32, result)
		__field(u32, origin)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->dev = call->optee->id;
		__entry->cmd = call->seen.cmd;
		__entry->session = call->seen.session;
		__entry->command = call->seen.func;
		__entry->error = error;
		__entry->status = error ? 0 : call->status;
		__entry->result = error ? 0 : READ_ONCE(call->arg->ret);
		__entry->origin = error ? 0 : READ_ONCE(call->arg->ret_origin);
		__entry->ns = begin ? ktime_get_ns() - begin : 0;
	),
	TP_printk("dev=%d cmd=%s session=%u command=%u error=%d status=%#x result=%#x origin=%u ns=%llu",
		  __entry->dev, optee_trace_cmd_name(__entry->cmd), __entry->session,
		  __entry->command, __entry->error, __entry->status, __entry->result,
		  __entry->origin, __entry->ns)
);

TRACE_EVENT(optee_rpc_begin,
	TP_PROTO(const struct optee_call *call, u32 cmd),
	TP_ARGS(call, cmd),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u32, cmd)
	),
	TP_fast_assign(
		__entry->dev = call->optee->id;
		__entry->cmd = cmd;
	),
	TP_printk("dev=%d cmd=%u", __entry->dev, __entry->cmd)
);

/* @error: -EINTR if the task was killed and a worker does it anew */
TRACE_EVENT(optee_rpc_end,
	TP_PROTO(const struct optee_call *call, u32 cmd, int error, u32 result, u64 begin),
	TP_ARGS(call, cmd, error, result, begin),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u32, cmd)
		__field(int, error)
		__field(u32, result)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->dev = call->optee->id;
		__entry->cmd = cmd;
		__entry->error = error;
		__entry->result = result;
		__entry->ns = begin ? ktime_get_ns() - begin : 0;
	),
	TP_printk("dev=%d cmd=%u error=%d result=%#x ns=%llu", __entry->dev, __entry->cmd,
		  __entry->error, __entry->result, __entry->ns)
);

/* A request for the supplicant: queued, taken by it, answered or cut off, or revoked. */
DECLARE_EVENT_CLASS(optee_supp_req,
	TP_PROTO(const struct optee_supp_req *req),
	TP_ARGS(req),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u64, id)
		__field(u32, func)
	),
	TP_fast_assign(
		__entry->dev = container_of(req->supp, struct optee, supp)->id;
		__entry->id = req->id;
		__entry->func = req->func;
	),
	TP_printk("dev=%d id=%llu func=%u", __entry->dev, __entry->id, __entry->func)
);

DEFINE_EVENT(optee_supp_req, optee_supp_queued,
	TP_PROTO(const struct optee_supp_req *req),
	TP_ARGS(req)
);

DEFINE_EVENT(optee_supp_req, optee_supp_taken,
	TP_PROTO(const struct optee_supp_req *req),
	TP_ARGS(req)
);

DEFINE_EVENT(optee_supp_req, optee_supp_revoked,
	TP_PROTO(const struct optee_supp_req *req),
	TP_ARGS(req)
);

TRACE_EVENT(optee_supp_answered,
	TP_PROTO(const struct optee_supp_req *req, u32 result),
	TP_ARGS(req, result),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u64, id)
		__field(u32, func)
		__field(u32, result)
	),
	TP_fast_assign(
		__entry->dev = container_of(req->supp, struct optee, supp)->id;
		__entry->id = req->id;
		__entry->func = req->func;
		__entry->result = result;
	),
	TP_printk("dev=%d id=%llu func=%u result=%#x", __entry->dev, __entry->id, __entry->func,
		  __entry->result)
);

TRACE_EVENT(optee_notif_wait_begin,
	TP_PROTO(const struct optee *optee, u64 value, u64 timeout_ms),
	TP_ARGS(optee, value, timeout_ms),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u64, value)
		__field(u64, timeout_ms)
	),
	TP_fast_assign(
		__entry->dev = optee->id;
		__entry->value = value;
		__entry->timeout_ms = timeout_ms;
	),
	TP_printk("dev=%d value=%llu timeout_ms=%llu", __entry->dev, __entry->value,
		  __entry->timeout_ms)
);

DECLARE_EVENT_CLASS(optee_notif,
	TP_PROTO(const struct optee *optee, u64 value, u32 result),
	TP_ARGS(optee, value, result),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u64, value)
		__field(u32, result)
	),
	TP_fast_assign(
		__entry->dev = optee->id;
		__entry->value = value;
		__entry->result = result;
	),
	TP_printk("dev=%d value=%llu result=%#x", __entry->dev, __entry->value, __entry->result)
);

DEFINE_EVENT(optee_notif, optee_notif_wait_end,
	TP_PROTO(const struct optee *optee, u64 value, u32 result),
	TP_ARGS(optee, value, result)
);

DEFINE_EVENT(optee_notif, optee_notif_send,
	TP_PROTO(const struct optee *optee, u64 value, u32 result),
	TP_ARGS(optee, value, result)
);

/* The secure world interrupted, and this value was fetched; 0 asks for a bottom half. */
TRACE_EVENT(optee_notif_async,
	TP_PROTO(const struct optee *optee, u32 value),
	TP_ARGS(optee, value),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u32, value)
	),
	TP_fast_assign(
		__entry->dev = optee->id;
		__entry->value = value;
	),
	TP_printk("dev=%d value=%u", __entry->dev, __entry->value)
);

#endif /* OPTEE_TRACE_H */

/* Found by way of the include path, as this is no folder of the kernel's. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH trace
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE optee_trace
#include <trace/define_trace.h>
