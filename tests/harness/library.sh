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
"$DIR/program" || fail 'it found a service on this machine'
grep -qx 'Version: [0-9][0-9.]*' "$pc" || fail "$(grep Version "$pc")"
