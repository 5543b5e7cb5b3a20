/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The path to the peers, by remote network (/24 or /64): loss, and delay far above the lowest.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/duration.h>
#include <sockwatch/base/number.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

enum { PATH_LOSS, PATH_BLOAT }; /* conditions of rows */

enum {
	WINDOW_MS = 3000,
	LOSS_WINDOW_MS = 10000,
	BLOAT_LEAST_MS = 100,
	BLOAT_FACTOR = 5,
	BACKOFF_NO_LOSS = 2, /* nothing is answered at all: rule_answer.c */
	V4_BITS = 96 + 24,
	V6_BITS = 64,
};

/* A remote network in this look. */
struct network {
	struct tally_head head;  /* rows: connections that have sent something again */
	struct row_list bloated; /* whose round trip stays far above the lowest */
	uint32_t busy;           /* with traffic */
	uint64_t most_rtt_us, least_rtt_us;
	double queue_bytes; /* that stand in the path, by (rtt - min_rtt) x delivery rate */
};

/* What was lost on the way to a network in one window. */
struct path_loss {
	struct tally_head head;
	double again, segments;
	uint32_t connections;
};

struct paths_seen {
	struct keyed networks;
	struct keyed losses, judged; /* of the window that runs, and of the last one */
	uint64_t window_ns;          /* when the one that runs began */
	uint64_t now_ns, before_ns;  /* of this look, and of the one before; 0: there was none */
};

/* Below; conditions are kept by subject. */
static const struct subject subject;

static struct address
network_of(const struct address *address)
{
	struct address_prefix prefix = {
		.address = *address, .length = address_is_v4(address) ? V4_BITS : V6_BITS};

	for (unsigned bit = prefix.length; bit < 128; bit++)
		prefix.address.bytes[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
	return prefix.address;
}

/* "198.51.100.0/24" */
static const char *
format_network(const struct address *network, char *out, size_t size)
{
	size_t len = address_format(network, out, size);

	(void)text_add(out, size, len, "/%u", address_is_v4(network) ? V4_BITS - 96U : V6_BITS);
	return out;
}

static void
begin(const struct look *look, void *memory)
{
	struct paths_seen *const seen = memory;
	const struct keyed ended = seen->losses;

	seen->before_ns = seen->now_ns;
	seen->now_ns = look->now_ns;
	if (seen->window_ns != 0 &&
		look->now_ns - seen->window_ns < LOSS_WINDOW_MS * CLOCK_NS_PER_MS)
		return;
	/* The window that ends is judged until the next one ends. */
	seen->losses = seen->judged;
	seen->judged = ended;
	keyed_clear(&seen->losses);
	seen->window_ns = look->now_ns;
}

/* Sent again since the look before, without those that the peer says it had already. */
static double
again_of(const struct look *look, const struct paths_seen *seen, uint32_t id,
	const struct socket_row *row)
{
	const uint64_t net = row->tcp.total_retrans > row->tcp.dsack_dups
				     ? row->tcp.total_retrans - row->tcp.dsack_dups
				     : 0;
	const bool was_there =
		seen->before_ns != 0 &&
		look->now_ms - row->first_ms > (look->now_ns - seen->before_ns) / CLOCK_NS_PER_MS;
	uint64_t bytes_again;
	struct still still;

	if (row->tcp.total_retrans == 0 ||
		!look_still(look, &subject, PATH_LOSS, id, row, net, &still))
		return 0;
	/* Without bytes it was the SYN, or the SYN ACK: no loss of data, but slow-handshake. */
	if (still.since_ms == 0 && tcp_info_get(&row->tcp, TCP_INFO_bytes_retrans, &bytes_again) &&
		bytes_again == 0)
		return 0;
	if (still.since_ms == 0)
		return was_there ? (double)net : 0;
	return net > still.before ? (double)(net - still.before) : 0;
}

static void
see_loss(const struct look *look, struct paths_seen *seen, struct network *network, uint32_t id,
	const struct socket_row *row, double sent_per_s)
{
	const double seconds = seen->before_ns == 0 ? 0
						    : (double)(look->now_ns - seen->before_ns) /
							      (double)CLOCK_NS_PER_S;
	const double again = again_of(look, seen, id, row);
	struct path_loss *loss;

	if (row->timer == SOCKET_TIMER_RETRANSMIT && row->tcp.backoff >= BACKOFF_NO_LOSS)
		return;
	if (row->tcp.total_retrans > 0)
		row_list_add(look, &network->head.rows, id);
	if ((sent_per_s <= 0 && again <= 0) || row->tcp.snd_mss == 0)
		return;
	loss = keyed_get(&seen->losses, &network->head.key);
	if (loss == NULL)
		return;
	loss->again += again;
	loss->segments += again + sent_per_s * seconds / row->tcp.snd_mss;
	loss->connections += again > 0;
}

/* Whether the last round trip that was measured is far above the lowest. */
static bool
is_delayed(const struct socket_row *row, uint64_t *rtt_us, uint64_t *least_us)
{
	/* Of most rows this is all. */
	return row->tcp.rtt >= BLOAT_LEAST_MS * UINT32_C(1000) &&
	       tcp_info_get(&row->tcp, TCP_INFO_rtt, rtt_us) &&
	       tcp_info_get(&row->tcp, TCP_INFO_min_rtt, least_us) &&
	       *rtt_us > *least_us * BLOAT_FACTOR &&
	       *rtt_us - *least_us >= BLOAT_LEAST_MS * UINT64_C(1000);
}

/*
 * Between two answers of a path with seconds of delay nothing moves: what was sent is on its way,
 * or the last answer is no older than a round trip. Where nothing is answered at all, the delay is
 * that of an earlier time.
 */
static bool
waits(const struct socket_row *row)
{
	uint64_t rtt_us, least_us, answered_ms;

	if (!is_delayed(row, &rtt_us, &least_us))
		return false;
	if (row->send_queue > 0)
		return row->timer != SOCKET_TIMER_RETRANSMIT || row->tcp.backoff < BACKOFF_NO_LOSS;
	return tcp_info_get(&row->tcp, TCP_INFO_last_ack_recv, &answered_ms) &&
	       answered_ms * 1000 <= rtt_us;
}

static void
see_delay(
	const struct look *look, struct network *network, uint32_t id, const struct socket_row *row)
{
	uint64_t rtt_us, least_us, rate = 0;
	struct still still;

	if (!is_delayed(row, &rtt_us, &least_us) ||
		!look_still(look, &subject, PATH_BLOAT, id, row, 0, &still) ||
		!look_lasts(look, still.since_ms, WINDOW_MS))
		return;
	row_list_add(look, &network->bloated, id);
	if (rtt_us > network->most_rtt_us) {
		network->most_rtt_us = rtt_us;
		network->least_rtt_us = least_us;
	}
	if (tcp_info_get(&row->tcp, TCP_INFO_delivery_rate, &rate))
		network->queue_bytes += (double)(rtt_us - least_us) / 1e6 * (double)rate;
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct paths_seen *const seen = memory;
	struct tally_key key = {.netns = row->netns};
	struct network *network;
	double sent = 0, received = 0;
	/* Rates are not known yet; what is delayed now must be seen from now on. */
	const bool is_first = seen->before_ns == 0;

	if (row->tcp.known_bytes == 0)
		return;
	if (!is_first && row->tcp.total_retrans == 0 && row->send_rate <= 0 &&
		row->receive_rate <= 0 && !waits(row))
		return;
	(void)model_socket_rates(look->model, row, &sent, &received);
	key.address = network_of(&row->remote);
	network = keyed_get(&seen->networks, &key);
	if (network == NULL)
		return;
	see_loss(look, seen, network, id, row, sent);
	if (!is_first && sent <= 0 && received <= 0 && !waits(row))
		return;
	network->busy++;
	see_delay(look, network, id, row);
}

enum { LOSS_INFO, LOSS_WARNING, LOSS_CRITICAL, LOSS_SEGMENTS, LOSS_AGAIN };

static const struct threshold loss_thresholds[] = {
	[LOSS_INFO] = {"info", 1, UNIT_PERCENT, "of the data segments to one /24 or /64"},
	[LOSS_WARNING] = {"warning", 2, UNIT_PERCENT, "the same"},
	[LOSS_CRITICAL] = {"critical", 10, UNIT_PERCENT, "the same"},
	[LOSS_SEGMENTS] = {"segments", 100, UNIT_COUNT, "least number in the window"},
	[LOSS_AGAIN] = {"retransmits", 10, UNIT_COUNT, "least number in the window"},
};

static void
describe_loss(struct finding *finding, const struct path_loss *loss, double percent,
	const struct network *network)
{
	char name[ADDRESS_TEXT_SIZE + 8];

	format_network(&loss->head.key.address, name, sizeof name);
	finding_say(finding, "to %s %.1f%% of the segments are sent again", name, percent);
	finding_words(finding, "network", "%s", name);
	finding_figure(finding, "loss_pct", UNIT_PERCENT, percent);
	finding_figure(finding, "retransmitted", UNIT_SEGMENTS, loss->again);
	finding_figure(finding, "segments", UNIT_SEGMENTS, loss->segments);
	finding_filter(finding, "raddr %s and retrans_total > 0", name);
	if (network != NULL)
		finding_rows(finding, &network->head.rows);
}

static void
check_loss(struct look *look, void *memory)
{
	const struct paths_seen *const seen = memory;
	const struct keyed *const losses =
		look->is_last && seen->judged.count == 0 ? &seen->losses : &seen->judged;

	for (uint32_t i = 0; i < losses->count; i++) {
		const struct path_loss *const loss = keyed_at(losses, i);
		/* Nothing is known to have been sent in the very first look. */
		const double percent = loss->segments > 0 ? 100 * loss->again / loss->segments : 0;
		struct finding *finding;

		if (loss->segments < look_threshold(look, LOSS_SEGMENTS) ||
			loss->again < look_threshold(look, LOSS_AGAIN) ||
			percent < look_threshold(look, LOSS_INFO))
			continue;
		finding = look_report(look, loss->head.key.netns, tally_key_hash(&loss->head.key),
			percent >= look_threshold(look, LOSS_CRITICAL)  ? SEVERITY_CRITICAL
			: percent >= look_threshold(look, LOSS_WARNING) ? SEVERITY_WARNING
									: SEVERITY_INFO);
		if (finding == NULL)
			return;
		describe_loss(finding, loss, percent, keyed_find(&seen->networks, &loss->head.key));
	}
}

enum { BLOAT_INFO, BLOAT_SHARE, BLOAT_WARNING };

static const struct threshold bloat_thresholds[] = {
	[BLOAT_INFO] = {"info", 3, UNIT_COUNT,
		"connections to one /24 or /64 whose round trip stays 100 ms and 5 times above the lowest"},
	[BLOAT_SHARE] = {"share", 20, UNIT_PERCENT, "of those with traffic"},
	[BLOAT_WARNING] = {"warning", 500, UNIT_MS, "above the lowest round trip"},
};

static void
describe_bloat(struct finding *finding, const struct network *network)
{
	char name[ADDRESS_TEXT_SIZE + 8], now[DURATION_TEXT_SIZE], least[DURATION_TEXT_SIZE],
		queue[32];

	format_network(&network->head.key.address, name, sizeof name);
	finding_say(finding, "the round trip to %s is up to %s, %s when idle", name,
		duration_format(network->most_rtt_us * 1000, DURATION_LONG, now, sizeof now),
		duration_format(network->least_rtt_us * 1000, DURATION_LONG, least, sizeof least));
	if (network->queue_bytes >= 1)
		finding_say(finding, ": a queue of about %s stands in the path",
			number_format_real(network->queue_bytes, UNIT_BYTES, queue, sizeof queue));
	finding_words(finding, "network", "%s", name);
	finding_figure(finding, "connections", UNIT_COUNT, network->bloated.count);
	finding_figure(finding, "with_traffic", UNIT_COUNT, network->busy);
	finding_figure(finding, "rtt_us", UNIT_US, (double)network->most_rtt_us);
	finding_figure(finding, "min_rtt_us", UNIT_US, (double)network->least_rtt_us);
	finding_figure(finding, "queue_bytes", UNIT_BYTES, network->queue_bytes);
	finding_filter(finding, "raddr %s and rtt > 100ms", name);
	finding_rows(finding, &network->bloated);
}

static void
check_bloat(struct look *look, void *memory)
{
	const struct paths_seen *const seen = memory;

	for (uint32_t i = 0; i < seen->networks.count; i++) {
		const struct network *const network = keyed_at(&seen->networks, i);
		const double above_ms =
			(double)(network->most_rtt_us - network->least_rtt_us) / 1000;
		struct finding *finding;

		if (network->bloated.count < look_threshold(look, BLOAT_INFO) ||
			100.0 * network->bloated.count <
				look_threshold(look, BLOAT_SHARE) * network->busy)
			continue;
		finding = look_report(look, network->head.key.netns,
			tally_key_hash(&network->head.key),
			above_ms >= look_threshold(look, BLOAT_WARNING) ? SEVERITY_WARNING
									: SEVERITY_INFO);
		if (finding == NULL)
			return;
		describe_bloat(finding, network);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(paths_seen, networks, network, false),
	SUBJECT_TALLY(paths_seen, losses, path_loss, true),
	SUBJECT_TALLY(paths_seen, judged, path_loss, true),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_ESTABLISHED) | SUBJECT_STATE(TCP_STATE_CLOSE_WAIT),
	.size = sizeof(struct paths_seen),
	SUBJECT_TALLIES(tallies),
	.begin = begin,
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "bufferbloat",
				.help = "a long queue stands in the path",
				.needs = NEED_SOCKETS | NEED_TCP_INFO,
				.window_s = WINDOW_MS / 1000,
				RULE_THRESHOLDS(bloat_thresholds),
				.hides = "loss",
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_bloat,
		.why = "A bottleneck has a large buffer, and senders fill it: each packet waits "
		       "behind all others.",
		.action = "Put fq_codel or cake on the bottleneck, or let the senders use bbr: "
			  "{tcp_congestion_control}.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "loss",
				.help = "segments to a remote network are lost",
				.needs = NEED_SOCKETS | NEED_TCP_INFO,
				.window_s = LOSS_WINDOW_MS / 1000,
				RULE_THRESHOLDS(loss_thresholds),
			},
		.clear_s = RULE_CLEAR_QUEUE_S,
		.check = check_loss,
		.why = "The path drops packets: a link with errors, a full queue, a policer.",
		.action =
			"Probe the path (F7, sockwatch probe) to see from which hop on packets are "
			"lost, and look at the errors of the links (ip -s link).",
	},
};

const struct rule_table path_rules = {rules, sizeof rules / sizeof rules[0]};
