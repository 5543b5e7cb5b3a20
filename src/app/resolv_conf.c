/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "resolv_conf.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/text.h>

enum { SERVERS_USED = 3, LINE_SIZE = 512 }; /* MAXNS of resolv.h */

struct facts {
	unsigned servers, bad_servers;
	char used[SERVERS_USED][ADDRESS_TEXT_SIZE];
	char first_bad[64];
	char search[256];
	char options[256];
};

static void
read_line(struct facts *facts, char *line)
{
	char *rest = line + strspn(line, " \t");
	const char *const key = strsep(&rest, " \t\n");
	struct address address;

	if (key == NULL || rest == NULL || key[0] == '#' || key[0] == ';')
		return;
	rest += strspn(rest, " \t");
	rest[strcspn(rest, "\n#;")] = '\0';
	if (strcmp(key, "nameserver") == 0) {
		const size_t len = strcspn(rest, " \t%");
		if (address_parse(rest, len, &address, NULL) != 0) {
			if (facts->bad_servers++ == 0)
				text_clean(
					text_of(rest), facts->first_bad, sizeof(facts->first_bad));
			return;
		}
		if (facts->servers < SERVERS_USED)
			address_format(&address, facts->used[facts->servers], ADDRESS_TEXT_SIZE);
		facts->servers++;
	} else if (strcmp(key, "search") == 0 || strcmp(key, "domain") == 0) {
		text_clean(text_of(rest), facts->search, sizeof(facts->search));
	} else if (strcmp(key, "options") == 0) {
		text_clean(text_of(rest), facts->options, sizeof(facts->options));
	}
}

static void
describe(const char *path, const struct facts *facts, struct buffer *out)
{
	if (facts->servers == 0) {
		buffer_append_format(out,
			"%s names no server: 127.0.0.1 is asked, and names fail unless one runs "
			"there\n",
			path);
	} else {
		buffer_append_format(out, "%s: %s", path,
			facts->servers == 1 ? "one server, " : "servers in turn ");
		for (unsigned i = 0; i < facts->servers && i < SERVERS_USED; i++)
			buffer_append_format(out, "%s%s", i ? ", " : "", facts->used[i]);
		if (facts->search[0] != '\0')
			buffer_append_format(out, "; short names are tried in %s", facts->search);
		if (facts->options[0] != '\0')
			buffer_append_format(out, "; options %s", facts->options);
		buffer_append_char(out, '\n');
	}
	if (facts->servers > SERVERS_USED)
		buffer_append_format(out, "%s: of %u servers programs use the first %d\n", path,
			facts->servers, SERVERS_USED);
	if (facts->bad_servers > 0)
		buffer_append_format(out, "%s: \"nameserver %s\" is no address and is ignored\n",
			path, facts->first_bad);
}

void
resolv_conf_describe(const char *path, struct buffer *out)
{
	struct facts facts = {0};
	char line[LINE_SIZE];
	FILE *const file = fopen(path, "re");

	if (file == NULL) {
		buffer_append_format(
			out, "%s cannot be read (%s): 127.0.0.1 is asked\n", path, strerror(errno));
		return;
	}
	while (fgets(line, sizeof(line), file) != NULL)
		read_line(&facts, line);
	fclose(file);
	describe(path, &facts, out);
}
