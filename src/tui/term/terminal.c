/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal: taken over, suspended, given back; its keys and its mouse. The rest of the room,
 * which knows nothing of the monitor:
 *
 *	terminal_kind.c    what TERM says, and what stands in where it says too much
 *	keys.c             keys by number and by name
 *	draw.c, theme.c    a pen on a line; roles and glyphs
 *	draw_strip.c       lines of text in parts that each have a role
 *	layout.c           who gets how much of a line
 *	scroll.c           moves through pages and lists
 *	lineedit.c         a line that is typed
 *	crash.c            gives the terminal back when the program crashes
 *	stall.c            goes on when nobody reads what is drawn
 */
#include <config.h>

#include "terminal.h"

#define NCURSES_NOMACROS
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "crash.h"
#include "keys.h"
#include "stall.h"
#include "terminal_kind.h"

enum { ESCAPE_DELAY_MS = 25, RESTORE_SIZE = 256, COPY_MAX = 64 * 1024, MOUSE_EVENTS = 8 };

/* For the restore after a crash, prepared before anything goes wrong. */
static struct {
	SCREEN *screen;
	struct termios before; /* as we found it */
	char restore[RESTORE_SIZE];
	size_t restore_len;
	char notice[160]; /* how the terminal is taken, where that is not as TERM says */
	volatile sig_atomic_t taken;
	bool has_lost; /* output was thrown away, and it was not told yet */
	struct terminal_key mouse[MOUSE_EVENTS]; /* that wait, the earliest last */
	size_t mouse_count;
} terminal;

/* Ends whatever mouse report is on; harmless where none is. */
static const char mouse_off[] = "\033[?1006l\033[?1002l\033[?1000l";

static void
add_restore(const char *string)
{
	const size_t len = strlen(string);

	if (len > sizeof terminal.restore - terminal.restore_len)
		return;
	memcpy(terminal.restore + terminal.restore_len, string, len);
	terminal.restore_len += len;
}

/* By its terminfo name: the names of <term.h> are macros that take "lines" and "columns" away. */
static const char *
find_capability(const char *name)
{
	const char *const string = tigetstr(name);

	return string != (const char *)-1 ? string : NULL;
}

static bool
has_capability(const char *name)
{
	return find_capability(name) != NULL;
}

static void
add_capability(const char *name)
{
	if (has_capability(name))
		add_restore(find_capability(name));
}

static void
prepare_restore(bool has_mouse)
{
	terminal.restore_len = 0;
	if (has_mouse)
		add_restore(mouse_off);
	add_capability("sgr0");
	add_capability("op");
	add_capability("rmkx");
	add_capability("cnorm");
	add_capability("rmcup");
	add_restore("\r\n");
}

/* From a signal handler: async-signal-safe, no ncurses. */
static void
restore_at_crash(void)
{
	ssize_t written;

	if (!terminal.taken)
		return;
	terminal.taken = 0;
	if (!stall_is_over())
		stall_discard();
	written = write(STDOUT_FILENO, terminal.restore, terminal.restore_len);
	(void)written; /* nothing could be done about it here */
	tcsetattr(STDIN_FILENO, TCSANOW, &terminal.before);
}

const char *
terminal_notice(void)
{
	return terminal.notice;
}

/* The description is there: what else can keep ncurses from starting? */
static int
refuse_screen(struct error *error, const char *name)
{
	struct winsize size = {.ws_row = 0};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row != 0 && size.ws_col != 0)
		return terminal_kind_refuse(error, name, "cannot be drawn on");
	error_set(error,
		"the terminal does not report its size, and no screen can be made of COLUMNS=%s and LINES=%s; set both to what they are",
		getenv("COLUMNS") != NULL ? getenv("COLUMNS") : "",
		getenv("LINES") != NULL ? getenv("LINES") : "");
	return -ENOTTY;
}

int
terminal_open(bool mouse, struct error *error)
{
	const char *const name = getenv("TERM");
	const char *like;

	if (terminal_kind_check(error) != 0)
		return -ENOTTY;
	if (tcgetattr(STDIN_FILENO, &terminal.before) != 0) {
		error_set(error, "cannot read the settings of the terminal: %s", strerror(errno));
		return -ENOTTY;
	}
	like = terminal_kind_choose(name, terminal.notice, sizeof terminal.notice, error);
	if (like == NULL)
		return -ENOTTY;
	/* The size is the terminal's own: COLUMNS and LINES may be of another one. */
	use_env(TRUE);
	use_tioctl(TRUE);
	terminal.screen = newterm(like, stdout, stdin);
	if (terminal.screen == NULL)
		return refuse_screen(error, name);
	if (!has_capability("cup") || !has_capability("clear")) {
		endwin();
		delscreen(terminal.screen);
		terminal.screen = NULL;
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal.before);
		return terminal_kind_refuse(error, name, "cannot move its cursor");
	}
	set_escdelay(ESCAPE_DELAY_MS);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	keys_define_common();
	nodelay(stdscr, TRUE);
	curs_set(0);
	if (has_colors()) {
		start_color();
		use_default_colors();
	}
	mouseinterval(0); /* a press is reported at once; double clicks are found by input.c */
	prepare_restore(mouse);
	terminal_set_mouse(mouse);
	/*
	 * Until the screen was left once, ncurses takes a screen for one that is not yet in use,
	 * and flushes its output before each move of the cursor: a system call for each changed
	 * line.
	 */
	endwin();
	doupdate();
	terminal.taken = 1;
	crash_install(restore_at_crash);
	return 0;
}

void
terminal_close(void)
{
	if (terminal.screen == NULL)
		return;
	stall_begin();
	mousemask(0, NULL);
	curs_set(1);
	endwin();
	(void)stall_end();
	crash_remove();
	terminal.taken = 0;
	delscreen(terminal.screen);
	terminal.screen = NULL;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal.before);
}

bool
terminal_is_utf8(void)
{
	const char *const codeset = nl_langinfo(CODESET);

	return strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "utf8") == 0;
}

void
terminal_set_mouse(bool on)
{
	prepare_restore(on);
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

static enum terminal_mouse
mouse_of(mmask_t state)
{
	return (state & BUTTON1_PRESSED) != 0   ? TERMINAL_MOUSE_PRESS
	       : (state & BUTTON4_PRESSED) != 0 ? TERMINAL_MOUSE_UP
	       : (state & BUTTON5_PRESSED) != 0 ? TERMINAL_MOUSE_DOWN
						: TERMINAL_MOUSE_OTHER;
}

/*
 * ncurses reads reports that come together at once, sends one KEY_MOUSE for all of them, and
 * returns the latest first.
 */
static void
take_mouse(void)
{
	MEVENT event;

	terminal.mouse_count = 0;
	while (terminal.mouse_count < MOUSE_EVENTS && getmouse(&event) == OK) {
		const enum terminal_mouse mouse = mouse_of(event.bstate);

		if (mouse != TERMINAL_MOUSE_OTHER)
			terminal.mouse[terminal.mouse_count++] = (struct terminal_key){
				.key = KEYS_MOUSE, .mouse = mouse, .y = event.y, .x = event.x};
	}
}

bool
terminal_takes_output(void)
{
	return stall_is_over();
}

void
terminal_begin_output(void)
{
	stall_begin();
}

bool
terminal_end_output(void)
{
	const bool has_lost = stall_end() || terminal.has_lost;

	terminal.has_lost = false;
	return !has_lost;
}

bool
terminal_read_key(struct terminal_key *key)
{
	wint_t code;
	int result;

	for (;;) {
		if (terminal.mouse_count > 0) {
			*key = terminal.mouse[--terminal.mouse_count];
			return true;
		}
		/* ncurses first draws what was left out because keys waited. */
		terminal_begin_output();
		result = get_wch(&code);
		terminal.has_lost |= stall_end();
		if (result == ERR)
			return false;
		*key = (struct terminal_key){
			.key = keys_from_curses(result == KEY_CODE_YES, (uint32_t)code)};
		if (key->key == KEYS_MOUSE)
			take_mouse();
		else if (key->key != KEYS_NONE)
			return true;
	}
}

void
terminal_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return;
	resizeterm(size.ws_row, size.ws_col);
}

void
terminal_suspend(void)
{
	sigset_t stop;
	sigset_t before;
	struct sigaction action = {.sa_handler = SIG_DFL};
	struct sigaction saved;

	stall_begin();
	curs_set(1);
	endwin();
	(void)stall_end();
	terminal.taken = 0;
	/* The loop has the signal blocked and takes it from a signalfd; here it must stop us.
	 */
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigaction(SIGTSTP, &action, &saved);
	kill(0, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &stop, &before);
	/* The process is stopped here until SIGCONT. */
	sigprocmask(SIG_SETMASK, &before, NULL);
	sigaction(SIGTSTP, &saved, NULL);
	/* The shell may have changed it meanwhile; at the end that state is restored. */
	tcgetattr(STDIN_FILENO, &terminal.before);
	terminal.taken = 1;
	terminal_resize();
	curs_set(0);
	clearok(stdscr, TRUE);
}

void
terminal_resume(void)
{
	reset_prog_mode();
	terminal_resize();
}

/* RFC 4648 section 4. */
static size_t
encode_base64(const unsigned char *data, size_t len, char *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t written = 0;

	for (size_t i = 0; i < len; i += 3) {
		const size_t rest = len - i;
		const uint32_t three = (uint32_t)data[i] << 16 |
				       (rest > 1 ? (uint32_t)data[i + 1] << 8 : 0) |
				       (rest > 2 ? data[i + 2] : 0U);

		out[written++] = digits[three >> 18];
		out[written++] = digits[three >> 12 & 63];
		out[written++] = rest > 1 ? digits[three >> 6 & 63] : '=';
		out[written++] = rest > 2 ? digits[three & 63] : '=';
	}
	return written;
}

int
terminal_copy(const char *text, size_t len)
{
	static const char begin[] = "\033]52;c;";
	char *out;
	size_t written;
	ssize_t done;

	if (len > COPY_MAX)
		return -E2BIG;
	out = malloc(sizeof begin + len / 3 * 4 + 8);
	if (out == NULL)
		return -ENOMEM;
	memcpy(out, begin, sizeof begin - 1);
	written = sizeof begin - 1;
	written += encode_base64((const unsigned char *)text, len, out + written);
	out[written++] = '\a';
	fflush(stdout); /* ncurses writes by itself and leaves nothing there; others might have */
	stall_begin();
	done = write(STDOUT_FILENO, out, written);
	(void)stall_end();
	free(out);
	return done == (ssize_t)written ? 0 : -EIO;
}
