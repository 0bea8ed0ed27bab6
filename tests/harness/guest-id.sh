#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# One OP-TEE node on a virtualised secure world: the guest is the module parameter's.

set -u
. "$(dirname "$0")/common.sh"

for kernel in 6.12 6.1 newest; do
	run --kernel $kernel --tests --secure guests=1 -- \
		/usr/lib/omnitee/tests/optee-guest \
		id_that_cannot_be_is_refused_with_the_module \
		without_an_id_the_driver_says_what_is_missing_and_the_machine_goes_on \
		guest_announces_itself_before_anything_that_concerns_it \
		guest_works_like_any_other_system \
		guest_of_a_dead_kernel_is_replaced \
		refused_guest_fails_the_probe_and_the_cause_is_named \
		failed_probe_takes_the_guest_away \
		calls_fail_when_the_guest_is_gone
	all_ran 8
done
