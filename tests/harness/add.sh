#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Files and folders of the host appear in the guest.

set -u
. "$(dirname "$0")/common.sh"

mkdir -p "$DIR/folder/below"
echo one >"$DIR/file"
echo two >"$DIR/folder/below/file"
run --modules none --add "$DIR/file:/etc/added" --add "$DIR/file:/opt/" \
	--add "$DIR/folder:/srv/folder" -- cat /etc/added /opt/file /srv/folder/below/file
status_is 0
stdout_is 'one
one
two'
