/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Describes resolv.conf: servers, search list, options, and what is wrong. */
#include <config.h>

#include "resolv_conf_words.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/report/report.h>

#include "nsswitch_words.h"

enum { LIST_SIZE = 1024 };

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
describe_options(const char *path, const struct resolv_conf *conf, struct buffer *out)
{
	char words[LIST_SIZE];
	char *rest = words;
	const char *before = "options ";

	text_clean(text_of(conf->options), words, sizeof words);
	if (words[0] == '\0')
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
describe_server(const struct resolv_conf_server *server, struct buffer *out)
{
	char address[ADDRESS_TEXT_SIZE], zone[ADDRESS_ZONE_SIZE];

	address_format(&server->address, address, sizeof address);
	text_clean(text_of(server->zone), zone, sizeof zone);
	buffer_append_format(out, "%s%s", address, zone);
	if (strcmp(address, "127.0.0.53") == 0)
		buffer_append_text(out,
			" (systemd-resolved of this box; `resolvectl status` shows which servers it asks)");
	if (zone[0] != '\0' && server->interface == 0)
		buffer_append_text(out, " (there is no such interface)");
	else if (zone[0] == '\0' && address_needs_zone(&server->address))
		buffer_append_text(out, " (may exist on every link: it needs a zone, as %eth0)");
}

static void
describe_servers(const char *path, const struct resolv_conf *conf, struct buffer *out)
{
	buffer_append_format(
		out, "%s: %s", path, conf->server_count == 1 ? "one server, " : "servers in turn ");
	for (unsigned i = 0; i < conf->server_count && i < RESOLV_CONF_SERVERS_MAX; i++) {
		if (i != 0)
			buffer_append_text(out, ", ");
		describe_server(&conf->servers[i], out);
	}
	for (size_t i = 0; i < conf->search_count && !conf->search_is_of_host; i++) {
		char domain[RESOLV_CONF_NAME_SIZE];

		text_clean(text_of(conf->search[i]), domain, sizeof domain);
		buffer_append_format(
			out, "%s%s", i == 0 ? "; short names are tried in " : " ", domain);
	}
	buffer_append_char(out, '\n');
}

#define ASKED_INSTEAD ": 127.0.0.1 is asked, and names fail unless a DNS server runs there\n"

static void
describe(const char *path, const struct resolv_conf *conf, struct buffer *out)
{
	if (conf->server_count == 0)
		buffer_append_format(out,
			conf->is_empty ? "%s is empty" ASKED_INSTEAD
				       : "%s names no server" ASKED_INSTEAD,
			path);
	else
		describe_servers(path, conf, out);
	describe_options(path, conf, out);
	if (conf->server_count > RESOLV_CONF_SERVERS_MAX)
		buffer_append_format(out, "%s: of %u servers programs use the first %d\n", path,
			conf->server_count, RESOLV_CONF_SERVERS_MAX);
	if (conf->bad_servers > 0)
		buffer_append_format(out,
			"%s: \"nameserver %s\" is not an address and is ignored\n", path,
			conf->first_bad);
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
	struct resolv_conf conf;

	resolv_conf_read(path, &conf);
	if (conf.error != 0)
		describe_failure(path, conf.error, out);
	else
		describe(path, &conf, out);
}

static void
append_list_item(struct buffer *out, size_t i, const char *text)
{
	if (i != 0)
		buffer_append_char(out, ',');
	json_text(out, text_of(text));
}

static void
append_servers(const struct resolv_conf *conf, struct buffer *out)
{
	buffer_append_text(out, ",\"servers\":[");
	for (unsigned i = 0; i < conf->server_count && i < RESOLV_CONF_SERVERS_MAX; i++) {
		char text[ADDRESS_TEXT_SIZE + ADDRESS_ZONE_SIZE];
		const size_t len =
			address_format(&conf->servers[i].address, text, ADDRESS_TEXT_SIZE);

		text_add(text, sizeof text, len, "%s", conf->servers[i].zone);
		append_list_item(out, i, text);
	}
	buffer_append_text(out, "],\"search\":[");
	for (size_t i = 0; i < conf->search_count; i++)
		append_list_item(out, i, conf->search[i]);
	buffer_append_char(out, ']');
}

/* Its lines of text, which say what is wrong. */
static void
append_notes(const char *path, const struct nsswitch *nsswitch, struct buffer *out)
{
	struct buffer lines;
	struct text rest, line;
	size_t count = 0;

	buffer_init(&lines, 0);
	resolv_conf_describe(path, &lines);
	nsswitch_describe(nsswitch, &lines);
	rest = (struct text){(const char *)lines.data, lines.failed ? 0 : lines.len};
	buffer_append_text(out, ",\"notes\":[");
	while (text_next_line(&rest, &line)) {
		if (count++ != 0)
			buffer_append_char(out, ',');
		json_text(out, line);
	}
	buffer_append_char(out, ']');
	buffer_fini(&lines);
}

void
resolv_conf_describe_json(const char *path, const struct nsswitch *nsswitch, struct buffer *out)
{
	struct resolv_conf conf;

	resolv_conf_read(path, &conf);
	buffer_append_text(out, "{\"resolv_conf\":");
	json_text(out, text_of(path));
	append_servers(&conf, out);
	if (conf.options[0] != '\0') {
		buffer_append_text(out, ",\"options\":");
		json_text(out, text_of(conf.options));
	}
	if (conf.error != 0)
		buffer_append_format(out, ",\"errno\":%d", conf.error);
	nsswitch_describe_json(nsswitch, out);
	append_notes(path, nsswitch, out);
	buffer_append_text(out, "}\n");
}
