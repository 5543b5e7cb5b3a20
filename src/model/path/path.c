/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Probed paths: probes that were sent, the answers that match them, and the figures of each hop.
 * path_end.c decides where the path ends, path_change.c whether it changed, path_judge.c losses
 * and verdicts, path_icmp.c has the words for ICMP errors, apply_probe.c takes in the messages.
 */
#include <config.h>

#include <sockwatch/model/path.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "path_private.h"

struct path_table *
path_table_new(uint32_t limit)
{
	struct path_table *table = calloc(1, sizeof *table);
	if (table == NULL)
		return NULL;
	table->entries = calloc(limit, sizeof table->entries[0]);
	if (table->entries == NULL) {
		free(table);
		return NULL;
	}
	table->limit = limit;
	return table;
}

void
path_table_free(struct path_table *table)
{
	if (table == NULL)
		return;
	for (uint32_t i = 0; i < table->count; i++)
		free(table->entries[i]);
	free(table->entries);
	free(table);
}

static struct path_entry *
find_entry(const struct path_table *table, uint32_t id)
{
	for (uint32_t i = 0; i < table->count; i++)
		if (table->entries[i]->path.id == id)
			return table->entries[i];
	return NULL;
}

struct path *
path_table_find(const struct path_table *table, uint32_t id)
{
	struct path_entry *entry = find_entry(table, id);
	return entry == NULL ? NULL : &entry->path;
}

struct path *
path_table_at(const struct path_table *table, size_t i)
{
	return i < table->count ? &table->entries[i]->path : NULL;
}

static void
clear_hops(struct path *path)
{
	for (unsigned i = 0; i < PATH_TTL_MAX; i++) {
		struct hop *hop = &path->hops[i];
		*hop = (struct hop){
			.ttl = (uint8_t)(i + 1), .link_loss = (double)NAN, .loss = (double)NAN};
		for (unsigned k = 0; k < PATH_HISTORY; k++)
			hop->history_us[k] = PATH_HISTORY_EMPTY;
	}
}

/* Makes room for a new path: forgets the oldest that is no longer running. */
static void
make_room(struct path_table *table)
{
	for (uint32_t i = 0; table->count == table->limit && i < table->count; i++)
		if (!table->entries[i]->path.running)
			path_table_forget(table, table->entries[i]->path.id);
}

/* Probes in flight count as never sent. */
static void
drain(struct path_entry *entry)
{
	for (unsigned i = 0; i < PATH_PROBES; i++)
		if (entry->probes[i].state == PATH_PROBE_PENDING)
			entry->probes[i].state = PATH_PROBE_FREE;
	for (unsigned i = 0; i < PATH_TTL_MAX; i++) {
		struct hop *hop = &entry->path.hops[i];
		hop->sent -= hop->pending;
		hop->pending = 0;
	}
	entry->is_dirty = true;
}

void
path_table_drain(struct path_table *table, uint32_t id)
{
	struct path_entry *entry = find_entry(table, id);
	if (entry != NULL)
		drain(entry);
}

/*
 * The prober restarts its sequence numbers and may choose other ports. If other routers answer
 * then, that is not a change of the path.
 */
static void
continue_path(struct path_entry *entry, const struct message_probe_start *start)
{
	drain(entry);
	memset(entry->probes, 0, sizeof entry->probes);
	memset(entry->flow_address, 0, sizeof entry->flow_address);
	memset(entry->runs, 0, sizeof entry->runs);
	entry->path.is_blocked = false;
	entry->newest = entry->oldest = 0;
	entry->path.start = *start;
	entry->path.running = true;
}

static bool
is_same_path(const struct message_probe_start *a, const struct message_probe_start *b)
{
	return a->netns == b->netns && a->interface == b->interface && a->protocol == b->protocol &&
	       a->port == b->port && address_compare(&a->target, &b->target) == 0;
}

struct path *
path_table_start(struct path_table *table, const struct message_probe_start *start, uint64_t now_ns)
{
	struct path_entry *entry = find_entry(table, start->id);
	if (entry == NULL) {
		make_room(table);
		if (table->count == table->limit || (entry = calloc(1, sizeof *entry)) == NULL)
			return NULL;
		table->entries[table->count++] = entry;
	} else if (start->continued != 0 && is_same_path(&entry->path.start, start)) {
		continue_path(entry, start);
		return &entry->path;
	}
	memset(entry, 0, sizeof *entry);
	entry->path.id = start->id;
	entry->path.start = *start;
	entry->path.started_ns = now_ns;
	entry->path.running = true;
	clear_hops(&entry->path);
	return &entry->path;
}

void
path_table_forget(struct path_table *table, uint32_t id)
{
	for (uint32_t i = 0; i < table->count; i++) {
		if (table->entries[i]->path.id != id)
			continue;
		free(table->entries[i]);
		table->count--;
		memmove(&table->entries[i], &table->entries[i + 1],
			(table->count - i) * sizeof table->entries[0]);
		return;
	}
}

void
path_on_state(struct path_table *table, const struct message_probe_state *state, uint64_t now_ns)
{
	struct path *path = path_table_find(table, state->id);
	(void)now_ns;
	if (path == NULL)
		return;
	path->running = state->running;
	path->method = state->method;
	path->error = state->error;
	path->cycle = state->cycle;
	if (!address_is_any(&state->source))
		path->start.source = state->source;
	path_limit_mtu(path, state->mtu);
	path->reason[0] = '\0';
	if (state->error != 0 && state->method != PROBE_METHOD_NONE)
		text_clean(state->text, path->reason, sizeof path->reason);
	else
		text_clean(state->text, path->text, sizeof path->text);
}

/* A round-trip time, or PATH_HISTORY_LOST. */
static void
put_history(struct hop *hop, int32_t us)
{
	hop->history_us[hop->history_next] = us;
	hop->history_next = (uint16_t)((hop->history_next + 1) % PATH_HISTORY);
}

/* Counts the probe as lost: no answer came in time. */
static void
lose(struct path_entry *entry, struct path_probe *probe)
{
	struct hop *hop = &entry->path.hops[probe->ttl - 1];
	probe->state = PATH_PROBE_LOST;
	if (probe->is_search)
		return;
	entry->is_dirty = true;
	hop->pending--;
	put_history(hop, PATH_HISTORY_LOST);
}

/* What could not be sent was not answered, but no hop lost it. */
static void
lose_unsent(struct path_entry *entry, const struct message_probe_sent *sent)
{
	struct hop *const hop = &entry->path.hops[sent->ttl - 1];

	entry->path.send_errors++;
	entry->path.send_error = sent->error;
	entry->path.unsent_ns = sent->sent_ns;
	entry->path.cycle = sent->cycle;
	entry->is_dirty = true;
	hop->sent++;
	hop->unsent++;
	put_history(hop, PATH_HISTORY_LOST);
}

static void
count_sent(struct path_entry *entry, const struct message_probe_sent *sent)
{
	struct hop *const hop = &entry->path.hops[sent->ttl - 1];

	hop->sent++;
	hop->pending++;
	entry->path.cycle = sent->cycle;
	entry->is_dirty = true;
}

void
path_on_sent(struct path_table *table, const struct message_probe_sent *sent)
{
	struct path_entry *entry = find_entry(table, sent->id);
	if (entry == NULL || sent->sequence == 0 || sent->ttl < 1 || sent->ttl > PATH_TTL_MAX)
		return;
	struct path_probe *probe = &entry->probes[sent->sequence % PATH_PROBES];
	if (probe->sequence == sent->sequence && probe->state != PATH_PROBE_FREE) {
		/* The kernel's transmit stamp came after the probe was reported. */
		if (probe->state == PATH_PROBE_PENDING)
			probe->sent_ns = sent->sent_ns;
		return;
	}
	entry->path.is_blocked = sent->error != 0;
	if (sent->error != 0) {
		lose_unsent(entry, sent);
		return;
	}
	if (probe->state == PATH_PROBE_PENDING)
		lose(entry, probe);
	*probe = (struct path_probe){.sequence = sent->sequence,
		.sent_ns = sent->sent_ns,
		.ttl = sent->ttl,
		.flow = sent->flow < PATH_FLOWS_MAX ? sent->flow : 0,
		.size = sent->size,
		.is_search = sent->search != 0,
		.state = PATH_PROBE_PENDING};
	if (!probe->is_search)
		count_sent(entry, sent);
	if (sent->sequence > entry->newest)
		entry->newest = sent->sequence;
	if (entry->oldest == 0 || sent->sequence < entry->oldest)
		entry->oldest = sent->sequence;
}

/* Welford's mean and variance; jitter by RFC 3550 section 6.4.1. */
static void
count_rtt(struct hop *hop, uint64_t rtt_us)
{
	double rtt = (double)rtt_us, before = hop->mean_us;

	if (hop->timed == 0 || rtt_us < hop->best_us)
		hop->best_us = rtt_us;
	if (rtt_us > hop->worst_us)
		hop->worst_us = rtt_us;
	if (hop->timed > 0)
		hop->jitter_us += (fabs(rtt - (double)hop->last_us) - hop->jitter_us) / 16;
	hop->timed++;
	hop->last_us = rtt_us;
	hop->mean_us += (rtt - before) / hop->timed;
	hop->m2 += (rtt - before) * (rtt - hop->mean_us);
	put_history(hop, rtt_us > INT32_MAX ? INT32_MAX : (int32_t)rtt_us);
}

/* Returns its index among the hop's addresses, most answers first; -1: no room. */
static int
count_address(struct hop *hop, const struct address *from, uint8_t flow, uint64_t now_ns)
{
	int i = 0;
	while (i < hop->address_count && address_compare(&hop->addresses[i].address, from) != 0)
		i++;
	if (i == PATH_ADDRESSES_MAX) {
		hop->addresses_refused++;
		return -1;
	}
	struct hop_address *found = &hop->addresses[i];
	if (i == hop->address_count) {
		hop->address_count++;
		*found = (struct hop_address){.address = *from, .first_ns = now_ns};
	}
	found->received++;
	found->flows |= 1u << flow;
	found->last_ns = now_ns;
	for (; i > 0 && hop->addresses[i].received > hop->addresses[i - 1].received; i--) {
		const struct hop_address swap = hop->addresses[i];
		hop->addresses[i] = hop->addresses[i - 1];
		hop->addresses[i - 1] = swap;
	}
	return i;
}

static void
note_reply_ttl(struct path *path, struct hop *hop, uint8_t ttl)
{
	if (ttl == 0)
		return;
	hop->reply_ttl = ttl;
	if (hop->target)
		path->reply_hops = (uint8_t)path_hops_back(ttl, hop->ttl, NULL);
}

/* Sets full_ns once, when the target has answered and each hop before it was decided. */
static void
note_full(struct path *path, uint64_t now_ns)
{
	if (path->full_ns != 0 || !path->reached)
		return;
	for (unsigned i = 0; i < path->hop_count; i++)
		if (path->hops[i].sent == 0 || path->hops[i].pending == path->hops[i].sent)
			return;
	path->full_ns = now_ns;
}

/* A probe that was too big shows nothing about its hop: count it as not sent. */
static void
take_back(struct path *path, struct path_probe *probe, const struct message_probe_answer *answer)
{
	struct hop *hop = &path->hops[probe->ttl - 1];

	hop->sent--;
	if (probe->state == PATH_PROBE_PENDING)
		hop->pending--;
	probe->state = PATH_PROBE_ANSWERED;
	path_note_mtu(path, hop, answer);
}

static void
take_answer(struct path_entry *entry, struct path_probe *probe,
	const struct message_probe_answer *answer)
{
	struct path *path = &entry->path;
	struct hop *hop = &path->hops[probe->ttl - 1];

	if (probe->state == PATH_PROBE_LOST)
		hop->late++;
	else
		hop->pending--;
	probe->state = PATH_PROBE_ANSWERED;
	hop->received++;
	hop->answer = (uint8_t)path_answer_of(path, answer);
	hop->answer_from = answer->from;
	if (path_is_unreachable(path, answer) && hop->answer != PATH_ANSWER_PORT)
		hop->errors++;
	if (path_is_neighbour_timeout(path, answer))
		put_history(hop, PATH_HISTORY_LOST);
	else
		count_rtt(hop, answer->received_ns > probe->sent_ns
				       ? (answer->received_ns - probe->sent_ns) / 1000
				       : 0);
	count_address(hop, &answer->from, probe->flow, answer->received_ns);
	path_change_note(entry, probe, &answer->from, answer->received_ns);
	if (answer->kind == PROBE_ANSWER_ICMP)
		path_note_icmp(path, hop, answer);
	else
		hop->error_type = hop->error_code = 0;
	path_end_note(entry, probe, answer);
	if (hop->target && probe->size > path->passed_size)
		path->passed_size = probe->size;
	note_reply_ttl(path, hop, answer->ttl);
	note_full(path, answer->received_ns);
}

/* The search for the path MTU says nothing else. */
static void
take_size(struct path *path, struct path_probe *probe, const struct message_probe_answer *answer)
{
	probe->state = PATH_PROBE_ANSWERED;
	if (path_is_too_big(path, answer))
		path_note_mtu(path, &path->hops[probe->ttl - 1], answer);
	else if (answer->kind != PROBE_ANSWER_ICMP && probe->size > path->passed_size)
		path->passed_size = probe->size;
}

void
path_on_answer(struct path_table *table, const struct message_probe_answer *answer)
{
	struct path_entry *entry = find_entry(table, answer->id);
	struct path_probe *probe;

	if (entry == NULL)
		return;
	probe = &entry->probes[answer->sequence % PATH_PROBES];
	if (answer->sequence == 0 || probe->sequence != answer->sequence ||
		(probe->state != PATH_PROBE_PENDING && probe->state != PATH_PROBE_LOST)) {
		entry->path.unknown_answers++;
		return;
	}
	entry->is_dirty = true;
	if (probe->is_search)
		take_size(&entry->path, probe, answer);
	else if (path_is_too_big(&entry->path, answer))
		take_back(&entry->path, probe, answer);
	else
		take_answer(entry, probe, answer);
}

/* Probes are sent in the order of their numbers, so the search stops at the oldest open one. */
static void
lose_overdue(struct path_entry *entry, uint64_t now_ns)
{
	const uint64_t timeout_ns = entry->path.start.timeout_ms * UINT64_C(1000000);

	if (entry->newest - entry->oldest >= PATH_PROBES)
		entry->oldest = entry->newest - PATH_PROBES + 1;
	for (; entry->oldest != 0 && entry->oldest <= entry->newest; entry->oldest++) {
		struct path_probe *probe = &entry->probes[entry->oldest % PATH_PROBES];
		if (probe->sequence != entry->oldest || probe->state != PATH_PROBE_PENDING)
			continue;
		if (now_ns <= probe->sent_ns + timeout_ns)
			return;
		lose(entry, probe);
	}
}

void
path_tick(struct path_table *table, uint64_t now_ns)
{
	for (uint32_t i = 0; i < table->count; i++) {
		struct path_entry *entry = table->entries[i];
		lose_overdue(entry, now_ns);
		if (!entry->is_dirty)
			continue;
		entry->is_dirty = false;
		note_full(&entry->path, now_ns);
		path_judge(&entry->path);
	}
}
