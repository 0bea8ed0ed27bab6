#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A guest id, where there are no guests, and behind a hypervisor that hides them: it is not used.
# The packaged driver, which knows of no guests, works behind that hypervisor, too.

set -u
. "$(dirname "$0")/common.sh"

echo '/ { firmware { optee { linaro,guest-id = <7>; }; }; };' >"$DIR/id.dts"
run --tests --dt "$DIR/id.dts" -- /usr/lib/omnitee/tests/optee-guest \
	id_without_the_capability_is_not_used secure_world_that_shows_no_guests_is_told_of_none
all_ran 2
run --tests --dt "$DIR/id.dts" --secure guests=1 --secure hypervisor=on -- \
	/usr/lib/omnitee/tests/optee-guest \
	id_without_the_capability_is_not_used secure_world_that_shows_no_guests_is_told_of_none
all_ran 2
run --tests --modules stock --secure guests=1 --secure hypervisor=on -- \
	/usr/lib/omnitee/run-tests libteec
status_is 0
grep -q '^ok ' "$DIR/stdout" || fail 'no case ran'
