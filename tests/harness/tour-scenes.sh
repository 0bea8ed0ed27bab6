#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The tour, and each of its scenes but the storage's: all that they show is there.

set -u
. "$(dirname "$0")/common.sh"
scenes=/usr/lib/omnitee/scenes

# proved COUNT: so many lines say so.
proved() {
	local lines

	status_is 0
	lines=$(grep -c '^proved: ' "$DIR/stdout")
	[ "$lines" -eq "$1" ] ||
		fail "$lines lines say what is proved, want $1: $(tail -c 200 "$DIR/stdout")"
}

# shown WORDS: by the tour.
shown() {
	grep -qF -- "$1" "$DIR/stdout" || fail "the tour does not show \"$1\": $(tail -c 200 "$DIR/stdout")"
}

run --secure qtee=on
status_is 0
for words in 'teectl invoke /dev/tee0' 'teectl qtee callback-demo' 'teectl ts list' '$ hello-libteec'; do
	shown "$words"
done
run --tests -- sh -c "$scenes/regulator && $scenes/notifications"
proved 5
run --kernel 6.1 --tests --secure guests=1 -- $scenes/guest
proved 3
run --kernel 6.1 --secure qtee=on -- $scenes/objects
proved 1
run --secure test-partitions=off --flash "$DIR/flash" -- $scenes/trusted-storage store
proved 1
run --kernel 6.1 --secure test-partitions=off --flash "$DIR/flash" -- $scenes/trusted-storage read
proved 1
