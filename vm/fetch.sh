# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Fetches Debian packages of any architecture with an apt of our own: neither the host's package
# lists nor its architectures nor its packages change.

FETCH_ERROR=
declare -A APT_UPDATED=()	# by folder
# Packages, or their sources (deb-src).
APT_KIND=deb

# Each release has its lists, so that no package of another is ever mixed in.
apt_folder() {
	local dir=$CACHE/apt

	[ "$RELEASE" = "$GUEST_RELEASE" ] || dir+=-$RELEASE
	[ "$APT_KIND" = deb ] || dir+=-source
	echo "$dir"
}

# All by -o, because the host's apt.conf.d would win over an APT_CONFIG file.
apt_options() {
	local dir

	dir=$(apt_folder)
	APT_OPTIONS=(
		-q -o "Dir::State=$dir" -o "Dir::State::lists=$dir/lists"
		-o "Dir::State::status=$dir/status" -o "Dir::Cache=$dir/cache"
		-o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$dir/sources"
		-o "Dir::Etc::preferences=/dev/null" -o "Dir::Etc::preferencesparts=/dev/null"
		-o "APT::Architecture=arm64" -o "APT::Architectures::=arm64"
		-o "APT::Sandbox::User=$(id -un)" -o "Acquire::Languages=none"
		-o "Acquire::Retries=3" -o "Acquire::http::Timeout=30"
	)
	# The kernel's build tools run on this machine.
	[ "$(host_architecture)" = arm64 ] ||
		APT_OPTIONS+=(-o "APT::Architectures::=$(host_architecture)")
	# The archive may be a dated copy.
	[ "$RELEASE" = "$GUEST_RELEASE" ] ||
		APT_OPTIONS+=(-o Acquire::Check-Valid-Until=false)
}

# Not if the machine's sources have changed since.
apt_lists_fresh() {
	local dir

	dir=$(apt_folder)
	[ -n "$(find "$dir/updated" -mmin -60 2>/dev/null)" ] &&
		[ -z "$(find /etc/apt -newer "$dir/updated" -print -quit 2>/dev/null)" ] &&
		{ [ -z "${UPDATE:-}" ] || [ -n "${APT_UPDATED[${dir##*/}]:-}" ]; }
}

# Fails when there is no package list at all, new or old.
apt_update() {
	local dir log what=package

	dir=$(apt_folder)
	log=$BUILD/log/apt-update-${dir##*/}.log
	[ "$APT_KIND" = deb ] || what=source
	apt_options
	apt_lists_fresh && return
	if ! mkdir -p "$dir"/{lists/partial,cache/archives/partial,sources} 2>"$log" ||
	   ! : >"$dir/status" 2>>"$log"; then
		FETCH_ERROR=$(reason_in "$log")
		return 1
	fi
	if ! write_sources "$dir/sources/debian.sources"; then
		FETCH_ERROR="no Debian archive among this machine's package sources (/etc/apt)"
		return 1
	fi
	say "fetching $what lists of $RELEASE ($(grep -c ^URIs "$dir/sources/debian.sources") indexes)"
	if run_child apt-get "${APT_OPTIONS[@]}" update >"$log" 2>&1 &&
	   ! grep -qE '^(Err|W: Failed|E:)' "$log"; then
		: >"$dir/updated"
		APT_UPDATED[${dir##*/}]=1
	elif grep -q 'No space left' "$log"; then
		FETCH_ERROR=$(network_reason "$log")
		return 1
	elif compgen -G "$dir/lists/*_Packages*" >/dev/null ||
	     compgen -G "$dir/lists/*_Sources*" >/dev/null; then
		warn "some package lists could not be fetched, going on with those that are here"
	else
		FETCH_ERROR=$(network_reason "$log")
		return 1
	fi
}

network_reason() {
	local reason

	reason=$(reason_in "$1")
	case $reason in
	*'disk is full'* | *'Unable to locate'*) echo "$reason" ;;
	*) echo "no network, or the package archive does not answer ($reason)" ;;
	esac
}

# first_dependency PACKAGE PREFIX: the newest PACKAGE's dependency that begins with PREFIX.
first_dependency() {
	apt-cache "${APT_OPTIONS[@]}" --no-all-versions show "$1" 2>/dev/null | awk -v prefix="$2" '
		/^Depends:/ {
			for (i = 2; i <= NF; i++)
				if (index($i, prefix) == 1) {
					sub(/,$/, "", $i)
					print $i
					exit
				}
		}'
}

# fetch_root NAME REQUEST RESOLVER UNPACKER: under the cache's lock. Sets FETCH_ERROR when it fails.
fetch_root() {
	local name=$1 request=$2 resolver=$3 unpacker=$4 packages log=$BUILD/log/fetch-$1.log deb

	apt_update || return
	packages=$($resolver "$request")
	if [ -z "$packages" ]; then
		FETCH_ERROR="this machine's package sources do not have it ($request)"
		return 1
	fi
	mkdir "$STAGING/deb" "$STAGING/root" || return
	# shellcheck disable=SC2086 # words
	download "$name" "$request" "$log" $packages || return
	[ -z "$FETCH_NOTHING_NEW" ] || return 0
	for deb in "$STAGING"/deb/*.deb; do
		if ! $unpacker "$deb" "$STAGING/root" >>"$log" 2>&1; then
			FETCH_ERROR="unpacking ${deb##*/}: $(reason_in "$log")"
			return 1
		fi
		rm "$deb"
	done
	if ! commit_entry "$name" "$request" 2>>"$log"; then
		FETCH_ERROR=$(reason_in "$log")
		return 1
	fi
}

# download NAME REQUEST LOG PACKAGE...: into the staging folder, telling how far it is.
# Sets FETCH_NOTHING_NEW when the present entry is made of the same packages.
download() {
	local name=$1 request=$2 log=$3 total have list told=0

	shift 3
	FETCH_NOTHING_NEW=
	list=$(cd "$STAGING/deb" &&
		apt-get "${APT_OPTIONS[@]}" download --print-uris "$@" 2>"$log")
	total=$(awk '{ sum += $3 } END { printf "%d", (sum + 999999) / 1000000 }' <<<"$list")
	if [ "$total" -eq 0 ]; then
		FETCH_ERROR=$(reason_in "$log")
		return 1
	fi
	awk '{ print $2 }' <<<"$list" >"$STAGING/root/.packages"
	if entry_is "$name" "$request" &&
	   cmp -s "$STAGING/root/.packages" "$CACHE/$name/.packages"; then
		FETCH_NOTHING_NEW=1
		return
	fi
	say "fetching $name: $# packages, $total MB"
	spawn env -C "$STAGING/deb" apt-get "${APT_OPTIONS[@]}" download "$@" >>"$log" 2>&1
	while kill -0 "$SPAWNED" 2>/dev/null; do
		sleep 0.5
		[ $((++told % 10)) -eq 0 ] || continue
		have=$(du -sm "$STAGING/deb" 2>/dev/null | cut -f 1)
		say "  $name: ${have:-0} of $total MB"
	done
	if ! reap "$SPAWNED"; then
		FETCH_ERROR=$(network_reason "$log")
		return 1
	fi
	say "unpacking $name"
}

# unpack DEB DIR: the whole package. Arguments for tar may follow.
unpack() {
	local deb=$1 dir=$2

	shift 2
	# shellcheck disable=SC2016 # for the inner shell
	run_child bash -c 'set -o pipefail; deb=$1 dir=$2; shift 2
		dpkg-deb --fsys-tarfile "$deb" | tar -x --no-same-owner -C "$dir" "$@"' \
		unpack "$deb" "$dir" "$@"
}
