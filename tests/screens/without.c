/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a command as on a kernel that lacks something:
 *
 *	without landlock|seccomp|both COMMAND…
 *
 * A filter of system calls answers landlock_create_ruleset with ENOSYS, and what loads a filter
 *with EINVAL, as kernels do that were built without them. (What /proc shows of filters is the
 *kernel's own: it has this one.)
 */
#include <config.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "../program.h"

enum { LANDLOCK_CREATE_RULESET = 444, CODES_MAX = 16 };

struct program {
	struct sock_filter codes[CODES_MAX];
	unsigned short len;
};

static void
add(struct program *program, struct sock_filter code)
{
	program->codes[program->len++] = code;
}

static void
load(struct program *program, size_t offset)
{
	add(program, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* This value in the accumulator: the call fails with this error. */
static void
refuse(struct program *program, uint32_t value, int error)
{
	add(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
	add(program,
		(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error));
}

int
main(int argc, char **argv)
{
	struct program program = {.len = 0};
	struct sock_fprog loaded;

	check(argc > 2, "without landlock|seccomp|both COMMAND…");
	load(&program, offsetof(struct seccomp_data, nr));
	if (strcmp(argv[1], "seccomp") != 0)
		refuse(&program, LANDLOCK_CREATE_RULESET, ENOSYS);
	if (strcmp(argv[1], "landlock") != 0) {
		refuse(&program, SYS_seccomp, EINVAL);
		/* prctl(PR_SET_SECCOMP, …) is the older call for it. */
		add(&program,
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3));
		load(&program, offsetof(struct seccomp_data, args));
		refuse(&program, PR_SET_SECCOMP, EINVAL);
	}
	add(&program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	loaded = (struct sock_fprog){.len = program.len, .filter = program.codes};
	check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
	check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &loaded) == 0, "seccomp");
	execvp(argv[2], argv + 2);
	fail(argv[2]);
}
