# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Checks that take minutes. Those that boot guests run two at once, as a small machine can bear;
# those that only compute go on beside them.

QUEUE=() JOBS=() BESIDE=()

# queue_add COMMAND ARG...: for later; words without spaces.
queue_add() {
	QUEUE+=("$*")
}

# beside COMMAND...: goes on beside what is in the queue.
beside() {
	(trap - EXIT; "$@") &
	CHILDREN[$!]=1
	BESIDE+=($!)
}

# Returns when all is done.
queue_run() {
	while [ ${#QUEUE[@]} -gt 0 ]; do
		if [ ${#JOBS[@]} -ge 2 ]; then
			queue_wait_for_one
		fi
		queue_begin
	done
	[ $((${#JOBS[@]} + ${#BESIDE[@]})) -eq 0 ] || wait "${JOBS[@]}" "${BESIDE[@]}"
}

queue_wait_for_one() {
	local ended job left=()

	wait -n -p ended "${JOBS[@]}"
	for job in "${JOBS[@]}"; do
		[ "$job" = "$ended" ] || left+=("$job")
	done
	unset "CHILDREN[$ended]"
	JOBS=("${left[@]}")
}

# Begins the first of the queue, or the debug kernel's, which is the longest, as soon as it can.
queue_begin() {
	local i next=0 words

	for i in "${!QUEUE[@]}"; do
		if [[ ${QUEUE[i]} == *' debug '* ]] && debug_kernel_is_built; then
			next=$i
		fi
	done
	read -ra words <<<"${QUEUE[next]}"
	QUEUE=("${QUEUE[@]:0:next}" "${QUEUE[@]:next+1}")
	(trap - EXIT; "${words[@]}") &
	JOBS+=($!)
	CHILDREN[$!]=1
}
