# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Debian's source of 6.12: for the debug kernel, and for checkpatch, which no other package has.

# Sets SOURCE, a folder that is not to be written.
kernel_source_setup() {
	cached_root source-6.12 2 kernel_source_package unpack_kernel_source
	SOURCE=$ROOT
}

kernel_source_package() {
	echo linux-source-6.12
}

# Of what is never built, only what kbuild and kconfig read.
unpack_kernel_source() {
	# shellcheck disable=SC2016 # for the inner shell
	run_child bash -c 'set -o pipefail; deb=$1 dir=$2; shift 2
		dpkg-deb --fsys-tarfile "$deb" |
		tar -xO --wildcards "./usr/src/linux-source-*.tar.xz" | xz -dc |
		tar -x --no-same-owner -C "$dir" --strip-components=1 "$@"' \
		unpack "$1" "$2" --wildcards \
		--exclude='*/Documentation/*/*' --exclude='*/drivers/gpu/*.[ch]' \
		--exclude='*/drivers/net/*/*.[ch]' --exclude='*/drivers/media/*.[ch]' \
		--exclude='*/drivers/staging/*.[ch]' --exclude='*/sound/*.[ch]' \
		--exclude='*/testing/*' --exclude='*/tools/perf/*' --exclude='*/arch/*.dts' \
		--exclude='*.dtsi' --exclude='*/arch/[b-z]*/*.[chS]' \
		--exclude='*/arch/al*.[chS]' --exclude='*/arch/arc/*.[chS]' \
		--exclude='*/arch/arm/*.[chS]'
}
