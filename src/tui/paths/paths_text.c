/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the title of a path, and lists the lines below it. */
#include <config.h>

#include "paths_text.h"

#include <math.h>
#include <string.h>

#include <sockwatch/analysis/path_note.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>

static size_t
add_time(char *out, size_t size, size_t len, const char *line, const char *what, double us)
{
	char text[32];

	if (explain_path_ms(us, text, sizeof text) == 0)
		return len;
	return text_add(out, size, len, " %s %s %s", line, what, text);
}

/* The order in which figures are left out of a short line; the table below has them too. */
enum leave_out {
	LEAVE_OUT_NOTHING,
	LEAVE_OUT_UNSEEN,
	LEAVE_OUT_LOST,
	LEAVE_OUT_JITTER,
	LEAVE_OUT_HOPS,
	LEAVE_OUT_LOSS,
	LEAVE_OUT_COUNT
};

/* "rtt: probe 12.1 ms, kernel 12.3 ms, handshake 12.5 ms": where there is little room. */
static size_t
add_times(char *out, size_t size, size_t len, const char *line, double probe_us,
	const struct path_rtts *rtts)
{
	const char *const names[] = {"probe", "kernel", "handshake"};
	const double times_us[] = {probe_us, rtts->kernel_us, rtts->handshake_us};
	bool begun = false;
	char text[32];

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (explain_path_ms(times_us[i], text, sizeof text) == 0)
			continue;
		if (begun)
			len = text_add(out, size, len, ", %s %s", names[i], text);
		else
			len = text_add(out, size, len, " %s rtt: %s %s", line, names[i], text);
		begun = true;
	}
	return len;
}

static size_t
add_handshake(char *out, size_t size, size_t len, const char *line, const struct path_rtts *rtts,
	enum leave_out leave_out)
{
	if (isnan(rtts->handshake_us) && rtts->has_handshake && leave_out < LEAVE_OUT_UNSEEN)
		return text_add(out, size, len, " %s handshake not seen", line);
	return add_time(out, size, len, line, "handshake", rtts->handshake_us);
}

/* " loss 15.0% (3 of 20)" */
static size_t
add_loss(char *out, size_t size, size_t len, const char *line, const struct hop *target,
	enum leave_out leave_out)
{
	char lost[32] = "";

	if (leave_out < LEAVE_OUT_LOST)
		explain_path_lost(target, lost, sizeof lost);
	return text_add(out, size, len, " %s loss %.1f%%%s", line, target->loss * 100, lost);
}

static size_t
format_title(const struct path *path, const struct path_rtts *rtts, const char *line,
	enum leave_out leave_out, char *out, size_t size)
{
	const struct hop *const target = explain_path_target(path);
	const bool has = target != NULL && target->received > 0;
	char address[ADDRESS_TEXT_SIZE], protocol[24];
	size_t len;

	explain_path_address(NULL, &path->start, address, sizeof address);
	explain_path_protocol(&path->start, protocol, sizeof protocol);
	len = text_add(out, size, 0, "path to %s (%s)", address, protocol);
	if (!path->running)
		len = text_add(out, size, len, " %s stopped", line);
	if (path->hop_count > 0 && leave_out < LEAVE_OUT_HOPS)
		len = text_add(out, size, len, " %s %u hop%s", line, (unsigned)path->hop_count,
			number_plural(path->hop_count));
	if (target == NULL && path->cycle > 1)
		len = text_add(out, size, len, " %s not reached", line);
	if (target != NULL && !isnan(target->loss) && leave_out < LEAVE_OUT_LOSS)
		len = add_loss(out, size, len, line, target, leave_out);
	if (leave_out >= LEAVE_OUT_LOSS)
		return add_times(out, size, len, line, has ? target->mean_us : (double)NAN, rtts);
	if (has) {
		len = add_time(out, size, len, line, "avg", target->mean_us);
		if (leave_out < LEAVE_OUT_JITTER)
			len = add_time(out, size, len, line, "jitter", target->jitter_us);
	}
	len = add_time(out, size, len, line, "kernel rtt", rtts->kernel_us);
	return add_handshake(out, size, len, line, rtts, leave_out);
}

size_t
paths_title(const struct path *path, const struct path_rtts *rtts, const char *line, size_t columns,
	char *out, size_t size)
{
	size_t len = 0;

	for (int i = 0; i < LEAVE_OUT_COUNT; i++) {
		len = format_title(path, rtts, line, (enum leave_out)i, out, size);
		if (text_width(out) <= columns)
			break;
	}
	return len;
}

static void
put(struct paths_line *lines, size_t *count, enum paths_line_kind kind, unsigned hop,
	unsigned index)
{
	if (*count == PATHS_LINES_MAX)
		return;
	lines[(*count)++] = (struct paths_line){
		.kind = (uint8_t)kind, .hop = (uint8_t)hop, .index = (uint8_t)index};
}

size_t
paths_lines(const struct path *path, struct paths_line *lines)
{
	const unsigned first = path->start.first_ttl > 0 ? path->start.first_ttl - 1U : 0;
	const struct path_rtts none = {.kernel_us = (double)NAN, .handshake_us = (double)NAN};
	char note[256], verdict[256];
	size_t count = 0;

	for (unsigned i = first; i < path->hop_count; i++) {
		const struct hop *const hop = &path->hops[i];

		put(lines, &count, PATHS_LINE_HOP, i, 0);
		for (unsigned k = 1; k < hop->address_count; k++)
			put(lines, &count, PATHS_LINE_ADDRESS, i, k);
		for (unsigned k = 0; k < hop->label_count; k++)
			put(lines, &count, PATHS_LINE_LABEL, i, k);
	}
	/* A note that is in the verdict is not repeated. */
	explain_path_verdict(path, &none, verdict, sizeof verdict);
	for (unsigned i = 0; i < PATH_NOTE_COUNT; i++)
		if (path_note(path, (enum path_note)i, note, sizeof note) != 0 &&
			strstr(verdict, note) == NULL)
			put(lines, &count, PATHS_LINE_NOTE, 0, i);
	/* The note has the last one. */
	for (unsigned i = 1; i < path_changes_kept(path); i++)
		put(lines, &count, PATHS_LINE_CHANGE, 0, i);
	if (path->text[0] != '\0' && path->method != PROBE_METHOD_NONE)
		put(lines, &count, PATHS_LINE_NOTE, 0, PATHS_NOTE_TEXT);
	return count;
}
