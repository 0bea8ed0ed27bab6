# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The initramfs, in layers that the kernel unpacks one after the other: what rarely changes is
# kept, what belongs to one run is made for it.

# pack DIR FILE: the same tree gives the same bytes.
pack() {
	(cd "$1" && find . -mindepth 1 -exec touch -h -d @1 {} + &&
		find . -mindepth 1 -print0 | LC_ALL=C sort -z |
		cpio --null --create --format=newc --reproducible --owner=0:0 --quiet) >"$2"
}

# Debian's libraries and busybox, which is also every command.
initramfs_base_layer() {
	local key

	key=$(cat "$GUEST_ROOT/.packages" "$TOP/vm/initramfs.sh" | sha256sum | cut -c 1-16)
	BASE_LAYER=$BUILD/initramfs/base-$key.cpio
	[ ! -e "$BASE_LAYER" ] || return 0
	say 'packing the base of the guest'
	mkdir -p "$BUILD/initramfs"
	if ! { base_tree "$RUN_DIR/base" && pack "$RUN_DIR/base" "$RUN_DIR/base.cpio" &&
	       mv "$RUN_DIR/base.cpio" "$BASE_LAYER"; } 2>"$BUILD/log/base.log"; then
		die setup "packing the base of the guest failed: $(reason_in "$BUILD/log/base.log")"
	fi
	rm -rf "$RUN_DIR/base"
}

base_tree() {
	local dir=$1

	mkdir -p "$dir"/{bin,sbin,usr/bin,usr/sbin,etc,dev,proc,sys,tmp,run,root,home/user,data} &&
	mkdir -p "$dir"/{var/lib/tee,lib/aarch64-linux-gnu,usr/lib/aarch64-linux-gnu} &&
	cp -a "$GUEST_ROOT"/bin/busybox "$dir/bin/" &&
	cp -a "$GUEST_ROOT"/lib/aarch64-linux-gnu/. "$dir/lib/aarch64-linux-gnu/" &&
	cp -a "$GUEST_ROOT"/lib/ld-linux-aarch64.so.1 "$dir/lib/" &&
	cp -a "$GUEST_ROOT"/usr/lib/aarch64-linux-gnu/*.so.* "$dir/usr/lib/aarch64-linux-gnu/" &&
	cp -a "$GUEST_ROOT"/usr/sbin/tee-supplicant "$dir/usr/sbin/" &&
	ln -s busybox "$dir/bin/sh" &&
	printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home/user:/bin/sh\n' \
		>"$dir/etc/passwd" &&
	printf 'root:x:0:\nuser:x:1000:\nteeclnt:x:1001:\n' >"$dir/etc/group" &&
	echo omnitee >"$dir/etc/hostname" &&
	echo '127.0.0.1 localhost omnitee' >"$dir/etc/hosts"
}

# The run's own layer is a tree that the steps fill in.
initramfs_run_tree() {
	RUN_TREE=$RUN_DIR/tree
	mkdir -p "$RUN_TREE"/{etc/omnitee,usr/bin,usr/lib/omnitee}
	install -m 755 "$TOP/vm/guest/init" "$RUN_TREE/init"
}

# initramfs_settings NAME=VALUE...: what init reads.
initramfs_settings() {
	local setting

	for setting in "$@"; do
		printf '%s=%s\n' "${setting%%=*}" "$(shell_quote "${setting#*=}")"
	done >"$RUN_TREE/etc/omnitee/settings"
}

# initramfs_command ARG...: what init runs.
initramfs_command() {
	local arg

	{
		printf 'set --'
		for arg in "$@"; do
			printf ' %s' "$(shell_quote "$arg")"
		done
		echo
	} >"$RUN_TREE/etc/omnitee/command"
}

shell_quote() {
	printf "'%s'" "${1//\'/\'\\\'\'}"
}

# initramfs_add HOST:/GUEST: a file or a folder of the host.
initramfs_add() {
	local host=${1%:*} guest=${1##*:} target

	target=$RUN_TREE/${guest#/}
	if [ -d "$host" ]; then
		mkdir -p "$target" && cp -aL "$host/." "$target/"
	else
		[[ $guest != */ ]] || target=$target${host##*/}
		mkdir -p "$(dirname "$target")" && cp -aL "$host" "$target"
	fi 2>"$RUN_DIR/add.log" ||
		die setup "--add $1: $(reason_in "$RUN_DIR/add.log")"
}

# initramfs_make OUTPUT
initramfs_make() {
	if ! { pack "$RUN_TREE" "$RUN_DIR/run.cpio" &&
	       cat "$BASE_LAYER" "$RUN_DIR/run.cpio" >"$1"; } 2>"$RUN_DIR/pack.log"; then
		die setup "packing the initramfs failed: $(reason_in "$RUN_DIR/pack.log")"
	fi
	rm -rf "$RUN_DIR/run.cpio" "$RUN_TREE"
}
