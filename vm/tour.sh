# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The long tour: every configuration there is, then scenes, each of which shows one thing in one or
# more boots and says in a line what it proved. A scene's part in the guest is vm/guest/scenes/NAME.

# tour_all: ends the run. Options of the command line go to every boot; a boot's own come last.
tour_all() {
	local word

	TOUR_OPTIONS=() TOUR_WORST=0
	for word in "${ARGUMENTS[@]}"; do
		case $word in
		--tour | --tour=* | all) ;;
		*) TOUR_OPTIONS+=("$word") ;;
		esac
	done
	private_folders
	tour_configurations
	scene_storage
	scene_trusted_storage
	scene_regulator
	scene_notifications
	scene_guest
	scene_objects
	exit "$TOUR_WORST"
}

# tour_boot WHAT [OPTION...] [-- COMMAND ARG...]: one boot; what fails is told and remembered.
tour_boot() {
	local what=$1 status=0

	shift
	printf '== %s ==\n' "$what"
	run_child "$TOP/run" "${TOUR_OPTIONS[@]}" "$@" || status=$?
	if [ $status -ne 0 ]; then
		warn "$what: status $status"
		TOUR_WORST=$status
	fi
	return $status
}

tour_configurations() {
	local kernel modules

	for kernel in 6.1 6.12 newest; do
		for modules in ours stock; do
			tour_boot "$kernel, $modules modules" --kernel "$kernel" --modules "$modules"
		done
	done
}

scene_storage() {
	local scene=/usr/lib/omnitee/scenes/storage disk=$RUN_DIR/tour-disk

	tour_boot 'an object is stored, by 6.12' --kernel 6.12 --modules ours --disk "$disk" \
		-- $scene store &&
		tour_boot 'and after a reboot read back, by 6.1' --kernel 6.1 --modules ours \
			--disk "$disk" -- $scene read
}

scene_trusted_storage() {
	local scene=/usr/lib/omnitee/scenes/trusted-storage flash=$RUN_DIR/tour-flash
	local options=(--modules ours --secure test-partitions=off --flash "$flash")

	tour_boot 'a value is stored in Internal Trusted Storage, by 6.12' --kernel 6.12 \
		"${options[@]}" -- $scene store &&
		tour_boot 'and after a reboot read back, by 6.1' --kernel 6.1 "${options[@]}" \
			-- $scene read
}

scene_regulator() {
	tour_boot 'storage that needs a regulator of the secure world' --kernel 6.12 --modules ours \
		--tests -- /usr/lib/omnitee/scenes/regulator
}

scene_notifications() {
	tour_boot 'the secure world speaks first' --kernel 6.12 --modules ours --tests \
		-- /usr/lib/omnitee/scenes/notifications
}

scene_guest() {
	tour_boot 'a virtualised OP-TEE without a hypervisor' --kernel 6.1 --modules ours --tests \
		--secure guests=1 -- /usr/lib/omnitee/scenes/guest
}

scene_objects() {
	tour_boot 'objects of QTEE, on 6.1, which has no driver for them' --kernel 6.1 --modules ours \
		--secure qtee=on -- /usr/lib/omnitee/scenes/objects
}
