// SPDX-License-Identifier: BSD-2-Clause
#include "session.h"
#include "guest.h"
#include "string.h"
#include "tee_result.h"

bool session_table_init(struct guest *guest)
{
	struct session_table *table = &guest->sessions;
	unsigned int n;

	table->instances = heap_alloc(&guest->heap, app_count * sizeof(*table->instances));
	if (!table->instances)
		return false;
	for (n = 0; n < app_count; n++) {
		if (!apps[n]->state_size)
			continue;
		table->instances[n].state = heap_alloc(&guest->heap, apps[n]->state_size);
		if (!table->instances[n].state)
			return false;
	}
	return true;
}

uint32_t session_new(struct guest *guest, unsigned int app, struct session **result)
{
	struct session_table *table = &guest->sessions;
	struct app_instance *instance = &table->instances[app];
	struct session *session;
	uint64_t interrupts;
	bool dead;

	session = heap_alloc(&guest->heap, sizeof(*session));
	if (!session)
		return TEE_ERROR_OUT_OF_MEMORY;
	interrupts = lock_take(&table->lock);
	dead = instance->dead;
	if (!dead)
		instance->sessions++;
	lock_release(&table->lock, interrupts);
	if (dead) {
		heap_free(&guest->heap, session);
		return TEE_ERROR_TARGET_DEAD;
	}
	session->app = apps[app];
	session->instance = instance;
	session->references = 1;
	*result = session;
	return TEE_SUCCESS;
}

void session_discard(struct guest *guest, struct session *session)
{
	struct app_instance *instance = session->instance;
	uint64_t interrupts = lock_take(&guest->sessions.lock);

	/* Nobody is in there any more who could see the state. */
	if (!--instance->sessions && instance->dead) {
		if (session->app->state_size)
			memset(instance->state, 0, session->app->state_size);
		instance->dead = false;
	}
	lock_release(&guest->sessions.lock, interrupts);
	heap_free(&guest->heap, session);
}

void session_kill(struct guest *guest, struct session *session)
{
	uint64_t interrupts = lock_take(&guest->sessions.lock);

	session->instance->dead = true;
	lock_release(&guest->sessions.lock, interrupts);
}

bool session_dead(struct guest *guest, struct session *session)
{
	uint64_t interrupts = lock_take(&guest->sessions.lock);
	bool dead = session->instance->dead;

	lock_release(&guest->sessions.lock, interrupts);
	return dead;
}

static struct session **find(struct session_table *table, uint32_t id)
{
	struct session **link = &table->first;

	while (*link && (*link)->id != id)
		link = &(*link)->next;
	return link;
}

uint32_t session_publish(struct guest *guest, struct session *session)
{
	struct session_table *table = &guest->sessions;
	uint64_t interrupts = lock_take(&table->lock);

	/* After 2^32 sessions an old one may still be there; 0 means none. */
	do {
		session->id = ++table->last_id;
	} while (!session->id || *find(table, session->id));
	session->next = table->first;
	table->first = session;
	lock_release(&table->lock, interrupts);
	counter_add(guest, SIM_COUNTER_SESSIONS, 1);
	counter_add(guest, SIM_COUNTER_SESSIONS_OPENED, 1);
	return session->id;
}

static void put(struct guest *guest, struct session *session)
{
	uint64_t interrupts = lock_take(&guest->sessions.lock);
	bool last = !--session->references;

	lock_release(&guest->sessions.lock, interrupts);
	if (!last)
		return;
	if (session->app->close)
		session->app->close(guest, session);
	session_discard(guest, session);
}

struct session *session_begin(struct guest *guest, uint32_t id)
{
	struct session_table *table = &guest->sessions;
	uint64_t interrupts = lock_take(&table->lock);
	struct session *session = *find(table, id);

	if (session) {
		session->references++;
		if (!session->commands++)
			__atomic_store_n(&session->cancelled, false, __ATOMIC_RELAXED);
	}
	lock_release(&table->lock, interrupts);
	return session;
}

void session_end(struct guest *guest, struct session *session)
{
	uint64_t interrupts = lock_take(&guest->sessions.lock);

	session->commands--;
	lock_release(&guest->sessions.lock, interrupts);
	put(guest, session);
}

bool session_close(struct guest *guest, uint32_t id)
{
	struct session_table *table = &guest->sessions;
	uint64_t interrupts = lock_take(&table->lock);
	struct session **link = find(table, id);
	struct session *session = *link;

	if (session)
		*link = session->next;
	lock_release(&table->lock, interrupts);
	if (!session)
		return false;
	counter_add(guest, SIM_COUNTER_SESSIONS, -1);
	put(guest, session);
	return true;
}

bool session_cancel(struct guest *guest, uint32_t id)
{
	struct session_table *table = &guest->sessions;
	uint64_t interrupts = lock_take(&table->lock);
	struct session *session = *find(table, id);

	/* Without a command under way the next one forgets it. */
	if (session)
		__atomic_store_n(&session->cancelled, true, __ATOMIC_RELAXED);
	lock_release(&table->lock, interrupts);
	return session;
}
