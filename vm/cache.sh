# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The cache of what was fetched. Each entry is a folder under store/, named for what it is made of,
# which is renamed into place when it is whole; a link gives the present entry of each kind.

CACHE=${OMNITEE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/omnitee}

# Staging is only used under the lock, so whatever is there belongs to a run that was killed.
cache_lock() {
	if ! { mkdir -p "$CACHE/store" && exec {CACHE_LOCK}>"$CACHE/lock"; } 2>/dev/null; then
		die setup "cannot write the cache $CACHE: $(writable_reason "$CACHE")"
	fi
	if ! flock -n "$CACHE_LOCK"; then
		say "waiting for another run that fills the cache"
		run_child flock "$CACHE_LOCK"
	fi
	STAGING=$CACHE/staging
	clean_later "$STAGING"
	rm -rf "$STAGING"
	mkdir "$STAGING" 2>/dev/null ||
		die setup "cannot write the cache $CACHE: $(writable_reason "$CACHE")"
}

cache_unlock() {
	local path kept=()

	rm -rf "$STAGING"
	# What another run stages from now on is not ours to remove.
	for path in "${CLEAN_PATHS[@]}"; do
		[ "$path" = "$STAGING" ] || kept+=("$path")
	done
	CLEAN_PATHS=("${kept[@]}")
	exec {CACHE_LOCK}>&-
}

# Why this path cannot be written, in the system's words.
writable_reason() {
	local message

	message=$(LC_ALL=C mkdir -p "$1" 2>&1 && LC_ALL=C touch "$1/.write" 2>&1) &&
		message=$(LC_ALL=C dd if=/dev/zero of="$1/.write" bs=4k count=1 2>&1 >/dev/null |
			grep 'No space')
	rm -f "$1/.write" 2>/dev/null
	printf '%s' "${message##*: }"
}

# entry_is NAME REQUEST: the present entry is what is asked for.
entry_is() {
	[ -e "$CACHE/$1/.request" ] && [ "$(<"$CACHE/$1/.request")" = "$2" ]
}

# commit_entry NAME REQUEST: makes the staged folder root, of the packages listed, the present entry.
commit_entry() {
	local name=$1 key

	key=$name-$(sha256sum <"$STAGING/root/.packages" | cut -c 1-12)
	printf '%s\n' "$2" >"$STAGING/root/.request" &&
		rm -rf "$CACHE/store/$key" &&
		mv -T "$STAGING/root" "$CACHE/store/$key" &&
		ln -s "store/$key" "$STAGING/link" &&
		mv -T "$STAGING/link" "$CACHE/$name"
}

# try_cached_root NAME REQUEST RESOLVER UNPACKER: sets ROOT to the entry's folder, fetching it if
# needed; fails with FETCH_ERROR set.
# RESOLVER REQUEST prints the packages (NAME:ARCH), UNPACKER DEB DIR unpacks one.
try_cached_root() {
	local name=$1 request=$2 status=0

	if [ -n "${UPDATE:-}" ] || ! entry_is "$name" "$request"; then
		cache_lock
		# Another run may have brought it meanwhile.
		if [ -n "${UPDATE:-}" ] || ! entry_is "$name" "$request"; then
			fetch_root "$@" || status=$?
		fi
		cache_unlock
		if [ $status -ne 0 ]; then
			entry_is "$name" "$request" || return
			warn "going on with the cached $name: $FETCH_ERROR"
		fi
	fi
	ROOT=$(readlink -f "$CACHE/$name")
}

cached_root() {
	try_cached_root "$@" || die setup "fetching $1 failed: $FETCH_ERROR"
}
