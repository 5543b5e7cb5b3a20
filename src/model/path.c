/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/model/path.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "path_private.h"

struct path_table *
path_table_new(uint32_t limit)
{
	struct path_table *table = calloc(1, sizeof(*table));
	if (table == NULL)
		return NULL;
	table->entries = calloc(limit, sizeof(table->entries[0]));
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

struct path *
path_table_start(struct path_table *table, const struct message_probe_start *start, uint64_t now_ns)
{
	struct path_entry *entry = find_entry(table, start->id);
	if (entry == NULL) {
		if (table->count == table->limit || (entry = calloc(1, sizeof(*entry))) == NULL)
			return NULL;
		table->entries[table->count++] = entry;
	}
	memset(entry, 0, sizeof(*entry));
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
			(table->count - i) * sizeof(table->entries[0]));
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
	path->way = state->way;
	path->error = state->error;
	path->cycle = state->cycle;
	if (!address_is_any(&state->source))
		path->start.source = state->source;
	if (state->mtu != 0 && (path->mtu == 0 || state->mtu < path->mtu))
		path->mtu = state->mtu;
	text_clean(state->text, path->text, sizeof(path->text));
}

/* The probe counts as lost: nothing came in its time. */
static void
lose(struct path_entry *entry, struct path_probe *probe)
{
	struct hop *hop = &entry->path.hops[probe->ttl - 1];
	probe->state = PATH_PROBE_LOST;
	hop->pending--;
	hop->history_us[hop->history_next] = PATH_HISTORY_LOST;
	hop->history_next = (uint16_t)((hop->history_next + 1) % PATH_HISTORY);
}

void
path_on_sent(struct path_table *table, const struct message_probe_sent *sent)
{
	struct path_entry *entry = find_entry(table, sent->id);
	if (entry == NULL || sent->sequence == 0 || sent->ttl < 1 || sent->ttl > PATH_TTL_MAX)
		return;
	struct path_probe *probe = &entry->probes[sent->sequence % PATH_PROBES];
	if (probe->sequence == sent->sequence && probe->state != PATH_PROBE_FREE) {
		/* The kernel's transmit stamp came after the probe was told. */
		if (probe->state == PATH_PROBE_PENDING)
			probe->sent_ns = sent->sent_ns;
		return;
	}
	if (sent->error != 0) {
		entry->path.send_errors++;
		entry->path.error = sent->error;
		return;
	}
	if (probe->state == PATH_PROBE_PENDING)
		lose(entry, probe);
	*probe = (struct path_probe){.sequence = sent->sequence,
		.sent_ns = sent->sent_ns,
		.ttl = sent->ttl,
		.flow = sent->flow < PATH_FLOWS_MAX ? sent->flow : 0,
		.state = PATH_PROBE_PENDING};
	struct hop *hop = &entry->path.hops[sent->ttl - 1];
	hop->sent++;
	hop->pending++;
	entry->path.cycle = sent->cycle;
}

/* Welford's mean and variance; jitter by RFC 3550 section 6.4.1. */
static void
count_rtt(struct hop *hop, uint64_t rtt_us)
{
	double rtt = (double)rtt_us, before = hop->mean_us;

	if (hop->received == 0 || rtt_us < hop->best_us)
		hop->best_us = rtt_us;
	if (rtt_us > hop->worst_us)
		hop->worst_us = rtt_us;
	if (hop->received > 0)
		hop->jitter_us += (fabs(rtt - (double)hop->last_us) - hop->jitter_us) / 16;
	hop->received++;
	hop->last_us = rtt_us;
	hop->mean_us += (rtt - before) / hop->received;
	hop->m2 += (rtt - before) * (rtt - hop->mean_us);
	hop->history_us[hop->history_next] = rtt_us > INT32_MAX ? INT32_MAX : (int32_t)rtt_us;
	hop->history_next = (uint16_t)((hop->history_next + 1) % PATH_HISTORY);
}

/* Its place among the hop's addresses, most answers first; -1: no room. */
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

/* A flow keeps its header fields, so another router at the same ttl means that the path changed. */
static void
note_change(struct path_entry *entry, const struct path_probe *probe, const struct address *from,
	uint64_t now_ns)
{
	struct address *last = &entry->flow_address[probe->ttl - 1][probe->flow];
	static const struct address none;
	if (memcmp(last, &none, sizeof(none)) != 0 && address_compare(last, from) != 0) {
		struct path *path = &entry->path;
		path->changes[path->change_count % PATH_CHANGES_MAX] = (struct path_change){
			.time_ns = now_ns, .ttl = probe->ttl, .from = *last, .to = *from};
		path->change_count++;
	}
	*last = *from;
}

static bool
from_target(const struct path *path, const struct message_probe_answer *answer)
{
	return answer->kind != PROBE_ANSWER_ICMP ||
	       address_compare(&answer->from, &path->start.target) == 0;
}

static void
note_target(struct path *path, const struct message_probe_answer *answer, struct hop *hop)
{
	hop->target = true;
	path->reached = true;
	if (path->hop_count == 0 || hop->ttl < path->hop_count ||
		!path->hops[path->hop_count - 1].target)
		path->hop_count = hop->ttl;
	if (answer->ttl != 0) {
		const unsigned first = answer->ttl <= 64 ? 64 : answer->ttl <= 128 ? 128 : 255;
		path->reply_hops = (uint8_t)(first - answer->ttl + 1);
	}
}

void
path_on_answer(struct path_table *table, const struct message_probe_answer *answer)
{
	struct path_entry *entry = find_entry(table, answer->id);
	if (entry == NULL)
		return;
	struct path *path = &entry->path;
	struct path_probe *probe = &entry->probes[answer->sequence % PATH_PROBES];
	if (answer->sequence == 0 || probe->sequence != answer->sequence ||
		(probe->state != PATH_PROBE_PENDING && probe->state != PATH_PROBE_LOST)) {
		path->unknown_answers++;
		return;
	}
	struct hop *hop = &path->hops[probe->ttl - 1];
	if (probe->state == PATH_PROBE_LOST)
		hop->late++;
	else
		hop->pending--;
	probe->state = PATH_PROBE_ANSWERED;
	count_rtt(hop, answer->received_ns > probe->sent_ns
			       ? (answer->received_ns - probe->sent_ns) / 1000
			       : 0);
	count_address(hop, &answer->from, probe->flow, answer->received_ns);
	note_change(entry, probe, &answer->from, answer->received_ns);
	if (answer->ttl != 0)
		hop->reply_ttl = answer->ttl;
	if (answer->kind == PROBE_ANSWER_ICMP)
		path_note_icmp(path, hop, answer);
	if (from_target(path, answer))
		note_target(path, answer, hop);
	else if (!path->reached && hop->ttl > path->hop_count)
		path->hop_count = hop->ttl;
}

/* Once, when the target answered and nothing before it is open any more. */
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

void
path_tick(struct path_table *table, uint64_t now_ns)
{
	for (uint32_t i = 0; i < table->count; i++) {
		struct path_entry *entry = table->entries[i];
		const uint64_t timeout_ns = entry->path.start.timeout_ms * UINT64_C(1000000);
		for (unsigned k = 0; k < PATH_PROBES; k++) {
			struct path_probe *probe = &entry->probes[k];
			if (probe->state == PATH_PROBE_PENDING &&
				now_ns > probe->sent_ns + timeout_ns)
				lose(entry, probe);
		}
		note_full(&entry->path, now_ns);
		path_judge(&entry->path);
	}
}
