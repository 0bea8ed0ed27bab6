/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events of tee.ko: what clients of any driver do. docs/visibility.md describes the fields.
 *
 * No field is an address of the kernel: whoever may read a trace may not read those.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tee

#if !defined(TEE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define TEE_TRACE_H

#include <linux/ktime.h>
#include <linux/tracepoint.h>

#include <omnitee/tee_core.h>

#ifndef TEE_TRACE_OPS
#define TEE_TRACE_OPS
/* Kinds of client calls, as events name them. */
enum tee_trace_op {
	TEE_TRACE_OPEN,
	TEE_TRACE_INVOKE,
	TEE_TRACE_CLOSE,
	TEE_TRACE_CANCEL,
	TEE_TRACE_OBJECT,
};
#endif /* TEE_TRACE_OPS */

#define tee_trace_op_name(op) \
	__print_symbolic(op, \
		{ 0, "open" }, \
		{ 1, "invoke" }, \
		{ 2, "close" }, \
		{ 3, "cancel" }, \
		{ 4, "object" })

/* A session is about to be opened; what follows is a tee_call_begin. */
TRACE_EVENT(tee_open_session,
	TP_PROTO(const struct tee_context *ctx, const struct tee_ioctl_open_session_arg *arg),
	TP_ARGS(ctx, arg),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u32, login)
		__array(u8, uuid, TEE_IOCTL_UUID_LEN)
	),
	TP_fast_assign(
		__entry->dev = ctx->teedev->id;
		__entry->login = arg->clnt_login;
		memcpy(__entry->uuid, arg->uuid, TEE_IOCTL_UUID_LEN);
	),
	TP_printk("dev=%d uuid=%pUb login=%u", __entry->dev, __entry->uuid, __entry->login)
);

TRACE_EVENT(tee_call_begin,
	TP_PROTO(const struct tee_context *ctx, enum tee_trace_op op, u64 session, u32 command),
	TP_ARGS(ctx, op, session, command),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u32, op)
		__field(u64, session)
		__field(u32, command)
	),
	TP_fast_assign(
		__entry->dev = ctx->teedev->id;
		__entry->op = op;
		__entry->session = session;
		__entry->command = command;
	),
	TP_printk("dev=%d op=%s session=%llu command=%u", __entry->dev,
		  tee_trace_op_name(__entry->op), __entry->session, __entry->command)
);

/* @error: errno of the call; @result and @origin say something only if it is 0 */
TRACE_EVENT(tee_call_end,
	TP_PROTO(const struct tee_context *ctx, enum tee_trace_op op, u64 session, u32 command,
		 int error, u32 result, u32 origin, u64 begin),
	TP_ARGS(ctx, op, session, command, error, result, origin, begin),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u32, op)
		__field(u64, session)
		__field(u32, command)
		__field(int, error)
		__field(u32, result)
		__field(u32, origin)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->dev = ctx->teedev->id;
		__entry->op = op;
		__entry->session = session;
		__entry->command = command;
		__entry->error = error;
		__entry->result = result;
		__entry->origin = origin;
		__entry->ns = begin ? ktime_get_ns() - begin : 0;
	),
	TP_printk("dev=%d op=%s session=%llu command=%u error=%d result=%#x origin=%u ns=%llu",
		  __entry->dev, tee_trace_op_name(__entry->op), __entry->session,
		  __entry->command, __entry->error, __entry->result, __entry->origin,
		  __entry->ns)
);

/* Memory is about to be had, and shared with the secure world. */
DECLARE_EVENT_CLASS(tee_shm_begin,
	TP_PROTO(const struct tee_context *ctx, size_t size),
	TP_ARGS(ctx, size),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(u64, size)
	),
	TP_fast_assign(
		__entry->dev = ctx->teedev->id;
		__entry->size = size;
	),
	TP_printk("dev=%d size=%llu", __entry->dev, __entry->size)
);

DEFINE_EVENT(tee_shm_begin, tee_shm_alloc_begin,
	TP_PROTO(const struct tee_context *ctx, size_t size),
	TP_ARGS(ctx, size)
);

DEFINE_EVENT(tee_shm_begin, tee_shm_register_begin,
	TP_PROTO(const struct tee_context *ctx, size_t size),
	TP_ARGS(ctx, size)
);

/*
 * @id is negative for memory of the kernel, and of what failed before it had one; @cookie is 0 if
 * the secure world does not know it.
 */
TRACE_EVENT(tee_shm_unregister_begin,
	TP_PROTO(const struct tee_shm *shm),
	TP_ARGS(shm),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(int, id)
		__field(u64, size)
		__field(u64, cookie)
	),
	TP_fast_assign(
		__entry->dev = shm->ctx->teedev->id;
		__entry->id = shm->id;
		__entry->size = shm->size;
		__entry->cookie = shm->sec_world_id;
	),
	TP_printk("dev=%d id=%d size=%llu cookie=%x:%x", __entry->dev, __entry->id,
		  __entry->size, upper_32_bits(__entry->cookie), lower_32_bits(__entry->cookie))
);

/* @cookie: that it has, or had; @error: of an end, that the secure world keeps the memory */
DECLARE_EVENT_CLASS(tee_shm_end,
	TP_PROTO(const struct tee_shm *shm, u64 cookie, int error, u64 begin),
	TP_ARGS(shm, cookie, error, begin),
	TP_STRUCT__entry(
		__field(int, dev)
		__field(int, id)
		__field(u64, size)
		__field(u64, cookie)
		__field(int, error)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->dev = shm->ctx->teedev->id;
		__entry->id = shm->id;
		__entry->size = shm->size;
		__entry->cookie = cookie;
		__entry->error = error;
		__entry->ns = begin ? ktime_get_ns() - begin : 0;
	),
	TP_printk("dev=%d id=%d size=%llu cookie=%x:%x error=%d ns=%llu", __entry->dev,
		  __entry->id, __entry->size, upper_32_bits(__entry->cookie),
		  lower_32_bits(__entry->cookie), __entry->error, __entry->ns)
);

DEFINE_EVENT(tee_shm_end, tee_shm_alloc_end,
	TP_PROTO(const struct tee_shm *shm, u64 cookie, int error, u64 begin),
	TP_ARGS(shm, cookie, error, begin)
);

DEFINE_EVENT(tee_shm_end, tee_shm_register_end,
	TP_PROTO(const struct tee_shm *shm, u64 cookie, int error, u64 begin),
	TP_ARGS(shm, cookie, error, begin)
);

/* Of either kind. */
DEFINE_EVENT(tee_shm_end, tee_shm_unregister_end,
	TP_PROTO(const struct tee_shm *shm, u64 cookie, int error, u64 begin),
	TP_ARGS(shm, cookie, error, begin)
);

#endif /* TEE_TRACE_H */

/* Found by way of the include path, as this is no folder of the kernel's. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH trace
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE tee_trace
#include <trace/define_trace.h>
