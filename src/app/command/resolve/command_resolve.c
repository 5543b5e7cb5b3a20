/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `sockwatch resolve`: addresses of names and names of addresses, with server and time.
 *   resolv_conf_words.c   what resolv.conf says
 *   nsswitch_words.c      what nsswitch.conf says
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/file_words.h>
#include <sockwatch/base/loop.h>
#include <sockwatch/privilege/netns_enter.h>
#include <sockwatch/resolver/resolver.h>
#include <sockwatch/source/source.h>

#include "app/command/command.h"
#include "app/command/confine.h"
#include "app/error_print.h"
#include "app/output.h"
#include "nsswitch_words.h"
#include "resolv_conf_words.h"

/* Bytes of a name with its end; DNS has no longer ones. */
enum { NAME_SIZE = 256, OPEN_MAX_QUESTIONS = 128 };

struct resolve {
	struct options *options;
	struct loop *loop;
	struct resolver *resolver;
	struct output output;
	char *rest; /* words that were not asked for yet; NULL: none */
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

/* An address in any form that programs take: with a zone, or short as "127.1". */
static bool
take_address(const char *word, struct address *address)
{
	struct address_scoped scoped;
	struct in_addr v4;

	if (address_scoped_parse(word, strlen(word), &scoped, NULL) == 0) {
		*address = scoped.ip;
		return true;
	}
	if (inet_aton(word, &v4) == 0)
		return false;
	*address = address_from_v4(&v4);
	return true;
}

/* Asks for the next word. */
static int
ask_next(struct resolve *resolve)
{
	const char *const word = strsep(&resolve->rest, " ");
	struct address address;

	if (word[0] == '\0')
		return 0;
	if (!take_address(word, &address))
		return resolver_lookup(resolve->resolver, word, &resolve->error);
	(void)resolver_name(resolve->resolver, &address);
	return 0;
}

/* Asks for as many words as may be open at once. */
static int
ask_more(struct resolve *resolve)
{
	while (resolve->rest != NULL && resolver_busy(resolve->resolver) < OPEN_MAX_QUESTIONS)
		if (ask_next(resolve) != 0)
			return -EINVAL;
	return 0;
}

/* After each pass: prints what was found, asks for more, and stops when all is answered. */
static void
after(void *context)
{
	struct resolve *const resolve = context;
	const bool is_written = output_write(&resolve->output, true, &resolve->error) == 0 &&
				!resolve->output.closed;

	if (!is_written || ask_more(resolve) != 0)
		loop_stop(resolve->loop, -EPIPE);
	else if (resolver_busy(resolve->resolver) == 0)
		loop_stop(resolve->loop, 0);
}

static int
run(struct resolve *resolve)
{
	const struct resolver_options resolver = {.cache = 65536,
		.parallel = OPEN_MAX_QUESTIONS,
		.timeout_ms = 2000,
		.tries = 2,
		.servers = resolve->options->server};
	struct nsswitch nsswitch;

	if (output_init(&resolve->output, &resolve->error) != 0)
		return EXIT_FAILURE;
	resolve->loop = loop_new();
	if (resolve->loop == NULL) {
		error_set(&resolve->error, "cannot start: %s", file_words(errno));
		return EXIT_FAILURE;
	}
	resolve->resolver =
		resolver_new(resolve->loop, &resolver, on_found, resolve, &resolve->error);
	if (resolve->resolver == NULL)
		return COMMAND_EXIT_USAGE;
	/* Who names the servers himself is not held by it. */
	if (resolve->options->server != NULL)
		nsswitch_parse("", 0, &nsswitch);
	else
		nsswitch_read(NSSWITCH_PATH, &nsswitch);
	if (resolve->options->format != REPORT_JSON) {
		resolv_conf_describe(RESOLV_CONF_PATH, &resolve->output.buffer);
		nsswitch_describe(&nsswitch, &resolve->output.buffer);
	}
	loop_set_after(resolve->loop, after, resolve);
	resolve->rest = resolve->options->words;
	if (ask_more(resolve) != 0)
		return COMMAND_EXIT_USAGE;
	loop_run(resolve->loop);
	if (resolve->error.text[0] != '\0')
		return COMMAND_EXIT_USAGE;
	if (resolve->options->format == REPORT_JSON) {
		resolv_conf_describe_json(RESOLV_CONF_PATH, &nsswitch, &resolve->output.buffer);
		(void)output_write(&resolve->output, true, &resolve->error);
	}
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
	else if ((options->netns == NULL || netns_enter(options->netns, &resolve.error) == 0) &&
		 source_drop_rights(&resolve.error) == 0) {
		/* The user may name a server with a port of its own. */
		confine(SANDBOX_CONNECT);
		status = run(&resolve);
	}
	if (resolve.error.text[0] != '\0')
		error_print(&resolve.error);
	resolver_free(resolve.resolver);
	output_fini(&resolve.output);
	loop_free(resolve.loop);
	return status;
}
