/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains a kind of event: its meaning for the connection. */
#include <config.h>

#include <sockwatch/analysis/explain.h>

enum meaning
explain_event_kind(enum event_kind kind)
{
	switch (kind) {
	case EVENT_SYN:
	case EVENT_SYN_ACK:
	case EVENT_SIMULTANEOUS_SYN: return MEANING_WAITING;
	case EVENT_HANDSHAKE_DONE: return MEANING_GOOD;
	case EVENT_FIN:
	case EVENT_FIN_ACK: return MEANING_CHANGED;
	case EVENT_RST:
	case EVENT_REFUSED:
	case EVENT_ILLEGAL: return MEANING_CRITICAL;
	case EVENT_RETRANSMIT:
	case EVENT_ZERO_WINDOW:
	case EVENT_WINDOW_PROBE: return MEANING_WARNING;
	case EVENT_DATA: return MEANING_DATA;
	case EVENT_ACK:
	case EVENT_KEEPALIVE:
	case EVENT_WINDOW_UPDATE: return MEANING_DIM;
	case EVENT_KIND_COUNT: break;
	}
	return MEANING_PLAIN;
}
