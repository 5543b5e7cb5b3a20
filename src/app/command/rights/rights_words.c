/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the rights of a process, a line for each kind. */
#include <config.h>

#include "rights_words.h"

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>

#include <sockwatch/base/number.h>

static void
append_label(struct buffer *out, const char *label)
{
	buffer_append_format(out, "  %-18s", label);
}

static void
append_user(struct buffer *out, const struct process_rights *rights)
{
	const struct passwd *const user = getpwuid(rights->uid);
	const struct group *const group = getgrgid(rights->gid);

	append_label(out, "user");
	buffer_append_format(out, "%s (%u), group %s (%u), ", user != NULL ? user->pw_name : "-",
		rights->uid, group != NULL ? group->gr_name : "-", rights->gid);
	if (rights->groups == 0)
		buffer_append_text(out, "no other groups");
	else
		buffer_append_format(
			out, "%u other group%s", rights->groups, number_plural(rights->groups));
	buffer_append_text(
		out, rights->has_other_ids ? "; it has other ids to go back to\n" : "\n");
}

static void
append_set(struct buffer *out, const char *label, uint64_t capabilities)
{
	append_label(out, label);
	if (capabilities == 0)
		buffer_append_text(out, "none");
	else
		process_rights_name(capabilities, out);
	buffer_append_char(out, '\n');
}

static void
append_capabilities(struct buffer *out, const struct process_rights *rights)
{
	const uint64_t later = rights->permitted & ~rights->effective;
	const uint64_t inherited = rights->inheritable | rights->ambient;

	append_set(out, "capabilities", rights->effective);
	if (later != 0)
		append_set(out, "  for a moment", later);
	if (inherited != 0)
		append_set(out, "  to inherit", inherited);
}

static void
append_seccomp(struct buffer *out, const struct process_rights *rights)
{
	append_label(out, "system calls");
	if (rights->seccomp < 0)
		buffer_append_text(out, "any: no seccomp in this kernel\n");
	else if (rights->seccomp == 0)
		buffer_append_text(out, "any: no filter (seccomp mode 0)\n");
	else if (rights->filters < 0)
		buffer_append_format(out, "filtered (seccomp mode %d)\n", rights->seccomp);
	else
		buffer_append_format(out, "filtered (seccomp mode %d, %d filter%s)\n",
			rights->seccomp, rights->filters, number_plural(rights->filters));
}

static void
append_tracing(struct buffer *out, const struct rights_process *process)
{
	const int dumpable =
		process->is_dumpable >= 0 ? process->is_dumpable : process->rights.dumpable;

	append_label(out, "debugger and core");
	buffer_append_text(out, dumpable < 0 ? "not known: /proc shows it of no process of root\n"
				: dumpable   ? "allowed\n"
					     : "refused\n");
}

void
rights_words(const struct rights_process *process, struct buffer *out)
{
	const struct process_rights *const rights = &process->rights;

	buffer_append_format(out, "%s, process %ld\n", process->name, (long)process->pid);
	append_user(out, rights);
	append_capabilities(out, rights);
	append_seccomp(out, rights);
	append_label(out, "files");
	buffer_append_format(out, "%s\n", process->files);
	append_label(out, "new privileges");
	buffer_append_text(out, rights->has_no_new_privs ? "refused (no_new_privs)\n"
							 : "by programs that give them\n");
	append_tracing(out, process);
}
