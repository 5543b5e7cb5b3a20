/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random walks of a view over a made-up box that goes on living: orders, groups, filters, folds,
 * holds and bounds set in any order, windows taken anywhere. All lines after each step are noted
 * (random_walk.h), and what can be found by a walk over them is.
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/analysis/view.h>

#include "made_box.h"
#include "random_walk.h"

enum { WALKS = 60, STEPS = 40, LINES_MAX = 200, FIELDS_MAX = 32 };

struct walk {
	struct feed feed;
	struct view *view;
	unsigned look;
};

/* The names of ports are those of the box that runs the test. */
static const struct field *
random_field(unsigned flag)
{
	for (;;) {
		const struct field *const field =
			&socket_fields.fields[dice((unsigned)socket_fields.count)];

		if ((field->flags & flag) == flag && strcmp(field->name, "service") != 0)
			return field;
	}
}

static struct filter *
random_filter(void)
{
	static const char *const texts[] = {"state established", "port 22", "not port 22",
		"process nginx", "recv_q > 100", "raddr 10.0.0.0/8 or raddr 8.8.8.8", "nginx",
		"uid = 0 and state listen", "port 9", "user ann"};

	if (dice(4) == 0)
		return NULL;
	return filter_parse(texts[dice(UNIT_COUNT_OF(texts))], &socket_fields, NULL);
}

static void
set_visible(struct walk *walk)
{
	const struct field *fields[FIELDS_MAX];
	const char *const set = dice(2) != 0 ? "default" : socket_field_sets[1].fields;
	const int count = field_parse_list(&socket_fields,
		strcmp(set, "default") == 0 ? field_set_find(set) : set, fields, FIELDS_MAX, NULL);

	view_set_visible(walk->view, fields, count > 0 ? (size_t)count : 0);
}

/* The key of a group that is shown, "" where there is none. */
static const char *
random_key(struct walk *walk)
{
	static struct view_line lines[LINES_MAX];
	const size_t count = view_window(walk->view, 0, LINES_MAX, lines);
	size_t at;

	if (count == 0)
		return "";
	at = dice((unsigned)count);
	return lines[at].kind == VIEW_GROUP ? lines[at].group->key : "";
}

static void
set_order(struct walk *walk)
{
	const bool is_descending = dice(2) != 0;

	view_set_order(walk->view, random_field(0), is_descending);
}

static void
unfold(struct walk *walk)
{
	char key[128];
	bool is_unfolded;

	snprintf(key, sizeof key, "%s", random_key(walk));
	is_unfolded = dice(3) != 0;
	view_unfold(walk->view, dice(4) == 0 ? NULL : key, is_unfolded);
}

static void
live(struct walk *walk)
{
	feed_wait(&walk->feed, 1000 + dice(2) * 70000);
	made_look(&walk->feed, walk->look++ % 3);
	model_tick(walk->feed.model, walk->feed.realtime_ns);
}

static void
act(struct walk *walk)
{
	static const size_t limits[] = {0, 1, 2, 5, VIEW_ENDED_ALL};
	const uint32_t pids[] = {100, 102, 7};

	switch (dice(13)) {
	case 0: set_order(walk); break;
	case 1: view_set_order(walk->view, NULL, dice(2) != 0); break;
	case 2: view_set_group(walk->view, random_field(FIELD_GROUP)); break;
	case 3: view_set_group(walk->view, dice(2) != 0 ? NULL : random_field(FIELD_GROUP)); break;
	case 4: view_set_filter(walk->view, random_filter()); break;
	case 5: view_set_hide_closed(walk->view, dice(3) == 0); break;
	case 6: view_set_ended_limit(walk->view, limits[dice(UNIT_COUNT_OF(limits))]); break;
	case 7: view_set_own(walk->view, pids, dice(4)); break;
	case 8: view_set_hold(walk->view, dice(2) != 0); break;
	case 9: view_set_numeric(walk->view, dice(2) != 0); break;
	case 10: unfold(walk); break;
	case 11: set_visible(walk); break;
	default: live(walk); break;
	}
}

static void
note_line(struct walk *walk, const struct view_line *line, size_t at)
{
	const struct view_group *const group = line->group;

	if (line->kind == VIEW_SOCKET) {
		note(" %s%u", line->in_group ? "." : "",
			(unsigned)socket_table_row(&walk->feed.model->sockets, line->socket)
				->cookie);
		assert_int_equal(view_find(walk->view, line->socket), at);
		return;
	}
	note("\n[%s %u worst %d%s", group->key, group->count, (int)group->worst,
		group->unfolded ? " unfolded" : "");
	for (size_t i = 0; i < TCP_STATE_COUNT; i++)
		if (group->by_state[i] != 0)
			note(" %zux%u", i, group->by_state[i]);
	for (size_t i = 0; i < socket_fields.count; i++)
		if ((socket_fields.fields[i].flags & FIELD_SUM) != 0 && !isnan(group->sums[i]))
			note(" %s=%.6g", socket_fields.fields[i].name, group->sums[i]);
	note("]");
}

static void
note_lines(struct walk *walk)
{
	static struct view_line lines[LINES_MAX];
	const size_t all = view_lines(walk->view);
	const size_t first = dice(3) == 0 ? dice((unsigned)all + 2) : 0;
	const size_t wanted = dice(3) == 0 ? dice(20) : LINES_MAX;
	const size_t count = view_window(walk->view, first, wanted, lines);

	note("%zu lines, %zu matched, %zu ended and %zu own hidden; from %zu:", all,
		view_matched(walk->view), view_ended_hidden(walk->view),
		view_own_hidden(walk->view), first);
	assert_int_equal(count, first >= all ? 0 : all - first < wanted ? all - first : wanted);
	for (size_t i = 0; i < count; i++) {
		note_line(walk, &lines[i], first + i);
		if (lines[i].kind == VIEW_GROUP)
			assert_int_equal(
				view_find_group(walk->view, lines[i].group->key), first + i);
	}
	note("\n");
}

/* What is counted by a field, the sockets of a group, and what another filter would show. */
static void
note_counts(struct walk *walk)
{
	static struct view_tally tallies[8];
	static uint32_t ids[LINES_MAX];
	const struct field *const field = random_field(FIELD_GROUP);
	struct filter *const filter = random_filter();
	const size_t count = view_tally(walk->view, field, filter, tallies, UNIT_COUNT_OF(tallies));
	char key[128];
	size_t sockets;

	note("%zu of %s:", count, field->name);
	for (size_t i = 0; i < count && i < UNIT_COUNT_OF(tallies); i++)
		note(" %s %u %u", tallies[i].key, tallies[i].count, tallies[i].socket);
	snprintf(key, sizeof key, "%s", random_key(walk));
	sockets = view_sockets(walk->view, key[0] != '\0' ? key : NULL, ids, 10);
	note("; %zu sockets:", sockets);
	for (size_t i = 0; i < sockets && i < 10; i++)
		note(" %u", ids[i]);
	if (filter != NULL)
		note("; shows %d", view_would_show(walk->view, filter));
	note("\n");
	filter_free(filter);
}

static void
take_walk(unsigned number, struct buffer *out)
{
	struct walk walk = {.feed = made_box(), .look = number};

	walk.view = view_new(walk.feed.model, &socket_fields);
	assert_non_null(walk.view);
	set_visible(&walk);
	for (unsigned i = 0; i < STEPS; i++) {
		act(&walk);
		note("%d ", view_update(walk.view, dice(4) == 0));
		note_lines(&walk);
		if (dice(4) == 0)
			note_counts(&walk);
	}
	buffer_append_format(out, " %zu lines", view_lines(walk.view));
	view_free(walk.view);
	feed_free(&walk.feed);
}

static void
test_walks(void **state)
{
	(void)state;
	random_walks("view-walks", WALKS, 13, take_walk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
