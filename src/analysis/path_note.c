/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/analysis/path_note.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/clock.h>

__attribute__((format(printf, 3, 4))) static size_t
say(char *out, size_t size, const char *format, ...)
{
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = vsnprintf(out, size, format, arguments);
	va_end(arguments);
	if (len < 0)
		len = 0;
	return (size_t)len < size ? (size_t)len : size - 1;
}

static size_t
say_changes(const struct path *path, char *out, size_t size)
{
	const struct path_change *const change =
		&path->changes[(path->change_count - 1) % PATH_CHANGES_MAX];
	char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE], when[CLOCK_TEXT_SIZE];

	address_format(&change->from, from, sizeof(from));
	address_format(&change->to, to, sizeof(to));
	clock_format_time(change->time_ns, when, sizeof(when));
	return say(out, size,
		"the path has changed, %" PRIu32 " times; last at %.8s: hop %u from %s to %s",
		path->change_count, when, (unsigned)change->ttl, from, to);
}

size_t
path_note(const struct path *path, enum path_note note, char *out, size_t size)
{
	out[0] = '\0';
	switch (note) {
	case PATH_NOTE_UNSENT:
		if (path->send_errors != 0)
			return say(out, size, "%" PRIu64 " probes could not be sent: %s",
				path->send_errors, strerror(path->error));
		break;
	case PATH_NOTE_SILENT:
		if (!path->reached && path->cycle > 0 && path->way != PROBE_WAY_NONE)
			return say(out, size, "the target has not answered");
		break;
	case PATH_NOTE_MTU:
		if (path->mtu != 0 && path->start.dont_fragment != 0)
			return say(out, size, "path MTU %u", (unsigned)path->mtu);
		break;
	case PATH_NOTE_WAY_BACK:
		if (path->reached && path->reply_hops != 0 && path->reply_hops != path->hop_count)
			return say(out, size,
				"the way back is another one: %u hops as the ttl of the answers "
				"suggests, not %u",
				(unsigned)path->reply_hops, (unsigned)path->hop_count);
		break;
	case PATH_NOTE_CHANGES:
		if (path->change_count != 0)
			return say_changes(path, out, size);
		break;
	case PATH_NOTE_COUNT: break;
	}
	return 0;
}

/* The larger, the worse; 0: no matter for the path as a whole. */
static int
weight_of(enum hop_verdict verdict)
{
	switch (verdict) {
	case HOP_VERDICT_NONE:
	case HOP_VERDICT_SILENT:
	case HOP_VERDICT_RATE_LIMITED: return 0;
	case HOP_VERDICT_LOSS: return 1;
	case HOP_VERDICT_PROHIBITED:
	case HOP_VERDICT_UNREACHABLE: return 2;
	case HOP_VERDICT_LOOP: return 3;
	}
	return 0;
}

static const char *
words_of(enum hop_verdict verdict)
{
	return verdict == HOP_VERDICT_LOSS ? "loss begins" : hop_verdict_name(verdict);
}

size_t
path_verdict(const struct path *path, char *out, size_t size)
{
	const struct hop *worst = NULL;
	char address[ADDRESS_TEXT_SIZE] = "";

	out[0] = '\0';
	if (path->way == PROBE_WAY_NONE && path->text[0] != '\0')
		return say(out, size, "%s", path->text);
	for (unsigned i = 0; i < path->hop_count; i++) {
		const enum hop_verdict verdict = (enum hop_verdict)path->hops[i].verdict;

		if (weight_of(verdict) >
			(worst != NULL ? weight_of((enum hop_verdict)worst->verdict) : 0))
			worst = &path->hops[i];
	}
	if (worst == NULL)
		return path_note(path, PATH_NOTE_SILENT, out, size);
	if (worst->address_count != 0)
		address_format(&worst->addresses[0].address, address, sizeof(address));
	return say(out, size, "%s at hop %u%s%s", words_of((enum hop_verdict)worst->verdict),
		(unsigned)worst->ttl, address[0] != '\0' ? ", " : "", address);
}
