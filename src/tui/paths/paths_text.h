/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The title of a path and the order of its lines. Pure: a path in, a text or lines out. */
#ifndef SOCKWATCH_TUI_PATHS_PATHS_TEXT_H
#define SOCKWATCH_TUI_PATHS_PATHS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/explain_path.h>
#include <sockwatch/model/path.h>

/*
 * "path to 203.0.113.9 (tcp 443) ─ 8 hops ─ loss 0.0% ─ avg 12.1 ms ─ jitter 0.4 ms ─ kernel rtt
 * 12.3 ms ─ handshake 12.5 ms"; line: the separator. Where that is wider than so many columns,
 * jitter, hops and loss are left out: the lines below show them too.
 */
size_t paths_title(const struct path *path, const struct path_rtts *rtts, const char *line,
	size_t columns, char *out, size_t size);

enum paths_line_kind {
	PATHS_LINE_HOP,
	PATHS_LINE_ADDRESS, /* another router at the same ttl */
	PATHS_LINE_LABEL,   /* MPLS */
	PATHS_LINE_NOTE,    /* index: enum path_note, or PATHS_NOTE_TEXT */
	PATHS_LINE_CHANGE,  /* index: of path_change_format */
};

enum {
	PATHS_NOTE_TEXT = 255, /* the collector's own words */
	PATHS_LINES_MAX =
		PATH_TTL_MAX * (PATH_ADDRESSES_MAX + PATH_LABELS_MAX) + 12 + PATH_CHANGES_MAX,
};

struct paths_line {
	uint8_t kind;  /* enum paths_line_kind */
	uint8_t hop;   /* index into the path's hops */
	uint8_t index; /* of the address, the label, the note */
};

/* The lines below title and verdict, in order; at most PATHS_LINES_MAX. Returns how many. */
size_t paths_lines(const struct path *path, struct paths_line *lines);

#endif
