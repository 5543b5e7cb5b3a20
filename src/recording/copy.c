/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes one recording of the files of a ring in memory. */
#include <config.h>

#include <sockwatch/recording/recorder.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <sockwatch/stream/cutter.h>

enum { FILES_MAX = 64, CHUNK = 64 * 1024 };

struct copying {
	int (*write)(void *context, const void *bytes, size_t len);
	void *context;
	struct stream_cutter *cutter;
	uint8_t bytes[CHUNK];
};

/* Whole records; the index of one file is none of all. */
static int
copy_records(struct copying *copying, size_t len)
{
	struct error error = {.position = -1};
	struct stream_cut cut;
	int result = stream_cutter_add(copying->cutter, copying->bytes, len);

	while (result == 0 && (result = stream_cutter_next(copying->cutter, &cut, &error)) == 1) {
		result = cut.type != MESSAGE_INDEX
				 ? copying->write(copying->context, cut.bytes, cut.len)
				 : 0;
	}
	return result;
}

static int
copy_file(struct copying *copying, int fd)
{
	uint64_t place = 0;
	ssize_t count = 1;
	int result = 0;

	stream_cutter_restart(copying->cutter);
	while (result == 0 && count != 0) {
		count = pread(fd, copying->bytes, CHUNK, (off_t)place);
		if (count < 0 && errno != EINTR)
			return -errno;
		if (count <= 0)
			continue;
		place += (uint64_t)count;
		result = copy_records(copying, (size_t)count);
	}
	return result;
}

static int
write_header(struct copying *copying)
{
	uint8_t header[STREAM_HEADER_SIZE];

	stream_header_fill(header);
	return copying->write(copying->context, header, sizeof header);
}

int
recorder_copy(struct recorder *recorder, int (*write)(void *context, const void *bytes, size_t len),
	void *context)
{
	struct copying *const copying = calloc(1, sizeof *copying);
	int fds[FILES_MAX];
	const int count = recorder_open(recorder, fds, FILES_MAX);
	int result = -ENOMEM;

	if (copying != NULL)
		copying->cutter = stream_cutter_new();
	if (copying != NULL && copying->cutter != NULL) {
		copying->write = write;
		copying->context = context;
		result = count != 0 ? write_header(copying) : -ENODATA;
	}
	for (int i = 0; i < count; i++) {
		if (result == 0 && fds[i] >= 0)
			result = copy_file(copying, fds[i]);
		if (fds[i] >= 0)
			close(fds[i]);
	}
	if (copying != NULL)
		stream_cutter_free(copying->cutter);
	free(copying);
	return result;
}
