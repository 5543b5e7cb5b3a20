/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fills the tables into the manual pages and prints the completion; not installed.
 *   docgen manual TEMPLATE   the template with each line @NAME@ replaced by that table
 *   docgen completion
 */
#include <config.h>

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/difference/difference.h>
#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/event_row.h>
#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/hop_row.h>
#include <sockwatch/analysis/listener.h>
#include <sockwatch/analysis/ports/port_budget.h>
#include <sockwatch/base/number.h>
#include <sockwatch/base/roff.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/message.h>
#include <sockwatch/stream/needs.h>
#include <sockwatch/stream/rights.h>
#include <sockwatch/tui/keys_roff.h>

#include "app/docgen_fields.h"
#include "app/docgen_topics.h"
#include "app/option/options.h"
#include "app/option/usage.h"
#include "stream/message_table.h"

static void
print_fields(FILE *out)
{
	docgen_print_fields(&socket_fields, out);
}

static void
print_event_fields(FILE *out)
{
	docgen_print_fields(&event_fields, out);
}

static void
print_hop_fields(FILE *out)
{
	docgen_print_fields(&hop_fields, out);
}

static void
print_listener_fields(FILE *out)
{
	docgen_print_fields(&listener_fields, out);
}

static void
print_destination_fields(FILE *out)
{
	docgen_print_fields(&destination_fields, out);
}

static void
print_difference_fields(FILE *out)
{
	docgen_print_fields(&difference_fields, out);
}

static void
print_finding_fields(FILE *out)
{
	docgen_print_fields(&finding_fields, out);
}

static void
print_thresholds(FILE *out, const struct rule_words *words)
{
	for (size_t i = 0; i < words->threshold_count; i++) {
		const struct threshold *const threshold = &words->thresholds[i];
		char number[32];

		fputs(".br\n", out);
		fprintf(out, "\\fBrule.%s.%s\\fR = %s: ", words->name, threshold->name,
			number_format_real(
				threshold->value, threshold->unit, number, sizeof number));
		roff_print(out, threshold->help);
		fputs(".\n", out);
	}
}

static void
print_rules(FILE *out)
{
	for (size_t i = 0; i < doctor_rule_count(); i++) {
		const struct rule_words words = doctor_rule(i);

		fprintf(out, ".TP\n\\fB%s\\fR\n", words.name);
		roff_print(out, words.help);
		if (words.window_s != 0)
			fprintf(out, ", over %u seconds", words.window_s);
		fputs(".\n", out);
		if (words.rights != NULL) {
			fputs("Rights give it ", out);
			roff_print(out, words.rights);
			fputs(".\n", out);
		}
		if (words.hides != NULL)
			fprintf(out, "It explains: %s.\n", words.hides);
		print_thresholds(out, &words);
	}
}

static void
print_sets(FILE *out)
{
	for (size_t i = 0; i < socket_field_set_count; i++) {
		fprintf(out, ".TP\n\\fB%s\\fR\n", socket_field_sets[i].name);
		roff_print(out, socket_field_sets[i].help);
		fputs(".\n", out);
	}
}

static void
print_version(FILE *out)
{
	fprintf(out, ".TH SOCKWATCH 1 \"\" \"%s\" \"User Commands\"\n", PACKAGE_STRING);
}

static void
print_stream_title(FILE *out)
{
	fprintf(out, ".TH SOCKWATCH\\-STREAM 5 \"\" \"%s\" \"File Formats\"\n", PACKAGE_STRING);
}

/* "u32", "u64[4096]", "text[256]". */
static void
print_kind(FILE *out, const struct message_attribute *attribute)
{
	fputs(message_kind_name(attribute->kind), out);
	if (message_kind_is_array(attribute->kind) || attribute->kind == MESSAGE_KIND_TEXT)
		fprintf(out, "[%u]", (unsigned)attribute->bound);
}

static void
print_message(FILE *out, const struct message_layout *layout, unsigned type)
{
	fprintf(out, ".SS %s (%u)\n", layout->name, type);
	roff_print(out, layout->help);
	fputs("\n.TS\ntab(|);\nrb l l lx.\n", out);
	for (size_t i = 0; i < layout->attribute_count; i++) {
		const struct message_attribute *const attribute = &layout->attributes[i];

		fprintf(out, "%u|%s|", (unsigned)attribute->id, attribute->name);
		print_kind(out, attribute);
		fputs("|T{\n", out);
		roff_print(out, attribute->help);
		fputs("\nT}\n", out);
	}
	fputs(".TE\n", out);
}

static void
print_messages(FILE *out, unsigned first, unsigned end)
{
	for (unsigned type = first; type < end; type++) {
		const struct message_layout *const layout = message_layout(type);

		if (layout != NULL)
			print_message(out, layout, type);
	}
}

static void
print_collector_messages(FILE *out)
{
	print_messages(out, MESSAGE_HELLO, MESSAGE_SUBSCRIPTION);
}

static void
print_viewer_messages(FILE *out)
{
	print_messages(out, MESSAGE_SUBSCRIPTION, MESSAGE_VERIFY + 1);
}

struct number {
	unsigned number;
	const char *help;
};

static void
print_numbers(FILE *out, const struct number *numbers, size_t count)
{
	fputs(".TS\ntab(|);\nrb lx.\n", out);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%u|T{\n", numbers[i].number);
		roff_print(out, numbers[i].help);
		fputs("\nT}\n", out);
	}
	fputs(".TE\n", out);
}

static void
print_needs(FILE *out)
{
	static const struct number needs[] = {
		{NEED_SOCKETS, "sockets: addresses, state, queues, timer, user"},
		{NEED_TCP_INFO, "tcp_info (INET_DIAG_INFO)"},
		{NEED_MEMORY, "memory (INET_DIAG_SKMEMINFO)"},
		{NEED_CONGESTION, "name of the congestion control (INET_DIAG_CONG)"},
		{NEED_OWNERS, "processes that hold the sockets"},
		{NEED_CMDLINE, "command lines of these processes"},
		{NEED_CGROUPS, "cgroups of processes and sockets"},
		{NEED_USERS, "names of users"},
		{NEED_LINKS, "names of interfaces"},
		{NEED_COUNTERS, "counter files of the namespaces"},
		{NEED_INTERNALS, "internals of the congestion control, type of service"},
		{NEED_PACKETS, "TCP segments with SYN, FIN or RST"},
		{NEED_CLOSINGS, "destroyed sockets with their last tcp_info, and callers"},
		{NEED_SNMP6, "with the counter files: all of snmp6, not only its lines of UDP"},
		{NEED_SYSCTLS, "settings of the kernel, of the namespaces and of the machine"},
		{NEED_CGROUP_MEMORY,
			"memory of sockets in cgroups and its limits; with the processes"},
		{NEED_SYSCTL_FILES, "what the files of sysctl.d set at boot"},
		{NEED_TWO_LOOKS,
			"rates between two looks: for the viewer, the collector ignores it"},
		{NEED_NAMES, "names of hosts: for the viewer's resolver, the collector ignores it"},
	};

	print_numbers(out, needs, sizeof needs / sizeof needs[0]);
}

static void
print_rights(FILE *out)
{
	static const struct number rights[] = {
		{RIGHT_NET_ADMIN, "CAP_NET_ADMIN"},
		{RIGHT_NET_RAW, "CAP_NET_RAW"},
		{RIGHT_SYS_PTRACE, "CAP_SYS_PTRACE"},
		{RIGHT_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH"},
		{RIGHT_SYS_ADMIN, "CAP_SYS_ADMIN"},
		{RIGHT_KILL, "CAP_KILL"},
		{RIGHT_BPF, "CAP_BPF"},
		{RIGHT_PERFMON, "CAP_PERFMON"},
	};

	print_numbers(out, rights, sizeof rights / sizeof rights[0]);
}

static void
print_losses(FILE *out)
{
	static const struct number losses[] = {
		{LOSS_NETLINK, "netlink datagrams: the receive buffer overran"},
		{LOSS_TRUNCATED, "netlink datagrams: longer than the buffer"},
		{LOSS_PROCESSES, "processes that could not be read"},
		{LOSS_PACKETS, "segments that the capture dropped"},
		{LOSS_CLOSINGS, "destroyed sockets: the receive buffer overran"},
		{LOSS_BOUNDED, "things refused because a bound was reached"},
		{LOSS_CALLERS, "callers: the tracing program had no room"},
		{LOSS_REQUESTS, "requests of the viewer that were refused"},
	};

	static_assert(sizeof losses / sizeof losses[0] == LOSS_COUNT, "a row for each");
	print_numbers(out, losses, sizeof losses / sizeof losses[0]);
}

static void
print_states(FILE *out)
{
	docgen_print_topics(TOPIC_STATE, out);
}

static void
print_counters(FILE *out)
{
	docgen_print_topics(TOPIC_COUNTER, out);
}

static const struct table {
	const char *mark;
	void (*print)(FILE *out);
} tables[] = {
	{"@TITLE@\n", print_version},
	{"@COMMANDS@\n", usage_print_commands_roff},
	{"@OPTIONS@\n", options_print_roff},
	{"@CONFIG@\n", options_print_config_roff},
	{"@FIELDS@\n", print_fields},
	{"@EVENT FIELDS@\n", print_event_fields},
	{"@HOP FIELDS@\n", print_hop_fields},
	{"@LISTENER FIELDS@\n", print_listener_fields},
	{"@DESTINATION FIELDS@\n", print_destination_fields},
	{"@DIFFERENCE FIELDS@\n", print_difference_fields},
	{"@FINDING FIELDS@\n", print_finding_fields},
	{"@RULES@\n", print_rules},
	{"@SETS@\n", print_sets},
	{"@STATES@\n", print_states},
	{"@COUNTERS@\n", print_counters},
	{"@KEYS@\n", tui_print_keys_roff},
	{"@STREAM TITLE@\n", print_stream_title},
	{"@COLLECTOR MESSAGES@\n", print_collector_messages},
	{"@VIEWER MESSAGES@\n", print_viewer_messages},
	{"@NEEDS@\n", print_needs},
	{"@RIGHTS@\n", print_rights},
	{"@LOSSES@\n", print_losses},
};

static void
print_line(const char *line)
{
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		if (strcmp(line, tables[i].mark) == 0) {
			tables[i].print(stdout);
			return;
		}
	}
	fputs(line, stdout);
}

static int
print_manual(const char *template)
{
	FILE *const in = fopen(template, "r");
	char line[1024];

	if (in == NULL) {
		fprintf(stderr, "docgen: %s: %s\n", template, strerror(errno));
		return EXIT_FAILURE;
	}
	while (fgets(line, sizeof line, in) != NULL)
		print_line(line);
	fclose(in);
	return ferror(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "manual") == 0)
		return print_manual(argv[2]);
	if (argc == 2 && strcmp(argv[1], "completion") == 0) {
		options_print_completion(stdout);
		return EXIT_SUCCESS;
	}
	fputs("docgen: use `docgen manual TEMPLATE` or `docgen completion`\n", stderr);
	return 2;
}
