# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Debian's stock kernels: the image with its modules, and the headers to build ours against.

# The kernels that --kernel names, with the meta package that points to the newest of each.
kernel_meta_package() {
	case $1 in
	6.1) echo linux-image-arm64 ;;
	6.12) echo linux-image-6.12-arm64 ;;
	newest) echo linux-image-arm64 ;;
	*) return 1 ;;
	esac
}

# kernel_setup NAME: sets KERNEL_IMAGE, KERNEL_MODULES (folder or empty) and KVER.
kernel_setup() {
	case $1 in
	6.1 | 6.12)
		cached_root "linux-$1" "$1" kernel_packages unpack_kernel
		kernel_of_root "$ROOT"
		;;
	newest)
		newest_kernel_setup
		kernel_of_root "$ROOT"
		newest_kernel_warning
		;;
	debug)
		debug_kernel_setup
		kernel_of_root "$ROOT"
		DEBUG_BUILD=$ROOT/build
		;;
	*)
		if [ -d "$1" ]; then
			kernel_of_root "$(readlink -f "$1")"
		else
			KERNEL_IMAGE=$(readlink -f "$1") KERNEL_MODULES='' KVER=''
		fi
		;;
	esac
}

# A folder as a kernel package unpacks to.
kernel_of_root() {
	local image

	for image in "$1"/boot/vmlinuz-* "$1"/lib/modules/*/vmlinuz; do
		[ ! -e "$image" ] || break
	done
	[ -e "$image" ] || die setup "neither boot/vmlinuz-* nor lib/modules/*/vmlinuz in $1"
	KERNEL_IMAGE=$image
	KVER=${image##*/vmlinuz-}
	[[ $image != */vmlinuz ]] || KVER=$(basename "$(dirname "$image")")
	KERNEL_MODULES=$1/lib/modules/$KVER
}

# headers_setup NAME: sets HEADERS, the folder to build modules of KVER in, and KERNEL_MAKE, the
# make to do it with.
headers_setup() {
	local RELEASE=$RELEASE

	KERNEL_MAKE=(make)
	case $1 in
	debug)
		HEADERS=$DEBUG_BUILD
		return
		;;
	newest)
		RELEASE=$NEWEST_RELEASE
		newest_toolchain_setup
		;;
	esac
	if ! try_cached_root "headers-$KVER" "$KVER" headers_packages unpack_headers; then
		# The archive may have moved on since the image was fetched.
		say "no headers of $KVER ($FETCH_ERROR), trying the newest $1"
		UPDATE=1 kernel_setup "$1"
		cached_root "headers-$KVER" "$KVER" headers_packages unpack_headers
	fi
	HEADERS=$ROOT/usr/src/linux-headers-$KVER
	grep -qxF "include $(headers_common)/Makefile" "$HEADERS/Makefile" || relocate_headers
	[ "$1" != newest ] || newest_kernel_make
}

headers_common() {
	echo "$ROOT/usr/src/linux-headers-${KVER%-arm64}-common"
}

# The package's Makefile names the places where it is normally installed.
relocate_headers() {
	sed -E "s#^(KBUILD_OUTPUT=|include ).*/(linux-headers-)#\1$ROOT/usr/src/\2#" \
		"$HEADERS/Makefile" >"$HEADERS/Makefile.$$" &&
		mv "$HEADERS/Makefile.$$" "$HEADERS/Makefile"
}

kernel_packages() {
	local package

	package=$(first_dependency "$(kernel_meta_package "$1")" linux-image-)
	[ -z "$package" ] || echo "$package:arm64"
}

headers_packages() {
	local headers=linux-headers-$1 kbuild

	kbuild=$(first_dependency "$headers" linux-kbuild-)
	[ -z "$kbuild" ] ||
		echo "$headers:arm64 linux-headers-${1%-arm64}-common $kbuild:$(host_architecture)"
}

# Without the drivers of other machines a kernel takes a quarter of the room.
unpack_kernel() {
	local dir excluded=()

	for dir in gpu net media infiniband scsi iio usb hid input staging video mtd mmc hwmon \
		thermal isdn comedi nvme ata target md leds power gnss crypto bluetooth; do
		excluded+=(--exclude="*/lib/modules/*/kernel/drivers/$dir")
	done
	unpack "$1" "$2" "${excluded[@]}" --exclude='*/lib/modules/*/kernel/sound' \
		--exclude='*/lib/modules/*/kernel/net' --exclude='*/lib/modules/*/dtb' \
		--exclude='./boot/System.map*' \
		--exclude='./usr/share' || return
	# Newer packages have everything under usr/.
	[ ! -d "$2/usr/lib/modules" ] || [ -e "$2/lib" ] || ln -s usr/lib "$2/lib"
	[ ! -d "$2/lib/modules" ] ||
		depmod -b "$2" "$(ls "$2/lib/modules")"
}

# Without vmlinux kbuild makes no BTF, for which it would need pahole.
unpack_headers() {
	unpack "$1" "$2" --exclude='vmlinux' --exclude='./usr/share'
}
