/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is missing from the list, in one line on standard error. */
#ifndef SOCKWATCH_APP_COMMAND_LIST_LIST_NOTES_H
#define SOCKWATCH_APP_COMMAND_LIST_LIST_NOTES_H

#include <stddef.h>

#include <stdbool.h>

#include <sockwatch/model/model.h>
#include <sockwatch/stream/stream.h>

/* What is known of the file that was read; all 0 for the kernel. */
struct list_file {
	struct stream_damage damage;
	bool is_cut;
};

/* Writes "sockwatch: …", or nothing when nothing is missing. */
void list_notes_print(const struct model *model, const struct list_file *file);

#endif
