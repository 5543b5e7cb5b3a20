/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Describes resolv.conf(5) in words, and what is wrong with it. */
#ifndef SOCKWATCH_APP_COMMAND_RESOLVE_RESOLV_CONF_WORDS_H
#define SOCKWATCH_APP_COMMAND_RESOLVE_RESOLV_CONF_WORDS_H

#include <sockwatch/base/buffer.h>
#include <sockwatch/resolver/nsswitch.h>
#include <sockwatch/resolver/resolv_conf.h>

/* Appends one or more lines, also about a file that cannot be read. */
void resolv_conf_describe(const char *path, struct buffer *out);
/* Appends the same, and what nsswitch.conf says, as a line of JSON, an object with the key
 * "resolv_conf". */
void resolv_conf_describe_json(
	const char *path, const struct nsswitch *nsswitch, struct buffer *out);

#endif
