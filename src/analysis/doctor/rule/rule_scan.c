/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What only the capture shows: flags that are never legitimate, and sources that try many closed
 * ports. No counter of the kernel moves for the former.
 */
#include <config.h>

#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/number.h>
#include <sockwatch/model/event.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/wire.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* One source in one window. */
struct scanner {
	struct tally_head head;
	uint32_t ports;    /* distinct closed ones */
	uint32_t attempts; /* folded ones too */
	uint32_t illegal;
	uint16_t flags; /* of the last illegal one */
	uint16_t port;  /* it was sent to */
};

struct attempt {
	struct tally_head head;
};

/* The window that runs, and the one before, whose findings stand until it ends. */
struct scans {
	struct keyed running, judged;
	struct keyed attempts; /* source and port, of the one that runs */
	uint64_t window_ns;
	uint64_t next; /* number of the first event that was not looked at */
};

enum { WINDOW_S = 5 };

static void
take_event(const struct look *look, struct scans *scans, const struct event *event)
{
	const struct segment *const segment = &event->segment;
	const bool is_illegal = event->kind == EVENT_ILLEGAL;
	const struct netns_row *const netns = model_netns_of_stream(look->model, segment->netns);
	const struct tally_key key = {.netns = netns != NULL ? netns->index : 0,
		.address = is_illegal ? segment->source : segment->destination};
	struct tally_key attempt = key;
	struct scanner *scanner;
	uint32_t before;

	/* Ours is the RST that refuses; what we send ourselves is no attack on us. */
	if (is_illegal ? segment->direction == SEGMENT_OUT : segment->direction == SEGMENT_IN)
		return;
	scanner = keyed_get(&scans->running, &key);
	if (scanner == NULL)
		return;
	if (is_illegal) {
		scanner->illegal += 1 + event->folded;
		scanner->flags = segment->flags;
		scanner->port = segment->destination_port;
		return;
	}
	attempt.port = segment->source_port;
	before = scans->attempts.count;
	(void)keyed_get(&scans->attempts, &attempt);
	scanner->ports += scans->attempts.count != before;
	scanner->attempts += 1 + event->folded;
}

static void
turn_window(const struct look *look, struct scans *scans)
{
	const struct keyed ended = scans->running;

	if (scans->window_ns != 0 && look->now_ns - scans->window_ns < WINDOW_S * CLOCK_NS_PER_S)
		return;
	scans->running = scans->judged;
	scans->judged = ended;
	keyed_clear(&scans->running);
	keyed_clear(&scans->attempts);
	scans->window_ns = look->now_ns;
}

static void
begin(const struct look *look, void *memory)
{
	struct scans *const scans = memory;
	const struct wire *const wire = look->model->wire;
	const struct event *event;

	turn_window(look, scans);
	for (event = wire_flag_from(wire, scans->next); event != NULL;
		event = wire_flag_from(wire, scans->next)) {
		scans->next = event->number + 1;
		if (event->kind == EVENT_ILLEGAL || event->kind == EVENT_REFUSED)
			take_event(look, scans, event);
	}
}

/* The larger of both windows: what stands now is seen at once, and stays while it goes on. */
static const struct scanner *
scanner_at(const struct scans *scans, uint32_t index)
{
	const struct scanner *now, *before;

	if (index >= scans->running.count) {
		before = keyed_at(&scans->judged, index - scans->running.count);
		return keyed_find(&scans->running, &before->head.key) == NULL ? before : NULL;
	}
	now = keyed_at(&scans->running, index);
	before = keyed_find(&scans->judged, &now->head.key);
	return before != NULL && before->attempts + before->illegal > now->attempts + now->illegal
		       ? before
		       : now;
}

enum { SCAN_WARNING };

static const struct threshold scan_thresholds[] = {
	[SCAN_WARNING] = {"warning", 20, UNIT_COUNT, "closed ports that one source tries in 5 s"},
};

static void
check_scan(struct look *look, void *memory)
{
	const struct scans *const scans = memory;

	for (uint32_t i = 0; i < scans->running.count + scans->judged.count; i++) {
		const struct scanner *const scanner = scanner_at(scans, i);
		char source[ADDRESS_TEXT_SIZE];
		struct finding *finding;

		if (scanner == NULL || scanner->ports < look_threshold(look, SCAN_WARNING))
			continue;
		finding = look_report(look, scanner->head.key.netns,
			tally_key_hash(&scanner->head.key), SEVERITY_WARNING);
		if (finding == NULL)
			return;
		address_format(&scanner->head.key.address, source, sizeof source);
		finding_say(finding, "%s tried %u closed port%s, with %u SYNs in up to %d s",
			source, (unsigned)scanner->ports, number_plural(scanner->ports),
			(unsigned)scanner->attempts, WINDOW_S);
		finding_words(finding, "source", "%s", source);
		finding_figure(finding, "ports", UNIT_COUNT, scanner->ports);
		finding_figure(finding, "attempts", UNIT_COUNT, scanner->attempts);
	}
}

enum { ILLEGAL_WARNING };

static const struct threshold illegal_thresholds[] = {
	[ILLEGAL_WARNING] = {"warning", 1, UNIT_COUNT, "such packets of one source in 5 s"},
};

static const char *
flags_words(uint16_t flags)
{
	const uint16_t five =
		flags & (SEGMENT_FIN | SEGMENT_SYN | SEGMENT_RST | SEGMENT_PSH | SEGMENT_URG);

	if ((flags & 0x3f) == 0)
		return "no flag (null)";
	if (five == (SEGMENT_FIN | SEGMENT_PSH | SEGMENT_URG))
		return "FIN PSH URG (xmas)";
	if ((five & (SEGMENT_SYN | SEGMENT_FIN)) == (SEGMENT_SYN | SEGMENT_FIN))
		return "SYN and FIN";
	if ((five & (SEGMENT_SYN | SEGMENT_RST)) == (SEGMENT_SYN | SEGMENT_RST))
		return "SYN and RST";
	return five == SEGMENT_FIN ? "FIN without ACK" : "flags that contradict each other";
}

static void
check_illegal(struct look *look, void *memory)
{
	const struct scans *const scans = memory;

	for (uint32_t i = 0; i < scans->running.count + scans->judged.count; i++) {
		const struct scanner *const scanner = scanner_at(scans, i);
		char source[ADDRESS_TEXT_SIZE];
		struct finding *finding;

		if (scanner == NULL || scanner->illegal == 0 ||
			scanner->illegal < look_threshold(look, ILLEGAL_WARNING))
			continue;
		finding = look_report(look, scanner->head.key.netns,
			tally_key_hash(&scanner->head.key), SEVERITY_WARNING);
		if (finding == NULL)
			return;
		address_format(&scanner->head.key.address, source, sizeof source);
		finding_say(finding,
			"%u packet%s with flags that are never legitimate from %s, the last with %s to :%u",
			(unsigned)scanner->illegal, number_plural(scanner->illegal), source,
			flags_words(scanner->flags), (unsigned)scanner->port);
		finding_words(finding, "source", "%s", source);
		finding_figure(finding, "packets", UNIT_COUNT, scanner->illegal);
		finding_words(finding, "flags", "%s", flags_words(scanner->flags));
		finding_figure(finding, "port", UNIT_NONE, scanner->port);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(scans, running, scanner, true),
	SUBJECT_TALLY(scans, attempts, attempt, true),
	SUBJECT_TALLY(scans, judged, scanner, true),
};

static const struct subject subject = {
	.size = sizeof(struct scans),
	SUBJECT_TALLIES(tallies),
	.begin = begin,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "port-scan",
				.help = "a source tries many closed ports of this box",
				.needs = NEED_PACKETS,
				.rights =
					"all: it looks at the flag events, which need CAP_NET_RAW",
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(scan_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_scan,
		.why = "Somebody looks for open ports: a scanner, or a monitoring system that has "
		       "the wrong list.",
		.action = "Filter the source if nobody knows it.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "illegal-flags",
				.help = "packets with flags that are never legitimate",
				.needs = NEED_PACKETS,
				.rights =
					"all: it looks at the flag events, which need CAP_NET_RAW",
				.window_s = WINDOW_S,
				RULE_THRESHOLDS(illegal_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_illegal,
		.why = "A scanner looks for open ports or for the kind of this system, or a box on "
		       "the path is broken. The kernel counts none of these packets.",
		.action = "Filter the source. The kernel drops such packets by itself, or answers "
			  "them with a RST.",
	},
};

const struct rule_table scan_rules = {rules, sizeof rules / sizeof rules[0]};
