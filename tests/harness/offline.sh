#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# With a full cache no network is needed.

set -u
. "$(dirname "$0")/common.sh"

echo 'Acquire::http::Proxy "http://127.0.0.1:9"; Acquire::https::Proxy "http://127.0.0.1:9";' \
	>"$DIR/apt.conf"
export APT_CONFIG=$DIR/apt.conf
run --modules none -- true
status_is 0
# Looking for news finds none and says so once.
run --modules none --update -- true
status_is 0
stderr_has 'could not be fetched, going on'
