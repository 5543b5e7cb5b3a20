/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recordings that are played: what was recorded comes into a model as it came then, at any speed,
 * and from any moment on. Several files are one span of time.
 */
#ifndef SOCKWATCH_SOURCE_PLAYBACK_H
#define SOCKWATCH_SOURCE_PLAYBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/model/model.h>
#include <sockwatch/stream/message.h>

struct playback;

/* Where it stands. Times are CLOCK_REALTIME of the recorder; it shows the last snapshot before
 * now_ns. */
struct playback_state {
	bool is_running;
	double speed; /* of the time that passes here; PLAYBACK_SPEED_MAX: as fast as it can be read
		       */
	uint64_t begin_ns, end_ns, now_ns;
	uint64_t snapshot_ns;     /* the end of the snapshot that is shown; 0: none is */
	size_t gaps;              /* between files */
	const uint64_t *marks_ns; /* in the order of time; live until playback_free */
	size_t mark_count;
};

#define PLAYBACK_SPEED_LEAST 0.1
#define PLAYBACK_SPEED_MOST  100.0
#define PLAYBACK_SPEED_MAX   1e9

struct playback_hooks {
	void *context;
	/* An empty model for what follows, which is of another time than what was; NULL: no memory.
	 * It stays the caller's. */
	struct model *(*begin)(void *context);
	/* Records went into the model. */
	void (*changed)(void *context);
	/* A sentence for the user. */
	void (*report)(void *context, enum severity severity, const char *text);
};

/*
 * paths: recordings, or folders of them, separated by spaces unless the whole is one path. This
 * process gives up its rights, then the files are opened (root's before). NULL with a sentence.
 */
struct playback *playback_open(const char *paths, struct error *error);
/* Plays recordings that are open already; the descriptors are used up. NULL with a sentence. */
struct playback *playback_open_files(const int *fds, size_t count, struct error *error);
void playback_free(struct playback *playback);

/* A moment of the recording, as clock_parse reads it. 0, or -EINVAL with a sentence. */
int playback_parse(
	const struct playback *playback, const char *text, uint64_t *time_ns, struct error *error);

/* Stands at this time (see playback_seek), and does not run. 0, or negative errno with a sentence.
 */
int playback_start(struct playback *playback, struct loop *loop, const struct playback_hooks *hooks,
	uint64_t at_ns, struct error *error);

/* Shows the last snapshot that was complete at this time, the first where none was. */
void playback_seek(struct playback *playback, uint64_t at_ns);
/* Shows the next snapshot (1) or the one before (-1), and stands. False: there is none. */
bool playback_step(struct playback *playback, int direction);
void playback_run(struct playback *playback, bool runs);
void playback_set_speed(struct playback *playback, double speed);
void playback_get(const struct playback *playback, struct playback_state *state);

#endif
