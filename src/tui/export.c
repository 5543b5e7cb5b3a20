/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is shown, out of the program: a row to the clipboard, the table or a page to a file. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/text.h>

#include "handlers.h"
#include "state.h"
#include "tui/detail/detail.h"
#include "tui/overlay/confirm.h"
#include "tui/overlay/prompt.h"
#include "tui/term/terminal.h"

enum { LINES_AT_ONCE = 256, CELL_SIZE = 512, FLUSH_AT = 64 * 1024 };

/* One cell with its padding, in full. */
static void
append_cell(struct buffer *out, const struct field *field, const char *text, bool last)
{
	const int width =
		field->width > (int)strlen(field->title) ? field->width : (int)strlen(field->title);
	const int columns = (int)text_width(text);
	const int pad = columns < width ? width - columns : 0;

	if ((field->flags & FIELD_RIGHT) != 0)
		buffer_append_format(out, "%*s%s", pad, "", text);
	else if (last)
		buffer_append_text(out, text);
	else
		buffer_append_format(out, "%s%*s", text, pad, "");
	buffer_append_text(out, last ? "\n" : " ");
}

static void
append_row(struct tui *tui, const struct screen *screen, const struct socket_row *row,
	struct buffer *out, bool tabs)
{
	const struct field_context context = tui_context(tui);

	for (size_t i = 0; i < screen->column_count; i++) {
		const struct field *const field = screen->columns[i];
		const bool last = i + 1 == screen->column_count;
		struct value value;
		char text[CELL_SIZE];

		field_get(field, &context, row, &value);
		field_format(field, &context, &value, 0, text, sizeof text);
		if (tabs)
			buffer_append_format(out, "%s%s", text, last ? "" : "\t");
		else
			append_cell(out, field, text, last);
	}
}

/* What the cursor of the page is on; false: nothing. */
static bool
append_selected(struct tui *tui, struct buffer *out)
{
	const struct screen *const screen = tui_screen(tui);
	const struct socket_row *row = screen_row(tui, tui_row_in_question(tui));

	if (tui_page(tui) == MODE_PATHS)
		return paths_print_row(tui, out);
	if (tui_page(tui) == MODE_EVENTS)
		return events_print_selected(tui, out);
	/* The page stays when its row goes. */
	if (row == NULL && tui_page(tui) == MODE_DETAIL)
		row = &tui->detail.row;
	if (row == NULL)
		return false;
	if (screen->cursor.on_group && tui_page(tui) == MODE_TABLE)
		buffer_append_text(out, screen->cursor.group);
	else
		append_row(tui, screen, row, out, true);
	return true;
}

void
do_copy(struct tui *tui)
{
	struct buffer text;
	int result = -ENOMEM;

	buffer_init(&text, 0);
	if (!append_selected(tui, &text)) {
		tui_say(tui, SEVERITY_INFO, "there is no row to copy");
		buffer_fini(&text);
		return;
	}
	if (!text.failed)
		result = terminal_copy((const char *)text.data, text.len);
	buffer_fini(&text);
	if (result == 0)
		tui_say(tui, SEVERITY_INFO, "copied, if the terminal allows it (OSC 52)");
	else
		tui_say(tui, SEVERITY_WARNING, "the row is too long to copy");
}

static int
flush(int fd, struct buffer *out)
{
	size_t done = 0;

	if (out->failed)
		return -ENOMEM;
	while (done < out->len) {
		const ssize_t written = write(fd, out->data + done, out->len - done);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return written < 0 ? -errno : -EIO;
		done += (size_t)written;
	}
	buffer_clear(out);
	return 0;
}

static void
append_heading(const struct screen *screen, struct buffer *out)
{
	for (size_t i = 0; i < screen->column_count; i++)
		append_cell(out, screen->columns[i], screen->columns[i]->title,
			i + 1 == screen->column_count);
}

/* All lines of the view, not only those in sight. */
static int
write_table(struct tui *tui, int fd, struct buffer *out, size_t *rows)
{
	struct screen *const screen = tui_screen(tui);
	struct view_line lines[LINES_AT_ONCE];
	size_t first = 0;
	size_t count;
	int result = 0;

	append_heading(screen, out);
	while (result == 0 &&
		(count = view_window(screen->view, first, LINES_AT_ONCE, lines)) > 0) {
		for (size_t i = 0; i < count; i++) {
			const struct socket_row *const row = screen_row(tui, lines[i].socket);

			if (lines[i].kind == VIEW_GROUP)
				buffer_append_format(out, "%s (%u)\n", lines[i].group->key,
					lines[i].group->count);
			else if (row != NULL)
				append_row(tui, screen, row, out, false);
		}
		first += count;
		if (out->len > FLUSH_AT)
			result = flush(fd, out);
	}
	*rows = first + paths_print_shown(tui, out);
	return result != 0 ? result : flush(fd, out);
}

static int
write_to(struct tui *tui, int fd, size_t *lines)
{
	struct buffer out;
	bool is_table = false;
	int result;

	buffer_init(&out, 0);
	switch (tui_page(tui)) {
	case MODE_DETAIL: *lines = detail_print(tui, &out); break;
	case MODE_EVENTS: *lines = events_print(tui, &out); break;
	case MODE_PATHS: *lines = paths_print(tui, &out); break;
	case MODE_TABLE:
	case MODE_HELP:
	case MODE_SETUP:
	case MODE_MENU:
	case MODE_CONFIRM:
	case MODE_PROMPT:
	case MODE_COUNT: is_table = true; break;
	}
	result = is_table ? write_table(tui, fd, &out, lines) : flush(fd, &out);
	buffer_fini(&out);
	return result;
}

/* O_NONBLOCK: a FIFO that nobody reads must not stop the monitor. */
static void
write_file(struct tui *tui, bool overwrite)
{
	const char *const path = tui->export_path;
	const int fd = open(path,
		O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | (overwrite ? O_TRUNC : O_EXCL), 0666);
	size_t lines = 0;
	int result;

	if (fd < 0) {
		tui_format(tui, SEVERITY_WARNING, "cannot write %s: %s", path, strerror(errno));
		return;
	}
	result = write_to(tui, fd, &lines);
	if (close(fd) != 0 && result == 0)
		result = -errno;
	if (result != 0)
		tui_format(tui, SEVERITY_WARNING, "writing %s ended early: %s", path,
			strerror(-result));
	else
		tui_format(tui, SEVERITY_INFO, "wrote %zu lines to %s", lines, path);
}

static void
on_overwrite(struct tui *tui)
{
	write_file(tui, true);
}

static bool
on_accept(struct tui *tui, const char *text, struct error *error)
{
	struct stat facts;
	char question[CONFIRM_TEXT_SIZE];

	if (text[0] == '\0' || strlen(text) >= sizeof tui->export_path) {
		error_set(error, "a file's name is wanted");
		return false;
	}
	snprintf(tui->export_path, sizeof tui->export_path, "%s", text);
	if (lstat(text, &facts) != 0) {
		write_file(tui, false);
		return true;
	}
	snprintf(question, sizeof question, "%.400s is there already. Overwrite it?", text);
	confirm_open(tui, "Write", question, NULL, on_overwrite);
	return true;
}

static const struct prompt_ops write_prompt = {
	.label = "Write to file", .accept = on_accept, .replaced = true};

void
do_write(struct tui *tui)
{
	const time_t now = time(NULL);
	struct tm parts;
	char name[64] = "sockwatch.txt";

	if (localtime_r(&now, &parts) != NULL)
		strftime(name, sizeof name, "sockwatch-%Y%m%d-%H%M%S.txt", &parts);
	prompt_open(tui, &write_prompt, name);
}
