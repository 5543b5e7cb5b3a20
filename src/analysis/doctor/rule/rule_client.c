/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs that began to connect out, and where programs connect to that did not before: what
 * nobody asked for connects somewhere. Known is what is in the baseline, or else what was there at
 * the start. A program is known by its name, for a pid is another one each time.
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/baseline/baseline.h>
#include <sockwatch/base/clock.h>
#include <sockwatch/base/map.h>

#include "analysis/doctor/tally.h"
#include "rules.h"

/* What is new of a program: that it connects at all, or where to. */
struct client {
	struct tally_head head; /* rows: of this look */
	uint64_t since_ns, last_ns;
	uint32_t pid; /* of the first connection that was seen */
	uint32_t uid;
	uint32_t count; /* of new destinations */
	struct address first, last;
	uint16_t first_port, last_port;
};

/* A program, for the number of its destinations. */
struct program {
	struct tally_head head; /* rows.count: destinations that are known */
};

struct clients {
	struct map known; /* by hash of program, and of program and destination */
	struct keyed fresh;
	struct keyed reaching; /* programs with new destinations */
	struct keyed programs;
	uint32_t lines; /* of the baseline, of which this is */
};

enum {
	NEWS_S = 3600,
	LEARN_S = 30,
	LEARN_MAX = 20000,
	YOUNG_MS = 10000,
	OWNER_MS = 3000,     /* so long an owner may be searched for */
	KNOWN_MAX = 65536,   /* programs and destinations */
	BY_ADDRESS_MAX = 256 /* destinations of a program; with more it is known by its ports */
};

static bool
is_news(const struct look *look, const struct client *client)
{
	return look->now_ns - client->since_ns <= NEWS_S * CLOCK_NS_PER_S;
}

/* What is known of a program or a destination. */
enum knowledge { IS_UNKNOWN, IS_KNOWN, IS_NEW };

static enum knowledge
find(const struct clients *clients, uint64_t hash)
{
	uint32_t known;

	return map_find(&clients->known, hash, &known) ? (enum knowledge)known : IS_UNKNOWN;
}

/* Without room it is as if it had always been known. False: there was none. */
static bool
note(const struct look *look, struct clients *clients, uint64_t hash, enum knowledge what)
{
	if (clients->known.count < KNOWN_MAX && map_set(&clients->known, hash, what) == 0)
		return true;
	look_refuse(look, 1);
	return false;
}

/* Those whose time as news is over go together, when no news is left. */
static void
begin_news(const struct look *look, struct keyed *news)
{
	bool has_news = false;

	for (uint32_t i = 0; i < news->count; i++) {
		struct client *const client = keyed_at(news, i);

		client->head.rows = (struct row_list){0};
		has_news = has_news || is_news(look, client);
	}
	if (!has_news)
		keyed_clear(news);
}

/* What was added to the baseline is news no longer. */
static void
begin(const struct look *look, void *memory)
{
	struct clients *const clients = memory;
	const struct baseline *const baseline = look_baseline(look);
	const uint32_t lines = baseline != NULL ? baseline_count(baseline) : 0;

	if (lines != clients->lines) {
		clients->lines = lines;
		map_clear(&clients->known);
		keyed_clear(&clients->fresh);
		keyed_clear(&clients->reaching);
		keyed_clear(&clients->programs);
	}
	begin_news(look, &clients->fresh);
	begin_news(look, &clients->reaching);
}

static void
fini(void *memory)
{
	struct clients *const clients = memory;

	map_fini(&clients->known);
}

/* Of the name and the namespace; a program that is not known has the empty name. */
static struct tally_key
program_key(
	const struct look *look, const struct socket_row *row, const struct process_row *process)
{
	const char *const name = process != NULL ? model_text(look->model, process->comm) : "";
	const uint64_t hash = map_hash_bytes(name, strlen(name), row->netns);
	struct tally_key key = {.netns = row->netns};

	memcpy(key.address.bytes, &hash, sizeof hash);
	return key;
}

static uint64_t
program_hash(const struct tally_key *key)
{
	uint64_t hash;

	memcpy(&hash, key->address.bytes, sizeof hash);
	return hash;
}

static bool
is_in_baseline(const struct look *look, const struct socket_row *row, enum baseline_kind kind)
{
	struct baseline_item item;

	if (look_baseline(look) == NULL)
		return false;
	baseline_item_of(look->model, row, kind, &item);
	return baseline_has(look_baseline(look), &item);
}

/*
 * A program with many destinations, such as a browser, is known by the ports of the other side
 * alone.
 */
static uint64_t
destination_hash(
	struct clients *clients, const struct program *program, const struct socket_row *row)
{
	const uint64_t of_port = map_hash_bytes(
		&row->remote_port, sizeof row->remote_port, program_hash(&program->head.key));

	return program->head.rows.count >= BY_ADDRESS_MAX && find(clients, of_port) != IS_UNKNOWN
		       ? of_port
		       : map_hash_16(&row->remote, of_port);
}

static bool
note_destination(const struct look *look, struct clients *clients, struct program *program,
	const struct socket_row *row, enum knowledge what)
{
	const uint64_t of_port = map_hash_bytes(
		&row->remote_port, sizeof row->remote_port, program_hash(&program->head.key));

	program->head.rows.count++;
	if (find(clients, of_port) == IS_UNKNOWN)
		(void)note(look, clients, of_port, IS_KNOWN);
	return note(look, clients, map_hash_16(&row->remote, of_port), what);
}

static struct client *
add_news(const struct look *look, struct keyed *news, const struct tally_key *key,
	const struct socket_row *row, const struct process_row *process)
{
	struct client *const client = keyed_get(news, key);

	if (client == NULL)
		return NULL;
	if (client->since_ns == 0) {
		client->since_ns = look->now_ns;
		client->pid = process != NULL ? process->pid : 0;
		client->uid = process != NULL ? process->uid : row->uid;
		client->first = row->remote;
		client->first_port = row->remote_port;
	}
	client->last_ns = look->now_ns;
	client->last = row->remote;
	client->last_port = row->remote_port;
	return client;
}

static void
see_client(const struct look *look, struct clients *clients, uint32_t id,
	const struct socket_row *row, const struct process_row *process, bool is_there)
{
	const struct tally_key key = program_key(look, row, process);
	struct client *client;

	if (find(clients, program_hash(&key)) == IS_UNKNOWN) {
		const enum knowledge what =
			is_there || is_in_baseline(look, row, BASELINE_CLIENT) ? IS_KNOWN : IS_NEW;

		if (note(look, clients, program_hash(&key), what) && what == IS_NEW)
			(void)add_news(look, &clients->fresh, &key, row, process);
	}
	client = keyed_find(&clients->fresh, &key);
	if (client != NULL)
		row_list_add(look, &client->head.rows, id);
}

static void
see_destination(const struct look *look, struct clients *clients, uint32_t id,
	const struct socket_row *row, const struct process_row *process, bool is_there)
{
	const struct tally_key key = program_key(look, row, process);
	struct program *const program = keyed_get(&clients->programs, &key);
	enum knowledge what;
	struct client *client;

	if (program == NULL)
		return;
	what = find(clients, destination_hash(clients, program, row));
	if (what == IS_UNKNOWN) {
		what = is_there || is_in_baseline(look, row, BASELINE_DESTINATION) ? IS_KNOWN
										   : IS_NEW;
		if (!note_destination(look, clients, program, row, what) || what == IS_KNOWN)
			return;
		client = add_news(look, &clients->reaching, &key, row, process);
		if (client != NULL)
			client->count++;
	}
	client = what == IS_NEW ? keyed_find(&clients->reaching, &key) : NULL;
	if (client != NULL)
		row_list_add(look, &client->head.rows, id);
}

/* It was there before we were, and owners may still be found. */
static bool
may_learn(const struct look *look)
{
	return look->observed_ns <= LEARN_S * CLOCK_NS_PER_S &&
	       (look->observed_ns == 0 || look->is_last ||
		       look->model->sockets.by_state[0][TCP_STATE_ESTABLISHED] <= LEARN_MAX);
}

/* Nobody is known to hold it, and the search for who does has had its time. */
static bool
is_nobodys(const struct look *look, const struct socket_row *row)
{
	return look->is_last || look->now_ms - row->first_ms >= OWNER_MS;
}

static void
visit(const struct look *look, void *memory, uint32_t id, const struct socket_row *row)
{
	struct clients *const clients = memory;
	const bool is_birth = (row->flags & SOCKET_BIRTH_SEEN) != 0;
	/* Without a baseline what was there before us is known. */
	const bool is_there = !is_birth && look_baseline(look) == NULL;
	const struct process_row *process;

	if (address_is_loopback(&row->remote) ||
		(is_birth ? look->now_ms - row->first_ms > YOUNG_MS : !may_learn(look)) ||
		look_listens(look, row->netns, row->local_port))
		return;
	process = model_socket_process(look->model, row);
	if (process != NULL)
		see_client(look, clients, id, row, process, is_there);
	if (process != NULL || (look_baseline(look) != NULL && is_nobodys(look, row)))
		see_destination(look, clients, id, row, process, is_there);
}

static const char *
program_words(const struct finding *finding, const struct client *client, char *out, size_t size)
{
	if (finding->pid != 0)
		return finding_process_words(finding, out, size);
	snprintf(out, size, "%s",
		client->pid != 0 ? "a program that has ended" : "a program that is not known");
	return out;
}

static struct finding *
report(struct look *look, const struct client *client)
{
	struct finding *const finding = look_report(
		look, client->head.key.netns, tally_key_hash(&client->head.key), SEVERITY_INFO);

	if (finding == NULL)
		return NULL;
	finding_process(
		finding, look->model, process_table_find(&look->model->processes, client->pid));
	finding_say(finding, look_baseline(look) != NULL ? "not in the baseline: " : "new: ");
	return finding;
}

static void
describe(struct look *look, struct finding *finding, const struct client *client)
{
	char first[ADDRESS_PORT_SIZE];

	address_format_port(&client->first, client->first_port, first, sizeof first);
	finding_words(finding, "first_target", "%s", first);
	finding_figure(finding, "uid", UNIT_NONE, client->uid);
	finding_baseline(look, finding);
	finding_rows(finding, &client->head.rows);
}

static void
check_client(struct look *look, void *memory)
{
	const struct clients *const clients = memory;

	for (uint32_t i = 0; i < clients->fresh.count; i++) {
		const struct client *const client = keyed_at(&clients->fresh, i);
		char who[FINDING_WHO_SIZE], target[ADDRESS_PORT_SIZE];
		char since[FINDING_AGO_SIZE];
		struct finding *finding;

		if (!is_news(look, client))
			continue;
		finding = report(look, client);
		if (finding == NULL)
			return;
		address_format_port(&client->first, client->first_port, target, sizeof target);
		finding_ago(look->now_ns - client->since_ns, since, sizeof since);
		program_words(finding, client, who, sizeof who);
		if (look_baseline(look) == NULL)
			finding_say(finding, "%s began to connect out %s, first to %s", who, since,
				target);
		else
			finding_say(finding, "%s connects out, first seen %s, to %s", who, since,
				target);
		finding_filter(finding, "pid %u", (unsigned)client->pid);
		describe(look, finding, client);
	}
}

static void
say_destinations(const struct look *look, struct finding *finding, const struct client *client)
{
	char last[ADDRESS_PORT_SIZE], since[FINDING_AGO_SIZE];

	address_format_port(&client->last, client->last_port, last, sizeof last);
	finding_ago(look->now_ns - client->last_ns, since, sizeof since);
	if (client->count == 1)
		finding_say(finding, " connects to %s, %s", last, since);
	else
		finding_say(finding, " connects to %u destinations, the last %s, %s",
			(unsigned)client->count, last, since);
}

static void
check_destination(struct look *look, void *memory)
{
	const struct clients *const clients = memory;

	for (uint32_t i = 0; i < clients->reaching.count; i++) {
		const struct client *const client = keyed_at(&clients->reaching, i);
		char who[FINDING_WHO_SIZE], host[ADDRESS_TEXT_SIZE];
		struct finding *finding;

		if (!is_news(look, client))
			continue;
		finding = report(look, client);
		if (finding == NULL)
			return;
		finding_say(finding, "%s", program_words(finding, client, who, sizeof who));
		say_destinations(look, finding, client);
		finding_figure(finding, "destinations", UNIT_COUNT, client->count);
		address_format(&client->last, host, sizeof host);
		if (client->pid != 0 && client->count > 1)
			finding_filter(finding, "pid %u", (unsigned)client->pid);
		else
			finding_filter(finding, "raddr %s and rport = %u", host,
				(unsigned)client->last_port);
		describe(look, finding, client);
	}
}

static const struct subject_tally tallies[] = {
	SUBJECT_TALLY(clients, fresh, client, true),
	SUBJECT_TALLY(clients, reaching, client, true),
	SUBJECT_TALLY(clients, programs, program, true),
};

static const struct subject subject = {
	.states = SUBJECT_STATE(TCP_STATE_ESTABLISHED) | SUBJECT_STATE(TCP_STATE_SYN_SENT),
	.size = sizeof(struct clients),
	SUBJECT_TALLIES(tallies),
	.begin = begin,
	.row = visit,
	.fini = fini,
};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "new-client",
				.help = "a program connects out that is not in the baseline, or did not at the start where there is none",
				.needs = NEED_SOCKETS | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
				.hides = "new-destination",
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check_client,
		.why = "A job has started, or something that nobody asked for calls home.",
		.action =
			"Look at the program and its target. Nothing has to be done where both are "
			"known; b on the screen of findings and doctor --save-baseline add them to the "
			"baseline.",
	},
	{
		.subject = &subject,
		.words =
			{
				.name = "new-destination",
				.help = "a program connects to where it did not before: by the baseline, or since the start where there is none",
				.needs = NEED_SOCKETS | NEED_OWNERS,
				.rights = RULE_RIGHTS_NAMES,
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check_destination,
		.why = "A program has got a new peer: another server of its own, another setting, or "
		       "somebody who uses it to get out. One with more than 256 destinations is known "
		       "by their ports alone.",
		.action =
			"Look whose address that is. Nothing has to be done where it is known; b on the "
			"screen of findings and doctor --save-baseline add it to the baseline, where a "
			"line can be widened by hand: destination 192.0.2.0/24 443 curl.",
	},
};

const struct rule_table client_rules = {rules, sizeof rules / sizeof rules[0]};
