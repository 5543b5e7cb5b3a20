/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Describes resolv.conf(5) in words, and what is wrong with it. */
#ifndef SOCKWATCH_APP_COMMAND_RESOLV_CONF_H
#define SOCKWATCH_APP_COMMAND_RESOLV_CONF_H

#include <sockwatch/base/buffer.h>

#define RESOLV_CONF_PATH "/etc/resolv.conf"

/* Appends one or more lines, also about a file that cannot be read. */
void resolv_conf_describe(const char *path, struct buffer *out);

#endif
