/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the cgroups whose memory is watched, and reports what changed. */
#include <config.h>

#include "cgroup_memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/base/clock.h>

#include "cgroup_memory_read.h"
#include "collector/proc/mountinfo.h"

enum {
	AGAIN_S = 2,
	/* All readings together may take a hundredth of the time. */
	SHARE = 100,
	/* The facts of each process are read again within 25 s, or later on a box that is busy. */
	FORGET_S = 120,
	LEFT_OUT_MAX = 65536,
};

struct cgroup_memory_row {
	char *path;       /* begins with a slash */
	uint64_t seen_ns; /* CLOCK_MONOTONIC: a process in it was seen last */
	bool is_read, is_reported;
	struct message_cgroup_memory sent; /* without its path */
};

/* A mount of the whole hierarchy that has the memory controller; version 1 says so. */
static int
mount_version(const struct mountinfo *mount)
{
	struct text options = mount->options;

	if (!text_equal(mount->root, text_of("/")))
		return 0;
	if (text_equal(mount->type, text_of("cgroup2")))
		return 2;
	if (!text_equal(mount->type, text_of("cgroup")))
		return 0;
	while (options.len != 0)
		if (text_equal(text_cut(&options, ','), text_of("memory")))
			return 1;
	return 0;
}

void
cgroup_memory_init(struct cgroup_memory *memory, struct text mountinfo)
{
	char path[PATH_MAX], chosen[PATH_MAX] = "";

	*memory = (struct cgroup_memory){.mount = -1};
	/* A controller belongs to one hierarchy: where version 1 has it, version 2 has not. */
	while (mountinfo.len != 0 && memory->version != 1) {
		const struct mountinfo mount = mountinfo_parse(text_cut(&mountinfo, '\n'));
		const int version = mount_version(&mount);

		if (version == 0 || version == memory->version ||
			!mountinfo_unescape(mount.point, path, sizeof path))
			continue;
		memory->version = version;
		memcpy(chosen, path, sizeof chosen);
	}
	if (memory->version != 0)
		memory->mount = open(chosen, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

void
cgroup_memory_fini(struct cgroup_memory *memory)
{
	for (size_t i = 0; i < memory->count; i++)
		free(memory->rows[i].path);
	free(memory->rows);
	map_fini(&memory->left_out);
	if (memory->mount >= 0)
		close(memory->mount);
}

static bool
has_memory(struct text controllers)
{
	while (controllers.len != 0)
		if (text_equal(text_cut(&controllers, ','), text_of("memory")))
			return true;
	return false;
}

struct text
cgroup_memory_path(const struct cgroup_memory *memory, struct text text)
{
	while (text.len != 0) {
		struct text path = text_cut(&text, '\n');
		const struct text hierarchy = text_cut(&path, ':');
		const struct text controllers = text_cut(&path, ':');

		if (memory->version == 1 ? has_memory(controllers)
					 : text_equal(hierarchy, text_of("0")))
			return path;
	}
	return (struct text){"", 0};
}

static struct cgroup_memory_row *
find(const struct cgroup_memory *memory, struct text path)
{
	for (size_t i = 0; i < memory->count; i++)
		if (text_equal(path, text_of(memory->rows[i].path)))
			return &memory->rows[i];
	return NULL;
}

static struct cgroup_memory_row *
add(struct cgroup_memory *memory, struct text path)
{
	struct cgroup_memory_row *row;

	if (memory->rows == NULL)
		memory->rows = calloc(CGROUP_MEMORY_MAX, sizeof *memory->rows);
	if (memory->rows == NULL || memory->count == CGROUP_MEMORY_MAX)
		return NULL;
	row = &memory->rows[memory->count];
	*row = (struct cgroup_memory_row){.path = strndup(path.data, path.len)};
	if (row->path == NULL)
		return NULL;
	memory->count++;
	return row;
}

/* The path of the cgroup above; "" above the first, because nothing limits the root. */
static struct text
parent_of(struct text path)
{
	while (path.len != 0 && path.data[path.len - 1] != '/')
		path.len--;
	if (path.len != 0)
		path.len--;
	return path;
}

/* A path with ".." leads out of what we see of the hierarchy. */
static bool
is_visible(struct text path)
{
	return path.len > 1 && path.len < PATH_MAX - 64 && path.data[0] == '/' &&
	       memmem(path.data, path.len, "/..", 3) == NULL;
}

static void
leave_out(struct cgroup_memory *memory, struct text path)
{
	if (memory->left_out.count < LEFT_OUT_MAX)
		(void)map_set(&memory->left_out, map_hash_bytes(path.data, path.len, 0), 1);
}

void
cgroup_memory_saw(struct cgroup_memory *memory, struct text path)
{
	const uint64_t now_ns = clock_monotonic_ns();

	if (memory->mount < 0 || !is_visible(path))
		return;
	for (; path.len > 1; path = parent_of(path)) {
		struct cgroup_memory_row *row = find(memory, path);

		if (row == NULL)
			row = add(memory, path);
		if (row == NULL) {
			leave_out(memory, path);
			return;
		}
		row->seen_ns = now_ns;
	}
}

void
cgroup_memory_forget_sent(struct cgroup_memory *memory)
{
	for (size_t i = 0; i < memory->count; i++) {
		memory->rows[i].is_read = false;
		memory->rows[i].sent = (struct message_cgroup_memory){0};
	}
	memory->reported_left_out = 0;
}

static bool
is_same(const struct message_cgroup_memory *a, const struct message_cgroup_memory *b)
{
	return a->known == b->known && a->limit_bytes == b->limit_bytes &&
	       a->usage_bytes == b->usage_bytes && a->socket_bytes == b->socket_bytes &&
	       a->limit_hits == b->limit_hits && a->throttled == b->throttled;
}

/* The cgroup is there no more, or no process with sockets was seen in it for long. */
static int
report_gone(struct stream_writer *writer, struct cgroup_memory_row *row)
{
	const struct message_cgroup_memory message = {.path = text_of(row->path), .gone = 1};
	const int status = row->is_reported
				   ? stream_write_message(writer, MESSAGE_CGROUP_MEMORY, &message)
				   : 0;

	if (status == 0)
		row->is_reported = false;
	return status;
}

/* 0, or negative errno of the writer. */
static int
report_row(const struct cgroup_memory *memory, struct stream_writer *writer,
	struct cgroup_memory_row *row)
{
	struct message_cgroup_memory message = {
		.path = text_of(row->path), .version = (uint8_t)memory->version};
	int status = cgroup_memory_read(memory->mount, memory->version, row->path + 1, &message);

	row->is_read = true;
	if (status == -ENOENT)
		return report_gone(writer, row);
	if (message.known == 0 || (row->is_reported && is_same(&message, &row->sent)))
		return 0;
	status = stream_write_message(writer, MESSAGE_CGROUP_MEMORY, &message);
	if (status == 0) {
		row->is_reported = true;
		row->sent = message;
	}
	return status;
}

/* How many cgroups are left out is reported without a path. */
static int
report_left_out(struct cgroup_memory *memory, struct stream_writer *writer)
{
	const struct message_cgroup_memory message = {
		.version = (uint8_t)memory->version, .left_out = (uint32_t)memory->left_out.count};
	int status = 0;

	if (message.left_out != memory->reported_left_out)
		status = stream_write_message(writer, MESSAGE_CGROUP_MEMORY, &message);
	if (status == 0)
		memory->reported_left_out = message.left_out;
	return status;
}

static void
set_due(struct cgroup_memory *memory, uint64_t start_ns)
{
	uint64_t rest_ns = (clock_monotonic_ns() - start_ns) * SHARE;

	if (rest_ns < AGAIN_S * CLOCK_NS_PER_S)
		rest_ns = AGAIN_S * CLOCK_NS_PER_S;
	memory->due_ns = start_ns + rest_ns;
}

int
cgroup_memory_report(struct cgroup_memory *memory, struct stream_writer *writer)
{
	const uint64_t start_ns = clock_monotonic_ns();
	const bool is_due = start_ns >= memory->due_ns;

	for (size_t i = 0; i < memory->count;) {
		struct cgroup_memory_row *const row = &memory->rows[i];
		const bool is_over = start_ns - row->seen_ns > FORGET_S * CLOCK_NS_PER_S;
		int status = 0;

		if (is_over)
			status = report_gone(writer, row);
		else if (is_due || !row->is_read)
			status = report_row(memory, writer, row);
		if (status != 0)
			return status;
		if (!is_over) {
			i++;
			continue;
		}
		free(row->path);
		*row = memory->rows[--memory->count];
	}
	if (is_due)
		set_due(memory, start_ns);
	return report_left_out(memory, writer);
}
