/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a command to its end and prints what it and all its descendants took:
 *
 *	measure COMMAND [ARGUMENT…]     (its standard output is thrown away)
 *
 * prints "CPU-SECONDS WALL-SECONDS PEAK-KIB PROCESSES STATUS". CPU is the kernel's account of
 *waited-for children. Peak memory is the sum over all processes of the tree of each one's peak
 *(VmHWM), sampled every few milliseconds, so pages that two share count twice: never too little.
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TREE_MAX = 64, SAMPLE_NS = 4000000 };

static struct {
	pid_t pid;
	long peak_kib;
} tree[TREE_MAX];
static int tree_size;

static long
status_number(pid_t pid, const char *name)
{
	char path[64], line[256];
	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "re");
	long value = -1;
	while (file && fgets(line, sizeof line, file))
		if (!strncmp(line, name, strlen(name)))
			value = strtol(line + strlen(name), NULL, 10);
	if (file)
		fclose(file);
	return value;
}

static void
note(pid_t pid)
{
	long peak = status_number(pid, "VmHWM:");
	int i = 0;
	while (i < tree_size && tree[i].pid != pid)
		i++;
	if (i == TREE_MAX)
		return;
	if (i == tree_size) {
		tree[tree_size++].pid = pid;
		tree[i].peak_kib = 0;
	}
	if (peak > tree[i].peak_kib)
		tree[i].peak_kib = peak;
}

static void
note_children(pid_t pid, int depth)
{
	char path[64], children[4096];
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, children, sizeof children - 1);
	if (fd >= 0)
		close(fd);
	note(pid);
	if (len <= 0 || depth > 8)
		return;
	children[len] = '\0';
	char *end = children;
	for (long child; (child = strtol(end, &end, 10)) > 0;)
		note_children((pid_t)child, depth + 1);
}

static double
seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: measure COMMAND [ARGUMENT...]\n");
		return 2;
	}
	struct timespec begin, now;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid_t pid = fork();
	if (pid < 0)
		return 1;
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);
		dup2(null, STDOUT_FILENO);
		execvp(argv[1], argv + 1);
		fprintf(stderr, "measure: %s: %s\n", argv[1], strerror(errno));
		_exit(127);
	}
	int status = 0;
	while (waitpid(pid, &status, WNOHANG) == 0) {
		const struct timespec rest = {.tv_nsec = SAMPLE_NS};
		note_children(pid, 0);
		nanosleep(&rest, NULL);
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	while (wait(NULL) > 0 || errno == EINTR)
		;
	struct rusage usage;
	getrusage(RUSAGE_CHILDREN, &usage);
	long peak = 0;
	for (int i = 0; i < tree_size; i++)
		peak += tree[i].peak_kib;
	printf("%.3f %.3f %ld %d %d\n", seconds(usage.ru_utime) + seconds(usage.ru_stime),
		(double)(now.tv_sec - begin.tv_sec) + (double)(now.tv_nsec - begin.tv_nsec) / 1e9,
		peak, tree_size, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
