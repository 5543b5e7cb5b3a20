/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The routers of a hop: "10.0.0.1 gw.example", and "???" where nobody answers. */
#ifndef SOCKWATCH_TUI_PATHS_PATHS_HOST_H
#define SOCKWATCH_TUI_PATHS_PATHS_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include <sockwatch/analysis/hop_row.h>

struct pen;
struct tui;

/* The name of an address; NULL: not known, or numbers are wanted. For hop_row_fill. */
const char *paths_host_name(void *tui, const struct address *address);
/* The names of the target and the hops are wanted, where names are. */
void paths_host_want_names(struct tui *tui, const struct path *path);
/* Columns of the widest router of the hop, with or without its name. */
int paths_host_width(const struct hop_row *row, bool names);
void paths_host_format(const struct hop_row *row, unsigned index, char *out, size_t size);
void paths_host_draw(struct pen *pen, const struct hop_row *row, unsigned index, int width);
/* For another router at the same TTL: how many flows take it, or when it answered last. */
void paths_host_format_other(
	const struct path *path, const struct hop_row *row, unsigned index, char *out, size_t size);

#endif
