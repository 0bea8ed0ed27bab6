# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The packages: the modules are built and installed by Debian's dkms from what the package ships,
# and tried in the guest beside the kernel's own (tests/packages/guest).

readonly DISTRIBUTION_PACKAGES="kmod libkmod2 liblzma5 libssl3 libzstd1 udev libacl1 libblkid1 \
libcap2 libselinux1 libpcre2-8-0 libudev1"
readonly DKMS_CASE=dkms_builds_and_installs_what_the_package_has

packages_cases() {
	echo $DKMS_CASE
	sed -n 's/^test_\([a-z_]*\)() {$/\1/p' "$TOP/tests/packages/guest"
}

dkms_package() {
	echo "$1:all"
}

# Without what only its own machine needs.
unpack_distribution() {
	unpack "$1" "$2" --exclude='./usr/share' --exclude='*/hwdb.d' --exclude='./usr/lib/systemd' \
		--exclude='./var' --exclude='*/engines-3' --exclude='*/ossl-modules'
}

# Sets DKMS and DISTRIBUTION, folders.
packages_tools() {
	cached_root dkms dkms dkms_package unpack
	DKMS=$ROOT
	cached_root distribution "$DISTRIBUTION_PACKAGES" guest_packages unpack_distribution
	DISTRIBUTION=$ROOT
}

# packages_links ROOT: absolute links would lead to the programs of this machine.
packages_links() {
	local link

	while read -r link; do
		ln -sfr "$1$(readlink "$link")" "$link" || return
	done < <(find "$1" -type l -lname '/*')
}

# packages_crossing DIR: dkms builds for the machine that it runs on; these make it cross.
packages_crossing() {
	local make=("${KERNEL_MAKE[@]}")

	[ "${make[0]}" != make ] || make[0]=$(command -v make)
	mkdir -p "$1"
	{
		echo '#!/bin/sh'
		printf 'exec'
		printf ' %q' "${make[@]}" ARCH=arm64 "CROSS_COMPILE=$CROSS"
		# shellcheck disable=SC2016 # for the script
		echo ' "$@"'
	} >"$1/make"
	ln -sf "$(command -v "${CROSS}strip")" "$1/strip"
	chmod +x "$1/make"
}

# packages_dkms DIR COMMAND...: Debian's dkms, all of whose places are in DIR.
packages_dkms() {
	local dir=$1 as_root=() command=$2

	shift 2
	[ "$(id -u)" -eq 0 ] || as_root=(unshare --map-root-user)
	run_child "${as_root[@]}" env PATH="$dir/bin:$PATH" bash "$DKMS/usr/sbin/dkms" "$command" \
		-m omnitee -v "$VERSION" --dkmstree "$dir/dkms" --sourcetree "$dir/dkms-package/usr/src" \
		--installtree "$dir/guest/lib/modules" --no-depmod "$@"
}

# packages_modules DIR: what dkms makes of the package, to DIR/modules; and that it takes it away.
packages_modules() {
	local dir=$1 installed=$1/guest/lib/modules/$KVER/updates/dkms

	packages_crossing "$dir/bin"
	mkdir -p "$dir/dkms"
	packages_dkms "$dir" install -k "$KVER" -a aarch64 --kernelsourcedir "$HEADERS" || {
		tail -n 5 "$dir/dkms/omnitee/$VERSION/build/make.log"
		echo 'dkms cannot install'
		return 1
	}
	mkdir "$dir/modules" && cp "$installed"/*.ko "$dir/modules/" || return
	[ "$(cd "$dir/modules" && echo *.ko)" = "$(cd "$MODULES_BUILD" && find kernel -name '*.ko' \
		-printf '%f\n' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')" ] ||
		{ echo "dkms installed $(cd "$dir/modules" && echo *.ko)"; return 1; }
	packages_dkms "$dir" remove --all || { echo 'dkms cannot remove'; return 1; }
	[ ! -e "$installed" ] || { echo 'dkms leaves modules behind'; return 1; }
}

# The kernel's own clients of tee.ko, with what they need.
packages_stock_clients() {
	local module

	sed -n 's,^\([^: ]*\):.*/tee\.ko.*,\1,p' "$KERNEL_MODULES/modules.dep" | while read -r module; do
		module=${module##*/}
		unpack_modules "$1" "${module%%.ko*}"
	done
}

# packages_library DIR: the library to the guest, and a program that is built with what its packages have.
packages_library() {
	local dev=$1/dev/usr package

	for package in libomnitee0 libomnitee-dev; do
		dpkg-deb -x "$1/debs/$package"_*.deb "$1/dev" || return
	done
	dpkg-deb -x "$1/debs"/libomnitee0_*.deb "$1/guest" &&
		"${CROSS}gcc" -Wall -Werror -I"$dev/include" -L"$dev/lib/aarch64-linux-gnu" \
			-o "$1/guest/usr/lib/omnitee/package/library" \
			"$TOP/tests/packages/library.c" -lomnitee -pthread
}

# packages_prepare KERNEL DIR
packages_prepare() {
	local kernel=$1 dir=$2 debs=$2/debs

	kernel_setup "$kernel"
	headers_setup "$kernel"
	packages_tools
	build_lock
	our_modules kernel
	build_unlock
	mkdir -p "$dir/guest/lib/modules/$KVER" "$dir/guest/usr/lib/omnitee/package"
	run_child "$TOP/packaging/build" -q --output "$debs" || return
	VERSION=$(dpkg-deb -f "$debs"/omnitee-dkms_*.deb Version)
	dpkg-deb -x "$debs"/omnitee-dkms_*.deb "$dir/dkms-package" &&
		dpkg-deb -e "$debs"/omnitee-dkms_*.deb "$dir/dkms-control" &&
		cp -a "$DISTRIBUTION/." "$dir/guest/" &&
		packages_links "$dir/guest" &&
		dpkg-deb -x "$debs"/omnitee-tools_*.deb "$dir/guest" || return
	packages_stock_clients "$dir/guest/lib/modules/$KVER"
	packages_library "$dir" && packages_modules "$dir" &&
		cp "$dir/modules"/*.ko "$dir/dkms-control/preinst" "$dir/guest/usr/lib/omnitee/package/" &&
		install -m 755 "$TOP/tests/packages/guest" "$dir/guest/usr/lib/omnitee/packages"
}

# packages_suite KERNEL CASE...
packages_suite() {
	local kernel=$1 dir=$CHECK_DIR/packages-$1 log=$BUILD/log/check-packages-$1.log line name reason
	local -A missing=()

	shift
	say "packages: $kernel"
	for name; do
		missing[$name]=1
	done
	: >"$log"
	if (packages_prepare "$kernel" "$dir") >>"$log" 2>&1; then
		line="ok $DKMS_CASE"
	else
		line="not ok $DKMS_CASE: $(tail -n 1 "$log" | cut -c 1-200) ($(short "$log"))"
	fi
	if [ -n "${missing[$DKMS_CASE]:-}" ] || [[ $line == not* ]]; then
		report "${line/ $DKMS_CASE/ $kernel/packages/$DKMS_CASE}"
	fi
	[[ $line != not* ]] || return 0
	unset "missing[$DKMS_CASE]"
	[ ${#missing[@]} -gt 0 ] || return 0
	run_child "$TOP/run" -q --kernel "$kernel" --modules none --smp 2 --cpu cortex-a76 --timeout 600 \
		--secure ts=off --secure qtee=on --add "$dir/guest:/" -- /usr/lib/omnitee/packages \
		>"$dir/results" 2>>"$log" || :
	while read -r line; do
		printf '%s\n' "$line" >>"$log"
		is_result "$line" || continue
		result_name "$line"
		[ -n "${missing[$NAME]:-}" ] || continue
		unset "missing[$NAME]"
		report "${line/ $NAME/ $kernel/packages/$NAME}"
	done <"$dir/results"
	reason=$(grep '^run: ' "$log" | tail -n 1)
	if [ -s "$dir/results" ]; then
		for name in "${!missing[@]}"; do
			report "not ok $kernel/packages/$name: no result; ${reason:-$(short "$log")}"
		done
	fi
	# What could not be set up is one failure, not one for each case.
	if [ -n "$reason" ] || [ ! -s "$dir/results" ]; then
		report "not ok $kernel/packages/boot: ${reason:-no results ($(short "$log"))}"
	fi
	rm -rf "$dir"
}

check_packages() {
	local kernel name cases=() selected

	mapfile -t cases < <(packages_cases)
	for kernel in "${KERNELS[@]}"; do
		selected=()
		for name in "${cases[@]}"; do
			wanted "$kernel/packages/$name" && selected+=("$name")
		done
		[ ${#selected[@]} -gt 0 ] || continue
		if [ -n "$LIST" ]; then
			printf "$kernel/packages/%s\n" "${selected[@]}"
			continue
		fi
		queue_add packages_suite "$kernel" "${selected[@]}"
	done
}
