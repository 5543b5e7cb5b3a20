/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "crash.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

#include <sockwatch/tui/tui.h>

/* SA_RESETHAND: the signal that is raised again does what it would have done, core dump included.
 */
static void
on_crash(int signal)
{
	tui_emergency_restore();
	raise(signal);
}

void
crash_restore_terminal(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	/* A stack that overflowed is no place for a handler. */
	const stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
	struct sigaction action = {
		.sa_handler = on_crash, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};

	if (stack.ss_sp != NULL && sigaltstack(&stack, NULL) == 0)
		action.sa_flags |= SA_ONSTACK;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
		sigaction(signals[i], &action, NULL);
}
