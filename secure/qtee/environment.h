/* SPDX-License-Identifier: BSD-2-Clause */
/* Who a client is, as far as its environment knows. */
#ifndef QTEE_ENVIRONMENT_H
#define QTEE_ENVIRONMENT_H

#include "qtee_services.h"

struct object;

/* An object of the service "identity" tells of this one. */
void identity_set(struct object *object, const struct qtee_identity *identity);

#endif /* QTEE_ENVIRONMENT_H */
