/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs an interactive program on a pseudo-terminal that it does not read, or types garbage at it:
 *
 *	unread SECONDS END COMMAND…     pages and sizes change all the time, nothing is read; then
 *	                                END, a key (q) or a signal by number, has to end it
 *	unread garbage BYTES COMMAND…   types so many bytes of all kinds, then Ctrl-C; where one of
 *	                                them ended the program, it is started again
 *
 * Prints what became of it:
 *
 *	ended STATUS        as wait() has it, once all processes of the program are gone
 *	given back          the terminal's first screen came back
 *	grew KIB            of all processes, while nothing was read
 */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../program.h"

enum {
	LINES = 50,
	COLUMNS = 200,
	PAUSE_MS = 50,
	QUIET_MS = 700,
	PATIENCE_MS = 30000,
	TAIL = 65536
};

struct child {
	pid_t pid;
	int terminal;
	char tail[TAIL + 1]; /* the last of what was read */
	size_t tail_len;
};

static void
pause_ms(long ms)
{
	const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static void
start(struct child *child, char **command)
{
	struct winsize size = {.ws_row = LINES, .ws_col = COLUMNS};

	child->tail_len = 0;
	child->pid = forkpty(&child->terminal, NULL, NULL, &size);
	check(child->pid >= 0, "forkpty");
	if (child->pid == 0) {
		/* What a shell starts in the background ignores it. */
		signal(SIGQUIT, SIG_DFL);
		signal(SIGINT, SIG_DFL);
		execvp(command[0], command);
		_exit(127);
	}
}

/* What comes within this time. False: the other end is closed. */
static bool
read_some(struct child *child, int ms, bool *came)
{
	struct pollfd ready = {.fd = child->terminal, .events = POLLIN};
	char bytes[16384];
	ssize_t len;

	*came = poll(&ready, 1, ms) > 0;
	if (!*came)
		return true;
	len = read(child->terminal, bytes, sizeof bytes);
	if (len <= 0)
		return false;
	if (child->tail_len + (size_t)len > TAIL) {
		child->tail_len = 0; /* the end is what is looked at */
	}
	memcpy(child->tail + child->tail_len, bytes, (size_t)len);
	child->tail_len += (size_t)len;
	return true;
}

/* Until something was drawn and nothing more comes. */
static void
read_first(struct child *child)
{
	bool has_come = false, came = true;

	for (int waited = 0; (came || !has_come) && waited < PATIENCE_MS;
		waited += came ? 1 : QUIET_MS) {
		check(read_some(child, QUIET_MS, &came), "it ended at once");
		has_come |= came;
	}
	check(has_come, "nothing was drawn");
}

static long
resident_kib(pid_t pid)
{
	char path[64], line[256];
	long kib = 0, child = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	}
	if (file != NULL)
		fclose(file);
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
	file = fopen(path, "re");
	while (file != NULL && fscanf(file, "%ld", &child) == 1)
		kib += resident_kib((pid_t)child);
	if (file != NULL)
		fclose(file);
	return kib;
}

/* Each turn changes the whole screen. */
static void
keep_drawing(const struct child *child, long seconds)
{
	for (long turn = 0; turn < seconds * 1000 / PAUSE_MS; turn++) {
		const struct winsize size = {
			.ws_row = LINES, .ws_col = (unsigned short)(COLUMNS - turn % 2)};

		ioctl(child->terminal, TIOCSWINSZ, &size);
		check(write(child->terminal, turn % 2 == 0 ? "2" : "1", 1) == 1, "write");
		pause_ms(PAUSE_MS);
	}
}

/* All of its processes, which are ours when their parent is gone. */
static void
await_end(struct child *child, bool is_read)
{
	int waited = 0, status = -1, other;
	bool came;
	pid_t pid;

	while ((pid = waitpid(-1, &other, WNOHANG)) >= 0 && waited < PATIENCE_MS) {
		if (pid == child->pid)
			status = other;
		if (pid != 0)
			continue;
		if (is_read)
			(void)read_some(child, 1, &came);
		pause_ms(20);
		waited += 20;
	}
	check(pid < 0 && errno == ECHILD, "a process did not end");
	printf("ended %d\n", status);
	while (read_some(child, 100, &came) && came)
		;
	child->tail[child->tail_len] = '\0';
	for (size_t i = 0; i + 8 <= child->tail_len; i++) {
		if (memcmp(child->tail + i, "\033[?1049l", 8) == 0) {
			puts("given back");
			break;
		}
	}
	close(child->terminal);
}

static void
leave_unread(struct child *child, char **arguments)
{
	const int number = atoi(arguments[1]);
	long before, after;

	start(child, arguments + 2);
	read_first(child);
	before = resident_kib(child->pid);
	keep_drawing(child, strtol(arguments[0], NULL, 10));
	after = resident_kib(child->pid);
	if (number != 0)
		kill(child->pid, number);
	else
		check(write(child->terminal, arguments[1], 1) == 1, "write");
	await_end(child, false);
	printf("grew %ld\n", after - before);
}

/* No q and no Ctrl-C, Ctrl-Z: they do what they are for. */
static size_t
make_garbage(unsigned *random, char out[32])
{
	static const char *const begins[] = {"\033", "\033[", "\033[<", "\033[200~", "\033O",
		"\033]52;c;", "\033[999999999999;", "\033[M", "\033P", "\302", "\360\237",
		"\033[1;", "\n", "\t", "/", "\\"};
	size_t len = 0;

	*random = *random * 1664525 + 1013904223;
	if (*random >> 30 == 0) {
		const char *const text = begins[*random >> 8 & 15];

		len = strlen(text);
		memcpy(out, text, len);
	}
	while (len < 24) {
		*random = *random * 1664525 + 1013904223;
		out[len] = (char)(*random >> 24);
		if (strchr("qQ\003\032\034", out[len]) == NULL || out[len] == '\0')
			len++;
	}
	return len;
}

static void
type_garbage(struct child *child, char **arguments)
{
	long left = strtol(arguments[0], NULL, 10);
	unsigned random = 7;
	char bytes[32];
	bool came;

	start(child, arguments + 1);
	read_first(child);
	while (left > 0) {
		const size_t len = make_garbage(&random, bytes);
		const ssize_t written = write(child->terminal, bytes, len);

		left -= (long)len;
		while (written >= 0 && read_some(child, 1, &came) && came)
			;
		if (written >= 0 &&
			waitid(P_PID, (id_t)child->pid, &(siginfo_t){0},
				WEXITED | WNOHANG | WNOWAIT) == 0 &&
			kill(child->pid, 0) == 0 && read_some(child, 0, &came))
			continue;
		await_end(child, true);
		start(child, arguments + 1);
		read_first(child);
	}
	check(write(child->terminal, "\003", 1) == 1, "write");
	await_end(child, true);
}

int
main(int argc, char **argv)
{
	static struct child child;

	check(argc > 3, "unread SECONDS END COMMAND… | unread garbage BYTES COMMAND…");
	check(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0, "prctl");
	if (strcmp(argv[1], "garbage") == 0)
		type_garbage(&child, argv + 2);
	else
		leave_unread(&child, argv + 1);
	return EXIT_SUCCESS;
}
