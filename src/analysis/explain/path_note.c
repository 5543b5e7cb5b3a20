/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the sentences on a probed path as a whole. */
#include <config.h>

#include <sockwatch/analysis/path_note.h>

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <sockwatch/analysis/path_delay.h>
#include <sockwatch/base/address.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/text.h>

static size_t
append_changes(const struct path *path, char *out, size_t size)
{
	const struct path_change *const change =
		&path->changes[(path->change_count - 1) % PATH_CHANGES_MAX];
	char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE], when[CLOCK_TEXT_SIZE];

	address_format(&change->from, from, sizeof from);
	address_format(&change->to, to, sizeof to);
	clock_format_time(change->time_ns, when, sizeof when);
	if (path->change_count == 1)
		return text_add(out, size, 0, "the path changed at %.8s: hop %u from %s to %s",
			when, (unsigned)change->ttl, from, to);
	return text_add(out, size, 0,
		"the path changed %" PRIu32 " times, last at %.8s: hop %u from %s to %s",
		path->change_count, when, (unsigned)change->ttl, from, to);
}

/* The hop has the name of the router that answers there most. */
static void
format_hop(const struct hop *hop, char *out, size_t size)
{
	char address[ADDRESS_TEXT_SIZE] = "";

	if (hop->address_count != 0)
		address_format(&hop->addresses[0].address, address, sizeof address);
	text_add(out, size, 0, "hop %u%s%s", (unsigned)hop->ttl, address[0] != '\0' ? ", " : "",
		address);
}

static size_t
append_delay(const struct path *path, char *out, size_t size)
{
	struct path_delay delay;
	char hop[ADDRESS_TEXT_SIZE + 16], before[24] = "at ";
	double step_ms, total_ms;

	if (!path_delay(path, &delay))
		return 0;
	format_hop(delay.hop, hop, sizeof hop);
	step_ms = (double)delay.step_us / 1000;
	total_ms = (double)delay.total_us / 1000;
	if (!delay.is_step)
		return text_add(out, size, 0,
			"delay grows along the path, most at %s: %.1f of %.1f ms", hop, step_ms,
			total_ms);
	/* With silent hops between nobody knows which of them it is. */
	if (delay.before != NULL && delay.before->ttl + 1 < delay.hop->ttl)
		text_add(before, sizeof before, 0, "between hop %u and ",
			(unsigned)delay.before->ttl);
	return text_add(
		out, size, 0, "delay begins %s%s: %.1f of %.1f ms", before, hop, step_ms, total_ms);
}

/* The time of the target's last answer at any hop; 0: never. */
static uint64_t
last_answer_ns(const struct path *path)
{
	uint64_t last_ns = 0;

	for (unsigned i = 0; i < PATH_TTL_MAX; i++) {
		const struct hop *const hop = &path->hops[i];

		for (unsigned k = 0; k < hop->address_count; k++)
			if (address_compare(&hop->addresses[k].address, &path->start.target) == 0 &&
				hop->addresses[k].last_ns > last_ns)
				last_ns = hop->addresses[k].last_ns;
	}
	return last_ns;
}

static size_t
append_silent(const struct path *path, char *out, size_t size)
{
	const uint64_t last_ns = last_answer_ns(path);
	char when[CLOCK_TEXT_SIZE];

	if (last_ns == 0)
		return text_add(out, size, 0, "the target has not answered");
	clock_format_time(last_ns, when, sizeof when);
	return text_add(out, size, 0, "the target has not answered since %.8s", when);
}

size_t
path_note(const struct path *path, enum path_note note, char *out, size_t size)
{
	out[0] = '\0';
	switch (note) {
	case PATH_NOTE_UNSENT:
		if (path->send_errors != 0)
			return text_add(out, size, 0, "%" PRIu64 " probes could not be sent: %s",
				path->send_errors, strerror(path->error));
		break;
	case PATH_NOTE_SILENT:
		if (!path->reached && path->cycle > 0 && path->method != PROBE_METHOD_NONE)
			return append_silent(path, out, size);
		break;
	case PATH_NOTE_DELAY: return append_delay(path, out, size);
	case PATH_NOTE_MTU:
		if (path->mtu != 0 && path->start.dont_fragment != 0)
			return text_add(out, size, 0, "path MTU %u", (unsigned)path->mtu);
		break;
	case PATH_NOTE_RETURN_PATH:
		if (path->reached && path->reply_hops != 0 && path->reply_hops != path->hop_count)
			return text_add(out, size, 0,
				"the return path has another length: %u hops by the ttl of the answers, not %u",
				(unsigned)path->reply_hops, (unsigned)path->hop_count);
		break;
	case PATH_NOTE_CHANGES:
		if (path->change_count != 0)
			return append_changes(path, out, size);
		break;
	case PATH_NOTE_COUNT: break;
	}
	return 0;
}

/* A larger weight is worse; 0: it does not matter for the path as a whole. */
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

/* "loss begins at hop 5, 10.0.5.1: 20.8%". */
static size_t
append_worst(const struct hop *hop, char *out, size_t size)
{
	char where[ADDRESS_TEXT_SIZE + 16];
	const enum hop_verdict verdict = (enum hop_verdict)hop->verdict;

	format_hop(hop, where, sizeof where);
	if (verdict == HOP_VERDICT_LOSS && !isnan(hop->link_loss))
		return text_add(out, size, 0, "%s at %s: %.1f%%", words_of(verdict), where,
			hop->link_loss * 100);
	return text_add(out, size, 0, "%s at %s", words_of(verdict), where);
}

size_t
path_verdict(const struct path *path, char *out, size_t size)
{
	const struct hop *worst = NULL;
	char delay[128];
	size_t len;

	out[0] = '\0';
	if (path->method == PROBE_METHOD_NONE && path->text[0] != '\0')
		return text_add(out, size, 0, "%s", path->text);
	for (unsigned i = 0; i < path->hop_count; i++) {
		const enum hop_verdict verdict = (enum hop_verdict)path->hops[i].verdict;

		if (weight_of(verdict) >
			(worst != NULL ? weight_of((enum hop_verdict)worst->verdict) : 0))
			worst = &path->hops[i];
	}
	len = worst != NULL ? append_worst(worst, out, size)
			    : path_note(path, PATH_NOTE_SILENT, out, size);
	if (append_delay(path, delay, sizeof delay) == 0)
		return len;
	return text_add(out, size, len, "%s%s", len > 0 ? "; " : "", delay);
}
