#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The tour's scene: what one boot stores, another reads; and it notices when nothing was stored.

set -u
. "$(dirname "$0")/common.sh"
scene=/usr/lib/omnitee/scenes/storage

run --disk "$DIR/disk" -- $scene read
status_is 1
stderr_has 'the object was not read'
run --disk "$DIR/disk" -- $scene store
status_is 0
run --kernel 6.1 --disk "$DIR/disk" -- $scene read
status_is 0
grep -q '^proved: ' "$DIR/stdout" || fail "nothing proved: $(head -c 200 "$DIR/stdout")"
