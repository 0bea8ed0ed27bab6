# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Debian source packages in the cache, with Debian's patches. Their lists are apart from those of
# the other packages, since few runs want them.

# cached_source NAME PACKAGE: sets ROOT to the entry's folder, fetching it if needed.
cached_source() {
	local status=0

	if [ -n "${UPDATE:-}" ] || ! entry_is "$1" "$2"; then
		cache_lock
		# Another run may have brought it meanwhile.
		if [ -n "${UPDATE:-}" ] || ! entry_is "$1" "$2"; then
			fetch_source "$@" || status=$?
		fi
		cache_unlock
		if [ $status -ne 0 ]; then
			entry_is "$1" "$2" ||
				die setup "fetching the source of $2 failed: $FETCH_ERROR"
			warn "going on with the cached source of $2: $FETCH_ERROR"
		fi
	fi
	ROOT=$(readlink -f "$CACHE/$1")
}

# fetch_source NAME PACKAGE: under the cache's lock. Sets FETCH_ERROR when it fails.
fetch_source() {
	local APT_KIND=deb-src name=$1 package=$2 log=$BUILD/log/fetch-$1.log

	apt_update || return
	mkdir "$STAGING/deb" "$STAGING/root" || return
	(cd "$STAGING/deb" &&
		apt-get "${APT_OPTIONS[@]}" source --only-source --print-uris "$package" 2>"$log") |
		sed -n "s/^'[^']*' \([^ ]*\) .*/\1/p" >"$STAGING/root/.packages"
	if [ ! -s "$STAGING/root/.packages" ]; then
		FETCH_ERROR="this machine's package sources do not have it ($(reason_in "$log"))"
		return 1
	fi
	if entry_is "$name" "$package" &&
	   cmp -s "$STAGING/root/.packages" "$CACHE/$name/.packages"; then
		return
	fi
	say "fetching the source of $package"
	if ! run_child env -C "$STAGING/deb" apt-get "${APT_OPTIONS[@]}" source --only-source \
		--download-only "$package" >"$log" 2>&1; then
		FETCH_ERROR=$(network_reason "$log")
		return 1
	fi
	if ! unpack_source "$STAGING/deb" "$STAGING/root" >>"$log" 2>&1 ||
	   ! commit_entry "$name" "$package" 2>>"$log"; then
		FETCH_ERROR=$(reason_in "$log")
		return 1
	fi
}

# unpack_source FROM TO: the one package there is, as its archives say.
unpack_source() {
	local patches=$2/debian/patches patch

	run_child tar -x --no-same-owner -C "$2" --strip-components=1 -f "$1"/*.orig.tar.* || return
	run_child tar -x --no-same-owner -C "$2" -f "$1"/*.debian.tar.* || return
	[ -e "$patches/series" ] || return 0
	while read -r patch _; do
		case $patch in
		'' | '#'*) ;;
		*) run_child patch -d "$2" -p1 -s -i "$patches/$patch" || return ;;
		esac
	done <"$patches/series"
}
