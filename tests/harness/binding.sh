#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The binding of the optee node is well formed, and the tree that the guest gets keeps to it.

set -u
. "$(dirname "$0")/common.sh"

readonly BINDINGS=$TOP/docs/bindings

command -v dt-validate >/dev/null || skip 'no dt-validate (package dt-schema)'

for file in "$BINDINGS"/*/*/*.yaml; do
	complaints=$(dt-doc-validate -u "$BINDINGS" "$file" 2>&1) || fail "$complaints"
	[ -z "$complaints" ] || fail "$complaints"
done

# keeps_to_binding FILE: the tree in it does.
keeps_to_binding() {
	complaints=$(dt-validate -s "$BINDINGS" -l linaro,optee-tz "$1" 2>&1) || fail "$complaints"
	[ -z "$complaints" ]
}

for notif in spi ppi off; do
	run --modules none --secure async-notif=$notif -- cat /sys/firmware/fdt
	status_is 0
	cp "$DIR/stdout" "$DIR/tree.dtb"
	keeps_to_binding "$DIR/tree.dtb" || fail "$notif: $complaints"
done

cat >"$DIR/top.dts" <<-EOT
	/dts-v1/;
	/ { firmware { optee { method = "telepathy"; }; }; };
EOT
run --modules none --dt "$DIR/top.dts" -- cat /sys/firmware/fdt
cp "$DIR/stdout" "$DIR/tree.dtb"
! keeps_to_binding "$DIR/tree.dtb" || fail 'a method that does not exist is found to be right'
