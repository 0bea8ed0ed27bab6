# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# The test programs in the guest: one boot for each configuration runs all of them.

# By kernel; the debug kernel is slow. Several times as long as it takes, as each case has its limit, but
# the others still have their time if a guest stands still for ever.
guest_timeout() {
	if [ "$1" = debug ]; then echo 3600; else echo 2400; fi
}

# Many CPUs find more races and cost much where a machine of few emulates them: one configuration has
# them, for the others two are enough. The newer model needs no emulation of PAN, whose switches of
# tables QEMU follows with flushes; the old one, the default, is that of all boots of the harness.
guest_machine() {
	MACHINE=(--smp 2 --cpu cortex-a76)
	[ "$1" != 6.12/ours ] || MACHINE[1]=4
}

# Those that need a QTEE.
readonly QTEE_PROGRAMS='qtee-answers qtee-async qtee-busy qtee-callback qtee-clients qtee-ends qtee-hostile qtee-invoke qtee-kill qtee-library qtee-lifetime qtee-nest qtee-objects qtee-root qtee-sleep qtee-smc qtee-storm qtee-supplicant qtee-suspend teectl-qtee'

# Those that skip all their cases where nothing is set: they have variants of their own below, or
# boots of the harness's tests.
readonly ELSEWHERE="$QTEE_PROGRAMS ffa-bus ffa-load ffa-minute ffa-notify optee-ffa optee-kexec qtee-kexec teectl-ts tstee tstee-clients tstee-crypto tstee-hostile tstee-kexec tstee-libts tstee-many tstee-waits"

# What OP-TEE does over FF-A: all but what is about its SMCs, or so long that the way there does not
# matter. And the core of that.
FFA_PROGRAMS='libteec optee-deadlock optee-debugfs optee-ends optee-enumeration optee-faults optee-ffa optee-kill optee-notif'
FFA_PROGRAMS+=' optee-notif-client optee-notif-cpus optee-notif-devices optee-panic optee-preempt optee-rng optee-rpc optee-storage'
FFA_PROGRAMS+=' optee-supplicant optee-system optee-system-slots optee-teardown optee-threads optee-trace tee-buffers tee-cancel tee-close tee-identity tee-ioctl'
FFA_PROGRAMS+=' tee-lifetime tee-memref tee-midcall tee-modules tee-open-session tee-params tee-pass tee-shm tee-supplicant'
FFA_PROGRAMS+=' tee-supplicant-memory tee-version teectl'
readonly FFA_PROGRAMS
readonly FFA_FEW='libteec optee-ffa optee-rpc optee-storage tee-buffers tee-lifetime tee-memref tee-params tee-shm'

# The secure world with other settings: KERNEL/MODULES+KEY=VALUE, and the programs that meet the
# setting; guest-id=N is not the secure world's, but who Linux says it is.
readonly GUEST_VARIANTS=(
	'6.12/ours+rpc-arg=off optee-ends optee-faults optee-rpc optee-storage optee-supplicant optee-system tee-close tee-memref tee-supplicant-memory'
	'6.12/ours+ffa=on ffa-smc optee-smc tee-params'
	'6.12/ours+ffa=on+ffa-version=1.0 ffa-bus'
	'6.1/ours+ts=on+ffa-version=1.1 ffa-bus tstee'
	'6.1/ours+ts=on ffa-bus ffa-load tstee tstee-clients tstee-crypto tstee-hostile tstee-libts'
	'6.12/ours+ts=on ffa-bus ffa-load ffa-notify teectl-ts tstee tstee-clients tstee-crypto tstee-hostile tstee-libts tstee-waits'
	'newest/ours+ts=on ffa-bus tstee tstee-clients tstee-crypto tstee-hostile tstee-libts'
	'6.12/ours+ts=on+ts-test=20 tstee-many'
	'6.12/ours+optee=off+ts=on+ts-test=20+ts-storage-id=0x8abc tstee-many'
	"6.12/ours+optee=ffa $FFA_PROGRAMS"
	'6.1/ours+optee=ffa optee-ffa optee-kill tee-lifetime tee-shm'
	"newest/ours+optee=ffa $FFA_FEW optee-notif-client tee-close"
	"newest/stock+optee=ffa $FFA_FEW"
	'6.12/ours+static-shm=only libteec optee-faults optee-kill optee-rng optee-rpc optee-storage optee-supplicant optee-system optee-system-slots tee-close tee-lifetime tee-memref tee-params tee-supplicant-memory'
	'6.12/ours+guests=1+guest-id=5 libteec optee-kill optee-notif optee-suspend optee-system tee-lifetime tee-memref'
	"6.1/ours+qtee=on $QTEE_PROGRAMS"
	"6.12/ours+qtee=on $QTEE_PROGRAMS"
	"newest/ours+qtee=on $QTEE_PROGRAMS"
	"newest/stock+qtee=on $QTEE_PROGRAMS"
	'6.12/ours+threads=1 optee-faults optee-kill optee-supplicant optee-teardown optee-threads tee-lifetime'
)

# The same where everything looks for mistakes.
readonly DEBUG_VARIANTS=(
	"debug/ours+qtee=on $QTEE_PROGRAMS"
)

# guest_variant CONFIGURATION: its programs; fails for a configuration that has all the others.
guest_variant() {
	local variant

	for variant in "${GUEST_VARIANTS[@]}" "${DEBUG_VARIANTS[@]}"; do
		[ "${variant%% *}" != "$1" ] || { echo "${variant#* }"; return; }
	done
	return 1
}

# Cases are declared TEST(case) at the beginning of a line of tests/vm/PROGRAM.c.
guest_cases() {
	local file program

	for file in "$TOP"/tests/vm/*.c; do
		[ -e "$file" ] || continue
		program=${file##*/}
		sed -n "s/^TEST(\\([A-Za-z0-9_-]*\\).*/${program%.c}.\\1/p" "$file"
	done
}

# The symptom that tests/stock-defects expects of KERNEL MODULES CASE; fails if none.
expected_defect() {
	awk -v kernel="$1" -v modules="$2" -v name="$3" '
		/^[ \t]*(#|$)/ { next }
		$1 == kernel && $2 == modules && $3 == name {
			sub(/^[^ \t]+[ \t]+[^ \t]+[ \t]+[^ \t]+[ \t]+/, "")
			sub(/[ \t]+#.*$/, "")
			print
			found = 1
			exit
		}
		END { exit !found }' "$TOP/tests/stock-defects" 2>/dev/null
}

# judge KERNEL MODULES LINE: reports a result of the guest, seen in the light of known defects.
judge() {
	local reason defect line=$3 full

	result_name "$line"
	full=$1/$2/$NAME
	if [[ $2 != stock* ]] || ! defect=$(expected_defect "$1" "$2" "$NAME"); then
		report "${line/ $NAME/ $full}"
		return
	fi
	reason=${line#*: }
	if [[ $line == 'not ok '* ]] && grep -qE -- "$defect" <<<"$reason"; then
		report "ok $full (fails as tests/stock-defects says: $reason)"
	elif [[ $line == 'not ok '* ]]; then
		report "not ok $full: tests/stock-defects expects \"$defect\", but: $reason"
	else
		report "not ok $full: tests/stock-defects expects \"$defect\", but: ${line%% *}"
	fi
}

# guest_suite KERNEL MODULES[+KEY=VALUE...] CASE...
guest_suite() {
	local kernel=$1 modules=$2 log line name status=0 reason lines run setting secure=() programs
	local -A missing=()

	shift 2
	say "guest: $kernel/$modules, $# cases"
	guest_machine "$kernel/$modules"
	log=$BUILD/log/check-guest-$kernel-$modules.log
	for name; do
		missing[$name]=1
	done
	if [ ${#SELECTION[@]} -eq 0 ]; then
		mapfile -t programs < <(printf '%s\n' "$@" | cut -d . -f 1 | sort -u)
		set -- "${programs[@]}"
	fi
	IFS=+ read -ra setting <<<"$modules"
	# Without FF-A, unless the configuration says so. The guest id is the kernel's to know.
	for name in ts=off "${setting[@]:1}"; do
		case $name in
		guest-id=*) secure+=(--append "optee.guest_id=${name#*=}") ;;
		*) secure+=(--secure "$name") ;;
		esac
	done
	[ "$kernel" != debug ] || missing[kmemleak.modules_leak_nothing]=1
	# Two write there: at its end.
	: >"$log"
	exec {lines}< <(exec setpriv --pdeathsig TERM -- "$TOP/run" --kernel "$kernel" \
		--modules "${setting[0]}" "${MACHINE[@]}" "${secure[@]}" --tests --timeout "$(guest_timeout "$kernel")" \
		-- /usr/lib/omnitee/run-tests "$@" 2>>"$log")
	run=$!
	while read -ru "$lines" line; do
		printf '%s\n' "$line" >>"$log"
		is_result "$line" || continue
		result_name "$line"
		unset "missing[$NAME]"
		judge "$kernel" "$modules" "$line"
	done
	exec {lines}<&-
	wait "$run" || status=$?
	reason=$(grep '^run: ' "$log" | tail -n 1)
	# What could not be set up is one failure, not one for each case.
	if [ $status -eq 125 ] && ! grep -qE '^(ok|not ok|skip) ' "$log"; then
		report "not ok $kernel/$modules/boot: ${reason:-$(short "$log")}"
		return
	fi
	for name in "${!missing[@]}"; do
		report "not ok $kernel/$modules/$name: no result; ${reason:-$(short "$log")}"
	done
	# A kernel warning is the failed case's; without one it is nobody's.
	case $status in
	0 | 1) report "ok $kernel/$modules/boot" ;;
	126)
		if [ ${#missing[@]} -eq 0 ] && grep -q '^not ok ' "$log"; then
			report "ok $kernel/$modules/boot"
		else
			report "not ok $kernel/$modules/boot: $reason"
		fi
		;;
	*) report "not ok $kernel/$modules/boot: ${reason:-status $status} ($(short "$log"))" ;;
	esac
}

# check_guest CONFIGURATION...: KERNEL/MODULES; into the queue.
check_guest() {
	local configuration name cases=() selected programs

	mapfile -t cases < <(guest_cases)
	for configuration; do
		selected=()
		programs=$(guest_variant "$configuration") || programs=''
		for name in "${cases[@]}"; do
			if [ -n "$programs" ]; then
				[[ " $programs " == *" ${name%%.*} "* ]] || continue
			else
				[[ " $ELSEWHERE " != *" ${name%%.*} "* ]] || continue
			fi
			wanted "$configuration/$name" && selected+=("$name")
		done
		[ ${#selected[@]} -gt 0 ] || continue
		if [ -n "$LIST" ]; then
			printf "$configuration/%s\n" "${selected[@]}" boot
		else
			queue_add guest_suite "${configuration%/*}" "${configuration#*/}" "${selected[@]}"
		fi
	done
}

# Lines of tests/stock-defects that name no test would never be noticed.
check_defects() {
	check_one style/stock-defects stock_defects_are_known
}

stock_defects_are_known() {
	local kernel modules name rest

	while read -r kernel modules name rest; do
		[[ $kernel == '' || $kernel == '#'* ]] && continue
		[[ $modules == stock || $modules == stock+* ]] || echo "$kernel $modules $name: only stock modules have excuses"
		[ -n "$rest" ] || echo "$kernel $modules $name: without a symptom"
		guest_cases | grep -qxF "$name" || echo "$name: there is no such test"
	done < <(cat "$TOP/tests/stock-defects" 2>/dev/null) | complaints 'wrong lines'
}
