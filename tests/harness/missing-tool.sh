#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A missing tool is one clear line with the command to type.

set -u
. "$(dirname "$0")/common.sh"

mkdir "$DIR/bin"
for tool in /usr/bin/* /bin/*; do
	[ "${tool##*/}" = qemu-system-aarch64 ] || ln -sf "$tool" "$DIR/bin/"
done
export OMNITEE_NO_INSTALL=1
PATH=$DIR/bin run --modules none -- true
status_is 125
one_line 'apt-get install --no-install-recommends qemu-system-arm'
