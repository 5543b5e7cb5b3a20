/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `sockwatch resolve`: addresses of names and names of addresses, with server and time. */
#include <config.h>

#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/loop.h>
#include <sockwatch/resolver/resolver.h>
#include <sockwatch/source/source.h>

#include "app/error_print.h"
#include "app/output.h"
#include "resolv_conf.h"

/* Bytes of a name with its end; DNS has no longer ones. */
enum { NAME_SIZE = 256 };

struct resolve {
	struct options *options;
	struct loop *loop;
	struct resolver *resolver;
	struct output output;
	unsigned failed;
	bool heading;
	struct error error;
};

static void
print_json(struct buffer *out, const struct message_name *name, const char *address)
{
	static const char *const statuses[] = {
		[NAME_FOUND] = "found", [NAME_NONE] = "none", [NAME_FAILED] = "failed"};

	buffer_append_text(out, "{\"name\":");
	json_text(out, name->name);
	if (address[0] != '\0')
		buffer_append_format(out, ",\"address\":\"%s\"", address);
	buffer_append_format(out, ",\"status\":\"%s\"", statuses[name->status]);
	/* A file has no lifetime, and its time is not worth showing. */
	if (name->source == NAME_FROM_SERVER)
		buffer_append_format(out, ",\"took_us\":%u", name->took_us);
	if (name->source == NAME_FROM_SERVER && name->status == NAME_FOUND)
		buffer_append_format(out, ",\"ttl_s\":%u", name->ttl_s);
	buffer_append_text(out, ",\"server\":");
	json_text(out, name->server);
	if (name->text.len > 0) {
		buffer_append_text(out, name->status == NAME_FOUND ? ",\"note\":" : ",\"error\":");
		json_text(out, name->text);
	}
	buffer_append_text(out, "}\n");
}

/* "-" where there is nothing to show. */
static void
print_times(struct buffer *out, const struct message_name *name)
{
	char lives[32] = "-", took[32] = "-";

	if (name->source == NAME_FROM_SERVER) {
		number_format_short(name->took_us, UNIT_US, took, sizeof took);
		if (name->status == NAME_FOUND)
			snprintf(lives, sizeof lives, "%us", name->ttl_s);
	}
	buffer_append_format(out, "%7s %6s ", lives, took);
}

static void
print_text(struct resolve *resolve, const struct message_name *name, const char *address)
{
	char clean[NAME_SIZE], server[128], text[512];
	struct buffer *const out = &resolve->output.buffer;

	text_clean(name->name, clean, sizeof clean);
	text_clean(name->server, server, sizeof server);
	text_clean(name->text, text, sizeof text);
	if (!resolve->heading)
		buffer_append_format(out, "%-39s %-39s %7s %6s %s\n", "NAME", "ADDRESS", "LIVES",
			"TOOK", "SERVER");
	resolve->heading = true;
	buffer_append_format(out, "%-39s %-39s ", clean[0] != '\0' ? clean : "-",
		address[0] != '\0' ? address : "-");
	print_times(out, name);
	buffer_append_format(out, "%s%s%s\n", server, text[0] != '\0' ? ": " : "", text);
}

static void
on_found(void *context, const struct message_name *name)
{
	struct resolve *const resolve = context;
	char address[ADDRESS_TEXT_SIZE] = "";

	if (name->status != NAME_FOUND)
		resolve->failed++;
	if (!address_is_any(&name->address))
		address_format(&name->address, address, sizeof address);
	else if (name->status == NAME_FOUND)
		return; /* the end of a look-up; its addresses were reported before */
	if (resolve->options->format == REPORT_JSON)
		print_json(&resolve->output.buffer, name, address);
	else
		print_text(resolve, name, address);
}

/* After each pass: prints what was found, and stops when nothing is open any more. */
static void
after(void *context)
{
	struct resolve *const resolve = context;

	if (output_write(&resolve->output, true, &resolve->error) != 0 || resolve->output.closed)
		loop_stop(resolve->loop, -EPIPE);
	if (resolver_busy(resolve->resolver) == 0)
		loop_stop(resolve->loop, 0);
}

/* Asks for every word; the resolver takes all of them at once. */
static int
ask_all(struct resolve *resolve)
{
	char *rest = resolve->options->words;

	for (char *word; (word = strsep(&rest, " ")) != NULL;) {
		struct address address;
		if (word[0] == '\0')
			continue;
		if (address_parse(word, strlen(word), &address, NULL) == 0)
			(void)resolver_name(resolve->resolver, &address);
		else if (resolver_lookup(resolve->resolver, word, &resolve->error) != 0)
			return -EINVAL;
	}
	return 0;
}

static int
run(struct resolve *resolve)
{
	const struct resolver_options resolver = {.cache = 65536,
		.parallel = 65536,
		.timeout_ms = 2000,
		.tries = 2,
		.servers = resolve->options->server};

	if (output_init(&resolve->output, &resolve->error) != 0)
		return EXIT_FAILURE;
	resolve->loop = loop_new();
	if (resolve->loop == NULL) {
		error_set(&resolve->error, "cannot start: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	resolve->resolver =
		resolver_new(resolve->loop, &resolver, on_found, resolve, &resolve->error);
	if (resolve->resolver == NULL)
		return COMMAND_EXIT_USAGE;
	if (resolve->options->format != REPORT_JSON)
		resolv_conf_describe(RESOLV_CONF_PATH, &resolve->output.buffer);
	loop_set_after(resolve->loop, after, resolve);
	if (ask_all(resolve) != 0)
		return COMMAND_EXIT_USAGE;
	loop_run(resolve->loop);
	return resolve->failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
command_resolve(struct options *options)
{
	struct resolve resolve = {.options = options, .error = {.position = -1}};
	int status = COMMAND_EXIT_USAGE;

	if (options->words[strspn(options->words, " ")] == '\0')
		error_set(&resolve.error,
			"resolve needs names or addresses: `sockwatch resolve example.org 192.0.2.1`");
	else if (source_drop_rights(&resolve.error) == 0)
		status = run(&resolve);
	if (resolve.error.text[0] != '\0')
		error_print(&resolve.error);
	resolver_free(resolve.resolver);
	output_fini(&resolve.output);
	loop_free(resolve.loop);
	return status;
}
