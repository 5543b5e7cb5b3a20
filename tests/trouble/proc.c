/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads /proc/net/tcp, tcp6, netstat and snmp. */
#include <config.h>

#include "proc.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../program.h"

static FILE *
open_net(struct lab *lab, const char *name)
{
	char path[64];
	FILE *file;

	lab_enter(lab, LAB_NEAR);
	snprintf(path, sizeof path, "/proc/self/net/%s", name);
	file = fopen(path, "re");
	check(file != NULL, path);
	return file;
}

static bool
matches(const char *line, const struct proc_filter *filter)
{
	unsigned local_port, remote_port, state, recv_queue, retransmits;

	if (sscanf(line, "%*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%x %x %*x:%x %*x:%*x %x", &local_port,
		    &remote_port, &state, &recv_queue, &retransmits) != 5)
		return false;
	return (filter->state == 0 || state == (unsigned)filter->state) &&
	       (filter->local_port == 0 || local_port == filter->local_port) &&
	       (filter->remote_port == 0 || remote_port == filter->remote_port) &&
	       retransmits >= filter->retransmits_min && recv_queue >= filter->recv_queue_min;
}

unsigned
proc_count(struct lab *lab, const struct proc_filter *filter)
{
	FILE *const file = open_net(lab, lab->six ? "tcp6" : "tcp");
	char line[512];
	unsigned count = 0;

	while (fgets(line, sizeof line, file) != NULL)
		count += matches(line, filter);
	fclose(file);
	return count;
}

unsigned
proc_state(struct lab *lab, int state, uint16_t local_port)
{
	const struct proc_filter filter = {.state = state, .local_port = local_port};

	return proc_count(lab, &filter);
}

/* The number below the name: the two lines have equally many words. */
static bool
find_value(char *names, char *values, const char *name, uint64_t *value)
{
	char *names_rest, *values_rest;
	const char *word = strtok_r(names, " \n", &names_rest);
	const char *number = strtok_r(values, " \n", &values_rest);

	while (word != NULL && number != NULL && strcmp(word, name) != 0) {
		word = strtok_r(NULL, " \n", &names_rest);
		number = strtok_r(NULL, " \n", &values_rest);
	}
	if (word == NULL || number == NULL)
		return false;
	*value = strtoull(number, NULL, 10);
	return true;
}

static bool
read_counter(
	struct lab *lab, const char *path, const char *group, const char *name, uint64_t *value)
{
	FILE *const file = open_net(lab, path);
	char *names = NULL, *values = NULL;
	size_t names_size = 0, values_size = 0;
	bool found = false;

	while (!found && getline(&names, &names_size, file) > 0 &&
		getline(&values, &values_size, file) > 0)
		found = strncmp(names, group, strlen(group)) == 0 && names[strlen(group)] == ':' &&
			find_value(names, values, name, value);
	free(names);
	free(values);
	fclose(file);
	return found;
}

uint64_t
proc_counter(struct lab *lab, const char *group, const char *name)
{
	uint64_t value = 0;

	if (!read_counter(lab, "netstat", group, name, &value) &&
		!read_counter(lab, "snmp", group, name, &value)) {
		fprintf(stderr, "trouble: this kernel has no counter %s.%s\n", group, name);
		exit(EXIT_FAILURE);
	}
	return value;
}

unsigned
proc_descriptors(pid_t pid)
{
	char path[64];
	unsigned count = 0;
	DIR *folder;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	folder = opendir(path);
	check(folder != NULL, path);
	for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

uint64_t
proc_number(const char *path)
{
	FILE *const file = fopen(path, "re");
	uint64_t value = 0;

	if (file == NULL)
		return 0;
	if (fscanf(file, "%" SCNu64, &value) != 1)
		value = 0;
	fclose(file);
	return value;
}
