/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters: user and processes that hold the socket. */
#include <config.h>

#include "socket_getters.h"

#include <inttypes.h>
#include <string.h>

#include <sockwatch/model/caller.h>

#include "value.h"

/* VALUE_SCRATCH has room for two numbers besides. */
enum { COMM_MAX = 32 };

static const struct owner *
first_owner(const struct field_context *context, const struct socket_row *row)
{
	if (!row->inode || row->flags & SOCKET_CLOSED)
		return NULL;
	return process_table_owner(&context->model->processes, row->inode);
}

/* A closed row gives the one that it had. 0: none. */
static uint32_t
first_pid(const struct field_context *context, const struct socket_row *row)
{
	const struct owner *const owner = first_owner(context, row);

	if (owner != NULL)
		return owner->pid;
	return row->flags & SOCKET_CLOSED ? row->last_pid : 0;
}

static struct text
process_text(
	const struct model *model, const struct process_row *process, enum socket_process_fact fact)
{
	uint32_t text = 0;

	switch (fact) {
	case SOCKET_PROCESS_PID: break;
	case SOCKET_PROCESS_NAME: text = process->comm; break;
	case SOCKET_PROCESS_CMDLINE: text = process->cmdline; break;
	case SOCKET_PROCESS_CGROUP: text = process->cgroup; break;
	case SOCKET_PROCESS_UNIT: text = process->unit; break;
	case SOCKET_PROCESS_CONTAINER:
		text = process->container_name ? process->container_name : process->container;
		break;
	}
	return intern_get(model->texts, text);
}

static void
set_process_fact(const struct field *field, const struct field_context *context, uint32_t pid,
	const struct process_row *process, struct value *value)
{
	if (field->argument == SOCKET_PROCESS_PID) {
		value_set_unsigned(value, pid);
		return;
	}
	if (process == NULL) {
		const char *const ended = field->argument == SOCKET_PROCESS_NAME
						  ? model_ended_process(context->model, pid)
						  : NULL;

		value_set_copy(value, ended != NULL ? ended : "");
		value->second = ended != NULL ? pid : 0;
		return;
	}
	value_set_text(value,
		process_text(context->model, process, (enum socket_process_fact)field->argument));
	if (field->argument == SOCKET_PROCESS_NAME)
		value->second = pid;
}

/* All that is known of a process that exited before /proc was read. */
static void
set_caller_fact(const struct field *field, const struct caller_row *caller, struct value *value)
{
	switch ((enum socket_process_fact)field->argument) {
	case SOCKET_PROCESS_PID: value_set_unsigned(value, caller->pid); return;
	case SOCKET_PROCESS_NAME:
		value_set_copy(value, caller->comm);
		value->second = caller->pid;
		return;
	case SOCKET_PROCESS_CMDLINE:
	case SOCKET_PROCESS_CGROUP:
	case SOCKET_PROCESS_UNIT:
	case SOCKET_PROCESS_CONTAINER: break;
	}
	value_set_unknown(value);
}

/* If no process is known, the cgroup is the one that the kernel reports for the socket. */
void
socket_get_process(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const uint32_t pid = first_pid(context, row);
	const struct caller_row *const caller =
		pid ? NULL : model_socket_caller(context->model, row);

	if (pid)
		set_process_fact(
			field, context, pid, model_socket_process(context->model, row), value);
	else if (caller != NULL)
		set_caller_fact(field, caller, value);
	else
		value_set_unknown(value);
	if (value->kind == VALUE_UNKNOWN && field->argument == SOCKET_PROCESS_CGROUP &&
		row->has & SOCKET_HAS_CGROUP)
		value_set_text(value, intern_get(context->model->texts, row->cgroup));
}

/* A position is the index of the next owner + 1: 0 is the start, OWNER_NONE the end. */
bool
socket_next_process(const struct field *field, const struct field_context *context,
	const void *data, uint32_t *position, struct value *value)
{
	const struct socket_row *const row = data;
	const struct process_table *const table = &context->model->processes;
	const struct owner *owner = NULL;

	if (*position == OWNER_NONE)
		return false;
	if (*position == 0)
		owner = first_owner(context, row);
	else if (*position <= table->owner_used)
		owner = &table->owners[*position - 1];
	if (owner == NULL) {
		/* A row without a living owner still has facts. */
		const bool first = *position == 0;

		*position = OWNER_NONE;
		if (first)
			socket_get_process(field, context, row, value);
		return first && value->kind != VALUE_UNKNOWN;
	}
	set_process_fact(field, context, owner->pid,
		process_table_find(&context->model->processes, owner->pid), value);
	*position = owner->next == OWNER_NONE ? OWNER_NONE : owner->next + 1;
	return true;
}

/* Without printf: it is made for each row in which a word is searched. */
static void
compose_owner(struct value *value, struct text comm, uint32_t pid, uint32_t others)
{
	char *const out = value->scratch;
	size_t len = comm.len > COMM_MAX ? COMM_MAX : comm.len;

	memcpy(out, comm.data, len);
	out[len++] = '/';
	len += number_write_unsigned(pid, out + len);
	if (others) {
		out[len++] = '+';
		len += number_write_unsigned(others, out + len);
	}
	out[len] = '\0';
	value_set_text(value, (struct text){out, len});
}

static void
set_owned(const struct model *model, uint32_t pid, const struct process_row *process,
	const struct owner *owner, struct value *value)
{
	const char *const ended = process != NULL ? NULL : model_ended_process(model, pid);
	struct text comm = {"?", 1};
	uint32_t others = 0;

	if (process != NULL && process->comm)
		comm = intern_get(model->texts, process->comm);
	else if (ended != NULL)
		comm = text_of(ended);
	for (; owner != NULL; owner = process_table_next(&model->processes, owner))
		others += owner->pid != pid;
	compose_owner(value, comm, pid, others);
}

/* "nginx/812", "nginx/812+3" when others hold it too, or why it has none: "(time-wait)". */
void
socket_get_owner(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const struct owner *const owner = first_owner(context, row);
	const uint32_t pid = first_pid(context, row);
	const struct process_row *listener;
	const struct caller_row *caller;
	const char *reason;

	(void)field;
	if (pid) {
		set_owned(context->model, pid, model_socket_process(context->model, row), owner,
			value);
		return;
	}
	caller = model_socket_caller(context->model, row);
	listener = model_socket_listener(context->model, row);
	reason = caller != NULL ? NULL : model_socket_ownerless(context->model, row, NULL);
	if (caller != NULL)
		compose_owner(value, text_of(caller->comm), caller->pid, 0);
	else if (listener != NULL)
		value_set_composed(value, "%s/%" PRIu32 " (listens)",
			model_text(context->model, listener->comm), listener->pid);
	else if (reason != NULL)
		value_set_composed(value, "(%s)", reason);
	else
		value_set_unknown(value);
}

/* A caller is an owner too; the process that merely listens on the port is none. */
void
socket_get_no_owner(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct model *const model = context->model;
	const char *const reason = first_pid(context, data) != 0 || model->complete_sequence == 0
					   ? NULL
					   : model_socket_ownerless(model, data, NULL);

	(void)field;
	if (reason != NULL)
		value_set_text(value, text_of(reason));
	else
		value_set_unknown(value);
}

void
socket_get_owners(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	(void)field;
	value_set_unknown(value);
	value->owners = first_owner(context, data);
	if (value->owners != NULL)
		value->kind = VALUE_OWNERS;
}

/* A uid without a name is shown as ls shows it: the number. */
void
socket_get_user(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const char *name;

	(void)field;
	/* Mini-sockets and, on older kernels, orphans are reported with uid 0 and inode 0. */
	if (!row->uid && !row->inode) {
		value_set_unknown(value);
		return;
	}
	name = model_user(context->model, row->uid);
	if (name != NULL && *name)
		value_set_text(value, text_of(name));
	else
		value_set_composed(value, "%" PRIu32, row->uid);
}
