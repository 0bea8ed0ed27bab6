// SPDX-License-Identifier: BSD-2-Clause
#include "direct.h"
#include "arch.h"
#include "context.h"
#include "deferred.h"
#include "guest.h"
#include "string.h"

static int32_t refuse(struct spmc *spmc, const struct endpoint *sender, int32_t status,
		      uint16_t receiver, const char *why)
{
	/* That a partition is busy is nobody's mistake. */
	if (status != FFA_BUSY)
		counter_add(spmc->guest, SIM_COUNTER_FFA_REFUSALS, 1);
	else
		counter_add(spmc->guest, SIM_COUNTER_FFA_BUSY, 1);
	log_limited("ffa: %x refused: request to %x: %s", sender->id, receiver, why);
	return status;
}

int32_t direct_check(struct spmc *spmc, const struct endpoint *sender, uint16_t receiver,
		     const struct partition_message *message, struct partition **target)
{
	struct partition *partition = spmc_partition(spmc, receiver);
	bool req2 = message->kind == PARTITION_MESSAGE_REQ2;
	int32_t status;

	if (!partition || &partition->endpoint == sender)
		return refuse(spmc, sender, FFA_INVALID_PARAMETERS, receiver, "no such partition");
	if (!(partition->about->properties & (req2 ? FFA_PROPERTY_DIRECT_REQ2_RECV :
						     FFA_PROPERTY_DIRECT_REQ_RECV)))
		return refuse(spmc, sender, FFA_DENIED, receiver, "it takes none of this kind");
	if (req2 && !ffa_uuid_is_nil(message->uuid) &&
	    partition_find_uuid(partition, message->uuid) < 0)
		return refuse(spmc, sender, FFA_INVALID_PARAMETERS, receiver,
			      "the UUID is not one of its");
	*target = partition;
	if (partition->about->direct)
		return endpoint_is_normal(sender) ? FFA_OK :
			refuse(spmc, sender, FFA_DENIED, receiver, "it is not for partitions");
	status = context_claim(partition);
	if (status == FFA_BUSY)
		return refuse(spmc, sender, status, receiver, "it is busy");
	if (status != FFA_OK)
		return refuse(spmc, sender, status, receiver, "it is broken");
	return FFA_OK;
}

/* A test's: one word of the answer is another one. */
static void misanswer(struct ffa_call *call)
{
	uint64_t forced;

	if (fault_take(&call->spmc->guest->faults, SIM_FAULT_FFA_ANSWER, &forced) &&
	    forced >> 32 < FFA_DIRECT_WORDS)
		call->x[FFA_DIRECT_FIRST + (forced >> 32)] = (uint32_t)forced;
}

/* @request: the function that is answered. */
static void answer(const struct partition *partition, uint32_t request,
		   const struct partition_message *message, struct ffa_call *call)
{
	uint64_t pair = FFA_PAIR(partition->endpoint.id, message->sender);
	unsigned int n;

	switch (request) {
	case FFA_RUN_32:
		ffa_reply(call, FFA_MSG_WAIT_32, 0, 0, 0);
		break;
	case FFA_MSG_SEND_DIRECT_REQ2_64:
		ffa_reply(call, FFA_MSG_SEND_DIRECT_RESP2_64, pair, 0, 0);
		for (n = 0; n < FFA_DIRECT2_WORDS; n++)
			call->x[FFA_DIRECT2_FIRST + n] = message->word[n];
		break;
	case FFA_MSG_SEND_DIRECT_REQ_64:
		ffa_reply(call, FFA_MSG_SEND_DIRECT_RESP_64, pair, 0, 0);
		for (n = 0; n < FFA_DIRECT_WORDS; n++)
			call->x[FFA_DIRECT_FIRST + n] = message->word[n];
		break;
	default:
		ffa_reply(call, FFA_MSG_SEND_DIRECT_RESP_32, pair, 0, 0);
		for (n = 0; n < FFA_DIRECT_WORDS; n++)
			call->x[FFA_DIRECT_FIRST + n] = (uint32_t)message->word[n];
	}
	if (request != FFA_RUN_32 && request != FFA_MSG_SEND_DIRECT_REQ2_64)
		misanswer(call);
}

static void answer_at_once(struct partition *partition, uint32_t request,
			   const struct partition_message *message, struct ffa_call *call)
{
	struct partition_message copy = *message;

	if (deferred_begin(partition, request, message, call))
		return;
	partition->about->direct(partition, &copy);
	answer(partition, request, &copy, call);
}

/* Everything is checked but what the partition has to do with; start and answer. */
static void request(struct ffa_call *call, uint16_t receiver,
		    const struct partition_message *message)
{
	struct partition *partition;
	int32_t status;

	status = direct_check(call->spmc, call->caller, receiver, message, &partition);
	if (status != FFA_OK) {
		ffa_error(call, status);
		return;
	}
	counter_add(call->spmc->guest, SIM_COUNTER_FFA_REQUESTS, 1);
	if (partition->about->direct) {
		answer_at_once(partition, (uint32_t)call->x[0], message, call);
		return;
	}
	partition->caller = NULL;
	partition->request = (uint32_t)call->x[0];
	partition->message = *message;
	context_begin(partition);
	context_run(partition, call);
}

/* Whether the caller gave its own id. */
static bool sender_is_caller(struct ffa_call *call)
{
	if (FFA_PAIR_SENDER(call->x[1]) == call->caller->id && !(call->x[1] >> 32))
		return true;
	ffa_refuse(call, FFA_INVALID_PARAMETERS, "request in the name of %x",
		   FFA_PAIR_SENDER(call->x[1]));
	return false;
}

void ffa_msg_send_direct_req(struct ffa_call *call)
{
	bool wide = (uint32_t)call->x[0] == FFA_MSG_SEND_DIRECT_REQ_64;
	struct partition_message message = {
		.kind = wide ? PARTITION_MESSAGE_64 : PARTITION_MESSAGE_32,
		.sender = call->caller->id,
		.words = FFA_DIRECT_WORDS,
	};

	if (!sender_is_caller(call))
		return;
	/* No partition wants to hear of virtual machines, and there are no others of these. */
	if (call->x[2]) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "request with flags %lx",
			   (unsigned long)call->x[2]);
		return;
	}
	memcpy(message.word, &call->x[FFA_DIRECT_FIRST], FFA_DIRECT_WORDS * sizeof(uint64_t));
	request(call, FFA_PAIR_RECEIVER(call->x[1]), &message);
}

void ffa_msg_send_direct_req2(struct ffa_call *call)
{
	struct partition_message message = {
		.kind = PARTITION_MESSAGE_REQ2,
		.sender = call->caller->id,
		.words = FFA_DIRECT2_WORDS,
	};

	if (!sender_is_caller(call))
		return;
	ffa_uuid_from_64(message.uuid, call->x[2], call->x[3]);
	memcpy(message.word, &call->x[FFA_DIRECT2_FIRST], FFA_DIRECT2_WORDS * sizeof(uint64_t));
	request(call, FFA_PAIR_RECEIVER(call->x[1]), &message);
}

void direct_answer(struct partition *partition, struct ffa_call *call)
{
	answer(partition, partition->request, &partition->message, call);
}

/*
 * The target is the word that INTERRUPT or YIELD came with. A partition that waits is given time
 * only if it has something to do with it; one that was never suspended cannot be resumed.
 */
static int32_t resume(struct partition *partition, bool *start)
{
	struct spmc *spmc = partition->spmc;
	unsigned int cpu = arch_this_cpu()->index;
	uint64_t interrupts = lock_take(&spmc->lock);
	int32_t status = FFA_OK;

	*start = false;
	switch (partition->state) {
	case PARTITION_PREEMPTED:
	case PARTITION_YIELDED:
		counter_add(spmc->guest, partition->cpu == cpu ? SIM_COUNTER_FFA_RUNS_HERE :
				    SIM_COUNTER_FFA_RUNS_ELSEWHERE, 1);
		partition->state = PARTITION_RUNNING;
		break;
	case PARTITION_WAITING:
		*start = partition->about->run;
		if (*start)
			partition->state = PARTITION_RUNNING;
		else
			status = FFA_DENIED;
		break;
	case PARTITION_BLOCKED:
		status = FFA_DENIED;
		break;
	case PARTITION_ABORTED:
		status = FFA_ABORTED;
		break;
	case PARTITION_RUNNING:
		status = FFA_BUSY;
		break;
	}
	lock_release(&spmc->lock, interrupts);
	return status;
}

void ffa_run(struct ffa_call *call)
{
	uint16_t id = FFA_PAIR_SENDER(call->x[1]), vcpu = FFA_PAIR_RECEIVER(call->x[1]);
	struct partition *partition = spmc_partition(call->spmc, id);
	struct deferred deferred;
	int32_t status;
	bool start;

	if (partition && partition->about->direct && deferred_take(partition, vcpu, &deferred)) {
		answer_at_once(partition, deferred.request, &deferred.message, call);
		return;
	}
	if (!partition || vcpu) {
		ffa_refuse(call, FFA_INVALID_PARAMETERS, "RUN of %x, vCPU %u", id, vcpu);
		return;
	}
	status = resume(partition, &start);
	if (status != FFA_OK) {
		ffa_refuse(call, status, "RUN of %x, which is not suspended", id);
		return;
	}
	if (start) {
		partition->caller = NULL;
		partition->request = FFA_RUN_32;
		memset(&partition->message, 0, sizeof(partition->message));
		context_begin(partition);
	}
	context_run(partition, call);
}
