/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SOCKWATCH_TUI_DETAIL_DETAIL_END_H
#define SOCKWATCH_TUI_DETAIL_DETAIL_END_H

#include <stdbool.h>
#include <stddef.h>

struct tui;

enum { DETAIL_END_SIZE = 128 };

/* An end of the socket as the table shows it, with its zone: "[fe80::1]%eth0:443". Clean. */
void detail_format_end(const struct tui *tui, bool remote, char *out, size_t size);

#endif
