# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What the user is told: progress on stderr, one clear line for a failure.

# Exit statuses of the harness itself; everything else is COMMAND's.
declare -rA STATUSES=([usage]=2 [hang]=124 [setup]=125 [guest]=126)

QUIET=${QUIET:-}
TOOL=${0##*/}

# Seconds since the start, with one decimal; EPOCHREALTIME needs no process.
started=${EPOCHREALTIME/[.,]/}
elapsed() {
	local us=$((${EPOCHREALTIME/[.,]/} - started))

	printf '%d.%d' $((us / 1000000)) $((us / 100000 % 10))
}

say() {
	[ -n "$QUIET" ] || printf '[%6ss] %s\n' "$(elapsed)" "$*" >&2
}

warn() {
	printf '%s: %s\n' "$TOOL" "$*" >&2
}

# die KIND LINE
die() {
	local kind=$1

	shift
	warn "$*"
	exit "${STATUSES[$kind]}"
}

# A path as short as it can be told: relative to the checkout when inside.
short() {
	printf '%s' "${1#"$TOP"/}"
}

# reason_in LOG: the line of a tool's output that says best what went wrong.
reason_in() {
	local line

	if grep -q 'No space left on device' "$1" 2>/dev/null; then
		echo 'the disk is full (No space left on device)'
		return
	fi
	line=$(grep -aE 'error:|Error|ERROR|^E: |fatal|[Ff]ailed|cannot|not found|No such' "$1" \
		2>/dev/null | grep -avE '^make' | head -n 1)
	[ -n "$line" ] || line=$(grep -am 1 'No rule to make' "$1" 2>/dev/null)
	[ -n "$line" ] || line=$(tail -n 1 "$1" 2>/dev/null)
	printf '%.160s' "$line"
}

# step WHAT LOG COMMAND...: runs a step whose output goes to LOG; ends the run if it fails.
step() {
	local what=$1 log=$2

	shift 2
	if ! { : >"$log"; } 2>/dev/null; then
		die setup "$what: cannot write $(short "$log")"
	fi
	if ! run_child "$@" >"$log" 2>&1; then
		die setup "$what failed: $(reason_in "$log"); all of it: $(short "$log")"
	fi
}
