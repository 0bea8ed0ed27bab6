# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The options of ./run.

usage() {
	cat <<-'EOF'
	Usage: ./run [options] [-- COMMAND ARG...]

	Boots a Debian kernel beside the emulated secure world and runs COMMAND in it. Without
	COMMAND: the tour, which shows every TEE of the machine and talks to it.

	  --kernel 6.1|6.12|newest|debug|PATH
	                           Debian's kernel, or 6.12 built here with everything that looks
	                           for mistakes, an Image, or a folder with boot/ and lib/modules/
	                           as a kernel package unpacks to (default 6.12)
	  --modules ours|stock|none|DIR
	                           TEE modules: built from kernel/, the kernel's own, none, or
	                           the *.ko below DIR (default ours)
	  --firmware FILE          another secure world, which runs at EL3 from address 0
	  --secure KEY=VALUE       configures the emulation, repeatable: optee=smc|ffa|off, threads=N,
	                           ts=on|off (default on: partitions with Trusted Services),
	                           qtee=on|off (default off; on if optee=off and ts=off),
	                           guests=N; docs/secure-world.md has all
	  --dt FILE                device tree source applied on top
	  --add HOST:/GUEST        copies a file or folder into the guest, repeatable
	  --disk FILE              disk at /data that is kept; a missing one is made (64 MiB, ext4)
	  --flash FILE             the secure world's flash that is kept; a missing one is made
	  --smp N                  processors (default 4)
	  --cpu MODEL              their model, as QEMU names it (default cortex-a57)
	  --mem SIZE               memory, in M or G (default 448M, debug 1G)
	  --icount                 counts instructions instead of time (one processor)
	  --icount=N               time goes by with instructions, 2^N ns each, however slow this
	                           machine is (N up to 10; --smp as it is)
	  --append ARGS            more kernel arguments
	  --timeout S              the guest must be done by then (default 120, debug 600;
	                           0 and --shell: none)
	  --shell                  a shell instead of COMMAND; leave it with exit or Ctrl-A x
	  --supplicant             Debian's tee-supplicant runs in the guest, as it does without
	                           --tests; its files are on the --disk if there is one
	  --kexec                  with the kernel's Image at /boot, kexec, and
	                           /usr/lib/omnitee/next-kernel, which starts it again
	  --tests                  with the test programs and omnitee-sim in the guest
	  --tour all               the tour on {6.1, 6.12, newest} x {ours, stock}, then scenes in
	                           boots of their own: an object outlives a reboot
	  --update                 looks for newer packages than those in the cache
	  --log FILE               copies the kernel's console there
	  -q, --quiet              no progress
	  -h, --help

	COMMAND's output and exit status are those of ./run. It gets no input. The harness's own
	statuses: 2 wrong usage, 124 the guest hangs, 125 the set-up failed, 126 the kernel
	panicked, warned or ended without a status. Such an end always comes with a line on stderr.
	EOF
}

usage_error() {
	die usage "$* (see ./run --help)"
}

options_default() {
	KERNEL=6.12 MODULES='' FIRMWARE='' SECURE=() DT='' ADD=() DISK='' FLASH='' SMP='' MEM='' CPU=cortex-a57
	ICOUNT='' ONE_PROCESSOR='' APPEND='' TIMEOUT='' SHELL_MODE='' TESTS='' KEXEC='' TOUR='' UPDATE='' LOG='' SUPPLICANT='' COMMAND=()
}

# Each option that takes a value takes it as the next word or after "=".
options_parse() {
	local option value

	options_default
	while [ $# -gt 0 ]; do
		option=$1
		shift
		case $option in
		--) COMMAND=("$@"); [ $# -gt 0 ] || usage_error 'no COMMAND after --'; break ;;
		--icount) ICOUNT=0 ONE_PROCESSOR=1; continue ;;
		--icount=*) ICOUNT=${option#*=}; ICOUNT=${ICOUNT:-nothing}; continue ;;
		--shell) SHELL_MODE=1; continue ;;
		--tests) TESTS=1; continue ;;
		--kexec) KEXEC=1; continue ;;
		--supplicant) SUPPLICANT=1; continue ;;
		--update) UPDATE=1; continue ;;
		-q | --quiet) QUIET=1; continue ;;
		-h | --help) usage; exit 0 ;;
		--*=*) value=${option#*=} option=${option%%=*} ;;
		--?*)
			options_known "$option" || usage_error "unknown option $option"
			[ $# -gt 0 ] || usage_error "$option needs a value"
			value=$1
			shift
			;;
		-*) usage_error "unknown option $option" ;;
		*) usage_error "unexpected $option: COMMAND comes after --" ;;
		esac
		options_set "$option" "$value"
	done
	options_check
}

options_known() {
	case $1 in
	--kernel | --modules | --firmware | --secure | --dt | --add | --disk | --flash | --smp | --cpu | \
	--mem | --append | --timeout | --tour | --log) ;;
	*) return 1 ;;
	esac
}

options_set() {
	case $1 in
	--kernel) KERNEL=$2 ;;
	--modules) MODULES=$2 ;;
	--firmware) FIRMWARE=$2 ;;
	--secure) SECURE+=("$2") ;;
	--dt) DT=$2 ;;
	--add) ADD+=("$2") ;;
	--disk) DISK=$2 ;;
	--flash) FLASH=$2 ;;
	--smp) SMP=$2 ;;
	--cpu) CPU=$2 ;;
	--mem) MEM=$2 ;;
	--append) APPEND=$2 ;;
	--timeout) TIMEOUT=$2 ;;
	--tour) TOUR=$2 ;;
	--log) LOG=$2 ;;
	*) usage_error "unknown option $1" ;;
	esac
}

options_check() {
	local word memory=448M timeout=120

	case $KERNEL in
	6.1 | 6.12 | newest) : "${MODULES:=ours}" ;;
	debug)
		memory=1G timeout=600
		: "${MODULES:=ours}"
		[ "$MODULES" != stock ] || usage_error '--kernel debug has no TEE modules of its own'
		;;
	*)
		[ -e "$KERNEL" ] ||
			usage_error "--kernel $KERNEL: neither 6.1, 6.12, newest, debug nor a file"
		: "${MODULES:=none}"
		if [ ! -d "$KERNEL" ] && [ "$MODULES" != none ]; then
			usage_error "--modules $MODULES: an Image alone comes without modules"
		fi
		[ "$MODULES" != ours ] || usage_error '--modules ours: only for the kernels with a name'
		;;
	esac
	case $MODULES in
	ours | stock | none) ;;
	*) [ -d "$MODULES" ] || usage_error "--modules $MODULES: neither ours, stock, none nor a folder" ;;
	esac
	for word in ${FIRMWARE:+"$FIRMWARE"} ${DT:+"$DT"}; do
		{ [ -f "$word" ] && [ -r "$word" ]; } || usage_error "$word: no such file"
	done
	for word in "${SECURE[@]}"; do
		[[ $word =~ ^[a-z][a-z0-9-]*=[A-Za-z0-9:._,/-]+$ ]] ||
			usage_error "--secure $word: not KEY=VALUE"
	done
	for word in "${ADD[@]}"; do
		[[ $word == *:/* ]] || usage_error "--add $word: not HOST:/GUEST"
		[ -e "${word%:*}" ] || usage_error "--add $word: there is no ${word%:*}"
	done
	for word in ${DISK:+"$DISK"} ${FLASH:+"$FLASH"} ${LOG:+"$LOG"}; do
		[ -d "$(dirname "$word")" ] || usage_error "$word: there is no folder $(dirname "$word")"
		[ ! -d "$word" ] || usage_error "$word is a folder"
	done
	[ -z "$ICOUNT" ] || [[ $ICOUNT =~ ^([0-9]|10)$ ]] || usage_error "--icount=$ICOUNT: not 0 to 10"
	[ -z "$ONE_PROCESSOR" ] || [ "${SMP:=1}" = 1 ] || usage_error '--icount means one processor'
	: "${SMP:=4}"
	[[ $SMP =~ ^([1-9]|1[0-6])$ ]] || usage_error "--smp $SMP: not 1 to 16"
	[[ $CPU =~ ^[a-z0-9-]+$ ]] || usage_error "--cpu $CPU: not a model's name"
	: "${MEM:=$memory}"
	[[ $MEM =~ ^[1-9][0-9]{0,4}[MG]$ ]] || usage_error "--mem $MEM: not a size like 448M or 1G"
	[[ $MEM == *G ]] || [ "${MEM%M}" -ge 256 ] || usage_error "--mem $MEM: at least 256M"
	[[ $APPEND != *[\"\\]* ]] || usage_error '--append: no quotes or backslashes'
	[[ $TIMEOUT =~ ^[0-9]{0,6}$ ]] || usage_error "--timeout $TIMEOUT: not a number of seconds"
	[ -n "$TIMEOUT" ] || [ -n "$SHELL_MODE" ] || TIMEOUT=$timeout
	[ "$TIMEOUT" != 0 ] || TIMEOUT=
	case $TOUR in
	'' | all) ;;
	*) usage_error "--tour $TOUR: only all" ;;
	esac
	if [ ${#COMMAND[@]} -gt 0 ] && [ -n "$SHELL_MODE$TOUR" ]; then
		usage_error 'COMMAND does not go with --shell or --tour'
	fi
	if [ -n "$SHELL_MODE" ] && ! [ -t 0 ]; then
		usage_error '--shell needs a terminal; commands go after --'
	fi
	[ -n "$TESTS" ] || [ "$MODULES" = none ] || SUPPLICANT=1
	# A machine with each TEE that costs nothing; QTEE is asked for, or the only one that is left.
	[ -n "$FIRMWARE" ] || [ -n "$(secure_value ts)" ] || SECURE=(ts=on "${SECURE[@]}")
	if [ "$(secure_value optee)$(secure_value ts)" = offoff ] &&
	   [ -z "$FIRMWARE$(secure_value qtee)$(secure_value guests)" ]; then
		SECURE+=(qtee=on)
	fi
	[ -z "$SHELL_MODE" ] || [ -z "$TOUR" ] || usage_error '--shell does not go with --tour'
}
