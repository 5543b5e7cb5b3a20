/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A probed path in words. Pure: a path in, a text out. */
#ifndef SOCKWATCH_ANALYSIS_EXPLAIN_PATH_H
#define SOCKWATCH_ANALYSIS_EXPLAIN_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/model/model.h>
#include <sockwatch/model/path.h>

/* The other two round-trip times, those of the socket itself; NAN: not known. */
struct path_rtts {
	double kernel_us, handshake_us;
	bool has_handshake; /* it began with one, seen or not */
};

/* "tcp 443", "udp 53", "icmp". */
size_t explain_path_protocol(const struct message_probe_start *start, char *out, size_t size);
/* "0.412 ms", "12.1 ms"; NAN: "". */
size_t explain_path_ms(double us, char *out, size_t size);
/* How many of the decided probes of a hop are lost: " (3 of 20)"; "" where none is. */
size_t explain_path_lost(const struct hop *hop, char *out, size_t size);
/* The hop where the target answered, or NULL. */
const struct hop *explain_path_target(const struct path *path);

enum path_mood { PATH_UNDECIDED, PATH_WELL, PATH_ILL };

/* The verdict on the path in words, beside the kernel's time for the connection itself. */
enum path_mood explain_path_verdict(
	const struct path *path, const struct path_rtts *rtts, char *out, size_t size);

/*
 * The target as text, with its zone where it names no host without one: by the name of the link
 * where model (which may be NULL) has it, else by its number. Clean. Returns out; size >=
 * ADDRESS_TEXT_SIZE.
 */
char *explain_path_address(
	const struct model *model, const struct message_probe_start *start, char *out, size_t size);
/*
 * The path leads to the row's peer: to the same address, out of the same namespace. By which
 * protocol and to which port is another question.
 */
bool explain_path_is_to(const struct model *model, const struct message_probe_start *start,
	const struct socket_row *row);

#endif
