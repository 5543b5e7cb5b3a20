/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listeners that nobody asked for: not in the baseline, or new since the start where there is none,
 * and open to all interfaces.
 */
#include <config.h>

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/baseline/baseline.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/number.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* All listeners on 0.0.0.0 or :: of one namespace. */
struct open_ports {
	struct tally_head head;
};

struct listeners_seen {
	struct keyed open;       /* by namespace */
	struct row_list fresh;   /* appeared since the start, or not in the baseline */
	struct row_list risky;   /* a service without a login, open to all */
	struct keyed locals;     /* addresses of this box that were looked at: none is public */
	struct address last;     /* of them, the one that was met last */
	bool has_public_address; /* some connection of this box uses one */
};

struct local {
	struct tally_head head;
};

enum { YOUNG_PROCESS_S = 3600, NEW_FOR_MS = 3600000, NAMED_MAX = 8 };

/* Services that ask for no password unless they are told to. */
static const struct {
	uint16_t port;
	const char *name;
} unprotected[] = {
	{2375, "Docker"},
	{2379, "etcd"},
	{5984, "CouchDB"},
	{6379, "Redis"},
	{9200, "Elasticsearch"},
	{9300, "Elasticsearch"},
	{11211, "memcached"},
	{27017, "MongoDB"},
};

static const char *
unprotected_name(uint16_t port)
{
	for (size_t i = 0; i < sizeof unprotected / sizeof unprotected[0]; i++)
		if (unprotected[i].port == port)
			return unprotected[i].name;
	return NULL;
}

/* Not loopback, link-local, private (RFC 1918, 6598, 4193) or for documentation and tests. */
static bool
is_public(const struct address *address)
{
	static const char *const others[] = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
		"100.64.0.0/10", "169.254.0.0/16", "192.0.2.0/24", "198.51.100.0/24",
		"203.0.113.0/24", "198.18.0.0/15", "fc00::/7", "fe80::/10", "2001:db8::/32"};

	if (address_is_any(address) || address_is_loopback(address))
		return false;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct address_prefix prefix;
		const struct text text = text_of(others[i]);

		if (address_prefix_parse(text.data, text.len, &prefix, NULL) == 0 &&
			address_prefix_match(&prefix, address))
			return false;
	}
	return true;
}

static void
begin(const struct look *look, void *memory)
{
	struct listeners_seen *const seen = memory;

	(void)look;
	seen->fresh = seen->risky = (struct row_list){0};
}

/* A box has few addresses and many connections: each address is looked at once. */
static void
see_local(struct listeners_seen *seen, const struct socket_row *row)
{
	const struct tally_key key = {.address = row->local};

	if (seen->has_public_address || memcmp(&row->local, &seen->last, sizeof seen->last) == 0)
		return;
	seen->last = row->local;
	if (keyed_find(&seen->locals, &key) != NULL)
		return;
	seen->has_public_address = is_public(&row->local);
	(void)keyed_get(&seen->locals, &key);
}

/* One of the baseline that was started again is no news. */
static bool
is_new(const struct look *look, const struct socket_row *row)
{
	const struct baseline *const baseline = look_baseline(look);
	struct baseline_item item;

	if (baseline == NULL)
		return (row->flags & SOCKET_BIRTH_SEEN) != 0 &&
		       look->now_ms - row->first_ms < NEW_FOR_MS;
	baseline_item_of(look->model, row, BASELINE_LISTENER, &item);
	return !baseline_has(baseline, &item);
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct listeners_seen *const seen = memory;
	const struct tally_key key = {.netns = row->netns};
	struct open_ports *open;

	if (row->state != TCP_STATE_LISTEN) {
		see_local(seen, row);
		return;
	}
	if (is_new(look, row))
		row_list_add(look, &seen->fresh, id);
	if (!address_is_any(&row->local))
		return;
	open = keyed_get(&seen->open, &key);
	if (open != NULL)
		row_list_add(look, &open->head.rows, id);
	if (unprotected_name(row->local_port) != NULL)
		row_list_add(look, &seen->risky, id);
}

static void
say_listener(struct look *look, struct finding *finding, const struct socket_row *row)
{
	char who[FINDING_WHO_SIZE], local[ADDRESS_PORT_SIZE];

	address_format_port(&row->local, row->local_port, local, sizeof local);
	finding_process(finding, look->model, model_socket_process(look->model, row));
	finding_say(finding, "%s listens on %s", finding_process_words(finding, who, sizeof who),
		local);
	finding_words(finding, "local", "%s", local);
	finding_filter(finding, "state listen and lport = %u", (unsigned)row->local_port);
}

static uint64_t
row_key(const struct socket_row *row)
{
	const struct tally_key key = {.netns = row->netns,
		.port = row->local_port,
		.address = row->local,
		.number = (uint32_t)row->cookie};

	return tally_key_hash(&key);
}

/* Seconds since the process started; UINT64_MAX: not known. */
static uint64_t
process_age_s(const struct look *look, const struct process_row *process)
{
	const struct host_facts *const host = &look->model->host;
	const uint64_t now_ns = model_wall_ns(look->model, look->now_ns);
	uint64_t start_ns;

	if (process == NULL || process->start_ticks == 0 || host->clock_ticks == 0)
		return UINT64_MAX;
	start_ns = host->boot_ns + process->start_ticks * (CLOCK_NS_PER_S / host->clock_ticks);
	return now_ns > start_ns ? (now_ns - start_ns) / CLOCK_NS_PER_S : 0;
}

enum { NEW_AGE };

static const struct threshold new_thresholds[] = {
	[NEW_AGE] = {"age", YOUNG_PROCESS_S, UNIT_S,
		"a process younger than this, or of root, makes it a warning where it is not on loopback"},
};

static void
report_new(struct look *look, uint32_t id)
{
	const struct socket_row *const row = socket_table_row(&look->model->sockets, id);
	const uint64_t age_s = process_age_s(look, model_socket_process(look->model, row));
	const bool is_serious = !address_is_loopback(&row->local) &&
				(row->uid == 0 || age_s < look_threshold(look, NEW_AGE));
	struct row_list list = {0};
	char started[FINDING_AGO_SIZE];
	struct finding *finding;

	finding = look_report(
		look, row->netns, row_key(row), is_serious ? SEVERITY_WARNING : SEVERITY_INFO);
	if (finding == NULL)
		return;
	finding_say(finding, look_baseline(look) != NULL ? "not in the baseline: " : "new: ");
	say_listener(look, finding, row);
	if ((row->flags & SOCKET_BIRTH_SEEN) != 0)
		finding_say(finding, ", first seen %s",
			finding_ago((uint64_t)(look->now_ms - row->first_ms) * CLOCK_NS_PER_MS,
				started, sizeof started));
	finding_baseline(look, finding);
	finding_figure(finding, "uid", UNIT_NONE, row->uid);
	if (age_s != UINT64_MAX)
		finding_figure(finding, "process_age_s", UNIT_S, (double)age_s);
	row_list_add(look, &list, id);
	finding_rows(finding, &list);
}

static void
check_new(struct look *look, void *memory)
{
	const struct listeners_seen *const seen = memory;
	uint32_t position = 0, id;

	while ((id = row_list_next(look, &seen->fresh, &position)) != SOCKET_NONE)
		report_new(look, id);
}

static void
report_risky(struct look *look, const struct listeners_seen *seen, uint32_t id)
{
	const struct socket_row *const row = socket_table_row(&look->model->sockets, id);
	struct row_list list = {0};
	struct finding *finding;

	finding = look_report(look, row->netns, row_key(row),
		seen->has_public_address ? SEVERITY_WARNING : SEVERITY_INFO);
	if (finding == NULL)
		return;
	say_listener(look, finding, row);
	finding_say(finding,
		", on all interfaces; port %u is that of %s, which asks for no password by default",
		(unsigned)row->local_port, unprotected_name(row->local_port));
	row_list_add(look, &list, id);
	finding_rows(finding, &list);
}

static void
report_open(struct look *look, const struct open_ports *open)
{
	uint32_t position = 0, id;
	unsigned shown = 0;
	struct finding *finding;

	finding = look_report(
		look, open->head.key.netns, tally_key_hash(&open->head.key), SEVERITY_INFO);
	if (finding == NULL)
		return;
	finding_say(finding, "%u listener%s on all interfaces:", (unsigned)open->head.rows.count,
		number_plural(open->head.rows.count));
	for (; shown < NAMED_MAX &&
		(id = row_list_next(look, &open->head.rows, &position)) != SOCKET_NONE;
		shown++)
		finding_say(finding, " :%u",
			(unsigned)socket_table_row(&look->model->sockets, id)->local_port);
	if (open->head.rows.count > shown)
		finding_say(finding, " ...");
	finding_figure(finding, "listeners", UNIT_COUNT, open->head.rows.count);
	finding_filter(finding, "state listen and (laddr 0.0.0.0 or laddr ::)");
	finding_rows(finding, &open->head.rows);
}

static void
check_open(struct look *look, void *memory)
{
	const struct listeners_seen *const seen = memory;
	uint32_t position = 0, id;

	while ((id = row_list_next(look, &seen->risky, &position)) != SOCKET_NONE)
		report_risky(look, seen, id);
	for (uint32_t i = 0; i < seen->open.count; i++)
		report_open(look, keyed_at(&seen->open, i));
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(listeners_seen, open, open_ports, false),
	SUBJECT_TALLY(listeners_seen, locals, local, true),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_LISTEN) | SUBJECT_STATE(TCP_STATE_ESTABLISHED),
	.size = sizeof(struct listeners_seen),
	SUBJECT_TALLIES(tallies),
	.begin = begin,
	.row = visit,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "new-listener",
				.help = "a listener is not in the baseline, or has appeared since the start where there is none",
				.needs = NEED_SOCKETS | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				RULE_THRESHOLDS(new_thresholds),
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check_new,
		.why = "A service was started, or something that nobody asked for.",
		.action =
			"Look at the process and its file. F9 stops it. If it is right, b on the screen of "
			"findings and doctor --save-baseline add it to the baseline.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "listener-on-all",
				.help = "listeners are open to all interfaces",
				.needs = NEED_SOCKETS | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check_open,
		.why = "0.0.0.0 and :: take connections on every address of the box: the default of "
		       "most services.",
		.action = "Bind what serves only this box to 127.0.0.1 or ::1, and let a firewall "
			  "guard the rest.",
	},
};

const struct rule_table listener_rules = {rules, sizeof rules / sizeof rules[0]};
