// SPDX-License-Identifier: GPL-2.0-only
/*
 * The events of trace/tee_trace.h.
 */
#define CREATE_TRACE_POINTS
#include <trace/tee_trace.h>
