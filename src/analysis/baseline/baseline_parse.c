/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the text of a baseline, a line at a time. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/baseline/baseline.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/text.h>
#include <sockwatch/base/word.h>

static const char blanks[] = " \t\r";

static bool
is_blank(char c)
{
	return memchr(blanks, c, sizeof blanks - 1) != NULL;
}

static void
trim(struct text *text)
{
	while (text->len > 0 && is_blank(text->data[0])) {
		text->data++;
		text->len--;
	}
	while (text->len > 0 && is_blank(text->data[text->len - 1]))
		text->len--;
}

/* Cuts the next word off. */
static struct text
next_word(struct text *rest)
{
	struct text word = {rest->data, 0};

	while (word.len < rest->len && !is_blank(word.data[word.len]))
		word.len++;
	rest->data += word.len;
	rest->len -= word.len;
	trim(rest);
	return word;
}

static int
read_port(struct text word, uint16_t *port, struct error *error)
{
	char digits[16], clean[BASELINE_NAME_SIZE];
	uint64_t number;

	*port = 0;
	if (text_equal(word, text_of("*")))
		return 0;
	snprintf(digits, sizeof digits, "%.*s", (int)(word.len < 8 ? word.len : 8), word.data);
	if (word.len < 8 && number_parse(digits, 1, UINT16_MAX, &number) == 0) {
		*port = (uint16_t)number;
		return 0;
	}
	text_clean(word, clean, sizeof clean);
	error_set(error, "\"%s\" is not a port; use 1 to 65535, or * for any", clean);
	return -EINVAL;
}

static int
read_address(struct text word, struct baseline_item *item, struct error *error)
{
	struct error inner = {.position = -1};
	char clean[BASELINE_NAME_SIZE];

	item->is_any_address = text_equal(word, text_of("*"));
	if (item->is_any_address)
		return 0;
	if (address_prefix_parse(word.data, word.len, &item->address, &inner) != 0) {
		text_clean(word, clean, sizeof clean);
		error_set(error, "\"%s\" is not an address; use one as 192.0.2.1, or * for any",
			clean);
		return -EINVAL;
	}
	if (item->kind == BASELINE_LISTENER && item->address.length < 128) {
		error_set(error, "a listener has one address, or * for any, not a prefix");
		return -EINVAL;
	}
	return 0;
}

/* "ADDRESS PORT [PROGRAM]" */
static int
read_place(struct text rest, struct baseline_item *item, const char *form, struct error *error)
{
	const struct text address = next_word(&rest), port = next_word(&rest);

	if (address.len == 0 || port.len == 0) {
		error_set(error, "an address and a port are needed: %s", form);
		return -EINVAL;
	}
	if (read_address(address, item, error) != 0 || read_port(port, &item->port, error) != 0)
		return -EINVAL;
	text_clean(rest, item->program, sizeof item->program);
	return 0;
}

static int
read_client(struct text rest, struct baseline_item *item, struct error *error)
{
	if (rest.len == 0) {
		error_set(error, "a program is needed: client sshd");
		return -EINVAL;
	}
	item->is_any_address = true;
	text_clean(rest, item->program, sizeof item->program);
	return 0;
}

/* Sets the namespace of the lines that follow. */
static int
read_netns(struct text rest, char netns[BASELINE_NAME_SIZE], struct error *error)
{
	if (rest.len == 0) {
		error_set(error, "a name is needed: netns blue, netns own, or netns * for any");
		return -EINVAL;
	}
	text_clean(rest, netns, BASELINE_NAME_SIZE);
	return 0;
}

static int
read_line(struct baseline *baseline, struct text line, char netns[BASELINE_NAME_SIZE],
	struct error *error)
{
	struct text rest = line;
	const struct text word = next_word(&rest);
	struct baseline_item item = {.kind = BASELINE_LISTENER};
	char clean[BASELINE_NAME_SIZE];
	int result;

	memcpy(item.netns, netns, sizeof item.netns);
	if (text_equal(word, text_of("netns")))
		return read_netns(rest, netns, error);
	if (text_equal(word, text_of("listener"))) {
		result = read_place(rest, &item, "listener 0.0.0.0 443 nginx", error);
	} else if (text_equal(word, text_of("destination"))) {
		item.kind = BASELINE_DESTINATION;
		result = read_place(rest, &item, "destination 192.0.2.1 5432 postgres", error);
	} else if (text_equal(word, text_of("client"))) {
		item.kind = BASELINE_CLIENT;
		result = read_client(rest, &item, error);
	} else {
		text_clean(word, clean, sizeof clean);
		error_set(error,
			"\"%s\" begins no line of a baseline; use listener, client, destination or netns",
			clean);
		result = -EINVAL;
	}
	if (result == 0 && baseline_add(baseline, &item) != 0) {
		error_set(error,
			"there is no room for this line; a baseline has %d at most, %d of them with /BITS",
			BASELINE_LINES_MAX, BASELINE_PREFIXES_MAX);
		result = -ENOSPC;
	}
	return result;
}

size_t
baseline_parse(struct baseline *baseline, const char *name, struct text text,
	const struct baseline_mistakes *mistakes)
{
	char netns[BASELINE_NAME_SIZE] = "own";
	struct text line;
	size_t number = 0, refused = 0;

	while (text_next_line(&text, &line)) {
		struct error inner = {.position = -1}, sentence = {.position = -1};

		number++;
		trim(&line);
		if (line.len == 0 || line.data[0] == '#' ||
			read_line(baseline, line, netns, &inner) == 0)
			continue;
		refused++;
		error_set(&sentence, "%s:%zu: %s", name, number, inner.text);
		mistakes->report(mistakes->context, &sentence);
	}
	return refused;
}
