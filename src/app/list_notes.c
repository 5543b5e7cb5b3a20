/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "list_notes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static size_t
append(char *out, size_t size, size_t len, const char *text)
{
	const int more = snprintf(out + len, size - len, "%s%s", len != 0 ? "; " : "", text);

	if (more < 0)
		return len;
	return len + (size_t)more < size ? len + (size_t)more : size - 1;
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

static size_t
append_count(char *out, size_t size, size_t len, uint64_t count, const char *what)
{
	char text[160];

	if (count == 0)
		return len;
	snprintf(text, sizeof text, "%" PRIu64 " %s", count, what);
	return append(out, size, len, text);
}

/* Why the sockets of some processes have no name, and which right would give it. */
static size_t
append_hidden(char *out, size_t size, size_t len, const struct model *model)
{
	static const uint32_t needed = RIGHT_SYS_PTRACE | RIGHT_DAC_READ_SEARCH;

	if (model->owners_hidden == 0)
		return len;
	return append_count(out, size, len, model->owners_hidden,
		(model->host.rights & needed) == needed
			? "processes have more rights than sockwatch: their sockets have no name"
			: "processes of others do not show their sockets: that needs "
			  "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, as with sudo");
}

size_t
list_notes_format(const struct model *model, char *out, size_t size)
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
	len = append_hidden(out, size, len, model);
	len = append_count(out, size, len, model->sockets.refused,
		"sockets did not fit into memory and are missing");
	len = append_count(out, size, len,
		model->losses[LOSS_NETLINK] + model->losses[LOSS_TRUNCATED],
		"netlink datagrams were lost: the list may be incomplete");
	len = append_count(out, size, len, model->losses[LOSS_BOUNDED],
		"things were refused because a bound was reached");
	len = append_count(out, size, len, model->bad_records, "records could not be understood");
	return len;
}

void
list_notes_print(const struct model *model)
{
	char line[2048];

	if (list_notes_format(model, line, sizeof line) != 0)
		fprintf(stderr, "sockwatch: %s\n", line);
}
