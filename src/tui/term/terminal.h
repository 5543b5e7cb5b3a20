/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal: taken over, given back as it was, also after a crash. There is one; its state is
 * static, because a signal handler must find it.
 */
#ifndef SOCKWATCH_TUI_TERM_TERMINAL_H
#define SOCKWATCH_TUI_TERM_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>

enum terminal_mouse {
	TERMINAL_MOUSE_OTHER,
	TERMINAL_MOUSE_PRESS, /* first button */
	TERMINAL_MOUSE_UP,    /* wheel */
	TERMINAL_MOUSE_DOWN,
};

struct terminal_key {
	uint32_t key;              /* as in keys.h */
	enum terminal_mouse mouse; /* of KEYS_MOUSE */
	int y, x;
};

/* 0, or negative errno with a sentence. */
int terminal_open(bool mouse, struct error *error);
/* How it is taken where that is not as TERM says, as a sentence; else empty. After terminal_open.
 */
const char *terminal_notice(void);
void terminal_close(void);
/* The characters beyond ASCII can be shown. */
bool terminal_is_utf8(void);
void terminal_set_mouse(bool on);
/* The next key that waits; false when there is none. */
bool terminal_read_key(struct terminal_key *key);
/* Asks the kernel for the size and passes it to ncurses. */
void terminal_resize(void);
/* Gives the terminal back, stops the process group, and takes it over again. */
void terminal_suspend(void);
/* Takes the terminal over again after somebody else stopped and continued us. */
void terminal_resume(void);
/*
 * Whether something can be drawn without waiting: nobody may be reading. Between begin and end it
 * is not waited for longer than some seconds, and not for one when a key or a signal to end waits.
 * False: something was thrown away, and the whole screen must be drawn again.
 */
bool terminal_takes_output(void);
void terminal_begin_output(void);
bool terminal_end_output(void);
/* Puts text on the terminal's clipboard (OSC 52). 0, or -E2BIG. */
int terminal_copy(const char *text, size_t len);

#endif
