/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory objects of the kernel, mapped. */
#ifndef QTEE_MAPPING_H
#define QTEE_MAPPING_H

#include <stdbool.h>
#include <stdint.h>
#include "object.h"

/* Holds two references, and the kernel is told of the end of each. Without data: nothing. */
struct mapped {
	struct ref region;
	struct ref mapping;
	uint8_t *data;		/* normal-world memory */
	uint64_t size;
};

/* QTEE_OK; QTEE_MEM: the kernel answered nonsense; else its result. */
int32_t mapping_make(struct conversation *conversation, const struct ref *memory,
		     struct mapped *mapped);
void mapping_end(struct conversation *conversation, struct mapped *mapped);
bool mapping_has(const struct mapped *mapped, uint64_t offset, uint64_t size);

#endif /* QTEE_MAPPING_H */
