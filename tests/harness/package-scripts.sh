#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# Debian's dpkg installs and removes the packages below a folder: what the scripts say, when they
# refuse, what they call, and that nothing stays.

set -u
. "$(dirname "$0")/common.sh"

command -v dpkg >/dev/null || skip 'needs dpkg'
as_root=()
if [ "$(id -u)" -ne 0 ]; then
	as_root=(unshare --map-root-user)
	"${as_root[@]}" true 2>/dev/null || skip 'needs a user namespace'
fi
PATH=$PATH:/usr/sbin:/sbin
"$TOP/packaging/build" -q --output "$DIR/debs" || fail 'packaging/build fails'
dkms_deb=$(echo "$DIR"/debs/omnitee-dkms_*.deb)
tools_deb=$(echo "$DIR"/debs/omnitee-tools_*.deb)
version=$(dpkg-deb -f "$dkms_deb" Version)
[ -n "$version" ] || fail 'no version'

# All that follows happens below this folder.
root=${DIR:?}/root
kernel=$root/lib/modules/6.12.0-test
scmi=$root/sys/module/scmi_transport_optee
driver=$scmi/drivers/tee:scmi-optee
mkdir -p "$root"/{var/lib/dpkg/{updates,info},usr/sbin,usr/lib/dkms,sys/module} "$kernel" \
	"$DIR/bin" "$driver" "$root/sys/devices/optee-ta-1"
touch "$root/var/lib/dpkg/status"

# stand_in FILE [MORE]: for a program that has a test of its own, or that is only to be called.
stand_in() {
	printf '#!/bin/sh\necho "%s $*" >>%s\n%s\n' "${1##*/}" "$DIR/calls" "${2:-}" >"$1"
	chmod +x "$1"
}

stand_in "$root/usr/sbin/dkms"
stand_in "$root/usr/lib/dkms/common.postinst" "mkdir -p $root/var/lib/dkms/omnitee/\$2"
stand_in "$DIR/bin/systemd-sysusers"

# As depmod writes it for Debian's 6.12.
printf '%s\n' \
	'kernel/drivers/char/hw_random/optee-rng.ko.xz: kernel/drivers/tee/tee.ko.xz' \
	'kernel/drivers/firmware/scmi_transport_optee.ko.xz: kernel/drivers/tee/tee.ko.xz' \
	'kernel/drivers/tee/tee.ko.xz:' \
	'kernel/drivers/tee/optee/optee.ko.xz: kernel/drivers/tee/tee.ko.xz' \
	'kernel/drivers/other/golf.ko.xz: kernel/drivers/other/golf_tee.ko.xz' >"$kernel/modules.dep"

# dpkg_root ARG...: sets STATUS; what was said is in DIR/said.
dpkg_root() {
	STATUS=0
	: >"$DIR/calls"
	"${as_root[@]}" env PATH="$DIR/bin:$PATH" dpkg --root="$root" --force-not-root \
		--force-script-chrootless --force-depends --force-architecture \
		--log="$DIR/dpkg.log" "$@" >"$DIR/said" 2>&1 </dev/null || STATUS=$?
	cat "$DIR/said"
}

said() {
	grep -qF -- "$1" "$DIR/said" || fail "not said: $1"
}

said_not() {
	! grep -qF -- "$1" "$DIR/said" || fail "said: $1"
}

called() {
	grep -qx -- "$1" "$DIR/calls" || fail "not called: $1, but: $(head -n 1 "$DIR/calls")"
}

succeeded() {
	[ $STATUS -eq 0 ] || fail "$1: $(tail -n 1 "$DIR/said")"
}

installed() {
	dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Status}' "$1" 2>/dev/null |
		grep -qx 'install ok installed'
}

# refused WHY [WORDS]
refused() {
	dpkg_root -i "$dkms_deb"
	[ $STATUS -ne 0 ] || fail "installed although $1"
	said "${2:-in use: scmi_transport_optee; this does not work}"
	! installed omnitee-dkms || fail "installed although $1"
	[ -z "$(ls "$root/usr/src" 2>/dev/null)" ] || fail 'files of a refused package'
	[ ! -s "$DIR/calls" ] || fail "a refused package called: $(head -n 1 "$DIR/calls")"
}

echo 0 >"$scmi/refcnt"
ln -s "$scmi" "$driver/module"
touch "$driver"/{bind,unbind,uevent}
ln -s "$root/sys/devices/optee-ta-1" "$driver/optee-ta-1"
refused 'it drives a device'
rm "$driver/optee-ta-1"
echo 1 >"$scmi/refcnt"
refused 'somebody holds it'
echo 0 >"$scmi/refcnt"

# The kernel's own driver has OP-TEE over FF-A, as ours will: nobody minds.
ffa=$root/sys/bus/arm_ffa/drivers/optee
mkdir -p "$ffa" "$root/sys/module/optee" "$root/sys/devices/arm-ffa-1"
ln -s "$root/sys/devices/arm-ffa-1" "$ffa/arm-ffa-1"
ln -s "$root/sys/module/optee" "$ffa/module"

# The packaged tee.ko is loaded.
mkdir "$root/sys/module/tee"
echo >"$root/sys/module/tee/taint"
dpkg_root -i "$dkms_deb"
succeeded installation
installed omnitee-dkms || fail 'not installed'
said 'omnitee-dkms: will not load any more: scmi_transport_optee'
said_not optee_rng
said_not golf
said 'the packaged modules are loaded'
called "common.postinst omnitee $version /usr/share/omnitee-dkms  "
[ -e "$root/usr/src/omnitee-$version/dkms.conf" ] || fail 'no dkms.conf'

# An upgrade loses nothing that was not lost before.
echo 1 >"$scmi/refcnt"
echo O >"$root/sys/module/tee/taint"
dpkg_root -i "$dkms_deb"
succeeded upgrade
said_not 'will not load'
said_not 'are loaded'
called "dkms remove -m omnitee -v $version --all"

dpkg_root -r omnitee-dkms
succeeded removal
said 'our modules stay loaded'
called "dkms remove -m omnitee -v $version --all"

dpkg_root -i "$tools_deb"
succeeded 'installation of the tools'
installed omnitee-tools || fail 'the tools are not installed'
called "systemd-sysusers --root=$root omnitee.conf"
dpkg_root -r omnitee-tools
succeeded 'removal of the tools'

left=$(find "$root" -type f ! -path "$root/var/lib/dpkg/*" ! -path "$root/sys/*" \
	! -path "$root/lib/*" ! -name dkms ! -name common.postinst)
[ -z "$left" ] || fail "left behind: $left"
exit 0
