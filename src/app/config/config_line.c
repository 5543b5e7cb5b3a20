/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of the config file taken apart. */
#include <config.h>

#include "config_line.h"

#include <errno.h>
#include <string.h>

#include "app/option/suggest.h"

static const char blanks[] = " \t\r";

static void
trim(const char **text, size_t *len)
{
	while (*len > 0 && memchr(blanks, (*text)[0], sizeof blanks - 1) != NULL) {
		++*text;
		--*len;
	}
	while (*len > 0 && memchr(blanks, (*text)[*len - 1], sizeof blanks - 1) != NULL)
		--*len;
}

static int
refuse_key(const char *key, size_t len, struct error *error)
{
	const char *best = NULL;
	char clean[64];

	for (size_t i = 0; i < option_row_count; i++) {
		if (option_rows[i].key != NULL)
			best = suggest_nearer(key, len, best, option_rows[i].key);
	}
	text_clean((struct text){key, len}, clean, sizeof clean);
	if (best != NULL)
		error_set(error, "there is no setting \"%s\"; did you mean %s?", clean, best);
	else
		error_set(error, "there is no setting \"%s\"; the manual lists them", clean);
	return -EINVAL;
}

static int
take_value(struct config_line *line, enum config_line_kind kind, const struct option_row *row,
	struct text value, struct error *error)
{
	trim(&value.data, &value.len);
	if (value.len >= sizeof line->value || memchr(value.data, '\0', value.len) != NULL) {
		error_set(error, "the line is too long, or is not text");
		return -EINVAL;
	}
	memcpy(line->value, value.data, value.len);
	line->value[value.len] = '\0';
	line->kind = kind;
	line->row = row;
	return 0;
}

/* The line without the word that it begins with, if that is this word. */
static bool
begins_with(struct text line, const char *word, struct text *rest)
{
	const size_t len = strlen(word);

	if (line.len <= len || memcmp(line.data, word, len) != 0 ||
		memchr(blanks, line.data[len], sizeof blanks - 1) == NULL)
		return false;
	*rest = (struct text){line.data + len, line.len - len};
	return true;
}

static int
take_rule(struct config_line *line, struct text name, struct text value, bool has_value,
	struct error *error)
{
	static const char form[] = "a threshold needs the form rule.NAME.THRESHOLD = VALUE";

	if (!has_value || name.len >= sizeof line->name) {
		error_set(error, "%s", form);
		return -EINVAL;
	}
	memcpy(line->name, name.data, name.len);
	line->name[name.len] = '\0';
	return take_value(line, CONFIG_LINE_RULE, NULL, value, error);
}

int
config_line_read(struct config_line *line, const char *text, size_t len, struct error *error)
{
	static const char rule[] = "rule.";
	const char *equals;
	const struct option_row *row;
	struct text key, rest;

	line->kind = CONFIG_LINE_OTHER;
	line->row = NULL;
	trim(&text, &len);
	if (len == 0 || text[0] == '#') {
		line->kind = CONFIG_LINE_BLANK;
		return 0;
	}
	if (begins_with((struct text){text, len}, "bind", &rest))
		return take_value(line, CONFIG_LINE_BIND, option_by_key("bind", 4), rest, error);
	if (begins_with((struct text){text, len}, "accept", &rest))
		return take_value(line, CONFIG_LINE_ACCEPT, NULL, rest, error);
	equals = memchr(text, '=', len);
	key = (struct text){text, equals != NULL ? (size_t)(equals - text) : len};
	trim(&key.data, &key.len);
	rest = equals != NULL ? (struct text){equals + 1, len - (size_t)(equals + 1 - text)}
			      : (struct text){text + len, 0};
	if (key.len >= sizeof rule && memcmp(key.data, rule, sizeof rule - 1) == 0)
		return take_rule(line,
			(struct text){key.data + sizeof rule - 1, key.len - (sizeof rule - 1)},
			rest, equals != NULL, error);
	row = option_by_key(key.data, key.len);
	if (row == NULL)
		return refuse_key(key.data, key.len, error);
	if (equals == NULL || row->kind == OPTION_BIND) {
		error_set(error, "\"%s\" needs the form %s", row->key,
			row->kind == OPTION_BIND ? "bind KEY ACTION" : "key = value");
		return -EINVAL;
	}
	return take_value(line, CONFIG_LINE_VALUE, row, rest, error);
}
