/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page of one socket as a table: sections by the question that they answer, and in each the
 * facts: a field of the field table, or words where one number is not enough. Unknown facts are
 * left out, and so are sections without facts. Where two columns have room, sections marked so
 * stand to the right.
 */
#include <config.h>

#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/trouble.h>
#include <sockwatch/base/number.h>

#include "explain_private.h"

struct fact {
	const char *label;
	const char *field; /* its name; or NULL where there are words */
	const char
		*suffix; /* the unit of one, for a field that is shown as a plain number; or NULL */
	const char *shows; /* the field whose severity words show; NULL: none */
	bool kept;         /* it has its place also while it is not known, as it comes later */
	bool passing;      /* an age: left out once it has ended */
	void (*words)(const struct explain_source *source, char *out, size_t size);
};

struct section {
	const char *title;
	const struct fact *facts; /* the last one has no label */
	bool right;
	bool charts;  /* instead of facts */
	bool states;  /* the diagram */
	bool figures; /* that only a socket has: after its end the last ones */
};

static const struct fact who[] = {
	{.label = "process", .words = explain_owner, .kept = true},
	{.label = "command", .field = "cmdline", .kept = true},
	{.label = "user", .field = "user", .kept = true},
	{.label = "unit", .field = "unit", .kept = true},
	{.label = "container", .field = "container", .kept = true},
	{.label = "cgroup", .field = "cgroup", .kept = true},
	{.label = "held by", .words = explain_holders, .kept = true},
	{.label = "namespace", .field = "netns"},
	{.label = NULL},
};

static const struct fact where[] = {
	{.label = "protocol", .words = explain_protocol},
	{.label = "local", .field = "local"},
	{.label = "remote", .field = "remote"},
	{.label = "service", .field = "service"},
	{.label = "interface", .field = "interface"},
	{.label = "state", .words = explain_state, .shows = "state"},
	{.label = "shutdown", .words = explain_shutdown},
	{.label = "age", .words = explain_age},
	{.label = NULL},
};

static const struct fact handshake[] = {
	{.label = "opened", .words = explain_wire_opened},
	{.label = "handshake", .words = explain_wire_handshake},
	{.label = "SYN again", .words = explain_wire_syn_again},
	{.label = "round trips", .words = explain_wire_round_trips},
	{.label = "sent", .words = explain_wire_sent},
	{.label = "received", .words = explain_wire_received},
	{.label = "close begun", .words = explain_wire_close},
	{.label = "ended", .words = explain_wire_end},
	{.label = NULL},
};

static const struct fact network[] = {
	{.label = "round trip", .words = explain_rtt, .shows = "rtt_us"},
	{.label = "path", .words = explain_path},
	{.label = "timeout (RTO)", .field = "rto_us"},
	{.label = "retransmitted", .words = explain_retransmissions, .shows = "retrans_total"},
	{.label = "in flight", .words = explain_in_flight},
	{.label = "reordering", .field = "reordering"},
	{.label = "path MTU", .field = "pmtu_bytes", .suffix = "byte"},
	{.label = "MSS", .field = "mss_bytes", .suffix = "byte"},
	{.label = "cwnd", .field = "cwnd_segments", .suffix = "segment"},
	{.label = "ssthresh", .field = "ssthresh_segments", .suffix = "segment"},
	{.label = "congestion", .field = "congestion"},
	{.label = "state", .field = "ca_state"},
	{.label = "delivery", .field = "delivery_rate"},
	{.label = "pacing", .field = "pacing_rate"},
	{.label = NULL},
};

static const struct fact receiver[] = {
	{.label = "window", .words = explain_window, .shows = "snd_wnd_bytes"},
	{.label = "limits us", .words = explain_receiver_limit, .shows = "rwnd_limited_us"},
	{.label = "last ACK", .field = "last_ack_received_ms", .passing = true},
	{.label = NULL},
};

static const struct fact program[] = {
	{.label = "accept queue", .words = explain_accept_queue, .shows = "accept_queue"},
	{.label = "receive queue", .words = explain_receive_queue, .shows = "recv_q"},
	{.label = "send queue", .words = explain_send_queue, .shows = "send_q"},
	{.label = "held back", .words = explain_app_limited},
	{.label = "buffer too small", .words = explain_buffer_limit, .shows = "sndbuf_limited_us"},
	{.label = "idle", .field = "idle_ms", .passing = true},
	{.label = "last sent", .field = "last_data_sent_ms", .passing = true},
	{.label = "last received", .field = "last_data_received_ms", .passing = true},
	{.label = "our window", .field = "rcv_wnd_bytes"},
	{.label = "drops", .field = "drops"},
	{.label = NULL},
};

static const struct fact timers[] = {
	{.label = "timer", .words = explain_timer, .shows = "timer"},
	{.label = "keepalive", .words = explain_keepalive},
	{.label = "backoff", .field = "backoff", .passing = true},
	{.label = NULL},
};

static const struct fact traffic[] = {
	{.label = "sending", .field = "send_rate"},
	{.label = "receiving", .field = "recv_rate"},
	{.label = "sent", .field = "bytes_sent"},
	{.label = "acknowledged", .field = "bytes_acked"},
	{.label = "sent again", .field = "bytes_retrans"},
	{.label = "received", .field = "bytes_received"},
	{.label = "segments out", .field = "segs_out"},
	{.label = "segments in", .field = "segs_in"},
	{.label = NULL},
};

static const struct fact memory[] = {
	{.label = "receive buffer", .words = explain_receive_memory, .shows = "mem_receive_bytes"},
	{.label = "send buffer", .words = explain_send_memory},
	{.label = "options", .field = "options"},
	{.label = "window scale", .field = "wscale"},
	{.label = "mark", .field = "mark"},
	{.label = "TOS", .field = "tos"},
	{.label = "inode", .field = "inode"},
	{.label = "cookie", .field = "cookie"},
	{.label = NULL},
};

static const struct section sections[] = {
	{.title = "who", .facts = who},
	{.title = "where", .facts = where},
	{.title = "handshake and close", .facts = handshake},
	{.title = "states", .states = true, .right = true},
	{.title = "lately, one bar per refresh", .charts = true, .right = true, .figures = true},
	{.title = "is it the network?", .facts = network, .right = true, .figures = true},
	{.title = "is it the receiver?", .facts = receiver, .right = true, .figures = true},
	{.title = "is it the program?", .facts = program, .figures = true},
	{.title = "timers", .facts = timers},
	{.title = "traffic", .facts = traffic, .figures = true},
	{.title = "memory and marks", .facts = memory, .right = true, .figures = true},
};

enum { SECTION_COUNT = sizeof sections / sizeof sections[0], SECTION_FACTS_MAX = 16 };

static_assert(sizeof network / sizeof network[0] <= SECTION_FACTS_MAX, "the longest section");

static const struct {
	const char *label;
	enum history_series series;
} charts[] = {
	{"RTT", HISTORY_RTT_US},
	{"sending", HISTORY_SEND_RATE},
	{"receiving", HISTORY_RECEIVE_RATE},
	{"cwnd", HISTORY_CWND},
	{"retransmitted", HISTORY_RETRANS},
};

static void
format_fact(const struct explain_source *source, const struct fact *fact,
	const struct field **found, char *out, size_t size)
{
	const struct field *field;
	struct value value;
	size_t len;

	out[0] = '\0';
	if (fact->words != NULL) {
		fact->words(source, out, size);
		return;
	}
	field = field_keep(&socket_fields, fact->field, found);
	field_get(field, &source->context, source->row, &value);
	if (value.kind == VALUE_UNKNOWN)
		return;
	if (fact->suffix == NULL) {
		field_format(field, &source->context, &value, 0, out, size);
		/* The column has no room for the "/s", a page has. */
		if (field->unit == UNIT_BYTES_PER_SECOND)
			snprintf(out + strlen(out), size - strlen(out), "/s");
		return;
	}
	len = value_format(&source->context, &value, out, size);
	snprintf(out + len, size - len, " %s%s", fact->suffix, number_plural(value.number));
}

static void
add_states(const struct explain_source *source, const struct section *section, struct facts *facts)
{
	struct diagram diagram;
	size_t count;

	if (source->row->protocol != IPPROTO_TCP)
		return;
	wire_history_states(source->wire, source->model, source->row, &diagram);
	count = diagram_make(&diagram, facts->width, source->ascii, source->diagram);
	facts_heading(facts, section->title);
	for (size_t i = 0; i < count; i++)
		facts_strip(facts, i);
}

/* The figures are those from before its end. */
static bool
are_figures_old(const struct explain_source *source)
{
	return (source->row->flags & SOCKET_CLOSED) != 0 ||
	       (source->row->tcp.known_bytes == 0 && source->figures->tcp.known_bytes > 0);
}

static void
add_heading(const struct explain_source *source, const struct section *section, struct facts *facts)
{
	char title[64];

	snprintf(title, sizeof title, "%s%s", section->title,
		section->figures && are_figures_old(source) ? " (before the end)" : "");
	facts_heading(facts, title);
}

static void
add_charts(const struct explain_source *source, const struct section *section, struct facts *facts)
{
	if (source->figures->tcp.known_bytes == 0 || source->figures->state == TCP_STATE_LISTEN)
		return;
	add_heading(source, section, facts);
	for (size_t i = 0; i < sizeof charts / sizeof charts[0]; i++)
		facts_chart(facts, charts[i].label, charts[i].series);
}

static enum severity
severity_of(const struct trouble_set *troubles, const struct fact *fact)
{
	const char *const field = fact->words != NULL ? fact->shows : fact->field;

	return field != NULL ? trouble_of_field(troubles, field) : SEVERITY_INFO;
}

static void
add_section(const struct explain_source *now, const struct section *section,
	const struct field **found, struct facts *facts)
{
	struct explain_source source = *now;
	struct trouble_set troubles;
	bool has_heading = false;

	if (section->figures && now->wire_only)
		return;
	if (section->figures)
		source.row = now->figures;
	trouble_judge(now->model, now->row, &troubles);
	if (section->states)
		add_states(&source, section, facts);
	if (section->charts)
		add_charts(now, section, facts);
	for (size_t i = 0; section->facts != NULL && section->facts[i].label != NULL; i++) {
		const struct fact *const fact = &section->facts[i];
		char text[4200];

		if (fact->passing && are_figures_old(now))
			continue;
		format_fact(&source, fact, &found[i], text, sizeof text);
		if (text[0] == '\0' && fact->kept && now->lives)
			snprintf(text, sizeof text, "-");
		if (text[0] == '\0')
			continue;
		if (!has_heading)
			add_heading(now, section, facts);
		has_heading = true;
		facts_add(facts, severity_of(&troubles, fact), fact->label, text);
	}
}

void
explain_facts(const struct explain_source *source, struct facts *left, struct facts *right)
{
	static const struct field *found[SECTION_COUNT][SECTION_FACTS_MAX];

	for (size_t i = 0; i < SECTION_COUNT; i++)
		add_section(source, &sections[i], found[i],
			right != NULL && sections[i].right ? right : left);
}
