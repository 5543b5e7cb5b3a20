/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Both sides of the opener: what the viewer asks, and the process that answers. One file is written
 * at a time. It ends when the viewer's end of the socket pair closes.
 */
#include <config.h>

#include <sockwatch/privilege/opener.h>

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/base/file_words.h>
#include <sockwatch/base/whole_file.h>
#include <sockwatch/privilege/privileges.h>
#include <sockwatch/privilege/sandbox.h>

#include "closing.h"
#include "exchange.h"
#include "lifeline.h"
#include "opener_private.h"

static const char *const export_ends[] = {".txt", ".pcap"};

enum {
	EXPORTS_MAX = 1000, /* of one run */
	/* A file is opened at once; until it is on the disk may take longer. */
	OPEN_TIMEOUT_MS = 700,
	COMMIT_TIMEOUT_MS = 2000,
	END_PAUSES = 10, /* 0.1 s in all */
};

struct answer {
	int32_t result; /* 0, after OPEN and READ with a descriptor; or negative errno */
	struct error error;
};

static struct {
	int control, life; /* our ends */
	pid_t pid;         /* 0: it does not run */
	const char *files[OPENER_FILES_MAX];
	char directory[PATH_MAX]; /* where the program was started */
} opener = {.control = -1};

/* The other side. */

static bool
has_export_end(const char *path, size_t len)
{
	for (size_t i = 0; i < sizeof export_ends / sizeof *export_ends; i++) {
		const size_t end = strlen(export_ends[i]);

		if (len > end && strcmp(path + len - end, export_ends[i]) == 0)
			return true;
	}
	return false;
}

/* A plain name that no program takes for its own: such as those that w and R offer. */
static bool
is_export(const char *path)
{
	const size_t len = strlen(path);

	for (const char *at = path; *at != '\0'; at++) {
		if (!isalnum((unsigned char)*at) && strchr("._-", *at) == NULL)
			return false;
	}
	return isalnum((unsigned char)path[0]) && len <= NAME_MAX && has_export_end(path, len);
}

static bool
is_listed(const struct opener_serving *serving, const char *path)
{
	for (size_t i = 0; i < OPENER_FILES_MAX; i++) {
		if (path[0] != '\0' && strcmp(serving->files[i], path) == 0)
			return true;
	}
	return false;
}

static int
refuse_path(const char *path, struct error *error)
{
	error_set(error,
		"%s is not written: as root, w writes NAME.txt, R NAME.pcap, into the directory where sockwatch was started, NAME of letters, digits and . _ -",
		path);
	return -EPERM;
}

/* The first len bytes are a path of the directory where the program was started. */
static bool
is_here(const char *path, size_t len)
{
	char directory[PATH_MAX];
	struct stat there, here;

	if (len == 0 || len >= sizeof directory)
		return false;
	memcpy(directory, path, len);
	directory[len] = '\0';
	return stat(directory, &there) == 0 && stat(".", &here) == 0 &&
	       there.st_dev == here.st_dev && there.st_ino == here.st_ino;
}

/* Makes the directories of a listed file, and follows links to it. */
static int
take_path(struct opener_serving *serving, const char *path, struct error *error)
{
	const char *const slash = strrchr(path, '/');

	serving->is_listed = is_listed(serving, path);
	if (serving->is_listed) {
		(void)whole_file_make_directories(path, NULL); /* opening says it again */
		if (realpath(path, serving->path) == NULL)
			snprintf(serving->path, sizeof serving->path, "%s", path);
		return 0;
	}
	if (slash != NULL && !is_here(path, (size_t)(slash - path)))
		return refuse_path(path, error);
	if (slash != NULL)
		path = slash + 1;
	if (!is_export(path) || serving->exports >= EXPORTS_MAX)
		return refuse_path(path, error);
	serving->exports++;
	snprintf(serving->path, sizeof serving->path, "%s", path);
	return 0;
}

static int
open_file(struct opener_serving *serving, const char *path, struct error *error)
{
	struct error ignored;
	int result;

	if (serving->is_open) {
		serving->file.result = -ECANCELED;
		(void)whole_file_commit(&serving->file, false, &ignored);
		serving->is_open = false;
	}
	result = take_path(serving, path, error);
	if (result == 0)
		result = whole_file_open(&serving->file, serving->path, error);
	serving->is_open = result == 0;
	return result;
}

static int
commit_file(
	struct opener_serving *serving, const struct opener_request *request, struct error *error)
{
	if (!serving->is_open)
		return -EBADF;
	serving->is_open = false;
	if (request->result != 0)
		serving->file.result = request->result < 0 ? request->result : -EIO;
	/* What is there already may be anything, and the viewer anybody. */
	return whole_file_commit(
		&serving->file, request->replaces != 0 && serving->is_listed, error);
}

/* fd: -1: none goes with it. */
static int
answer(const struct opener_serving *serving, struct answer *reply, int fd)
{
	return exchange_send(serving->control, reply, sizeof *reply, &fd, fd >= 0 ? 1 : 0);
}

static int
open_to_read(const struct opener_serving *serving, const char *path)
{
	int fd;

	if (!is_listed(serving, path))
		return -EPERM;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd >= 0 ? fd : -errno;
}

bool
opener_serve(struct opener_serving *serving)
{
	struct opener_request request;
	struct answer reply = {.error = {.position = -1}};
	const ssize_t len = recv(serving->control, &request, sizeof request, MSG_TRUNC);
	int fd = -1, result;

	if (len < 0 && errno == EINTR)
		return true;
	if (len != sizeof request || memchr(request.path, '\0', sizeof request.path) == NULL)
		return false;
	if (request.step == OPENER_READ) {
		fd = open_to_read(serving, request.path);
		reply.result = fd < 0 ? fd : 0;
		result = answer(serving, &reply, fd);
		if (fd >= 0)
			close(fd);
		return result == 0;
	}
	if (request.step == OPENER_OPEN) {
		reply.result = open_file(serving, request.path, &reply.error);
		fd = reply.result == 0 ? serving->file.fd : -1;
	} else {
		reply.result = commit_file(serving, &request, &reply.error);
	}
	return answer(serving, &reply, fd) == 0;
}

/* It names nothing but what is beneath the folders of its files and the one where it began. */
static void
confine(const struct opener_serving *serving)
{
	static char folders[OPENER_FILES_MAX][PATH_MAX];
	struct sandbox_writes writes = {.folders = {"."}};

	static_assert(
		(int)OPENER_FILES_MAX < (int)SANDBOX_FOLDERS, "a folder for each file, and one");
	for (size_t i = 0; i < OPENER_FILES_MAX; i++) {
		sandbox_folder(serving->files[i], folders[i]);
		writes.folders[i + 1] = folders[i];
	}
	sandbox_enter(SANDBOX_OPENER, &writes);
}

__attribute__((noreturn)) static void
be_opener(const char *const files[OPENER_FILES_MAX], int control, int life)
{
	struct opener_serving serving = {.control = control};
	struct error error = {.position = -1};

	prctl(PR_SET_NAME, "sockwatch-open", 0, 0, 0);
	setsid();
	for (size_t i = 0; i < OPENER_FILES_MAX; i++)
		snprintf(serving.files[i], sizeof serving.files[i], "%s", files[i]);
	/* It sees the end of control by itself, if it is not stopped: it may have a file half
	 * written. */
	if (closing_all_but(control, life) != 0 || privileges_drop_opener(&error) != 0 ||
		lifeline_hold(life, SIGCONT) != 0)
		_exit(EXIT_FAILURE);
	confine(&serving);
	while (opener_serve(&serving))
		;
	if (serving.is_open) {
		serving.file.result = -ECANCELED;
		(void)whole_file_commit(&serving.file, false, &error);
	}
	_exit(EXIT_SUCCESS);
}

/* The viewer's side. */

/* Files in other directories are written by the viewer, as the user that it is. */
static bool
takes(const char *path)
{
	const char *const slash = strrchr(path, '/');

	for (size_t i = 0; i < OPENER_FILES_MAX; i++) {
		if (strcmp(opener.files[i], path) == 0)
			return true;
	}
	return slash == NULL ||
	       (strlen(opener.directory) == (size_t)(slash - path) &&
		       memcmp(opener.directory, path, (size_t)(slash - path)) == 0);
}

/* A key must not wait for it for ever, nor the end of the program. */
static int
receive(enum opener_step step, struct answer *reply, int *fd)
{
	const int result = exchange_wait(
		opener.control, step == OPENER_COMMIT ? COMMIT_TIMEOUT_MS : OPEN_TIMEOUT_MS);

	return result == 0 ? exchange_receive(opener.control, reply, sizeof *reply, fd, 1) : result;
}

static int
ask(const struct opener_request *request, int *fd, struct error *error)
{
	struct answer reply = {0};
	int result = send(opener.control, request, sizeof *request, MSG_NOSIGNAL) < 0 ? -errno : 0;

	if (result == 0)
		result = receive(request->step, &reply, fd);
	if (result == -EMFILE) {
		error_set(error, "%s cannot be written: %s", request->path, file_words(result));
		return result;
	}
	if (result < 0) {
		/* An answer that comes later would be taken for another. */
		(void)shutdown(opener.control, SHUT_RDWR);
		error_set(error,
			"the process that writes files for root has ended or does not answer; start again");
		return result;
	}
	if (reply.result != 0)
		error_set(error, "%s", reply.error.text);
	return reply.result;
}

static int
ask_to_open(struct whole_file *file, struct error *error)
{
	struct opener_request request = {.step = OPENER_OPEN};
	int result;

	if (strlen(file->path) >= sizeof request.path) {
		error_set(error, "%s cannot be written: the name is too long", file->path);
		return -ENAMETOOLONG;
	}
	memcpy(request.path, file->path, strlen(file->path) + 1);
	result = ask(&request, &file->fd, error);
	return result == 0 && file->fd < 0 ? -EPIPE : result;
}

static int
ask_to_commit(struct whole_file *file, bool replaces, struct error *error)
{
	const struct opener_request request = {
		.step = OPENER_COMMIT, .replaces = replaces, .result = file->result};
	int none = -1;

	close(file->fd);
	file->fd = -1;
	return ask(&request, &none, error);
}

static int
make_pairs(int control[2], int life[2], struct error *error)
{
	int result = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, control) != 0)
		result = -errno;
	else if ((result = lifeline_make(life)) != 0) {
		close(control[0]);
		close(control[1]);
	}
	if (result != 0)
		error_set(error, "cannot make a socket pair: %s", file_words(result));
	return result;
}

int
opener_start(const char *const files[OPENER_FILES_MAX], struct error *error)
{
	static const struct whole_file_writer writer = {
		.open = ask_to_open, .commit = ask_to_commit, .takes = takes};
	int control[2], life[2];
	const int result = make_pairs(control, life, error);

	if (result != 0)
		return result;
	opener.pid = fork();
	if (opener.pid == 0) {
		close(control[0]);
		close(life[0]);
		be_opener(files, control[1], life[1]);
	}
	close(control[1]);
	close(life[1]);
	if (opener.pid < 0) {
		const int cause = errno;

		opener.pid = 0;
		close(control[0]);
		close(life[0]);
		error_set(error, "cannot fork: %s", strerror(cause));
		return -cause;
	}
	opener.control = control[0];
	opener.life = life[0];
	memcpy(opener.files, files, sizeof opener.files);
	if (getcwd(opener.directory, sizeof opener.directory) == NULL)
		opener.directory[0] = '\0';
	whole_file_set_writer(&writer);
	return 0;
}

int
opener_read(const char *path)
{
	struct opener_request request = {.step = OPENER_READ};
	struct error ignored;
	int fd = -1, result;

	if (strlen(path) >= sizeof request.path)
		return -ENAMETOOLONG;
	memcpy(request.path, path, strlen(path) + 1);
	result = ask(&request, &fd, &ignored);
	return result != 0 ? result : fd;
}

bool
opener_runs(void)
{
	return opener.pid != 0;
}

pid_t
opener_pid(void)
{
	return opener.pid;
}

void
opener_stop(void)
{
	if (opener.pid == 0)
		return;
	whole_file_set_writer(NULL);
	close(opener.control);
	close(opener.life);
	(void)exchange_wait_end(opener.pid, END_PAUSES);
	opener.pid = 0;
}
