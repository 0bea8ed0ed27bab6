#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The library installs, and a program that knows nothing but its pkg-config file is built with it.

set -u
. "$(dirname "$0")/common.sh"

make -s -C "$TOP/lib" O="$DIR/build" install PREFIX="$DIR/usr" >"$DIR/log" 2>&1 ||
	fail "it does not install: $(tail -n 1 "$DIR/log")"
cat >"$DIR/program.c" <<-'EOF'
	#include <omnitee-ts.h>

	int main(void)
	{
		struct omnitee_ts_result result;
		const uint8_t uuid[OMNITEE_TS_UUID_SIZE] = { 1 };

		return omnitee_ts_open(uuid, 4096, &result) || result.level != OMNITEE_TS_TRANSPORT;
	}
EOF
# What pkg-config makes of it; the host need not have that.
pc=$DIR/usr/lib/pkgconfig/omnitee.pc
read -ra flags < <(sed -n 's/^\(Cflags\|Libs\): //p' "$pc" | tr '\n' ' ')
gcc -o "$DIR/program" "$DIR/program.c" "${flags[@]}" 2>"$DIR/log" ||
	fail "no program is built: $(tail -n 1 "$DIR/log")"
readelf -d "$DIR/program" | grep -q 'NEEDED.*\[libomnitee\.so\.0\]' || fail 'it names another library'
LD_LIBRARY_PATH=$DIR/usr/lib "$DIR/program" || fail 'it found a service on this machine'
# Programs see what the headers declare, and all of it.
library=$(echo "$DIR"/usr/lib/libomnitee.so.*.*)
diff <(nm -D --defined-only "$library" | sed -n 's/.* T \([^@]*\).*/\1/p' | sort) \
	<(cat "$DIR"/usr/include/*.h | grep -oE '\bomnitee_[a-z_]+\(' | tr -d '(' | sort -u) ||
	fail 'it has other symbols than the headers declare'
grep -qx 'Version: [0-9][0-9.]*' "$pc" || fail "$(grep Version "$pc")"
