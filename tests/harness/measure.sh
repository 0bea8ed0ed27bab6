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
complains 'none of smc ffa ts qtee' --way telegraph
complains '--way is one of the instructions' --figure throughput --way smc
complains 'there is no such folder' --out /nonexistent
complains 'is one of the instructions' --figure throughput --operation getpid
complains 'unexpected getpid' getpid

# A table of what is there: a driver that only one set of modules has is no ratio, and no bar.
mkdir "$DIR/drawn"
cat >"$DIR/drawn/instructions-6.1.csv" <<-'EOF'
	modules,round,operation,user,linux,secure,linux_low,linux_high
	ours,1,invoke,32,1200,2000,1190,1210
	stock,1,invoke,32,2000,2010,1990,2010
	ours,2,invoke,32,1000,2000,990,1010
	stock,2,invoke,32,2000,2010,1990,2010
	ours,3,invoke,32,1100,2000,1090,1110
	stock,3,invoke,32,2200,2010,1990,2010
	ours,1,TS invoke,40,3000,500,2990,3010
	stock,1,FF-A invoke,50,2500,700,2490,2510
EOF
measure --kernel 6.1 --redraw --out "$DIR/drawn"
status_is 0
table=$(sed 's/  */ /g' "$DIR/stdout")
for line in 'invoke 1100 2000 0.55 32 2000 2010 16.7%' 'TS invoke 3000 - - 40 500 - 0.0%' \
	'FF-A invoke - 2500 - 50 - 700 0.0%'; do
	grep -qxF "$line" <<<"$table" || fail "no line \"$line\" in: $table"
done
grep -q '>invoke<' "$DIR/drawn/instructions.svg" || fail 'no bar of an invoke'
! grep -q 'TS invoke' "$DIR/drawn/instructions.svg" || fail 'a bar without a ratio'

mkdir "$DIR/out"
csv=$DIR/out/instructions-6.12.csv
printf 'header\nours,1,getpid,9,9,9,9,9\nours,1,TS invoke,8,8,8,8,8\n' >"$csv"
measure --kernel 6.12 --way smc --operation getpid --operation version --operation 'bare SMC' --out "$DIR/out"
status_is 0
grep -qx 'ours,1,TS invoke,8,8,8,8,8' "$csv" || fail 'figures of another way are lost'
! grep -q 'getpid,9' "$csv" || fail 'an old figure is still there'
for line in ours,1,getpid stock,1,getpid ours,2,version stock,2,version; do
	grep -qE "^$line(,[0-9]+){5}$" "$csv" || fail "no line $line in: $(head -c 200 "$csv")"
done
# The same kernel answers both: it is counted, so it is the same.
awk -F, '$3 == "getpid" { if (!first) first = $5; if ($5 - first > 10 || first - $5 > 10) exit 1 }' \
	"$csv" || fail "getpid differs: $(grep getpid "$csv")"
# What carries it is taken off; the secure world's part is there.
awk -F, '$3 == "bare SMC" && $5 >= 1 && $5 <= 60 && $6 >= 16 { ok++ } END { exit ok != 6 }' "$csv" ||
	fail "bare SMC: $(grep 'bare SMC' "$csv")"
grep -qE '^version +[0-9]+ +[0-9]+ ' "$DIR/stdout" || fail "no table: $(head -n 3 "$DIR/stdout")"
[ -s "$DIR/out/instructions.svg" ] || fail 'no chart'

measure --kernel 6.12 --operation nonsense
[ "$STATUS" -ne 0 ] || fail 'an operation that does not exist is measured'
stderr_has 'nothing of that name'
