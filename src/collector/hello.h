/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who speaks: the first message of a stream and of each key frame. */
#ifndef SOCKWATCH_COLLECTOR_HELLO_H
#define SOCKWATCH_COLLECTOR_HELLO_H

#include <stdbool.h>

#include <sockwatch/stream/stream.h>

/* again: the collector goes on, a key frame follows. What the writer refuses makes that incomplete.
 */
void hello_write(struct stream_writer *writer, bool again);

#endif
