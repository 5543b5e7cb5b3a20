/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line to type into, in place of the footer. It lives in the same loop as all else: sampling goes
 * on, a resize is not lost.
 */
#ifndef SOCKWATCH_TUI_OVERLAY_PROMPT_H
#define SOCKWATCH_TUI_OVERLAY_PROMPT_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/error.h>

#include "tui/term/draw.h"

struct pane;
struct tui;

extern const struct pane prompt_pane;

struct prompt_ops {
	const char *label;
	/* The text changed; fills error when it cannot be used. May be NULL. */
	void (*change)(struct tui *tui, const char *text, struct error *error);
	/* Enter. False: stay, error has the reason. */
	bool (*accept)(struct tui *tui, const char *text, struct error *error);
	/* Esc; may be NULL. */
	void (*cancel)(struct tui *tui);
	/* Tab; may be NULL. */
	void (*complete)(struct tui *tui);
	/* Another key before the editor sees it; true: taken. May be NULL. */
	bool (*key)(struct tui *tui, uint32_t key);
	bool history;  /* Up and Down walk through the filters of the settings */
	bool replaced; /* the text at the beginning gives way to what is typed */
};

void prompt_open(struct tui *tui, const struct prompt_ops *ops, const char *text);
/* A word about the text, shown above the line until it changes. */
void prompt_hint(struct tui *tui, const char *hint);
/* The text was changed from outside (completion). */
void prompt_changed(struct tui *tui);
/* The line above the prompt is needed. */
bool prompt_has_note(const struct tui *tui);
void prompt_draw_note(struct tui *tui, const struct rect *rect);

#endif
