/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A made-up box through the whole analysis: fields, pages, filters, orders, groups and what doctor
 * finds, as text.
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include <sockwatch/analysis/doctor.h>
#include <sockwatch/analysis/filter.h>
#include <sockwatch/analysis/finding.h>
#include <sockwatch/analysis/view.h>

#include "made_box.h"
#include "page_text.h"
#include "unit.h"

enum { SHOWN = 100, GROUPS_SHOWN = 8, VISIBLE_MAX = 32 };

static struct feed feed;

static int
open_box(void **state)
{
	(void)state;
	feed = made_box();
	return 0;
}

static int
close_box(void **state)
{
	(void)state;
	feed_free(&feed);
	return 0;
}

static void
test_fields(void **state)
{
	const struct model *const model = feed.model;
	const struct field_context context = {.model = model};
	struct buffer out = {0};

	(void)state;
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & SOCKET_FREE) != 0)
			continue;
		buffer_append_format(&out, "-- %u\n", (unsigned)row->cookie);
		for (size_t i = 0; i < socket_fields.count; i++)
			page_text_field(&socket_fields.fields[i], &context, row, &out);
		buffer_append_char(&out, '\n');
	}
	compare("made-fields", &out);
	buffer_fini(&out);
}

static void
test_pages(void **state)
{
	const struct model *const model = feed.model;
	struct buffer out = {0};

	(void)state;
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		struct identity identity;

		if ((socket_table_row(&model->sockets, id)->flags & SOCKET_FREE) != 0)
			continue;
		history_start(&history, model, id);
		history_update(&history, model);
		identity_take(&identity, model, id);
		print_connection(model, &identity, id % 2 == 0, &out);
	}
	compare("made-pages", &out);
	buffer_fini(&out);
}

/* What of a filter the kernel is asked for. */
static void
print_pushdown(const struct filter *filter, struct buffer *out)
{
	struct subscription_condition conditions[SUBSCRIPTION_CONDITIONS_MAX];
	struct message_subscription subscription = {.needs = 0};

	filter_pushdown(filter, &subscription, conditions);
	buffer_append_format(out, "  asks for protocols %u families %u states %x needs %x\n",
		subscription.protocols, subscription.families, (unsigned)subscription.states,
		(unsigned)filter_needs(filter));
	for (size_t i = 0; i < subscription.conditions.count; i++) {
		const struct subscription_condition *const condition = &conditions[i];

		buffer_append_format(out, "  condition %u %u /%u %u-%u ", condition->clause,
			condition->kind, condition->prefix, condition->low, condition->high);
		for (size_t k = 0; k < sizeof condition->address; k++)
			buffer_append_format(out, "%02x", condition->address[k]);
		buffer_append_char(out, '\n');
	}
}

static void
print_word(void *context, const char *word, size_t typed)
{
	buffer_append_format(context, " %s/%zu", word, typed);
}

static void
print_matches(struct filter *filter, struct buffer *out)
{
	const struct model *const model = feed.model;
	const struct field_context context = {.model = model};
	const struct field *visible[VISIBLE_MAX];
	const int count = field_parse_list(
		&socket_fields, field_set_find("default"), visible, VISIBLE_MAX, NULL);

	buffer_append_text(out, "  matches");
	for (uint32_t id = 0; id < model->sockets.used; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		if ((row->flags & SOCKET_FREE) == 0 &&
			filter_match(filter, &context, row, visible, (size_t)count))
			buffer_append_format(out, " %u", (unsigned)row->cookie);
	}
	buffer_append_char(out, '\n');
}

static void
test_filters(void **state)
{
	static const char *const texts[] = {
#include "made_filters.h"
	};
	const struct field *const ports[] = {
		field_find(&socket_fields, "port", 4), field_find(&socket_fields, "state", 5)};
	struct buffer out = {0};

	(void)state;
	unit_each (i, texts) {
		struct error error = {.text = "", .position = -1};
		struct filter *const filter = filter_parse(texts[i], &socket_fields, &error);
		char rest[256];

		buffer_append_format(&out, "%s\n", texts[i]);
		if (filter == NULL) {
			buffer_append_format(
				&out, "  at %d: %s\n", (int)error.position, error.text);
			buffer_append_text(&out, "  completed by");
			filter_complete(texts[i], &socket_fields, print_word, &out);
			buffer_append_char(&out, '\n');
			continue;
		}
		print_matches(filter, &out);
		print_pushdown(filter, &out);
		(void)filter_text_without(
			texts[i], &socket_fields, &ports[1], 1, rest, sizeof rest);
		buffer_append_format(&out, "  without state: %s%s\n", rest,
			filter_is_partial(texts[i], &socket_fields) ? "; partial" : "");
		filter_free(filter);
	}
	compare("made-filters", &out);
	buffer_fini(&out);
}

/* What a filter keeps from row to row changes nothing: each finds what a new one finds. */
static void
test_used_filters(void **state)
{
	static const char *const texts[] = {
#include "made_filters.h"
	};
	const struct model *const model = feed.model;
	const struct field_context context = {.model = model};
	const struct field *visible[VISIBLE_MAX];
	const size_t count = (size_t)field_parse_list(
		&socket_fields, field_set_find("default"), visible, VISIBLE_MAX, NULL);

	(void)state;
	unit_each (i, texts) {
		struct filter *const used = filter_parse(texts[i], &socket_fields, NULL);

		for (uint32_t id = 0; used != NULL && id < model->sockets.used; id++) {
			const struct socket_row *const row = socket_table_row(&model->sockets, id);
			struct filter *const fresh = filter_parse(texts[i], &socket_fields, NULL);

			assert_int_equal(filter_match(used, &context, row, visible, count),
				filter_match(fresh, &context, row, visible, count));
			filter_free(fresh);
		}
		filter_free(used);
	}
}

static struct view *
open_view(void)
{
	struct view *const view = view_new(feed.model, &socket_fields);
	const struct field *visible[VISIBLE_MAX];
	const int count = field_parse_list(
		&socket_fields, field_set_find("default"), visible, VISIBLE_MAX, NULL);

	assert_non_null(view);
	view_set_visible(view, visible, (size_t)count);
	return view;
}

static void
print_order(struct view *view, struct buffer *out)
{
	static struct view_line lines[SHOWN];
	const size_t count = view_window(view, 0, SHOWN, lines);

	for (size_t i = 0; i < count; i++)
		buffer_append_format(out, " %u",
			(unsigned)socket_table_row(&feed.model->sockets, lines[i].socket)->cookie);
	buffer_append_char(out, '\n');
}

static void
test_orders(void **state)
{
	struct view *const view = open_view();
	struct buffer out = {0};

	(void)state;
	for (size_t i = 0; i < socket_fields.count; i++)
		for (unsigned descending = 0; descending < 2; descending++) {
			view_set_order(view, &socket_fields.fields[i], descending != 0);
			view_update(view, true);
			buffer_append_format(&out, "%s %s:", socket_fields.fields[i].name,
				descending != 0 ? "down" : "up");
			print_order(view, &out);
		}
	view_set_order(view, NULL, false);
	view_set_ended_limit(view, 2);
	view_update(view, true);
	buffer_append_format(&out, "two ended, %zu hidden:", view_ended_hidden(view));
	print_order(view, &out);
	view_set_hide_closed(view, true);
	view_update(view, true);
	buffer_append_format(&out, "none ended, %zu hidden:", view_ended_hidden(view));
	print_order(view, &out);
	view_free(view);
	compare("made-orders", &out);
	buffer_fini(&out);
}

static void
print_group(const struct view_group *group, struct buffer *out)
{
	buffer_append_format(out, "  %s: %u, %d, first %u", group->key, group->count,
		(int)group->worst,
		(unsigned)socket_table_row(&feed.model->sockets, group->first_socket)->cookie);
	for (size_t i = 0; i < TCP_STATE_COUNT; i++)
		if (group->by_state[i] != 0)
			buffer_append_format(out, " %zux%u", i, group->by_state[i]);
	for (size_t i = 0; i < socket_fields.count; i++)
		if ((socket_fields.fields[i].flags & FIELD_SUM) != 0 && !isnan(group->sums[i]))
			buffer_append_format(
				out, " %s=%.6g", socket_fields.fields[i].name, group->sums[i]);
	buffer_append_char(out, '\n');
}

static void
test_groups(void **state)
{
	static struct view_line lines[SHOWN];
	static struct view_tally tallies[GROUPS_SHOWN];
	struct view *const view = open_view();
	struct buffer out = {0};

	(void)state;
	for (size_t i = 0; i < socket_fields.count; i++) {
		const struct field *const field = &socket_fields.fields[i];
		size_t count;

		if ((field->flags & FIELD_GROUP) == 0)
			continue;
		view_set_group(view, field);
		view_set_order(
			view, i % 2 != 0 ? field : field_find(&socket_fields, "send_q", 6), true);
		view_update(view, true);
		buffer_append_format(&out, "%s: %zu lines\n", field->name, view_lines(view));
		count = view_window(view, 0, GROUPS_SHOWN, lines);
		for (size_t k = 0; k < count; k++)
			print_group(lines[k].group, &out);
		view_unfold(view, lines[0].group->key, true);
		view_update(view, true);
		buffer_append_format(&out, "  unfolded: %zu lines:", view_lines(view));
		print_order(view, &out);
		view_unfold(view, NULL, false);
		view_set_group(view, NULL);
		view_update(view, true);
		buffer_append_format(&out,
			"  counted %zu:", view_tally(view, field, NULL, tallies, GROUPS_SHOWN));
		for (size_t k = 0; k < GROUPS_SHOWN && tallies[k].count != 0; k++)
			buffer_append_format(&out, " %s %u", tallies[k].key, tallies[k].count);
		buffer_append_char(&out, '\n');
		memset(tallies, 0, sizeof tallies);
	}
	view_free(view);
	compare("made-groups", &out);
	buffer_fini(&out);
}

static void
print_finding(const struct finding *finding, struct buffer *out)
{
	buffer_append_format(out,
		"%s %d, %u sockets, process %u %s: %s\n  %s\n  %s\n  %s | %s | %s\n ",
		finding->rule, (int)finding->severity, finding->sockets, finding->pid,
		finding->process, finding->title, finding->why, finding->action, finding->filter,
		finding->about, finding->needs);
	for (size_t i = 0; i < finding->figure_count; i++)
		buffer_append_format(out, " %s=%.6g%s", finding->figures[i].name,
			finding->figures[i].number, finding->figures[i].text);
	buffer_append_char(out, '\n');
}

/* Half of what a rule compares with, so that the made-up box has all troubles that it can. */
static void
test_doctor(void **state)
{
	struct doctor_settings settings;
	struct feed own = made_box();
	struct doctor *doctor;
	const struct finding *const *findings;
	struct buffer out = {0};
	size_t count;

	(void)state;
	doctor_settings_init(&settings);
	for (size_t i = 0; i < doctor_rule_count(); i++)
		for (size_t k = 0; k < doctor_rule(i).threshold_count; k++)
			settings.thresholds[i][k] /= 20;
	doctor = doctor_new(&settings);
	assert_non_null(doctor);
	doctor_look(doctor, own.model, false);
	for (unsigned i = 0; i < 3; i++) {
		feed_wait(&own, 1000);
		made_look(&own, 1 + i % 2);
		doctor_look(doctor, own.model, i == 2);
	}
	findings = doctor_findings(doctor, &count);
	for (size_t i = 0; i < count; i++)
		print_finding(findings[i], &out);
	compare("made-doctor", &out);
	buffer_fini(&out);
	doctor_free(doctor);
	feed_free(&own);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_used_filters),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_doctor),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests_name("made box", tests, open_box, close_box);
}
