/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `events --write`: the packets of the events that pass the filter, as a capture whose packets have
 * the process as comment. Which process it was is often known only after the packet, from the next
 * snapshot of the sockets: packets wait for that, within bounds.
 */
#ifndef SOCKWATCH_APP_COMMAND_EVENTS_EVENT_CAPTURE_H
#define SOCKWATCH_APP_COMMAND_EVENTS_EVENT_CAPTURE_H

#include <sockwatch/base/whole_file.h>

#include "event_log.h"

struct event_capture;

/* Begins the file of options->write. 0, or negative errno with a sentence; NULL in *capture when
 * there is nothing to write. */
int event_capture_open(struct event_capture **capture, struct event_log *log, struct error *error);
/* A record is about to go into the model. */
void event_capture_before(struct event_capture *capture, const struct record *record);
/* It went in. 0, or negative errno with a sentence. */
int event_capture_after(struct event_capture *capture, struct error *error);
/* Writes what waits, and ends the file: it has its name if all went well and keep. Frees. */
int event_capture_close(struct event_capture *capture, bool keep, struct error *error);

#endif
