// SPDX-License-Identifier: BSD-2-Clause
#include "mapping.h"
#include "callback.h"
#include "conversation.h"
#include "guest.h"
#include "qtee_state.h"

int32_t mapping_make(struct conversation *conversation, const struct ref *memory,
		     struct mapped *mapped)
{
	struct qtee *qtee = conversation->qtee;
	struct qtee_map_region region;
	int32_t result;

	*mapped = (struct mapped){ };
	result = callback_map(conversation, memory, &region, &mapped->mapping);
	if (result)
		return result;
	mapped->region = ref_get(qtee, memory);
	mapped->data = nsmem_pointer(&qtee->guest->memory, region.address, region.size);
	mapped->size = region.size;
	counter_add(qtee->guest, SIM_COUNTER_QTEE_MAPPINGS, 1);
	return QTEE_OK;
}

void mapping_end(struct conversation *conversation, struct mapped *mapped)
{
	if (!mapped->data)
		return;
	counter_add(conversation->qtee->guest, SIM_COUNTER_QTEE_MAPPINGS, -1);
	ref_put(conversation, &mapped->mapping);
	ref_put(conversation, &mapped->region);
	*mapped = (struct mapped){ };
}

bool mapping_has(const struct mapped *mapped, uint64_t offset, uint64_t size)
{
	return offset <= mapped->size && size <= mapped->size - offset;
}
