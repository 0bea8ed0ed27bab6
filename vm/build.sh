# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Builds of this repository for the guest, all under build/. make decides what is to be done.

readonly CROSS=aarch64-linux-gnu-

# Builds of runs at the same time take turns; each takes copies of what it uses before it lets go.
build_lock() {
	exec {BUILD_LOCK}>"$BUILD/lock"
	if ! flock -n "$BUILD_LOCK"; then
		say 'waiting for another build'
		run_child flock "$BUILD_LOCK"
	fi
}

build_unlock() {
	exec {BUILD_LOCK}>&-
}

build_folder() {
	local folder=$1 log=$BUILD/log/${1//\//-}.log

	shift
	say "building $folder"
	step "building $folder" "$log" make -C "$TOP/$folder" -j"$(nproc)" \
		O="$BUILD/$folder" CROSS_COMPILE=$CROSS SYSROOT="$GUEST_ROOT" "$@"
}

# Sets FIRMWARE_FILE, a copy of this run's own.
firmware_setup() {
	FIRMWARE_FILE=$RUN_DIR/firmware.bin
	if [ -z "$FIRMWARE" ]; then
		build_folder secure MBEDTLS="$MBEDTLS"
		FIRMWARE=$BUILD/secure/omnitee.bin
	fi
	cp "$FIRMWARE" "$FIRMWARE_FILE" || die setup "cannot copy $FIRMWARE"
}

# Guest programs into RUN_TREE.
programs_setup() {
	build_folder tools/teectl
	cp "$BUILD/tools/teectl/teectl" "$RUN_TREE/usr/bin/"
	tour_setup
	[ -z "$TESTS" ] || tests_setup
	[ -z "$KEXEC" ] || kexec_setup
}

# Another kernel after this one; the Image is a copy, so that it is there without a disk.
kexec_setup() {
	local out=$BUILD/vm/guest/kexec source=$TOP/vm/guest/kexec.c

	mkdir -p "${out%/*}" "$RUN_TREE/boot"
	if [ "$source" -nt "$out" ]; then
		step 'building kexec' "$BUILD/log/kexec.log" \
			${CROSS}gcc -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -static \
			-o "$out" "$source"
	fi
	cp "$out" "$RUN_TREE/usr/bin/"
	cp "$KERNEL_IMAGE" "$RUN_TREE/boot/Image"
	install -m 755 "$TOP/vm/guest/next-kernel" "$RUN_TREE/usr/lib/omnitee/next-kernel"
}

tour_setup() {
	local out=$BUILD/vm/guest/hello-libteec source=$TOP/vm/guest/hello-libteec.c

	mkdir -p "${out%/*}"
	if [ "$source" -nt "$out" ] || [ "$TOP/abi/apps.h" -nt "$out" ]; then
		step 'building the libteec client' "$BUILD/log/hello-libteec.log" \
			${CROSS}gcc -std=gnu11 -O2 -Wall -Wextra -Werror -I"$TOP/abi" \
			-I"$GUEST_ROOT/usr/include" -o "$out" "$source" \
			-L"$GUEST_ROOT/usr/lib/aarch64-linux-gnu" -lteec
	fi
	cp "$out" "$RUN_TREE/usr/bin/"
	install -m 755 "$TOP/vm/guest/tour" "$RUN_TREE/usr/lib/omnitee/tour"
	mkdir -p "$RUN_TREE/usr/lib/omnitee/scenes"
	install -m 755 "$TOP"/vm/guest/scenes/* "$RUN_TREE/usr/lib/omnitee/scenes/"
}

tests_setup() {
	local dir=$RUN_TREE/usr/lib/omnitee/tests

	build_folder tests/vm
	mkdir -p "$dir"
	find "$BUILD/tests/vm" -maxdepth 1 -type f -perm -u+x -exec cp -t "$dir" {} +
	install -m 755 "$TOP/vm/guest/run-tests" "$RUN_TREE/usr/lib/omnitee/run-tests"
}
