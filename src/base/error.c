/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences for people, with or without a position in the input. */
#include <config.h>

#include <sockwatch/base/error.h>

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

void
error_set(struct error *error, const char *format, ...)
{
	va_list arguments;

	if (error == NULL)
		return;
	error->position = -1;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof error->text, format, arguments);
	va_end(arguments);
}

int
error_refuse(struct error *error, const char *sentence)
{
	error_set(error, "%s", sentence);
	return -EINVAL;
}

void
error_set_at(struct error *error, size_t position, const char *format, ...)
{
	va_list arguments;

	if (error == NULL)
		return;
	error->position = position <= INT_MAX ? (int)position : -1;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof error->text, format, arguments);
	va_end(arguments);
}
