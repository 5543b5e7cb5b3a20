/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that a page is written to (tui->export). */
#ifndef SOCKWATCH_TUI_EXPORT_FILE_H
#define SOCKWATCH_TUI_EXPORT_FILE_H

#include <stdbool.h>

struct buffer;
struct tui;

/* Writes the buffer and empties it; the first error stays in tui->export.file. */
void export_file_flush(struct tui *tui, struct buffer *out);
/* The same where much has gathered. False: the file takes no more. */
bool export_file_spill(struct tui *tui, struct buffer *out);

#endif
