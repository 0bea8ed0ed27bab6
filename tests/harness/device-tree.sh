#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A device-tree source is applied on top.

set -u
. "$(dirname "$0")/common.sh"

cat >"$DIR/top.dts" <<-EOF
	/dts-v1/;
	/ { added { compatible = "omnitee,added"; }; };
EOF
run --modules none --dt "$DIR/top.dts" -- cat /proc/device-tree/added/compatible
status_is 0
[ "$(tr -d '\0' <"$DIR/stdout")" = omnitee,added ] || fail 'the node is not there'
echo nonsense >"$DIR/top.dts"
run --modules none --dt "$DIR/top.dts" -- true
status_is 125
one_line 'compiling the device tree'
