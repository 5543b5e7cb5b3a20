/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captures in pcapng, written block by block in either byte order. */
#ifndef SOCKWATCH_TESTS_UNIT_PCAPNG_FILE_H
#define SOCKWATCH_TESTS_UNIT_PCAPNG_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sockwatch/stream/stream.h>

#include "unit.h"

enum { FILE_MAX = 512 * 1024 };

/* A file as it is written, in either byte order. */
struct file {
	uint8_t data[FILE_MAX];
	size_t len;
	bool is_swapped;
};

static inline void
put_16(struct file *file, uint16_t number)
{
	if (file->is_swapped)
		number = __builtin_bswap16(number);
	memcpy(file->data + file->len, &number, sizeof number);
	file->len += sizeof number;
}

static inline void
put_32(struct file *file, uint32_t number)
{
	if (file->is_swapped)
		number = __builtin_bswap32(number);
	memcpy(file->data + file->len, &number, sizeof number);
	file->len += sizeof number;
}

static inline void
put(struct file *file, const void *bytes, size_t len)
{
	memcpy(file->data + file->len, bytes, len);
	file->len += len;
	while (file->len % 4 != 0)
		file->data[file->len++] = 0;
}

static inline size_t
begin(struct file *file, uint32_t type)
{
	put_32(file, type);
	put_32(file, 0);
	return file->len - 8;
}

/* Writes the length of the block that began there, before and after it. */
static inline void
end(struct file *file, size_t at)
{
	const size_t stop = file->len + 4;

	file->len = at + 4;
	put_32(file, (uint32_t)(stop - at));
	file->len = stop - 4;
	put_32(file, (uint32_t)(stop - at));
}

static inline void
add_section(struct file *file, bool is_swapped)
{
	size_t at;

	file->is_swapped = is_swapped;
	at = begin(file, 0x0a0d0d0a);
	put_32(file, 0x1a2b3c4d);
	put_16(file, 1);
	put_16(file, 0);
	put_32(file, UINT32_MAX);
	put_32(file, UINT32_MAX);
	end(file, at);
}

static inline void
add_option(struct file *file, uint16_t code, const void *value, uint16_t len)
{
	put_16(file, code);
	put_16(file, len);
	put(file, value, len);
}

static inline void
add_interface(struct file *file, uint16_t link_type, uint32_t snaplen, const char *name,
	uint8_t resolution)
{
	const size_t at = begin(file, 1);

	put_16(file, link_type);
	put_16(file, 0);
	put_32(file, snaplen);
	if (name != NULL)
		add_option(file, 2, name, (uint16_t)strlen(name));
	if (resolution != 0)
		add_option(file, 9, &resolution, 1);
	add_option(file, 0, "", 0);
	end(file, at);
}

static inline void
add_packet(struct file *file, uint32_t interface, uint64_t ticks, const char *text, uint32_t flags)
{
	const size_t at = begin(file, 6), len = strlen(text);

	put_32(file, interface);
	put_32(file, (uint32_t)(ticks >> 32));
	put_32(file, (uint32_t)ticks);
	put_32(file, (uint32_t)len);
	put_32(file, (uint32_t)len + 100);
	put(file, text, len);
	if (flags != 0) {
		put_16(file, 2);
		put_16(file, 4);
		put_32(file, flags);
		add_option(file, 0, "", 0);
	}
	end(file, at);
}

static inline struct stream_reader *
open_file(const struct file *file, size_t len, int *fd)
{
	struct error error = {.position = -1};
	struct stream_reader *reader;
	char path[64];

	*fd = memfd_create("file", MFD_CLOEXEC);
	assert_int_equal(write(*fd, file->data, len), len);
	snprintf(path, sizeof path, "/proc/self/fd/%d", *fd);
	reader = stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	assert_non_null(reader);
	return reader;
}

static inline void
refuse(const struct file *file, const char *part)
{
	struct error error = {.text = ""};
	struct stream_reader *reader;
	struct record record;
	int fd, status;

	reader = open_file(file, file->len, &fd);
	while ((status = stream_reader_next(reader, &record, &error)) == 1)
		continue;
	assert_int_equal(status, -EPROTO);
	if (strstr(error.text, part) == NULL)
		fail_msg("'%s' is not in '%s'", part, error.text);
	stream_reader_free(reader);
	close(fd);
}

#endif
