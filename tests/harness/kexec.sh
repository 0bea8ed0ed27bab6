#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Kernels that come by kexec, after one that shut down and after one that did not, and in the
# place of a crashed one. [KERNEL...] [HOW...], as below, selects.

set -u
. "$(dirname "$0")/common.sh"

kernels=() only=''
for word; do
	if [[ $word == [0-9n]* ]]; then kernels+=("$word"); else only+=" $word "; fi
done
[ ${#kernels[@]} -gt 0 ] || kernels=(6.12 6.1 newest)
HOG=6f6d6e69-7465-4500-8000-000000000005

# hold [COUNT]: so many secure threads that wait for their kernel in an RPC, with a session each, and
# clients that sleep.
hold() {
	echo "for n in \$(seq ${1:-1}); do teectl invoke tee0 $HOG 0 value:600000 >/dev/null 2>&1 & done
	for n in \$(seq 600); do
		[ \$(grep -c state=rpc /sys/kernel/debug/tee/tee0/threads) -lt ${1:-1} ] || break
		sleep 0.2
	done
	[ \$(grep -c state=rpc /sys/kernel/debug/tee/tee0/threads) -ge ${1:-1} ] || exit 1"
}

# The kernel ends without a word to the secure world.
dead='echo optee >/sys/module/omnitee_sim/parameters/no_shutdown'

# A client in the kernel, which has a session and memory.
rng='modprobe optee-rng && grep -q kernel=1 /sys/kernel/debug/tee/tee0/sessions || exit 1'

# holder WHAT CASE: what starts clients that stay, and waits until they are there.
holder() {
	echo "OMNITEE_BEFORE=$1 /usr/lib/omnitee/tests/optee-kexec $2 >/tmp/holder 2>&1 &
	for n in \$(seq 600); do [ ! -e /tmp/held ] || break; sleep 0.2; done
	[ -e /tmp/held ] || { cat /tmp/holder; exit 1; }
	rm /tmp/held"
}

# next HOW CASE BEFORE [NEXT-KERNEL-OPTION...] [-- RUN-OPTION...]: what the first kernel does
# is BEFORE; the second runs CASE.
next() {
	local how=$1 case=$2 before=$3 options=()

	shift 3
	[[ -z $only || $only == *" $how "* ]] || return 0
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	[ $# -eq 0 ] || shift
	run --kernel "$kernel" --tests --kexec "$@" -- sh -c "$before
		exec /usr/lib/omnitee/next-kernel -s MODULES=none ${options[*]} -- sh -c \
			'export OMNITEE_MODULES=ours OMNITEE_BEFORE=$how;
			exec /usr/lib/omnitee/tests/optee-kexec $case'"
	all_ran 1
}

# on KERNEL...: it is one of these, or cases are selected. What matters most is run on each kernel; the
# rest is the same on each, and spread over them. The debug kernel has no kexec.
on() {
	[[ -n $only || " $* " == *" $kernel "* ]]
}

for kernel in "${kernels[@]}"; do
	on 6.12 6.1 newest &&
		next clean kernel_that_shut_down_leaves_nothing "$rng"
	on 6.12 newest &&
		next idle kernel_that_shut_down_under_idle_clients_leaves_nothing \
			"$(holder idle clients_are_idle_when_the_kernel_ends)"
	on 6.12 6.1 newest &&
		next unclean what_a_dead_kernel_registered_names_nothing_here "$(hold); $dead"
	on 6.12 6.1 newest &&
		next crashed-guest kdump_kernel_with_an_id_works "$(hold); $dead" \
			-a elfcorehdr=0x4e000000 -- --secure guests=1 --append optee.guest_id=5
	on 6.12 &&
		next beside kernel_that_shut_down_beside_a_call_leaves_what_that_uses \
			"$(hold); $(holder idle clients_are_idle_when_the_kernel_ends)"
	on 6.12 &&
		next load kernel_that_shut_down_under_load_leaves_what_calls_use \
			"$(holder load clients_are_at_work_when_the_kernel_ends)" \
			-- --secure threads=2
	on 6.12 &&
		next ffa kernel_over_ffa_that_shut_down_leaves_no_memory \
			"$(holder held memory_is_held_over_ffa_when_the_kernel_ends)" \
			-- --secure optee=ffa
	on 6.1 &&
		next busy kernel_whose_clients_hold_all_threads_shuts_down "$(hold 2)" \
			-- --secure threads=2
	on 6.12 &&
		next kept memory_that_was_kept_for_a_dead_kernel_is_not_freed_here \
			"teectl invoke tee0 $HOG 0 value:20 >/dev/null 2>&1; $dead" \
			-- --secure rpc-arg=off
	on 6.1 &&
		next kept-clean kernel_that_shut_down_has_nothing_kept_for_it \
			"teectl invoke tee0 $HOG 0 value:20 >/dev/null 2>&1" \
			-- --secure rpc-arg=off
	on newest &&
		next clean-guest guest_of_a_kernel_that_shut_down_is_gone "$(hold)" \
			-- --secure guests=1 --append optee.guest_id=5
	on 6.12 &&
		next unclean-guest guest_of_a_dead_kernel_gives_its_threads_back "$(hold); $dead" \
			-- --secure guests=1 --append optee.guest_id=5
	on 6.1 &&
		next crashed kdump_kernel_without_an_id_leaves_the_secure_world_alone \
			"$(hold); $dead" -a elfcorehdr=0x4e000000
done
exit 0
