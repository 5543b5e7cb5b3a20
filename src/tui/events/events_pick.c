/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Picks the events that are shown: those that pass the filter and belong to the row. */
#include <config.h>

#include "events_pick.h"

#include <netinet/in.h>

#include <sockwatch/analysis/identity.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/wire.h>

#include "events_line.h"
#include "tui/state.h"

/* Events passed over for one window: a filter may let nothing through. */
enum { LOOKED_AT_MAX = 20000 };

bool
events_is_page(const struct tui *tui)
{
	return tui_page(tui) == PAGE_EVENTS;
}

static bool
is_end(const struct address *address, uint16_t port, const struct socket_row *row)
{
	return port == row->local_port &&
	       (address_is_any(&row->local) || address_compare(address, &row->local) == 0);
}

static bool
is_peer(const struct address *address, uint16_t port, const struct socket_row *row)
{
	return port == row->remote_port && address_compare(address, &row->remote) == 0;
}

/* That end may be ours: it is, or both are, or nobody knows. */
static bool
may_be_ours(const struct model *model, const struct event *event, bool source)
{
	const struct conversation *const conversation =
		wire_conversation(model->wire, event->conversation, event->generation);
	const uint8_t side = source ? event->side : event->side ^ 1;

	return conversation == NULL || conversation->local_side == CONVERSATION_SIDE_UNKNOWN ||
	       conversation->local_side == side;
}

bool
events_is_of_row(const struct model *model, const struct event *event, const struct socket_row *row)
{
	const struct segment *const segment = &event->segment;
	const struct address *const source = &segment->source;
	const struct address *const destination = &segment->destination;
	const bool connected = row->remote_port != 0;
	const bool out = is_end(source, segment->source_port, row) &&
			 (!connected || is_peer(destination, segment->destination_port, row));
	const bool in = is_end(destination, segment->destination_port, row) &&
			(!connected || is_peer(source, segment->source_port, row));

	return row->protocol == IPPROTO_TCP &&
	       (segment->netns != 0 ? segment->netns : 1) == identity_netns(model, row) &&
	       ((out && may_be_ours(model, event, true)) ||
		       (in && may_be_ours(model, event, false)));
}

bool
events_passes(struct tui *tui, const struct event *event, const struct socket_row *row)
{
	const struct field_context context = tui_context(tui);
	const struct event_row event_row = event_row_of(tui->model, event);

	return (row == NULL || events_is_of_row(tui->model, event, row)) &&
	       filter_match(tui->events.filter, &context, &event_row, events_line_fields(),
		       events_line_field_count());
}

/* The row that the pane follows, or NULL: all events. */
static const struct socket_row *
followed(struct tui *tui)
{
	if (events_is_page(tui) || tui->events.show != EVENTS_SHOW_ROW)
		return NULL;
	return table_row(tui, tui_row_in_question(tui));
}

void
events_choose(struct tui *tui, size_t height, struct events_selection *selection)
{
	const struct wire *const wire = tui->model->wire;
	const struct socket_row *const row = followed(tui);
	const bool is_row_missing =
		tui->events.show == EVENTS_SHOW_ROW && !events_is_page(tui) && row == NULL;
	const struct event *event =
		wire_flag_before(wire, tui->events.end != 0 ? tui->events.end : UINT64_MAX);
	size_t looked_at = 0;

	selection->count = 0;
	selection->gave_up = false;
	if (height > EVENTS_LINES_MAX)
		height = EVENTS_LINES_MAX;
	while (event != NULL && selection->count < height && !is_row_missing) {
		if (++looked_at > LOOKED_AT_MAX) {
			selection->gave_up = true;
			return;
		}
		if (events_passes(tui, event, row))
			selection->events[selection->count++] = event;
		event = wire_flag_before(wire, event->number);
	}
}

const struct event *
events_from(struct tui *tui, uint64_t number)
{
	const struct wire *const wire = tui->model->wire;
	const struct event *event = wire_flag_from(wire, number);

	for (size_t i = 0; event != NULL && i < LOOKED_AT_MAX; i++) {
		if (events_passes(tui, event, NULL))
			return event;
		event = wire_flag_from(wire, event->number + 1);
	}
	return NULL;
}

const struct event *
events_before(struct tui *tui, uint64_t number)
{
	const struct wire *const wire = tui->model->wire;
	const struct event *event = wire_flag_before(wire, number);

	for (size_t i = 0; event != NULL && i < LOOKED_AT_MAX; i++) {
		if (events_passes(tui, event, NULL))
			return event;
		event = wire_flag_before(wire, event->number);
	}
	return NULL;
}
