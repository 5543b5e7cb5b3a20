/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiles the conditions of a subscription to INET_DIAG bytecode. A program is a row of operations
 * with two jumps each: `yes` and `no` are how many bytes to move ahead. To run exactly to the end
 * accepts the socket, to run past it (4 more) rejects it. inet_diag_bc_audit() in the kernel
 *demands that the `yes` jumps lead through every operation in order, and that each `no` jump ends
 *on one of them, so a clause is laid out like this:
 *
 *	condition 1	yes: next	no: condition 2
 *	jump		no: end of the clause
 *	condition 2	yes: next	no: reject
 *	end of the clause
 *
 * Clauses follow each other: all of them must hold.
 */
#include <config.h>

#include "bytecode.h"

#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

enum { JUMP_BYTES = sizeof(struct inet_diag_bc_op) };

struct program {
	uint8_t *code;
	size_t len;
};

static void
put_op(struct program *program, uint8_t code, uint8_t yes, uint16_t no)
{
	const struct inet_diag_bc_op op = {.code = code, .yes = yes, .no = no};

	memcpy(program->code + program->len, &op, sizeof op);
	program->len += sizeof op;
}

/* The port is the `no` of a second operation. */
static void
put_port(struct program *program, uint8_t code, uint16_t port, uint16_t no)
{
	put_op(program, code, 2 * sizeof(struct inet_diag_bc_op), no);
	put_op(program, INET_DIAG_BC_NOP, 0, port);
}

static bool
is_port(const struct subscription_condition *condition)
{
	return condition->kind == CONDITION_LOCAL_PORT || condition->kind == CONDITION_REMOTE_PORT;
}

static bool
is_mapped(const struct subscription_condition *condition)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(condition->address, mapped, sizeof mapped) == 0;
}

/* The prefix contains ::ffff:0:0/96, the mapped IPv4 addresses. */
static bool
contains_v4(const struct subscription_condition *condition)
{
	static const uint8_t mapped[16] = {[10] = 0xff, [11] = 0xff};
	const unsigned bytes = condition->prefix / 8;
	const unsigned bits = condition->prefix % 8;

	if (condition->prefix > 96)
		return false;
	if (memcmp(condition->address, mapped, bytes) != 0)
		return false;
	return bits == 0 || (condition->address[bytes] ^ mapped[bytes]) >> (8 - bits) == 0;
}

/* Passes every socket, or cannot be expressed in bytecode: its clause is left out. */
static bool
is_vacuous(const struct subscription_condition *condition)
{
	if (is_port(condition))
		return condition->low == 0 && condition->high == UINT16_MAX;
	if (condition->kind != CONDITION_LOCAL_ADDRESS &&
		condition->kind != CONDITION_REMOTE_ADDRESS)
		return true;
	if (condition->prefix > 128)
		return true;
	/* An IPv6 comparison never passes an IPv4 socket, whose address the kernel keeps short. */
	return condition->prefix < 96 && contains_v4(condition);
}

static size_t
ports_size(const struct subscription_condition *condition)
{
	const size_t one = 2 * sizeof(struct inet_diag_bc_op);

	return (condition->low > 0 ? one : 0) + (condition->high < UINT16_MAX ? one : 0);
}

static bool
as_v4(const struct subscription_condition *condition)
{
	return condition->prefix >= 96 && is_mapped(condition);
}

static size_t
condition_size(const struct subscription_condition *condition)
{
	if (is_port(condition))
		return ports_size(condition);
	return sizeof(struct inet_diag_bc_op) + sizeof(struct inet_diag_hostcond) +
	       (as_v4(condition) ? 4 : 16);
}

/* on_no: distance from the start of this condition's code. */
static void
put_ports(struct program *program, const struct subscription_condition *condition, uint16_t on_no)
{
	const bool local = condition->kind == CONDITION_LOCAL_PORT;

	if (condition->low > 0) {
		put_port(program, local ? INET_DIAG_BC_S_GE : INET_DIAG_BC_D_GE, condition->low,
			on_no);
		on_no = (uint16_t)(on_no - 2 * sizeof(struct inet_diag_bc_op));
	}
	if (condition->high < UINT16_MAX) {
		put_port(program, local ? INET_DIAG_BC_S_LE : INET_DIAG_BC_D_LE, condition->high,
			on_no);
	}
}

/* An AF_INET comparison passes IPv4-mapped addresses of IPv6 sockets too. */
static void
put_address(struct program *program, const struct subscription_condition *condition, uint16_t on_no)
{
	const bool v4 = as_v4(condition);
	const size_t address_len = v4 ? 4 : 16;
	const struct inet_diag_hostcond host = {
		.family = v4 ? AF_INET : AF_INET6,
		.prefix_len = v4 ? (uint8_t)(condition->prefix - 96) : condition->prefix,
		.port = -1,
	};

	put_op(program,
		condition->kind == CONDITION_LOCAL_ADDRESS ? INET_DIAG_BC_S_COND
							   : INET_DIAG_BC_D_COND,
		(uint8_t)condition_size(condition), on_no);
	memcpy(program->code + program->len, &host, sizeof host);
	program->len += sizeof host;
	memcpy(program->code + program->len, condition->address + (v4 ? 12 : 0), address_len);
	program->len += address_len;
}

static void
put_condition(
	struct program *program, const struct subscription_condition *condition, uint16_t on_no)
{
	if (is_port(condition))
		put_ports(program, condition, on_no);
	else
		put_address(program, condition, on_no);
}

/*
 * rest: bytes of all clauses after this one. It gives the distance to the end of the program, past
 * which lies the rejection.
 */
static void
put_clause(struct program *program, const struct subscription_condition *conditions, size_t count,
	size_t clause_size, size_t rest)
{
	const size_t end = program->len + clause_size;

	for (size_t i = 0;; i++) {
		const size_t size = condition_size(&conditions[i]);

		if (i + 1 == count) {
			put_condition(program, &conditions[i],
				(uint16_t)(size + rest + sizeof(struct inet_diag_bc_op)));
			break;
		}
		put_condition(program, &conditions[i], (uint16_t)(size + JUMP_BYTES));
		put_op(program, INET_DIAG_BC_JMP, JUMP_BYTES, (uint16_t)(end - program->len));
	}
}

struct clause {
	size_t first, count; /* of the conditions */
	size_t size;         /* bytes of code */
};

static size_t
find_clauses(const struct subscription_condition *conditions, size_t count, struct clause *clauses)
{
	size_t found = 0;
	size_t next;

	for (size_t first = 0; first < count; first = next) {
		struct clause clause = {.first = first};
		bool vacuous = false;

		for (next = first;
			next < count && conditions[next].clause == conditions[first].clause;
			next++) {
			vacuous = vacuous || is_vacuous(&conditions[next]);
			clause.size += condition_size(&conditions[next]);
		}
		clause.count = next - first;
		clause.size += (clause.count - 1) * JUMP_BYTES;
		if (!vacuous)
			clauses[found++] = clause;
	}
	return found;
}

size_t
bytecode_compile(struct array conditions, void *out)
{
	struct subscription_condition copies[SUBSCRIPTION_CONDITIONS_MAX];
	struct clause clauses[SUBSCRIPTION_CONDITIONS_MAX];
	struct program program = {.code = out};
	const size_t count = conditions.count;
	size_t clause_count, rest = 0;

	if (count == 0 || count > SUBSCRIPTION_CONDITIONS_MAX || conditions.data == NULL)
		return 0;
	memcpy(copies, conditions.data, count * sizeof *copies);
	clause_count = find_clauses(copies, count, clauses);
	for (size_t i = 0; i < clause_count; i++)
		rest += clauses[i].size;
	for (size_t i = 0; i < clause_count; i++) {
		rest -= clauses[i].size;
		put_clause(&program, copies + clauses[i].first, clauses[i].count, clauses[i].size,
			rest);
	}
	return program.len;
}
