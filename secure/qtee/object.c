// SPDX-License-Identifier: BSD-2-Clause
#include "object.h"
#include "conversation.h"
#include "qtee_state.h"
#include "guest.h"
#include "service.h"

/* Neither NULL nor the root, and bit 31 clear. */
#define INDEX_BITS	12
#define GENERATION_MAX	(0x7fffffffU >> INDEX_BITS)

_Static_assert(OBJECTS_MAX == 1 << INDEX_BITS, "indices fill their bits");

void objects_init(struct qtee *qtee)
{
	unsigned int n;

	/* Generation 0 has the root and NULL. */
	for (n = 0; n < OBJECTS_MAX; n++)
		qtee->objects.generations[n] = 1;
	qtee->objects.primordial.id = QTEE_OBJECT_PRIMORDIAL;
}

struct object *object_new(struct qtee *qtee, const struct service *service)
{
	struct object_table *table = &qtee->objects;
	struct object *object = heap_alloc(&qtee->guest->heap, service->size);
	uint64_t interrupts;
	unsigned int n, index;

	if (!object)
		return NULL;
	object->service = service;
	object->references = 1;
	interrupts = lock_take(&qtee->lock);
	for (n = 0; n < OBJECTS_MAX; n++) {
		index = (table->next + n) % OBJECTS_MAX;
		if (table->slots[index])
			continue;
		table->slots[index] = object;
		table->next = index + 1;
		object->id = table->generations[index] << INDEX_BITS | index;
		break;
	}
	lock_release(&qtee->lock, interrupts);
	if (n == OBJECTS_MAX) {
		heap_free(&qtee->guest->heap, object);
		return NULL;
	}
	counter_add(qtee->guest, SIM_COUNTER_QTEE_OBJECTS, 1);
	return object;
}

/* Under the lock: its id is never used again, or not for a long time. */
static void object_unlink(struct qtee *qtee, struct object *object)
{
	struct object_table *table = &qtee->objects;
	unsigned int index = object->id % OBJECTS_MAX;

	table->slots[index] = NULL;
	if (++table->generations[index] > GENERATION_MAX)
		table->generations[index] = 1;
}

struct object *object_find(struct qtee *qtee, uint32_t id)
{
	uint64_t interrupts = lock_take(&qtee->lock);
	struct object *object = qtee->objects.slots[id % OBJECTS_MAX];

	if (object && object->id == id && object->exported)
		object->references++;
	else
		object = NULL;
	lock_release(&qtee->lock, interrupts);
	return object;
}

void object_export(struct qtee *qtee, struct object *object)
{
	uint64_t interrupts = lock_take(&qtee->lock);

	object->references++;
	object->exported++;
	lock_release(&qtee->lock, interrupts);
	counter_add(qtee->guest, SIM_COUNTER_QTEE_EXPORTED, 1);
}

static void object_put(struct conversation *conversation, struct object *object)
{
	struct qtee *qtee = conversation->qtee;
	uint64_t interrupts = lock_take(&qtee->lock);
	bool last = !--object->references;

	if (last)
		object_unlink(qtee, object);
	lock_release(&qtee->lock, interrupts);
	if (!last)
		return;
	/* This may call the kernel, and the object may not be found meanwhile. */
	if (object->service->release)
		object->service->release(conversation, object);
	heap_free(&qtee->guest->heap, object);
	counter_add(qtee->guest, SIM_COUNTER_QTEE_OBJECTS, -1);
}

bool object_unexport(struct conversation *conversation, struct object *object)
{
	struct qtee *qtee = conversation->qtee;
	uint64_t interrupts = lock_take(&qtee->lock);
	bool had = object->exported;

	if (had)
		object->exported--;
	lock_release(&qtee->lock, interrupts);
	if (!had)
		return false;
	counter_add(qtee->guest, SIM_COUNTER_QTEE_EXPORTED, -1);
	object_put(conversation, object);
	return true;
}

struct ref ref_get(struct qtee *qtee, const struct ref *ref)
{
	uint64_t interrupts = lock_take(&qtee->lock);

	if (ref->local)
		ref->local->references++;
	if (ref->remote)
		ref->remote->references++;
	lock_release(&qtee->lock, interrupts);
	return *ref;
}

/* Under the lock. */
static void remote_unlink(struct qtee *qtee, struct remote *remote)
{
	struct remote **link = &qtee->objects.remotes;

	while (*link != remote)
		link = &(*link)->next;
	*link = remote->next;
}

static void remote_put(struct conversation *conversation, struct remote *remote)
{
	struct qtee *qtee = conversation->qtee;
	uint64_t interrupts = lock_take(&qtee->lock);

	/* Nobody's, so nobody is told. */
	if (!--remote->references && remote != &qtee->objects.primordial) {
		struct remote **end = &conversation->releases;

		remote_unlink(qtee, remote);
		while (*end)
			end = &(*end)->next;
		remote->next = NULL;
		*end = remote;
	}
	lock_release(&qtee->lock, interrupts);
}

void ref_put(struct conversation *conversation, struct ref *ref)
{
	struct ref old = *ref;

	*ref = (struct ref){ };
	if (old.local)
		object_put(conversation, old.local);
	if (old.remote)
		remote_put(conversation, old.remote);
}

struct remote *remote_add(struct qtee *qtee, uint32_t id)
{
	struct remote *remote = heap_alloc(&qtee->guest->heap, sizeof(*remote));
	struct remote *other;
	uint64_t interrupts;

	if (!remote)
		return NULL;
	remote->id = id;
	remote->references = 1;
	interrupts = lock_take(&qtee->lock);
	for (other = qtee->objects.remotes; other && other->id != id; other = other->next)
		;
	if (!other) {
		remote->next = qtee->objects.remotes;
		qtee->objects.remotes = remote;
	}
	lock_release(&qtee->lock, interrupts);
	if (other) {
		heap_free(&qtee->guest->heap, remote);
		return NULL;
	}
	counter_add(qtee->guest, SIM_COUNTER_QTEE_REMOTES, 1);
	return remote;
}

void remote_forget(struct qtee *qtee, struct remote *remote)
{
	uint64_t interrupts = lock_take(&qtee->lock);

	remote_unlink(qtee, remote);
	lock_release(&qtee->lock, interrupts);
	heap_free(&qtee->guest->heap, remote);
	counter_add(qtee->guest, SIM_COUNTER_QTEE_REMOTES, -1);
}

uint32_t releases_take(struct conversation *conversation, bool all, uint32_t *ids, uint32_t max)
{
	struct qtee *qtee = conversation->qtee;
	struct remote *done = NULL, *remote;
	uint64_t interrupts = lock_take(&qtee->lock);
	uint32_t count = 0;

	while (count < max && (conversation->releases || (all && qtee->objects.leftovers))) {
		struct remote **from = conversation->releases ? &conversation->releases :
						 &qtee->objects.leftovers;

		remote = *from;
		*from = remote->next;
		ids[count++] = remote->id;
		remote->next = done;
		done = remote;
	}
	lock_release(&qtee->lock, interrupts);
	while (done) {
		remote = done;
		done = remote->next;
		heap_free(&qtee->guest->heap, remote);
	}
	counter_add(qtee->guest, SIM_COUNTER_QTEE_REMOTES, -(int64_t)count);
	counter_add(qtee->guest, SIM_COUNTER_QTEE_RELEASES, count);
	return count;
}

void releases_leave_over(struct conversation *conversation)
{
	struct qtee *qtee = conversation->qtee;
	uint64_t interrupts = lock_take(&qtee->lock);
	struct remote **end = &qtee->objects.leftovers;

	while (*end)
		end = &(*end)->next;
	*end = conversation->releases;
	conversation->releases = NULL;
	lock_release(&qtee->lock, interrupts);
}
