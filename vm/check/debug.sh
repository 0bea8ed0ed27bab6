# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The debug kernel takes minutes to build, and its suite is the longest: so that begins at once,
# beside the first suites; who needs it waits for the lock that the build holds.

debug_kernel_begin() {
	[ -n "$DEBUG" ] && [ -z "$LIST" ] || return 0
	debug_kernel_wanted || return 0
	(
		CHILDREN=() CLEAN_PATHS=()
		trap at_exit EXIT
		trap 'exit 143' TERM
		debug_kernel_setup && : >"$CHECK_DIR/debug-is-built"
	) &
	CHILDREN[$!]=1
	BESIDE+=($!)
}

# Fails while the build goes on.
debug_kernel_is_built() {
	[ -e "$CHECK_DIR/debug-is-built" ]
}

debug_kernel_wanted() {
	local name

	[ ${#SELECTION[@]} -gt 0 ] || return 0
	for name in "${SELECTION[@]}"; do
		[[ $name == unit* || $name == style/* || $name == harness* ]] || return 0
	done
	return 1
}
