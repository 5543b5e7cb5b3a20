/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What help explains first: what the cursor is on, and the column that is marked. */
#ifndef SOCKWATCH_TUI_OVERLAY_HELP_TOPIC_H
#define SOCKWATCH_TUI_OVERLAY_HELP_TOPIC_H

struct tui;

/* Fills tui->help.topics for the page that is in front. */
void help_find_topics(struct tui *tui);

#endif
