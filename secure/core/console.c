// SPDX-License-Identifier: BSD-2-Clause
#include "console.h"
#include "lock.h"
#include "notif.h"
#include "plat.h"
#include "world.h"

#define ROOM	512

static struct {
	struct lock lock;
	uint8_t octets[ROOM];
	size_t first;
	size_t count;
	uint64_t lost;
} input;

static void put(uint8_t octet)
{
	if (input.count == ROOM) {
		input.lost++;
		return;
	}
	input.octets[(input.first + input.count++) % ROOM] = octet;
}

void console_interrupt(struct world *world)
{
	uint64_t interrupts = lock_take(&input.lock);
	struct guest *guest;
	int octet;

	while ((octet = plat_console_get()) >= 0)
		put((uint8_t)octet);
	lock_release(&input.lock, interrupts);
	guest = world_device_guest(world);
	notif_post(guest, NOTIF_BOTTOM_HALF);
	guest_put(&world->guests, guest);
}

size_t console_take(uint8_t *to, size_t size, uint64_t *lost)
{
	uint64_t interrupts = lock_take(&input.lock);
	size_t n;

	for (n = 0; n < size && input.count; n++) {
		to[n] = input.octets[input.first];
		input.first = (input.first + 1) % ROOM;
		input.count--;
	}
	*lost = input.lost;
	lock_release(&input.lock, interrupts);
	return n;
}
