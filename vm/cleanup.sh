# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Nothing stays behind, whatever ends the run: processes, temporary folders, half-made files.

declare -A CHILDREN=()		# pids that this run started and has not waited for
CLEAN_PATHS=()			# removed at the end

exec {NO_INPUT}</dev/null

# The kernel kills the child should this shell die without its trap (SIGKILL). INPUT is a
# descriptor, and given explicitly, or bash would make it /dev/null.
spawn() {
	setpriv --pdeathsig KILL -- "$@" <&"${INPUT:-$NO_INPUT}" &
	SPAWNED=$!
	CHILDREN[$SPAWNED]=1
}

reap() {
	local status=0

	wait "$1" 2>/dev/null || status=$?
	unset "CHILDREN[$1]"
	return $status
}

# In the background and waited for, because bash runs no trap while it waits for a foreground child.
run_child() {
	spawn "$@"
	reap $SPAWNED
}

clean_later() {
	CLEAN_PATHS+=("$@")
}

kill_children() {
	local pid

	[ ${#CHILDREN[@]} -gt 0 ] || return 0
	kill -TERM "${!CHILDREN[@]}" 2>/dev/null
	for pid in "${!CHILDREN[@]}"; do
		for _ in {1..20}; do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	CHILDREN=()
}

at_exit() {
	local status=$?

	trap '' INT TERM HUP
	kill_children
	[ ${#CLEAN_PATHS[@]} -eq 0 ] || rm -rf -- "${CLEAN_PATHS[@]}"
	[ -z "${SAVED_TTY:-}" ] || stty "$SAVED_TTY" <&2 2>/dev/null
	exit $status
}

trap at_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
trap 'exit 141' PIPE
