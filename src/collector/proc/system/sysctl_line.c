/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses a line of a file of sysctl.d(5). */
#include <config.h>

#include "sysctl_line.h"

#include <string.h>

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\v' || byte == '\f';
}

static struct text
strip(struct text text)
{
	while (text.len != 0 && is_blank(text.data[0])) {
		text.data++;
		text.len--;
	}
	while (text.len != 0 && is_blank(text.data[text.len - 1]))
		text.len--;
	return text;
}

/*
 * With a slash as the first separator, slashes separate and dots belong to names, as in
 * net/ipv4/conf/eth0.7/rp_filter; sysctl(8) prints that as net.ipv4.conf.eth0/7.rp_filter.
 */
static void
swap_separators(char *key)
{
	const size_t first = strcspn(key, "./");

	if (key[first] != '/')
		return;
	for (; *key != '\0'; key++)
		*key = *key == '/' ? '.' : *key == '.' ? '/' : *key;
}

bool
sysctl_line_parse(struct text line, struct sysctl_line *out)
{
	static const char net[] = "net.";
	struct text key;
	bool has_minus;

	line = strip(line);
	if (line.len == 0 || line.data[0] == '#' || line.data[0] == ';')
		return false;
	out->has_value = memchr(line.data, '=', line.len) != NULL;
	key = strip(text_cut(&line, '='));
	out->value = strip(line);
	has_minus = key.len != 0 && key.data[0] == '-';
	if (has_minus)
		key = strip((struct text){key.data + 1, key.len - 1});
	if ((!out->has_value && !has_minus) || key.len == 0 || key.len >= sizeof out->key ||
		memchr(key.data, '\0', key.len) != NULL)
		return false;
	memcpy(out->key, key.data, key.len);
	out->key[key.len] = '\0';
	swap_separators(out->key);
	return strncmp(out->key, net, sizeof net - 1) == 0;
}
