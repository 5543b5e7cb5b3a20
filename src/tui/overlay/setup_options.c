/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of the setup page, a table row each. */
#include <config.h>

#include "setup_options.h"

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/word.h>

#include "tui/state.h"
#include "tui/term/terminal.h"

struct setup_option {
	const char *name, *help;
	void (*show)(const struct tui *tui, char *out, size_t size);
	void (*step)(struct tui *tui, bool forward);
};

static const uint32_t delays_ms[] = {100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000};
static const uint32_t lingers_ms[] = {0, 1000, 2000, 5000, 10000, 30000};

/* The neighbour of value in an ascending list; its end stays. */
static uint32_t
step_value(const uint32_t *values, size_t count, uint32_t value, bool forward)
{
	if (forward) {
		for (size_t i = 0; i < count; i++) {
			if (values[i] > value)
				return values[i];
		}
		return values[count - 1];
	}
	for (size_t i = count; i-- > 0;) {
		if (values[i] < value)
			return values[i];
	}
	return values[0];
}

/* Index of the set that is shown, or the number of sets: the user chose other columns. */
static size_t
find_set(const struct settings *settings)
{
	size_t i;

	for (i = 0; i < socket_field_set_count; i++) {
		const struct field *fields[SETTINGS_COLUMNS_MAX];
		const int count = field_parse_list(&socket_fields, socket_field_sets[i].fields,
			fields, SETTINGS_COLUMNS_MAX, NULL);

		if (count >= 0 && (size_t)count == settings->column_count &&
			memcmp(fields, settings->columns, (size_t)count * sizeof fields[0]) == 0)
			break;
	}
	return i;
}

static void
show_set(const struct tui *tui, char *out, size_t size)
{
	const size_t set = find_set(tui->settings);

	snprintf(out, size, "%s",
		set < socket_field_set_count ? socket_field_sets[set].name : "your own");
}

static void
step_set(struct tui *tui, bool forward)
{
	struct settings *const settings = tui->settings;
	const size_t count = socket_field_set_count;
	const size_t at = find_set(settings);
	int columns;

	if (count == 0)
		return;
	columns = field_parse_list(&socket_fields,
		socket_field_sets[at >= count ? 0
				  : forward   ? (at + 1) % count
					      : (at + count - 1) % count]
			.fields,
		settings->columns, SETTINGS_COLUMNS_MAX, NULL);
	if (columns > 0)
		settings->column_count = (size_t)columns;
}

static void
show_theme(const struct tui *tui, char *out, size_t size)
{
	snprintf(out, size, "%s", tui->settings->theme);
}

static void
step_theme(struct tui *tui, bool forward)
{
	struct settings *const settings = tui->settings;
	size_t count = 0;
	size_t at = 0;

	for (; theme_name(count) != NULL; count++) {
		if (strcmp(theme_name(count), settings->theme) == 0)
			at = count;
	}
	if (count == 0)
		return;
	at = forward ? (at + 1) % count : (at + count - 1) % count;
	snprintf(settings->theme, sizeof settings->theme, "%s", theme_name(at));
	tui_set_theme(tui);
}

static void
show_seconds(uint32_t ms, char *out, size_t size)
{
	snprintf(out, size, "%g s", ms / 1000.0);
}

static void
show_delay(const struct tui *tui, char *out, size_t size)
{
	show_seconds(tui->settings->interval_ms, out, size);
}

static void
step_delay(struct tui *tui, bool forward)
{
	tui->settings->interval_ms = step_value(delays_ms, sizeof delays_ms / sizeof delays_ms[0],
		tui->settings->interval_ms, forward);
}

static void
show_linger(const struct tui *tui, char *out, size_t size)
{
	show_seconds(tui->settings->linger_ms, out, size);
}

static void
step_linger(struct tui *tui, bool forward)
{
	tui->settings->linger_ms = step_value(lingers_ms, sizeof lingers_ms / sizeof lingers_ms[0],
		tui->settings->linger_ms, forward);
	tui->model->linger_ms = tui->settings->linger_ms;
}

static void
show_truth(bool truth, char *out, size_t size)
{
	snprintf(out, size, "%s", word_yes_no(truth));
}

static void
show_names(const struct tui *tui, char *out, size_t size)
{
	show_truth(tui_shows_names(tui), out, size);
}

static void
step_names(struct tui *tui, bool forward)
{
	(void)forward;
	tui->settings->names = !tui_shows_names(tui);
	if (tui->settings->names)
		tui->settings->numeric = false;
}

static void
show_numeric(const struct tui *tui, char *out, size_t size)
{
	show_truth(tui->settings->numeric, out, size);
}

static void
step_numeric(struct tui *tui, bool forward)
{
	(void)forward;
	tui->settings->numeric = !tui->settings->numeric;
}

static void
show_mouse(const struct tui *tui, char *out, size_t size)
{
	show_truth(tui->settings->mouse, out, size);
}

static void
step_mouse(struct tui *tui, bool forward)
{
	(void)forward;
	tui->settings->mouse = !tui->settings->mouse;
	terminal_set_mouse(tui->settings->mouse);
}

static void
show_ascii(const struct tui *tui, char *out, size_t size)
{
	show_truth(tui->settings->ascii, out, size);
}

static void
step_ascii(struct tui *tui, bool forward)
{
	(void)forward;
	tui->settings->ascii = !tui->settings->ascii;
	tui_set_theme(tui);
}

static void
show_events(const struct tui *tui, char *out, size_t size)
{
	show_truth(tui->settings->events, out, size);
}

/* The pane follows at once, unless F8 was asked for something else. */
static void
step_events(struct tui *tui, bool forward)
{
	(void)forward;
	tui->settings->events = !tui->settings->events;
	events_init(tui);
}

static void
show_own(const struct tui *tui, char *out, size_t size)
{
	show_truth(tui->settings->own, out, size);
}

static void
step_own(struct tui *tui, bool forward)
{
	(void)forward;
	tui->settings->own = !tui->settings->own;
}

static const struct setup_option options[] = {
	{.name = "column set",
		.help = "a ready choice of columns",
		.show = show_set,
		.step = step_set},
	{.name = "theme",
		.help = "default for dark terminals, light for light ones, mono without colours",
		.show = show_theme,
		.step = step_theme},
	{.name = "delay",
		.help = "seconds between refreshes; d asks for any number",
		.show = show_delay,
		.step = step_delay},
	{.name = "closed rows stay",
		.help = "how long a closed socket is shown, in red, with how it ended",
		.show = show_linger,
		.step = step_linger},
	{.name = "names of hosts",
		.help = "in place of remote addresses; the key n does the same",
		.show = show_names,
		.step = step_names},
	{.name = "numbers only",
		.help = "no names of hosts anywhere, and no name server is asked",
		.show = show_numeric,
		.step = step_numeric},
	{.name = "event pane",
		.help = "SYN, FIN and RST below the table from the start, on a tall screen",
		.show = show_events,
		.step = step_events},
	{.name = "own sockets",
		.help = "those of sockwatch itself are shown and counted; the key O does the same",
		.show = show_own,
		.step = step_own},
	{.name = "mouse",
		.help = "sockwatch gets clicks and wheel; without it the terminal selects text",
		.show = show_mouse,
		.step = step_mouse},
	{.name = "ASCII only",
		.help = "lines and charts without Unicode",
		.show = show_ascii,
		.step = step_ascii},
};
const size_t setup_option_count = sizeof options / sizeof options[0];

const char *
setup_option_name(size_t i)
{
	return options[i].name;
}

const char *
setup_option_help(size_t i)
{
	return options[i].help;
}

void
setup_option_show(const struct tui *tui, size_t i, char *out, size_t size)
{
	options[i].show(tui, out, size);
}

void
setup_option_step(struct tui *tui, size_t i, bool forward)
{
	options[i].step(tui, forward);
}
