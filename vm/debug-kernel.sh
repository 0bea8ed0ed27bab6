# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The debug kernel: built here, from Debian's source, once for each source, configuration and
# compiler. A build that was interrupted is gone on with.

readonly DEBUG_CONFIG=$TOP/vm/kernel/debug.config
# It is slower by so much.
readonly DEBUG_TIME_SCALE=5
# For the progress only.
readonly DEBUG_OBJECTS=1000

# What its configuration is read with, as need_host_packages takes it.
readonly DEBUG_TOOLS=('flex:flex:reads the configuration' 'bison:bison:reads the configuration')

# Sets ROOT: boot/ and lib/modules/ as a kernel package has them, and build/, to build modules in.
debug_kernel_setup() {
	local name key

	kernel_source_setup
	key=$(cat "$SOURCE/.packages" "$DEBUG_CONFIG" - <<<"$SOURCE $("${CROSS}gcc" --version)" |
		sha256sum | cut -c 1-12)
	name=linux-debug-$key
	if [ ! -d "$CACHE/store/$name" ]; then
		debug_kernel_lock
		[ -d "$CACHE/store/$name" ] || debug_kernel_build "$CACHE/building/$name" "$name"
		exec {DEBUG_LOCK}>&-
	fi
	ROOT=$CACHE/store/$name
}

debug_kernel_lock() {
	if ! { mkdir -p "$CACHE/building" && exec {DEBUG_LOCK}>"$CACHE/building/lock"; } 2>/dev/null
	then
		die setup "cannot write the cache $CACHE: $(writable_reason "$CACHE")"
	fi
	if ! flock -n "$DEBUG_LOCK"; then
		say 'waiting for another run that builds the debug kernel'
		run_child flock "$DEBUG_LOCK"
	fi
}

# debug_kernel_build DIR NAME: under the lock.
debug_kernel_build() {
	local dir=$1 name=$2 log=$BUILD/log/debug-kernel.log version

	mkdir -p "$dir/build" || die setup "cannot write the cache $CACHE: $(writable_reason "$CACHE")"
	MAKE_DEBUG=(-C "$SOURCE" O="$dir/build" ARCH=arm64 CROSS_COMPILE="$CROSS"
		KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=omnitee KBUILD_BUILD_HOST=omnitee)
	if ! debug_kernel_configured "$dir/build"; then
		step 'configuring the debug kernel' "$log" \
			make "${MAKE_DEBUG[@]}" KCONFIG_ALLCONFIG="$DEBUG_CONFIG" allnoconfig
		debug_kernel_configured "$dir/build" ||
			die setup "the debug kernel cannot have $(debug_kernel_lost "$dir/build")"
	fi
	say 'building the debug kernel, which takes about ten minutes, once'
	debug_kernel_make "$dir/build" "$log"
	version=$(<"$dir/build/include/config/kernel.release")
	if ! debug_kernel_install "$dir" "$version" 2>"$log"; then
		die setup "keeping the debug kernel failed: $(reason_in "$log")"
	fi
	printf 'debug\n' >"$dir/.request"
	mv -T "$dir" "$CACHE/store/$name" ||
		die setup "cannot write the cache $CACHE: $(writable_reason "$CACHE")"
}

# debug_kernel_lost DIR: lines of the wanted configuration that kconfig did not grant.
debug_kernel_lost() {
	grep '^CONFIG_' "$DEBUG_CONFIG" | grep -vxFf "$1/.config" | head -n 3 | paste -sd ' '
}

debug_kernel_configured() {
	[ -e "$1/.config" ] && [ -z "$(debug_kernel_lost "$1")" ]
}

debug_kernel_make() {
	local dir=$1 log=$2 status=0 told=$SECONDS

	spawn make "${MAKE_DEBUG[@]}" -j"$(nproc)" Image modules >"$log" 2>&1
	while kill -0 "$SPAWNED" 2>/dev/null; do
		sleep 0.5
		[ $((SECONDS - told)) -ge 15 ] || continue
		told=$SECONDS
		say "  debug kernel: $(find "$dir" -name '*.o' | wc -l) of about $DEBUG_OBJECTS objects"
	done
	reap "$SPAWNED" || status=$?
	[ $status -eq 0 ] ||
		die setup "building the debug kernel failed: $(reason_in "$log"); all of it: $(short "$log")"
}

# Of the build only what builds of modules need is kept.
debug_kernel_install() {
	local dir=$1 version=$2

	mkdir -p "$dir/boot" "$dir/lib/modules/$version" &&
		cp "$dir/build/arch/arm64/boot/Image" "$dir/boot/vmlinuz-$version" &&
		cp "$dir/build/System.map" "$dir/boot/System.map-$version" &&
		cp "$dir"/build/modules.{order,builtin,builtin.modinfo} "$dir/lib/modules/$version/" &&
		find "$dir/build" \( -name '*.o' -o -name '*.a' -o -name 'vmlinux*' -o -name '.*.cmd' \) \
			! -path '*/scripts/*' ! -name 'vmlinux.lds' -type f -delete &&
		rm -f "$dir/build/arch/arm64/boot/Image" &&
		depmod -b "$dir" "$version"
}
