/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a namespace's counter files and finds the numbers that show whether it is idle. */
#include <config.h>

#include "idle.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* netstat is the longest, with 2.5 kB of names and numbers. */
enum { FILE_MAX = 16384 };

/* The text after "prefix ", or NULL. */
static const char *
find_line(const char *text, const char *prefix)
{
	const size_t len = strlen(prefix);

	while (text != NULL && *text != '\0') {
		if (strncmp(text, prefix, len) == 0 && text[len] == ' ')
			return text + len + 1;
		text = strchr(text, '\n');
		if (text != NULL)
			text++;
	}
	return NULL;
}

/* The next word of the line; false at its end. *len 0 only then. */
static bool
next_word(const char **text, const char **word, size_t *len)
{
	*text += strspn(*text, " ");
	*word = *text;
	*len = strcspn(*text, " \n");
	*text += *len;
	return *len > 0;
}

static bool
is_word(const char *word, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(word, name, len) == 0;
}

bool
idle_find_pair(const char *text, const char *prefix, const char *name, uint64_t *number)
{
	const char *line = find_line(text, prefix);
	const char *word;
	size_t len;

	if (line == NULL)
		return false;
	while (next_word(&line, &word, &len)) {
		const bool found = is_word(word, len, name);

		if (!next_word(&line, &word, &len))
			return false;
		if (found) {
			*number = strtoull(word, NULL, 10);
			return true;
		}
	}
	return false;
}

bool
idle_find_column(const char *text, const char *prefix, const char *name, uint64_t *number)
{
	const char *names = find_line(text, prefix);
	const char *numbers = names != NULL ? find_line(names, prefix) : NULL;
	const char *word, *value;
	size_t len, value_len;

	if (numbers == NULL)
		return false;
	while (next_word(&names, &word, &len) && next_word(&numbers, &value, &value_len)) {
		if (is_word(word, len, name)) {
			*number = strtoull(value, NULL, 10);
			return true;
		}
	}
	return false;
}

static bool
read_file(int fd, char text[FILE_MAX])
{
	const ssize_t len = fd >= 0 ? pread(fd, text, FILE_MAX - 1, 0) : -1;

	text[len > 0 ? len : 0] = '\0';
	return len > 0;
}

static bool
find_signs(const char *netstat)
{
	/* Signs of a SYN flood, a full SYN queue, a SYN-ACK that had to be repeated. */
	static const char *const signs[] = {"SyncookiesSent", "TCPReqQFullDoCookies",
		"TCPReqQFullDrop", "ListenDrops", "TCPTimeouts"};

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		uint64_t number;

		if (idle_find_column(netstat, "TcpExt:", signs[i], &number) && number > 0)
			return true;
	}
	return false;
}

bool
idle_read(const int counters[PROC_COUNTER_FILES], struct idle_facts *facts)
{
	char text[FILE_MAX];
	uint64_t in_use_6 = 0;

	if (!read_file(counters[COUNTER_SOCKSTAT], text) ||
		!idle_find_pair(text, "TCP:", "inuse", &facts->in_use) ||
		!idle_find_pair(text, "TCP:", "tw", &facts->time_wait))
		return false;
	/* A kernel without IPv6 has no such file. */
	if (read_file(counters[COUNTER_SOCKSTAT6], text))
		(void)idle_find_pair(text, "TCP6:", "inuse", &in_use_6);
	facts->in_use += in_use_6;
	if (!read_file(counters[COUNTER_SNMP], text) ||
		!idle_find_column(text, "Tcp:", "InSegs", &facts->in_segs))
		return false;
	if (!read_file(counters[COUNTER_NETSTAT], text))
		return false;
	facts->had_requests = find_signs(text);
	return true;
}
