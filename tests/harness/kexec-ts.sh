#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A kernel ends while clients share memory with partitions: it takes that back, the next one works; and
# a partition that does not answer keeps no machine on. Protected Storage outlives a boot.

set -u
. "$(dirname "$0")/common.sh"
program=/usr/lib/omnitee/tests/tstee-kexec

# hold HOW CASE: in the background, until it does.
hold() {
	echo "OMNITEE_BEFORE=$1 $program $2 >/tmp/holder 2>&1 &
		for n in \$(seq 600); do [ ! -e /tmp/held ] || break; sleep 0.2; done
		[ -e /tmp/held ] || { cat /tmp/holder; exit 1; }"
}

# Processes do not end, and the transport's own shutdown does not run. Protected Storage is written to.
run --tests --kexec --flash "$DIR/flash" -- sh -c "OMNITEE_BEFORE=store $program object_is_put_into_protected_storage
	$(hold held memory_is_held_when_the_kernel_ends)
	echo arm-ffa >/sys/module/omnitee_sim/parameters/no_shutdown || exit 1
	rm /tmp/held
	exec /usr/lib/omnitee/next-kernel -s MODULES=none -- sh -c \
		'export OMNITEE_MODULES=ours OMNITEE_BEFORE=next; modprobe tee && modprobe optee;
		exec $program kernel_that_comes_next_finds_no_memory_and_replaces_the_buffers'"
all_ran 2

# Another boot: the object is still there.
run --tests --flash "$DIR/flash" -- sh -c "OMNITEE_BEFORE=read $program object_is_in_protected_storage_at_the_next_boot
	$(hold silent memory_is_held_by_a_partition_that_does_not_answer)
	exit 7"
status_is 7
grep -q '^ok .*object_is_in_protected_storage_at_the_next_boot' "$DIR/stdout" ||
	fail "protected storage: $(head -c 200 "$DIR/stdout")"
