/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the text that is saved: the user's lines, with new values where values changed, and after
 * them the settings that the file did not have yet and that are not the default.
 */
#include <config.h>

#include "config_file.h"

#include <string.h>

#include "config_line.h"

struct render {
	const struct options *options;
	const struct buffer *overridden;
	struct buffer *out;
	struct buffer value; /* scratch */
	/*
	 * Number of the last line that sets each row, for earlier ones have no effect; of the last
	 * refused one where none does. 0: there is neither.
	 */
	size_t last_line[OPTIONS_ROWS_MAX];
	bool is_set[OPTIONS_ROWS_MAX]; /* by that line */
	size_t line_number;
	bool bound[SETTINGS_BINDS_MAX]; /* already in the text */
	bool accepted[DOCTOR_ACCEPTED_MAX];
};

static bool
same(const struct buffer *a, const struct buffer *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* The row's value comes from the command line, so the file keeps its own. */
static bool
is_overridden(struct render *render, const struct option_row *row)
{
	const struct buffer *const said =
		render->overridden != NULL ? &render->overridden[row - option_rows] : NULL;

	if (said == NULL || said->len == 0)
		return false;
	buffer_clear(&render->value);
	option_print(row, render->options, &render->value);
	return same(&render->value, said);
}

/* Whether this text gives the row the value that it has. A refused text gives the default. */
static bool
gives_the_same(struct render *render, const struct option_row *row, const char *text)
{
	struct options said = {.format = REPORT_TEXT};
	struct buffer printed;
	bool result = false;

	buffer_init(&printed, 0);
	if (option_set(row, &said, text, NULL) == 0 ||
		option_set(row, &said, row->fallback, NULL) == 0) {
		option_print(row, &said, &printed);
		buffer_clear(&render->value);
		option_print(row, render->options, &render->value);
		result = same(&printed, &render->value);
	}
	buffer_fini(&printed);
	return result;
}

static void
append_value(struct render *render, const struct option_row *row)
{
	buffer_append_text(render->out, row->key);
	buffer_append_text(render->out, " = ");
	option_print(row, render->options, render->out);
	buffer_append_char(render->out, '\n');
}

static void
append_bind(struct render *render, const struct settings_bind *bind)
{
	buffer_append_text(render->out, "bind ");
	buffer_append_text(render->out, bind->key);
	buffer_append_char(render->out, ' ');
	buffer_append_text(render->out, bind->action);
	buffer_append_char(render->out, '\n');
}

/* The binding of the key that the value begins with, or NULL. */
static const struct settings_bind *
find_bind(struct render *render, const char *value, bool **bound)
{
	const size_t len = strcspn(value, " \t");
	const struct settings *const settings = &render->options->settings;

	for (size_t i = 0; i < settings->bind_count; i++) {
		if (strlen(settings->binds[i].key) == len &&
			memcmp(settings->binds[i].key, value, len) == 0) {
			*bound = &render->bound[i];
			return &settings->binds[i];
		}
	}
	return NULL;
}

static bool
is_last_bind(const struct settings_bind *bind, struct text rest)
{
	const size_t key = strlen(bind->key);
	struct config_line line;
	struct text here;

	while (text_next_line(&rest, &here)) {
		if (config_line_read(&line, here.data, here.len, NULL) == 0 &&
			line.kind == CONFIG_LINE_BIND && strcspn(line.value, " \t") == key &&
			memcmp(line.value, bind->key, key) == 0)
			return false;
	}
	return true;
}

static void
append_accepted(struct render *render, const struct accepted *accepted)
{
	buffer_append_format(render->out, "accept %s:%s %s\n", accepted->rule,
		finding_severity_name(accepted->severity), accepted->filter);
}

/* A finding that is accepted no longer loses its line; one that was not understood keeps it. */
static bool
replace_accepted(struct render *render, const struct config_line *line)
{
	const struct doctor_settings *const doctor = &render->options->settings.doctor;
	struct doctor_settings said = {.accepted_count = 0};

	if (doctor_settings_accept(&said, line->value, NULL) != 0)
		return false;
	for (size_t i = 0; i < doctor->accepted_count; i++) {
		const struct accepted *const accepted = &doctor->accepted[i];

		if (strcmp(accepted->rule, said.accepted[0].rule) != 0 ||
			strcmp(accepted->filter, said.accepted[0].filter) != 0 ||
			render->accepted[i])
			continue;
		render->accepted[i] = true;
		if (accepted->severity == said.accepted[0].severity)
			return false;
		append_accepted(render, accepted);
		return true;
	}
	return true;
}

/* True when the line was replaced by another. rest: what follows it. */
static bool
replace_line(struct render *render, const struct config_line *line, struct text rest)
{
	const struct settings_bind *bind;
	bool *bound;

	if (line->kind == CONFIG_LINE_VALUE) {
		if (render->last_line[line->row - option_rows] != render->line_number ||
			is_overridden(render, line->row) ||
			gives_the_same(render, line->row, line->value))
			return false;
		append_value(render, line->row);
		return true;
	}
	/* A binding that is not in force was refused when it was read; its line is kept. */
	bind = find_bind(render, line->value, &bound);
	if (bind == NULL || !is_last_bind(bind, rest))
		return false;
	*bound = true;
	if (strcmp(line->value + strcspn(line->value, " \t") +
			    strspn(line->value + strcspn(line->value, " \t"), " \t"),
		    bind->action) == 0)
		return false;
	append_bind(render, bind);
	return true;
}

/* Calls each for every line; the newline is not part of it. */
static void
each_line(struct render *render, struct text rest,
	void (*each)(struct render *render, const struct config_line *line, struct text text,
		struct text rest))
{
	struct config_line line;
	struct text text;

	render->line_number = 0;
	while (text_next_line(&rest, &text)) {
		render->line_number++;
		(void)config_line_read(&line, text.data, text.len, NULL);
		each(render, &line, text, rest);
	}
}

static void
note_line(struct render *render, const struct config_line *line, struct text text, struct text rest)
{
	struct options said = {.format = REPORT_TEXT};
	size_t row;
	bool sets;

	(void)text;
	(void)rest;
	if (line->kind != CONFIG_LINE_VALUE)
		return;
	row = (size_t)(line->row - option_rows);
	sets = option_set(line->row, &said, line->value, NULL) == 0;
	/* What an earlier line set stays in force when a later one is refused. */
	if (!sets && render->is_set[row])
		return;
	render->last_line[row] = render->line_number;
	render->is_set[row] = sets;
}

static void
render_line(
	struct render *render, const struct config_line *line, struct text text, struct text rest)
{
	const bool may_change = line->kind == CONFIG_LINE_VALUE || line->kind == CONFIG_LINE_BIND;

	if (may_change && replace_line(render, line, rest))
		return;
	if (line->kind == CONFIG_LINE_ACCEPT && replace_accepted(render, line))
		return;
	buffer_append(render->out, text.data, text.len);
	buffer_append_char(render->out, '\n');
}

void
config_file_render(const struct options *options, const char *text, size_t len,
	const struct buffer *overridden, struct buffer *out)
{
	struct render render = {.options = options, .overridden = overridden, .out = out};

	buffer_init(&render.value, 0);
	each_line(&render, (struct text){text, len}, note_line);
	each_line(&render, (struct text){text, len}, render_line);
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *const row = &option_rows[i];

		if (row->key == NULL || row->kind == OPTION_BIND || render.last_line[i] != 0 ||
			is_overridden(&render, row) || gives_the_same(&render, row, row->fallback))
			continue;
		append_value(&render, row);
	}
	for (size_t i = 0; i < options->settings.bind_count; i++) {
		if (!render.bound[i])
			append_bind(&render, &options->settings.binds[i]);
	}
	for (size_t i = 0; i < options->settings.doctor.accepted_count; i++) {
		if (!render.accepted[i])
			append_accepted(&render, &options->settings.doctor.accepted[i]);
	}
	buffer_fini(&render.value);
}
