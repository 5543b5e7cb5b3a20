/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The monitor: a recording comes in while somebody types and the terminal changes its size. An
 * input is a byte of switches, how many bytes of keys follow (two bytes, little end first), the
 * keys, and the recording (records.h). Among the keys 0xff stands before the height and the width
 * of a terminal, 0xfe lets the recording go on to the end of a snapshot. When the keys are over the
 * recording goes on to its end, and each screen is drawn once more.
 *
 * It runs in the monitor's own loop. Time is that of the recording, the terminal is a pipe for the
 * keys and /dev/null for what is drawn: both are made once, since ncurses takes longer to begin
 * than an input to run.
 */
#include <config.h>

#define NCURSES_NOMACROS
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/base/whole_file.h>
#include <sockwatch/tui/tui.h>

#include "app/option/options.h"
#include "fuzz.h"
#include "records.h"
#include "tui/term/crash.h"
#include "tui/term/terminal.h"

enum {
	SOCKETS = 100,
	LINGER_MS = 1000,
	HEADER = 3,
	KEYS_MAX = 256,
	BURST_MAX = 64,
	RESIZE = 0xff,
	GO_ON = 0xfe,
	ROWS = 24,
	COLUMNS = 80,
	ROWS_MAX = 40,
	COLUMNS_MAX = 132,
	/* For the last number: as long or as wide as none, but of few cells. */
	HUGE_NUMBER = 255,
	HUGE_SIDE = 600,
	OTHER_SIDE = 12,
};

/* Bits of the first byte. */
enum { LIVE = 1, READ_ONLY = 2, ASCII = 4, NO_COLOR = 8, NAMES = 16, EVENTS = 32, NO_DOCTOR = 64 };

struct run {
	struct loop *loop;
	struct model *model;
	struct tui *tui;
	struct records records;
	const uint8_t *keys;
	size_t left;
	size_t ends;  /* of the keys below */
	bool is_read; /* the recording is over */
};

/* Each screen, the page of what is first on it, the help and the setup; nothing is left open. */
static const char *const last_keys[] = {
	"\033\033\033", "1", "G\r", "\033", "2", "\t", "3", "4", "5", "6", "\r", "1", "?", "\033"};

static struct winsize size = {.ws_row = ROWS, .ws_col = COLUMNS};
static uint64_t now_ns;
static const uint64_t hour_ns = 3600 * CLOCK_NS_PER_S;
static int keyboard; /* where keys are written to */

static void
require(bool condition)
{
	if (!condition)
		abort();
}

int __wrap_isatty(int fd);
int __wrap_tcgetattr(int fd, struct termios *modes);
int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_set_escdelay(int ms);
int __wrap_terminal_open(bool mouse, struct error *error);
int __real_terminal_open(bool mouse, struct error *error);
void __wrap_terminal_close(void);
void __wrap_terminal_suspend(void);
void __wrap_crash_install(void (*restore)(void));
int __wrap_whole_file_open(struct whole_file *file, const char *path, struct error *error);
uint64_t __wrap_clock_monotonic_ns(void);
uint64_t __wrap_clock_realtime_ns(void);
int __real_set_escdelay(int ms);

int
__wrap_isatty(int fd)
{
	(void)fd;
	return 1;
}

int
__wrap_tcgetattr(int fd, struct termios *modes)
{
	(void)fd;
	memset(modes, 0, sizeof *modes);
	return 0;
}

int
__wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list arguments;

	(void)fd;
	require(request == TIOCGWINSZ);
	va_start(arguments, request);
	*va_arg(arguments, struct winsize *) = size;
	va_end(arguments);
	return 0;
}

/* Nobody types after an escape: it is not waited for. */
int
__wrap_set_escdelay(int ms)
{
	(void)ms;
	return __real_set_escdelay(0);
}

int
__wrap_terminal_open(bool mouse, struct error *error)
{
	static bool is_open;

	if (is_open) {
		terminal_resize();
		return 0;
	}
	is_open = true;
	return __real_terminal_open(mouse, error);
}

void
__wrap_terminal_close(void)
{
}

/* It would stop this process. */
void
__wrap_terminal_suspend(void)
{
}

/* A crash is libFuzzer's to report. */
void
__wrap_crash_install(void (*restore)(void))
{
	(void)restore;
}

/* Whatever is typed, no file is written. */
int
__wrap_whole_file_open(struct whole_file *file, const char *path, struct error *error)
{
	(void)file;
	error_set(error, "%s is not written", path);
	return -EACCES;
}

uint64_t
__wrap_clock_monotonic_ns(void)
{
	return now_ns;
}

uint64_t
__wrap_clock_realtime_ns(void)
{
	return now_ns;
}

/* Once: the terminal's ends, and where the language is UTF-8 lines are drawn as such. */
static void
open_terminal(void)
{
	int ends[2], nothing;

	if (keyboard != 0)
		return;
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TERM", "xterm-256color", 1);
	nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
	require(nothing >= 0 && pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
	require(dup2(nothing, STDOUT_FILENO) >= 0 && dup2(ends[0], STDIN_FILENO) >= 0);
	close(nothing);
	close(ends[0]);
	keyboard = ends[1];
}

/* What was typed and not read any more is not the next run's. */
static void
forget_keys(void)
{
	char bytes[BURST_MAX];

	while (read(STDIN_FILENO, bytes, sizeof bytes) > 0)
		;
	(void)flushinp();
}

static bool
take_record(struct run *run)
{
	struct record record;
	uint32_t before = run->model->complete_sequence;

	if (!records_next(&run->records, &record)) {
		run->is_read = true;
		return false;
	}
	now_ns = record.time_ns;
	if (record.data != NULL)
		model_apply(run->model, &record);
	return run->model->complete_sequence == before;
}

static void
go_on(struct run *run)
{
	while (take_record(run))
		;
	tui_model_changed(run->tui);
}

static void
resize(uint8_t rows, uint8_t columns)
{
	size = (struct winsize){.ws_row = (unsigned short)(1 + rows % ROWS_MAX),
		.ws_col = (unsigned short)(1 + columns % COLUMNS_MAX)};
	if (rows == HUGE_NUMBER)
		size = (struct winsize){.ws_row = HUGE_SIDE, .ws_col = OTHER_SIDE};
	else if (columns == HUGE_NUMBER)
		size = (struct winsize){.ws_row = OTHER_SIDE, .ws_col = HUGE_SIDE};
	require(raise(SIGWINCH) == 0);
}

static void
type(const void *keys, size_t len)
{
	require(write(keyboard, keys, len) == (ssize_t)len);
}

/* The keys up to the next resize or wait, in one burst. */
static void
type_some(struct run *run)
{
	size_t len = 0;

	while (len < run->left && len < BURST_MAX && run->keys[len] != RESIZE &&
		run->keys[len] != GO_ON)
		len++;
	type(run->keys, len);
	run->keys += len;
	run->left -= len;
}

static void
take_step(struct run *run)
{
	if (run->keys[0] == GO_ON) {
		go_on(run);
		run->keys++;
		run->left--;
	} else if (run->keys[0] != RESIZE) {
		type_some(run);
	} else if (run->left < 3) {
		run->left = 0;
	} else {
		resize(run->keys[1], run->keys[2]);
		run->keys += 3;
		run->left -= 3;
	}
}

/* The loop's idle handler: what happens before the next pass. */
static bool
on_idle(void *context)
{
	struct run *const run = context;

	if (run->left > 0) {
		take_step(run);
	} else if (!run->is_read) {
		go_on(run);
	} else if (run->ends < sizeof last_keys / sizeof *last_keys) {
		type(last_keys[run->ends], strlen(last_keys[run->ends]));
		run->ends++;
	} else {
		loop_stop(run->loop, 0);
	}
	return true;
}

static void
on_request(void *context, enum message_type type_of_it, const void *body)
{
	(void)context;
	require(type_of_it == MESSAGE_DESTROY || type_of_it == MESSAGE_SIGNAL ||
		type_of_it == MESSAGE_VERIFY || type_of_it == MESSAGE_PROBE_START ||
		type_of_it == MESSAGE_PROBE_STOP);
	require(body != NULL);
}

static int
on_save(void *context, const struct settings *settings, struct error *error)
{
	(void)context;
	require(settings->column_count <= SETTINGS_COLUMNS_MAX);
	error_set(error, "not saved");
	return -EACCES;
}

/* The time of a replay: it stands where the recording is, whatever is asked of it. */
static struct tui_time replay;

static void
get_time(void *context, struct tui_time *time)
{
	(void)context;
	replay.now_ns = now_ns;
	*time = replay;
}

static void
run_time(void *context, bool runs)
{
	(void)context;
	replay.is_running = runs;
}

static bool
step_time(void *context, int direction)
{
	require(direction == 1 || direction == -1);
	if (direction == 1)
		go_on(context);
	return direction == 1;
}

static void
seek_time(void *context, uint64_t to_ns)
{
	(void)context;
	replay.end_ns = to_ns > replay.end_ns ? to_ns : replay.end_ns;
}

static void
set_speed(void *context, double speed)
{
	(void)context;
	require(speed > 0);
	replay.speed = speed;
}

static int
parse_time(void *context, const char *text, uint64_t *time_ns, struct error *error)
{
	const struct clock_span span = {replay.begin_ns, replay.end_ns, replay.end_ns};
	const int result = clock_parse(text, &span, time_ns);

	(void)context;
	if (result < 0)
		error_set(error, "not a time");
	return result < 0 ? result : 0;
}

/* Of what is live nothing was kept. */
static bool
look_back(void *context)
{
	(void)context;
	return false;
}

static void
come_back(void *context)
{
	(void)context;
}

static int
save_past(void *context, int (*write_it)(void *file, const void *bytes, size_t len), void *file,
	struct error *error)
{
	(void)context;
	(void)write_it;
	(void)file;
	error_set(error, "not saved");
	return -EACCES;
}

static const struct tui_time_hooks time_hooks = {.get = get_time,
	.run = run_time,
	.step = step_time,
	.seek = seek_time,
	.set_speed = set_speed,
	.parse = parse_time,
	.look_back = look_back,
	.come_back = come_back,
	.save = save_past};

static void
set_up(struct settings *settings, uint8_t switches)
{
	settings->read_only = (switches & READ_ONLY) != 0;
	settings->ascii = (switches & ASCII) != 0;
	settings->color = (switches & NO_COLOR) == 0;
	settings->names = (switches & NAMES) != 0;
	settings->events = (switches & EVENTS) != 0;
	settings->has_doctor = (switches & NO_DOCTOR) == 0;
	settings->linger_ms = LINGER_MS;
}

static void
open_screen(struct run *run, struct options *options, uint8_t switches)
{
	const struct tui_hooks hooks = {
		.context = run, .request = on_request, .save = on_save, .time = &time_hooks};
	const struct tui_options tui_options = {
		.source = "input", .replay = (switches & LIVE) == 0};
	struct error error = {.text = ""};

	size = (struct winsize){.ws_row = ROWS, .ws_col = COLUMNS};
	replay = (struct tui_time){.begin_ns = now_ns, .end_ns = now_ns + hour_ns, .speed = 1};
	run->loop = loop_new();
	run->model = model_new(SOCKETS);
	require(run->loop != NULL && run->model != NULL);
	set_up(&options->settings, switches);
	run->tui = tui_new(run->loop, run->model, &options->settings, &hooks, &tui_options, &error);
	require(run->tui != NULL);
	loop_set_idle(run->loop, on_idle, run);
}

static void
close_screen(struct run *run)
{
	tui_free(run->tui);
	model_free(run->model);
	loop_free(run->loop);
	records_end(&run->records);
	forget_keys();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct options options, usual;
	struct run run = {.left = 0};

	if (len < HEADER)
		return 0;
	open_terminal();
	if (option_row_count != 0 && usual.settings.interval_ms == 0)
		options_init(&usual);
	options = usual;
	run.left = data[1] | (size_t)data[2] << 8;
	if (run.left > len - HEADER)
		run.left = len - HEADER;
	run.keys = data + HEADER;
	run.records = records_begin(data + HEADER + run.left, len - HEADER - run.left);
	if (run.left > KEYS_MAX)
		run.left = KEYS_MAX;
	now_ns = run.records.time_ns;
	open_screen(&run, &options, data[0]);
	require(loop_run(run.loop) == 0);
	close_screen(&run);
	options_fini(&options);
	return 0;
}
