/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks for the addresses of a name, and reports them. */
#include <config.h>

#include "lookup.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "from_hosts.h"

struct lookup {
	char name[ANSWER_NAME_SIZE];  /* as the user wrote it */
	char ascii[ANSWER_NAME_SIZE]; /* as DNS has it */
	size_t candidate;             /* of the search list */
	unsigned open;                /* questions */
	unsigned found;               /* addresses */
	int status;                   /* worst of this candidate that was not "no data" */
	int type;                     /* of the question with that status */
	int worst;                    /* of the candidates before; ARES_SUCCESS: none */
	char alias[ANSWER_NAME_SIZE]; /* where an alias leads that has no address; "": none */
};

/* What a program hears at the end, as in glibc: "no data" before "try again" before "no name". */
static int
worse(int before, int now)
{
	if (before == ARES_ENODATA || now == ARES_ENODATA)
		return ARES_ENODATA;
	return before == ARES_SUCCESS || before == ARES_ENOTFOUND ? now : before;
}

/* Only an answer leads to the next name of the search list; silence does not. */
static bool
leads_on(int status)
{
	return query_is_none(status) || status == ARES_ESERVFAIL;
}

static void
report_failure(const struct query *query, const struct lookup *lookup)
{
	static const struct address none;
	const int status =
		lookup->found != 0 ? lookup->status : worse(lookup->worst, lookup->status);
	char text[ANSWER_NAME_SIZE + 160];

	/* One family found and the other failed: programs wait for the other, so it is reported. */
	if (lookup->found != 0)
		snprintf(text, sizeof text, "%s: %s", lookup->type == ns_t_a ? "A" : "AAAA",
			answer_words(status));
	else if (lookup->alias[0] != '\0')
		snprintf(text, sizeof text, "stands for %s: %s", lookup->alias,
			answer_words(status));
	else
		snprintf(text, sizeof text, "%s", answer_words(status));
	query_count(query->resolver, status);
	query_report(query, &none, lookup->name, status, 0, text);
}

/* Reports what /etc/hosts has, if it comes after such a failure. */
static bool
is_in_hosts(struct resolver *resolver, const struct lookup *lookup)
{
	return lookup->found == 0 &&
	       from_hosts_is_next(resolver, worse(lookup->worst, lookup->status)) &&
	       from_hosts_addresses(resolver, lookup->name, lookup->ascii);
}

/* The last question of the last candidate is answered: reports the result as a whole. */
static void
end_lookup(const struct query *query, struct lookup *lookup)
{
	static const struct address none;
	const bool is_whole = lookup->found != 0 &&
			      (lookup->status == ARES_SUCCESS || query_is_none(lookup->status));

	if (is_whole) {
		query_count(query->resolver, ARES_SUCCESS);
		query_report(query, &none, lookup->name, ARES_SUCCESS, 0, "");
	} else if (!is_in_hosts(query->resolver, lookup)) {
		report_failure(query, lookup);
	}
	free(lookup);
}

static void
report_addresses(const struct query *query, const struct answer_addresses *addresses)
{
	const struct lookup *const lookup = query->lookup;
	char text[ANSWER_NAME_SIZE + 32] = "";

	if (strcasecmp(addresses->canonical, lookup->name) != 0)
		snprintf(text, sizeof text, "stands for %s", addresses->canonical);
	for (size_t i = 0; i < addresses->count; i++) {
		if (i + 1 == addresses->count && addresses->others != 0)
			snprintf(text, sizeof text, "and %zu more addresses", addresses->others);
		query_report(query, &addresses->list[i].address, lookup->name, ARES_SUCCESS,
			addresses->list[i].ttl_s, text);
	}
}

static int ask_candidate(struct resolver *resolver, struct lookup *lookup);

/* Asks for the next name of the search list. False: there is none, or no memory for it. */
static bool
try_next_candidate(struct resolver *resolver, struct lookup *lookup)
{
	if (lookup->found != 0 || !leads_on(lookup->status))
		return false;
	lookup->candidate++;
	return ask_candidate(resolver, lookup) == 0;
}

static void
on_addresses(struct query *query, int status, const uint8_t *reply, size_t len)
{
	struct answer_addresses addresses = {.count = 0};
	struct lookup *const lookup = query->lookup;
	struct resolver *const resolver = query->resolver;

	if (resolver->ending) {
		if (--lookup->open == 0)
			free(lookup);
		query_end(query);
		return;
	}
	if (status == ARES_SUCCESS)
		status = answer_read_addresses(reply, len, query->type, &addresses);
	else if (status == ARES_ENOTFOUND && reply != NULL)
		(void)answer_read_addresses(reply, len, query->type, &addresses);
	if (status == ARES_SUCCESS)
		report_addresses(query, &addresses);
	else if (query_is_none(status) && addresses.canonical[0] != '\0' &&
		 strcasecmp(addresses.canonical, query->name) != 0)
		snprintf(lookup->alias, sizeof lookup->alias, "%s", addresses.canonical);
	lookup->found += status == ARES_SUCCESS ? (unsigned)addresses.count : 0;
	if (status != ARES_SUCCESS && (lookup->status == ARES_SUCCESS || status != ARES_ENODATA)) {
		lookup->status = status;
		lookup->type = query->type;
	}
	if (--lookup->open == 0 && !try_next_candidate(resolver, lookup))
		end_lookup(query, lookup);
	query_end(query);
}

/* 0; -ENOENT: there is no such candidate; -ENOMEM. */
static int
ask_candidate(struct resolver *resolver, struct lookup *lookup)
{
	static const int types[] = {ns_t_a, ns_t_aaaa};
	const struct resolv_conf *const conf = &resolver->servers.conf;
	const unsigned count = conf->no_aaaa ? 1 : 2;
	struct query *queries[2] = {NULL};
	char name[ANSWER_NAME_SIZE];

	if (!resolv_conf_candidate(conf, lookup->ascii, lookup->candidate, name, sizeof name))
		return -ENOENT;
	for (unsigned i = 0; i < count; i++) {
		queries[i] = query_new(resolver, types[i], on_addresses);
		if (queries[i] == NULL) {
			if (i > 0)
				query_end(queries[0]);
			return -ENOMEM;
		}
		snprintf(queries[i]->name, sizeof queries[i]->name, "%s", name);
		queries[i]->lookup = lookup;
	}
	lookup->worst =
		lookup->candidate == 0 ? ARES_SUCCESS : worse(lookup->worst, lookup->status);
	lookup->status = ARES_SUCCESS;
	lookup->open = count;
	/* The first may be answered at once, but the lookup stays until the last one is. */
	for (unsigned i = 0; i < count; i++)
		query_ask(queries[i]);
	return 0;
}

int
lookup_start(struct resolver *resolver, const char *name, const char *ascii, struct error *error)
{
	struct lookup *const lookup = calloc(1, sizeof *lookup);
	int result = lookup == NULL ? -ENOMEM : 0;

	if (result == 0) {
		snprintf(lookup->name, sizeof lookup->name, "%s", name);
		snprintf(lookup->ascii, sizeof lookup->ascii, "%s", ascii);
		result = ask_candidate(resolver, lookup);
	}
	if (result == 0)
		return 0;
	free(lookup);
	if (result == -ENOENT)
		error_set(error,
			"\"%s\" is not asked for: it has no dot, no-tld-query is set in resolv.conf, and there is no search list",
			name);
	else
		error_set(error, "out of memory");
	return result;
}
