/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Describes in words where nsswitch.conf(5) lets names come from. */
#ifndef SOCKWATCH_APP_COMMAND_RESOLVE_NSSWITCH_WORDS_H
#define SOCKWATCH_APP_COMMAND_RESOLVE_NSSWITCH_WORDS_H

#include <sockwatch/base/buffer.h>
#include <sockwatch/resolver/nsswitch.h>

/* Appends lines of text, none where /etc/hosts comes first, then DNS, and nothing else. */
void nsswitch_describe(const struct nsswitch *nsswitch, struct buffer *out);
/* Appends members of a JSON object: ,"order":["files","dns"],"not_asked":["myhostname"]. */
void nsswitch_describe_json(const struct nsswitch *nsswitch, struct buffer *out);

#endif
