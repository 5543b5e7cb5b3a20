/* SPDX-License-Identifier: GPL-2.0-or-later */
/* y and w: a row to the clipboard, a page to a file. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <sockwatch/base/buffer.h>
#include <sockwatch/base/number.h>

#include "export_file.h"
#include "pages.h"
#include "state.h"
#include "tui/key/handlers.h"
#include "tui/overlay/confirm.h"
#include "tui/overlay/prompt.h"
#include "tui/term/terminal.h"

void
do_copy(struct tui *tui)
{
	bool (*const copy)(struct tui *, struct buffer *) = pages[tui_page(tui)].copy;
	struct buffer text;
	int result = -ENOMEM;

	buffer_init(&text, 0);
	if (copy == NULL || !copy(tui, &text)) {
		tui_show_message(tui, SEVERITY_INFO, "there is no row to copy");
		buffer_fini(&text);
		return;
	}
	if (!text.failed)
		result = terminal_copy((const char *)text.data, text.len);
	buffer_fini(&text);
	if (result == 0)
		tui_show_message(tui, SEVERITY_INFO, "copied, if the terminal allows it (OSC 52)");
	else
		tui_show_message(tui, SEVERITY_WARNING, "the row is too long to copy");
}

static size_t
print_page(struct tui *tui)
{
	const struct page *const page = &pages[tui_page(tui)];
	struct buffer out;
	size_t lines = 0;

	buffer_init(&out, 0);
	if (page->print != NULL)
		lines = page->print(tui, &out);
	export_file_flush(tui, &out);
	buffer_fini(&out);
	return lines;
}

void
tui_set_sandbox(struct tui *tui, const char *exports, const char *lacks)
{
	snprintf(tui->export.beneath, sizeof tui->export.beneath, "%s",
		exports != NULL ? exports : "");
	tui->header.lacks = lacks;
}

/* A path that may lead out of the only folder to write in. */
static bool
is_elsewhere(const struct export *export)
{
	const size_t len = strlen(export->beneath);

	return len > 0 && (export->path[0] == '/' || strstr(export->path, "..") != NULL) &&
	       strncmp(export->path, export->beneath, len) != 0;
}

/* For the hook that writes the past. */
static int
write_bytes(void *file, const void *bytes, size_t len)
{
	return whole_file_write(file, bytes, len);
}

/* Fills the file. 0, or negative errno with a sentence. */
static int
fill(struct tui *tui, size_t *lines, struct error *error)
{
	if (tui->export.is_past)
		return tui->hooks.time->save(
			tui->hooks.context, write_bytes, &tui->export.file, error);
	*lines = print_page(tui);
	return 0;
}

static void
write_file(struct tui *tui, bool overwrite)
{
	const char *const path = tui->export.path;
	struct error error = {.position = -1};
	size_t lines = 0;
	int result = whole_file_open(&tui->export.file, path, &error);

	if (result == 0) {
		struct error of_file = {.position = -1};

		result = fill(tui, &lines, &error);
		/* What could not be filled is not kept. */
		if (result != 0)
			tui->export.file.result = result;
		if (result == 0)
			result = whole_file_commit(&tui->export.file, overwrite, &error);
		else
			(void)whole_file_commit(&tui->export.file, overwrite, &of_file);
	}
	if (result == -EACCES && is_elsewhere(&tui->export))
		tui_show_format(tui, SEVERITY_WARNING,
			"%s is not written: sockwatch writes beneath %s, where it was started",
			path, tui->export.beneath);
	else if (result != 0)
		tui_show_message(tui, SEVERITY_WARNING, error.text);
	else if (tui->export.is_past)
		tui_show_format(tui, SEVERITY_INFO,
			"wrote what was seen to %s; `sockwatch replay` shows it", path);
	else
		tui_show_format(tui, SEVERITY_INFO, "wrote %zu line%s to %s", lines,
			number_plural(lines), path);
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

	if (text[0] == '\0' || strlen(text) >= sizeof tui->export.path) {
		error_set(error, "give the name of a file");
		return false;
	}
	snprintf(tui->export.path, sizeof tui->export.path, "%s", text);
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

/* sockwatch-20261122-140231.txt */
static void
ask(struct tui *tui, bool is_past, const struct prompt_ops *ops)
{
	const time_t now = time(NULL);
	struct tm parts;
	char name[64] = "sockwatch.txt";

	if (localtime_r(&now, &parts) != NULL)
		strftime(name, sizeof name,
			is_past ? "sockwatch-%Y%m%d-%H%M%S.pcap" : "sockwatch-%Y%m%d-%H%M%S.txt",
			&parts);
	tui->export.is_past = is_past;
	prompt_open(tui, ops, name);
}

void
do_write(struct tui *tui)
{
	ask(tui, false, &write_prompt);
}

void
do_save_past(struct tui *tui)
{
	static const struct prompt_ops save_prompt = {
		.label = "Write what was seen to file", .accept = on_accept, .replaced = true};

	if (tui->hooks.time == NULL || (tui->replay && !tui->is_past))
		tui_show_message(tui, SEVERITY_INFO, "this is a recording already");
	else
		ask(tui, true, &save_prompt);
}
