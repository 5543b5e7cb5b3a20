/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs an interactive program on a pseudo-terminal of 120x40 as a user would, and measures it from
 * outside:
 *
 *	drive [-w WARM-UP-SECONDS] [-s SECONDS] [-k KEYS] [-t TYPED]
 *		[-q KEY -a TEXT -b KEY -e TEXT] COMMAND…
 *
 * During the warm-up it types TYPED. Then it lets SECONDS pass and notes the CPU time of the whole
 * process tree, then sends KEYS times the cursor keys down and up and notes how long each took to
 * change the screen; or, where the screen changes by itself, -q until the text -a is drawn and -b
 * until the text -e is, the slower of the two. Ends the program with q, else by signal. Prints:
 * CPU-MS-PER-SECOND RSS-KIB PSS-KIB KEY-MEDIAN-MS KEY-P95-MS KEY-MAX-MS BYTES-PER-SECOND PEAK-KIB
 * (peak: the sum of VmHWM).
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEYS_MAX = 1000, PATIENCE_MS = 1000 };

struct tree_figures {
	double cpu_ms;
	long rss_kib;
	long pss_kib;
	long peak_kib;
};

struct question {
	const char *key, *answer;
};

static double
now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* CPU time that the scheduler gave, exact to the nanosecond. */
static double
cpu_ms(pid_t pid)
{
	char path[64];
	unsigned long long ns = 0;
	snprintf(path, sizeof path, "/proc/%d/schedstat", (int)pid);
	FILE *file = fopen(path, "re");
	if (file && fscanf(file, "%llu", &ns) != 1)
		ns = 0;
	if (file)
		fclose(file);
	return (double)ns / 1e6;
}

static long
file_kib(pid_t pid, const char *what, const char *name)
{
	char path[64], line[256];
	long kib = 0;
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, what);
	FILE *file = fopen(path, "re");
	while (file && fgets(line, sizeof line, file))
		if (!strncmp(line, name, strlen(name)))
			kib = strtol(line + strlen(name), NULL, 10);
	if (file)
		fclose(file);
	return kib;
}

static void
add_tree(pid_t pid, struct tree_figures *figures, int depth)
{
	char path[64], children[4096];
	figures->cpu_ms += cpu_ms(pid);
	figures->rss_kib += file_kib(pid, "smaps_rollup", "Rss:");
	figures->pss_kib += file_kib(pid, "smaps_rollup", "Pss:");
	figures->peak_kib += file_kib(pid, "status", "VmHWM:");
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, children, sizeof children - 1);
	if (fd >= 0)
		close(fd);
	if (len <= 0 || depth > 8)
		return;
	children[len] = '\0';
	char *end = children;
	for (long child; (child = strtol(end, &end, 10)) > 0;)
		add_tree((pid_t)child, figures, depth + 1);
}

/* Reads what the program draws until the time is over; returns the bytes. */
static size_t
drain(int fd, double until_ms)
{
	char bytes[65536];
	size_t total = 0;
	for (double left; (left = until_ms - now_ms()) > 0;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		if (poll(&ready, 1, (int)left + 1) <= 0)
			continue;
		ssize_t len = read(fd, bytes, sizeof bytes);
		if (len <= 0)
			return total;
		total += (size_t)len;
	}
	return total;
}

/* Milliseconds from the key to the first byte that answers it, or a second. */
static double
press(int fd, const char *key)
{
	char bytes[65536];
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	double begin = now_ms();
	if (write(fd, key, strlen(key)) < 0)
		return PATIENCE_MS;
	if (poll(&ready, 1, PATIENCE_MS) <= 0)
		return PATIENCE_MS;
	double delay = now_ms() - begin;
	return read(fd, bytes, sizeof bytes) > 0 ? delay : PATIENCE_MS;
}

/* Milliseconds from the key to the text that answers it. */
static double
ask(int fd, const struct question *question)
{
	static char bytes[1 << 20];
	size_t len = 0;
	double begin = now_ms();
	if (write(fd, question->key, strlen(question->key)) < 0)
		return PATIENCE_MS;
	for (double left; (left = begin + PATIENCE_MS - now_ms()) > 0;) {
		struct pollfd ready = {.fd = fd, .events = POLLIN};
		if (len == sizeof bytes || poll(&ready, 1, (int)left + 1) < 0)
			break;
		ssize_t more =
			(ready.revents & POLLIN) ? read(fd, bytes + len, sizeof bytes - len) : 0;
		len += more > 0 ? (size_t)more : 0;
		if (memmem(bytes, len, question->answer, strlen(question->answer)))
			break;
	}
	double delay = now_ms() - begin;
	return delay < PATIENCE_MS ? delay : PATIENCE_MS;
}

/* There and back: a key is sent only when the one before it was answered. */
static double
ask_both(int fd, const struct question *there, const struct question *back)
{
	double first = ask(fd, there);
	drain(fd, now_ms() + 37);
	double second = ask(fd, back);
	return first > second ? first : second;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void
end(pid_t pid, int fd)
{
	(void)!write(fd, "q", 1);
	for (int i = 0; i < 20; i++) {
		drain(fd, now_ms() + 50);
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
	}
	kill(pid, SIGTERM);
	drain(fd, now_ms() + 500);
	if (waitpid(pid, NULL, WNOHANG) != pid) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
}

int
main(int argc, char **argv)
{
	double warm_up = 3, seconds = 10;
	int keys = 50, option;
	const char *typed = "";
	struct question there = {0}, back = {0};
	while ((option = getopt(argc, argv, "+w:s:k:t:q:a:b:e:")) != -1) {
		if (option == 'w')
			warm_up = strtod(optarg, NULL);
		else if (option == 's')
			seconds = strtod(optarg, NULL);
		else if (option == 'k')
			keys = (int)strtol(optarg, NULL, 10);
		else if (option == 't')
			typed = optarg;
		else if (option == 'q')
			there.key = optarg;
		else if (option == 'a')
			there.answer = optarg;
		else if (option == 'b')
			back.key = optarg;
		else if (option == 'e')
			back.answer = optarg;
		else
			return 2;
	}
	if (optind == argc || keys > KEYS_MAX ||
		(there.key && (!there.answer || !back.key || !back.answer))) {
		fprintf(stderr, "usage: drive [-w SECONDS] [-s SECONDS] [-k KEYS] [-t TYPED] "
				"[-q KEY -a TEXT -b KEY -e TEXT] COMMAND...\n");
		return 2;
	}
	const struct winsize size = {.ws_row = 40, .ws_col = 120};
	int fd;
	pid_t pid = forkpty(&fd, NULL, NULL, &size);
	if (pid < 0) {
		perror("drive: forkpty");
		return 1;
	}
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[optind], argv + optind);
		perror(argv[optind]);
		_exit(127);
	}
	drain(fd, now_ms() + warm_up * 500);
	(void)!write(fd, typed, strlen(typed));
	drain(fd, now_ms() + warm_up * 500);
	struct tree_figures before = {0}, after = {0}, last = {0};
	add_tree(pid, &before, 0);
	double begin = now_ms();
	size_t bytes = drain(fd, begin + seconds * 1e3);
	double passed = now_ms() - begin;
	add_tree(pid, &after, 0);

	static double delays[KEYS_MAX];
	for (int i = 0; i < keys; i++) {
		delays[i] = there.key ? ask_both(fd, &there, &back)
				      : press(fd, i % 2 ? "\033OA" : "\033OB");
		drain(fd, now_ms() + 37);
	}
	add_tree(pid, &last, 0);
	qsort(delays, (size_t)keys, sizeof delays[0], compare);
	end(pid, fd);
	printf("%.2f %ld %ld %.2f %.2f %.2f %.0f %ld\n",
		(after.cpu_ms - before.cpu_ms) / passed * 1e3, after.rss_kib, after.pss_kib,
		keys ? delays[keys / 2] : 0, keys ? delays[keys * 95 / 100] : 0,
		keys ? delays[keys - 1] : 0, (double)bytes / passed * 1e3, last.peak_kib);
	return 0;
}
