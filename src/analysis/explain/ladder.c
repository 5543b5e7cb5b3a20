/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the segments of one connection and writes each as an arrow between two lines. */
#include <config.h>

#include <sockwatch/analysis/ladder.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/explain.h>
#include <sockwatch/base/duration.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/segment.h>

enum {
	TIME_COLUMNS = 11,
	WORDS_LEAST = 18, /* columns kept for the words after the peer's line */
	WORDS_MOST = 44,
	ARROW_LEAST = 20,
	ARROW_MOST = 72,
	TEXT_SIZE = 128,
};

struct ink {
	const char *line, *shaft, *left, *right, *dots;
};

static const struct ink utf8 = {"│", "─", "◀", "▶", "┊"};
static const struct ink plain = {"|", "-", "<", ">", ":"};

/* Columns between the two lines. */
static size_t
measure(size_t width)
{
	size_t words = width / 3;
	size_t arrow;

	if (words < WORDS_LEAST)
		words = WORDS_LEAST;
	if (words > WORDS_MOST)
		words = WORDS_MOST;
	if (width < TIME_COLUMNS + 4 + words + ARROW_LEAST)
		return ARROW_LEAST;
	arrow = width - TIME_COLUMNS - 4 - words;
	return arrow < ARROW_MOST ? arrow : ARROW_MOST;
}

void
ladder_clear(struct ladder *ladder)
{
	ladder->count = 0;
}

void
ladder_add(struct ladder *ladder, const struct event *event)
{
	if (ladder->count < LADDER_FIRST)
		ladder->first[ladder->count] = *event;
	else
		ladder->last[(ladder->count - LADDER_FIRST) % LADDER_LAST] = *event;
	ladder->count++;
}

static uint64_t
left_out(const struct ladder *ladder)
{
	return ladder->count > LADDER_FIRST + LADDER_LAST
		       ? ladder->count - LADDER_FIRST - LADDER_LAST
		       : 0;
}

size_t
ladder_lines(const struct ladder *ladder)
{
	const uint64_t out = left_out(ladder);

	return (size_t)(ladder->count - out) + (out > 0);
}

static const struct event *
find(const struct ladder *ladder, uint64_t number)
{
	return number < LADDER_FIRST ? &ladder->first[number]
				     : &ladder->last[(number - LADDER_FIRST) % LADDER_LAST];
}

/* The most that fits into so many columns. */
static void
format_segment(const struct event *event, size_t columns, char *out, size_t size)
{
	const struct segment *const segment = &event->segment;
	char flags[16], numbers[64] = " ", window[16], payload[24] = "";

	segment_format_flags(segment->flags, flags, sizeof flags);
	if (event_row_format_numbers(event, "", numbers + 1, sizeof numbers - 1) == 0)
		numbers[0] = '\0';
	snprintf(window, sizeof window, " win %u", segment->window);
	if (segment->len > 0)
		snprintf(payload, sizeof payload, " len %" PRIu32, segment->len);
	snprintf(out, size, "[%s]%s%s%s", flags, numbers, window, payload);
	if (strlen(out) > columns)
		snprintf(out, size, "[%s]%s%s", flags, numbers, payload);
	if (strlen(out) > columns)
		snprintf(out, size, "[%s]%s", flags, numbers);
	if (strlen(out) > columns) {
		char *const ack = strstr(numbers + 1, " ack ");

		if (ack != NULL)
			*ack = '\0';
		snprintf(out, size, "[%s]%s", flags, numbers);
	}
	if (strlen(out) > columns)
		snprintf(out, size, "[%s]%s", flags, payload);
	if (strlen(out) > columns)
		snprintf(out, size, "[%s]", flags);
}

static void
write_arrow(const struct event *event, bool ours, size_t columns, const struct ink *ink,
	struct strip *line)
{
	const enum meaning meaning = explain_event_kind((enum event_kind)event->kind);
	const size_t room = columns - 6; /* the head, and a shaft and a blank on each side */
	char text[TEXT_SIZE];

	format_segment(event, room, text, sizeof text);
	strip_add(line, meaning, ours ? ink->shaft : ink->left);
	strip_add(line, meaning, ink->shaft);
	strip_format(line, meaning == MEANING_DIM ? MEANING_DIM : MEANING_PLAIN, " %s ", text);
	strip_repeat(line, meaning, ink->shaft, columns - 5 - strlen(text));
	strip_add(line, meaning, ours ? ink->right : ink->shaft);
}

/* The time since the segment before also stands to the left of the arrow. */
static void
shorten(char *words, size_t columns)
{
	char *const after = strstr(words, " after ");

	if (text_width(words) > columns && after != NULL && after[7] >= '0' && after[7] <= '9')
		*after = '\0';
	text_truncate(words, columns, true);
}

static void
write_event(const struct ladder *ladder, uint64_t number, uint8_t us, size_t width,
	const struct ink *ink, struct strip *line)
{
	const struct event *const event = find(ladder, number);
	const uint64_t before = number > 0 && (number != LADDER_FIRST || left_out(ladder) == 0)
					? find(ladder, number - 1)->segment.time_ns
					: 0;
	char text[TEXT_SIZE] = "";

	if (before != 0 && event->segment.time_ns >= before) {
		text[0] = '+';
		duration_format(
			event->segment.time_ns - before, DURATION_SHORT, text + 1, sizeof text - 1);
	}
	strip_format(line, MEANING_DIM, "%*s ", TIME_COLUMNS - 1, text);
	strip_add(line, MEANING_RULE, ink->line);
	write_arrow(event, event->side == us, measure(width), ink, line);
	strip_add(line, MEANING_RULE, ink->line);
	if (line->columns + 2 >= width)
		return;
	snprintf(text, sizeof text, "%s",
		event->words[0] != '\0'     ? event->words
		: event->kind == EVENT_DATA ? ""
					    : event_kind_name((enum event_kind)event->kind));
	if (event->kind == EVENT_ACK && event->words[0] == '\0')
		text[0] = '\0';
	shorten(text, width - line->columns - 1);
	strip_format(line, explain_event_kind((enum event_kind)event->kind), " %s", text);
}

void
ladder_line(const struct ladder *ladder, size_t i, uint8_t us, size_t width, bool ascii,
	struct strip *line)
{
	const struct ink *const ink = ascii ? &plain : &utf8;
	const uint64_t out = left_out(ladder);
	const size_t arrow = measure(width);
	char text[TEXT_SIZE];

	strip_clear(line);
	if (out == 0 || i < LADDER_FIRST) {
		write_event(ladder, i, us, width, ink, line);
		return;
	}
	if (i > LADDER_FIRST) {
		write_event(ladder, i + out - 1, us, width, ink, line);
		return;
	}
	snprintf(text, sizeof text, "%" PRIu64 " more", out);
	strip_pad(line, TIME_COLUMNS);
	strip_add(line, MEANING_DIM, ink->dots);
	strip_pad(line, TIME_COLUMNS + 1 + (arrow - strlen(text)) / 2);
	strip_add(line, MEANING_DIM, text);
	strip_pad(line, TIME_COLUMNS + 1 + arrow);
	strip_add(line, MEANING_DIM, ink->dots);
}

void
ladder_heading(const char *us, const char *peer, size_t width, struct strip *line)
{
	const size_t right = TIME_COLUMNS + 1 + measure(width);
	const size_t peer_columns = text_width(peer);

	strip_clear(line);
	strip_pad(line, TIME_COLUMNS);
	strip_add(line, MEANING_STRONG, us);
	strip_pad(line, line->columns + 2);
	if (right + 1 > peer_columns)
		strip_pad(line, right + 1 - peer_columns);
	strip_add(line, MEANING_STRONG, peer);
}
