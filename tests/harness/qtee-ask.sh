#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# When the driver asks for a QTEE where no device tree tells of one, when it keeps away, and that
# it says nothing if there is none.

set -u
. "$(dirname "$0")/common.sh"

# load WANT OPTION...: the driver, anew; there is a device of it after that, or none; and what it says.
# shellcheck disable=SC2016 # for the guest
functions='
load() {
	want=$1
	shift
	rmmod qcomtee 2>/dev/null
	dmesg -c >/dev/null
	modprobe qcomtee "$@" || exit 1
	if grep -qsx 4 /sys/class/tee/tee*/implementation_id; then got=device; else got=none; fi
	[ $got = $want ] || { echo "with \"$*\": $got"; exit 1; }
	dmesg | grep -iE "qtee|qcomtee:"
}
silent() { ! load none "$@"; }
loud() { words=$1; shift; load "$@" | grep -F "$words"; }
'

with() {
	run --kernel 6.12 --secure ts=off "$@"
	[ "$STATUS" -eq 0 ] || fail "$(tail -n 1 "$DIR/stdout"; tail -n 1 "$DIR/stderr")"
}

# There is one: only who asks finds it.
with --secure qtee=on -- sh -c "$functions"'
	silent || { echo "a line without an option"; exit 1; }
	silent ask=0 || { echo "a line with ask=0"; exit 1; }
	silent beside_scm=1 || { echo "a line with beside_scm=1"; exit 1; }
	loud "QTEE 5.2.0 by" device ask=1'
# There is none, and whom it asks instead is as it was.
with -- sh -c "$functions"'
	silent || { echo "a line without an option"; exit 1; }
	silent ask=1 || { echo "a line with ask=1"; exit 1; }
	teectl list | grep "^tee0 *optee"'
# The tree has the firmware driver, which knows nothing of QTEE on this kernel.
cat >"$DIR/scm.dts" <<-EOF
	/dts-v1/;
	/ { firmware { scm { compatible = "qcom,scm"; }; }; };
EOF
away='the firmware driver of this kernel cannot call QTEE, and must not be bypassed'
with --secure qtee=on --dt "$DIR/scm.dts" -- sh -c "$functions"'
	loud "'"$away"'" none || { echo "without a line"; exit 1; }
	loud "'"$away"'" none ask=1 || { echo "ask=1 without a line"; exit 1; }
	loud "QTEE 5.2.0 by" device beside_scm=1'
