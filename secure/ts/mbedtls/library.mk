# SPDX-License-Identifier: BSD-2-Clause
# Mbed TLS, compiled once for each set of flags: included with MBEDTLS, its source, TS, the folder
# secure/ts, LIB, where it goes, and LIB_CC, compiler and flags. Without MBEDTLS there is nothing.
mbedtls_parts := aes asn1parse asn1write bignum ccm chacha20 cipher cipher_wrap cmac \
	constant_time ctr_drbg ecdh ecdsa ecp ecp_curves entropy gcm hmac_drbg md oid pk pk_wrap \
	pkparse pkwrite platform platform_util psa_crypto psa_crypto_aead psa_crypto_cipher \
	psa_crypto_client psa_crypto_driver_wrappers psa_crypto_ecp psa_crypto_hash \
	psa_crypto_mac psa_crypto_rsa psa_crypto_slot_management psa_crypto_storage rsa \
	rsa_internal sha1 sha256 sha512
mbedtls_obj := $(mbedtls_parts:%=$(LIB)/%.o)
mbedtls_includes := -I$(TS)/mbedtls -isystem $(MBEDTLS)/include \
	-DMBEDTLS_CONFIG_FILE='"omnitee-mbedtls.h"'

# Another source, even of the same version, is another library.
ifneq ($(MBEDTLS),)
$(shell mkdir -p $(LIB) && [ "$$(cat $(LIB)/source 2>/dev/null)" = "$(realpath $(MBEDTLS))" ] || \
	echo "$(realpath $(MBEDTLS))" >$(LIB)/source)
endif

$(LIB)/%.o: $(MBEDTLS)/library/%.c $(TS)/mbedtls/omnitee-mbedtls.h $(TS)/mbedtls/library.mk \
		$(LIB)/source
	$(LIB_CC) -w $(mbedtls_includes) -c -o $@ $<
