#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A user whose sudo allows apt-get and nothing else gets what is missing installed.

set -u
. "$(dirname "$0")/common.sh"

mkdir "$DIR/bin"
for tool in /usr/bin/* /bin/*; do
	case ${tool##*/} in
	dtc | sudo | id) ;;
	*) ln -sf "$tool" "$DIR/bin/" ;;
	esac
done
cat >"$DIR/bin/id" <<-'EOF'
	#!/bin/sh
	echo 1000
EOF
# Stands in for sudo and for the apt-get behind it.
cat >"$DIR/bin/sudo" <<-EOF
	#!/bin/sh
	[ "\$1" != -n ] || shift
	echo "\$*" >>"$DIR/calls"
	[ "\$1" = apt-get ] || exit 1
	case " \$* " in
	*' install '*) ln -sf "$(command -v dtc)" "$DIR/bin/dtc" ;;
	esac
EOF
chmod +x "$DIR/bin/id" "$DIR/bin/sudo"
PATH=$DIR/bin run --modules none -- true
status_is 0
grep -q '^apt-get .*install device-tree-compiler$' "$DIR/calls" ||
	fail "sudo was asked for: $(tr '\n' ';' <"$DIR/calls")"
grep -v '^apt-get ' "$DIR/calls" && fail 'sudo was asked for more than apt-get'
exit 0
