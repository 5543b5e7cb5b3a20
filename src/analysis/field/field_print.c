/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of fields as the manual page prints it. */
#include <config.h>

#include <stdio.h>

#include <sockwatch/analysis/field.h>

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

/* In roff a leading dot or apostrophe begins a request, and a backslash an escape. */
static void
print_escaped(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else
			fputc(*text, out);
	}
}

void
field_print_roff(const struct field_table *table, FILE *out)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct field *const field = &table->fields[i];

		fputs(".TP\n\\fB", out);
		print_escaped(out, field->name);
		fputs("\\fR", out);
		if (*unit_name(field->unit))
			fprintf(out, " (%s)", unit_name(field->unit));
		if (!(field->flags & FIELD_REPORT))
			fputs(" column only", out);
		fputc('\n', out);
		print_escaped(out, field->help);
		if (field->alias != NULL) {
			fputs(".\nAlso: ", out);
			print_escaped(out, field->alias);
		}
		fputs(".\n", out);
	}
}
