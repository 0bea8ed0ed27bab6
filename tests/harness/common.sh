# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# For checks of ./run: each check is a program whose last line of output is the reason it failed.

TOP=$(dirname "$(readlink -f "$0")")/../..
TOP=$(readlink -f "$TOP")
DIR=$(mktemp -d)
trap 'rm -rf "$DIR"' EXIT

# "debug" where the debug kernel is wanted, too: ./check --debug says so.
# shellcheck disable=SC2034 # for those that read this
DEBUG_TOO=(${CHECK_DEBUG:+debug})

fail() {
	echo "$*"
	exit 1
}

skip() {
	echo "$*"
	exit 77
}

# run ARG...: ./run without progress; sets STATUS, leaves DIR/stdout and DIR/stderr. What works is
# through in a fraction of the time, whatever else the machine does.
run() {
	local machine=(--smp 2 --cpu cortex-a76 --timeout 600)

	STATUS=0
	[[ " $* " != *' --icount '* ]] || machine=(--timeout 600)
	"$TOP/run" -q "${machine[@]}" "$@" >"$DIR/stdout" 2>"$DIR/stderr" </dev/null || STATUS=$?
	cat "$DIR/stderr"
}

status_is() {
	[ "$STATUS" -eq "$1" ] || fail "status $STATUS, want $1: $(tail -n 1 "$DIR/stderr")"
}

# one_line WORDS: stderr is one line and has these words; stdout is empty.
one_line() {
	[ "$(wc -l <"$DIR/stderr")" -eq 1 ] || fail "$(wc -l <"$DIR/stderr") lines of complaint"
	grep -qF -- "$1" "$DIR/stderr" || fail "not \"$1\" but: $(cat "$DIR/stderr")"
	[ ! -s "$DIR/stdout" ] || fail 'something on stdout'
}

stderr_has() {
	grep -qF -- "$1" "$DIR/stderr" || fail "no \"$1\" in: $(tail -n 1 "$DIR/stderr")"
}

stdout_is() {
	[ "$(cat "$DIR/stdout")" = "$1" ] || fail "stdout: $(head -c 200 "$DIR/stdout")"
}

# An empty cache; the runs that follow use it.
private_cache() {
	export XDG_CACHE_HOME=$1
	unset OMNITEE_CACHE
}

# cache_is_whole: every entry that is there is complete, and nothing else is.
cache_is_whole() {
	local entry

	[ ! -e "$XDG_CACHE_HOME/omnitee/staging" ] || fail 'a staging folder is left in the cache'
	for entry in "$XDG_CACHE_HOME"/omnitee/store/*; do
		[ -e "$entry" ] || continue
		[ -e "$entry/.request" ] || fail "half-made entry ${entry##*/} in the cache"
	done
}

# all_ran COUNT: so many cases of a test program in the guest passed, and none did anything else.
all_ran() {
	local other

	other=$(grep -E '^(not ok|skip) ' "$DIR/stdout" | head -n 1)
	[ -z "$other" ] || fail "$other"
	status_is 0
	[ "$(grep -c '^ok ' "$DIR/stdout")" -eq "$1" ] || fail "$(grep -c '^ok ' "$DIR/stdout") cases of $1"
}
