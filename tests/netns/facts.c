/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Prints what a recording says of the box beside its sockets, a line each:
 *
 *	facts FILE
 *
 *	sysctl NAMESPACE NAME=VALUE      or sysctl NAMESPACE NAME absent; NAMESPACE is machine for
 *	                                 those that the machine has once
 *	setting FILE LINE NAME=VALUE     of the files of sysctl.d; or setting FILE LINE -NAME
 *	counter NAMESPACE GROUP.MEMBER=NUMBER
 *	process PID open=NUMBER limit=NUMBER   its descriptors; ? is not known
 *	cgroup PID PATH                  that its memory is counted in
 *	memory PATH VERSION socket=BYTES limit=BYTES   of a cgroup, as far as that is known
 */
#include <config.h>
#include <fcntl.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <sockwatch/model/cgroup_memory.h>
#include <sockwatch/model/model.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/sysctl.h>
#include <sockwatch/model/sysctl_file.h>
#include <sockwatch/stream/stream.h>

#include "../program.h"

static struct model *
read_model(const char *path)
{
	struct model *const model = model_new(0);
	struct error error;
	struct stream_reader *const reader =
		stream_reader_open(open(path, O_RDONLY | O_CLOEXEC), path, &error);
	struct record record;

	check(model != NULL, "model_new");
	check(reader != NULL, path);
	while (stream_reader_next(reader, &record, &error) == 1)
		model_apply(model, &record);
	check(model->bad_records == 0, "the parsers refuse records");
	stream_reader_free(reader);
	return model;
}

static void
print_sysctl(const struct model *model, uint16_t netns, struct text label, enum sysctl sysctl)
{
	switch (model_sysctl_state(model, netns, sysctl)) {
	case SYSCTL_NOT_READ: break;
	case SYSCTL_ABSENT:
		printf("sysctl %.*s %s absent\n", (int)label.len, label.data, sysctl_name(sysctl));
		break;
	case SYSCTL_KNOWN:
		printf("sysctl %.*s %s=%s\n", (int)label.len, label.data, sysctl_name(sysctl),
			model_sysctl_text(model, netns, sysctl));
		break;
	}
}

static void
print_sysctls(const struct model *model, uint16_t netns, struct text label, bool of_machine)
{
	for (int i = 0; i < SYSCTL_COUNT; i++)
		if ((sysctl_scope((enum sysctl)i) == SYSCTL_OF_MACHINE) == of_machine)
			print_sysctl(model, netns, label, (enum sysctl)i);
}

static void
print_counters(const struct model *model, const struct netns_row *netns, struct text label)
{
	for (size_t i = 0; i < netns->counters.count; i++) {
		const struct counter_name name = counter_name(model->counter_names, i);

		if (netns->counters.rows[i].known)
			printf("counter %.*s %s.%s=%" PRIu64 "\n", (int)label.len, label.data,
				name.group, name.member, netns->counters.rows[i].value);
	}
}

static void
print_namespaces(const struct model *model)
{
	for (uint16_t i = 0; i < model->netns_count; i++) {
		char room[NETNS_LABEL_SIZE];
		const struct text label = netns_label(model, model_netns(model, i), room);

		print_sysctls(model, i, label, false);
		print_counters(model, model_netns(model, i), label);
	}
}

static void
print_number(const char *name, bool is_known, uint32_t number)
{
	if (is_known)
		printf(" %s=%" PRIu32, name, number);
	else
		printf(" %s=?", name);
}

static void
print_settings(const struct model *model)
{
	for (size_t i = 0; i < model_sysctl_settings(model); i++) {
		const struct sysctl_setting *const row = model_sysctl_setting(model, i);

		printf("setting %s %" PRIu32 " %s%s%s%s\n", row->file, row->line,
			row->value == NULL ? "-" : "", row->key, row->value != NULL ? "=" : "",
			row->value != NULL ? row->value : "");
	}
}

static void
print_cgroups(const struct model *model)
{
	for (size_t i = 0; i < model_cgroup_memory_count(model); i++) {
		const struct cgroup_memory_usage *const row = model_cgroup_memory_at(model, i);

		printf("memory %s %d", model_text(model, row->path), row->version);
		if ((row->known & CGROUP_MEMORY_SOCKETS) != 0)
			printf(" socket=%" PRIu64, row->socket_bytes);
		if ((row->known & CGROUP_MEMORY_LIMIT) != 0)
			printf(" limit=%" PRIu64, row->limit_bytes);
		if ((row->known & CGROUP_MEMORY_UNLIMITED) != 0)
			printf(" limit=none");
		putchar('\n');
	}
}

static void
print_processes(const struct model *model)
{
	for (uint32_t i = 0; i < model->processes.count; i++) {
		const struct process_row *const row = &model->processes.rows[i];

		printf("process %" PRIu32, row->pid);
		print_number("open", row->has_open_files, row->open_files);
		print_number("limit", row->has_files_limit, row->files_limit);
		putchar('\n');
		printf("cgroup %" PRIu32 " %s\n", row->pid, model_text(model, row->memory_cgroup));
	}
}

int
main(int argc, char **argv)
{
	struct model *model;

	if (argc != 2) {
		fprintf(stderr, "usage: facts FILE\n");
		return EXIT_FAILURE;
	}
	model = read_model(argv[1]);
	print_sysctls(model, 0, text_of("machine"), true);
	print_namespaces(model);
	print_processes(model);
	print_cgroups(model);
	print_settings(model);
	model_free(model);
	return EXIT_SUCCESS;
}
