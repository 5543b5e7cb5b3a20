/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hop of a probed path as a row, and its fields: the hop keys of INTERFACE, and columns as mtr
 * has. */
#ifndef SOCKWATCH_ANALYSIS_HOP_ROW_H
#define SOCKWATCH_ANALYSIS_HOP_ROW_H

#include <sockwatch/analysis/field.h>
#include <sockwatch/model/path.h>

enum { HOP_ROW_LABEL_SIZE = 48, HOP_ROW_NAME_SIZE = 256 };

/* hop_row_fill fills it. It lives until its path is started again. */
struct hop_row {
	const struct path *path;
	const struct hop *hop;
	char target[ADDRESS_TEXT_SIZE]; /* of the path */
	char addresses[PATH_ADDRESSES_MAX][ADDRESS_TEXT_SIZE];
	char names[PATH_ADDRESSES_MAX][HOP_ROW_NAME_SIZE]; /* clean; "" where there is none */
	char labels[PATH_LABELS_MAX][HOP_ROW_LABEL_SIZE];
};

/* name: the name of an address, not clean, or NULL; may itself be NULL: no names. */
void hop_row_fill(struct hop_row *row, const struct path *path, const struct hop *hop,
	const char *(*name)(void *context, const struct address *address), void *context);

/*
 * Whether this is the first hop beyond all that answered, on a path whose end nobody reported: the
 * target is silent there, or somebody before it drops.
 */
bool hop_row_is_beyond(const struct path *path, const struct hop *hop);

extern const struct field_table hop_fields;

/* A remark on a hop: the verdict, an ICMP error in words, an MTU; "" for none. */
size_t hop_row_words(const struct hop_row *row, char *out, size_t size);

enum hop_row_style {
	HOP_ROW_SHORT, /* "1.2k": for columns */
	HOP_ROW_PLAIN, /* "1234": for reports */
};

/* The cell of a column: "12.5%", "3.1"; "-" when it is not known. */
void hop_row_format(const struct hop_row *row, const struct field *field, enum hop_row_style style,
	char *out, size_t size);

#endif
