#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A kernel ends by kexec while QTEE has objects and memory of it, and a call waits: the next one
# finds nothing of it. That one ends without a word to QTEE: the third begins all the same, and what
# QTEE still has means nothing there. One that comes in the place of a crashed kernel leaves QTEE alone.
# [KERNEL...] [clean] [crashed] selects.

set -u
. "$(dirname "$0")/common.sh"
program=/usr/lib/omnitee/tests/qtee-kexec

kernels=() only=''
for word; do
	if [[ $word == [0-9n]* ]]; then kernels+=("$word"); else only+=" $word "; fi
done
[ ${#kernels[@]} -gt 0 ] || kernels=(6.12 6.1 newest)

# In the background, until it holds everything.
hold="OMNITEE_BEFORE=held $program qtee_has_something_of_everything_when_the_kernel_ends >/tmp/holder 2>&1 &
	for n in \$(seq 600); do [ ! -e /tmp/held ] || break; sleep 0.2; done
	[ -e /tmp/held ] || { cat /tmp/holder; exit 1; }"
dead='echo qcomtee >/sys/module/omnitee_sim/parameters/no_shutdown || exit 1'

# first COMMAND: the first kernel's.
first() {
	run --kernel "$kernel" --tests --kexec --mem 768M --secure qtee=on --secure optee=off \
		--secure ts=off -- sh -c "$1"
}

# The first kernel leaves a script for the second.
clean() {
	first "cat >/root/second <<'END'
export OMNITEE_MODULES=ours
OMNITEE_BEFORE=clean $program kernel_that_shut_down_leaves_nothing_with_qtee || exit 1
$hold
$dead
exec /usr/lib/omnitee/next-kernel -- sh -c \
	'export OMNITEE_MODULES=ours OMNITEE_BEFORE=unclean; exec $program what_qtee_has_of_a_dead_kernel_names_nothing_here'
END
$hold
exec /usr/lib/omnitee/next-kernel -b -s MODULES=none -- sh /root/second"
	all_ran 2
}

crashed() {
	first "$hold
$dead
exec /usr/lib/omnitee/next-kernel -a elfcorehdr=0x4e000000 -s MODULES=none -- sh -c \
	'export OMNITEE_MODULES=ours OMNITEE_BEFORE=crashed; exec $program kdump_kernel_leaves_qtee_alone'"
	all_ran 1
}

for kernel in "${kernels[@]}"; do
	for how in clean crashed; do
		[[ -z $only || $only == *" $how "* ]] || continue
		# On 6.1 as on 6.12.
		[[ $how != crashed || $kernel != 6.1 || -n $only ]] || continue
		$how
	done
done
