/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the texts of sysctls and reads numbers from them. */
#include <config.h>

#include "sysctl_values.h"

#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/number.h>

static bool
find(struct text name, enum sysctl *sysctl)
{
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		*sysctl = (enum sysctl)i;
		if (text_equal(name, text_of(sysctl_name(*sysctl))))
			return true;
	}
	return false;
}

static void
set(struct sysctl_values *values, enum sysctl sysctl, enum sysctl_state state, char *text)
{
	free(values->texts[sysctl]);
	values->texts[sysctl] = text;
	values->states[sysctl] = (uint8_t)state;
}

/* Without memory it is not known, rather than what it was before. */
static void
take_line(struct sysctl_values *values, struct text line)
{
	const bool has_value = memchr(line.data, '=', line.len) != NULL;
	const struct text name = text_cut(&line, '=');
	enum sysctl sysctl;
	char *text;

	if (!find(name, &sysctl))
		return;
	if (!has_value) {
		set(values, sysctl, SYSCTL_ABSENT, NULL);
		return;
	}
	text = strndup(line.data, line.len);
	set(values, sysctl, text != NULL ? SYSCTL_KNOWN : SYSCTL_NOT_READ, text);
}

void
sysctl_values_take(struct sysctl_values *values, struct text lines)
{
	struct text line;

	while (text_next_line(&lines, &line))
		if (line.len != 0)
			take_line(values, line);
}

void
sysctl_values_clear(struct sysctl_values *values)
{
	for (int i = 0; i < SYSCTL_COUNT; i++)
		set(values, (enum sysctl)i, SYSCTL_NOT_READ, NULL);
}

static bool
parse_port(struct text text, uint16_t *port)
{
	char digits[8];
	uint64_t number;

	if (text.len == 0 || text.len >= sizeof digits)
		return false;
	memcpy(digits, text.data, text.len);
	digits[text.len] = '\0';
	if (number_parse(digits, 0, UINT16_MAX, &number) != 0)
		return false;
	*port = (uint16_t)number;
	return true;
}

bool
sysctl_next_ports(struct text *rest, struct sysctl_ports *ports)
{
	while (rest->len != 0) {
		struct text last = text_cut(rest, ',');
		const struct text first = text_cut(&last, '-');

		if (parse_port(first, &ports->first) &&
			parse_port(last.len != 0 ? last : first, &ports->last))
			return true;
	}
	return false;
}

bool
sysctl_is_cut(const char *text)
{
	const size_t len = strlen(text);

	return len != 0 && text[len - 1] == ',';
}
