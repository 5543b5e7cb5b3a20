/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of fields as the manual page prints them. */
#ifndef SOCKWATCH_APP_DOCGEN_FIELDS_H
#define SOCKWATCH_APP_DOCGEN_FIELDS_H

#include <stdio.h>

#include <sockwatch/analysis/field.h>

/* The rows of a table, as roff: name, unit, help. */
void docgen_print_fields(const struct field_table *table, FILE *out);

#endif
