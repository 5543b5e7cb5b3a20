/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The getters of event_fields.c; each takes a struct event_row. */
#include <config.h>

#include "event_getters.h"

#include <string.h>
#include <sys/socket.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/conversation.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/segment.h>

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

void
event_get_time(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	(void)context;
	set_scratch(value, clock_format_rfc3339(event_of(row)->segment.time_ns, value->scratch,
				   sizeof value->scratch));
}

void
event_get_clock(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	(void)context;
	set_scratch(value, clock_format_time(event_of(row)->segment.time_ns, value->scratch,
				   sizeof value->scratch));
}

/* Links are known by the number that the model gives the namespace. */
static bool
find_link(const struct model *model, const struct segment *segment, struct text *name)
{
	const struct netns_row *netns;
	uint32_t link;

	if (model == NULL || segment->ifindex == 0)
		return false;
	netns = model_netns_of_stream(model, segment->netns != 0 ? segment->netns : 1);
	if (netns == NULL ||
		!map_find(&model->links, (uint64_t)netns->index << 32 | segment->ifindex, &link))
		return false;
	*name = intern_get(model->texts, link);
	return true;
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

void
event_get_address(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const struct segment *const segment = &event_of(row)->segment;

	(void)context;
	value_set_address(
		value, field->argument == EVENT_SOURCE ? &segment->source : &segment->destination);
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
	value->endpoint.address = source ? segment->source : segment->destination;
	value->endpoint.port = source ? segment->source_port : segment->destination_port;
	value->endpoint.zone = (struct text){"", 0};
	value->endpoint.name = (struct text){"", 0};
	if (!context->numeric)
		value->endpoint.name = value_host_name(context, &value->endpoint.address);
	value->endpoint.star = false;
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
		(struct text){value->scratch, segment_format_options(&event_of(row)->segment,
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

/* The process of the connection; while it is only being opened, the process that listens. */
static bool
find_owner(const struct field_context *context, const void *row, uint32_t *pid, const char **comm)
{
	const struct conversation *const conversation =
		((const struct event_row *)row)->conversation;

	if (conversation == NULL)
		return false;
	if (context->model != NULL)
		return model_conversation_owner(context->model, conversation, pid, comm);
	*pid = conversation->pid;
	*comm = conversation->comm;
	return *pid != 0;
}

void
event_get_pid(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const char *comm;
	uint32_t pid;

	(void)field;
	if (find_owner(context, row, &pid, &comm))
		value_set_unsigned(value, pid);
	else
		value_set_unknown(value);
}

void
event_get_process(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const char *comm;
	uint32_t pid;

	(void)field;
	if (find_owner(context, row, &pid, &comm))
		value_set_copy(value, comm);
	else
		value_set_unknown(value);
}

/* NULL: it has one, or nothing can be said. */
static const char *
why_no_owner(const struct field_context *context, const void *row)
{
	const struct conversation *const conversation =
		((const struct event_row *)row)->conversation;

	if (context->model == NULL || conversation == NULL)
		return NULL;
	return model_conversation_ownerless(context->model, conversation, NULL);
}

static bool
listens(const struct field_context *context, const void *row)
{
	const struct conversation *const conversation =
		((const struct event_row *)row)->conversation;

	return context->model != NULL && conversation != NULL &&
	       model_conversation_listens(context->model, conversation);
}

/* Unknown rather than false: reports show it only where it is so. */
void
event_get_listens(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	(void)field;
	if (listens(context, row))
		value_set_bool(value, true);
	else
		value_set_unknown(value);
}

void
event_get_owner(const struct field *field, const struct field_context *context, const void *row,
	struct value *value)
{
	const char *comm, *why;
	uint32_t pid;

	(void)field;
	if (find_owner(context, row, &pid, &comm)) {
		value_set_composed(
			value, listens(context, row) ? "%s/%u (listens)" : "%s/%u", comm, pid);
		return;
	}
	why = why_no_owner(context, row);
	if (why != NULL)
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
