#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Which of this machine's package sources are Debian's: by their indexes, and by their address as long as
# they were not fetched.

set -u
TOP=$(cd "$(dirname "$0")/../.." && pwd)
export APT_KIND=deb
# shellcheck source=vm/sources.sh
. "$TOP/vm/sources.sh"

uris="'http://a.example/debian/dists/bookworm/InRelease' a 0
'http://a.example/debian-security/dists/bookworm-security/InRelease' b 0
'http://b.example/linux/debian/dists/bookworm/InRelease' c 0
'http://c.example/node/dists/nodistro/InRelease' d 0"
index_a='Debian http://a.example/debian/ bookworm main'
index_b='Debian http://a.example/debian-security/ bookworm-security main'
index_other='Some Body http://b.example/linux/debian/ bookworm stable'

apt-get() {
	case $1 in
	update) echo "$uris" ;;
	indextargets) [ -z "$indexes" ] || echo "$indexes" ;;
	esac
}

# want WHAT LINE...: what comes of $indexes.
want() {
	local what=$1 got

	shift
	got=$(debian_sources)
	[ "$got" = "$(printf '%s\n' "$@" | sort)" ] || { echo "$what: $got"; exit 1; }
}

a='http://a.example/debian/ bookworm'
b='http://a.example/debian-security/ bookworm-security'
other='http://b.example/linux/debian/ bookworm'

indexes=''
want 'nothing was fetched' "$a" "$b" "$other"
indexes="$index_a
$index_b
$index_other"
want 'all was fetched' "$a" "$b"
indexes="$index_a
$index_other"
want 'one was not fetched' "$a" "$b"
