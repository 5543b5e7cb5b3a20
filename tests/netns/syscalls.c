/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints the tables of the sandbox for sandbox.sh: a line for each call and role, "ROLE CALL here"
 * where the test must see it being made, "ROLE CALL elsewhere" where it need not.
 */
#include <config.h>

#include <stdio.h>

#include "privilege/sandbox/syscall_table.h"

static const char *const roles[SANDBOX_ROLES] = {
	[SANDBOX_LOOKUP] = "lookup",
	[SANDBOX_VIEWER] = "viewer",
	[SANDBOX_KEEPER] = "keeper",
	[SANDBOX_COLLECTOR] = "collector",
	[SANDBOX_OPENER] = "opener",
};

int
main(void)
{
	for (size_t i = 0; i < syscall_row_count; i++) {
		for (int role = 0; role < SANDBOX_ROLES; role++) {
			const struct syscall_row *const row = &syscall_rows[i];

			if (roles[role] != NULL && (row->roles & 1U << role) != 0)
				printf("%s %s %s\n", roles[role], row->name,
					row->elsewhere != NULL ? "elsewhere" : "here");
		}
	}
	return 0;
}
