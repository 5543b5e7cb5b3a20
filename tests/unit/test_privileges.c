/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process has given up when the functions say so, by /proc and by the kernel itself. */
#include <config.h>

#include "unit.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sockwatch/privilege/privileges.h>
#include <sockwatch/privilege/process_rights.h>

enum { NOT_DROPPED = 1, NOT_SHOWN, KEPT, CHANGEABLE, TRACEABLE };

static int
look_after(int (*drop)(struct error *error))
{
	struct process_rights rights;
	struct error error;

	/* So that it is not so already. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0 || drop(&error) != 0)
		return NOT_DROPPED;
	if (process_rights_read(0, &rights) != 0)
		return NOT_SHOWN;
	if ((rights.permitted | rights.effective | rights.inheritable | rights.ambient) != 0)
		return KEPT;
	if (!rights.has_no_new_privs)
		return CHANGEABLE;
#ifndef SANITIZERS
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return TRACEABLE;
#endif
	return 0;
}

static int
drop_collector(struct error *error)
{
	return privileges_drop_collector(0, error);
}

static void
test_nothing_is_left(void **state)
{
	static int (*const drops[])(struct error * error) = {
		drop_collector, privileges_drop_opener};

	(void)state;
	/* Who has no right may be traced as before. */
	if (geteuid() != 0)
		unit_skip("needs root");
	unit_each (i, drops) {
		int status;
		const pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			_exit(look_after(drops[i]));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
