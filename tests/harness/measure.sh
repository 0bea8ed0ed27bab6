#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# ./measure: a wrong use is one clear line and status 2; one figure is measured with both sets of
# modules in one boot.

set -u
. "$(dirname "$0")/common.sh"

measure() {
	STATUS=0
	"$TOP/measure" -q "$@" >"$DIR/stdout" 2>"$DIR/stderr" </dev/null || STATUS=$?
	cat "$DIR/stderr"
}

complains() {
	local words=$1

	shift
	measure "$@"
	status_is 2
	one_line "$words"
}

measure --help
status_is 0
grep -q '^Usage: ./measure' "$DIR/stdout" || fail 'no usage'

complains 'unknown option --frobnicate' --frobnicate
complains '--kernel needs a value' --kernel
complains 'none of 6.1 6.12 newest' --kernel 5.10
complains 'neither instructions nor throughput' --figure time
complains 'there is no such folder' --out /nonexistent
complains 'is one of the instructions' --figure throughput --operation getpid
complains 'unexpected getpid' getpid

mkdir "$DIR/out"
measure --kernel 6.12 --operation getpid --operation version --out "$DIR/out"
status_is 0
csv=$DIR/out/instructions-6.12.csv
for line in ours,1,getpid stock,1,getpid ours,2,version stock,2,version; do
	grep -qE "^$line(,[0-9]+){5}$" "$csv" || fail "no line $line in: $(head -c 200 "$csv")"
done
# The same kernel answers both: it is counted, so it is the same.
awk -F, '$3 == "getpid" { if (!first) first = $5; if ($5 - first > 10 || first - $5 > 10) exit 1 }' \
	"$csv" || fail "getpid differs: $(grep getpid "$csv")"
grep -qE '^version +[0-9]+ +[0-9]+ ' "$DIR/stdout" || fail "no table: $(head -n 3 "$DIR/stdout")"
[ -s "$DIR/out/instructions.svg" ] || fail 'no chart'

measure --kernel 6.12 --operation nonsense
[ "$STATUS" -ne 0 ] || fail 'an operation that does not exist is measured'
stderr_has 'nothing of that name'
