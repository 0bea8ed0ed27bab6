// SPDX-License-Identifier: BSD-2-Clause
/* A program of somebody else's: it knows the library by its packages. */
#include <omnitee-qtee.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
	struct omnitee_object env;
	struct omnitee_qtee *qtee;
	int32_t result = 0;
	int rc = omnitee_qtee_open(NULL, &qtee);

	if (!rc) {
		rc = omnitee_qtee_register(qtee, &env, &result);
		omnitee_qtee_close(qtee);
	}
	if (rc || result)
		printf("%s, result %d\n", strerror(-rc), (int)result);
	else
		puts("QTEE has given an environment");
	return rc || result;
}
