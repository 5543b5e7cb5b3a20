/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a recording to its end, to go on there. */
#include <config.h>

#include "resume.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/file_words.h>

enum { CHUNK = 64 * 1024 };

struct resuming {
	struct piece *piece;
	struct stream_cutter *cutter;
	uint64_t offset; /* behind the record that was cut last */
	uint64_t end;    /* behind the last one that is no index */
};

static void
take(struct resuming *resuming, const struct stream_cut *cut)
{
	resuming->offset += cut->len;
	if (cut->type == MESSAGE_INDEX)
		return;
	piece_note_record(resuming->piece, cut, resuming->offset - cut->len);
	resuming->end = resuming->offset;
	(void)piece_note_message(resuming->piece, resuming->cutter, cut);
}

static int
take_bytes(struct resuming *resuming, const uint8_t *bytes, size_t len, const char *name,
	struct error *error)
{
	struct stream_cut cut;
	struct error why = {.position = -1};
	int result = stream_cutter_add(resuming->cutter, bytes, len);

	while (result == 0 && (result = stream_cutter_next(resuming->cutter, &cut, &why)) == 1) {
		take(resuming, &cut);
		result = 0;
	}
	if (result == -EPROTO)
		error_set(error, "%s cannot be gone on with: behind byte %" PRIu64 " %s", name,
			resuming->offset, why.text);
	else if (result != 0)
		error_set(error, "there is not enough memory to read %s", name);
	return result;
}

static int
read_all(struct resuming *resuming, int fd, const char *name, struct error *error)
{
	uint8_t bytes[CHUNK];
	ssize_t count;
	int result = 0;

	while (result == 0 && (count = read(fd, bytes, sizeof bytes)) != 0) {
		if (count > 0) {
			result = take_bytes(resuming, bytes, (size_t)count, name, error);
		} else if (errno != EINTR) {
			result = -errno;
			error_set(error, "cannot read %s: %s", name, file_words(result));
		}
	}
	return result;
}

static int
cut_off(int fd, uint64_t end, const char *name, struct error *error)
{
	if (ftruncate(fd, (off_t)end) == 0 && lseek(fd, (off_t)end, SEEK_SET) >= 0)
		return 0;
	error_set(error, "cannot cut %s off behind its last whole record: %s", name,
		file_words(errno));
	return -errno;
}

int
resume_piece(struct piece *piece, int fd, const char *name, struct error *error)
{
	struct resuming resuming = {
		.piece = piece, .cutter = stream_cutter_new(), .offset = STREAM_HEADER_SIZE};
	const off_t size = lseek(fd, 0, SEEK_END);
	int result = -ENOMEM;

	error_set(error, "there is not enough memory to begin");
	if (size < STREAM_HEADER_SIZE || lseek(fd, 0, SEEK_SET) != 0) {
		/* Nothing that could be kept. */
		stream_cutter_free(resuming.cutter);
		result = cut_off(fd, 0, name, error);
		return result == 0 ? piece_begin(piece, fd, name, 0) : result;
	}
	if (resuming.cutter != NULL)
		result = piece_begin(piece, fd, name, STREAM_HEADER_SIZE);
	resuming.end = STREAM_HEADER_SIZE;
	if (result == 0)
		result = read_all(&resuming, fd, name, error);
	if (result == 0)
		result = cut_off(fd, resuming.end, name, error);
	stream_cutter_free(resuming.cutter);
	piece->size = resuming.end;
	piece->in_key = false;
	if (result != 0)
		piece->fd = -1;
	return result;
}
