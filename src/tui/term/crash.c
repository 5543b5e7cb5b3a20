/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The handler of crashes: gives the terminal back, then lets the signal end the program. */
#include <config.h>

#include "crash.h"

#include <signal.h>
#include <stddef.h>

static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

enum { SIGNALS = sizeof signals / sizeof signals[0], STACK_SIZE = 64 * 1024 };

static void (*give_back)(void);
static struct sigaction before[SIGNALS];
static stack_t stack_before;
/* A stack overflow is a crash too: the handler must not need the stack that overflowed. */
static char stack[STACK_SIZE];

static void
on_crash(int number, siginfo_t *info, void *context)
{
	(void)context;
	give_back();
	for (size_t i = 0; i < SIGNALS; i++) {
		if (signals[i] == number)
			sigaction(number, &before[i], NULL);
	}
	/* A fault happens again when we return; what was sent must be sent again. */
	if (info->si_code <= 0)
		raise(number);
}

void
crash_install(void (*restore)(void))
{
	const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	give_back = restore;
	sigemptyset(&action.sa_mask);
	sigaltstack(&alternate, &stack_before);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &action, &before[i]);
}

void
crash_remove(void)
{
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
	sigaltstack(&stack_before, NULL);
}
