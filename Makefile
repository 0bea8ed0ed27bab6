# SPDX-License-Identifier: BSD-2-Clause
# The commands do the work; these are their usual names.

all: check

run tour:
	./run

check:
	./check

quick:
	./check --quick

measure:
	./measure

packages:
	packaging/build

clean:
	rm -rf build

.PHONY: all run tour check quick measure packages clean
