/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of the setup page: one table row each. */
#ifndef SOCKWATCH_TUI_OVERLAY_SETUP_OPTIONS_H
#define SOCKWATCH_TUI_OVERLAY_SETUP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct tui;

extern const size_t setup_option_count;

const char *setup_option_name(size_t i);
const char *setup_option_help(size_t i);
void setup_option_show(const struct tui *tui, size_t i, char *out, size_t size);
/* The next or the previous value. */
void setup_option_step(struct tui *tui, size_t i, bool forward);

#endif
