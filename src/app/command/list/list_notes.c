/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The note of `list` on standard error: what is missing from the list, and why. */
#include <config.h>

#include "list_notes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/losses.h>

static size_t
append(char *out, size_t size, size_t len, const char *text)
{
	return text_add(out, size, len, "%s%s", len != 0 ? "; " : "", text);
}

static bool
is_repeated(const struct model *model, uint64_t first, uint64_t number)
{
	for (uint64_t i = first; i < number; i++) {
		if (strcmp(model->notices[i % MODEL_NOTICES].text,
			    model->notices[number % MODEL_NOTICES].text) == 0)
			return true;
	}
	return false;
}

/* "N things", in singular or plural. */
static size_t
append_count(char *out, size_t size, size_t len, uint64_t count, const char *one, const char *many)
{
	char text[200];

	if (count == 0)
		return len;
	snprintf(text, sizeof text, "%" PRIu64 " %s", count, count == 1 ? one : many);
	return append(out, size, len, text);
}

static uint32_t
count_hidden(const struct model *model)
{
	uint32_t count = 0;

	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);
		const char *why;

		if ((row->flags & (SOCKET_FREE | SOCKET_CLOSED)) != 0)
			continue;
		why = model_socket_ownerless(model, row, NULL);
		count += why != NULL && strcmp(why, "hidden") == 0;
	}
	return count;
}

/*
 * Why no process is seen for some sockets, and what would show it. Hidden processes exist
 * everywhere; they matter only when a socket lacks its owner.
 */
static size_t
append_hidden(char *out, size_t size, size_t len, const struct model *model)
{
	const uint32_t count = count_hidden(model);
	const char *const reasons = model_hidden_reasons(model);

	if (count == 0)
		return len;
	/* Without the full stop, as the other notes. */
	return text_add(out, size, len, "%s%u socket%s %s: %.*s", len != 0 ? "; " : "", count,
		number_plural(count), count == 1 ? "is (hidden)" : "are (hidden)",
		(int)strlen(reasons) - 1, reasons);
}

/* What a recording lacks. */
static size_t
append_file(
	char *out, size_t size, size_t len, const struct model *model, const struct list_file *file)
{
	const struct stream_damage *const damage = &file->damage;
	char text[200];

	if (model_is_partial(model) || (damage->bytes != 0 && damage->places == 0))
		len = append(out, size, len,
			"the recording begins in the middle: sockets that did not change since are missing");
	if (damage->places != 0) {
		snprintf(text, sizeof text,
			"the recording is damaged in %" PRIu64 " %s, first at byte %" PRIu64
			": %" PRIu64 " bytes were skipped, and what was in them is missing",
			damage->places, damage->places == 1 ? "place" : "places",
			damage->first_offset, damage->bytes);
		len = append(out, size, len, text);
	}
	if (file->is_cut)
		len = append(out, size, len,
			"the recording ends within a record: it was cut, or is still being written");
	return len;
}

/* The line without our name and newline, or "". Returns its length. */
static size_t
format_notes(const struct model *model, const struct list_file *file, char *out, size_t size)
{
	const uint64_t end = model->notice_count;
	const uint64_t first = end > MODEL_NOTICES ? end - MODEL_NOTICES : 0;
	size_t len = 0;

	out[0] = '\0';
	for (uint64_t i = first; i < end; i++) {
		char clean[sizeof model->notices[0].text];

		if (is_repeated(model, first, i))
			continue;
		text_clean(text_of(model->notices[i % MODEL_NOTICES].text), clean, sizeof clean);
		len = append(out, size, len, clean);
	}
	len = append_file(out, size, len, model, file);
	if (model->complete_sequence == 0)
		len = append(out, size, len, "the recording ends within its first snapshot");
	len = append_hidden(out, size, len, model);
	len = append_count(out, size, len, model->sockets.refused,
		"socket did not fit into memory and is missing",
		"sockets did not fit into memory and are missing");
	len = append_count(out, size, len, intern_refused(model->texts),
		"name or command line did not fit into memory",
		"names or command lines did not fit into memory");
	len = append_count(out, size, len,
		model->losses[LOSS_NETLINK] + model->losses[LOSS_TRUNCATED],
		"netlink datagram was lost: the list may be incomplete",
		"netlink datagrams were lost: the list may be incomplete");
	len = append_count(out, size, len, model->losses[LOSS_BOUNDED],
		"thing was refused because a bound was reached",
		"things were refused because a bound was reached");
	len = append_count(out, size, len, model->bad_records, "record could not be understood",
		"records could not be understood");
	return len;
}

void
list_notes_print(const struct model *model, const struct list_file *file)
{
	char line[2048];

	if (format_notes(model, file, line, sizeof line) != 0)
		fprintf(stderr, "sockwatch: %s\n", line);
}
