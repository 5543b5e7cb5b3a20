/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/PID/status and the owner of /proc/PID. */
#include <config.h>

#include <sockwatch/privilege/process_rights.h>

#include <cap-ng.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_SIZE = 32, LINE_SIZE = 4096, CAPABILITIES = 64, SETS = 5 };

/* real, effective, saved and of the file system. True: they are not all the same. */
static bool
read_ids(const char *text, uint32_t *effective)
{
	unsigned ids[4] = {0};

	if (sscanf(text, "%u %u %u %u", &ids[0], &ids[1], &ids[2], &ids[3]) != 4)
		return false;
	*effective = ids[1];
	return ids[0] != ids[1] || ids[2] != ids[1] || ids[3] != ids[1];
}

static uint32_t
count_words(const char *text)
{
	uint32_t count = 0;

	for (bool was_space = true; *text != '\0'; text++) {
		const bool is_space = strchr(" \t\n", *text) != NULL;

		count += was_space && !is_space;
		was_space = is_space;
	}
	return count;
}

/* True: the line is one of the SETS. */
static bool
read_set(const char *line, struct process_rights *rights)
{
	const struct {
		const char *name;
		uint64_t *bits;
	} sets[SETS] = {{"CapInh:", &rights->inheritable}, {"CapPrm:", &rights->permitted},
		{"CapEff:", &rights->effective}, {"CapBnd:", &rights->bounding},
		{"CapAmb:", &rights->ambient}};

	for (size_t i = 0; i < SETS; i++) {
		const size_t len = strlen(sets[i].name);

		if (strncmp(line, sets[i].name, len) != 0)
			continue;
		*sets[i].bits = strtoull(line + len, NULL, 16);
		return true;
	}
	return false;
}

static void
read_other(const char *line, struct process_rights *rights)
{
	const char *const text = strchr(line, ':') != NULL ? strchr(line, ':') + 1 : line;

	if (strncmp(line, "PPid:", 5) == 0)
		rights->parent = (pid_t)strtol(text, NULL, 10);
	else if (strncmp(line, "Uid:", 4) == 0)
		rights->has_other_ids |= read_ids(text, &rights->uid);
	else if (strncmp(line, "Gid:", 4) == 0)
		rights->has_other_ids |= read_ids(text, &rights->gid);
	else if (strncmp(line, "Groups:", 7) == 0)
		rights->groups = count_words(text);
	else if (strncmp(line, "NoNewPrivs:", 11) == 0)
		rights->has_no_new_privs = strtol(text, NULL, 10) == 1;
	else if (strncmp(line, "Seccomp:", 8) == 0)
		rights->seccomp = (int)strtol(text, NULL, 10);
	else if (strncmp(line, "Seccomp_filters:", 16) == 0)
		rights->filters = (int)strtol(text, NULL, 10);
}

/* The files of a process that may not be traced are shown as root's. */
static int
find_dumpable(int fd, uint32_t uid)
{
	struct stat status;

	if (uid == 0 || fstat(fd, &status) != 0)
		return -1;
	return status.st_uid == uid;
}

int
process_rights_read(pid_t pid, struct process_rights *rights)
{
	char path[PATH_SIZE], line[LINE_SIZE];
	unsigned sets = 0;
	FILE *file;

	*rights = (struct process_rights){.seccomp = -1, .filters = -1};
	/* /proc may be that of another namespace of processes, with other numbers. */
	if (pid == 0)
		snprintf(path, sizeof path, "/proc/self/status");
	else
		snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
	file = fopen(path, "re");
	if (file == NULL)
		return -errno;
	while (fgets(line, sizeof line, file) != NULL) {
		if (read_set(line, rights))
			sets++;
		else
			read_other(line, rights);
	}
	rights->dumpable = find_dumpable(fileno(file), rights->uid);
	fclose(file);
	return sets == SETS ? 0 : -EPROTO;
}

void
process_rights_name(uint64_t capabilities, struct buffer *out)
{
	const char *separator = "";

	for (unsigned i = 0; i < CAPABILITIES; i++) {
		const char *const name = capng_capability_to_name(i);

		if ((capabilities >> i & 1) == 0)
			continue;
		if (name != NULL)
			buffer_append_format(out, "%s%s", separator, name);
		else
			buffer_append_format(out, "%s%u", separator, i);
		separator = " ";
	}
}
