/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the tables of fields write their rows: positions for what every row has, designators after
 * the help text for what few have (.alias, .needs, .words …). A table makes macros of its own from
 * these for rows that differ in a few words.
 */
#ifndef SOCKWATCH_ANALYSIS_FIELD_FIELD_ROWS_H
#define SOCKWATCH_ANALYSIS_FIELD_FIELD_ROWS_H

#include <sockwatch/analysis/field.h>

/* Flags, as short as a row needs them. */
#define COLUMN        FIELD_COLUMN
#define REPORT        FIELD_REPORT
#define TICKS         FIELD_TICKS
#define STRETCH       FIELD_STRETCH
#define GROUP         FIELD_GROUP
#define PORT          FIELD_PORT
#define ESSENTIAL     FIELD_ESSENTIAL
#define WORD          (FIELD_COLUMN | FIELD_REPORT)
#define NUMBER        (FIELD_COLUMN | FIELD_REPORT | FIELD_RIGHT)
#define SUM           (NUMBER | FIELD_SUM)
#define COLUMN_NUMBER (FIELD_COLUMN | FIELD_RIGHT)

/* name, heading, width, flags, kind, getter, help, designators */
#define FIELD(name_, title_, width_, flags_, kind_, get_, ...)                                     \
	{                                                                                          \
		.name = name_, .title = title_, .width = width_, .flags = flags_, .kind = kind_,   \
		.get = get_, .help = __VA_ARGS__                                                   \
	}

/* name, heading, width, flags, getter, help, designators */
#define TEXT(name_, title_, width_, flags_, get_, ...)                                             \
	FIELD(name_, title_, width_, flags_, VALUE_TEXT, get_, __VA_ARGS__)

/* A number of which the largest is looked at first: name, heading, width, unit, flags, getter, … */
#define AMOUNT(name_, title_, width_, unit_, flags_, get_, ...)                                    \
	{                                                                                          \
		.name = name_, .title = title_, .width = width_, .unit = unit_, .flags = flags_,   \
		.kind = VALUE_UNSIGNED, .descending = true, .get = get_, .help = __VA_ARGS__       \
	}

#endif
