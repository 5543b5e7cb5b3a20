/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs for the kernel's filter, run by an interpreter that keeps to inet_diag_bc_audit() and
 * inet_diag_bc_run() of net/ipv4/inet_diag.c.
 */
#include "unit.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <string.h>

#include "collector/netlink/bytecode.h"

struct sample {
	int family;
	const char *local;
	const char *remote;
	uint16_t local_port, remote_port;
};

static size_t
size_of(const uint8_t *at, size_t len)
{
	struct inet_diag_bc_op op;
	struct inet_diag_hostcond host;

	assert_true(len >= sizeof op);
	memcpy(&op, at, sizeof op);
	switch (op.code) {
	case INET_DIAG_BC_S_GE:
	case INET_DIAG_BC_S_LE:
	case INET_DIAG_BC_D_GE:
	case INET_DIAG_BC_D_LE: return 2 * sizeof op;
	case INET_DIAG_BC_S_COND:
	case INET_DIAG_BC_D_COND:
		assert_true(len >= sizeof op + sizeof host);
		memcpy(&host, at + sizeof op, sizeof host);
		assert_true(host.family == AF_INET || host.family == AF_INET6);
		assert_true(host.prefix_len <= (host.family == AF_INET ? 32 : 128));
		return sizeof op + sizeof host + (host.family == AF_INET ? 4 : 16);
	case INET_DIAG_BC_JMP: return sizeof op;
	default: fail_msg("operation %d", op.code); return 0;
	}
}

/* The target stands where an operation begins, or is the end. */
static bool
is_on_way(const uint8_t *code, size_t len, size_t target)
{
	size_t at = 0;

	while (at < len && at < target) {
		struct inet_diag_bc_op op;

		memcpy(&op, code + at, sizeof op);
		at += op.yes;
	}
	return at == target;
}

static void
audit(const uint8_t *code, size_t len)
{
	size_t at = 0;

	while (at < len) {
		const size_t size = size_of(code + at, len - at);
		const size_t left = len - at;
		struct inet_diag_bc_op op;

		memcpy(&op, code + at, sizeof op);
		assert_true(op.no >= size && op.no <= left + 4 && op.no % 4 == 0);
		if (op.no < left)
			assert_true(is_on_way(code, len, at + op.no));
		assert_true(op.yes >= size && op.yes <= left + 4 && op.yes % 4 == 0);
		at += op.yes;
	}
	assert_int_equal(at, len);
}

static bool
match_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	if (memcmp(a, b, bits / 8) != 0)
		return false;
	return bits % 8 == 0 || (a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8) == 0;
}

static bool
match_host(const uint8_t *at, const struct sample *sample, const char *text)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct inet_diag_hostcond host;
	uint8_t address[16] = {0};
	const uint8_t *const wanted = at + sizeof(struct inet_diag_bc_op) + sizeof host;

	memcpy(&host, at + sizeof(struct inet_diag_bc_op), sizeof host);
	assert_int_equal(host.port, -1);
	assert_int_equal(inet_pton(sample->family, text, address), 1);
	if (host.family == sample->family)
		return match_bits(address, wanted, host.prefix_len);
	return sample->family == AF_INET6 && host.family == AF_INET &&
	       memcmp(address, mapped, sizeof mapped) == 0 &&
	       match_bits(address + 12, wanted, host.prefix_len);
}

static bool
run(const uint8_t *code, size_t len, const struct sample *sample)
{
	long left = (long)len;

	while (left > 0) {
		struct inet_diag_bc_op op, port;
		bool yes = true;

		memcpy(&op, code, sizeof op);
		memcpy(&port, code + sizeof op, sizeof port);
		switch (op.code) {
		case INET_DIAG_BC_JMP: yes = false; break;
		case INET_DIAG_BC_S_GE: yes = sample->local_port >= port.no; break;
		case INET_DIAG_BC_S_LE: yes = sample->local_port <= port.no; break;
		case INET_DIAG_BC_D_GE: yes = sample->remote_port >= port.no; break;
		case INET_DIAG_BC_D_LE: yes = sample->remote_port <= port.no; break;
		case INET_DIAG_BC_S_COND: yes = match_host(code, sample, sample->local); break;
		case INET_DIAG_BC_D_COND: yes = match_host(code, sample, sample->remote); break;
		default: break;
		}
		left -= yes ? op.yes : op.no;
		code += yes ? op.yes : op.no;
	}
	return left == 0;
}

static struct subscription_condition
port(uint8_t clause, enum condition_kind kind, uint16_t low, uint16_t high)
{
	return (struct subscription_condition){
		.clause = clause, .kind = kind, .low = low, .high = high};
}

/* prefix in bits of the 128-bit form. */
static struct subscription_condition
host(uint8_t clause, enum condition_kind kind, const char *address, uint8_t prefix)
{
	struct subscription_condition condition = {
		.clause = clause, .kind = kind, .prefix = prefix};

	assert_int_equal(inet_pton(AF_INET6, address, condition.address), 1);
	return condition;
}

/* The room after it is for the interpreter, which looks at a port. */
static uint8_t code[BYTECODE_MAX + 8] __attribute__((aligned(4)));

static size_t
compile(const struct subscription_condition *conditions, size_t count)
{
	const size_t len = bytecode_compile((struct array){conditions, count}, code);

	assert_true(len <= BYTECODE_MAX);
	audit(code, len);
	return len;
}

static const struct sample v4 = {AF_INET, "10.1.2.3", "192.0.2.9", 443, 51000};
static const struct sample v6 = {AF_INET6, "2001:db8::1", "2001:db8:7::2", 443, 51000};
static const struct sample mapped = {AF_INET6, "::ffff:10.1.2.3", "::ffff:192.0.2.9", 80, 0};

static void
test_ports(void **state)
{
	(void)state;
	static const struct {
		uint16_t low, high;
		bool matches; /* local port 443 */
	} cases[] = {{443, 443, true}, {444, 444, false}, {442, 442, false}, {400, 500, true},
		{0, 442, false}, {0, 443, true}, {443, 65535, true}, {444, 65535, false}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct subscription_condition local =
			port(1, CONDITION_LOCAL_PORT, cases[i].low, cases[i].high);
		const size_t len = compile(&local, 1);

		assert_true(len > 0);
		assert_int_equal(run(code, len, &v4), cases[i].matches);
		assert_int_equal(run(code, len, &v6), cases[i].matches);
	}
}

static void
test_remote_port(void **state)
{
	(void)state;
	const struct subscription_condition remote = port(1, CONDITION_REMOTE_PORT, 50000, 52000);
	const size_t len = compile(&remote, 1);

	assert_true(run(code, len, &v4));
	assert_false(run(code, len, &mapped));
}

static void
test_addresses(void **state)
{
	(void)state;
	static const struct {
		const char *address;
		uint8_t prefix;
		bool v4, v6, mapped; /* local address */
	} cases[] = {
		{"::ffff:10.1.2.3", 128, true, false, true},
		{"::ffff:10.1.2.4", 128, false, false, false},
		{"::ffff:10.0.0.0", 104, true, false, true},
		{"::ffff:11.0.0.0", 104, false, false, false},
		{"::ffff:0.0.0.0", 96, true, false, true},
		{"2001:db8::", 32, false, true, false},
		{"2001:db8::1", 128, false, true, false},
		{"2001:db8::2", 127, false, false, false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct subscription_condition local =
			host(1, CONDITION_LOCAL_ADDRESS, cases[i].address, cases[i].prefix);
		const size_t len = compile(&local, 1);

		assert_true(len > 0);
		assert_int_equal(run(code, len, &v4), cases[i].v4);
		assert_int_equal(run(code, len, &v6), cases[i].v6);
		assert_int_equal(run(code, len, &mapped), cases[i].mapped);
	}
}

/* "port 443 or port 80" as the filter makes it: either side, two ports, four conditions. */
static void
test_alternatives(void **state)
{
	(void)state;
	const struct subscription_condition conditions[] = {
		port(1, CONDITION_LOCAL_PORT, 443, 443),
		port(1, CONDITION_REMOTE_PORT, 443, 443),
		port(1, CONDITION_LOCAL_PORT, 0, 80),
		host(1, CONDITION_REMOTE_ADDRESS, "2001:db8:8::", 48),
	};
	const struct sample other = {AF_INET6, "2001:db8::1", "2001:db8:8::9", 999, 998};
	const struct sample none = {AF_INET6, "2001:db8::1", "2001:db8:7::9", 999, 998};
	const size_t len = compile(conditions, 4);

	assert_true(run(code, len, &v4));
	assert_true(run(code, len, &v6));
	assert_true(run(code, len, &mapped));
	assert_true(run(code, len, &other));
	assert_false(run(code, len, &none));
}

static void
test_clauses(void **state)
{
	(void)state;
	const struct subscription_condition conditions[] = {
		port(1, CONDITION_LOCAL_PORT, 80, 80),
		port(1, CONDITION_LOCAL_PORT, 443, 443),
		host(4, CONDITION_REMOTE_ADDRESS, "::ffff:192.0.2.0", 120),
		host(4, CONDITION_REMOTE_ADDRESS, "2001:db8:9::", 48),
		port(9, CONDITION_REMOTE_PORT, 1, 65535),
	};
	const size_t len = compile(conditions, 5);

	assert_true(run(code, len, &v4));
	assert_false(run(code, len, &v6));     /* second clause */
	assert_false(run(code, len, &mapped)); /* third clause */
}

/* A condition that passes every socket, or has no bytecode, removes its whole clause. */
static void
test_left_out(void **state)
{
	(void)state;
	const struct subscription_condition all_ports = port(1, CONDITION_LOCAL_PORT, 0, 65535);
	const struct subscription_condition wide[] = {
		host(1, CONDITION_LOCAL_ADDRESS, "::", 0),
		host(1, CONDITION_LOCAL_ADDRESS, "::", 64),
		host(1, CONDITION_LOCAL_ADDRESS, "::fffe:0:0", 95),
		host(1, CONDITION_LOCAL_ADDRESS, "::1", 129),
		host(1, CONDITION_LOCAL_ADDRESS, "::", 80),
		host(1, CONDITION_LOCAL_ADDRESS, "::8000:0:0", 81),
		host(1, CONDITION_LOCAL_ADDRESS, "::f800:0:0", 85),
		host(1, CONDITION_LOCAL_ADDRESS, "::ff00:0:0", 88),
		host(1, CONDITION_LOCAL_ADDRESS, "::ff80:0:0", 89),
		host(1, CONDITION_LOCAL_ADDRESS, "::", 1),
		host(1, CONDITION_LOCAL_ADDRESS, "::", 7),
		port(1, (enum condition_kind)77, 1, 2),
	};
	/* Beside the mapped addresses. */
	const struct subscription_condition narrow[] = {
		host(1, CONDITION_LOCAL_ADDRESS, "::", 81),
		host(1, CONDITION_LOCAL_ADDRESS, "::f000:0:0", 85),
		host(1, CONDITION_LOCAL_ADDRESS, "::fe00:0:0", 88),
		host(1, CONDITION_LOCAL_ADDRESS, "::ff00:0:0", 89),
		host(1, CONDITION_LOCAL_ADDRESS, "8000::", 1),
		host(1, CONDITION_LOCAL_ADDRESS, "200::", 7),
		host(1, CONDITION_LOCAL_ADDRESS, "0:0:0:0:1::", 80),
		host(1, CONDITION_LOCAL_ADDRESS, "::ffff:0:0", 96),
		host(1, CONDITION_LOCAL_ADDRESS, "::1", 128),
	};
	const struct subscription_condition mixed[] = {
		port(1, CONDITION_LOCAL_PORT, 443, 443),
		host(1, CONDITION_REMOTE_ADDRESS, "::", 8),
		port(2, CONDITION_REMOTE_PORT, 51000, 51000),
	};
	size_t len;

	assert_int_equal(bytecode_compile((struct array){NULL, 0}, code), 0);
	assert_int_equal(compile(&all_ports, 1), 0);
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		assert_int_equal(compile(&wide[i], 1), 0);
	unit_each (i, narrow)
		assert_true(compile(&narrow[i], 1) > 0);
	len = compile(mixed, 3);
	assert_true(run(code, len, &v4));
	assert_false(run(code, len, &mapped));
}

static void
test_largest(void **state)
{
	(void)state;
	struct subscription_condition conditions[SUBSCRIPTION_CONDITIONS_MAX];
	size_t len;

	for (size_t i = 0; i < SUBSCRIPTION_CONDITIONS_MAX; i++) {
		conditions[i] = host(1, CONDITION_REMOTE_ADDRESS, "2001:db8:7::2", 128);
		conditions[i].address[0] = i + 1 < SUBSCRIPTION_CONDITIONS_MAX ? 0xfe : 0x20;
	}
	len = compile(conditions, SUBSCRIPTION_CONDITIONS_MAX);
	assert_true(run(code, len, &v6));
	assert_false(run(code, len, &v4));
	assert_int_equal(
		bytecode_compile((struct array){conditions, SUBSCRIPTION_CONDITIONS_MAX + 1}, code),
		0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_remote_port),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_alternatives),
		cmocka_unit_test(test_clauses),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_largest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
