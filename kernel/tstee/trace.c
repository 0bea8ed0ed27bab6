// SPDX-License-Identifier: GPL-2.0-only
/*
 * The events of trace/tstee_trace.h.
 */
#define CREATE_TRACE_POINTS
#include <trace/tstee_trace.h>
