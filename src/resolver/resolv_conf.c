/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads resolv.conf, RES_OPTIONS and LOCALDOMAIN. */
#include <config.h>

#include <sockwatch/resolver/resolv_conf.h>

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>

/* LINE_SIZE: as glibc would read a longer line, it is cut in no place that matters. */
enum { LINE_SIZE = 4096, NDOTS_MAX = 15, TIMEOUT_MAX_S = 30, ATTEMPTS_MAX = 5 };

static const char blanks[] = " \t\r\n";

/* The whole text, also the short forms that inet_aton() takes; a zone must be a link. */
static bool
parse_server(const char *text, struct resolv_conf_server *server)
{
	struct address_scoped scoped;
	struct in_addr v4;

	*server = (struct resolv_conf_server){.interface = 0};
	if (inet_aton(text, &v4) != 0) {
		server->address = address_from_v4(&v4);
		return true;
	}
	if (text[0] == '[' || address_scoped_parse(text, strlen(text), &scoped, NULL) != 0)
		return false;
	server->address = scoped.ip;
	if (scoped.zone.len == 0)
		return true;
	snprintf(server->zone, sizeof server->zone, "%%%.*s", (int)scoped.zone.len,
		scoped.zone.data);
	/* A link of this namespace, by its name first. */
	server->interface = if_nametoindex(server->zone + 1);
	if (server->interface == 0)
		server->interface = scoped.ifindex;
	return true;
}

static void
read_server(struct resolv_conf *conf, char *text)
{
	struct resolv_conf_server server;

	text[strcspn(text, blanks)] = '\0';
	if (!parse_server(text, &server)) {
		if (conf->bad_servers++ == 0)
			text_clean(text_of(text), conf->first_bad, sizeof conf->first_bad);
		return;
	}
	if (conf->server_count < RESOLV_CONF_SERVERS_MAX)
		conf->servers[conf->server_count] = server;
	conf->server_count++;
}

/* The last list counts. is_one: of `domain`, which is one name. */
static void
read_search(struct resolv_conf *conf, char *text, bool is_one)
{
	conf->search_count = 0;
	for (char *word; (word = strsep(&text, blanks)) != NULL;) {
		if (word[0] == '\0' || strlen(word) >= RESOLV_CONF_NAME_SIZE)
			continue;
		if (conf->search_count == RESOLV_CONF_SEARCH_MAX || (is_one && conf->search_count))
			return;
		snprintf(conf->search[conf->search_count++], RESOLV_CONF_NAME_SIZE, "%s", word);
	}
}

static void
take_number(const char *text, unsigned most, unsigned *number)
{
	uint64_t value;

	if (number_parse(text, 0, UINT32_MAX, &value) == 0)
		*number = value < most ? (unsigned)value : most;
}

static void
take_option(struct resolv_conf *conf, const char *word)
{
	const struct {
		const char *name;
		bool *is_on;
	} switches[] = {
		{"rotate", &conf->rotate},
		{"use-vc", &conf->use_vc},
		{"edns0", &conf->edns0},
		{"no-aaaa", &conf->no_aaaa},
		{"no-tld-query", &conf->no_tld_query},
		{"no_tld_query", &conf->no_tld_query},
	};

	if (strncmp(word, "ndots:", 6) == 0)
		take_number(word + 6, NDOTS_MAX, &conf->ndots);
	else if (strncmp(word, "timeout:", 8) == 0)
		take_number(word + 8, TIMEOUT_MAX_S, &conf->timeout_s);
	else if (strncmp(word, "attempts:", 9) == 0)
		take_number(word + 9, ATTEMPTS_MAX, &conf->attempts);
	for (size_t i = 0; i < sizeof switches / sizeof switches[0]; i++)
		if (strcmp(word, switches[i].name) == 0)
			*switches[i].is_on = true;
}

static void
read_options(struct resolv_conf *conf, char *text)
{
	for (char *word; (word = strsep(&text, blanks)) != NULL;) {
		const size_t len = strlen(conf->options);

		/* glibc knows no comments here; nobody means them as options. */
		if (word[0] == '#' || word[0] == ';')
			return;
		if (word[0] == '\0')
			continue;
		take_option(conf, word);
		if (len + strlen(word) + 2 < sizeof conf->options)
			snprintf(conf->options + len, sizeof conf->options - len, "%s%s",
				len != 0 ? " " : "", word);
	}
}

/* A key begins its line, and a blank follows it. Others, as those of comments, are not known. */
static void
read_line(struct resolv_conf *conf, char *line)
{
	const size_t len = strcspn(line, " \t");
	char *rest = line + len;

	if (line[len] == '\0')
		return;
	line[len] = '\0';
	rest += 1 + strspn(rest + 1, " \t");
	if (strcmp(line, "nameserver") == 0)
		read_server(conf, rest);
	else if (strcmp(line, "search") == 0 || strcmp(line, "domain") == 0)
		read_search(conf, rest, line[0] == 'd');
	else if (strcmp(line, "options") == 0)
		read_options(conf, rest);
}

static void
read_file(const char *path, struct resolv_conf *conf)
{
	FILE *const file = fopen(path, "re");
	char line[LINE_SIZE];

	if (file == NULL) {
		conf->error = errno;
		return;
	}
	errno = 0;
	while (fgets(line, sizeof line, file) != NULL) {
		conf->is_empty = false;
		read_line(conf, line);
	}
	conf->error = ferror(file) ? errno : 0;
	fclose(file);
}

static void
read_environment(struct resolv_conf *conf)
{
	const char *const options = getenv("RES_OPTIONS");
	const char *const domain = getenv("LOCALDOMAIN");
	char text[LINE_SIZE];

	if (options != NULL) {
		snprintf(text, sizeof text, "%s", options);
		read_options(conf, text);
	}
	if (domain != NULL) {
		snprintf(text, sizeof text, "%s", domain);
		read_search(conf, text, false);
	}
}

/* What follows the first dot of this host's own name. */
static void
search_host_domain(struct resolv_conf *conf)
{
	char name[RESOLV_CONF_NAME_SIZE] = "";
	const char *dot;

	if (gethostname(name, sizeof name - 1) != 0)
		return;
	dot = strchr(name, '.');
	if (dot == NULL || dot[1] == '\0')
		return;
	snprintf(conf->search[0], sizeof conf->search[0], "%s", dot + 1);
	conf->search_count = 1;
	conf->search_is_of_host = true;
}

void
resolv_conf_read(const char *path, struct resolv_conf *conf)
{
	*conf = (struct resolv_conf){.ndots = 1, .is_empty = true};
	read_file(path, conf);
	read_environment(conf);
	if (conf->search_count == 0)
		search_host_domain(conf);
}

/* The name with a domain of the search list; the root is in it as "." or "". */
static bool
add_domain(const char *name, const char *domain, char *out, size_t size)
{
	const bool is_root = strcmp(domain, ".") == 0;
	const int len = snprintf(out, size, "%s.%s", name, is_root ? "" : domain);

	return len > 0 && (size_t)len < size;
}

/* Whether the name is asked for as it is, and before or after the search list. */
enum as_is { AS_IS_ONLY, AS_IS_FIRST, AS_IS_LAST, AS_IS_NEVER };

static enum as_is
judge(const struct resolv_conf *conf, const char *name)
{
	const size_t len = strlen(name);
	unsigned dots = 0;

	if (len > 0 && name[len - 1] == '.')
		return AS_IS_ONLY;
	for (const char *at = name; *at != '\0'; at++)
		dots += *at == '.';
	if (dots >= conf->ndots)
		return AS_IS_FIRST;
	return dots == 0 && conf->no_tld_query ? AS_IS_NEVER : AS_IS_LAST;
}

bool
resolv_conf_candidate(
	const struct resolv_conf *conf, const char *name, size_t i, char *out, size_t size)
{
	const enum as_is as_is = judge(conf, name);

	if ((as_is == AS_IS_ONLY || as_is == AS_IS_FIRST) && i-- == 0) {
		snprintf(out, size, "%s", name);
		return true;
	}
	/* A name that is too long with its domain is not asked for. */
	for (size_t k = 0; as_is != AS_IS_ONLY && k < conf->search_count; k++)
		if (add_domain(name, conf->search[k], out, size) && i-- == 0)
			return true;
	snprintf(out, size, "%s", name);
	return as_is == AS_IS_LAST && i == 0;
}
