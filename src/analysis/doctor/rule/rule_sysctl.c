/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of the kernel that do not do what old advice says, or that do harm. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include <sockwatch/base/text.h>
#include <sockwatch/model/sysctl.h>
#include <sockwatch/model/sysctl_file.h>

#include "rules.h"

enum comparison { IS, BELOW };

/* Reported when the value in force compares so; `also`, where it is set, must be 0 too. */
struct advice {
	enum sysctl sysctl;
	enum comparison comparison;
	uint64_t value;
	enum sysctl also;
	bool has_also;
	const char *truth; /* after the name and the value */
};

static const struct advice advices[] = {
	{SYSCTL_TW_REUSE, IS, 1, SYSCTL_TIMESTAMPS, true,
		"does nothing while tcp_timestamps is 0: a port in TIME-WAIT is reused only by time stamps"},
	{SYSCTL_TIMESTAMPS, IS, 0, 0, false,
		"keeps ports in TIME-WAIT from being reused, and takes window scaling and SACK from clients that get a SYN cookie"},
	{SYSCTL_SYNCOOKIES, IS, 0, 0, false, "means that a SYN flood keeps real clients out"},
	{SYSCTL_FIN_TIMEOUT, BELOW, 60, 0, false,
		"is about FIN-WAIT-2 that no program holds; TIME-WAIT lasts 60 s whatever it says"},
	{SYSCTL_ABORT_ON_OVERFLOW, IS, 1, 0, false,
		"resets clients that a busy program would have accepted a moment later"},
	{SYSCTL_SACK, IS, 0, 0, false,
		"makes each loss cost more: what arrived behind it is sent again too"},
	{SYSCTL_WINDOW_SCALING, IS, 0, 0, false,
		"bounds windows to 64 KiB: slow over any long path"},
};

enum { ADVICES = sizeof advices / sizeof advices[0] };

static bool
applies(const struct look *look, uint16_t netns, const struct advice *advice, uint64_t *value)
{
	uint64_t also;

	if (!model_sysctl(look->model, netns, advice->sysctl, value) ||
		(advice->comparison == IS ? *value != advice->value : *value >= advice->value))
		return false;
	return !advice->has_also ||
	       (model_sysctl(look->model, netns, advice->also, &also) && also == 0);
}

/* The line that sets it at boot; the files are those of the initial namespace. */
static void
add_source(const struct look *look, struct finding *finding, enum sysctl sysctl)
{
	const struct sysctl_setting *const line = model_sysctl_set_by(look->model, sysctl);
	char file[256];

	if (line == NULL)
		return;
	text_clean(text_of(line->file), file, sizeof file);
	finding_words(finding, "set_by", "%s:%u", file, (unsigned)line->line);
}

static void
check_values(struct look *look, uint16_t netns)
{
	for (size_t i = 0; i < ADVICES; i++) {
		const struct advice *const advice = &advices[i];
		struct finding *finding;
		uint64_t value;

		if (!applies(look, netns, advice, &value))
			continue;
		finding = look_report(look, netns, i + 1, SEVERITY_INFO);
		if (finding == NULL)
			return;
		finding_say(finding, "%s = %llu %s", sysctl_name(advice->sysctl),
			(unsigned long long)value, advice->truth);
		finding_words(finding, "sysctl", "%s", sysctl_name(advice->sysctl));
		finding_figure(finding, "value", UNIT_NONE, (double)value);
		add_source(look, finding, advice->sysctl);
	}
}

/* Lines of old lists, whatever their value and whatever is in force. */
static const struct {
	const char *key;
	const char *truth; /* after "FILE:LINE sets KEY, which " */
} old_lines[] = {
	{"net.ipv4.tcp_tw_recycle", "is gone since Linux 4.12: it broke clients behind NAT"},
	{"net.ipv4.tcp_max_syn_backlog", "counts only while tcp_syncookies is 0"},
	{"net.ipv4.tcp_low_latency", "has had no effect since Linux 4.14"},
	{"net.ipv4.tcp_fack", "has had no effect since Linux 4.15"},
	{"net.ipv4.ip_conntrack_max", "is now net.netfilter.nf_conntrack_max"},
	{"net.ipv4.netfilter.ip_conntrack_max", "is now net.netfilter.nf_conntrack_max"},
};

enum { OLD_LINES = sizeof old_lines / sizeof old_lines[0] };

/* Index in old_lines; OLD_LINES: none. */
static size_t
find_old(const struct sysctl_setting *setting)
{
	size_t i = 0;

	while (i < OLD_LINES &&
		(setting->value == NULL || strcmp(setting->key, old_lines[i].key) != 0))
		i++;
	return i;
}

/* A file that was not read, or lines without room, may hold more of them. */
static void
say_what_is_missing(const struct look *look, struct finding *finding)
{
	const uint32_t left_out = model_sysctl_settings_left_out(look->model);
	const char *first;
	char words[FINDING_FILTER_SIZE], file[128];

	if (left_out > 0)
		finding_figure(finding, "lines_left_out", UNIT_COUNT, left_out);
	if (model_sysctl_files_unread(look->model, &first) == 0)
		return;
	text_clean(text_of(first), file, sizeof file);
	snprintf(words, sizeof words, "the right to read %s", file);
	finding_needs(finding, words);
}

static void
check_files(struct look *look)
{
	const size_t count =
		model_sysctl_files_known(look->model) ? model_sysctl_settings(look->model) : 0;

	for (size_t i = 0; i < count; i++) {
		const struct sysctl_setting *const setting = model_sysctl_setting(look->model, i);
		const size_t old = find_old(setting);
		struct finding *finding;
		char file[128];

		if (old == OLD_LINES)
			continue;
		finding = look_report(look, 0, ADVICES + 1 + old, SEVERITY_INFO);
		if (finding == NULL)
			return;
		text_clean(text_of(setting->file), file, sizeof file);
		finding_say(finding, "%s:%u sets %s, which %s", file, (unsigned)setting->line,
			old_lines[old].key, old_lines[old].truth);
		finding_words(finding, "sysctl", "%s", old_lines[old].key);
		finding_words(finding, "set_by", "%s:%u", file, (unsigned)setting->line);
		say_what_is_missing(look, finding);
	}
}

static void
check(struct look *look, void *memory)
{
	(void)memory;
	for (uint32_t i = 0; i < look->model->netns_count; i++)
		check_values(look, (uint16_t)i);
	check_files(look);
}

/* It looks at no rows. */
static const struct subject subject = {.size = 0};

static const struct rule rules[] = {
	{
		.subject = &subject,
		.words =
			{
				.name = "sysctl",
				.help = "settings of the kernel do not do what old advice says",
				.needs = NEED_SYSCTLS | NEED_SYSCTL_FILES,
			},
		.clear_s = RULE_CLEAR_LEAK_S,
		.check = check,
		.why = "Lists of settings are copied from box to box; some were for other kernels, some "
		       "never did what they are said to do.",
		.action = "Remove the line that sets it, and let the kernel's default stand.",
	},
};

const struct rule_table sysctl_rules = {rules, sizeof rules / sizeof rules[0]};
