/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handler of every signal that would end the program where it stands, by a crash or because it
 * was sent: gives the terminal back, then lets the signal end the program. Signals that the event
 * loop takes (TERM, INT, HUP) and those that stop or continue are not among them; nor is ALRM where
 * the timer of stall.c sent it.
 */
#include <config.h>

#include "crash.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "stall.h"

/* signal(7), "Standard signals": whose default action ends the process, KILL apart. */
static const int signals[] = {
	SIGSEGV,
	SIGABRT,
	SIGBUS,
	SIGFPE,
	SIGILL,
	SIGTRAP,
	SIGSYS,
	SIGQUIT,
	SIGUSR1,
	SIGUSR2,
	SIGALRM,
	SIGVTALRM,
	SIGPROF,
	SIGIO,
	SIGXCPU,
	SIGXFSZ,
#ifdef SIGPWR
	SIGPWR,
#endif
#ifdef SIGSTKFLT
	SIGSTKFLT,
#endif
};

enum {
	SIGNALS = sizeof signals / sizeof signals[0],
	REAL_TIME_MAX = 32, /* SIGRTMIN to SIGRTMAX */
	STACK_SIZE = 64 * 1024,
};

static void (*give_back)(void);
static struct sigaction before[SIGNALS + REAL_TIME_MAX];
static stack_t stack_before;
/* A stack overflow is a crash too: the handler must not need the stack that overflowed. */
static char stack[STACK_SIZE];

static size_t
count(void)
{
	const int real_time = SIGRTMAX - SIGRTMIN + 1;

	return SIGNALS + (size_t)(real_time < REAL_TIME_MAX ? real_time : REAL_TIME_MAX);
}

static int
number_of(size_t i)
{
	return i < SIGNALS ? signals[i] : SIGRTMIN + (int)(i - SIGNALS);
}

/* It happens again when the handler returns to the instruction that made it. */
static bool
is_fault(int number, const siginfo_t *info)
{
	return info->si_code > 0 &&
	       (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL);
}

static void
on_crash(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (number == SIGALRM && info->si_code == SI_KERNEL) {
		stall_on_timer();
		return;
	}
	give_back();
	for (size_t i = 0; i < count(); i++) {
		if (number_of(i) == number)
			sigaction(number, &before[i], NULL);
	}
	/* It is blocked here: it comes after the return, with its old action. */
	if (!is_fault(number, info))
		raise(number);
}

/* Whoever started us may have had a signal ignored: that stays. */
static bool
is_ignored(size_t i)
{
	return (before[i].sa_flags & SA_SIGINFO) == 0 && before[i].sa_handler == SIG_IGN;
}

void
crash_install(void (*restore)(void))
{
	const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction action = {.sa_sigaction = on_crash, .sa_flags = SA_SIGINFO | SA_ONSTACK};

	give_back = restore;
	sigemptyset(&action.sa_mask);
	sigaltstack(&alternate, &stack_before);
	for (size_t i = 0; i < count(); i++) {
		sigaction(number_of(i), &action, &before[i]);
		if (is_ignored(i))
			sigaction(number_of(i), &before[i], NULL);
	}
}

void
crash_remove(void)
{
	for (size_t i = 0; i < count(); i++)
		sigaction(number_of(i), &before[i], NULL);
	sigaltstack(&stack_before, NULL);
}
