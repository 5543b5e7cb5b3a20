/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the sentences on a probed path as a whole. */
#include <config.h>

#include <sockwatch/analysis/path_note.h>

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <sys/socket.h>

#include <sockwatch/analysis/path_delay.h>
#include <sockwatch/base/address.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/errno_words.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>

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

uint32_t
path_changes_kept(const struct path *path)
{
	return path->change_count < PATH_CHANGES_MAX ? path->change_count : PATH_CHANGES_MAX;
}

size_t
path_change_format(const struct path *path, uint32_t i, char *out, size_t size)
{
	const struct path_change *const change =
		&path->changes[(path->change_count - 1 - i) % PATH_CHANGES_MAX];
	char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE], when[CLOCK_TEXT_SIZE];

	address_format(&change->from, from, sizeof from);
	address_format(&change->to, to, sizeof to);
	clock_format_time(change->time_ns, when, sizeof when);
	return text_add(
		out, size, 0, "%.8s: hop %u from %s to %s", when, (unsigned)change->ttl, from, to);
}

static size_t
append_changes(const struct path *path, char *out, size_t size)
{
	char last[2 * ADDRESS_TEXT_SIZE + CLOCK_TEXT_SIZE + 24];

	path_change_format(path, 0, last, sizeof last);
	if (path->change_count == 1)
		return text_add(out, size, 0, "the path changed at %s", last);
	return text_add(out, size, 0, "the path changed %" PRIu32 " times, last at %s",
		path->change_count, last);
}

bool
path_is_blocked(const struct path *path)
{
	return path->running && path->method != PROBE_METHOD_NONE &&
	       (path->is_blocked || path->error != 0);
}

static const char *
words_of_errno(int number)
{
	const struct errno_words *const words = errno_words_find(number);

	/* Probes need no port of their own. */
	if (number == EADDRNOTAVAIL)
		return "the source address is not of this box";
	return words != NULL ? words->meaning : strerror(number);
}

static size_t
append_unsent(const struct path *path, char *out, size_t size)
{
	const bool is_one = path->send_errors == 1;
	char when[CLOCK_TEXT_SIZE];

	if (path_is_blocked(path))
		return text_add(out, size, 0, "not probing: %s",
			path->reason[0] != '\0' ? path->reason : words_of_errno(path->send_error));
	if (path->send_errors == 0)
		return 0;
	clock_format_time(path->unsent_ns, when, sizeof when);
	return text_add(out, size, 0, "%" PRIu64 " probe%s not sent, %s%.8s: %s", path->send_errors,
		is_one ? "" : "s", is_one ? "at " : "the last at ", when,
		words_of_errno(path->send_error));
}

/* The hop where a router refuses at present; NULL: none. */
static const struct hop *
find_refusing(const struct path *path)
{
	for (unsigned i = path->hop_count; i-- > 0;)
		if (path->hops[i].error_type != 0 && !path->hops[i].target)
			return &path->hops[i];
	return NULL;
}

/* "host unreachable by 10.0.5.1, hop 5 (!H)". */
static size_t
append_refusal(const struct path *path, const struct hop *hop, char *out, size_t size)
{
	const int family = address_is_v4(&path->start.target) ? AF_INET : AF_INET6;
	const char *const words = path_icmp_words(family, hop->error_type, hop->error_code);
	char by[ADDRESS_TEXT_SIZE] = "?", mark[8];
	size_t len;

	address_format(&hop->error_from, by, sizeof by);
	path_icmp_mark(family, hop->error_type, hop->error_code, mark, sizeof mark);
	/* On its own link this host searches the neighbour itself. */
	if (address_compare(&hop->error_from, &path->start.source) == 0)
		len = text_add(
			out, size, 0, "%s, says this host", words != NULL ? words : "unreachable");
	else
		len = text_add(out, size, 0, "%s by %s, hop %u",
			words != NULL ? words : "unreachable", by, (unsigned)hop->ttl);
	return mark[0] != '\0' ? text_add(out, size, len, " (%s)", mark) : len;
}

/* What a router refuses now, or refused before the target answered again. */
static size_t
append_refused(const struct path *path, char *out, size_t size)
{
	const struct hop *const now = find_refusing(path);

	if (now != NULL)
		return append_refusal(path, now, out, size);
	for (unsigned i = 0; i < path->hop_count; i++) {
		const struct hop *const hop = &path->hops[i];

		if (hop->errors != 0 && hop->error_type == 0)
			return text_add(out, size, 0,
				"%" PRIu32 " of %" PRIu32
				" probes to hop %u were answered with \"unreachable\"",
				hop->errors, hop->sent, (unsigned)hop->ttl);
	}
	return 0;
}

static const struct hop *
find_target(const struct path *path)
{
	for (unsigned i = path->hop_count; i-- > 0;)
		if (path->hops[i].target)
			return &path->hops[i];
	return NULL;
}

enum path_answer
path_answer_at_end(const struct path *path)
{
	const struct hop *const target = find_target(path);

	if (target != NULL)
		return (enum path_answer)target->answer;
	return path->ended && path->hop_count > 0
		       ? (enum path_answer)path->hops[path->hop_count - 1].answer
		       : PATH_ANSWER_NONE;
}

static size_t
append_answer(const struct path *path, char *out, size_t size)
{
	const struct hop *const hop = find_target(path);
	char from[ADDRESS_TEXT_SIZE];

	if (hop != NULL && hop->answer == PATH_ANSWER_EXCEEDED)
		return text_add(out, size, 0,
			"the target answers with \"time exceeded\" only, as a router does");
	if (hop == NULL || address_is_any(&hop->answer_from) ||
		address_compare(&hop->answer_from, &path->start.target) == 0)
		return 0;
	address_format(&hop->answer_from, from, sizeof from);
	if (hop->answer == PATH_ANSWER_PORT)
		return text_add(out, size, 0,
			"port unreachable from %s: another address of the target, or a router that refuses",
			from);
	return text_add(out, size, 0, "the target answers from another address, %s", from);
}

static size_t
append_mtu(const struct path *path, char *out, size_t size)
{
	if (path->start.dont_fragment == PROBE_FRAGMENT_ALLOWED ||
		(path->mtu == 0 && path->passed_size == 0))
		return 0;
	if (path->mtu == 0)
		return text_add(out, size, 0, "path MTU at least %u", (unsigned)path->passed_size);
	if (path->passed_size >= path->mtu)
		return text_add(out, size, 0, "path MTU %u", (unsigned)path->mtu);
	if (path->passed_size == 0)
		return text_add(out, size, 0, "path MTU at most %u", (unsigned)path->mtu);
	return text_add(out, size, 0, "path MTU at least %u, at most %u",
		(unsigned)path->passed_size, (unsigned)path->mtu);
}

/* How many hops the answers took is a guess: it depends on the ttl that they began with. */
static size_t
append_return_path(const struct path *path, char *out, size_t size)
{
	const struct hop *const hop = find_target(path);
	unsigned first = 0, back;

	if (hop == NULL || hop->answer == PATH_ANSWER_EXCEEDED)
		return 0;
	back = path_hops_back(hop->reply_ttl, hop->ttl, &first);
	if (back == 0 || back == hop->ttl)
		return 0;
	return text_add(out, size, 0,
		"the return path may have another length: %u hop%s if the answers begin with ttl %u, not %u",
		back, number_plural(back), first, (unsigned)hop->ttl);
}

size_t
path_note(const struct path *path, enum path_note note, char *out, size_t size)
{
	out[0] = '\0';
	switch (note) {
	case PATH_NOTE_UNSENT: return append_unsent(path, out, size);
	case PATH_NOTE_REFUSED: return append_refused(path, out, size);
	case PATH_NOTE_SILENT:
		if (!path->reached && path->cycle > 0 && path->method != PROBE_METHOD_NONE)
			return append_silent(path, out, size);
		break;
	case PATH_NOTE_ANSWER: return append_answer(path, out, size);
	case PATH_NOTE_DELAY: return append_delay(path, out, size);
	case PATH_NOTE_MTU: return append_mtu(path, out, size);
	case PATH_NOTE_RETURN_PATH: return append_return_path(path, out, size);
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

/* Nothing beyond the target shows whether it or its link drops; to a SYN it would answer. */
static bool
is_limit_possible(const struct path *path, const struct hop *hop)
{
	return hop->target && path->start.protocol != PROBE_PROTOCOL_TCP;
}

/* "loss begins at hop 5, 10.0.5.1: 20.8%". */
static size_t
append_worst(const struct path *path, const struct hop *hop, char *out, size_t size)
{
	char where[ADDRESS_TEXT_SIZE + 16];
	const enum hop_verdict verdict = (enum hop_verdict)hop->verdict;

	if (hop->error_type != 0 && verdict != HOP_VERDICT_LOOP)
		return append_refusal(path, hop, out, size);
	format_hop(hop, where, sizeof where);
	if (verdict == HOP_VERDICT_LOSS && !isnan(hop->link_loss))
		return text_add(out, size, 0, "%s at %s: %.1f%%%s", words_of(verdict), where,
			hop->link_loss * 100,
			is_limit_possible(path, hop) ? ", or it limits its answers" : "");
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
	if (path_is_blocked(path))
		return append_unsent(path, out, size);
	for (unsigned i = 0; i < path->hop_count; i++) {
		const enum hop_verdict verdict = (enum hop_verdict)path->hops[i].verdict;

		if (weight_of(verdict) >
			(worst != NULL ? weight_of((enum hop_verdict)worst->verdict) : 0))
			worst = &path->hops[i];
	}
	len = worst != NULL ? append_worst(path, worst, out, size)
			    : path_note(path, PATH_NOTE_SILENT, out, size);
	if (len == 0)
		len = append_unsent(path, out, size);
	if (len == 0)
		len = append_refused(path, out, size);
	if (append_delay(path, delay, sizeof delay) == 0)
		return len;
	return text_add(out, size, len, "%s%s", len > 0 ? "; " : "", delay);
}
