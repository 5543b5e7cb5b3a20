/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tree of files that stands for a hierarchy of cgroups, and what is reported of its memory. */
#ifndef SOCKWATCH_TESTS_UNIT_CGROUP_TREE_H
#define SOCKWATCH_TESTS_UNIT_CGROUP_TREE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/proc/cgroup/cgroup_memory.h"
#include "collector/proc/cgroup/cgroup_memory_read.h"
#include "stream_echo.h"
#include "unit.h"

enum { MESSAGES_MAX = 600 };

static char tree[] = "/tmp/test_cgroup_memory.XXXXXX";
static struct stream_echo echo;
static struct message_cgroup_memory messages[MESSAGES_MAX];
static char paths[MESSAGES_MAX][64];
static size_t message_count;

static inline void
write_file(const char *name, const char *text)
{
	char path[256];
	int fd;

	snprintf(path, sizeof path, "%s/%s", tree, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static inline void
make_directory(const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/%s", tree, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static inline void
remove_tree(void)
{
	char command[256];

	snprintf(command, sizeof command, "rm -rf %s", tree);
	assert_int_equal(system(command), 0);
}

static inline int
setup(void **state)
{
	(void)state;
	strcpy(strrchr(tree, '.'), ".XXXXXX");
	assert_non_null(mkdtemp(tree));
	stream_echo_open(&echo);
	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	remove_tree();
	stream_echo_close(&echo);
	return 0;
}

static inline void
keep(void *context, const struct message *message)
{
	(void)context;
	assert_int_equal(message->type, MESSAGE_CGROUP_MEMORY);
	assert_true(message_count < MESSAGES_MAX);
	messages[message_count] = message->body.cgroup_memory;
	snprintf(paths[message_count++], sizeof paths[0], "%.*s",
		(int)message->body.cgroup_memory.path.len, message->body.cgroup_memory.path.data);
}

/* What is reported now, whether it is time or not. */
static inline size_t
report(struct cgroup_memory *memory)
{
	message_count = 0;
	memory->due_ns = 0;
	assert_int_equal(cgroup_memory_report(memory, echo.writer), 0);
	stream_echo_read(&echo, keep, NULL);
	return message_count;
}

static inline struct cgroup_memory
open_tree(const char *type, const char *options)
{
	struct cgroup_memory memory;
	char mounts[512];

	snprintf(mounts, sizeof mounts,
		"24 1 0:22 / /proc rw - proc proc rw\n30 24 0:26 / %s rw - %s cgroup rw%s\n", tree,
		type, options);
	cgroup_memory_init(&memory, text_of(mounts));
	assert_true(memory.mount >= 0);
	return memory;
}

#endif
