/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints a table of fields for the manual page. */
#include <config.h>

#include <stdio.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/base/roff.h>

#include "app/docgen_fields.h"

static const char *
unit_name(enum unit unit)
{
	switch (unit) {
	case UNIT_NONE: return "";
	case UNIT_COUNT: return "";
	case UNIT_BYTES: return "bytes";
	case UNIT_BYTES_PER_SECOND: return "bytes/s";
	case UNIT_SEGMENTS: return "segments";
	case UNIT_PERCENT: return "%";
	case UNIT_US: return "us";
	case UNIT_MS: return "ms";
	case UNIT_S: return "s";
	}
	return "";
}

void
docgen_print_fields(const struct field_table *table, FILE *out)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *const field = &table->fields[i];

		fputs(".TP\n\\fB", out);
		roff_print(out, field->name);
		fputs("\\fR", out);
		if (*unit_name(field->unit))
			fprintf(out, " (%s)", unit_name(field->unit));
		if (!(field->flags & FIELD_REPORT))
			fputs(" column only", out);
		fputc('\n', out);
		roff_print(out, field->help);
		if (field->alias != NULL) {
			fputs(".\nAlso: ", out);
			roff_print(out, field->alias);
		}
		fputs(".\n", out);
	}
}
