// SPDX-License-Identifier: BSD-2-Clause
#include "nq.h"
#include "qtee-messages.h"

void (*nq_serve)(struct qtee_callback *request);
unsigned int nq_released;
uint32_t nq_last_released;

static uint32_t last_object;
static uint32_t environment;

static const unsigned int balances[] = {
	SIM_COUNTER_QTEE_OBJECTS, SIM_COUNTER_QTEE_EXPORTED, SIM_COUNTER_QTEE_REMOTES,
	SIM_COUNTER_QTEE_MAPPINGS, SIM_COUNTER_QTEE_CONVERSATIONS, SIM_COUNTER_QTEE_BRIDGES,
};

static uint64_t heap_at_start;

int nq_setup(void **state)
{
	(void)state;
	nq_serve = NULL;
	nq_released = 0;
	environment = 0;
	last_object = QTEE_OBJECT_KERNEL;
	if (!host_start("qtee=on qtee-calls=4"))
		return -1;
	heap_at_start = nw_counter(SIM_COUNTER_HEAP_BYTES);
	return 0;
}

int nq_teardown(void **state)
{
	unsigned int n, wrong = 0;

	(void)state;
	if (environment)
		nq_release(environment);
	for (n = 0; n < ARRAY_SIZE(balances); n++) {
		if (!nw_counter(balances[n]))
			continue;
		print_error("counter %u: %d left\n", balances[n], (int)nw_counter(balances[n]));
		wrong++;
	}
	if (nw_counter(SIM_COUNTER_HEAP_BYTES) != heap_at_start) {
		print_error("%d octets of heap left\n",
			    (int)(nw_counter(SIM_COUNTER_HEAP_BYTES) - heap_at_start));
		wrong++;
	}
	host_stop();
	return wrong ? -1 : 0;
}

int64_t nq_smc(uint64_t a[7])
{
	struct smc_regs regs;
	unsigned int n;

	for (n = 0; n < 31; n++)
		regs.x[n] = 0xdead0000 + n;
	memcpy(regs.x, a, 7 * sizeof(*a));
	host_smc(&regs);
	for (n = 4; n < 31; n++)
		if (n != 6 && regs.x[n] != (n < 7 ? a[n] : 0xdead0000 + n))
			fail_msg("x%u was changed", n);
	if (regs.x[6] != a[6] && regs.x[0] != QTEE_SMC_INTERRUPTED)
		fail_msg("x6 was changed");
	memcpy(a, regs.x, 4 * sizeof(*a));
	a[6] = regs.x[6];
	return (int64_t)a[0];
}

struct qtee_invoke *nq_message(unsigned int depth, uint32_t cxt, uint32_t op, uint32_t counts)
{
	struct qtee_invoke *message = host_at(NQ_IN + depth * NQ_STRIDE);

	memset(message, 0, NQ_IN_SIZE);
	memset(nq_outbound(depth), 0, QTEE_OUTBOUND_SIZE);
	message->cxt = cxt;
	message->op = op;
	message->counts = counts;
	return message;
}

static uint32_t align8(uint32_t size)
{
	return (size + 7) & ~7U;
}

void nq_place(struct qtee_invoke *message, const uint32_t *sizes)
{
	unsigned int buffers = QTEE_COUNTS_IB(message->counts) + QTEE_COUNTS_OB(message->counts);
	unsigned int total = buffers + QTEE_COUNTS_IO(message->counts) +
			     QTEE_COUNTS_OO(message->counts), n;
	uint32_t end = align8(12 + total * 8);

	for (n = 0; n < buffers; n++) {
		message->args[n].b.offset = end;
		message->args[n].b.size = sizes[n];
		end = align8(end + sizes[n]);
	}
}

void *nq_data(struct qtee_invoke *message, unsigned int n)
{
	return (uint8_t *)message + message->args[n].b.offset;
}

struct qtee_callback *nq_outbound(unsigned int depth)
{
	return host_at(NQ_OUT + depth * NQ_STRIDE);
}

static struct nq_return call(uint64_t a[7])
{
	struct nq_return ret;

	ret.status = nq_smc(a);
	ret.response = a[1];
	ret.result = (int32_t)a[2];
	ret.session = a[6];
	return ret;
}

struct nq_return nq_invoke(unsigned int depth)
{
	uint64_t a[7] = {
		QTEE_SMC_INVOKE, QTEE_INVOKE_ARGINFO, NQ_IN + depth * NQ_STRIDE, NQ_IN_SIZE,
		NQ_OUT + depth * NQ_STRIDE, QTEE_OUTBOUND_SIZE, 0,
	};

	return call(a);
}

struct nq_return nq_answer(unsigned int depth)
{
	uint64_t a[7] = {
		QTEE_SMC_CB_RSP, QTEE_CB_RSP_ARGINFO, NQ_OUT + depth * NQ_STRIDE,
		QTEE_OUTBOUND_SIZE,
	};

	return call(a);
}

/* As the driver does; the area must be as well-formed as it is. */
static void take_releases(uint8_t *area, size_t size)
{
	while (size > 8) {
		struct qtee_async *async = (struct qtee_async *)area;
		size_t used = sizeof(*async) + async->count * sizeof(uint32_t);

		if (!async->version)
			return;
		assert_int_equal(async->version, QTEE_ASYNC_VERSION_1_2);
		assert_int_equal(async->op, QTEE_ASYNC_OP_RELEASE);
		assert_true(async->count && used <= size);
		nq_released += async->count;
		nq_last_released = async->objects[async->count - 1];
		used = (used + 7) & ~(size_t)7;
		if (used > size)
			return;
		area += used;
		size -= used;
	}
}

/* Where the asynchronous messages of a request begin. */
static size_t request_end(const struct qtee_callback *request)
{
	unsigned int buffers = QTEE_COUNTS_IB(request->counts) + QTEE_COUNTS_OB(request->counts);
	unsigned int total = buffers + QTEE_COUNTS_IO(request->counts) +
			     QTEE_COUNTS_OO(request->counts), n;
	size_t end = align8(16 + total * 8);

	for (n = 0; n < buffers; n++)
		end += align8(request->args[n].b.size);
	return end;
}

int32_t nq_run(unsigned int depth)
{
	struct qtee_callback *request = nq_outbound(depth);
	struct nq_return ret = nq_invoke(depth);
	unsigned int rounds = 0;
	size_t end;

	for (;;) {
		assert_int_equal(ret.status, QTEE_SMC_OK);
		if (ret.response != QTEE_RESPONSE_CALLBACK)
			break;
		if (rounds++ > 100000)
			fail_msg("no end of callbacks");
		assert_int_equal(request->result, 0);
		assert_true(request->cxt & QTEE_OBJECT_KERNEL);
		end = request_end(request);
		take_releases((uint8_t *)request + end, QTEE_OUTBOUND_SIZE - end);
		memset((uint8_t *)request + end, 0, QTEE_OUTBOUND_SIZE - end);
		if (nq_serve)
			nq_serve(request);
		else
			request->result = (uint32_t)QTEE_UNAVAIL;
		ret = nq_answer(depth);
	}
	assert_int_equal(ret.response, QTEE_RESPONSE_FINAL);
	take_releases((uint8_t *)request, QTEE_OUTBOUND_SIZE);
	return ret.result;
}

bool nq_serve_credentials(struct qtee_callback *request)
{
	uint8_t *page = (uint8_t *)request;
	uint64_t size = sizeof(vector_qtee_credentials), offset;

	if (request->op == QTEE_OP_IO_LENGTH && request->counts == QTEE_COUNTS(0, 1, 0, 0)) {
		memcpy(page + request->args[0].b.offset, &size, sizeof(size));
		return true;
	}
	if (request->op != QTEE_OP_IO_READ || request->counts != QTEE_COUNTS(1, 1, 0, 0))
		return false;
	memcpy(&offset, page + request->args[0].b.offset, sizeof(offset));
	assert_true(offset + request->args[1].b.size <= size);
	memcpy(page + request->args[1].b.offset, vector_qtee_credentials + offset,
	       request->args[1].b.size);
	return true;
}

static void serve_credentials(struct qtee_callback *request)
{
	if (!nq_serve_credentials(request))
		fail_msg("operation %u of the credentials", request->op);
}

uint32_t nq_object(void)
{
	return ++last_object;
}

static uint32_t register_as(uint32_t op, uint32_t credentials)
{
	struct qtee_invoke *message = nq_message(0, QTEE_OBJECT_ROOT, op,
						 QTEE_COUNTS(0, 0, 1, 1));
	void (*serve)(struct qtee_callback *request) = nq_serve;

	message->args[0].o.id = credentials;
	nq_serve = serve_credentials;
	assert_int_equal(nq_run(0), QTEE_OK);
	nq_serve = serve;
	assert_true(message->args[1].o.id > QTEE_OBJECT_ROOT &&
		    message->args[1].o.id < QTEE_OBJECT_KERNEL);
	return message->args[1].o.id;
}

uint32_t nq_environment(void)
{
	return register_as(QTEE_OP_ROOT_REGISTER, nq_object());
}

uint32_t nq_kernel_environment(void)
{
	return register_as(QTEE_OP_ROOT_REGISTER_CREDENTIALS, QTEE_OBJECT_NULL);
}

uint32_t nq_open(uint32_t uid)
{
	static const uint32_t size = sizeof(uid);
	struct qtee_invoke *message;

	if (!environment)
		environment = nq_environment();
	message = nq_message(0, environment, QTEE_OP_ENV_OPEN, QTEE_COUNTS(1, 0, 0, 1));
	nq_place(message, &size);
	memcpy(nq_data(message, 0), &uid, sizeof(uid));
	assert_int_equal(nq_run(0), QTEE_OK);
	return message->args[1].o.id;
}

int32_t nq_release(uint32_t object)
{
	nq_message(0, object, QTEE_OP_RELEASE, 0);
	if (object == environment)
		environment = 0;
	return nq_run(0);
}

uint8_t *nq_payload(struct qtee_callback *request, unsigned int n)
{
	return (uint8_t *)request + request->args[n].b.offset;
}

/* FORWARD of @op to @callee without more arguments, at a depth. */
void nq_forward(unsigned int depth, uint32_t caller, uint32_t op, uint32_t callee)
{
	static const uint32_t size = sizeof(op);
	struct qtee_invoke *message = nq_message(depth, caller, QTEE_CALLER_FORWARD,
						 QTEE_COUNTS(1, 0, 1, 0));

	nq_place(message, &size);
	memcpy(nq_data(message, 0), &op, sizeof(op));
	message->args[1].o.id = callee;
}

int32_t nq_number(uint32_t object, uint32_t op, uint32_t value)
{
	static const uint32_t size = sizeof(value);
	struct qtee_invoke *message = nq_message(0, object, op, QTEE_COUNTS(1, 0, 0, 0));

	nq_place(message, &size);
	memcpy(nq_data(message, 0), &value, sizeof(value));
	return nq_run(0);
}
