/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An input as a file, for readers that open a path or read a descriptor. */
#ifndef SOCKWATCH_TESTS_FUZZ_MEMORY_FILE_H
#define SOCKWATCH_TESTS_FUZZ_MEMORY_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct memory_file {
	int fd;
	char path[32]; /* opens it anew, at its beginning */
};

static inline struct memory_file
memory_file_make(const void *data, size_t len)
{
	struct memory_file file = {.fd = memfd_create("input", MFD_CLOEXEC)};

	if (file.fd < 0 || (len != 0 && write(file.fd, data, len) != (ssize_t)len))
		abort();
	snprintf(file.path, sizeof file.path, "/proc/self/fd/%d", file.fd);
	return file;
}

#endif
