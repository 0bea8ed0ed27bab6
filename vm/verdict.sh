# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What became of the guest: one clear line when it is not simply COMMAND's exit status.

readonly KERNEL_TROUBLE='Kernel panic|Oops|cut here|WARNING: |BUG: |kernel BUG at|Internal error: \
|Unable to handle kernel|rcu: .*detected.*stall|rcu_.*self-detected stall|INFO: task .* blocked for\
|possible circular locking|possible recursive locking|inconsistent lock state\
|suspicious RCU usage|bad unlock balance|refcount_t: |list_(add|del) corruption|UBSAN: |KASAN: \
|KCSAN: |kmemleak: |watchdog: .*lockup|Call trace:|taint'

# Said by every module that is not the distribution's, and by the leak detector: what it finds is
# judged by whoever asked for it.
readonly KERNEL_ALLOWED='loading out-of-tree module taints kernel|module verification failed: \
signature and/or required key missing - tainting kernel|kmemleak: Kernel memory leak detector initialized\
|kmemleak: Automatic memory scanning thread (started|ended)\
|kmemleak: [0-9]+ new suspected memory leaks'

# The first line of the kernel log that a sound kernel does not print.
kernel_trouble() {
	grep -aE "${KERNEL_TROUBLE//\\$'\n'/}" "$KERNEL_LOG" |
		grep -avE "${KERNEL_ALLOWED//\\$'\n'/}" | grep -av 'cut here' | head -n 1 | tr -d '\r'
}

last_lines() {
	local log

	for log in "$KERNEL_LOG" "$SECURE_LOG"; do
		[ -s "$log" ] || continue
		warn "last lines of $(short "$log"):"
		tail -n 5 "$log" | tr -d '\r' | sed 's/^/    /' >&2
	done
}

# What the secure world has against its configuration; nothing if it went on with it.
refused_setting() {
	grep -aq 'omnitee: secure world ' "$SECURE_LOG" ||
		sed -n 's/^omnitee: configuration: //p' "$SECURE_LOG" | tail -n 1 | tr -d '\r'
}

# verdict: ends the run.
verdict() {
	local status trouble refused logs

	logs="logs: $(short "$KERNEL_LOG") $(short "$SECURE_LOG")"
	status=$(sed -n 's/^status \([0-9]\+\)$/\1/p' "$RUN_DIR/status" | tail -n 1)
	trouble=$(kernel_trouble)
	if [ "$QEMU_STATUS" -ne 0 ]; then
		die setup "QEMU ended with status $QEMU_STATUS:" \
			"$(tail -n 1 "$RUN_DIR/qemu.log"); $logs"
	fi
	case $ENDED in
	reader)
		exit 141
		;;
	silence)
		last_lines
		die hang "the kernel printed nothing for $SILENCE_LIMIT s; $logs"
		;;
	hang)
		last_lines
		die hang "the guest was not done after $TIMEOUT s" \
			"(--timeout)${trouble:+, the kernel says: $trouble}; $logs"
		;;
	esac
	[ -z "$trouble" ] || die guest "the guest's kernel says: $trouble" \
		"${status:+(COMMAND ended with status $status)}; $logs"
	if [ -z "$status" ]; then
		refused=$(refused_setting)
		[ -z "$refused" ] || die usage "--secure $refused"
		last_lines
		die guest "the guest ended without a status; $logs"
	fi
	say "done, status $status; $logs"
	exit "$status"
}
