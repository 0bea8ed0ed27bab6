// SPDX-License-Identifier: BSD-2-Clause
/* Credentials as encoders write them, and as none should. */
#include "nq.h"
#include "cbor.h"
#include "qtee-messages.h"

static void both_encoders_are_understood(void **state)
{
	struct credentials credentials;

	(void)state;
	assert_true(cbor_credentials(vector_qtee_credentials, sizeof(vector_qtee_credentials),
				     &credentials));
	assert_true(credentials.has_uid);
	assert_int_equal(credentials.uid, 1000);
	assert_int_equal(credentials.time, 0x18bcfe56800);
	assert_true(cbor_credentials(vector_qtee_credentials_wide,
				     sizeof(vector_qtee_credentials_wide), &credentials));
	assert_int_equal(credentials.uid, 1000);
	assert_int_equal(credentials.time, 0x18bcfe56800);
}

static void other_keys_are_passed_over(void **state)
{
	static const uint8_t octets[] = { 0xa3, 0x03, 0x64, 't', 'e', 's', 't', 0x01, 0x07,
					  0x04, 0x42, 0xff, 0x00 };
	struct credentials credentials;

	(void)state;
	assert_true(cbor_credentials(octets, sizeof(octets), &credentials));
	assert_int_equal(credentials.uid, 7);
	assert_int_equal(credentials.time, 0);
}

/* Cut off anywhere, longer by one, or with any octet changed: no harm, and no more is read. */
static void cut_and_changed_octets_do_no_harm(void **state)
{
	struct credentials credentials;
	unsigned int n, value;
	uint8_t *copy;

	(void)state;
	for (n = 0; n < sizeof(vector_qtee_credentials_wide); n++) {
		copy = malloc(n + 1);
		memcpy(copy, vector_qtee_credentials_wide, n + 1);
		/* The sanitizer watches the end. */
		copy = realloc(copy, n ? n : 1);
		assert_false(cbor_credentials(copy, n, &credentials));
		free(copy);
	}
	copy = calloc(1, sizeof(vector_qtee_credentials) + 1);
	memcpy(copy, vector_qtee_credentials, sizeof(vector_qtee_credentials));
	assert_false(cbor_credentials(copy, sizeof(vector_qtee_credentials) + 1, &credentials));
	for (n = 0; n < sizeof(vector_qtee_credentials); n++) {
		for (value = 0; value < 256; value++) {
			copy[n] = (uint8_t)value;
			cbor_credentials(copy, sizeof(vector_qtee_credentials), &credentials);
		}
		copy[n] = vector_qtee_credentials[n];
	}
	free(copy);
}

static void what_is_no_map_of_numbers_is_refused(void **state)
{
	static const struct {
		uint8_t octets[8];
		size_t size;
	} bad[] = {
		{ { 0x82, 0x01, 0x07 }, 3 },			/* an array */
		{ { 0xa1, 0x20, 0x07 }, 3 },			/* a negative key */
		{ { 0xa1, 0x01, 0x20 }, 3 },			/* a negative user */
		{ { 0xa1, 0x01, 0x61, 'x' }, 4 },		/* a user by name */
		{ { 0xa2, 0x01, 0x07, 0x01, 0x07 }, 5 },	/* twice */
		{ { 0xa1, 0x01, 0xa0 }, 3 },			/* a map within */
		{ { 0xa1, 0x01, 0x1c }, 3 },			/* no such width */
		{ { 0xa1, 0x01, 0x1f }, 3 },			/* a number without an end */
		{ { 0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 8 },
		{ { 0xa1, 0x03, 0x7b, 0xff, 0xff, 0xff, 0xff, 0xff }, 8 },
	};
	struct credentials credentials;
	unsigned int n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(bad); n++)
		if (cbor_credentials(bad[n].octets, bad[n].size, &credentials))
			fail_msg("number %u was taken", n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_encoders_are_understood),
		cmocka_unit_test(other_keys_are_passed_over),
		cmocka_unit_test(cut_and_changed_octets_do_no_harm),
		cmocka_unit_test(what_is_no_map_of_numbers_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
