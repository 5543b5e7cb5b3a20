/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fields by the words that people type, and lists of them.
 *
 * The room: a table of fields for each kind of row (socket_fields.c, event_fields.c, hop_fields.c,
 * written with field_rows.h) and its getters (socket_get_*.c, event_getters.c, hop_getters.c);
 * value.c compares and formats what a getter returns, field_format.c makes it short for people,
 * field_sets.c has the named choices of columns, event_row.c an
 * event as a line, services.c the names of ports.
 */
#include <config.h>

#include <sockwatch/analysis/field.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <sockwatch/base/edit_distance.h>
#include <sockwatch/base/error.h>
#include <sockwatch/base/text.h>
#include <sockwatch/base/word.h>

static const char *const unit_endings[] = {"_us", "_ms", "_s", "_bytes", "_segments"};

/* The word is one of a list, separated by spaces. */
static bool
in_words(struct text word, const char *words)
{
	struct text other;

	while (word_next(&words, &other)) {
		if (text_equal(word, other))
			return true;
	}
	return false;
}

/* The name without its unit, or all of it. */
static size_t
stem_len(const char *name)
{
	const size_t len = strlen(name);

	for (size_t i = 0; i < sizeof unit_endings / sizeof unit_endings[0]; i++) {
		const size_t ending_len = strlen(unit_endings[i]);

		if (len > ending_len && strcmp(name + len - ending_len, unit_endings[i]) == 0)
			return len - ending_len;
	}
	return len;
}

enum { WORD_MAX = EDIT_DISTANCE_MAX };

/* Names are in lower case and have underscores; people type neither. */
static struct text
normal_word(const char *word, size_t len, char *out)
{
	if (len > WORD_MAX)
		len = WORD_MAX;
	for (size_t i = 0; i < len; i++) {
		const char c = word[i];

		out[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c == '-' ? '_' : c);
	}
	return (struct text){out, len};
}

const struct field *
field_find(const struct field_table *table, const char *word, size_t len)
{
	char normal[WORD_MAX];
	const struct text wanted = normal_word(word, len, normal);

	if (!len || len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < table->count; i++) {
		if (text_equal(wanted, text_of(table->fields[i].name)))
			return &table->fields[i];
	}
	for (size_t i = 0; i < table->count; i++) {
		if (in_words(wanted, table->fields[i].alias))
			return &table->fields[i];
	}
	for (size_t i = 0; i < table->count; i++) {
		const char *const name = table->fields[i].name;

		if (text_equal(wanted, (struct text){name, stem_len(name)}))
			return &table->fields[i];
	}
	return NULL;
}

const char *
field_suggest(const struct field_table *table, const char *word, size_t len)
{
	char normal[WORD_MAX];
	const struct text wanted = normal_word(word, len, normal);
	const char *nearest = NULL;
	size_t least = len < 4 ? 1 : 1 + len / 4;

	if (len < 2 || len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < table->count; i++) {
		const char *const name = table->fields[i].name;
		const size_t lens[] = {strlen(name), stem_len(name)};

		for (size_t j = 0; j < 2; j++) {
			const size_t distance = edit_distance(wanted, (struct text){name, lens[j]});

			if (distance < least || (distance == least && nearest == NULL)) {
				least = distance;
				nearest = name;
			}
		}
	}
	return nearest;
}

static int
unknown_field(const struct field_table *table, const char *list, size_t at, size_t len,
	struct error *error)
{
	const char *const nearest = field_suggest(table, list + at, len);
	char word[WORD_MAX * 2];

	text_clean((struct text){list + at, len}, word, sizeof word);
	if (!len)
		error_set_at(error, at, "a field name is missing between the commas");
	else if (nearest != NULL)
		error_set_at(
			error, at, "there is no field \"%s\"; did you mean \"%s\"?", word, nearest);
	else
		error_set_at(error, at,
			"there is no field \"%s\"; the manual page lists them under FIELDS", word);
	return -EINVAL;
}

int
field_parse_list(const struct field_table *table, const char *list, const struct field **fields,
	size_t max, struct error *error)
{
	size_t count = 0, at = strspn(list, " ");

	for (;;) {
		const size_t len = strcspn(list + at, ", ");
		const struct field *const field = field_find(table, list + at, len);

		if (field == NULL)
			return unknown_field(table, list, at, len, error);
		if (count == max) {
			error_set_at(error, at, "at most %zu fields can be shown", max);
			return -EINVAL;
		}
		fields[count++] = field;
		at += len;
		at += strspn(list + at, " ");
		if (!list[at])
			return (int)count;
		/* A space alone separates too. */
		at += list[at] == ',';
		at += strspn(list + at, " ");
	}
}
