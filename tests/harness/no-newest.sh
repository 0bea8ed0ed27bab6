#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Without the archive of the newest kernel one line says so.

set -u
. "$(dirname "$0")/common.sh"

guest=$(readlink -f "${OMNITEE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/omnitee}/guest")
[ -d "$guest" ] || skip 'nothing in the cache yet'
private_cache "$DIR/cache"
mkdir -p "$XDG_CACHE_HOME/omnitee/store"
cp -a "$guest" "$XDG_CACHE_HOME/omnitee/store/guest"
ln -s store/guest "$XDG_CACHE_HOME/omnitee/guest"
echo 'Acquire::http::Proxy "http://127.0.0.1:9"; Acquire::https::Proxy "http://127.0.0.1:9";' \
	>"$DIR/apt.conf"
APT_CONFIG=$DIR/apt.conf run --kernel newest -- true
status_is 125
one_line 'fetching linux-newest failed: no network'
cache_is_whole
