/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can this terminal be drawn on, and as what? */
#ifndef SOCKWATCH_TUI_TERM_TERMINAL_KIND_H
#define SOCKWATCH_TUI_TERM_TERMINAL_KIND_H

#include <stddef.h>

#include <sockwatch/base/error.h>

/* 0, or -ENOTTY with a sentence: there is no terminal, or TERM says nothing that helps. */
int terminal_kind_check(struct error *error);
/*
 * The description to draw by: name itself, or of a terminal that does the same; then notice is a
 * sentence about it, else empty. NULL with a sentence: there is none. The result is name or
 * constant.
 */
const char *terminal_kind_choose(const char *name, char *notice, size_t size, struct error *error);
/* A sentence that begins with the terminal's name. -ENOTTY. */
int terminal_kind_refuse(struct error *error, const char *name, const char *why);

#endif
