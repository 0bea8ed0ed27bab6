#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Notifications by each kind of interrupt and by none, ours and the packaged driver.

set -u
. "$(dirname "$0")/common.sh"
. "$TOP/vm/check/guest.sh"

PROGRAMS=(optee-notif optee-notif-devices optee-notif-cpus)

# failures ARG...: cases that failed, and not as tests/stock-defects says of 6.12's own driver.
failures() {
	local line name defect

	while read -r line; do
		name=${line#not ok }
		[[ " $* " == *' stock '* ]] && defect=$(expected_defect 6.12 stock "${name%%:*}") &&
			grep -qE -- "$defect" <<<"${line#*: }" || echo "$line"
	done < <(grep '^not ok' "$DIR/stdout")
}

# programs_pass WANTED ARG...: no case fails, and the one that needs this configuration is run.
programs_pass() {
	local wanted=$1 failed

	shift
	run "$@" --tests -- /usr/lib/omnitee/run-tests "${PROGRAMS[@]}"
	failed=$(failures "$@" | head -n 1)
	[ -z "$failed" ] || fail "$*: $failed"
	status_is "$(grep -c -m 1 '^not ok' "$DIR/stdout")"
	grep -qxF "ok $wanted" "$DIR/stdout" || fail "$*: $wanted was not run"
}

programs_pass optee-notif-cpus.each_cpu_takes_its_own_interrupt --secure async-notif=ppi
programs_pass optee-notif-cpus.each_cpu_takes_its_own_interrupt --secure async-notif=ppi:5 --modules stock
PROGRAMS=(optee-notif-cpus)
for kernel in newest 6.1 "${DEBUG_TOO[@]}"; do
	programs_pass optee-notif-cpus.each_cpu_takes_its_own_interrupt --secure async-notif=ppi \
		--kernel "$kernel"
done

# An interrupt of another number, which the tree and the secure world have to agree about.
run --secure async-notif=spi:200 --tests -- /usr/lib/omnitee/run-tests optee-notif.driver_listens \
	optee-notif.interrupt_wakes_the_waiter_of_its_value
status_is 0
grep -q '^ok .*waiter_of_its_value' "$DIR/stdout" || fail 'no interrupt 200'

# A tree that names none: the driver says so and goes on with the rest.
cat >"$DIR/none.dts" <<-EOT
	/dts-v1/;
	/ { firmware { optee { /delete-property/ interrupts; }; }; };
EOT
run --dt "$DIR/none.dts" --tests -- sh -c 'dmesg | grep "no asynchronous notifications" &&
	/usr/lib/omnitee/tests/optee-rpc notification_wakes_its_waiter &&
	/usr/lib/omnitee/tests/optee-notif driver_listens'
status_is 0
grep -q 'the node has no "interrupts"' "$DIR/stdout" || fail 'the driver says nothing of it'
grep -q '^ok .*notification_wakes_its_waiter' "$DIR/stdout" || fail 'no synchronous notifications'
grep -q '^skip .*driver_listens.*has no interrupt' "$DIR/stdout" || fail 'it listens all the same'

run --secure async-notif=off --tests -- /usr/lib/omnitee/tests/optee-rpc notification_wakes_its_waiter
status_is 0
