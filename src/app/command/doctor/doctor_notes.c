/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Says which rules could not look and why, once for each source that is missing. */
#include <config.h>

#include "doctor_notes.h"

#include <inttypes.h>
#include <string.h>

#include <sockwatch/base/error.h>
#include <sockwatch/model/counters.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/stream/needs.h>

#include "app/error_print.h"

enum { NAMES_SIZE = 512 };

/* The rules that are on and need this, separated by commas. Returns how many. */
static size_t
names_of(const struct doctor_settings *settings, uint32_t need, char out[NAMES_SIZE])
{
	size_t count = 0, len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < doctor_rule_count(); i++) {
		const struct rule_words words = doctor_rule(i);

		if (!settings->is_off[i] && (words.needs & need) != 0)
			len = text_add(
				out, NAMES_SIZE, len, "%s%s", count++ > 0 ? ", " : "", words.name);
	}
	return count;
}

static bool
has_counters(const struct model *model)
{
	for (uint32_t i = 0; i < model->netns_count; i++)
		if (model->netns[i] != NULL &&
			model->netns[i]->counters.rows[COUNTER_ACTIVE_OPENS].known)
			return true;
	return false;
}

static void
note_missing(const struct doctor_settings *settings, uint32_t need, const char *why)
{
	struct error sentence = {.position = -1};
	char names[NAMES_SIZE];

	if (names_of(settings, need, names) == 0)
		return;
	error_set(&sentence, "not looked at: %s: %s", names, why);
	error_print(&sentence);
}

/* Only where it matters: a finding about sockets names no process. */
static bool
has_nameless(const struct doctor *doctor)
{
	size_t count;
	const struct finding *const *const findings = doctor_findings(doctor, &count);

	for (size_t i = 0; i < count; i++)
		if (findings[i]->sockets > 0 && findings[i]->pid == 0)
			return true;
	return false;
}

static bool
is_listed(const struct doctor *doctor, const char *rule)
{
	size_t count;
	const struct finding *const *const findings = doctor_findings(doctor, &count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(findings[i]->rule, rule) == 0)
			return true;
	return false;
}

static void
note_owners(const struct doctor *doctor, const struct model *model)
{
	struct error sentence = {.position = -1};

	if (model->owners_hidden == 0 || !has_nameless(doctor))
		return;
	error_set(&sentence,
		"the owners of sockets are hidden in %u process%s, so that some culprits have no name; CAP_SYS_PTRACE shows them (sudo)",
		(unsigned)model->owners_hidden, model->owners_hidden == 1 ? "" : "es");
	error_print(&sentence);
}

void
doctor_notes_print(const struct doctor *doctor, const struct doctor_settings *settings,
	const struct model *model)
{
	const uint64_t refused = doctor_refused(doctor);
	struct error sentence = {.position = -1};

	if (!model->capture.running)
		note_missing(settings, NEED_PACKETS,
			model->capture.text[0] != '\0'
				? model->capture.text
				: "there was no capture; it needs CAP_NET_RAW");
	if (!has_counters(model))
		note_missing(settings, NEED_COUNTERS, "the kernel's counters could not be read");
	note_owners(doctor, model);
	/* A finding says so, unless it may not. */
	if (refused == 0 || is_listed(doctor, "not-judged"))
		return;
	error_set(&sentence,
		"%" PRIu64 " sockets, peers or findings had no room and were not judged", refused);
	error_print(&sentence);
}
