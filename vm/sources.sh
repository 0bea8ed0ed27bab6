# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Where Debian packages come from: the mirrors that this machine already uses, nothing else.

# The release whose kernels and libraries the guest has.
readonly GUEST_RELEASE=bookworm
readonly DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# Whose packages are fetched, unless a caller says otherwise.
RELEASE=$GUEST_RELEASE

# Lines "URI SUITE" of the host's Debian archives, with the suites of RELEASE. A release that is
# not out yet has only the suite of its own name.
debian_sources() {
	{
		known_debian_sources
		named_debian_sources | grep -vxF -f <(fetched_sources)
	} | sort -u | {
		if [ "$RELEASE" = $GUEST_RELEASE ]; then cat; else awk -v release="$RELEASE" '$2 == release'; fi
	}
}

# fetched_sources [CONDITION]: sources whose indexes are here, whosever; or those of which, in words of
# awk, this is true: $1 is the origin, $NF the component.
fetched_sources() {
	# shellcheck disable=SC2016 # apt expands these
	apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(CODENAME) $(COMPONENT)' \
		'Created-By: Packages' 2>/dev/null | awk -v release="$RELEASE" "${1:-1} "'{
			suite = $(NF - 1)
			sub(/^[a-z]+/, release, suite)
			print $(NF - 2), suite
		}'
}

# Sources whose index says that they are Debian's.
known_debian_sources() {
	# shellcheck disable=SC2016 # awk does
	fetched_sources '$1 == "Debian" && $NF == "main"'
}

# Sources that look like Debian's archives by their address, for those without indexes.
named_debian_sources() {
	apt-get update --print-uris 2>/dev/null | awk -F"'" -v release="$RELEASE" '
		match($2, /\/dists\/[^\/]+\/(updates\/)?InRelease$/) {
			uri = substr($2, 1, RSTART)
			suite = substr($2, RSTART + 7, RLENGTH - 17)
			if (uri !~ /\/debian(-security)?\/$/)
				next
			sub(/^[a-z]+/, release, suite)
			print uri, suite
		}'
}

# write_sources FILE: an apt sources file of these.
write_sources() {
	local uri suite keyring=

	[ ! -e $DEBIAN_KEYRING ] || keyring="Signed-By: $DEBIAN_KEYRING"
	while read -r uri suite; do
		printf 'Types: %s\nURIs: %s\nSuites: %s\nComponents: main\n%s\n\n' \
			"$APT_KIND" "$uri" "$suite" "$keyring"
	done < <(debian_sources) >"$1"
	[ -s "$1" ]
}
