/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences for the user on standard error. */
#ifndef SOCKWATCH_APP_ERROR_PRINT_H
#define SOCKWATCH_APP_ERROR_PRINT_H

#include <sockwatch/base/error.h>

/* The error as "sockwatch: sentence". */
void error_print(const struct error *error);
/* The same with the input that it points into and a caret below the position. */
void error_print_at(const struct error *error, const char *input);

#endif
