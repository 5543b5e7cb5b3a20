/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is missing from the list, in one line on standard error. */
#ifndef SOCKWATCH_APP_COMMAND_LIST_LIST_NOTES_H
#define SOCKWATCH_APP_COMMAND_LIST_LIST_NOTES_H

#include <stddef.h>

#include <sockwatch/model/model.h>

/* Writes "sockwatch: …", or nothing when nothing is missing. */
void list_notes_print(const struct model *model);

#endif
