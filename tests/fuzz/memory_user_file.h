/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of the user in memory, for targets that are linked with -Wl,--wrap=user_file_read and
 * --wrap=user_file_write: what is read, whatever the path, and what was written last.
 */
#ifndef SOCKWATCH_TESTS_FUZZ_MEMORY_USER_FILE_H
#define SOCKWATCH_TESTS_FUZZ_MEMORY_USER_FILE_H

#include <stddef.h>

#include <sockwatch/base/buffer.h>

extern struct memory_user_file {
	const void *data;
	size_t len;
	int error; /* of the next read and write: a negative errno, or 0 */
	struct buffer written;
} memory_user_file;

#endif
