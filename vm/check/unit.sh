# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Programs of the developer's machine; their results are relayed as unit/NAME.

readonly UNIT_FOLDERS=(tests/unit tools/teectl)

# Building them is the price of knowing their names, so they are asked for by a name
# that begins with unit.
check_unit() {
	local folder

	if [ ${#SELECTION[@]} -gt 0 ] && [[ " ${SELECTION[*]}" != *' unit'* ]]; then
		return
	fi
	mbedtls_setup
	for folder in "${UNIT_FOLDERS[@]}"; do
		say "unit tests: $folder"
		unit_folder "$folder"
	done
}

unit_folder() {
	local log=$BUILD/log/check-unit-${1//\//-}.log line seen='' status

	run_child make -s -C "$TOP/$1" O="$BUILD/unit/$1" MBEDTLS="$MBEDTLS" check >"$log" 2>&1
	status=$?
	while read -r line; do
		is_result "$line" || continue
		seen=1
		result_name "$line"
		wanted "unit/$NAME" || continue
		if [ -n "$LIST" ]; then
			echo "unit/$NAME"
		else
			report "${line/ $NAME/ unit/$NAME}"
		fi
	done <"$log"
	[ -z "$LIST" ] || return 0
	if [ $status -ne 0 ] && ! grep -q '^not ok ' "$log"; then
		report "not ok unit/$1: $(reason_in "$log") ($(short "$log"))"
	elif [ -z "$seen" ]; then
		report "not ok unit/$1: no results ($(short "$log"))"
	fi
}
