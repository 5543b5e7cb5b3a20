/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the order of services for host names, as glibc's nss/nss_action_parse.c does. */
#include <config.h>

#include <sockwatch/resolver/nsswitch.h>

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <sockwatch/base/text.h>

enum {
	FILE_BYTES_MAX = 65536,
	ALL_FAILURES = NSSWITCH_NOTFOUND | NSSWITCH_UNAVAIL | NSSWITCH_TRYAGAIN
};

/* The status words of an action; success always ends the look-up here. */
static const struct {
	const char *name;
	unsigned failure;
} statuses[] = {
	{"success", 0},
	{"notfound", NSSWITCH_NOTFOUND},
	{"unavail", NSSWITCH_UNAVAIL},
	{"tryagain", NSSWITCH_TRYAGAIN},
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void
skip_blanks(struct text *rest)
{
	while (rest->len > 0 && is_blank(rest->data[0]))
		*rest = (struct text){rest->data + 1, rest->len - 1};
}

/* Bytes up to a blank or one of these. */
static struct text
take_until(struct text *rest, const char *ends)
{
	struct text word = {rest->data, 0};

	while (word.len < rest->len && !is_blank(word.data[word.len]) &&
		strchr(ends, word.data[word.len]) == NULL)
		word.len++;
	*rest = (struct text){rest->data + word.len, rest->len - word.len};
	return word;
}

static bool
take_char(struct text *rest, char c)
{
	if (rest->len == 0 || rest->data[0] != c)
		return false;
	*rest = (struct text){rest->data + 1, rest->len - 1};
	return true;
}

/* Of a status or an action; services and databases are told by case. */
static bool
is_word(struct text word, const char *name)
{
	return word.len == strlen(name) && strncasecmp(word.data, name, word.len) == 0;
}

/* "NOTFOUND=return" or "!UNAVAIL=return": adds to *ends, or takes from it. */
static bool
take_action(struct text *rest, unsigned *ends)
{
	const bool is_negated = take_char(rest, '!');
	const struct text status = take_until(rest, "=]");
	unsigned failures = ALL_FAILURES + 1;
	struct text action;

	skip_blanks(rest);
	if (!take_char(rest, '='))
		return false;
	skip_blanks(rest);
	action = take_until(rest, "=]");
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
		if (is_word(status, statuses[i].name))
			failures = statuses[i].failure;
	if (failures > ALL_FAILURES)
		return false;
	if (is_negated)
		failures = ALL_FAILURES & ~failures;
	if (is_word(action, "return"))
		*ends |= failures;
	else if (is_word(action, "continue") || is_word(action, "merge"))
		*ends &= ~failures;
	else
		return false;
	return true;
}

/* "[STATUS=ACTION …]", if one follows: the failures that end the look-up. False: not valid. */
static bool
take_actions(struct text *rest, unsigned *ends)
{
	*ends = 0;
	skip_blanks(rest);
	if (!take_char(rest, '['))
		return true;
	for (skip_blanks(rest); !take_char(rest, ']'); skip_blanks(rest))
		if (!take_action(rest, ends))
			return false;
	return true;
}

static void
add_other(struct nsswitch *nsswitch, struct text name)
{
	const size_t len = strlen(nsswitch->others);

	(void)text_add(nsswitch->others, sizeof nsswitch->others, len, "%s%.*s", len > 0 ? " " : "",
		(int)name.len, name.data);
}

/* reached: the failures of DNS after which this service is asked, if DNS stood before it. */
static void
add_files(struct nsswitch *nsswitch, unsigned reached)
{
	if (nsswitch->files_first)
		return;
	if (nsswitch->dns)
		nsswitch->files_after |= reached;
	else
		nsswitch->files_first = true;
}

/* The services after "hosts:". False: not valid. */
static bool
parse_services(struct text rest, struct nsswitch *nsswitch)
{
	unsigned reached = ALL_FAILURES, ends;

	for (skip_blanks(&rest); rest.len > 0; skip_blanks(&rest)) {
		const struct text name = take_until(&rest, "[");
		const bool is_files = text_equal(name, text_of("files"));
		const bool is_dns = text_equal(name, text_of("dns"));
		const bool is_asked = reached != 0;

		if (name.len == 0 || !take_actions(&rest, &ends))
			return false;
		if (!is_asked)
			continue;
		if (is_files)
			add_files(nsswitch, reached);
		else if (is_dns)
			nsswitch->dns = true;
		else
			add_other(nsswitch, name);
		/* A name that a service here does not know, or a server that fails, leads on. */
		if (is_dns)
			reached &= ~ends;
		else if (is_files && (ends & NSSWITCH_NOTFOUND) != 0)
			reached = 0;
	}
	return true;
}

static void
set_default(struct nsswitch *nsswitch)
{
	*nsswitch = (struct nsswitch){.files_first = true, .dns = true};
}

static void
parse_line(struct text line, struct nsswitch *nsswitch)
{
	const char *const comment = memchr(line.data, '#', line.len);
	struct text database;

	if (comment != NULL)
		line.len = (size_t)(comment - line.data);
	skip_blanks(&line);
	database = take_until(&line, ":");
	skip_blanks(&line);
	if (!text_equal(database, text_of("hosts")) || !take_char(&line, ':'))
		return;
	*nsswitch = (struct nsswitch){.dns = false};
	if (parse_services(line, nsswitch))
		return;
	set_default(nsswitch);
	nsswitch->is_invalid = true;
}

void
nsswitch_parse(const char *text, size_t len, struct nsswitch *nsswitch)
{
	struct text rest = {text, len}, line;

	set_default(nsswitch);
	while (text_next_line(&rest, &line))
		parse_line(line, nsswitch);
}

void
nsswitch_read(const char *path, struct nsswitch *nsswitch)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char text[FILE_BYTES_MAX];
	size_t len = 0;
	ssize_t got;

	while (fd >= 0 && len < sizeof text && (got = read(fd, text + len, sizeof text - len)) > 0)
		len += (size_t)got;
	if (fd >= 0)
		close(fd);
	nsswitch_parse(text, len, nsswitch);
}
