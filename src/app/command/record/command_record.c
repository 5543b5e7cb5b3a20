/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sockwatch record`: a collector's stream goes to a file as it comes. This half knows of records
 * only where they begin; it asks for a key frame when the recorder wants one.
 *   record_words.c  what it says
 */
#include <config.h>

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/file_words.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/privilege/netns_enter.h>
#include <sockwatch/privilege/user.h>
#include <sockwatch/recording/recorder.h>
#include <sockwatch/stream/needs.h>

#include "app/command/command.h"
#include "app/command/confine.h"
#include "app/command/open_source.h"
#include "app/command/subscribe.h"
#include "app/error_print.h"
#include "record_words.h"

enum { TICK_MS = 250, STATE_EVERY = 4 /* ticks */, WORDS_SIZE = 512 };

struct recording {
	const struct options *options;
	struct recorder *recorder;
	struct source *source;
	struct loop *loop;
	struct loop_source *tick_timer, *end_timer;
	struct subscription subscription;
	bool has_state; /* a line of state stands on the terminal */
	bool shows_state;
	unsigned ticks;
	int result;
	struct error *error;
};

static void
stop(struct recording *recording, int result)
{
	if (recording->result == 0)
		recording->result = result;
	loop_stop(recording->loop, 0);
}

static void
clear_state(struct recording *recording)
{
	if (recording->has_state)
		fputs("\r\033[K", stderr);
	recording->has_state = false;
}

static void
on_bytes(void *context, const void *bytes, size_t len)
{
	struct recording *const recording = context;
	int result = 0;

	if (recording->result != 0)
		return;
	if (bytes == NULL)
		recorder_restart(recording->recorder);
	else
		result = recorder_take(recording->recorder, bytes, len, recording->error);
	if (result != 0)
		stop(recording, result);
}

static void
on_notice(void *context, const struct message_notice *notice)
{
	struct error sentence;
	char text[sizeof sentence.text];

	text_clean(notice->text, text, sizeof text);
	error_set(&sentence, "%s", text);
	clear_state(context);
	error_print(&sentence);
}

static void
on_report(void *context, enum severity severity, const char *text)
{
	struct error sentence;

	(void)severity;
	error_set(&sentence, "%s", text);
	clear_state(context);
	error_print(&sentence);
}

static void
get_subscription(void *context, struct message_subscription *subscription)
{
	const struct recording *const recording = context;

	*subscription = recording->subscription.message;
}

static void
show_state(struct recording *recording)
{
	char words[WORDS_SIZE];

	if (!recording->shows_state || recorder_facts(recording->recorder)->first_ns == 0)
		return;
	record_words_state(recorder_facts(recording->recorder), words, sizeof words);
	clear_state(recording);
	fputs(words, stderr);
	recording->has_state = true;
}

static void
on_tick(void *context, uint64_t times)
{
	struct recording *const recording = context;

	(void)times;
	if (recorder_wants_key(recording->recorder, clock_monotonic_ns())) {
		recording->subscription.message.key++;
		(void)source_send(
			recording->source, MESSAGE_SUBSCRIPTION, &recording->subscription.message);
	}
	if (recording->ticks++ % STATE_EVERY == 0)
		show_state(recording);
}

static void
on_end(void *context, uint64_t times)
{
	(void)times;
	stop(context, 0);
}

static void
on_signal(void *context, int number)
{
	struct recording *const recording = context;
	int result = 0;

	if (number == SIGUSR1)
		recorder_turn(recording->recorder);
	else if (number == SIGUSR2)
		result = recorder_mark(recording->recorder, "mark", recording->error);
	else
		stop(recording, 0);
	if (result != 0)
		stop(recording, result);
}

static int
check_options(const struct options *options, struct error *error)
{
	const struct options_record *const record = &options->record;
	const bool is_ring = record->max_bytes != 0 || record->max_age_ms != 0;
	const bool is_output = strcmp(options->words, "-") == 0;

	if (options->words[0] == '\0')
		return error_refuse(error, "record needs a file to write: `sockwatch record FILE`");
	if (is_output && isatty(STDOUT_FILENO))
		return error_refuse(error,
			"the stream is not for a terminal; use `sockwatch record FILE`, or a pipe");
	if (is_output && (is_ring || record->append || record->force))
		return error_refuse(error,
			"--max-size, --max-age, --append and --force are about files, and \"-\" is standard output");
	if (is_ring && (record->append || record->force))
		return error_refuse(error,
			"a ring goes on behind its own files; --append and --force are for a single one");
	if (record->append && record->force)
		return error_refuse(
			error, "--append keeps what FILE holds, and --force replaces it");
	if (!is_ring && option_is_given(options, &record->files))
		return error_refuse(error,
			"--files is of a ring; give its bound too, with --max-size or --max-age");
	return options->netns != NULL ? netns_check(options->netns, error) : 0;
}

static int
connect_loop(struct recording *recording)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

	recording->loop = loop_new();
	if (recording->loop == NULL)
		return -errno;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (loop_add_signal(recording->loop, signals[i], on_signal, recording) == NULL)
			return -errno;
	recording->tick_timer = loop_add_timer(recording->loop, on_tick, recording);
	recording->end_timer = loop_add_timer(recording->loop, on_end, recording);
	if (recording->tick_timer == NULL || recording->end_timer == NULL)
		return -errno;
	loop_arm(recording->tick_timer, TICK_MS * CLOCK_NS_PER_MS, TICK_MS * CLOCK_NS_PER_MS);
	if (recording->options->for_ms != 0)
		loop_arm(recording->end_timer, recording->options->for_ms * CLOCK_NS_PER_MS, 0);
	return 0;
}

static int
run(struct recording *recording)
{
	const struct source_hooks hooks = {.context = recording,
		.bytes = on_bytes,
		.report = on_report,
		.get_subscription = get_subscription};
	const int connected = connect_loop(recording);

	if (connected != 0) {
		error_set(recording->error, "the event loop cannot be used: %s",
			strerror(-connected));
		return connected;
	}
	confine_files(&(struct confined_files){.written = recording->options->words});
	if (source_start(recording->source, recording->loop, NULL, &hooks, recording->error) != 0)
		return -EIO;
	(void)loop_run(recording->loop);
	clear_state(recording);
	return recording->result;
}

static void
subscribe(struct recording *recording)
{
	struct message_subscription *const message = &recording->subscription.message;
	const struct options *const options = recording->options;

	subscribe_fill(&recording->subscription, options, NULL);
	message->needs = NEED_ALL;
	if (!options->record.no_events)
		message->needs |= NEED_PACKETS | NEED_CLOSINGS;
	message->capture_data = options->data;
}

/* What root started is somebody else by now. */
static int
check_ring(const char *path, struct error *error)
{
	char directory[PATH_MAX];

	snprintf(directory, sizeof directory, "%s", path);
	if (!user_is_root_login() || access(dirname(directory), W_OK | X_OK) == 0)
		return 0;
	error_set(error,
		"no ring can be written beside %s: %s; as root its files are written by user %u, who has no rights: give this user the directory with chown, or name the user to whom it belongs with user = NAME in root's config",
		path, file_words(errno), (unsigned)getuid());
	return -EACCES;
}

static int
open_all(struct recording *recording)
{
	const struct options *const options = recording->options;
	const struct recorder_options files = {
		.path = options->words,
		.max_bytes = options->record.max_bytes,
		.max_age_ns = options->record.max_age_ms * CLOCK_NS_PER_MS,
		.files = options->record.files,
		.append = options->record.append,
		.force = options->record.force,
		.on_notice = on_notice,
		.context = recording,
	};
	const struct open_source_wish wish = {
		.rights = {.read_only = options->settings.read_only, .netns = options->netns},
		.retries = true};

	/*
	 * A file of root is opened while this process is root; those of a ring come later, when it
	 * is somebody else already, as all files of other users do.
	 */
	const bool is_before =
		user_is_root_login() && files.max_bytes == 0 && files.max_age_ns == 0;

	if (is_before)
		recording->recorder = recorder_new(&files, recording->error);
	if (is_before && recording->recorder == NULL)
		return -EINVAL;
	recording->source = open_source_live(&wish, recording->error);
	if (recording->source == NULL)
		return -EIO;
	if (!is_before && check_ring(files.path, recording->error) == 0)
		recording->recorder = recorder_new(&files, recording->error);
	return recording->recorder != NULL ? 0 : -EINVAL;
}

/* Ends the files and says what became of them. */
static int
finish(struct recording *recording, int result)
{
	const struct recorder_facts *const facts = recorder_facts(recording->recorder);
	struct error error = {.position = -1};
	char words[WORDS_SIZE];

	if (recorder_finish(recording->recorder, &error) != 0 && result == 0) {
		*recording->error = error;
		result = -EIO;
	}
	if (result != 0)
		error_print(recording->error);
	if (facts->snapshots == 0) {
		fputs("sockwatch: nothing was recorded\n", stderr);
		return EXIT_FAILURE;
	}
	record_words_end(facts, recording->options->words, words, sizeof words);
	fprintf(stderr, "%s\n", words);
	return result == 0 ? EXIT_SUCCESS : result == -EMSGSIZE ? COMMAND_EXIT_USAGE : EXIT_FAILURE;
}

int
command_record(struct options *options)
{
	struct error error = {.position = -1};
	struct recording recording = {.options = options, .error = &error};
	int status = COMMAND_EXIT_USAGE;
	int result = check_options(options, &error);

	if (result == 0)
		result = open_all(&recording);
	if (result != 0) {
		error_print(&error);
		if (result == -EIO)
			status = EXIT_FAILURE;
	} else {
		subscribe(&recording);
		recording.shows_state = isatty(STDERR_FILENO) && !options->record.quiet;
		status = finish(&recording, run(&recording));
	}
	source_close(recording.source);
	loop_free(recording.loop);
	recorder_free(recording.recorder);
	return status;
}
