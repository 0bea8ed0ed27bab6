# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Programs of the developer's machine; their results are relayed.

check_unit() {
	local log=$BUILD/log/check-unit.log line name seen='' status

	if [ ${#SELECTION[@]} -gt 0 ] && ! [[ " ${SELECTION[*]}" == *' unit'* ]] &&
	   [[ ! " ${SELECTION[*]}" =~ \ [^/]*(\ |$) ]]; then
		return	# only names of other kinds
	fi
	[ -f "$TOP/tests/unit/Makefile" ] || return 0
	say 'unit tests'
	run_child make -C "$TOP/tests/unit" O="$BUILD/tests/unit" -j"$(nproc)" >"$log" 2>&1
	status=$?
	if [ $status -ne 0 ]; then
		report "not ok unit/build: $(reason_in "$log") ($(short "$log"))"
		return
	fi
	run_child make -s -C "$TOP/tests/unit" O="$BUILD/tests/unit" check >"$log" 2>&1
	status=$?
	while read -r line; do
		is_result "$line" || continue
		seen=1
		name=$(result_name "$line")
		wanted "unit/$name" || continue
		if [ -n "$LIST" ]; then
			echo "unit/$name"
		else
			report "${line/ $name/ unit/$name}"
		fi
	done <"$log"
	if [ -z "$LIST" ] && [ $status -ne 0 ] && ! grep -q '^not ok ' "$log"; then
		report "not ok unit/run: $(tail -n 1 "$log") ($(short "$log"))"
	elif [ -z "$seen" ] && [ -z "$LIST" ]; then
		report "not ok unit/run: no results ($(short "$log"))"
	fi
}
