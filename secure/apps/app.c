// SPDX-License-Identifier: BSD-2-Clause
#include "app.h"
#include "compiler.h"
#include "log.h"
#include "session.h"

const struct app *const apps[] = {
	&app_echo,
	&app_params,
	&app_slow,
	&app_sleeper,
	&app_hog,
	&app_panicker,
	&app_storage,
	&app_system_service,
	&app_rng,
	&app_enumerator,
	&app_timer,
	&app_uart,
};

const unsigned int app_count = ARRAY_SIZE(apps);

void app_panic(struct app_call *call)
{
	log_limited("%s: panic", call->session->app->name);
	session_kill(call->guest, call->session);
}

bool app_types_are(const struct app_call *call, unsigned int p0, unsigned int p1,
		   unsigned int p2, unsigned int p3)
{
	const struct app_param *params = call->params;

	return params[0].type == p0 && params[1].type == p1 && params[2].type == p2 &&
	       params[3].type == p3;
}

void memref_read(const struct app_memref *memref, uint64_t offset, void *to, uint64_t size)
{
	if (memref->shm)
		shm_read(memref->shm, memref->offset + offset, to, size);
}

void memref_write(const struct app_memref *memref, uint64_t offset, const void *from,
		  uint64_t size)
{
	if (memref->shm)
		shm_write(memref->shm, memref->offset + offset, from, size);
}

uint8_t *memref_piece(const struct app_memref *memref, uint64_t offset, uint64_t *size)
{
	return shm_piece(memref->shm, memref->offset + offset, size);
}
