/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentences of `record`. */
#include <config.h>

#include "record_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/duration.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>

void
record_words_state(const struct recorder_facts *facts, char *out, size_t size)
{
	char duration[DURATION_TEXT_SIZE], bytes[24];

	duration_format(
		facts->last_ns - facts->first_ns, DURATION_SHORT, duration, sizeof duration);
	number_format_short(facts->bytes, UNIT_BYTES, bytes, sizeof bytes);
	text_add(out, size, 0, "%s: %s, %s, %" PRIu32 " socket%s, %" PRIu64 " lost", facts->name,
		duration, bytes, facts->sockets, number_plural(facts->sockets), facts->lost);
}

void
record_words_end(const struct recorder_facts *facts, const char *path, char *out, size_t size)
{
	const char *const slash = strrchr(path, '/');
	char duration[DURATION_TEXT_SIZE], bytes[24];
	size_t len;

	duration_format(facts->last_ns - facts->first_ns, DURATION_LONG, duration, sizeof duration);
	number_format_short(facts->bytes, UNIT_BYTES, bytes, sizeof bytes);
	len = text_add(out, size, 0, "%s: %s, %s, %" PRIu64 " snapshot%s, %" PRIu64 " lost",
		facts->name, duration, bytes, facts->snapshots, number_plural(facts->snapshots),
		facts->lost);
	if (facts->removed != 0)
		len = text_add(out, size, len, ", %" PRIu64 " older file%s removed", facts->removed,
			number_plural(facts->removed));
	if (path[0] != '-' || path[1] != '\0')
		text_add(out, size, len, "; `sockwatch list --from %.*s%s` shows it",
			(int)(slash != NULL ? slash + 1 - path : 0), path, facts->name);
}
