#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Ctrl-C leaves no process and no folder behind, and even SIGKILL no process.

set -u
. "$(dirname "$0")/common.sh"

# start: a run in a session of its own, up to where the guest is up; sets SESSION and FOLDER.
start() {
	# A shell without job control would have it ignore the signal.
	setsid env --default-signal=INT "$TOP/run" --modules none --timeout 600 -- sleep 600 \
		>"$DIR/stdout" 2>"$DIR/stderr" </dev/null &
	SESSION=$!
	# Somebody else may be building.
	for _ in {1..6000}; do
		grep -q 'guest is up' "$DIR/stderr" && break
		kill -0 $SESSION 2>/dev/null || fail "it ended: $(tail -n 1 "$DIR/stderr")"
		sleep 0.1
	done
	FOLDER=$(pgrep -a -s $SESSION | grep -o "$TOP/build/run/[A-Za-z0-9]*" | head -n 1)
	[ -d "$FOLDER" ] || fail 'no folder of the run found'
}

# ends STATUS
ends() {
	local status=0

	wait $SESSION || status=$?
	[ $status -eq "$1" ] || fail "status $status, want $1"
	for _ in {1..600}; do
		[ -n "$(ps -o pid= -s $SESSION)" ] || return 0
		sleep 0.1
	done
	fail "left running: $(ps -o args= -s $SESSION | cut -c 1-80)"
}

start
kill -INT -- -$SESSION
ends 130
[ ! -e "$FOLDER" ] || fail "$FOLDER is left"
start
kill -TERM $SESSION
ends 143
[ ! -e "$FOLDER" ] || fail "$FOLDER is left"
start
kill -KILL $SESSION
ends 137
rm -rf "$FOLDER"
