# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Debian's user space of the guest, which is also what guest programs are linked against.

readonly GUEST_PACKAGES="busybox-static libc6 libgcc-s1 libteec1 tee-supplicant libcjson1"
readonly SYSROOT_PACKAGES="optee-client-dev libcjson-dev"

# Sets GUEST_ROOT.
guest_packages_setup() {
	cached_root guest "$GUEST_PACKAGES $SYSROOT_PACKAGES" guest_packages unpack_guest
	GUEST_ROOT=$ROOT
}

guest_packages() {
	local package

	for package in $1; do
		echo "$package:arm64"
	done
}

unpack_guest() {
	unpack "$1" "$2" --exclude='./usr/share' --exclude='*/gconv' --exclude='./lib/systemd'
}
