# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Mbed TLS, of which the secure world has its cryptography: Debian's source package, since what
# Debian builds of it needs an operating system.

# Sets MBEDTLS, a folder that is not to be written.
mbedtls_setup() {
	cached_source mbedtls mbedtls
	MBEDTLS=$ROOT
}
