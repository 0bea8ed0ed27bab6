# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The guest's kernel modules: what the harness itself needs, and the TEE modules asked for.

# Ways to the host, and a disk.
readonly HARNESS_MODULES=(virtio_mmio virtio_console virtio_blk ext4)
# ffa-module is the transport of FF-A, on kernels that have it.
readonly STOCK_TEE_MODULES=(tee optee optee-rng qcomtee ffa-module)

# The packages' modules, unpacked once for each kernel with the modules they depend on.
stock_modules_tree() {
	local key tree

	key=$(printf '%s\n' "$KERNEL_MODULES" "${HARNESS_MODULES[@]}" "${STOCK_TEE_MODULES[@]}" |
		sha256sum | cut -c 1-12)
	STOCK_TREE=$BUILD/modules/stock-$KVER-$key
	[ ! -d "$STOCK_TREE" ] || return 0
	say "unpacking the stock modules of $KVER"
	tree=$RUN_DIR/stock-modules
	mkdir -p "$tree"
	unpack_modules "$tree" "${HARNESS_MODULES[@]}" "${STOCK_TEE_MODULES[@]}"
	if ! { cp "$KERNEL_MODULES"/modules.{order,builtin,builtin.modinfo} "$tree/" &&
	       mkdir -p "$BUILD/modules" && mv -T "$tree" "$STOCK_TREE"; } 2>"$RUN_DIR/modules.log"
	then
		die setup "unpacking the modules of $KVER failed: $(reason_in "$RUN_DIR/modules.log")"
	fi
}

# unpack_modules TREE MODULE...: with the modules that they depend on.
unpack_modules() {
	local tree=$1 module path

	shift
	for module; do
		while read -r _ path _; do
			unpack_module "${path##*/lib/modules/"$KVER"/}" "$tree"
		done < <(modprobe -d "${KERNEL_MODULES%/lib/modules/*}" -S "$KVER" \
				--show-depends "$module" 2>/dev/null | grep '^insmod')
	done
}

# unpack_module PATH TREE: the guest's modprobe reads no compressed modules.
unpack_module() {
	mkdir -p "$2/${1%/*}"
	case $1 in
	*.xz) xz -dc "$KERNEL_MODULES/$1" >"$2/${1%.xz}" ;;
	*) cp "$KERNEL_MODULES/$1" "$2/$1" ;;
	esac
}

# copy_sources FROM TO: kbuild writes beside its sources, so it gets copies. Only files that
# differ are written, for make's sake; those that are gone are removed.
copy_sources() {
	local file

	mkdir -p "$2"
	while read -r file; do
		cmp -s "$1/$file" "$2/$file" && continue
		mkdir -p "$(dirname "$2/$file")"
		cp "$1/$file" "$2/$file" || return
	done < <(sources_in "$1")
	while read -r file; do
		[ -e "$1/$file" ] || rm -f "$2/$file"
	done < <(sources_in "$2")
}

sources_in() {
	(cd "$1" && find . \( -name '*.[chS]' -o -name Kbuild -o -name Makefile \) \
		! -name '*.mod.c' -type f)
}

# build_modules FOLDER: one of kernel, tests/kernel, tests/kernel/ours; into MODULES_BUILD/FOLDER.
build_modules() {
	local log=$BUILD/log/modules-${1//\//-}-$KVER.log

	say "building $1 for $KVER"
	step "building $1 for $KVER" "$log" \
		"${KERNEL_MAKE[@]}" -C "$HEADERS" ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- \
		M="$MODULES_BUILD/$1" W=1 KCFLAGS=-Werror -j"$(nproc)" modules
}

# modules_key: what the modules of a kernel are made of. kbuild takes seconds to see that there is
# nothing to do, and a check boots some hundred times.
modules_key() {
	{
		echo "$HEADERS" "${KERNEL_MAKE[@]}"
		aarch64-linux-gnu-gcc --version
		cat "$TOP/vm/modules.sh"
		cat "$HEADERS/include/config/auto.conf" "$HEADERS/Module.symvers"
		(cd "$TOP" && for folder in abi kernel tests/kernel; do
			sources_in "$folder" | sort | (cd "$folder" && xargs -d '\n' sha256sum)
		done)
	} | sha256sum
}

# Without what only debuggers read, which is nine tenths of them: the guest unpacks it all.
guest_modules() {
	local folder=$1 file

	while read -r file; do
		"${CROSS}strip" --strip-debug -o "${file%.ko}.guest" "$file" ||
			die setup "cannot strip $(short "$file")"
	done < <(find "$MODULES_BUILD/$folder" -name '*.ko')
}

copy_folder() {
	copy_sources "$TOP/$1" "$MODULES_BUILD/$1" ||
		die setup "cannot copy $1 to $(short "$MODULES_BUILD")"
}

# our_modules [FOLDER...]: builds kernel/ and these, unless the file .built says that they are.
our_modules() {
	local folder key built compiler

	MODULES_BUILD=$BUILD/modules/$KVER
	built=$MODULES_BUILD/.built
	for folder in abi "$@"; do
		[ -d "$TOP/$folder" ] || die setup "there is no folder $folder"
	done
	key=$(modules_key)
	if ! grep -qsxF "$key" "$built"; then
		rm -f "$built"
		# kbuild looks at a compiler's name, not at what it is.
		compiler=$(aarch64-linux-gnu-gcc --version)
		if [ "$compiler" != "$(cat "$MODULES_BUILD/.compiler" 2>/dev/null)" ]; then
			rm -rf "$MODULES_BUILD"
			mkdir -p "$MODULES_BUILD"
			echo "$compiler" >"$MODULES_BUILD/.compiler"
		fi
		copy_folder abi
	fi
	for folder; do
		if ! grep -qsxF "$folder" "$built"; then
			copy_folder "$folder"
			build_modules "$folder"
			guest_modules "$folder"
		fi
	done
	printf '%s\n' "$key" "$@" >"$RUN_DIR/built"
	grep -sxvF "$key" "$built" >>"$RUN_DIR/built"
	sort -u -o "$built" "$RUN_DIR/built"
}

# modules_setup: into RUN_TREE, with ours before the packaged ones.
modules_setup() {
	local tree=$RUN_TREE/lib/modules/$KVER folders=() file

	[ -n "$KERNEL_MODULES" ] || return 0
	stock_modules_tree
	mkdir -p "$tree/updates"
	cp -a "$STOCK_TREE/." "$tree/"
	case $MODULES in
	ours) folders+=(kernel) ;;
	stock | none) ;;
	*) find "$(readlink -f "$MODULES")" -name '*.ko' -exec cp -t "$tree/updates" {} + ;;
	esac
	[ -z "$TESTS" ] || folders+=(tests/kernel)
	[ -z "$TESTS" ] || [ "$MODULES" != ours ] || folders+=(tests/kernel/ours)
	if [ ${#folders[@]} -gt 0 ]; then
		headers_setup "$KERNEL"
		our_modules "${folders[@]}"
		while read -r file; do
			cp "$file" "$tree/updates/$(basename "$file" .guest).ko"
		done < <(find "${folders[@]/#/$MODULES_BUILD/}" -name '*.guest')
	fi
	step "ordering the modules of $KVER" "$BUILD/log/depmod.log" \
		depmod -b "$RUN_TREE" "$KVER"
}
