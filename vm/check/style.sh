# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Checks of the sources' form. Each prints what it finds, with the summary as its last line.

readonly LINES_LIMIT=800

# What is in the repository or could be committed to it.
sources() {
	git -C "$TOP" ls-files --cached --others --exclude-standard -- "$@" |
		while read -r file; do
			[ ! -f "$TOP/$file" ] || printf '%s\n' "$file"
		done
}

# complaints WHAT < LINES: fails if there are any.
complaints() {
	local lines

	lines=$(cat)
	[ -n "$lines" ] || return 0
	printf '%s\n' "$lines"
	echo "$(wc -l <<<"$lines") $1, first: $(head -n 1 <<<"$lines")"
	return 1
}

style_spdx() {
	local file

	sources | grep -vE '^LICENSES/|\.md$|\.(json|csv|svg|txt)$|^\.gitignore$' |
		while read -r file; do
			head -n 3 "$TOP/$file" | grep -q 'SPDX-License-Identifier: ' || echo "$file"
		done | complaints 'files without an SPDX line'
}

style_length() {
	local file

	sources '*.c' '*.h' '*.S' '*.sh' run check measure | while read -r file; do
		[ "$(wc -l <"$TOP/$file")" -le $LINES_LIMIT ] || echo "$file"
	done | complaints "files over $LINES_LIMIT lines"
}

style_leftovers() {
	sources | grep -E '(^|/)__pycache__/|\.(o|ko|pyc|orig|rej)$|~$' |
		complaints 'files that do not belong here'
}

# All tests by the names that documents use, and `PROGRAM.*` for all of a program.
nameable_tests() {
	local file name

	{
		guest_cases
		for file in "$TOP"/tests/unit/test-*.c; do
			name=${file##*/test-}
			sed -n "s/^static void \\([a-z0-9_]*\\)(void \\*\\*.*/unit\\/${name%.c}.\\1/p" "$file"
		done
	} | sed 'p; s/\..*/.*/'
	for file in "$TOP"/tests/harness/*.sh; do
		name=${file##*/}
		echo "harness/${name%.sh}"
	done
}

# Tests are named `PROGRAM.CASE`, `unit/PROGRAM.CASE`, `harness/NAME`, and `.CASE` after another one of
# the program.
style_named_tests() {
	local file name last='' program=''
	local -A known=()

	while read -r name; do
		known[$name]=1
	done < <(nameable_tests)
	# shellcheck disable=SC2016
	(cd "$TOP" && grep -oE '`(harness/[a-z0-9-]+|(unit/)?[a-z0-9-]*\.(\*|[a-z0-9_]{9,}))`' \
		README.md CAVEATS.md docs/*.md) |
		while IFS=: read -r file name; do
			name=${name//\`/}
			[ "$file" = "$last" ] || program=''
			last=$file
			[[ $name != .* ]] || name=$program$name
			if [ -n "${known[$name]-}" ]; then
				program=${name%%.*}
				continue
			fi
			# Parameters of modules look the same.
			grep -qrsE "module_param[a-z_]*\\(${name#*.}," "$TOP/kernel/${name%%.*}" ||
				echo "$file: there is no test $name"
		done | complaints 'wrong names'
}

style_shellcheck() {
	local scripts

	mapfile -t scripts < <(cd "$TOP" && { sources '*.sh'
		sources | while read -r file; do
			head -c 32 "$file" | head -n 1 | grep -qaE '^#!.*(bash|/sh)' && echo "$file"
		done; } | sort -u)
	(cd "$TOP" && shellcheck -f gcc "${scripts[@]}") | complaints 'complaints'
}

# The figures of our modules over those of the packaged ones, medians of all rounds. Of what each kernel
# has, OP-TEE reached by SMCs, each kernel's both figures are there.
style_ratios() {
	local kernel files=()

	for kernel in 6.1 6.12 newest; do
		files+=("$TOP/bench/data/instructions-$kernel.csv")
	done
	awk -F '[\t,]' '
		FNR == 1 { delete count }
		FILENAME ~ /limits$/ && /^[0-9]/ { limit[$2] = $1; unmet[$2] = 1 }
		FILENAME ~ /csv$/ && FNR > 1 {
			n = ++count[$1, $3]
			names[$3] = 1
			rounds[FILENAME, $1, $3] = n
			value[FILENAME, $1, $3, n] = $5
		}
		function median(key, n, i, j, kept) {
			n = rounds[key]
			for (i = 1; i <= n; i++)
				kept[i] = value[key, i]
			for (i = 2; i <= n; i++)
				for (j = i; j > 1 && kept[j - 1] > kept[j]; j--) {
					kept[0] = kept[j]
					kept[j] = kept[j - 1]
					kept[j - 1] = kept[0]
				}
			return n % 2 ? kept[(n + 1) / 2] : (kept[n / 2] + kept[n / 2 + 1]) / 2
		}
		END {
			for (i = 2; i < ARGC; i++) {
				file = ARGV[i]
				for (name in names) {
					if (!((file, "ours", name) in rounds && (file, "stock", name) in rounds)) {
						if (name !~ /^(FF-A|TS|QTEE) /)
							print file ": no " name " of both"
						continue
					}
					delete unmet[name]
					most = name in limit ? limit[name] : 1
					ratio = median(file SUBSEP "ours" SUBSEP name) / \
						median(file SUBSEP "stock" SUBSEP name)
					if (ratio > most)
						printf "%s: %s: %.3f times as many, %.2f at most\n", file, name, ratio, most
				}
			}
			for (name in unmet)
				print "bench/limits: there is no " name
		}' "$TOP/bench/limits" "${files[@]}" 2>&1 |
		sed "s|^$TOP/||" | sort | complaints 'ratios'
}

# Rules that are for patches of the kernel, not for files here; the last one names macros that
# user space does not have.
readonly CHECKPATCH_IGNORE=FILE_PATH_CHANGES,SPLIT_STRING,PREFER_KERNEL_TYPES,CONFIG_DESCRIPTION,\
LINUX_VERSION_CODE,AVOID_EXTERNS,NEW_TYPEDEFS,PREFER_DEFINED_ATTRIBUTE_MACRO

style_checkpatch() {
	local files

	mapfile -t files < <(sources '*.c' '*.h' '*.S')
	[ ${#files[@]} -gt 0 ] || return 0
	# It tells by its exit status too, but the lines are what counts.
	(cd "$TOP" && perl "$SOURCE/scripts/checkpatch.pl" --no-tree --terse --no-summary --quiet \
		--show-types --max-line-length=100 --ignore "$CHECKPATCH_IGNORE" \
		-f "${files[@]}") | complaints 'complaints'
}

# style_sparse KERNEL: only complaints about our own files. What is built already, with the same
# options, is not built again.
style_sparse() {
	local log=$CHECK_DIR/sparse

	(
		module_sources "$1"
		for folder in "${MODULE_FOLDERS[@]}"; do
			"${KERNEL_MAKE[@]}" -C "$HEADERS" ARCH=arm64 CROSS_COMPILE="$CROSS" \
				M="$MODULES_BUILD/$folder" W=1 KCFLAGS=-Werror C=2 CHECK=sparse \
				-j"$(nproc)" modules || exit
		done
	) >"$log" 2>&1 || { cat "$log"; return 1; }
	grep -E "(warning|error): " "$log" | grep -F "$BUILD/modules/" | complaints 'complaints'
}

check_style() {
	check_one style/spdx style_spdx
	check_one style/length style_length
	check_one style/leftovers style_leftovers
	check_one style/named-tests style_named_tests
	check_one style/ratios style_ratios
	check_one style/shellcheck style_shellcheck
	if [ -z "$LIST" ] && wanted style/checkpatch; then
		kernel_source_setup
	fi
	check_one style/checkpatch style_checkpatch
}
