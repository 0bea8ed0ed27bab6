#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A full disk is one clear line, and nothing half-made stays in the cache.

set -u
. "$(dirname "$0")/common.sh"

if [ -z "${INSIDE:-}" ]; then
	lists=${XDG_CACHE_HOME:-$HOME/.cache}/omnitee/apt
	[ -d "$lists" ] || skip 'no package lists in the cache'
	unshare -rm true 2>/dev/null || skip 'needs a mount namespace'
	INSIDE=$lists exec unshare -m ${EUID:+$([ "$EUID" -eq 0 ] || echo -r)} bash "$0"
fi
# The package lists fit, some of the packages do not.
for room in 2 20; do
	mkdir -p "$DIR/cache"
	size=$(du -sm "$INSIDE" | cut -f 1)
	mount -t tmpfs -o "size=$((size + room))M" tmpfs "$DIR/cache" || skip 'cannot mount'
	mkdir "$DIR/cache/omnitee"
	# Nobody fetches meanwhile.
	flock "$INSIDE/../lock" cp -a "$INSIDE" "$DIR/cache/omnitee/apt"
	touch "$DIR/cache/omnitee/apt/updated"
	private_cache "$DIR/cache"
	run --modules none -- true
	find "$DIR/cache" -maxdepth 3
	status_is 125
	one_line 'disk is full'
	cache_is_whole
	umount "$DIR/cache"
done
