/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds counters by their names, and the nearest to a misspelt one. */
#include <config.h>

#include <sockwatch/analysis/counter/counter_choice.h>

#include <errno.h>
#include <string.h>

#include <sockwatch/base/edit_distance.h>
#include <sockwatch/base/text.h>

enum { NAME_SIZE = 80, WORD_SIZE = 128 };

/* How a word fits a counter: a whole name decides, a member alone only where no other has it. */
enum fit { FIT_NONE, FIT_MEMBER, FIT_WHOLE };

static void
join(const struct counter_name *name, const char *between, char out[NAME_SIZE])
{
	text_add(out, NAME_SIZE, 0, "%s%s%s", name->group, name->group[0] != '\0' ? between : "",
		name->member);
}

static enum fit
fit_of(struct text word, const struct counter_name *name)
{
	char dotted[NAME_SIZE], joined[NAME_SIZE];

	join(name, ".", dotted);
	join(name, "", joined);
	if (text_equal_nocase(word, dotted) || text_equal_nocase(word, joined))
		return FIT_WHOLE;
	return text_equal_nocase(word, name->member) ? FIT_MEMBER : FIT_NONE;
}

/* The counter nearest to the word: "Tcp.ActiveOpens", or "" when none is near. */
static void
suggest(struct text word, const struct counter_names *names, char out[NAME_SIZE])
{
	size_t least = word.len < 4 ? 1 : 1 + word.len / 4;

	out[0] = '\0';
	for (size_t i = 0; i < counter_names_count(names); i++) {
		const struct counter_name name = counter_name(names, i);
		char dotted[NAME_SIZE];
		size_t distance = edit_distance(word, text_of(name.member));

		join(&name, ".", dotted);
		if (edit_distance(word, text_of(dotted)) < distance)
			distance = edit_distance(word, text_of(dotted));
		if (distance < least || (distance == least && out[0] == '\0')) {
			least = distance;
			memcpy(out, dotted, sizeof dotted);
		}
	}
}

static int
refuse(struct text word, const struct counter_names *names, struct error *error)
{
	char clean[WORD_SIZE], nearest[NAME_SIZE];

	text_clean(word, clean, sizeof clean);
	suggest(word, names, nearest);
	if (word.len == 0)
		error_set(error, "the name of a counter is missing between the commas");
	else if (nearest[0] != '\0')
		error_set(error, "the kernel prints no counter \"%s\"; did you mean \"%s\"?", clean,
			nearest);
	else
		error_set(error,
			"the kernel prints no counter \"%s\"; `sockwatch counters --all` lists them",
			clean);
	return -EINVAL;
}

static int
refuse_several(struct text word, const struct counter_name *a, const struct counter_name *b,
	struct error *error)
{
	char clean[WORD_SIZE], names[2][NAME_SIZE];

	text_clean(word, clean, sizeof clean);
	join(a, ".", names[0]);
	join(b, ".", names[1]);
	error_set(error, "\"%s\" may be \"%s\" or \"%s\"; write the group too", clean, names[0],
		names[1]);
	return -EINVAL;
}

/* 0 and *index, or -EINVAL with a sentence. */
static int
find(struct text word, const struct counter_names *names, uint16_t *index, struct error *error)
{
	size_t found = COUNTERS_MAX, other = COUNTERS_MAX;
	struct counter_name a, b;

	for (size_t i = 0; i < counter_names_count(names); i++) {
		const struct counter_name name = counter_name(names, i);
		const enum fit fit = fit_of(word, &name);

		if (fit == FIT_WHOLE) {
			*index = (uint16_t)i;
			return 0;
		}
		if (fit == FIT_MEMBER && found == COUNTERS_MAX)
			found = i;
		else if (fit == FIT_MEMBER)
			other = i;
	}
	if (found == COUNTERS_MAX)
		return refuse(word, names, error);
	*index = (uint16_t)found;
	if (other == COUNTERS_MAX)
		return 0;
	a = counter_name(names, found);
	b = counter_name(names, other);
	return refuse_several(word, &a, &b, error);
}

int
counter_choice_read(struct counter_choice *choice, const char *list,
	const struct counter_names *names, struct error *error)
{
	choice->count = 0;
	for (;;) {
		const struct text word = {list, strcspn(list, ",")};

		if (choice->count == COUNTER_CHOICE_MAX) {
			error_set(error, "at most %d counters can be chosen", COUNTER_CHOICE_MAX);
			return -E2BIG;
		}
		if (find(word, names, &choice->indexes[choice->count], error) != 0)
			return -EINVAL;
		choice->count++;
		if (list[word.len] == '\0')
			return 0;
		list += word.len + 1;
	}
}
