/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page of one socket: all that is known of it, grouped by question, live. */
#ifndef SOCKWATCH_TUI_DETAIL_DETAIL_H
#define SOCKWATCH_TUI_DETAIL_DETAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/stream/message.h>

struct event;
struct pane;
struct tui;

extern const struct pane detail_pane;

enum {
	DETAIL_GAP = 2,        /* between two columns */
	DETAIL_TWO_FROM = 110, /* so wide a screen has two */
};

void detail_open(struct tui *tui, uint32_t socket);
/* The connection of this event: its socket, or what the wire shows where there is none. */
void detail_open_event(struct tui *tui, const struct event *event);
void detail_fini(struct tui *tui);
/* Takes a sample for the charts; call it when a snapshot ended. */
void detail_update(struct tui *tui);
/* Takes in the connection's segments; call it when records came. */
void detail_follow(struct tui *tui);
/* All segments of a TCP connection, besides the needs of the page. */
void detail_subscribe(const struct tui *tui, struct message_subscription *subscription);
/* Makes the lines again, so many columns wide; in two columns where there is room. */
void detail_build(struct tui *tui, int width);
bool detail_is_in_two(int width);
/* The finding that it belongs to, if that is more than worth knowing, or NULL. */
const struct finding *detail_finding(const struct tui *tui);
/* What is wrong with it, in one line, and how severe that is. */
enum severity detail_verdict(const struct tui *tui, char *out, size_t size);
/* The page as text; returns its lines. */
size_t detail_print(struct tui *tui, struct buffer *out);

#endif
