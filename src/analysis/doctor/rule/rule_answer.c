/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections whose data get no answer: a peer that is gone, or packets above some size that vanish
 * on the way.
 */
#include <config.h>

#include <stdio.h>

#include <sockwatch/base/duration.h>
#include <sockwatch/base/number.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

enum {
	WINDOW_MS = 3000,
	BACKOFF_BLACKHOLE = 2,
	BACKOFF_GONE = 3,
	ALIVE_MS = 3000,
};

/* Connections without an answer, of one namespace. */
struct unanswered {
	struct tally_head head; /* the peer seems to be gone */
	struct row_list big;    /* of these only what is small is answered */
	uint32_t peers, big_peers;
	uint8_t retries;
	uint64_t rto_us;
	uint16_t mss, big_port;
	struct address big_peer;
};

struct peer {
	struct tally_head head; /* rows: those without an answer */
	bool is_alive;          /* it answers on some connection */
};

struct answers {
	struct keyed peers, unanswered;
};

/* The row's ages are as of when it was reported. */
static bool
ack_ms(const struct look *look, const struct socket_row *row, uint64_t *ms)
{
	if (!tcp_info_get(&row->tcp, TCP_INFO_last_ack_recv, ms))
		return false;
	*ms += look->now_ms - row->seen_ms;
	return true;
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct answers *const seen = memory;
	const struct tally_key key = {.netns = row->netns, .address = row->remote};
	const bool waits =
		row->timer == SOCKET_TIMER_RETRANSMIT && row->tcp.backoff >= BACKOFF_BLACKHOLE;
	struct peer *peer;
	uint64_t ms;

	/* A peer is kept only where it matters: something waits, or it answers. */
	if (!ack_ms(look, row, &ms) || (!waits && ms >= ALIVE_MS))
		return;
	peer = keyed_get(&seen->peers, &key);
	if (peer == NULL)
		return;
	peer->is_alive = peer->is_alive || ms < ALIVE_MS;
	if (waits)
		row_list_add(look, &peer->head.rows, id);
}

/*
 * The handshake passed and no full segment was ever acknowledged, though the peer answers what is
 * small: packets above some size vanish.
 */
static bool
is_big_lost(const struct socket_row *row, bool is_peer_alive)
{
	uint64_t acked, mss;

	return is_peer_alive && tcp_info_get(&row->tcp, TCP_INFO_bytes_acked, &acked) &&
	       tcp_info_get(&row->tcp, TCP_INFO_snd_mss, &mss) && acked < 2 * mss &&
	       row->send_queue >= mss;
}

static void
add_unanswered(const struct look *look, struct unanswered *unanswered, uint32_t id,
	const struct socket_row *row, bool is_peer_alive, bool *is_big, bool *is_gone)
{
	uint64_t ms;

	if (is_big_lost(row, is_peer_alive)) {
		row_list_add(look, &unanswered->big, id);
		unanswered->mss = (uint16_t)row->tcp.snd_mss;
		unanswered->big_peer = row->remote;
		*is_big = true;
		return;
	}
	if (row->tcp.backoff < BACKOFF_GONE || !ack_ms(look, row, &ms) || ms * 1000 <= row->tcp.rto)
		return;
	row_list_add(look, &unanswered->head.rows, id);
	*is_gone = true;
	if (row->timer_retries > unanswered->retries) {
		unanswered->retries = row->timer_retries;
		unanswered->rto_us = row->tcp.rto;
	}
}

/* Once a look, before the first of its two rules: peers are known only after the sweep. */
static void
gather_unanswered(const struct look *look, struct answers *seen)
{
	if (seen->unanswered.count > 0)
		return;
	for (uint32_t i = 0; i < seen->peers.count; i++) {
		const struct peer *const peer = keyed_at(&seen->peers, i);
		const struct tally_key key = {.netns = peer->head.key.netns};
		struct unanswered *unanswered;
		uint32_t position = 0, id;
		bool is_big = false, is_gone = false;

		if (peer->head.rows.count == 0)
			continue;
		unanswered = keyed_get(&seen->unanswered, &key);
		if (unanswered == NULL)
			return;
		while ((id = row_list_next(look, &peer->head.rows, &position)) != SOCKET_NONE)
			add_unanswered(look, unanswered, id,
				socket_table_row(&look->model->sockets, id), peer->is_alive,
				&is_big, &is_gone);
		unanswered->peers += is_gone;
		unanswered->big_peers += is_big;
	}
}

enum { BLACKHOLE_CRITICAL };

static const struct threshold blackhole_thresholds[] = {
	[BLACKHOLE_CRITICAL] = {"critical", 5, UNIT_COUNT,
		"connections whose full segments are never acknowledged; one is a warning"},
};

static void
check_blackhole(struct look *look, void *memory)
{
	struct answers *const seen = memory;

	gather_unanswered(look, seen);
	for (uint32_t i = 0; i < seen->unanswered.count; i++) {
		const struct unanswered *const unanswered = keyed_at(&seen->unanswered, i);
		char peer[ADDRESS_TEXT_SIZE];
		struct finding *finding;

		if (unanswered->big.count == 0)
			continue;
		finding = look_report(look, unanswered->head.key.netns,
			tally_key_hash(&unanswered->head.key),
			unanswered->big.count >= look_threshold(look, BLACKHOLE_CRITICAL)
				? SEVERITY_CRITICAL
				: SEVERITY_WARNING);
		if (finding == NULL)
			return;
		address_format(&unanswered->big_peer, peer, sizeof peer);
		finding_say(finding,
			"segments of %u bytes on %u connection%s to %u peer%s (such as %s) are never acknowledged, while small ones pass: packets above some size vanish",
			(unsigned)unanswered->mss, (unsigned)unanswered->big.count,
			number_plural(unanswered->big.count), (unsigned)unanswered->big_peers,
			number_plural(unanswered->big_peers), peer);
		finding_figure(finding, "connections", UNIT_COUNT, unanswered->big.count);
		finding_figure(finding, "peers", UNIT_COUNT, unanswered->big_peers);
		finding_figure(finding, "mss_bytes", UNIT_BYTES, unanswered->mss);
		finding_filter(finding, "timer retransmit and timer_retries >= %u and send_q >= %u",
			(unsigned)BACKOFF_BLACKHOLE, (unsigned)unanswered->mss);
		finding_rows(finding, &unanswered->big);
	}
}

enum { GONE_WARNING, GONE_CRITICAL };

static const struct threshold gone_thresholds[] = {
	[GONE_WARNING] = {"warning", 1, UNIT_COUNT,
		"connections that repeat what they sent without an answer, 3 times or more"},
	[GONE_CRITICAL] = {"critical", 20, UNIT_COUNT, "the same"},
};

static void
describe_gone(struct finding *finding, const struct unanswered *unanswered)
{
	char rto[DURATION_TEXT_SIZE];

	finding_say(finding,
		"%u connection%s to %u host%s get%s no answer: up to %u retransmits, the next after %s",
		(unsigned)unanswered->head.rows.count, number_plural(unanswered->head.rows.count),
		(unsigned)unanswered->peers, number_plural(unanswered->peers),
		unanswered->head.rows.count == 1 ? "s" : "", (unsigned)unanswered->retries,
		duration_format(unanswered->rto_us * 1000, DURATION_LONG, rto, sizeof rto));
	finding_figure(finding, "connections", UNIT_COUNT, unanswered->head.rows.count);
	finding_figure(finding, "peers", UNIT_COUNT, unanswered->peers);
	finding_figure(finding, "retransmits", UNIT_COUNT, unanswered->retries);
	finding_figure(finding, "rto_us", UNIT_US, (double)unanswered->rto_us);
	finding_filter(finding, "timer retransmit and timer_retries >= %u", (unsigned)BACKOFF_GONE);
	finding_rows(finding, &unanswered->head.rows);
}

static void
check_gone(struct look *look, void *memory)
{
	struct answers *const seen = memory;

	gather_unanswered(look, seen);
	for (uint32_t i = 0; i < seen->unanswered.count; i++) {
		const struct unanswered *const unanswered = keyed_at(&seen->unanswered, i);
		struct finding *finding;

		if (unanswered->head.rows.count < look_threshold(look, GONE_WARNING))
			continue;
		finding = look_report(look, unanswered->head.key.netns,
			tally_key_hash(&unanswered->head.key),
			unanswered->head.rows.count > look_threshold(look, GONE_CRITICAL)
				? SEVERITY_CRITICAL
				: SEVERITY_WARNING);
		if (finding == NULL)
			return;
		describe_gone(finding, unanswered);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(answers, peers, peer, false),
	SUBJECT_TALLY(answers, unanswered, unanswered, false),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_ESTABLISHED) | SUBJECT_STATE(TCP_STATE_CLOSE_WAIT),
	.size = sizeof(struct answers),
	SUBJECT_TALLIES(tallies),
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "pmtu-blackhole",
				.help = "full segments vanish while small ones pass",
				.needs = NEED_SOCKETS | NEED_TCP_INFO,
				.window_s = WINDOW_MS / 1000,
				RULE_THRESHOLDS(blackhole_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_blackhole,
		.why = "A tunnel or link on the path is narrower than the interface, and the ICMP "
		       "messages that would say so are filtered.",
		.action =
			"Let ICMP type 3 code 4 and ICMPv6 type 2 pass, or clamp the MSS where the "
			"tunnel begins. {tcp_mtu_probing} set to 1 lets the kernel find a size "
			"by itself after such a loss: sysctl -w net.ipv4.tcp_mtu_probing=1. sockwatch probe --mtu shows where the path is narrow.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "peer-gone",
				.help = "peers do not acknowledge what was sent",
				.needs = NEED_SOCKETS | NEED_TCP_INFO,
				RULE_THRESHOLDS(gone_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_gone,
		.why = "The peers or the path to them are gone: the kernel repeats what was sent, "
		       "and waits twice as long each time.",
		.action =
			"Give the program a TCP_USER_TIMEOUT. {tcp_retries2} says how long the kernel "
			"goes on: 15 is about 15 minutes, 8 about 100 seconds.",
	},
};

const struct rule_table answer_rules = {rules, sizeof rules / sizeof rules[0]};
