/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands on the screens, in words: marks, states, figures. A table row each; data. */
#ifndef SOCKWATCH_TUI_OVERLAY_HELP_WORDS_H
#define SOCKWATCH_TUI_OVERLAY_HELP_WORDS_H

#include <stddef.h>

#include <sockwatch/analysis/topic/topic.h>

struct help_entry {
	const char *shown; /* as on the screen */
	const char *means;
};

struct help_section {
	const char *title;
	unsigned pages;                   /* 1 << enum page_id: whose help it belongs to */
	const struct help_entry *entries; /* NULL: the topics of the kind below, instead */
	size_t count;
	enum topic_kind topics;
};

extern const struct help_section help_sections[];
extern const size_t help_section_count;

#endif
