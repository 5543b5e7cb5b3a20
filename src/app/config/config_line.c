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

int
config_line_read(struct config_line *line, const char *text, size_t len, struct error *error)
{
	static const char bind[] = "bind";
	const char *equals;
	const struct option_row *row;
	struct text key;

	line->kind = CONFIG_LINE_OTHER;
	line->row = NULL;
	trim(&text, &len);
	if (len == 0 || text[0] == '#') {
		line->kind = CONFIG_LINE_BLANK;
		return 0;
	}
	if (len >= sizeof bind && memcmp(text, bind, sizeof bind - 1) == 0 &&
		memchr(blanks, text[sizeof bind - 1], sizeof blanks - 1) != NULL)
		return take_value(line, CONFIG_LINE_BIND, option_by_key(bind, sizeof bind - 1),
			(struct text){text + sizeof bind, len - sizeof bind}, error);
	equals = memchr(text, '=', len);
	key = (struct text){text, equals != NULL ? (size_t)(equals - text) : len};
	trim(&key.data, &key.len);
	row = option_by_key(key.data, key.len);
	if (row == NULL)
		return refuse_key(key.data, key.len, error);
	if (equals == NULL || row->kind == OPTION_BIND) {
		error_set(error, "\"%s\" needs the form %s", row->key,
			row->kind == OPTION_BIND ? "bind KEY ACTION" : "key = value");
		return -EINVAL;
	}
	return take_value(line, CONFIG_LINE_VALUE, row,
		(struct text){equals + 1, len - (size_t)(equals + 1 - text)}, error);
}
