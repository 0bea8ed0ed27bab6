#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Without a network and with an empty cache: one clear line, and nothing half-made.

set -u
. "$(dirname "$0")/common.sh"

private_cache "$DIR/cache"
echo 'Acquire::http::Proxy "http://127.0.0.1:9"; Acquire::https::Proxy "http://127.0.0.1:9";' \
	>"$DIR/apt.conf"
APT_CONFIG=$DIR/apt.conf run --modules none -- true
status_is 125
one_line 'no network'
cache_is_whole
