/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads resolv.conf and describes it: servers, search list, options, and what is wrong. */
#include <config.h>

#include "resolv_conf.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>

enum { SERVERS_USED = 3, LINE_SIZE = 512, LIST_SIZE = 256 }; /* MAXNS of resolv.h */

struct facts {
	unsigned servers, bad_servers;
	char used[SERVERS_USED][ADDRESS_TEXT_SIZE];
	char first_bad[64];
	char search[LIST_SIZE];
	char options[LIST_SIZE];
	bool is_empty; /* not a byte */
};

/* The options of resolv.conf(5) and their meaning; a number stands between the two halves. */
static const struct option {
	const char *name;
	const char *meaning;
	const char *after_number; /* NULL: it takes no number */
} option_rows[] = {
	{"ndots", "names with fewer than ", " dots are tried with the search list first"},
	{"timeout", "", " s for each try"},
	{"attempts", "", " tries"},
	{"rotate", "the servers take turns", NULL},
	{"use-vc", "by TCP only", NULL},
	{"edns0", "EDNS0, for answers longer than 512 bytes", NULL},
	{"single-request", "A and AAAA one after the other", NULL},
	{"single-request-reopen", "A and AAAA from a socket each", NULL},
	{"trust-ad", "the servers' word on DNSSEC is believed", NULL},
	{"no-aaaa", "no IPv6 addresses are asked for", NULL},
	{"no-tld-query", "names without a dot are not asked for as they are", NULL},
	{"no-reload", "changes of this file are not noticed", NULL},
	{"inet6", "obsolete", NULL},
	{"debug", "for debugging", NULL},
};

static void
read_server(struct facts *facts, const char *text)
{
	const size_t len = strcspn(text, " \t%");
	struct address address;

	if (address_parse(text, len, &address, NULL) != 0) {
		if (facts->bad_servers++ == 0)
			text_clean(text_of(text), facts->first_bad, sizeof facts->first_bad);
		return;
	}
	if (facts->servers < SERVERS_USED)
		address_format(&address, facts->used[facts->servers], ADDRESS_TEXT_SIZE);
	facts->servers++;
}

static void
read_line(struct facts *facts, char *line)
{
	char *rest = line + strspn(line, " \t");
	const char *const key = strsep(&rest, " \t\n");

	if (key == NULL || rest == NULL || key[0] == '#' || key[0] == ';')
		return;
	rest += strspn(rest, " \t");
	rest[strcspn(rest, "\n#;")] = '\0';
	if (strcmp(key, "nameserver") == 0)
		read_server(facts, rest);
	else if (strcmp(key, "search") == 0 || strcmp(key, "domain") == 0)
		text_clean(text_of(rest), facts->search, sizeof facts->search);
	else if (strcmp(key, "options") == 0)
		text_clean(text_of(rest), facts->options, sizeof facts->options);
}

static void
describe_option(const char *word, struct buffer *out)
{
	const char *const colon = strchr(word, ':');
	const size_t len = colon != NULL ? (size_t)(colon - word) : strlen(word);
	uint64_t number = 0;

	buffer_append_text(out, word);
	for (size_t i = 0; i < sizeof option_rows / sizeof option_rows[0]; i++) {
		const struct option *const row = &option_rows[i];

		if (strlen(row->name) != len || strncmp(row->name, word, len) != 0 ||
			(row->after_number != NULL) != (colon != NULL))
			continue;
		if (colon != NULL && number_parse(colon + 1, 0, UINT16_MAX, &number) != 0)
			break;
		buffer_append_format(out, " (%s", row->meaning);
		if (colon != NULL)
			buffer_append_format(out, "%s%s", colon + 1, row->after_number);
		buffer_append_char(out, ')');
		return;
	}
	buffer_append_text(out, " (not known, without effect)");
}

static void
describe_options(const char *path, const struct facts *facts, struct buffer *out)
{
	char words[LIST_SIZE];
	char *rest = words;
	const char *before = "options ";

	snprintf(words, sizeof words, "%s", facts->options);
	if (words[strspn(words, " ")] == '\0')
		return;
	buffer_append_format(out, "%s: ", path);
	for (const char *word; (word = strsep(&rest, " ")) != NULL;) {
		if (word[0] == '\0')
			continue;
		buffer_append_text(out, before);
		describe_option(word, out);
		before = ", ";
	}
	buffer_append_char(out, '\n');
}

#define ASKED_INSTEAD ": 127.0.0.1 is asked, and names fail unless a DNS server runs there\n"

static void
describe(const char *path, const struct facts *facts, struct buffer *out)
{
	if (facts->servers == 0) {
		buffer_append_format(out,
			facts->is_empty ? "%s is empty" ASKED_INSTEAD
					: "%s names no server" ASKED_INSTEAD,
			path);
	} else {
		buffer_append_format(out, "%s: %s", path,
			facts->servers == 1 ? "one server, " : "servers in turn ");
		for (unsigned i = 0; i < facts->servers && i < SERVERS_USED; i++)
			buffer_append_format(out, "%s%s%s", i ? ", " : "", facts->used[i],
				strcmp(facts->used[i], "127.0.0.53") == 0
					? " (systemd-resolved of this box; `resolvectl status` shows which servers it asks)"
					: "");
		if (facts->search[0] != '\0')
			buffer_append_format(out, "; short names are tried in %s", facts->search);
		buffer_append_char(out, '\n');
	}
	describe_options(path, facts, out);
	if (facts->servers > SERVERS_USED)
		buffer_append_format(out, "%s: of %u servers programs use the first %d\n", path,
			facts->servers, SERVERS_USED);
	if (facts->bad_servers > 0)
		buffer_append_format(out,
			"%s: \"nameserver %s\" is not an address and is ignored\n", path,
			facts->first_bad);
}

static void
describe_failure(const char *path, int error, struct buffer *out)
{
	char target[LIST_SIZE], clean[LIST_SIZE];
	const ssize_t len = readlink(path, target, sizeof target);

	if (error != ENOENT) {
		buffer_append_format(
			out, "%s cannot be read (%s)" ASKED_INSTEAD, path, strerror(error));
	} else if (len < 0) {
		buffer_append_format(out, "%s is missing" ASKED_INSTEAD, path);
	} else {
		text_clean((struct text){target, (size_t)len}, clean, sizeof clean);
		buffer_append_format(
			out, "%s points to %s, which is missing" ASKED_INSTEAD, path, clean);
	}
}

void
resolv_conf_describe(const char *path, struct buffer *out)
{
	struct facts facts = {.is_empty = true};
	char line[LINE_SIZE];
	FILE *const file = fopen(path, "re");
	int error = file == NULL ? errno : 0;

	if (file != NULL) {
		while (fgets(line, sizeof line, file) != NULL) {
			facts.is_empty = false;
			read_line(&facts, line);
		}
		error = ferror(file) ? errno : 0;
		fclose(file);
	}
	if (error != 0)
		describe_failure(path, error, out);
	else
		describe(path, &facts, out);
}
