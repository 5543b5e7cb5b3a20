/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which system calls each process may make. A call that is not listed for a process ends it, but
 * for calls newer than the table: they fail with ENOSYS, as on an older kernel, because every C
 * library has a way without them.
 */
#ifndef SOCKWATCH_PRIVILEGE_SANDBOX_SYSCALL_TABLE_H
#define SOCKWATCH_PRIVILEGE_SANDBOX_SYSCALL_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/privilege/sandbox.h>

/* Bits of roles: short, because the tables are read row by row. */
enum syscall_roles {
	LOOKUP = 1 << SANDBOX_LOOKUP,
	V = 1 << SANDBOX_VIEWER,
	K = 1 << SANDBOX_KEEPER,
	C = 1 << SANDBOX_COLLECTOR,
	O = 1 << SANDBOX_OPENER,
};

struct syscall_row {
	const char *name;
	unsigned roles; /* enum syscall_roles */
	/*
	 * NULL: tests/netns/sandbox.sh sees it being made in each of these roles. Otherwise why it
	 * may be made elsewhere: another C library, machine or kernel, or a path that a test does
	 * not take.
	 */
	const char *elsewhere;
};

extern const struct syscall_row syscall_rows[];
extern const size_t syscall_row_count;

enum { SYSCALL_COMPARISONS = 3 };

/*
 * What the arguments of a listed call must be: one of the bounds of that call and role holds. A
 * call without bounds may have any.
 */
struct syscall_bound {
	const char *name;
	unsigned roles;
	int error; /* 0: allowed; errno: refused with it, because a library asks and can do without
		    */
	struct {
		unsigned argument; /* from 0 */
		uint32_t mask;     /* 0: there is no such comparison */
		uint32_t value;    /* of the argument's bits under the mask */
	} comparisons[SYSCALL_COMPARISONS];
};

extern const struct syscall_bound syscall_bounds[];
extern const size_t syscall_bound_count;

#endif
