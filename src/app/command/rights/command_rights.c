/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sockwatch --rights`: starts the processes as the monitor does, and prints the rights of each as
 * /proc shows them to a process that stays outside. rights_words.c prints.
 */
#include <config.h>

#include "app/command/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sockwatch/model/model.h>
#include <sockwatch/privilege/opener.h>
#include <sockwatch/privilege/sandbox.h>
#include <sockwatch/source/source.h>
#include <sockwatch/stream/needs.h>

#include "app/command/confine.h"
#include "app/command/open_source.h"
#include "app/command/root_files.h"
#include "app/command/subscribe.h"
#include "app/error_print.h"
#include "app/output.h"
#include "rights_words.h"

/* What the viewer says of itself, because /proc does not show it. */
struct answer {
	pid_t collector, opener; /* 0: there is no opener */
	bool is_bounded;         /* it cannot name a file that everybody may read */
	bool is_filtered;        /* system calls are */
	bool is_dumpable;
	char lacks[64]; /* see sandbox_lacks */
};

static void
on_get_subscription(void *context, struct message_subscription *subscription)
{
	*subscription = (struct message_subscription){.needs = NEED_SOCKETS};
	subscribe_set_netns(subscription, ((const struct options *)context)->netns);
}

static bool
can_name_files(void)
{
	const int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int
answer_with(int to, const struct model *model, bool is_dumpable)
{
	const char *const lacks = sandbox_lacks();
	struct answer answer = {.collector = (pid_t)model->host.collector_pid,
		.opener = opener_pid(),
		.is_bounded = !can_name_files(),
		.is_filtered = sandbox_filters_calls(),
		.is_dumpable = is_dumpable};

	if (lacks != NULL)
		strncpy(answer.lacks, lacks, sizeof answer.lacks - 1);
	return write(to, &answer, sizeof answer) == sizeof answer ? 0 : -errno;
}

/* Lives until the other end of `until` is closed. */
static int
view(struct options *options, struct source *source, int to, int until, struct error *error)
{
	const struct source_hooks hooks = {
		.context = options, .get_subscription = on_get_subscription};
	struct model *const model = model_new(0);
	/* In the sandbox it may not even ask. */
	const bool is_dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0;
	char nothing;
	int result;

	if (model == NULL) {
		error_set(error, "there is not enough memory to begin");
		return -ENOMEM;
	}
	confine(SANDBOX_VIEWER);
	result = source_start(source, NULL, model, &hooks, error);
	if (result == 0)
		result = source_read_snapshot(source, NULL, error);
	if (result == 0)
		result = answer_with(to, model, is_dumpable);
	while (result == 0 && read(until, &nothing, 1) < 0 && errno == EINTR)
		;
	model_free(model);
	return result;
}

__attribute__((noreturn)) static void
be_viewer(struct options *options, int to, int until)
{
	const struct open_source_wish wish = {
		.rights = {.actions = !options->settings.read_only, .netns = options->netns},
		.netns = options->netns,
	};
	struct error error = {.position = -1};
	struct source *source = NULL;
	int result = root_files_open("", "", &error);

	if (result == 0) {
		source = open_source_live(&wish, &error);
		result = source != NULL ? view(options, source, to, until, &error) : -EPERM;
	}
	source_close(source);
	opener_stop();
	if (result != 0)
		error_print(&error);
	_exit(result == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

enum { VIEWER, KEEPER, COLLECTOR, OPENER, PROCESSES };

static int
read_all(struct rights_process processes[PROCESSES], struct error *error)
{
	/* The collector names its keeper. */
	static const int order[PROCESSES] = {VIEWER, COLLECTOR, KEEPER, OPENER};

	for (size_t i = 0; i < PROCESSES; i++) {
		struct rights_process *const process = &processes[order[i]];
		const int result =
			process->pid != 0 ? process_rights_read(process->pid, &process->rights) : 0;

		if (result != 0) {
			error_set(error, "/proc does not show our own processes: %s",
				strerror(-result));
			return result;
		}
		if (order[i] == COLLECTOR)
			processes[KEEPER].pid = process->rights.parent;
	}
	return 0;
}

static int
print(pid_t viewer, const struct answer *answer, struct error *error)
{
	/* In a domain of Landlock nobody sees the descriptors of processes outside of it. */
	const char *const read_only =
		answer->is_filtered
			? "all that its user and capabilities give; the filter lets it open them to read"
			: "all that its user and capabilities give";
	struct rights_process processes[PROCESSES] = {
		[VIEWER] = {.name = "viewer",
			.pid = viewer,
			.files = answer->is_bounded ? "only those that it needs (Landlock)"
						    : "all of its user",
			.is_dumpable = answer->is_dumpable},
		[KEEPER] = {.name = "keeper", .files = read_only, .is_dumpable = -1},
		[COLLECTOR] = {.name = "collector",
			.pid = answer->collector,
			.files = read_only,
			.is_dumpable = -1},
		[OPENER] = {.name = "opener",
			.pid = answer->opener,
			.files = answer->is_bounded
					 ? "root's, of which it writes a few by name (Landlock)"
					 : "all of root",
			.is_dumpable = -1},
	};
	struct output output;
	int result = read_all(processes, error);

	if (result == 0)
		result = output_init(&output, error);
	if (result != 0)
		return result;
	for (size_t i = 0; i < PROCESSES; i++)
		if (processes[i].pid != 0)
			rights_words(&processes[i], &output.buffer);
	if (answer->lacks[0] != '\0')
		buffer_append_format(&output.buffer, "missing: %s\n", answer->lacks);
	result = output_write(&output, true, error);
	output_fini(&output);
	return result;
}

static int
look(struct options *options, struct error *error)
{
	struct answer answer;
	int to[2], until[2];
	int result = -EIO, status;
	pid_t viewer;

	if (pipe2(to, O_CLOEXEC) != 0 || pipe2(until, O_CLOEXEC) != 0) {
		error_set(error, "cannot make a pipe: %s", strerror(errno));
		return -errno;
	}
	viewer = fork();
	if (viewer == 0) {
		close(to[0]);
		close(until[1]);
		be_viewer(options, to[1], until[0]);
	}
	close(to[1]);
	close(until[0]);
	if (viewer < 0)
		error_set(error, "cannot fork: %s", strerror(errno));
	else if (read(to[0], &answer, sizeof answer) == sizeof answer)
		result = print(viewer, &answer, error);
	close(until[1]);
	close(to[0]);
	if (viewer > 0 && waitpid(viewer, &status, 0) == viewer && WIFSIGNALED(status))
		error_set(error, "the viewer was ended by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	return result;
}

int
command_rights(struct options *options)
{
	struct error error = {.position = -1};
	const int result = look(options, &error);

	if (error.text[0] != '\0')
		error_print(&error);
	return result == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
