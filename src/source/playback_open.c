/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds and opens the files of a playback, and puts them in order: they are of one host, since it
 * was booted. */
#include <config.h>

#include "playback_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>

enum { FILES_MAX = 1000 };

/* What was asked for, as far as it is open. */
struct opening {
	const char *paths;
	int fds[FILES_MAX];
	char *names[FILES_MAX];
	size_t count;
	bool is_folder; /* names came from a folder, where other files may be too */
	struct error error;
};

static int
open_one(struct opening *opening, const char *path)
{
	int fd;

	if (opening->count == FILES_MAX) {
		error_set(&opening->error, "more than %d recordings; name fewer", FILES_MAX);
		return -E2BIG;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		error_set(&opening->error, "cannot open %s: %s", path, file_words(-errno));
		return -EINVAL;
	}
	opening->names[opening->count] = strdup(path);
	opening->fds[opening->count++] = fd;
	return 0;
}

static bool
is_regular(const char *path)
{
	struct stat facts;

	return stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
}

static int
open_folder(struct opening *opening, const char *path)
{
	DIR *const folder = opendir(path);
	const struct dirent *entry;
	char name[4096];
	int result = 0;

	if (folder == NULL) {
		error_set(
			&opening->error, "cannot read the folder %s: %s", path, file_words(-errno));
		return -EINVAL;
	}
	opening->is_folder = true;
	while (result == 0 && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		if (is_regular(name))
			result = open_one(opening, name);
	}
	closedir(folder);
	if (result == 0 && opening->count == 0) {
		error_set(&opening->error, "there is no recording in the folder %s", path);
		return -EINVAL;
	}
	return result;
}

static int
open_path(struct opening *opening, const char *path)
{
	struct stat facts;

	return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode) ? open_folder(opening, path)
								 : open_one(opening, path);
}

/* All words are one path when there is such a file. */
static int
open_all(void *context)
{
	struct opening *const opening = context;
	char *words, *rest, *word;
	int result = 0;

	if (access(opening->paths, F_OK) == 0 || strchr(opening->paths, ' ') == NULL)
		return open_path(opening, opening->paths);
	words = strdup(opening->paths);
	for (word = words != NULL ? strtok_r(words, " ", &rest) : NULL; word != NULL && result == 0;
		word = strtok_r(NULL, " ", &rest))
		result = open_path(opening, word);
	free(words);
	return result;
}

static void
close_all(struct opening *opening)
{
	for (size_t i = 0; i < opening->count; i++) {
		if (opening->fds[i] >= 0)
			close(opening->fds[i]);
		free(opening->names[i]);
	}
}

/* A folder may hold other files; a file that was named must be a recording. */
static int
take_tracks(struct playback *playback, struct opening *opening, struct error *error)
{
	playback->tracks = calloc(opening->count, sizeof *playback->tracks);
	if (playback->tracks == NULL) {
		error_set(error, "there is not enough memory to begin");
		return -ENOMEM;
	}
	for (size_t i = 0; i < opening->count; i++) {
		struct track *const track = &playback->tracks[playback->track_count];
		const int fd = opening->fds[i];
		int result = -ENOMEM;

		opening->fds[i] = -1;
		if (opening->names[i] != NULL)
			result = track_open(track, fd, opening->names[i], error);
		else
			close(fd);
		if (result == 0)
			playback->track_count++;
		else if (!opening->is_folder || result != -EINVAL)
			return result;
	}
	return playback->track_count > 0 ? 0 : -EINVAL;
}

static int
compare_tracks(const void *a, const void *b)
{
	const struct track *const x = a, *const y = b;

	return (x->index.first_ns > y->index.first_ns) - (x->index.first_ns < y->index.first_ns);
}

/* The files are of the same box since the same boot, or which two are not. */
static int
check_hosts(const struct playback *playback, struct error *error)
{
	const struct track *const first = &playback->tracks[0];

	for (size_t i = 1; i < playback->track_count; i++) {
		const struct track *const other = &playback->tracks[i];

		if (strcmp(first->host, other->host) == 0 && strcmp(first->boot, other->boot) == 0)
			continue;
		error_set(error,
			"%.150s and %.150s are of different hosts or boots; replay them one by one",
			first->path, other->path);
		return -EINVAL;
	}
	return 0;
}

static void
set_span(struct playback *playback)
{
	static const uint64_t gap_ns = 10 * CLOCK_NS_PER_S;

	playback->begin_ns = playback->tracks[0].index.first_ns;
	for (size_t i = 0; i < playback->track_count; i++) {
		const struct stream_index *const index = &playback->tracks[i].index;

		if (i > 0 && index->first_ns > playback->end_ns + gap_ns)
			playback->gaps++;
		if (index->last_ns > playback->end_ns)
			playback->end_ns = index->last_ns;
	}
}

static struct playback *
make(struct opening *opening, struct error *error)
{
	struct playback *const playback = calloc(1, sizeof *playback);

	if (playback == NULL) {
		error_set(error, "there is not enough memory to begin");
		return NULL;
	}
	playback->speed = 1;
	if (take_tracks(playback, opening, error) != 0) {
		playback_free(playback);
		return NULL;
	}
	qsort(playback->tracks, playback->track_count, sizeof *playback->tracks, compare_tracks);
	for (size_t i = 0; i < playback->track_count; i++)
		track_moved(&playback->tracks[i]);
	if (check_hosts(playback, error) != 0) {
		playback_free(playback);
		return NULL;
	}
	set_span(playback);
	return playback;
}

struct playback *
playback_open_files(const int *fds, size_t count, struct error *error)
{
	struct opening *const opening = calloc(1, sizeof *opening);
	struct playback *playback = NULL;

	error_set(error, "there is not enough memory to begin");
	for (size_t i = 0; i < count; i++) {
		if (fds[i] >= 0 && opening != NULL && opening->count < FILES_MAX) {
			opening->names[opening->count] = strdup("the past");
			opening->fds[opening->count++] = fds[i];
		} else if (fds[i] >= 0) {
			close(fds[i]);
		}
	}
	if (opening != NULL && opening->count != 0) {
		/* One that holds no snapshot yet is left out. */
		opening->is_folder = true;
		playback = make(opening, error);
	}
	if (opening != NULL)
		close_all(opening);
	free(opening);
	return playback;
}

struct playback *
playback_open(const char *paths, struct error *error)
{
	struct opening *const opening = calloc(1, sizeof *opening);
	struct playback *playback = NULL;
	int result;

	if (opening == NULL) {
		error_set(error, "there is not enough memory to begin");
		return NULL;
	}
	opening->paths = paths;
	opening->error.position = -1;
	result = source_open_as_user(open_all, opening, &opening->error);
	if (result == 0)
		playback = make(opening, error);
	else
		*error = opening->error;
	close_all(opening);
	free(opening);
	return playback;
}

int
playback_parse(
	const struct playback *playback, const char *text, uint64_t *time_ns, struct error *error)
{
	const struct clock_span span = {.begin_ns = playback->begin_ns,
		.end_ns = playback->end_ns,
		.now_ns = clock_realtime_ns()};
	const int result = source_parse_time(text, &span, time_ns, error);
	char begin[CLOCK_TEXT_SIZE], end[CLOCK_TEXT_SIZE];

	/* A time of day before the start is that of the next day. */
	if (result != 1 || *time_ns <= playback->end_ns)
		return result < 0 ? result : 0;
	clock_format_time(playback->begin_ns, begin, sizeof begin);
	clock_format_time(playback->end_ns, end, sizeof end);
	error_set(error, "\"%s\" is not within the recording, which is from %.8s to %.8s", text,
		begin, end);
	return -EINVAL;
}
