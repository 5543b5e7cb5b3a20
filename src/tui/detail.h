/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of one socket: all that is known of it, grouped by question, live. */
#ifndef SW_TUI_DETAIL_H
#define SW_TUI_DETAIL_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/stream/message.h>

struct tui;

void detail_open(struct tui *tui, uint32_t socket);
void detail_fini(struct tui *tui);
/* A snapshot ended: takes a sample for the charts. */
void detail_update(struct tui *tui);
/* Records came: takes in the connection's segments. */
void detail_follow(struct tui *tui);
/* What the page needs fetched: of a TCP connection all of its segments. */
void detail_wish(const struct tui *tui, struct message_wish *wish);
/* The page as text; returns its lines. */
size_t detail_print(struct tui *tui, struct buffer *out);

#endif
