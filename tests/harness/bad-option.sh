#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# A wrong use is one clear line and status 2.

set -u
. "$(dirname "$0")/common.sh"

complains() {
	local words=$1

	shift
	run "$@"
	status_is 2
	one_line "$words"
}

complains 'unknown option --frobnicate' --frobnicate
complains '--kernel needs a value' --kernel
complains 'neither 6.1, 6.12, newest, debug nor a file' --kernel 5.10
complains 'no TEE modules of its own' --kernel debug --modules stock
complains 'neither ours, stock, none nor a folder' --modules theirs
complains 'not KEY=VALUE' --secure threads
complains 'not 1 to 16' --smp 0
complains 'not a size' --mem lots
complains 'at least 256M' --mem 64M
complains 'not a number of seconds' --timeout soon
complains 'not HOST:/GUEST' --add here
complains 'there is no /nonexistent' --add /nonexistent:/x
complains 'no such file' --firmware /nonexistent
complains 'no such file' --dt /nonexistent
complains 'there is no folder' --disk /nonexistent/disk
complains 'only all' --tour some
complains 'no COMMAND after --' --
complains 'COMMAND comes after --' true
complains 'does not go with' --shell -- true
complains 'needs a terminal' --shell
complains 'one processor' --icount --smp 2
complains 'not 0 to 10' --icount=11
complains 'not 0 to 10' --icount=
