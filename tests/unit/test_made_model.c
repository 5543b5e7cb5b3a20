/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A made-up box through what happens to a model besides looks: namespaces and links that come and
 * go, captures, losses, notices, bad records, another collector, more texts than are kept. What it
 * knows after each is compared as text.
 */
#include <config.h>

#include <stdlib.h>
#include <time.h>

#include <sockwatch/base/intern.h>
#include <sockwatch/model/netns.h>
#include <sockwatch/model/process.h>
#include <sockwatch/stream/losses.h>

#include "made_box.h"
#include "page_text.h"
#include "unit.h"

enum { TEXTS = 40000 };

static void
print_host(const struct model *model, struct buffer *out)
{
	buffer_append_format(out, "capture %d received %u dropped %u \"%s\"; trace %d \"%s\"\n",
		model->capture.running, (unsigned)model->capture.sums.received,
		(unsigned)model->capture.sums.dropped, model->capture.text, model->trace.running,
		model->trace.text);
	buffer_append_format(out,
		"%u notices, %u bad records, %u opened, %u closed, %u closings, %u unlisted, "
		"%u results, last \"%s\" refusal \"%s\"\n",
		(unsigned)model->notice_count, (unsigned)model->bad_records,
		(unsigned)model->opened, (unsigned)model->closed, (unsigned)model->closings,
		(unsigned)model->closed_unlisted, (unsigned)model->result_count, model->last_result,
		model->last_refusal);
	for (unsigned i = 0; i < LOSS_COUNT; i++)
		buffer_append_format(out, " lost %u", (unsigned)model->losses[i]);
	buffer_append_format(out, "; sockets %u closed %u refused %u; processes %u refused %u\n",
		model->sockets.count, model->sockets.closed, (unsigned)model->sockets.refused,
		(unsigned)model->processes.count, (unsigned)model->processes.refused);
	for (uint32_t i = 0; i < model->netns_count; i++) {
		const struct netns_row *const netns = model->netns[i];
		const struct text link = model_link_name(model, (uint16_t)i, 2);

		buffer_append_format(out, "netns %u id %u inode %u name %s%s link %.*s\n", i,
			netns->id, (unsigned)netns->inode,
			netns->name != 0 ? intern_get(model->texts, netns->name).data : "",
			netns->gone ? " gone" : "", (int)link.len, link.data);
	}
}

static void
print_rows(const struct model *model, struct buffer *out)
{
	static const char *const names[] = {"state", "local", "process", "pid", "user", "unit",
		"container", "cgroup", "congestion", "interface", "owner", "gone", "age"};
	const struct field_context context = {.model = model};

	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & SOCKET_FREE) != 0)
			continue;
		buffer_append_format(out, "%u:", (unsigned)row->cookie);
		for (size_t i = 0; i < UNIT_COUNT_OF(names); i++) {
			const struct field *const field =
				field_find(&socket_fields, names[i], strlen(names[i]));

			if (field != NULL)
				page_text_field(field, &context, row, out);
		}
		buffer_append_char(out, '\n');
	}
}

static void
print_all(const char *title, const struct model *model, struct buffer *out)
{
	buffer_append_format(out, "== %s\n", title);
	print_host(model, out);
	print_rows(model, out);
}

static void
say_capture(struct feed *feed, uint32_t netns, uint64_t received, const char *text)
{
	feed_message(feed, MESSAGE_CAPTURE,
		&(struct message_capture){.netns = netns,
			.running = text[0] == '\0',
			.error = text[0] == '\0' ? 0 : 1,
			.text = text_of(text),
			.interface = text_of("any"),
			.received = received,
			.dropped = received / 10});
}

static void
say_netns(struct feed *feed, uint32_t id, const char *name, bool gone)
{
	feed_message(feed, MESSAGE_NETNS,
		&(struct message_netns){
			.id = id, .inode = 4026531840 + id, .name = text_of(name), .gone = gone});
	if (!gone)
		feed_message(feed, MESSAGE_LINK,
			&(struct message_link){.netns = id,
				.ifindex = 2,
				.name = text_of(id % 2 != 0 ? "red0" : "blue0")});
}

static void
say_losses(struct feed *feed)
{
	static const uint8_t junk[40] = {40, 0, 0, 0, 20};

	for (uint8_t what = 0; what <= LOSS_COUNT; what++)
		feed_message(feed, MESSAGE_LOSS,
			&(struct message_loss){.what = what, .count = 10u + what});
	for (uint8_t severity = 0; severity < 5; severity++)
		feed_message(feed, MESSAGE_NOTICE,
			&(struct message_notice){.severity = severity,
				.text = text_of("something \033[1m happened")});
	for (uint32_t request = 1; request < 4; request++)
		feed_message(feed, MESSAGE_RESULT,
			&(struct message_result){.request = request,
				.error = request == 2 ? 1 : 0,
				.text = text_of(request == 2 ? "may not" : "done")});
	feed_diag(feed, junk, sizeof junk);
	feed_diag(feed, junk, 7);
	feed_message(feed, MESSAGE_CALLERS_STATE,
		&(struct message_callers_state){
			.error = 1, .text = text_of("no BPF"), .reported = 3});
	feed_message(feed, MESSAGE_DUMP_END, &(struct message_dump_end){.netns = 99});
	feed_message(feed, MESSAGE_DUMP_BEGIN, &(struct message_dump_begin){.netns = 98});
}

/* More command lines than are kept: those that are in use stay. */
static void
flood_texts(struct feed *feed)
{
	for (unsigned i = 0; i < TEXTS; i++) {
		char comm[16];

		snprintf(comm, sizeof comm, "w%u", i);
		feed_process(feed, 5000, i + 1, comm);
	}
	feed_wait(feed, 1000);
	made_look(feed, 2);
}

static void
test_events(void **state)
{
	struct feed feed = made_box();
	const struct model *const model = feed.model;
	struct buffer out = {0};
	const uint32_t pids[] = {101, 105, 9999};

	(void)state;
	print_all("two looks", model, &out);
	for (uint32_t id = 2; id < 6; id++)
		say_netns(&feed, id, id == 4 ? "" : "blue", false);
	say_capture(&feed, 1, 100, "");
	say_capture(&feed, 1, 250, "");
	say_capture(&feed, 3, 40, "");
	say_capture(&feed, 3, 50, "no right \033");
	say_capture(&feed, 1, 20, "");
	print_all("namespaces and captures", model, &out);
	say_netns(&feed, 3, "blue", true);
	say_netns(&feed, 5, "", true);
	say_losses(&feed);
	feed_gone(&feed, 1003);
	feed_gone(&feed, 77);
	feed_message(&feed, MESSAGE_PROCESS_GONE,
		&(struct message_process_gone){.pids = {pids, UNIT_COUNT_OF(pids)}});
	print_all("losses, and some that are gone", model, &out);
	say_netns(&feed, 7, "green", false);
	flood_texts(&feed);
	print_all("many texts", model, &out);
	buffer_append_format(&out, "texts are %s\n",
		intern_count(model->texts) < TEXTS ? "bounded" : "all kept");
	feed_wait(&feed, 2000);
	feed_hello(&feed, "again", 5, 0);
	print_all("another collector", model, &out);
	made_look(&feed, 0);
	print_all("its first look", model, &out);
	feed_wait(&feed, 90000);
	made_look(&feed, 2);
	print_all("much later", model, &out);
	feed_free(&feed);
	compare("made-model", &out);
	buffer_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
