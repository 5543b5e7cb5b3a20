/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The getters of event_fields.c; each takes a struct event_row. */
#include <config.h>

#include "event_getters.h"

#include <stdio.h>
#include <sys/socket.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/segment.h>
#include <sockwatch/model/wire.h>

#include "value.h"

static const struct event *
event_of(const void *row)
{
	return ((const struct event_row *)row)->event;
}

static void
set_scratch(struct value *value, size_t len)
{
	value_set_text(value, (struct text){value->scratch, len});
}

/* An empty text means that it is not known, or not there. */
static void
set_or_unknown(struct value *value, struct text text)
{
	if (text.len != 0)
		value_set_text(value, text);
	else
		value_set_unknown(value);
}

/* As the wall clock showed it. */
static uint64_t
shown_ns(const struct field_context *context, const void *row)
{
	return model_wall_ns(context->model, event_of(row)->segment.time_ns);
}

void
event_get_time(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	set_scratch(value, clock_format_rfc3339(
				   shown_ns(context, row), value->scratch, sizeof value->scratch));
}

void
event_get_clock(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	set_scratch(value,
		clock_format_time(shown_ns(context, row), value->scratch, sizeof value->scratch));
}

/* Links are known by the number that the model gives the namespace. */
static bool
find_link(const struct model *model, const struct segment *segment, struct text *name)
{
	const struct netns_row *netns;

	if (model == NULL || segment->ifindex == 0)
		return false;
	netns = model_netns_of_stream(model, segment->netns != 0 ? segment->netns : 1);
	if (netns == NULL)
		return false;
	*name = model_link_name(model, netns->index, segment->ifindex);
	return name->len != 0;
}

void
event_get_interface(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct segment *const segment = &event_of(row)->segment;
	struct text name;

	(void)field;
	if (find_link(context->model, segment, &name))
		value_set_text(value, name);
	else if (segment->ifindex != 0)
		value_set_composed(value, "if%u", segment->ifindex);
	else
		value_set_unknown(value);
}

void
event_get_direction(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	static const char *const names[] = {
		[SEGMENT_DIRECTION_UNKNOWN] = "", [SEGMENT_IN] = "in", [SEGMENT_OUT] = "out"};

	(void)field;
	(void)context;
	set_or_unknown(value, text_of(names[event_of(row)->segment.direction]));
}

/* Link-local addresses belong to the interface on which the segment was seen. */
static struct address_scoped
scoped(const struct field_context *context, const void *row, bool source)
{
	const struct segment *const segment = &event_of(row)->segment;
	struct address_scoped address = {
		.ip = source ? segment->source : segment->destination, .zone = {"", 0}};

	if (address_needs_zone(&address.ip)) {
		address.ifindex = segment->ifindex;
		(void)find_link(context->model, segment, &address.zone);
	}
	return address;
}

void
event_get_address(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct address_scoped address = scoped(context, row, field->argument == EVENT_SOURCE);

	value_set_address(value, &address);
}

void
event_get_endpoint(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct segment *const segment = &event_of(row)->segment;
	const bool source = field->argument == EVENT_SOURCE;

	value->kind = VALUE_ENDPOINT;
	value->at_least = false;
	value->second = 0;
	value->endpoint.address = scoped(context, row, source);
	value->endpoint.port = source ? segment->source_port : segment->destination_port;
	value->endpoint.name = (struct text){"", 0};
	if (!context->numeric)
		value->endpoint.name = value_host_name(context, &value->endpoint.address.ip);
	value->endpoint.star = false;
	value->endpoint.is_exact = true;
}

/* NULL: it came through none. */
static const struct segment_tunnel *
tunnel_of(const struct field_context *context, const void *row)
{
	return context->model != NULL
		       ? wire_tunnel(context->model->wire, event_of(row)->segment.tunnel)
		       : NULL;
}

void
event_get_tunnel(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct segment_tunnel *const tunnel = tunnel_of(context, row);

	(void)field;
	if (tunnel != NULL)
		value_set_text(value,
			text_of(segment_tunnel_name((enum segment_tunnel_kind)tunnel->kind)));
	else
		value_set_unknown(value);
}

void
event_get_outer_address(const struct field *field, const struct field_context *context,
	const void *row, struct value *value)
{
	const struct segment_tunnel *const tunnel = tunnel_of(context, row);
	struct address_scoped address = {.ifindex = 0};

	if (tunnel == NULL) {
		value_set_unknown(value);
		return;
	}
	address.ip = field->argument == EVENT_SOURCE ? tunnel->source : tunnel->destination;
	value_set_address(value, &address);
}

void
event_get_through(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct segment_tunnel *const tunnel = tunnel_of(context, row);
	char source[ADDRESS_TEXT_SIZE], destination[ADDRESS_TEXT_SIZE];

	(void)field;
	if (tunnel == NULL) {
		value_set_unknown(value);
		return;
	}
	address_format(&tunnel->source, source, sizeof source);
	address_format(&tunnel->destination, destination, sizeof destination);
	value_set_composed(value, "%s %s > %s",
		segment_tunnel_name((enum segment_tunnel_kind)tunnel->kind), source, destination);
}

void
event_get_flags(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	(void)context;
	set_scratch(value, segment_format_flags(event_of(row)->segment.flags, value->scratch,
				   sizeof value->scratch));
}

/* *known is false where the event has no such number. */
static uint64_t
number_of(const struct event_row *row, enum event_number which, bool *known)
{
	const struct event *const event = row->event;
	const struct segment *const segment = &event->segment;
	const bool has_ack = (segment->flags & SEGMENT_ACK) != 0;

	*known = true;
	switch (which) {
	case EVENT_NUMBER_FAMILY: return segment->family == AF_INET6 ? 6 : 4;
	case EVENT_NUMBER_SOURCE_PORT: return segment->source_port;
	case EVENT_NUMBER_DESTINATION_PORT: return segment->destination_port;
	case EVENT_NUMBER_SEQ: return segment->seq;
	case EVENT_NUMBER_ACK: *known = has_ack; return segment->ack;
	case EVENT_NUMBER_RELATIVE_SEQ: *known = event->relative; return event->relative_seq;
	case EVENT_NUMBER_RELATIVE_ACK:
		*known = event->relative && has_ack;
		return event->relative_ack;
	case EVENT_NUMBER_WINDOW: return segment->window;
	case EVENT_NUMBER_LEN: return segment->len;
	case EVENT_NUMBER_TTL: return segment->ttl;
	case EVENT_NUMBER_VLAN: *known = segment->vlan != 0; return segment->vlan;
	case EVENT_NUMBER_FOLDED: *known = event->folded != 0; return event->folded;
	case EVENT_NUMBER_SYN_ACK_US:
		*known = event->syn_ack_us != EVENT_UNKNOWN_US;
		return event->syn_ack_us;
	case EVENT_NUMBER_ACK_US: *known = event->ack_us != EVENT_UNKNOWN_US; return event->ack_us;
	}
	return 0;
}

void
event_get_number(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	bool known;
	const uint64_t number = number_of(row, (enum event_number)field->argument, &known);

	(void)context;
	if (known)
		value_set_unsigned(value, number);
	else
		value_set_unknown(value);
}

void
event_get_options(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	(void)context;
	set_or_unknown(value,
		(struct text){value->scratch, segment_format_options(&event_of(row)->segment, 0,
						      value->scratch, sizeof value->scratch)});
}

void
event_get_kind(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	(void)context;
	value_set_text(value, text_of(event_kind_name((enum event_kind)event_of(row)->kind)));
}

void
event_get_step(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	(void)context;
	value_set_copy(value, event_of(row)->words);
}

static const struct conversation *
conversation_of(const void *row)
{
	return ((const struct event_row *)row)->conversation;
}

/* Both ends are on this box, as on loopback; or it is not known which one is. */
static bool
has_two_ends(const struct field_context *context, const void *row)
{
	const struct conversation *const conversation = conversation_of(row);

	if (conversation->local_side == CONVERSATION_SIDE_UNKNOWN ||
		(conversation->owner[0].pid != 0 && conversation->owner[1].pid != 0))
		return true;
	return context->model != NULL &&
	       model_conversation_end(context->model, conversation, 0) != SOCKET_NONE &&
	       model_conversation_end(context->model, conversation, 1) != SOCKET_NONE;
}

struct event_owner {
	uint32_t pid; /* 0: not known */
	const char *comm;
	bool listens; /* it only listens on the port */
};

/* The process at one end. A conversation of a file knows what was noted of it. */
static struct event_owner
owner_at(const struct field_context *context, const void *row, uint8_t side)
{
	const struct conversation *const conversation = conversation_of(row);
	struct event_owner owner = {.pid = 0};

	if (context->model == NULL) {
		owner.pid = conversation->owner[side].pid;
		owner.comm = conversation->owner[side].comm;
	} else if (model_conversation_owner_at(
			   context->model, conversation, side, &owner.pid, &owner.comm)) {
		owner.listens = model_conversation_listens_at(context->model, conversation, side);
	}
	return owner;
}

/*
 * The process that a line is about: the sender's where both ends are here, else our side's; which
 * listens while the connection is only being opened.
 */
static struct event_owner
find_owner(const struct field_context *context, const void *row)
{
	const struct conversation *const conversation = conversation_of(row);

	if (conversation == NULL)
		return (struct event_owner){.pid = 0};
	return owner_at(context, row,
		has_two_ends(context, row) ? event_of(row)->side : conversation->local_side);
}

/* Where both ends are here: the receiver's. */
static struct event_owner
find_peer(const struct field_context *context, const void *row)
{
	if (conversation_of(row) == NULL || !has_two_ends(context, row))
		return (struct event_owner){.pid = 0};
	return owner_at(context, row, event_of(row)->side ^ 1);
}

static void
set_pid(const struct event_owner *owner, struct value *value)
{
	if (owner->pid != 0)
		value_set_unsigned(value, owner->pid);
	else
		value_set_unknown(value);
}

static void
set_comm(const struct event_owner *owner, struct value *value)
{
	if (owner->pid != 0)
		value_set_copy(value, owner->comm);
	else
		value_set_unknown(value);
}

static struct event_owner
owner_of(const struct field *field, const struct field_context *context, const void *row)
{
	return field->argument == EVENT_DESTINATION ? find_peer(context, row)
						    : find_owner(context, row);
}

void
event_get_pid(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct event_owner owner = owner_of(field, context, row);

	set_pid(&owner, value);
}

void
event_get_process(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct event_owner owner = owner_of(field, context, row);

	set_comm(&owner, value);
}

/* A filter looks at the processes of both ends. */
bool
event_next_owner(const struct field *field, const struct field_context *context, const void *row,
	uint32_t *position, struct value *value)
{
	while (*position < 2) {
		const struct event_owner owner =
			*position == 0 ? find_owner(context, row) : find_peer(context, row);

		(*position)++;
		if (owner.pid == 0)
			continue;
		if (field->kind == VALUE_UNSIGNED)
			set_pid(&owner, value);
		else
			set_comm(&owner, value);
		return true;
	}
	return false;
}

/* NULL: it has one, or nothing can be said. */
static const char *
why_no_owner(const struct field_context *context, const void *row)
{
	if (context->model == NULL || conversation_of(row) == NULL)
		return NULL;
	return model_conversation_ownerless(context->model, conversation_of(row), NULL);
}

/* Unknown rather than false: reports show it only where it is so. */
void
event_get_listens(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	if (find_owner(context, row).listens)
		value_set_bool(value, true);
	else
		value_set_unknown(value);
}

static void
format_owner(const struct event_owner *owner, char *out, size_t size)
{
	snprintf(out, size, "%s/%u%s", owner->comm, owner->pid, owner->listens ? " (listens)" : "");
}

/* "curl/71 > nginx/812": the sender's first; one of them alone where the other is not known. */
void
event_get_owner(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct event_owner owner = find_owner(context, row);
	const struct event_owner peer = find_peer(context, row);
	char names[2][48] = {"", ""};
	const char *const why = why_no_owner(context, row);

	(void)field;
	if (owner.pid != 0)
		format_owner(&owner, names[0], sizeof names[0]);
	if (peer.pid != 0 && peer.pid != owner.pid)
		format_owner(&peer, names[1], sizeof names[1]);
	if (names[1][0] != '\0')
		value_set_composed(
			value, "%s%s> %s", names[0], names[0][0] != '\0' ? " " : "", names[1]);
	else if (names[0][0] != '\0')
		value_set_composed(value, "%s", names[0]);
	else if (why != NULL)
		value_set_composed(value, "(%s)", why);
	else
		value_set_unknown(value);
}

void
event_get_no_owner(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const char *const why = why_no_owner(context, row);

	(void)field;
	set_or_unknown(value, text_of(why != NULL ? why : ""));
}
