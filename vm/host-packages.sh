# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The host's own tools: which are missing, which package has them, and installing these.
# Only packages of the host's own architecture, and no recommended ones.

# tool:package:why
host_tools() {
	cat <<-EOF
	qemu-system-aarch64:qemu-system-arm:runs the machine
	$(cross_compiler_line)
	make:make:builds
	gcc:gcc:builds the kernel's host tools
	dtc:device-tree-compiler:makes the device tree
	cpio:cpio:makes the initramfs
	depmod:kmod:orders the modules
	xz:xz-utils:unpacks the modules
	flock:util-linux:locks the cache
	setpriv:util-linux:leaves no process behind
	bc:bc:needed by the kernel's build
	patch:patch:applies Debian's patches to sources
	EOF
}

cross_compiler_line() {
	if [ "$(host_architecture)" = arm64 ]; then
		echo aarch64-linux-gnu-gcc:gcc:compiles for the guest
	else
		echo aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu:compiles for the guest
	fi
}

host_architecture() {
	dpkg --print-architecture 2>/dev/null || echo unknown
}

# The cross compiler only recommends its C library.
has_cross_libc() {
	[ "$(host_architecture)" = arm64 ] || [ -e /usr/aarch64-linux-gnu/include/stdio.h ]
}

# need_host_packages [TOOL:PACKAGE:WHY...]: the common ones and those named; TOOL is a command or
# the path of a file.
need_host_packages() {
	local tool package why missing=() whys=()

	while IFS=: read -r tool package why; do
		if [ -f "$tool" ] || command -v "$tool" >/dev/null; then
			continue
		fi
		[[ " ${missing[*]} " == *" $package "* ]] && continue
		missing+=("$package")
		whys+=("$package ($why)")
	done < <(host_tools; [ $# -eq 0 ] || printf '%s\n' "$@")
	if ! has_cross_libc; then
		missing+=(libc6-dev-arm64-cross)
		whys+=("libc6-dev-arm64-cross (C library to link against)")
	fi
	[ ${#missing[@]} -eq 0 ] || install_host_packages
}

# Uses missing and whys of its caller.
install_host_packages() {
	local as_root=() log=$BUILD/log/host-packages.log list
	local command="apt-get install --no-install-recommends ${missing[*]}"

	if [ "$(id -u)" -ne 0 ]; then
		command="sudo $command"
		as_root=(sudo)
	fi
	if ! command -v apt-get >/dev/null; then
		die setup "needed and missing: ${missing[*]} (this is not a Debian machine)"
	fi
	if [ -n "${OMNITEE_NO_INSTALL:-}" ]; then
		die setup "needed and missing: ${missing[*]}; type: $command"
	fi
	if [ ${#as_root[@]} -gt 0 ]; then
		command -v sudo >/dev/null ||
			die setup "needed and missing: ${missing[*]}; as root type: ${command#sudo }"
		# A password can only be asked for on a terminal. apt-get is all that may be allowed.
		if ! sudo -n apt-get --version >/dev/null 2>&1 && ! { [ -t 0 ] && sudo -v; }; then
			die setup "needed and missing: ${missing[*]}; type: $command"
		fi
	fi
	list=$(printf '%s, ' "${whys[@]}")
	say "installing on this machine: ${list%, }"
	if ! compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then
		run_child "${as_root[@]}" apt-get -q update >"$log" 2>&1 || :
	fi
	apt_install "${as_root[@]}" ||
		{ run_child "${as_root[@]}" apt-get -q update >>"$log" 2>&1 || :
		  apt_install "${as_root[@]}"; } ||
		die setup "could not install ${missing[*]}: $(reason_in "$log"); type: $command"
}

apt_install() {
	DEBIAN_FRONTEND=noninteractive run_child "$@" apt-get -q -y --no-install-recommends \
		--no-remove install "${missing[@]}" >>"$log" 2>&1 </dev/null
}
