/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of the pane of paths. Pure: a path in, a text or the order of its lines out. */
#ifndef SOCKWATCH_TUI_PATHS_PATHS_TEXT_H
#define SOCKWATCH_TUI_PATHS_PATHS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/path.h>

/* The other two round-trip times, of the socket that the path was started from; NAN: unknown. */
struct paths_rtts {
	double kernel_us, handshake_us;
	bool has_handshake; /* it began with one, seen or not */
};

/*
 * "path to 203.0.113.9 (tcp 443) ─ 8 hops ─ loss 0.0% ─ avg 12.1 ms ─ jitter 0.4 ms ─ kernel rtt
 * 12.3 ms ─ handshake 12.5 ms"; line: what stands between. Where that is wider
 * than so many columns, jitter, hops and loss are left out: the lines below tell them too.
 */
size_t paths_title(const struct path *path, const struct paths_rtts *rtts, const char *line,
	size_t columns, char *out, size_t size);
/* "tcp 443", "udp 53", "icmp". */
size_t paths_protocol(const struct message_probe_start *start, char *out, size_t size);
/* "0.412 ms", "12.1 ms"; NAN: "". */
size_t paths_format_ms(double us, char *out, size_t size);
/* The hop where the target answered, or NULL. */
const struct hop *paths_target_hop(const struct path *path);

enum paths_mood { PATHS_UNDECIDED, PATHS_WELL, PATHS_ILL };

/* The verdict on the path in words, beside the kernel's time for the connection itself. */
enum paths_mood paths_verdict(
	const struct path *path, const struct paths_rtts *rtts, char *out, size_t size);

enum paths_line_kind {
	PATHS_LINE_HOP,
	PATHS_LINE_ADDRESS, /* another router at the same ttl */
	PATHS_LINE_LABEL,   /* MPLS */
	PATHS_LINE_NOTE,    /* index: enum path_note, or PATHS_NOTE_TEXT */
};

enum {
	PATHS_NOTE_TEXT = 255, /* what the collector says of it */
	PATHS_LINES_MAX = PATH_TTL_MAX * (PATH_ADDRESSES_MAX + PATH_LABELS_MAX) + 8,
};

struct paths_line {
	uint8_t kind;  /* enum paths_line_kind */
	uint8_t hop;   /* index into the path's hops */
	uint8_t index; /* of the address, the label, the note */
};

/* All that is shown below title and verdict, in order; at most PATHS_LINES_MAX. Returns how many.
 */
size_t paths_lines(const struct path *path, struct paths_line *lines);

#endif
