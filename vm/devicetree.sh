# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The device tree: QEMU's own for this command line, and what a real firmware would have added.

# devicetree_base: prints the file with QEMU's tree as source; cached by the command line.
devicetree_base() {
	local key dts line

	line="$(qemu-system-aarch64 --version | head -n 1) ${MACHINE_ARGS[*]} ${FIRMWARE_ARGS[0]}"
	key=$(printf '%s' "$line" | sha256sum | cut -c 1-16)
	dts=$BUILD/devicetree/$key.dts
	if [ ! -e "$dts" ]; then
		mkdir -p "$BUILD/devicetree"
		step 'dumping the device tree' "$BUILD/log/devicetree.log" \
			qemu-system-aarch64 "${MACHINE_ARGS[@]}" "${FIRMWARE_ARGS[@]}" \
			-serial null -serial null -machine "dumpdtb=$RUN_DIR/base.dtb"
		step 'decompiling the device tree' "$BUILD/log/devicetree.log" \
			dtc -q -I dtb -O dts -o "$RUN_DIR/base.dts" "$RUN_DIR/base.dtb"
		mv "$RUN_DIR/base.dts" "$dts"
	fi
	DEVICETREE_BASE=$dts
}

# devicetree_additions BASE INITRD_START INITRD_END
devicetree_additions() {
	local cpu

	cat <<-EOF
	/ {
		psci {
			compatible = "arm,psci-1.0", "arm,psci-0.2";
			method = "smc";
		};
		cpus {
	EOF
	while read -r cpu; do
		printf '\t\t%s { enable-method = "psci"; };\n' "$cpu"
	done < <(sed -n 's/^\t\t\(cpu@[0-9a-f]*\) {$/\1/p' "$1")
	echo '	};'
	if [[ " ${SECURE[*]} " != *' optee=off '* && " ${SECURE[*]} " != *' optee=ffa '* ]]; then
		cat <<-EOF
			firmware {
				optee {
					compatible = "linaro,optee-tz";
					method = "smc";
					$(devicetree_notif)
				};
			};
		EOF
	fi
	devicetree_scm
	devicetree_static_shm
	# Seeds are fixed, because an unseeded generator makes every system call slower and a
	# random one makes runs differ.
	cat <<-EOF
		chosen {
			/delete-property/ kaslr-seed;
			bootargs = "$KERNEL_ARGS";
			linux,initrd-start = <0x0 $(printf '0x%x' "$2")>;
			linux,initrd-end = <0x0 $(printf '0x%x' "$3")>;
			rng-seed = <0x6f6d6e69 0x74656500 0x72756e73 0x616c696b
				    0x65657665 0x72797469 0x6d652e2e 0x00000001>;
		};
	};
	EOF
}

# secure_value KEY: the last value that --secure gave it.
secure_value() {
	printf '%s\n' "${SECURE[@]}" | sed -n "s/^$1=//p" | tail -n 1
}

# What makes the kernel's own Qualcomm drivers look for a QTEE; those of older kernels know none.
devicetree_scm() {
	[ "$(secure_value qtee)" = on ] && [ "$KERNEL" = newest ] || return 0
	cat <<-EOF
		firmware {
			scm {
				compatible = "qcom,scm";
			};
		};
	EOF
}

# The interrupt of asynchronous notifications, an edge; the defaults are those of the firmware.
devicetree_notif() {
	local value kind number=''

	value=$(secure_value async-notif)
	kind=${value%%:*}
	[[ $value != *:* ]] || number=${value#*:}
	# The firmware says what is wrong with another one.
	[[ $number =~ ^[0-9]{0,3}$ ]] || return 0
	case ${kind:-spi} in
	spi) echo "interrupts = <0 ${number:-187} 1>;" ;;
	ppi) echo "interrupts = <1 ${number:-4} 1>;" ;;
	esac
}

# What both worlds share from the start lies at the top of RAM; the kernel must not use it for
# anything else.
devicetree_static_shm() {
	local size top=$((0x40000000 + $(memory_size)))

	case $(secure_value static-shm) in
	on | only) ;;
	*) return ;;
	esac
	size=$(secure_value static-shm-size)
	[[ $size =~ ^(0x[0-9a-fA-F]+|[0-9]+)$ ]] || size=$((2 << 20))
	printf '\treserved-memory {\n\t\t#address-cells = <2>;\n\t\t#size-cells = <2>;\n\t\tranges;\n'
	printf '\t\toptee@%x {\n\t\t\treg = <0x%x 0x%x 0x0 0x%x>;\n\t\t\tno-map;\n\t\t};\n\t};\n' \
		$((top - size)) $(((top - size) >> 32)) $(((top - size) & 0xffffffff)) $((size))
}

memory_size() {
	case $MEM in
	*G) echo $((${MEM%G} << 30)) ;;
	*) echo $((${MEM%M} << 20)) ;;
	esac
}

# devicetree_make OUTPUT INITRD_START INITRD_END
devicetree_make() {
	devicetree_base
	{
		cat "$DEVICETREE_BASE"
		devicetree_additions "$DEVICETREE_BASE" "$2" "$3"
		# A source applied on top may be a complete one.
		[ -z "$DT" ] || sed '/^\/dts-v1\/;/d' "$DT"
	} >"$RUN_DIR/tree.dts"
	step "compiling the device tree${DT:+ with $DT}" "$RUN_DIR/dtc.log" \
		dtc -q -I dts -O dtb -i "$(dirname "${DT:-.}")" -o "$1" "$RUN_DIR/tree.dts"
}
