/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A probed path as JSON Lines and as CSV: a line a hop, with the target in each, as several paths
 * may follow one another. In JSON an object on the path as a whole comes last; it has the key
 * "reached", which hops have not.
 */
#include <config.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <sockwatch/analysis/explain_path.h>
#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/errno_words.h>
#include <sockwatch/report/path_report.h>

#include "path_rows.h"
#include "rows.h"

enum { FIELDS_MAX = 64, SENTENCE_SIZE = 512 };

/* The hops by a writer of reports. 0 or -ENOMEM. */
static int
put_hops(const struct path_report *report, const struct path *path, enum report_format format,
	bool has_heading, struct buffer *out)
{
	const struct field_context context = {.model = NULL};
	const struct field *fields[FIELDS_MAX];
	struct report_options options = {
		.format = format, .fields = fields, .no_heading = !has_heading};
	size_t count;
	struct hop_row *const rows = path_rows_make(report, path, &count);
	struct report *lines;

	for (size_t i = 0; i < hop_fields.count && options.field_count < FIELDS_MAX; i++)
		if ((hop_fields.fields[i].flags & FIELD_REPORT) != 0)
			fields[options.field_count++] = &hop_fields.fields[i];
	lines = rows == NULL ? NULL : report_new(&options, &context, out);
	for (size_t i = 0; lines != NULL && i < count; i++)
		report_row(lines, &rows[i]);
	if (lines != NULL)
		report_end(lines);
	report_free(lines);
	free(rows);
	return lines != NULL && !out->failed ? 0 : -ENOMEM;
}

static void
put_text(struct buffer *out, const char *key, const char *text)
{
	buffer_append_format(out, ",\"%s\":", key);
	json_text(out, text_of(text));
}

static void
put_address(struct buffer *out, const char *key, const struct address *address)
{
	char text[ADDRESS_TEXT_SIZE];

	address_format(address, text, sizeof text);
	put_text(out, key, text);
}

static void
put_real(struct buffer *out, const char *key, double number)
{
	if (isnan(number))
		return;
	buffer_append_format(out, ",\"%s\":", key);
	rows_append_real(out, number);
}

/* What was asked, and by what means. */
static void
put_question(const struct path_report *report, const struct path *path, struct buffer *out)
{
	static const char *const protocols[] = {
		[PROBE_PROTOCOL_ICMP] = "icmp",
		[PROBE_PROTOCOL_UDP] = "udp",
		[PROBE_PROTOCOL_TCP] = "tcp",
	};
	const struct message_probe_start *const start = &path->start;
	char target[ADDRESS_TEXT_SIZE], begin[CLOCK_TEXT_SIZE];

	address_format(&start->target, target, sizeof target);
	buffer_append_text(out, "{\"target\":");
	json_text(out, text_of(target));
	put_text(out, "host", report->target);
	put_text(out, "protocol",
		protocols[start->protocol <= PROBE_PROTOCOL_TCP ? start->protocol : 0]);
	if (start->port != 0 && start->protocol != PROBE_PROTOCOL_ICMP)
		buffer_append_format(out, ",\"port\":%u", (unsigned)start->port);
	if (path->method != PROBE_METHOD_NONE && path->text[0] != '\0')
		put_text(out, "method", path->text);
	clock_format_rfc3339(path->started_ns, begin, sizeof begin);
	put_text(out, "start", begin);
	if (!address_is_any(&start->source))
		put_address(out, "source", &start->source);
}

/* Claimed only when something of that size was answered by the target. */
static void
put_mtu(const struct path *path, struct buffer *out)
{
	if (path->mtu == 0 || path->start.dont_fragment == 0)
		return;
	buffer_append_format(out, ",\"%s\":%u",
		path->passed_size >= path->mtu ? "mtu" : "mtu_at_most", (unsigned)path->mtu);
	if (path->passed_size != 0)
		buffer_append_format(out, ",\"mtu_at_least\":%u", (unsigned)path->passed_size);
}

static void
put_unsent(const struct path *path, struct buffer *out)
{
	const struct errno_words *const words = errno_words_find(path->send_error);

	if (path->send_errors == 0)
		return;
	buffer_append_format(out, ",\"send_errors\":%llu", (unsigned long long)path->send_errors);
	if (words != NULL)
		put_text(out, "send_error", words->name);
}

/* How the end of the path answered, and who did where that was not the target's address. */
static void
put_answer(const struct path *path, const struct hop *hop, struct buffer *out)
{
	const char *const name = path_answer_name(path_answer_at_end(path));

	if (name == NULL)
		return;
	put_text(out, "answer", name);
	if (hop->address_count != 0 && address_compare(&hop->answer_from, &path->start.target) != 0)
		put_address(out, "answered_by", &hop->answer_from);
}

/* The target's own figures; when it has never answered, those of the first hop in vain. */
static void
put_target(const struct path *path, struct buffer *out)
{
	const struct hop *const target = explain_path_target(path);
	const unsigned first = path->start.first_ttl == 0 ? 0 : path->start.first_ttl - 1U;
	const unsigned end = path->hop_count > first ? path->hop_count : first;
	const bool is_refused = target == NULL && path->ended && path->hop_count > 0;
	const struct hop *const last = is_refused           ? &path->hops[path->hop_count - 1]
				       : end < PATH_TTL_MAX ? &path->hops[end]
							    : &path->hops[PATH_TTL_MAX - 1];
	const struct hop *const hop = target != NULL ? target : last;

	buffer_append_format(out, ",\"reached\":%s", target != NULL ? "true" : "false");
	if (path->method == PROBE_METHOD_NONE)
		return;
	if (target != NULL)
		buffer_append_format(out, ",\"hops\":%u", (unsigned)target->ttl);
	put_answer(path, hop, out);
	buffer_append_format(out, ",\"cycles\":%u,\"sent\":%u,\"received\":%u",
		(unsigned)path->cycle, (unsigned)hop->sent,
		target != NULL ? (unsigned)target->received : 0U);
	if (hop->sent != 0)
		put_real(out, "loss_pct", target != NULL ? target->loss * 100 : 100);
	if (target != NULL && target->timed != 0)
		buffer_append_format(out, ",\"avg_us\":%.0f,\"best_us\":%llu,\"worst_us\":%llu",
			target->mean_us, (unsigned long long)target->best_us,
			(unsigned long long)target->worst_us);
	put_mtu(path, out);
	put_unsent(path, out);
}

static void
put_errno(const struct path *path, struct buffer *out)
{
	const struct errno_words *const words = errno_words_find(path->error);

	if (path->error == 0)
		return;
	buffer_append_format(out, ",\"errno\":%d", path->error);
	if (words != NULL)
		put_text(out, "error", words->name);
	if (path->text[0] != '\0' && path->method == PROBE_METHOD_NONE)
		put_text(out, "meaning", path->text);
	else if (words != NULL)
		put_text(out, "meaning", words->meaning);
}

/* The changes that are remembered, oldest first. */
static void
put_changes(const struct path *path, struct buffer *out)
{
	const uint32_t kept =
		path->change_count < PATH_CHANGES_MAX ? path->change_count : PATH_CHANGES_MAX;

	if (kept == 0)
		return;
	buffer_append_format(out, ",\"route_changes\":%u,\"changes\":[", path->change_count);
	for (uint32_t i = path->change_count - kept; i < path->change_count; i++) {
		const struct path_change *const change = &path->changes[i % PATH_CHANGES_MAX];
		char when[CLOCK_TEXT_SIZE];

		clock_format_rfc3339(change->time_ns, when, sizeof when);
		buffer_append_format(out, "%s{\"ttl\":%u",
			i == path->change_count - kept ? "" : ",", (unsigned)change->ttl);
		put_text(out, "time", when);
		put_address(out, "from", &change->from);
		put_address(out, "to", &change->to);
		buffer_append_char(out, '}');
	}
	buffer_append_char(out, ']');
}

static void
put_words(const struct path *path, struct buffer *out)
{
	const struct path_rtts rtts = {.kernel_us = (double)NAN, .handshake_us = (double)NAN};
	char sentence[SENTENCE_SIZE];
	const char *separator = "";

	(void)explain_path_verdict(path, &rtts, sentence, sizeof sentence);
	put_text(out, "verdict", sentence);
	buffer_append_text(out, ",\"notes\":[");
	for (int i = 0; i < PATH_NOTE_COUNT; i++) {
		if (path_note(path, (enum path_note)i, sentence, sizeof sentence) == 0)
			continue;
		buffer_append_text(out, separator);
		json_text(out, text_of(sentence));
		separator = ",";
	}
	buffer_append_char(out, ']');
}

int
path_report_json(const struct path_report *report, const struct path *path, struct buffer *out)
{
	const int result = put_hops(report, path, REPORT_JSON, false, out);

	put_question(report, path, out);
	put_target(path, out);
	put_errno(path, out);
	put_changes(path, out);
	put_words(path, out);
	buffer_append_text(out, "}\n");
	return result == 0 && out->failed ? -ENOMEM : result;
}

int
path_report_csv(const struct path_report *report, const struct path *path, bool has_heading,
	struct buffer *out)
{
	return put_hops(report, path, REPORT_CSV, has_heading, out);
}
