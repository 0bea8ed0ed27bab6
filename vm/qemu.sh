# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The machine: its command line, its start, and watching it to its end.

# Where things are put in RAM, which begins at 0x40000000. The tree tells the kernel all of it.
readonly IMAGE_ADDRESS=$((0x40200000)) INITRD_ADDRESS=$((0x48000000)) TREE_ADDRESS=$((0x4f000000))
readonly FLASH_SIZE=$((64 << 20))

# Until the kernel's first words, which is less than a run has by default, and after the guest is through with everything.
SILENCE_LIMIT=80 POWER_OFF_LIMIT=10

machine_args() {
	MACHINE_ARGS=(-machine "virt,secure=on,virtualization=on,gic-version=3"
		-cpu "$CPU" -smp "$SMP" -m "$MEM" -nodefaults -display none -no-reboot)
	[ -z "$ICOUNT" ] || MACHINE_ARGS+=(-icount "shift=$ICOUNT")
	if [ -n "$FLASH" ]; then
		flash_setup
		FIRMWARE_ARGS=(-drive "if=pflash,unit=0,format=raw,file=${FLASH//,/,,}")
	else
		FIRMWARE_ARGS=(-bios "$FIRMWARE_FILE")
	fi
}

# The firmware lies at the beginning of the kept flash, the rest is its to use.
flash_setup() {
	if ! { truncate -s "$FLASH_SIZE" "$FLASH" &&
	       dd if="$FIRMWARE_FILE" of="$FLASH" conv=notrunc bs=64k status=none
	     } 2>"$RUN_DIR/flash.log"; then
		die setup "--flash $FLASH: $(reason_in "$RUN_DIR/flash.log")"
	fi
}

# A new disk is an empty sparse file; the guest makes no file system, so the host does.
disk_setup() {
	[ ! -e "$DISK" ] || return 0
	if ! { truncate -s 64M "$DISK" && run_child mkfs.ext4 -q -F "$DISK"; } 2>"$RUN_DIR/disk.log"
	then
		rm -f "$DISK"
		die setup "--disk $DISK: $(reason_in "$RUN_DIR/disk.log")"
	fi
}

# load FILE ADDRESS
load() {
	QEMU_ARGS+=(-device "loader,file=${1//,/,,},addr=$(printf '0x%x' "$2"),force-raw=on")
}

# fits FILE ADDRESS LIMIT WHAT
fits() {
	local size

	size=$(stat -L -c %s "$1")
	[ $(($2 + size)) -le "$3" ] ||
		die setup "$4 is too large: $((size >> 20)) of $((($3 - $2) >> 20)) MiB"
}

qemu_args() {
	local initrd=$RUN_DIR/initramfs.cpio tree=$RUN_DIR/tree.dtb

	QEMU_ARGS=("${MACHINE_ARGS[@]}" "${FIRMWARE_ARGS[@]}"
		-serial "file:$KERNEL_LOG"
		-chardev "pipe,id=secure,path=$RUN_DIR/secure,logfile=$SECURE_LOG" -serial chardev:secure
		-global virtio-mmio.force-legacy=false
		-device 'virtio-serial-device,max_ports=8')
	qemu_port status "file,path=$RUN_DIR/status"
	# What the guest writes there is typed at the secure console.
	qemu_port secure-console "file,path=$RUN_DIR/secure.in"
	if [ -n "$SHELL_MODE" ]; then
		QEMU_ARGS+=(-chardev 'stdio,id=shell,mux=on,signal=off'
			-device 'virtconsole,chardev=shell')
	else
		qemu_port out "file,path=$RUN_DIR/out"
		qemu_port err "file,path=$RUN_DIR/err"
	fi
	if [ -n "$DISK" ]; then
		QEMU_ARGS+=(-drive "if=none,id=disk,format=raw,file=${DISK//,/,,}"
			-device 'virtio-blk-device,drive=disk')
	fi
	if [ ${#SECURE[@]} -gt 0 ]; then
		QEMU_ARGS+=(-fw_cfg "name=opt/org.omnitee/secure,string=${SECURE[*]}")
	fi
	fits "$KERNEL_IMAGE" "$IMAGE_ADDRESS" "$INITRD_ADDRESS" 'the kernel'
	fits "$initrd" "$INITRD_ADDRESS" "$TREE_ADDRESS" 'the initramfs (--add less, or use --disk)'
	load "$KERNEL_IMAGE" "$IMAGE_ADDRESS"
	load "$initrd" "$INITRD_ADDRESS"
	load "$tree" "$TREE_ADDRESS"
}

qemu_port() {
	QEMU_ARGS+=(-chardev "$2,id=$1" -device "virtserialport,chardev=$1,name=org.omnitee.$1")
}

# The guest's output goes through pipes, because QEMU would truncate and cannot share the caller's.
qemu_start() {
	: >"$RUN_DIR/status"
	# The log has it all; somebody must read the pipe as well.
	mkfifo "$RUN_DIR/secure.in" "$RUN_DIR/secure.out"
	spawn cat "$RUN_DIR/secure.out" >/dev/null
	OUTPUT=()
	if [ -z "$SHELL_MODE" ]; then
		mkfifo "$RUN_DIR/out" "$RUN_DIR/err"
		spawn cat "$RUN_DIR/out"
		OUTPUT+=("$SPAWNED")
		spawn cat "$RUN_DIR/err" >&2
		OUTPUT+=("$SPAWNED")
	elif [ -t 0 ]; then
		SAVED_TTY=$(stty -g)
	fi
	INPUT=${SHELL_MODE:+0} spawn qemu-system-aarch64 "${QEMU_ARGS[@]}" 2>"$RUN_DIR/qemu.log"
	QEMU=$SPAWNED
}

qemu_stop() {
	kill -KILL "$QEMU" 2>/dev/null
	reap "$QEMU"
	QEMU_STATUS=0
}

# pause SECONDS, without a process; signals end it.
exec {NEVER}<> <(:)
pause() {
	read -rt "$1" -u "$NEVER" || :
}

# Somebody like head has read enough: there is nothing left to run for. Where QEMU has closed the
# pipe, cat has not failed, and QEMU is about to end.
reader_is_gone() {
	[ -n "${OUTPUT[0]:-}" ] && ! kill -0 "${OUTPUT[0]}" 2>/dev/null || return
	! reap "${OUTPUT[0]}" || { unset 'OUTPUT[0]'; return 1; }
}

# qemu_watch: sets ENDED to power-off, hang, silence or reader, and QEMU_STATUS.
qemu_watch() {
	local start=$SECONDS done_at='' panic_at='' up=''

	[ "$KERNEL" != debug ] || SILENCE_LIMIT=320 POWER_OFF_LIMIT=60
	ENDED=power-off
	while kill -0 "$QEMU" 2>/dev/null; do
		pause 0.1
		if reader_is_gone; then
			ENDED=reader
			qemu_stop
			return
		fi
		if [ -z "$up" ] && grep -q '^up' "$RUN_DIR/status"; then
			up=1
			say 'the guest is up'
		fi
		if [ -z "$done_at" ] && grep -q '^status' "$RUN_DIR/status"; then
			done_at=$SECONDS
		fi
		if [ -z "$panic_at" ] && grep -qa 'Kernel panic - not' "$KERNEL_LOG"; then
			panic_at=$SECONDS
		fi
		if [ -n "$done_at" ]; then
			# Not every firmware can power off.
			[ $((SECONDS - done_at)) -lt $POWER_OFF_LIMIT ] || { qemu_stop; return; }
		elif [ -n "$panic_at" ]; then
			[ $((SECONDS - panic_at)) -lt 3 ] || { qemu_stop; return; }
		elif [ ! -s "$KERNEL_LOG" ] && [ $((SECONDS - start)) -ge $SILENCE_LIMIT ]; then
			ENDED=silence
			qemu_stop
			return
		elif [ -n "$TIMEOUT" ] && [ $((SECONDS - start)) -ge "$TIMEOUT" ]; then
			ENDED=hang
			qemu_stop
			return
		fi
	done
	QEMU_STATUS=0
	reap "$QEMU" || QEMU_STATUS=$?
}

# Whatever is still in the pipes.
qemu_drain() {
	local pid

	for pid in "${OUTPUT[@]}"; do
		reap "$pid"
	done
}
