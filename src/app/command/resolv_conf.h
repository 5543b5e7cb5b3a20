/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What resolv.conf(5) says, in words, and what is wrong with it. */
#ifndef SOCKWATCH_APP_COMMAND_RESOLV_CONF_H
#define SOCKWATCH_APP_COMMAND_RESOLV_CONF_H

#include <sockwatch/base/buffer.h>

#define RESOLV_CONF_PATH "/etc/resolv.conf"

/* Appends a line or some. A file that cannot be read is said to be so. */
void resolv_conf_describe(const char *path, struct buffer *out);

#endif
