// SPDX-License-Identifier: GPL-2.0-only
/*
 * The events of trace/optee_trace.h.
 */
#define CREATE_TRACE_POINTS
#include <trace/optee_trace.h>

EXPORT_TRACEPOINT_SYMBOL_GPL(optee_switch_enter);
EXPORT_TRACEPOINT_SYMBOL_GPL(optee_switch_leave);
EXPORT_TRACEPOINT_SYMBOL_GPL(optee_notif_async);
