/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See memory_user_file.h. */
#include <config.h>

#include "memory_user_file.h"

#include "app/config/user_file.h"

struct memory_user_file memory_user_file;

int __wrap_user_file_read(const char *path, struct buffer *out, struct error *error);
int __wrap_user_file_write(const char *path, const void *data, size_t len, struct error *error);

int
__wrap_user_file_read(const char *path, struct buffer *out, struct error *error)
{
	if (memory_user_file.error != 0)
		error_set(error, "%s cannot be read", path);
	else
		buffer_append(out, memory_user_file.data, memory_user_file.len);
	return memory_user_file.error;
}

int
__wrap_user_file_write(const char *path, const void *data, size_t len, struct error *error)
{
	buffer_clear(&memory_user_file.written);
	if (memory_user_file.error != 0)
		error_set(error, "%s cannot be written", path);
	else
		buffer_append(&memory_user_file.written, data, len);
	return memory_user_file.error;
}
