/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the options ask of the collector. */
#ifndef SOCKWATCH_APP_COMMAND_SUBSCRIBE_H
#define SOCKWATCH_APP_COMMAND_SUBSCRIBE_H

#include <sockwatch/analysis/filter.h>
#include <sockwatch/stream/message.h>

#include "app/option/options.h"

/* A wish with the conditions that it points to; keep it where it is. */
struct wish {
	struct message_wish message;
	struct wish_condition conditions[WISH_CONDITIONS_MAX];
};

/* filter may be NULL: every socket. Texts point into options. */
void wish_fill(struct wish *wish, const struct options *options, const struct filter *filter);
/* The namespace part alone. */
void wish_set_netns(struct message_wish *wish, const char *netns);

#endif
