/* SPDX-License-Identifier: GPL-2.0-or-later */
/* y and w: a row to the clipboard, a page to a file. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sockwatch/base/buffer.h>

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

/* O_NONBLOCK: a FIFO that nobody reads must not stop the monitor. */
static void
write_file(struct tui *tui, bool overwrite)
{
	const char *const path = tui->export.path;
	const int fd = open(path,
		O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | (overwrite ? O_TRUNC : O_EXCL), 0666);
	size_t lines;
	int result;

	if (fd < 0) {
		tui_show_format(
			tui, SEVERITY_WARNING, "cannot write %s: %s", path, strerror(errno));
		return;
	}
	tui->export.fd = fd;
	tui->export.result = 0;
	lines = print_page(tui);
	result = tui->export.result;
	if (close(fd) != 0 && result == 0)
		result = -errno;
	if (result != 0)
		tui_show_format(tui, SEVERITY_WARNING, "writing %s ended early: %s", path,
			strerror(-result));
	else
		tui_show_format(tui, SEVERITY_INFO, "wrote %zu lines to %s", lines, path);
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
