/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for the manual. */
#ifndef SOCKWATCH_BASE_ROFF_H
#define SOCKWATCH_BASE_ROFF_H

#include <stdio.h>

/* Prints one line of text; what roff would take for a request, an escape or a hyphen is escaped. */
void roff_print(FILE *out, const char *text);

#endif
