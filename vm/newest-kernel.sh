# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The newest kernel that Debian has: it is in a release that is not out yet, and its modules need
# that release's compiler. Both are fetched into the cache; the compiler runs there by chroot.

readonly NEWEST_RELEASE=forky
# The version with which all was seen to work; the release moves on.
NEWEST_VERSION=$(sed '/^#/d' "$TOP/vm/kernel/newest")
readonly NEWEST_VERSION

newest_kernel_setup() {
	RELEASE=$NEWEST_RELEASE cached_root linux-newest "$NEWEST_VERSION" newest_kernel_packages \
		unpack_kernel
}

# The image package has nothing in it but dependencies.
newest_kernel_packages() {
	local image=linux-image-$1 package name

	[ -n "$(first_dependency "$image" linux-binary-)" ] ||
		image=$(first_dependency "$(kernel_meta_package newest)" linux-image-)
	for package in linux-base- linux-binary- linux-modules-; do
		name=$(first_dependency "$image" $package)
		[ -n "$name" ] || return
		echo "$name:arm64"
	done
}

newest_kernel_warning() {
	[ "$KVER" = "$NEWEST_VERSION" ] ||
		warn "the archive has no $NEWEST_VERSION any more: trying $KVER," \
			'with which omnitee was not tested'
}

# Sets TOOLCHAIN, a root with the compiler.
newest_toolchain_setup() {
	local compiler

	compiler=$(newest_compiler)
	[ -n "$compiler" ] || die setup "cannot tell which compiler made $KVER"
	cached_root toolchain-newest "$compiler" newest_toolchain_packages unpack
	TOOLCHAIN=$ROOT
	ln -sf mawk "$TOOLCHAIN/usr/bin/awk"
}

# The kernel says so itself: "(aarch64-linux-gnu-gcc-16 (Debian ...".
newest_compiler() {
	LC_ALL=C grep -aom 1 'aarch64-linux-gnu-gcc-[0-9]* (Debian' "$KERNEL_IMAGE" | head -n 1 |
		cut -d ' ' -f 1
}

# Packages are unpacked, not installed, so these are named that every system has.
newest_toolchain_packages() {
	local version=${1##*-} options=("${APT_OPTIONS[@]}")

	options+=(-o "APT::Architecture=$(host_architecture)")
	apt-get "${options[@]}" -s --no-install-recommends install \
		"gcc-$version-aarch64-linux-gnu" make pahole sparse base-files bash dash coreutils \
		diffutils findutils grep sed mawk libelf1t64 2>/dev/null |
		sed -n 's/^Inst \([^ :]*\)[^(]*([^)]* \[\([a-z0-9]*\)\]).*/\1:\2/p' | sed 's/:all$//'
}

# Sets KERNEL_MAKE.
newest_kernel_make() {
	local as_root=()

	[ "$(id -u)" -eq 0 ] || as_root=(--map-root-user)
	mkdir -p "$TOOLCHAIN/$HEADERS" "$TOOLCHAIN/$ROOT" "$TOOLCHAIN/$BUILD" ||
		die setup "cannot write the cache $CACHE: $(writable_reason "$CACHE")"
	KERNEL_MAKE=(unshare --mount "${as_root[@]}" sh "$TOP/vm/kernel/in-root" "$TOOLCHAIN"
		"$ROOT" "$BUILD" -- make CC="$(newest_compiler)")
}
