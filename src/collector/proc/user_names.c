/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /etc/passwd when it changed, and reports the names of uids that were seen. */
#include <config.h>

#include "user_names.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>

enum {
	SEEN_MAX = 65536,
	NAMES_MAX = 262144,
	LINE_MAX_SIZE = 4096, /* after a longer line of the file nothing is read */
};

/* A value of `seen` that is not the number of a name. 0 means: reported as having no name. */
#define NEVER_REPORTED (MAP_EMPTY - 1)

int
user_names_init(struct user_names *names, const char *path)
{
	*names = (struct user_names){.path = path, .texts = intern_new(NAMES_MAX)};
	map_init(&names->in_file);
	map_init(&names->seen);
	return names->texts != NULL ? 0 : -ENOMEM;
}

void
user_names_fini(struct user_names *names)
{
	intern_free(names->texts);
	map_fini(&names->in_file);
	map_fini(&names->seen);
}

void
user_names_add(struct user_names *names, uint32_t uid)
{
	uint32_t name;

	names->last = uid;
	names->has_last = true;
	if (map_find(&names->seen, uid, &name) || names->seen.count >= SEEN_MAX)
		return;
	if (map_set(&names->seen, uid, NEVER_REPORTED) == 0)
		names->unreported = true;
}

void
user_names_forget_sent(struct user_names *names)
{
	map_clear(&names->seen);
	names->has_last = false;
}

static void
load(struct user_names *names)
{
	FILE *const file = fopen(names->path, "re");
	char line[LINE_MAX_SIZE];
	struct passwd entry, *found;

	map_clear(&names->in_file);
	names->unreported = true;
	if (file == NULL)
		return;
	while (fgetpwent_r(file, &entry, line, sizeof line, &found) == 0) {
		uint32_t name;

		/* As getpwuid does: the first line of a uid counts. */
		if (map_find(&names->in_file, entry.pw_uid, &name))
			continue;
		name = intern_add(names->texts, text_of(entry.pw_name));
		if (name != 0)
			(void)map_set(&names->in_file, entry.pw_uid, name);
	}
	fclose(file);
}

static void
load_if_changed(struct user_names *names)
{
	struct stat status = {0};

	(void)stat(names->path, &status);
	if (names->loaded && status.st_mtim.tv_sec == names->modified.tv_sec &&
		status.st_mtim.tv_nsec == names->modified.tv_nsec)
		return;
	names->modified = status.st_mtim;
	names->loaded = true;
	load(names);
}

int
user_names_report(struct user_names *names, struct stream_writer *writer)
{
	uint64_t uid;
	uint32_t reported;
	size_t position = 0;

	load_if_changed(names);
	if (!names->unreported)
		return 0;
	while (map_next(&names->seen, &position, &uid, &reported)) {
		struct message_user user = {.uid = (uint32_t)uid};
		uint32_t name = 0;
		int written;

		(void)map_find(&names->in_file, uid, &name);
		/* A uid without a name is reported only when it had one. */
		if (name == reported || (name == 0 && reported == NEVER_REPORTED))
			continue;
		user.name = intern_get(names->texts, name);
		written = stream_write_message(writer, MESSAGE_USER, &user);
		if (written != 0)
			return written;
		/* The key is there, so only the value changes. */
		(void)map_set(&names->seen, uid, name);
	}
	names->unreported = false;
	return 0;
}
