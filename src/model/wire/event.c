/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kinds of events: their names, and which of them are flags. */
#include <config.h>

#include <sockwatch/model/event.h>

static const char *const kind_names[EVENT_KIND_COUNT] = {
	[EVENT_SYN] = "syn",
	[EVENT_SYN_ACK] = "syn-ack",
	[EVENT_HANDSHAKE_DONE] = "handshake-done",
	[EVENT_SIMULTANEOUS_SYN] = "simultaneous-syn",
	[EVENT_DATA] = "data",
	[EVENT_ACK] = "ack",
	[EVENT_FIN] = "fin",
	[EVENT_FIN_ACK] = "fin-ack",
	[EVENT_RST] = "rst",
	[EVENT_REFUSED] = "refused",
	[EVENT_RETRANSMIT] = "retransmit",
	[EVENT_KEEPALIVE] = "keepalive",
	[EVENT_ZERO_WINDOW] = "zero-window",
	[EVENT_WINDOW_PROBE] = "window-probe",
	[EVENT_WINDOW_UPDATE] = "window-update",
	[EVENT_ILLEGAL] = "illegal",
};

bool
event_is_flag(const struct segment *segment, enum event_kind kind)
{
	const bool has_flag = (segment->flags & (SEGMENT_SYN | SEGMENT_FIN | SEGMENT_RST)) != 0;

	return has_flag || kind == EVENT_HANDSHAKE_DONE || kind == EVENT_FIN_ACK ||
	       kind == EVENT_ILLEGAL;
}

const char *
event_kind_name(enum event_kind kind)
{
	return (unsigned int)kind < EVENT_KIND_COUNT ? kind_names[kind] : "";
}
