// SPDX-License-Identifier: BSD-2-Clause
/* Numbers of the interface and their names. */
#include "abi/optee_msg.h"
#include "abi/optee_rpc.h"
#include "array.h"
#include "teectl.h"

static const struct {
	uint32_t ret;
	const char *name;
} results[] = {
	{ TEE_SUCCESS, "TEE_SUCCESS" },
	{ TEE_ERROR_CORRUPT_OBJECT, "TEE_ERROR_CORRUPT_OBJECT" },
	{ TEE_ERROR_STORAGE_NOT_AVAILABLE, "TEE_ERROR_STORAGE_NOT_AVAILABLE" },
	{ TEE_ERROR_GENERIC, "TEE_ERROR_GENERIC" },
	{ TEE_ERROR_ACCESS_DENIED, "TEE_ERROR_ACCESS_DENIED" },
	{ TEE_ERROR_CANCEL, "TEE_ERROR_CANCEL" },
	{ TEE_ERROR_ACCESS_CONFLICT, "TEE_ERROR_ACCESS_CONFLICT" },
	{ TEE_ERROR_EXCESS_DATA, "TEE_ERROR_EXCESS_DATA" },
	{ TEE_ERROR_BAD_FORMAT, "TEE_ERROR_BAD_FORMAT" },
	{ TEE_ERROR_BAD_PARAMETERS, "TEE_ERROR_BAD_PARAMETERS" },
	{ TEE_ERROR_BAD_STATE, "TEE_ERROR_BAD_STATE" },
	{ TEE_ERROR_ITEM_NOT_FOUND, "TEE_ERROR_ITEM_NOT_FOUND" },
	{ TEE_ERROR_NOT_IMPLEMENTED, "TEE_ERROR_NOT_IMPLEMENTED" },
	{ TEE_ERROR_NOT_SUPPORTED, "TEE_ERROR_NOT_SUPPORTED" },
	{ TEE_ERROR_NO_DATA, "TEE_ERROR_NO_DATA" },
	{ TEE_ERROR_OUT_OF_MEMORY, "TEE_ERROR_OUT_OF_MEMORY" },
	{ TEE_ERROR_BUSY, "TEE_ERROR_BUSY" },
	{ TEE_ERROR_COMMUNICATION, "TEE_ERROR_COMMUNICATION" },
	{ TEE_ERROR_SECURITY, "TEE_ERROR_SECURITY" },
	{ TEE_ERROR_SHORT_BUFFER, "TEE_ERROR_SHORT_BUFFER" },
	{ TEE_ERROR_EXTERNAL_CANCEL, "TEE_ERROR_EXTERNAL_CANCEL" },
	{ TEE_ERROR_TIMEOUT, "TEE_ERROR_TIMEOUT" },
	{ TEE_ERROR_OVERFLOW, "TEE_ERROR_OVERFLOW" },
	{ TEE_ERROR_TARGET_DEAD, "TEE_ERROR_TARGET_DEAD" },
	{ TEE_ERROR_STORAGE_NO_SPACE, "TEE_ERROR_STORAGE_NO_SPACE" },
	{ TEE_ERROR_MAC_INVALID, "TEE_ERROR_MAC_INVALID" },
	{ TEE_ERROR_SIGNATURE_INVALID, "TEE_ERROR_SIGNATURE_INVALID" },
	{ TEE_ERROR_TIME_NOT_SET, "TEE_ERROR_TIME_NOT_SET" },
	{ TEE_ERROR_TIME_NEEDS_RESET, "TEE_ERROR_TIME_NEEDS_RESET" },
};

const char *result_name(uint32_t ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(results); i++)
		if (results[i].ret == ret)
			return results[i].name;
	return NULL;
}

const char *origin_name(uint32_t origin)
{
	static const char * const names[] = {
		[TEE_ORIGIN_API] = "API",
		[TEE_ORIGIN_COMMS] = "COMMS",
		[TEE_ORIGIN_TEE] = "TEE",
		[TEE_ORIGIN_TRUSTED_APP] = "TRUSTED_APP",
	};

	return origin < ARRAY_SIZE(names) ? names[origin] : NULL;
}

const char *rpc_name(uint32_t cmd)
{
	static const char * const names[] = {
		[OPTEE_RPC_CMD_LOAD_TA] = "load application",
		[OPTEE_RPC_CMD_RPMB] = "RPMB",
		[OPTEE_RPC_CMD_FS] = "file system",
		[OPTEE_RPC_CMD_GET_TIME] = "time",
		[OPTEE_RPC_CMD_NOTIFICATION] = "notification",
		[OPTEE_RPC_CMD_SUSPEND] = "sleep",
		[OPTEE_RPC_CMD_SHM_ALLOC] = "allocate memory",
		[OPTEE_RPC_CMD_SHM_FREE] = "free memory",
		[OPTEE_RPC_CMD_GPROF] = "profile",
		[OPTEE_RPC_CMD_SOCKET] = "socket",
		[OPTEE_RPC_CMD_FTRACE] = "function trace",
		[OPTEE_RPC_CMD_PLUGIN] = "plugin",
		[OPTEE_RPC_CMD_I2C_TRANSFER] = "I2C",
		[OPTEE_RPC_CMD_RPMB_PROBE_RESET] = "RPMB probe",
		[OPTEE_RPC_CMD_RPMB_PROBE_NEXT] = "RPMB probe",
		[OPTEE_RPC_CMD_RPMB_FRAMES] = "RPMB frames",
	};

	return cmd < ARRAY_SIZE(names) ? names[cmd] : NULL;
}

const char *message_name(uint32_t cmd)
{
	static const char * const names[] = {
		[OPTEE_MSG_CMD_OPEN_SESSION] = "open",
		[OPTEE_MSG_CMD_INVOKE_COMMAND] = "invoke",
		[OPTEE_MSG_CMD_CLOSE_SESSION] = "close",
		[OPTEE_MSG_CMD_CANCEL] = "cancel",
		[OPTEE_MSG_CMD_REGISTER_SHM] = "register",
		[OPTEE_MSG_CMD_UNREGISTER_SHM] = "unregister",
		[OPTEE_MSG_CMD_DO_BOTTOM_HALF] = "bottom-half",
		[OPTEE_MSG_CMD_STOP_ASYNC_NOTIF] = "stop-notif",
	};

	return cmd < ARRAY_SIZE(names) ? names[cmd] : NULL;
}

const char *impl_name(uint32_t impl_id)
{
	static const char * const names[] = {
		[TEE_IMPL_ID_OPTEE] = "optee",
		[TEE_IMPL_ID_AMDTEE] = "amdtee",
		[TEE_IMPL_ID_TSTEE] = "tstee",
		[TEE_IMPL_ID_QTEE] = "qtee",
	};

	return impl_id < ARRAY_SIZE(names) ? names[impl_id] : NULL;
}

const char *gen_cap_name(unsigned int bit)
{
	static const char * const names[] = {
		"gp", "privileged", "reg-mem", "memref-null", "objref",
	};

	return bit < ARRAY_SIZE(names) ? names[bit] : NULL;
}

const char *impl_cap_name(uint32_t impl_id, unsigned int bit)
{
	return impl_id == TEE_IMPL_ID_OPTEE && bit == 0 ? "tz" : NULL;
}
