# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Results: one line each, "ok NAME", "not ok NAME: reason" or "skip NAME: reason".

# report LINE: prints and remembers it. Several checks report at once; a short line is one write.
report() {
	printf '%s\n' "$1"
	printf '%s\n' "$1" >>"$CHECK_DIR/results"
}

# wanted NAME: no selection, or NAME contains one of the words.
wanted() {
	local word

	[ ${#SELECTION[@]} -gt 0 ] || return 0
	for word in "${SELECTION[@]}"; do
		[[ $1 != *"$word"* ]] || return 0
	done
	return 1
}

# is_result LINE: of these three forms.
is_result() {
	[[ $1 =~ ^(ok|not\ ok|skip)\ [^:\ ]+(:\ .*)?$ ]]
}

# result_name LINE: sets NAME. There are thousands of lines: no process for each.
result_name() {
	NAME=${1#not }
	NAME=${NAME#* }
	NAME=${NAME%%:*}
}

# check_one NAME COMMAND...: a check of its own; its last line of output is the reason. Status 77:
# cannot be done here.
check_one() {
	local name=$1 log=$BUILD/log/check-${1//\//-}.log status=0

	shift
	wanted "$name" || return 0
	if [ -n "$LIST" ]; then
		echo "$name"
		return
	fi
	say "$name"
	"$@" >"$log" 2>&1 || status=$?
	case $status in
	0) report "ok $name" ;;
	77) report "skip $name: $(tail -n 1 "$log")" ;;
	*) report "not ok $name: $(tail -n 1 "$log" | cut -c 1-200) ($(short "$log"))" ;;
	esac
}

# results_end: what failed once more, and the closing line.
results_end() {
	local passed failed skipped word unknown=''

	passed=$(grep -c '^ok ' "$CHECK_DIR/results")
	failed=$(grep -c '^not ok ' "$CHECK_DIR/results")
	skipped=$(grep -c '^skip ' "$CHECK_DIR/results")
	if [ "$failed" -gt 0 ]; then
		echo
		echo "failed (logs: $(short "$BUILD")/log):"
		grep '^not ok ' "$CHECK_DIR/results"
		echo
	fi
	for word in "${SELECTION[@]}"; do
		sed -E 's/^not //; s/^[a-z]+ //; s/: .*//' "$CHECK_DIR/results" | grep -qF -- "$word" ||
			{ warn "no test's name contains $word (./check --list names them)"; unknown=1; }
	done
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] && [ -z "$unknown" ]
}
