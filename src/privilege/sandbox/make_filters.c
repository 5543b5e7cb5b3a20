/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs while the program is built: makes a filter for each role of the tables of system calls with
 * libseccomp, and prints them as arrays, filters.h. To make them costs milliseconds, which each
 * start of a process would wait for.
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "syscall_table.h"

enum {
	/* Since Linux 5.1 calls have the same number on all machines. */
	NEW_FIRST = 424,
	FILTER_API = 3, /* of libseccomp: actions log and kill process, Linux 4.14 */
	NEW_END = 472,  /* those that Linux 6.18 has: each costs 5 us at the start */
};

/* What the filter knows of the new calls. */
struct filter {
	scmp_filter_ctx context;
	unsigned roles;       /* bits: rows of any of these */
	unsigned bound_roles; /* bits: bounds of any of these */
	bool is_listed[NEW_END - NEW_FIRST];
};

/*
 * The halves with rights end at once. The viewer ends by a signal, so that its handler (crash.c)
 * gives the terminal back; the call is not made either way. Modules of the name service are told
 * that they may not.
 */
static uint32_t
breach_action(enum sandbox_role role)
{
#ifdef SECCOMP_LOG
	(void)role;
	return SCMP_ACT_LOG;
#else
	switch (role) {
	case SANDBOX_LOOKUP: return SCMP_ACT_ERRNO(EPERM);
	case SANDBOX_VIEWER:
	case SANDBOX_CONNECT: return SCMP_ACT_TRAP;
	case SANDBOX_KEEPER:
	case SANDBOX_COLLECTOR:
	case SANDBOX_OPENER:
	case SANDBOX_ROLES: break;
	}
	return SCMP_ACT_KILL_PROCESS;
#endif
}

/*
 * A collector is forked by a keeper, and a viewer goes on from the lookup of its host: what the one
 * may not, the other may not either.
 */
static const unsigned roles_of[SANDBOX_ROLES] = {
	[SANDBOX_LOOKUP] = LOOKUP | V,
	[SANDBOX_VIEWER] = V,
	[SANDBOX_CONNECT] = V,
	[SANDBOX_KEEPER] = K | C,
	[SANDBOX_COLLECTOR] = C,
	[SANDBOX_OPENER] = O,
};

static int
add_bound(const struct filter *filter, int number, const struct syscall_bound *bound)
{
	struct scmp_arg_cmp comparisons[SYSCALL_COMPARISONS];
	unsigned count = 0;
	int result;

	for (; count < SYSCALL_COMPARISONS && bound->comparisons[count].mask != 0; count++) {
		comparisons[count] = (struct scmp_arg_cmp){
			.arg = bound->comparisons[count].argument,
			.op = SCMP_CMP_MASKED_EQ,
			.datum_a = bound->comparisons[count].mask,
			.datum_b = bound->comparisons[count].value,
		};
	}
	result = seccomp_rule_add_array(filter->context,
		bound->error == 0 ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO((uint16_t)bound->error), number,
		count, comparisons);
	return result == -EEXIST ? 0 : result;
}

/* 1: there are bounds, and they were added; 0: there are none; or negative errno. */
static int
add_bounds(const struct filter *filter, int number, const char *name)
{
	int found = 0;

	for (size_t i = 0; i < syscall_bound_count; i++) {
		const struct syscall_bound *const bound = &syscall_bounds[i];
		int result;

		if ((bound->roles & filter->bound_roles) == 0 || strcmp(bound->name, name) != 0)
			continue;
		result = add_bound(filter, number, bound);
		if (result != 0)
			return result;
		found = 1;
	}
	return found;
}

/* A call that this machine or this libseccomp does not know cannot be made by it either. */
static int
add_row(struct filter *filter, const struct syscall_row *row)
{
	const int number = seccomp_syscall_resolve_name(row->name);
	int result;

	if ((row->roles & filter->roles) == 0 || number < 0)
		return 0;
	if (number >= NEW_FIRST && number < NEW_END)
		filter->is_listed[number - NEW_FIRST] = true;
	result = add_bounds(filter, number, row->name);
	if (result == 0)
		result = seccomp_rule_add(filter->context, SCMP_ACT_ALLOW, number, 0);
	return result < 0 && result != -EEXIST ? result : 0;
}

static int
add_all(struct filter *filter)
{
	int result = 0;

	for (size_t i = 0; i < syscall_row_count && result == 0; i++)
		result = add_row(filter, &syscall_rows[i]);
	for (int number = NEW_FIRST; number < NEW_END && result == 0; number++) {
		if (!filter->is_listed[number - NEW_FIRST])
			result = seccomp_rule_add(
				filter->context, SCMP_ACT_ERRNO(ENOSYS), number, 0);
	}
	return result;
}

/* The filter of a role into a file. 0, or negative errno. */
static int
write_filter(enum sandbox_role role, int fd)
{
	struct filter filter = {
		.context = seccomp_init(breach_action(role)),
		.roles = roles_of[role],
		/* What a module of the name service may do is not bounded by what we do. */
		.bound_roles = role == SANDBOX_LOOKUP ? LOOKUP : roles_of[role],
	};
	int result;

	if (filter.context == NULL)
		return -ENOMEM;
	(void)seccomp_attr_set(filter.context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	result = add_all(&filter);
	if (result == 0)
		result = seccomp_export_bpf(filter.context, fd);
	seccomp_release(filter.context);
	return result;
}

static int
print_filter(enum sandbox_role role)
{
	FILE *const file = tmpfile();
	struct sock_filter step;
	int result;

	if (file == NULL)
		return -errno;
	result = write_filter(role, fileno(file));
	rewind(file);
	printf("static const struct sock_filter filter_%d[] = {\n", (int)role);
	while (result == 0 && fread(&step, sizeof step, 1, file) == 1)
		printf("\t{0x%02" PRIx16 ", %" PRIu8 ", %" PRIu8 ", 0x%08" PRIx32 "},\n",
			(uint16_t)step.code, step.jt, step.jf, (uint32_t)step.k);
	printf("};\n");
	fclose(file);
	return result;
}

int
main(void)
{
	/* What libseccomp can say, whatever the kernel can on which the program is built. */
	int result = seccomp_api_set(FILTER_API);

	printf("/* Made by make_filters. */\n");
	for (int role = 0; role < SANDBOX_ROLES && result == 0; role++)
		result = print_filter((enum sandbox_role)role);
	printf("static const struct filter {\n\tconst struct sock_filter *steps;\n"
	       "\tunsigned short count;\n} filters[] = {\n");
	for (int role = 0; role < SANDBOX_ROLES; role++)
		printf("\t{filter_%d, sizeof filter_%d / sizeof *filter_%d},\n", role, role, role);
	printf("};\n");
	if (result == 0 && fflush(stdout) == 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "make_filters: %s\n", strerror(result != 0 ? -result : EIO));
	return EXIT_FAILURE;
}
