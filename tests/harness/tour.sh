#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The tour, and the long one: each boot of it says what it proved, once for each thing.

set -u
. "$(dirname "$0")/common.sh"

# shown WORDS: by the tour.
shown() {
	grep -qF -- "$1" "$DIR/stdout" || fail "the tour does not show \"$1\": $(tail -c 200 "$DIR/stdout")"
}

run --secure qtee=on
status_is 0
for words in 'teectl invoke /dev/tee0' 'teectl qtee callback-demo' 'teectl ts list' '$ hello-libteec'; do
	shown "$words"
done

# A scene notices when there is nothing to prove.
run --disk "$DIR/disk" -- /usr/lib/omnitee/scenes/storage read
status_is 1
stderr_has 'the object was not read'

run --tour all
status_is 0
# Boots, with the number of lines that say what is proved.
cat >"$DIR/want" <<-'EOT'
	0 6.1, ours modules
	0 6.1, stock modules
	0 6.12, ours modules
	0 6.12, stock modules
	0 newest, ours modules
	0 newest, stock modules
	1 an object is stored, by 6.12
	1 and after a reboot read back, by 6.1
	1 a value is stored in Internal Trusted Storage, by 6.12
	1 and after a reboot read back, by 6.1
	2 storage that needs a regulator of the secure world
	3 the secure world speaks first
	3 a virtualised OP-TEE without a hypervisor
	1 objects of QTEE, on 6.1, which has no driver for them
EOT
awk '
	/^== .* ==$/ { if (name != "") print proved, name; name = substr($0, 4, length($0) - 6); proved = 0 }
	/^proved: / { proved++ }
	END { print proved, name }' "$DIR/stdout" >"$DIR/got"
difference=$(diff "$DIR/want" "$DIR/got" | grep '^[<>]' | head -n 1)
[ -z "$difference" ] || fail "the tour's boots and proofs differ: $difference"
[ "$(grep -c 'teectl invoke /dev/tee0' "$DIR/stdout")" -eq 6 ] || fail 'a configuration invoked nothing'
for words in 'with a reservation the regulator gets its secure thread, and all storage requests end' \
	'without one the driver says who waits for whom' 'deadlock: ' \
	'devices of the secure world wake a caller by an interrupt' 'is done in the bottom half' \
	'nothing is lost when the processor that a notification goes to is switched off' \
	'Linux announces itself as a guest, before anything else' \
	'the guest that a dead kernel left behind is destroyed' 'a secure world that refuses the guest is named'; do
	shown "$words"
done
