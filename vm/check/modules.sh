# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Our modules built for a kernel, with every warning an error, and read by sparse.

readonly MODULE_FOLDERS=(kernel tests/kernel tests/kernel/ours)

# module_sources KERNEL: sets HEADERS and MODULES_BUILD.
module_sources() {
	kernel_setup "$1"
	headers_setup "$1"
	build_lock
	our_modules "${MODULE_FOLDERS[@]}"
}

# In a shell of its own, because a failed set-up ends it.
modules_build() {
	(QUIET=1 && module_sources "$1")
}

check_modules() {
	local kernel

	for kernel in "${KERNELS[@]}"; do
		check_one "modules/$kernel" modules_build "$kernel"
	done
}

check_sparse() {
	local kernel

	for kernel in "${KERNELS[@]}"; do
		check_one "style/sparse-$kernel" style_sparse "$kernel"
	done
}
