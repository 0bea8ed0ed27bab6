#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Several OP-TEE nodes with guest ids, good and bad, on each kernel: two become instances.

set -u
. "$(dirname "$0")/common.sh"

# node NAME METHOD [ID]: the nodes are probed in this order.
node() {
	printf '\t\t%s { compatible = "linaro,optee-tz"; method = "%s"; %s };\n' "$1" "$2" \
		"${3+linaro,guest-id${3:+ = $3};}"
}

{
	echo '/dts-v1/;'
	echo '/ { firmware {'
	printf '\t\toptee { linaro,guest-id = <1>; };\n'
	node optee-two smc '<2>'
	node optee-zero smc '<0>'
	node optee-large smc '<65536>'
	node optee-pair smc '<4 5>'
	node optee-empty smc ''
	node optee-same smc '<2>'
	node optee-hvc hvc '<9>'
	node optee-third smc '<3>'
	node optee-none smc
	echo '}; };'
} >"$DIR/nodes.dts"

for kernel in 6.12 6.1 newest; do
	run --kernel $kernel --tests --secure guests=2 --dt "$DIR/nodes.dts" -- \
		/usr/lib/omnitee/tests/optee-guest nodes_with_ids_are_instances \
		nodes_with_wrong_ids_are_refused_with_a_line \
		instances_have_services_of_their_own_names \
		one_instance_goes_and_comes_and_the_other_stays
	all_ran 4
done
