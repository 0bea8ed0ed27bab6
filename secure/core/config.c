// SPDX-License-Identifier: BSD-2-Clause
#include "config.h"
#include <stdarg.h>
#include "compiler.h"
#include "ffa.h"
#include "log.h"
#include "string.h"

static void __printf(2, 3)
set_error(char error[CONFIG_ERROR_SIZE], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_format(error, CONFIG_ERROR_SIZE, format, args);
	va_end(args);
}

static bool parse_threads(struct config *config, struct text value, char *error)
{
	uint64_t threads;

	if (!text_to_u64(value, &threads) || threads < 1 || threads > CONFIG_THREADS_MAX) {
		set_error(error, "threads: must be 1 to %u", CONFIG_THREADS_MAX);
		return false;
	}
	config->threads = (unsigned int)threads;
	return true;
}

static bool parse_guests(struct config *config, struct text value, char *error)
{
	uint64_t guests;

	if (!text_to_u64(value, &guests) || guests > CONFIG_THREADS_MAX) {
		set_error(error, "guests: must be 0 to %u", CONFIG_THREADS_MAX);
		return false;
	}
	config->guests = (unsigned int)guests;
	return true;
}

static bool parse_optee(struct config *config, struct text value, char *error)
{
	bool ffa = text_is(value, "ffa"), smc = text_is(value, "smc");

	if (!ffa && !smc && !text_is(value, "off")) {
		set_error(error, "optee: must be smc, ffa or off");
		return false;
	}
	config->optee = smc;
	config->optee_ffa = ffa;
	return true;
}

static bool parse_switch(struct text value, const char *name, bool *to, char *error)
{
	if (text_is(value, "on")) {
		*to = true;
	} else if (text_is(value, "off")) {
		*to = false;
	} else {
		set_error(error, "%s: must be on or off", name);
		return false;
	}
	return true;
}

static bool parse_qtee(struct config *config, struct text value, char *error)
{
	return parse_switch(value, "qtee", &config->qtee, error);
}

static bool parse_qtee_calls(struct config *config, struct text value, char *error)
{
	uint64_t calls;

	if (!text_to_u64(value, &calls) || calls < 1 || calls > CONFIG_QTEE_CALLS_MAX) {
		set_error(error, "qtee-calls: must be 1 to %u", CONFIG_QTEE_CALLS_MAX);
		return false;
	}
	config->qtee_calls = (unsigned int)calls;
	return true;
}

static bool parse_ffa(struct config *config, struct text value, char *error)
{
	return parse_switch(value, "ffa", &config->ffa, error);
}

static bool parse_ts(struct config *config, struct text value, char *error)
{
	return parse_switch(value, "ts", &config->ts, error);
}

static bool parse_test_partitions(struct config *config, struct text value, char *error)
{
	return parse_switch(value, "test-partitions", &config->test_partitions, error);
}

static bool parse_ffa_version(struct config *config, struct text value, char *error)
{
	static const char *const versions[] = { "1.0", "1.1", "1.2" };
	unsigned int minor;

	for (minor = 0; minor < ARRAY_SIZE(versions); minor++) {
		if (!text_is(value, versions[minor]))
			continue;
		config->ffa_version = FFA_VERSION_MAKE(1, minor);
		return true;
	}
	set_error(error, "ffa-version: must be 1.0, 1.1 or 1.2");
	return false;
}

static bool parse_rpc_arg(struct config *config, struct text value, char *error)
{
	return parse_switch(value, "rpc-arg", &config->rpc_arg, error);
}

static bool parse_hypervisor(struct config *config, struct text value, char *error)
{
	return parse_switch(value, "hypervisor", &config->hypervisor, error);
}

static bool parse_load_ta(struct config *config, struct text value, char *error)
{
	return parse_switch(value, "load-ta", &config->load_all, error);
}

static bool parse_ts_test(struct config *config, struct text value, char *error)
{
	uint64_t count;

	if (!text_to_u64(value, &count) || count > CONFIG_TS_TEST_MAX) {
		set_error(error, "ts-test: must be 0 to %u", CONFIG_TS_TEST_MAX);
		return false;
	}
	config->ts_test = (unsigned int)count;
	return true;
}

static bool parse_ts_storage_id(struct config *config, struct text value, char *error)
{
	uint64_t id;

	if (!text_to_u64(value, &id) || (id && (id < 0x8001 || id > 0xfffe))) {
		set_error(error, "ts-storage-id: must be 0 or 0x8001 to 0xfffe");
		return false;
	}
	config->ts_storage_id = (uint16_t)id;
	return true;
}

static bool parse_ts_future(struct config *config, struct text value, char *error)
{
	return parse_switch(value, "ts-future", &config->ts_future, error);
}

static bool parse_rng_seed(struct config *config, struct text value, char *error)
{
	if (text_to_u64(value, &config->rng_seed))
		return true;
	set_error(error, "rng-seed: must be a number");
	return false;
}

static bool parse_static_shm(struct config *config, struct text value, char *error)
{
	if (text_is(value, "off")) {
		config->static_shm = STATIC_SHM_OFF;
	} else if (text_is(value, "on")) {
		config->static_shm = STATIC_SHM_ON;
	} else if (text_is(value, "only")) {
		config->static_shm = STATIC_SHM_ONLY;
	} else {
		set_error(error, "static-shm: must be off, on or only");
		return false;
	}
	return true;
}

static bool parse_static_shm_size(struct config *config, struct text value, char *error)
{
	uint64_t size;

	if (!text_to_u64(value, &size) || size < CONFIG_STATIC_SHM_MIN ||
	    size > CONFIG_STATIC_SHM_MAX || size % 4096) {
		set_error(error, "static-shm-size: must be %lu to %lu octets, whole pages",
			  CONFIG_STATIC_SHM_MIN, CONFIG_STATIC_SHM_MAX);
		return false;
	}
	config->static_shm_size = size;
	return true;
}

static bool parse_notif(struct config *config, struct text value, char *error)
{
	unsigned int limit = 0;
	struct text kind;
	uint64_t number;

	text_split(&value, ':', &kind);
	if (text_is(kind, "spi")) {
		config->notif = NOTIF_SPI;
		config->notif_interrupt = CONFIG_NOTIF_SPI;
		limit = 224;
	} else if (text_is(kind, "ppi")) {
		config->notif = NOTIF_PPI;
		config->notif_interrupt = CONFIG_NOTIF_PPI;
		limit = 16;
	} else if (text_is(kind, "off")) {
		config->notif = NOTIF_OFF;
	} else {
		set_error(error, "async-notif: must be spi, ppi or off");
		return false;
	}
	if (!value.start)
		return true;
	if (!text_to_u64(value, &number) || number >= limit) {
		set_error(error, "async-notif: there is no such interrupt");
		return false;
	}
	config->notif_interrupt = (unsigned int)number;
	return true;
}

static bool parse_sysctx(struct config *config, struct text value, char *error)
{
	if (text_is(value, "private")) {
		config->system_mode = SIM_SYSTEM_PRIVATE;
	} else if (text_is(value, "v2")) {
		config->system_mode = SIM_SYSTEM_V2;
	} else if (text_is(value, "off")) {
		config->system_mode = SIM_SYSTEM_OFF;
	} else {
		set_error(error, "sysctx: must be private, v2 or off");
		return false;
	}
	return true;
}

static bool parse_fault(struct config *config, struct text value, char *error)
{
	uint64_t count = 1, argument = 0;
	struct text name, number;
	unsigned int fault;

	text_split(&value, ':', &name);
	fault = fault_by_name(name);
	if (!fault) {
		set_error(error, "fault: there is no such fault");
		return false;
	}
	if (text_split(&value, ':', &number) && !text_to_u64(number, &count)) {
		set_error(error, "fault: the count is not a number");
		return false;
	}
	if (text_split(&value, ':', &number) && !text_to_u64(number, &argument)) {
		set_error(error, "fault: the argument is not a number");
		return false;
	}
	if (value.start) {
		set_error(error, "fault: must be NAME[:COUNT[:ARGUMENT]]");
		return false;
	}
	config->faults[fault].count = count;
	config->faults[fault].argument = argument;
	return true;
}

static const struct key {
	const char *name;
	/* NULL: known, but nothing behind it yet. */
	bool (*parse)(struct config *config, struct text value, char *error);
} keys[] = {
	{ "threads", parse_threads },
	{ "guests", parse_guests },
	{ "hypervisor", parse_hypervisor },
	{ "optee", parse_optee },
	{ "ffa", parse_ffa },
	{ "ffa-version", parse_ffa_version },
	{ "test-partitions", parse_test_partitions },
	{ "fault", parse_fault },
	{ "rpc-arg", parse_rpc_arg },
	{ "load-ta", parse_load_ta },
	{ "rng-seed", parse_rng_seed },
	{ "static-shm", parse_static_shm },
	{ "static-shm-size", parse_static_shm_size },
	{ "async-notif", parse_notif },
	{ "sysctx", parse_sysctx },
	{ "qtee", parse_qtee },
	{ "qtee-calls", parse_qtee_calls },
	{ "ts", parse_ts },
	{ "ts-test", parse_ts_test },
	{ "ts-storage-id", parse_ts_storage_id },
	{ "ts-future", parse_ts_future },
};

static bool parse_pair(struct config *config, struct text pair, char *error)
{
	struct text value = pair, name;
	char shown[32];
	size_t n;

	text_split(&value, '=', &name);
	for (n = 0; n < name.length && n < sizeof(shown) - 1; n++)
		shown[n] = name.start[n] > ' ' && name.start[n] < 127 ? name.start[n] : '?';
	shown[n] = '\0';
	if (!value.start) {
		set_error(error, "%s: must be KEY=VALUE", shown);
		return false;
	}
	for (n = 0; n < ARRAY_SIZE(keys); n++) {
		if (!text_is(name, keys[n].name))
			continue;
		if (keys[n].parse)
			return keys[n].parse(config, value, error);
		set_error(error, "%s: is not built yet", keys[n].name);
		return false;
	}
	set_error(error, "%s: is not a key", shown);
	return false;
}

/* What only the whole tells. */
static bool check_guests(const struct config *config, char *error)
{
	if (config->guests * config->threads > CONFIG_THREADS_MAX) {
		set_error(error, "guests: %u with %u threads each, at most %u in all",
			  config->guests, config->threads, CONFIG_THREADS_MAX);
		return false;
	}
	if (config->guests && config->qtee) {
		set_error(error, "qtee: not with guests");
		return false;
	}
	if (config->guests && config->optee_ffa) {
		set_error(error, "optee: over FF-A there are no guests");
		return false;
	}
	if (config->optee_ffa && config->static_shm != STATIC_SHM_OFF) {
		set_error(error, "static-shm: not with FF-A");
		return false;
	}
	if (config->hypervisor && !config->guests) {
		set_error(error, "hypervisor: without guests");
		return false;
	}
	return true;
}

bool config_parse(struct config *config, const char *text, size_t length,
		  char error[CONFIG_ERROR_SIZE])
{
	struct text rest = { text, length }, pair;

	memset(config, 0, sizeof(*config));
	config->threads = 4;
	config->optee = true;
	config->qtee_calls = CONFIG_QTEE_CALLS;
	config->ffa_version = FFA_VERSION_MAKE(1, 2);
	config->test_partitions = true;
	config->rpc_arg = true;
	config->ts_test = 1;
	config->static_shm_size = CONFIG_STATIC_SHM_SIZE;
	config->notif = NOTIF_SPI;
	config->notif_interrupt = CONFIG_NOTIF_SPI;
	config->system_mode = SIM_SYSTEM_PRIVATE;
	error[0] = '\0';

	/* fw_cfg gives the terminator of a string, too. */
	while (rest.length && !rest.start[rest.length - 1])
		rest.length--;
	while (text_split(&rest, ' ', &pair))
		if (pair.length && !parse_pair(config, pair, error))
			return false;
	return check_guests(config, error);
}
