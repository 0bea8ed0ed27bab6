/* SPDX-License-Identifier: BSD-2-Clause */
/* Internal Trusted Storage and Protected Storage: one service, told apart by its state. */
#ifndef TS_STORAGE_SERVICE_H
#define TS_STORAGE_SERVICE_H

#include "store.h"

/* store_key.kind; they are in flash, so they never change. */
#define STORE_KIND_ITS		1
#define STORE_KIND_PS		2
#define STORE_KIND_KEY		3

/* State of an instance of ts_service_its and ts_service_ps. */
struct ts_storage {
	struct store *store;	/* may be shared by services of one partition */
	uint32_t kind;
	bool extended;		/* CREATE and SET_EXTENDED are there */
};

#endif /* TS_STORAGE_SERVICE_H */
