/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A wish that keeps its own texts: the one in force outlives the record that brought it. */
#ifndef SOCKWATCH_COLLECTOR_SUBSCRIPTION_H
#define SOCKWATCH_COLLECTOR_SUBSCRIPTION_H

#include <stdbool.h>

#include <sockwatch/stream/message.h>

enum { WISH_TEXT_MAX = 256 };

struct wish {
	struct message_wish body; /* texts and arrays point into this struct: do not copy it */
	char netns[WISH_TEXT_MAX];
	char capture_interface[WISH_TEXT_MAX];
	struct wish_condition conditions[WISH_CONDITIONS_MAX];
};

/* Texts that are too long are cut, conditions that are too many are left out. */
void wish_set(struct wish *wish, const struct message_wish *body);

/* Of two wishes, one after the other: the second one looks at other sockets, or at other facts. */
bool wish_is_other_dump(const struct message_wish *before, const struct message_wish *now);
/* The second one cannot be served by what the first one fetched: refresh at once. */
bool wish_asks_more(const struct message_wish *before, const struct message_wish *now);

#endif
