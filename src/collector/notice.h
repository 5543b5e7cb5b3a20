/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences for the viewer. */
#ifndef SOCKWATCH_COLLECTOR_NOTICE_H
#define SOCKWATCH_COLLECTOR_NOTICE_H

#include <sockwatch/stream/stream.h>

/* Writes MESSAGE_NOTICE. A stream without room loses it. */
void notice_write(struct stream_writer *writer, enum severity severity, const char *text);

#endif
