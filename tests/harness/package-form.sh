#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# The packages are what Debian expects of packages, the same sources give the same bytes, and what
# dkms.conf promises about modules and kernels is so.

set -u
. "$(dirname "$0")/common.sh"

for n in 1 2; do
	"$TOP/packaging/build" -q --output "$DIR/$n" || fail 'packaging/build fails'
	sleep 1
done
diff -r "$DIR/1" "$DIR/2" || fail 'two builds differ'
version=$(sed -n 's/^#define OMNITEE_VERSION[[:space:]]*"\(.*\)"$/\1/p' "$TOP/abi/version.h")
[ -n "$version" ] || fail 'no version in abi/version.h'

# check_package NAME FILE: unpacks it to DIR/NAME, DIR/NAME.control.
check_package() {
	local name=$1 deb=$DIR/1/$2 tree=$DIR/$1 control=$DIR/$1.control found script
	local doc=$DIR/$1/usr/share/doc/$1

	[ -e "$deb" ] || fail "no $2"
	if ! dpkg-deb -x "$deb" "$tree" || ! dpkg-deb -e "$deb" "$control"; then
		fail "$name cannot be unpacked"
	fi
	[ "$(dpkg-deb -f "$deb" Package Version | tr '\n' ' ')" = "Package: $name Version: $version " ] ||
		fail "$name: is something else"
	(cd "$tree" && md5sum -c --quiet "$control/md5sums") || fail "$name: wrong md5sums"
	[ "$(find "$tree" -type f | wc -l)" -eq "$(wc -l <"$control/md5sums")" ] ||
		fail "$name: files without md5sums"
	found=$(dpkg-deb -c "$deb" |
		awk '$2 != "root/root" || $1 !~ /^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx)$/')
	[ -z "$found" ] || fail "$name: owner or mode: $(head -n 1 <<<"$found")"
	found=$(grep -rnIE '@[A-Z]+@' "$tree" "$control")
	[ -z "$found" ] || fail "$name: not filled in: $(head -n 1 <<<"$found")"
	zcat "$doc/changelog.gz" | grep -q "^omnitee ($version) " || fail "$name: changelog"
	head -n 1 "$doc/copyright" |
		grep -qx 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/' ||
		fail "$name: copyright"
	grep -q 'Redistribution and use' "$doc/copyright" || fail "$name: no text of the licence"
	found=$(grep '^Copyright:' "$doc/copyright" | grep -vE '^Copyright: [0-9]{4} ')
	[ -z "$found" ] || fail "$name: copyright of no year"
	found=$(sed -n '/^Description:/,$p' "$control/control" | grep -E '.{81}')
	[ -z "$found" ] || fail "$name: long line in the description: $found"
	[ "$(dpkg-deb -f "$deb" Installed-Size)" -gt 0 ] || fail "$name: no size"
	for script in "$control"/*{inst,rm}; do
		[ -e "$script" ] || continue
		{ [ -x "$script" ] && sh -n "$script"; } || fail "$name: ${script##*/}"
		grep -qx 'set -e' "$script" || fail "$name: ${script##*/} goes on after a failure"
		# Whether services may be touched is the machine's affair (policy-rc.d).
		found=$(grep -nE '^[^#]*\bsystemctl (start|stop|restart)' "$script")
		[ -z "$found" ] || fail "$name: ${script##*/}:$found"
	done
}

check_package omnitee-dkms "omnitee-dkms_${version}_all.deb"
check_package omnitee-tools "omnitee-tools_${version}_arm64.deb"
check_package libomnitee0 "libomnitee0_${version}_arm64.deb"
check_package libomnitee-dev "libomnitee-dev_${version}_arm64.deb"

# Modules that dkms.conf lacks would never be installed.
conf=$DIR/omnitee-dkms/usr/src/omnitee-$version/dkms.conf
for file in "$TOP"/kernel/*/Kbuild; do
	while read -r module; do
		grep -q "^BUILT_MODULE_NAME\[[0-9]*\]=\"$module\"$" "$conf" ||
			fail "dkms.conf has no $module"
	done < <(sed -n 's/^obj-m.*= *//p' "$file" | tr ' ' '\n' | sed -n 's/\.o$//p')
done

# The kernels that dkms tries are those that the fence lets through.
fence() {
	sed -n "s/^$1 KERNEL_VERSION(\\([0-9]*\\), \\([0-9]*\\), 0) $2 LINUX.*/\\1.\\2/p" \
		"$TOP/kernel/compat/fence.h"
}

first=$(fence '#if' '>')
beyond=$(fence '#elif' '<=')
if [ -z "$first" ] || [ -z "$beyond" ]; then
	fail 'the fence was not found'
fi
pattern=$(sed -n 's/^BUILD_EXCLUSIVE_KERNEL="\(.*\)"$/\1/p' "$conf")
[ -n "$pattern" ] || fail 'dkms.conf takes every kernel'
while read -r kernel want; do
	answer=no
	[[ ! $kernel =~ $pattern ]] || answer=yes
	[ "$answer" = "$want" ] || fail "dkms.conf says $answer to $kernel"
done <<-EOF
	${first%.*}.$((${first#*.} - 1)).0-1-arm64 no
	$first.0-56-arm64 yes
	6.12.117+deb12-arm64 yes
	6.19.2-arm64 yes
	7.0-arm64 yes
	${beyond%.*}.$((${beyond#*.} - 1)).12+deb14-arm64 yes
	$beyond.0-arm64 no
	5.10.0-1-arm64 no
	8.0-arm64 no
	61.0-arm64 no
	7.20.0-arm64 no
EOF

# The library: what programs name is there, and so is what they are built with.
library=$DIR/libomnitee0/usr/lib/aarch64-linux-gnu
dev=$DIR/libomnitee-dev/usr
soname=$(readelf -d "$library"/libomnitee.so.*.* | sed -n 's/.*SONAME.*\[\(.*\)\]$/\1/p')
[ "$soname" = libomnitee.so.0 ] || fail "the library is called \"$soname\""
[ -e "$library/$soname" ] || fail "no $soname"
[ "$(cat "$DIR/libomnitee0.control/shlibs")" = "libomnitee ${soname##*.} libomnitee0 (>= $version)" ] ||
	fail 'shlibs names something else'
[ "$(readlink "$dev/lib/aarch64-linux-gnu/libomnitee.so")" = "$soname" ] || fail 'a link that leads nowhere'
grep -qx "Version: $version" "$dev/lib/aarch64-linux-gnu/pkgconfig/omnitee.pc" || fail 'no omnitee.pc'
for name in qtee ts; do
	[ -e "$dev/include/omnitee-$name.h" ] || fail "no header for $name"
	zcat "$dev/share/man/man3/omnitee-$name.3.gz" | grep -q "^\.TH OMNITEE-${name^^} 3" ||
		fail "no manual for $name"
done

tools=$DIR/omnitee-tools
zcat "$tools/usr/share/man/man1/teectl.1.gz" | grep -q '^\.TH TEECTL 1' || fail 'no manual'
if command -v systemd-analyze >/dev/null; then
	# Only what concerns the file itself: its program is not on this machine.
	unit=$tools/usr/lib/systemd/system/omnitee-supplicant@.service
	found=$(systemd-analyze verify --man=no "$unit" 2>&1 |
		grep -iE 'omnitee-supplicant.*(unknown|invalid|failed to parse)')
	[ -z "$found" ] || fail "$found"
fi
exit 0
