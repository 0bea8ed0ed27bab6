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
	local job

	while [ ${#QUEUE[@]} -gt 0 ]; do
		if [ ${#JOBS[@]} -ge 2 ]; then
			queue_wait_for_one
		fi
		queue_begin
	done
	[ $((${#JOBS[@]} + ${#BESIDE[@]})) -eq 0 ] || wait "${JOBS[@]}" "${BESIDE[@]}"
	# Their numbers may be others' from now on.
	for job in "${JOBS[@]}" "${BESIDE[@]}"; do
		unset "CHILDREN[$job]"
	done
}

queue_wait_for_one() {
	local ended job left=()

	wait -n -p ended "${JOBS[@]}"
	for job in "${JOBS[@]}"; do
		# Of one that a signal has ended the shell may know nothing any more.
		if [ "$job" != "${ended:-}" ] && kill -0 "$job" 2>/dev/null; then
			left+=("$job")
		else
			unset "CHILDREN[$job]"
		fi
	done
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
