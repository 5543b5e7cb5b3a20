/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes a stream apart into records and decides which file each goes to, what has to go for it, and
 * when a reader should be able to begin again.
 *
 *	piece.c   one file: records, and the index at its end
 *	ring.c    the files in their directory
 */
#include <config.h>

#include <sockwatch/recording/recorder.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/base/number.h>
#include <sockwatch/stream/losses.h>

#include "piece.h"
#include "resume.h"
#include "ring.h"

enum {
	/* A key frame is due when so much came since the last one, and as much as that took. */
	KEY_BYTES = 1024 * 1024,
	KEY_MIN_S = 10,
	KEY_MAX_S = 300,
	KEY_AGAIN_S = 2,    /* one that was not complete is asked for again */
	KEY_FRAMES_MIN = 4, /* that a ring must have room for */
};

struct recorder {
	struct recorder_options options;
	struct recorder_facts facts;
	struct stream_cutter *cutter;
	struct ring ring;
	struct piece piece;
	bool is_ring, is_output;
	uint64_t begun_ns; /* CLOCK_MONOTONIC, of the piece; 0: it has just begun */
	/* The last key frame that was complete. */
	uint64_t key_ns;   /* CLOCK_MONOTONIC; 0: none yet, or it has just ended */
	uint64_t key_size; /* bytes */
	uint64_t key_end;  /* in its piece */
	uint64_t asked_ns; /* CLOCK_MONOTONIC: one was asked for; 0: none is awaited */
	bool is_turning;   /* the next one begins another piece */
	bool is_wanted;    /* one is due, whatever came since the last */
	uint64_t losses[LOSS_COUNT];
};

static int
refuse_existing(const struct recorder *recorder, struct error *error)
{
	error_set(error, "%s is there already: --append goes on behind it, --force replaces it",
		recorder->options.path);
	return -EEXIST;
}

/* Of a file that is there: what for. */
static int
open_single(struct recorder *recorder, const char *name, struct error *error)
{
	const struct recorder_options *const options = &recorder->options;
	const int how = options->append  ? O_RDWR | O_CREAT
			: options->force ? O_WRONLY | O_CREAT | O_TRUNC
					 : O_WRONLY | O_CREAT | O_EXCL;
	const int fd = openat(
		recorder->ring.directory, name, how | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
	struct stat facts;

	if (fd < 0 && errno == EEXIST)
		return refuse_existing(recorder, error);
	if (fd < 0) {
		error_set(error, "cannot write %s: %s", options->path, file_words(errno));
		return -errno;
	}
	if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode))
		return fd;
	error_set(error, "%s is no regular file; \"-\" is standard output", options->path);
	close(fd);
	return -EINVAL;
}

static int
begin_single(struct recorder *recorder, struct error *error)
{
	char name[sizeof recorder->piece.name];
	int fd, result;

	snprintf(name, sizeof name, "%s%s", recorder->ring.stem, recorder->ring.suffix);
	fd = open_single(recorder, name, error);
	if (fd < 0)
		return fd;
	result = recorder->options.append ? resume_piece(&recorder->piece, fd, name, error)
					  : piece_begin(&recorder->piece, fd, name, 0);
	if (result != 0 && recorder->piece.fd < 0)
		close(fd);
	return result;
}

static int
open_files(struct recorder *recorder, struct error *error)
{
	int result;

	if (recorder->is_output)
		return piece_begin(&recorder->piece, fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3),
			"standard output", 0);
	if (recorder->options.path == NULL) {
		ring_open_memory(&recorder->ring);
		return 0;
	}
	result = ring_open(&recorder->ring, recorder->options.path, recorder->is_ring, error);
	if (result == 0 && !recorder->is_ring)
		result = begin_single(recorder, error);
	return result;
}

struct recorder *
recorder_new(const struct recorder_options *options, struct error *error)
{
	struct recorder *const recorder = calloc(1, sizeof *recorder);

	error_set(error, "there is not enough memory to begin");
	if (recorder == NULL)
		return NULL;
	recorder->options = *options;
	recorder->is_output = options->path != NULL && strcmp(options->path, "-") == 0;
	recorder->is_ring = options->max_bytes != 0 || options->max_age_ns != 0;
	recorder->ring.directory = -1;
	piece_init(&recorder->piece);
	recorder->facts.name = recorder->piece.name;
	recorder->cutter = stream_cutter_new();
	if (recorder->cutter != NULL && open_files(recorder, error) == 0)
		return recorder;
	recorder_free(recorder);
	return NULL;
}

void
recorder_free(struct recorder *recorder)
{
	if (recorder == NULL)
		return;
	stream_cutter_free(recorder->cutter);
	piece_fini(&recorder->piece);
	ring_fini(&recorder->ring);
	free(recorder);
}

void
recorder_restart(struct recorder *recorder)
{
	stream_cutter_restart(recorder->cutter);
	recorder->asked_ns = 0;
	memset(recorder->losses, 0, sizeof recorder->losses);
}

static int
fail(const struct recorder *recorder, int result, struct error *error)
{
	error_set(error, "cannot write %s: %s", recorder->piece.name, file_words(result));
	return result;
}

static int
drop(struct recorder *recorder)
{
	const int result = ring_drop(&recorder->ring);

	recorder->facts.removed += result == 0;
	return result;
}

static int
flush(struct recorder *recorder)
{
	int result = piece_flush(&recorder->piece);

	/* On a full disk the oldest file goes. */
	while (result == -ENOSPC && drop(recorder) == 0)
		result = piece_flush(&recorder->piece);
	return result;
}

/* Closes the piece; it is a file of the ring like the others then. */
static int
end_piece(struct recorder *recorder)
{
	struct piece *const piece = &recorder->piece;
	int result = flush(recorder);
	int memory = -1;

	if (result == 0 && recorder->options.path == NULL)
		memory = fcntl(piece->fd, F_DUPFD_CLOEXEC, 3);
	if (result == 0)
		result = piece_finish(piece);
	if (result == 0 && recorder->is_ring)
		result = ring_keep(
			&recorder->ring, piece->name, memory, piece->size, piece->last_ns);
	return result;
}

static int
next_piece(struct recorder *recorder, uint64_t time_ns)
{
	char name[sizeof recorder->piece.name];
	int result = recorder->piece.fd >= 0 ? end_piece(recorder) : 0;
	int fd;

	if (result != 0)
		return result;
	while (recorder->ring.count >= recorder->options.files && (result = drop(recorder)) == 0)
		;
	fd = result == 0 ? ring_create(&recorder->ring, time_ns, name, sizeof name) : result;
	if (fd < 0)
		return fd;
	recorder->is_turning = false;
	recorder->begun_ns = 0;
	recorder->key_end = 0;
	return piece_begin(&recorder->piece, fd, name, 0);
}

/* Makes room for so many bytes within the bound. */
static int
make_room(struct recorder *recorder, size_t len, struct error *error)
{
	const uint64_t most = recorder->options.max_bytes;
	int result = 0;

	while (most != 0 && result == 0 &&
		recorder->ring.size + recorder->piece.size + len + PIECE_INDEX_MAX > most)
		result = drop(recorder);
	if (result == -ENOENT)
		error_set(error,
			"%s alone has reached the bound of --max-size before the next could begin",
			recorder->piece.name);
	else if (result != 0)
		error_set(
			error, "cannot remove the oldest file of the ring: %s", file_words(result));
	return result;
}

/* Files whose last record is older than the bound. */
static int
drop_old(struct recorder *recorder, uint64_t now_ns)
{
	const uint64_t most_ns = recorder->options.max_age_ns;
	int result = 0;

	while (most_ns != 0 && result == 0 && recorder->ring.count != 0 &&
		recorder->ring.files[0].last_ns + most_ns < now_ns)
		result = drop(recorder);
	return result;
}

static int
check_room(const struct recorder *recorder, struct error *error)
{
	char have[24], need[24];

	if (recorder->options.max_bytes == 0 ||
		recorder->options.max_bytes >= KEY_FRAMES_MIN * recorder->key_size)
		return 0;
	error_set(error,
		"--max-size %s is too small for this box: all of its sockets once take %s, and there must be room for %d times that",
		number_format_short(recorder->options.max_bytes, UNIT_BYTES, have, sizeof have),
		number_format_short(recorder->key_size, UNIT_BYTES, need, sizeof need),
		KEY_FRAMES_MIN);
	return -EMSGSIZE;
}

static void
note_key(struct recorder *recorder)
{
	const struct piece *const piece = &recorder->piece;

	recorder->facts.key_frames++;
	recorder->key_size = piece->size - piece->key_offset;
	recorder->key_end = piece->size;
	recorder->key_ns = recorder->asked_ns = 0;
	recorder->is_wanted = false;
}

/* A crash loses the refresh under way, no more; of the system, what came since a key frame. */
static int
end_refresh(struct recorder *recorder, uint64_t time_ns, enum piece_end end, struct error *error)
{
	int result = flush(recorder);

	recorder->facts.snapshots++;
	recorder->facts.sockets = recorder->piece.listed;
	if (end == PIECE_END_KEY_FRAME)
		note_key(recorder);
	/* Another one is asked for soon. */
	if (end == PIECE_END_BROKEN_KEY_FRAME)
		recorder->is_wanted = true;
	if (result == 0)
		result = drop_old(recorder, time_ns);
	if (result != 0)
		return fail(recorder, result, error);
	if (end != PIECE_END_KEY_FRAME)
		return 0;
	(void)fdatasync(recorder->piece.fd);
	return check_room(recorder, error);
}

static void
take_loss(struct recorder *recorder, const struct message_loss *loss)
{
	if (loss->what >= LOSS_COUNT || loss->count < recorder->losses[loss->what])
		return;
	recorder->facts.lost += loss->count - recorder->losses[loss->what];
	recorder->losses[loss->what] = loss->count;
}

static void
take_message(struct recorder *recorder, const struct stream_cut *cut)
{
	const struct recorder_options *const options = &recorder->options;
	struct message message;

	if ((cut->type != MESSAGE_LOSS && cut->type != MESSAGE_NOTICE) ||
		stream_cutter_decode(recorder->cutter, cut, &message) != 0)
		return;
	if (cut->type == MESSAGE_LOSS)
		take_loss(recorder, &message.body.loss);
	else if (options->on_notice != NULL)
		options->on_notice(options->context, &message.body.notice);
}

static void
note_record(struct recorder *recorder, const struct stream_cut *cut)
{
	struct recorder_facts *const facts = &recorder->facts;

	if (facts->first_ns == 0)
		facts->first_ns = cut->time_ns;
	facts->last_ns = cut->time_ns;
	facts->bytes += cut->len;
}

static int
take(struct recorder *recorder, const struct stream_cut *cut, struct error *error)
{
	enum piece_end end;
	int result = 0;

	if (recorder->is_ring && cut->type == MESSAGE_HELLO &&
		(recorder->piece.fd < 0 || recorder->is_turning)) {
		result = next_piece(recorder, cut->time_ns);
		if (result != 0)
			return fail(recorder, result, error);
	}
	result = make_room(recorder, cut->len, error);
	if (result != 0)
		return result;
	result = piece_add(&recorder->piece, cut);
	if (result == 0 && piece_is_due(&recorder->piece))
		result = flush(recorder);
	if (result != 0)
		return fail(recorder, result, error);
	note_record(recorder, cut);
	end = piece_note_message(&recorder->piece, recorder->cutter, cut);
	if (end != PIECE_END_NOTHING)
		return end_refresh(recorder, cut->time_ns, end, error);
	take_message(recorder, cut);
	return 0;
}

int
recorder_take(struct recorder *recorder, const void *bytes, size_t len, struct error *error)
{
	struct stream_cut cut;
	int result = stream_cutter_add(recorder->cutter, bytes, len);

	if (result != 0)
		error_set(error, "there is not enough memory for a record");
	while (result == 0 && (result = stream_cutter_next(recorder->cutter, &cut, error)) == 1)
		result = take(recorder, &cut, error);
	return result;
}

static bool
is_turn_due(const struct recorder *recorder, uint64_t now_ns)
{
	const struct recorder_options *const options = &recorder->options;

	if (!recorder->is_ring || recorder->piece.fd < 0)
		return false;
	return (options->max_bytes != 0 &&
		       recorder->piece.size >= options->max_bytes / options->files) ||
	       (options->max_age_ns != 0 &&
		       now_ns - recorder->begun_ns >= options->max_age_ns / options->files);
}

static bool
is_key_due(const struct recorder *recorder, uint64_t now_ns)
{
	const uint64_t since = recorder->piece.size - recorder->key_end;
	const uint64_t most = recorder->key_size > KEY_BYTES ? recorder->key_size : KEY_BYTES;
	const uint64_t age_ns = now_ns - recorder->key_ns;

	return (since >= most && age_ns >= KEY_MIN_S * CLOCK_NS_PER_S) ||
	       age_ns >= KEY_MAX_S * CLOCK_NS_PER_S;
}

bool
recorder_wants_key(struct recorder *recorder, uint64_t monotonic_ns)
{
	if (recorder->key_ns == 0)
		recorder->key_ns = monotonic_ns;
	if (recorder->begun_ns == 0)
		recorder->begun_ns = monotonic_ns;
	if (recorder->asked_ns != 0 &&
		monotonic_ns - recorder->asked_ns < KEY_AGAIN_S * CLOCK_NS_PER_S)
		return false;
	if (recorder->piece.in_key)
		return false;
	if (is_turn_due(recorder, monotonic_ns))
		recorder->is_turning = true;
	if (!recorder->is_turning && !recorder->is_wanted && !is_key_due(recorder, monotonic_ns))
		return false;
	recorder->asked_ns = monotonic_ns;
	return true;
}

void
recorder_turn(struct recorder *recorder)
{
	recorder->is_turning = recorder->is_ring;
	recorder->is_wanted = true;
	recorder->asked_ns = 0;
}

int
recorder_mark(struct recorder *recorder, const char *text, struct error *error)
{
	const struct message_mark mark = {.text = text_of(text)};
	struct buffer bytes;
	struct stream_cut cut = {.time_ns = clock_realtime_ns(), .type = MESSAGE_MARK};
	int result;

	buffer_init(&bytes, 0);
	result = stream_append_message(&bytes, cut.time_ns, MESSAGE_MARK, &mark);
	cut.bytes = bytes.data;
	cut.len = bytes.len;
	if (result == 0 && recorder->piece.fd >= 0)
		result = take(recorder, &cut, error);
	else if (result != 0)
		error_set(error, "there is not enough memory for a mark");
	buffer_fini(&bytes);
	return result;
}

int
recorder_finish(struct recorder *recorder, struct error *error)
{
	int result = 0;

	if (recorder->piece.fd >= 0) {
		result = end_piece(recorder);
		if (result != 0)
			(void)fail(recorder, result, error);
	}
	return result;
}

int
recorder_open(struct recorder *recorder, int *fds, size_t room)
{
	const struct ring *const ring = &recorder->ring;
	size_t count = 0;

	if (recorder->piece.fd >= 0)
		(void)flush(recorder);
	for (size_t i = 0; i < ring->count && count < room; i++)
		fds[count++] = fcntl(ring->files[i].fd, F_DUPFD_CLOEXEC, 3);
	if (recorder->piece.fd >= 0 && recorder->piece.snapshots != 0 && count < room)
		fds[count++] = fcntl(recorder->piece.fd, F_DUPFD_CLOEXEC, 3);
	return (int)count;
}

const struct recorder_facts *
recorder_facts(const struct recorder *recorder)
{
	return &recorder->facts;
}
