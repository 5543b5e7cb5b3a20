/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The action table holds together: it is what help, footer, manual and `bind` are made of. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/filter.h>
#include <sockwatch/tui/keys_roff.h>
#include <sockwatch/tui/tui.h>

#include "tui/key/keymap.h"
#include "tui/overlay/help_words.h"
#include "tui/pages.h"
#include "tui/term/keys.h"
#include "unit.h"

/* Fails with a sentence that names the row. */
#define CHECK(action, condition, ...)                                                              \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			print_error("action \"%s\": ", (action)->name);                            \
			fail_msg(__VA_ARGS__);                                                     \
		}                                                                                  \
	} while (0)

/* The pages as page.h names them, so that a failure can name one. */
static const char *
page_name(int page)
{
	static const char *const names[PAGE_COUNT] = {
		[PAGE_SOCKETS] = "PAGE_SOCKETS",
		[PAGE_LISTENERS] = "PAGE_LISTENERS",
		[PAGE_EVENTS] = "PAGE_EVENTS",
		[PAGE_PATHS] = "PAGE_PATHS",
		[PAGE_COUNTERS] = "PAGE_COUNTERS",
		[PAGE_DETAIL] = "PAGE_DETAIL",
		[PAGE_HELP] = "PAGE_HELP",
		[PAGE_SETUP] = "PAGE_SETUP",
		[PAGE_MENU] = "PAGE_MENU",
		[PAGE_CONFIRM] = "PAGE_CONFIRM",
		[PAGE_PROMPT] = "PAGE_PROMPT",
	};
	static char text[64];

	if (names[page] != NULL)
		return names[page];
	snprintf(text, sizeof text, "the page after %s in page.h",
		page > 0 && names[page - 1] != NULL ? names[page - 1] : "another new one");
	return text;
}

static void
rows_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < action_table.count; i++) {
		const struct action *const action = &action_table.rows[i];

		CHECK(action, strlen(action->name) > 0 && strlen(action->name) < 32,
			"row %zu needs a name of 1 to 31 characters", i);
		CHECK(action, strpbrk(action->name, " \t_") == NULL,
			"the name has a blank or an underscore");
		CHECK(action, action->help != NULL && action->help[0] != '\0', "it has no help");
		CHECK(action, action->help[0] < 'A' || action->help[0] > 'Z',
			"its help begins with a capital letter: \"%s\"", action->help);
		CHECK(action, action->run != NULL || pages[action->opens].pane != NULL,
			"it has no handler and opens no page");
		CHECK(action, action->pages != 0, "it is on no page");
		CHECK(action, (action->footer & ~action->pages) == 0,
			"it stands in the footer of a page where it does nothing");
		CHECK(action, (action->footer == 0) == (action->label == NULL),
			"it needs both a label and pages for the footer, or neither");
		CHECK(action, action->group < ACTION_GROUP_COUNT, "its group does not exist");
		CHECK(action, action_find(&action_table, action->name) == action,
			"another row has the same name");
	}
	for (int i = 0; i < ACTION_GROUP_COUNT; i++)
		if (action_group_title((enum action_group)i) == NULL)
			fail_msg("action group %d has no title", i);
}

static void
keys_are_keys_and_no_two_the_same(void **state)
{
	uint32_t keys[KEYMAP_MAX];
	const struct action *actions[KEYMAP_MAX];
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < action_table.count; i++) {
		const struct action *const action = &action_table.rows[i];
		const char *name = action->keys;

		while (*name != '\0') {
			const size_t len = strcspn(name, " ");
			const uint32_t key = keys_parse(name, len);

			CHECK(action, key != KEYS_NONE, "\"%.*s\" is not a key", (int)len, name);
			for (size_t k = 0; k < count; k++)
				CHECK(action,
					keys[k] != key || (actions[k]->pages & action->pages) == 0,
					"its key %.*s is taken by \"%s\" on the same page",
					(int)len, name, actions[k]->name);
			CHECK(action, count < KEYMAP_MAX, "there are more than %d keys",
				KEYMAP_MAX);
			keys[count] = key;
			actions[count++] = action;
			name += len;
			name += strspn(name, " ");
		}
	}
}

static void
expect(const struct keymap *keymap, uint32_t key, enum page_id page, const char *name)
{
	const struct action *const action = keymap_find(keymap, key, page);
	char text[KEYS_NAME_SIZE];

	if (action == NULL || strcmp(action->name, name) != 0)
		fail_msg("%s on %s does \"%s\", not \"%s\"", keys_name(key, text, sizeof text),
			page_name((int)page), action != NULL ? action->name : "nothing", name);
}

static void
expect_first(const struct keymap *keymap, const char *name, uint32_t key)
{
	const uint32_t first = keymap_first(keymap, action_find(&action_table, name));
	char text[2][KEYS_NAME_SIZE];

	if (first != key)
		fail_msg("the first key of \"%s\" is %s, not %s", name,
			keys_name(first, text[0], sizeof text[0]),
			keys_name(key, text[1], sizeof text[1]));
}

static void
pages_are_whole(void **state)
{
	(void)state;
	for (int i = 0; i < PAGE_COUNT; i++) {
		const struct page *const page = &pages[i];

		if (page->pane == NULL || page->pane->draw == NULL)
			fail_msg("%s draws nothing: its row in pages.c needs a pane", page_name(i));
		if ((page->title != NULL) != (i < PAGE_TABLES))
			fail_msg("%s: tables of sockets have a title, other pages none",
				page_name(i));
	}
}

/* A menu types what is a character: an action there must have another key. */
static void
menus_can_be_left_and_used(void **state)
{
	struct keymap keymap;

	(void)state;
	keymap_init(&keymap, &action_table, NULL, 0);
	expect(&keymap, KEYS_ESCAPE, PAGE_MENU, "back");
	expect(&keymap, KEYS_ENTER, PAGE_MENU, "open");
	expect(&keymap, KEYS_UP, PAGE_MENU, "up");
	expect(&keymap, KEYS_ESCAPE, PAGE_CONFIRM, "back");
	for (int page = 0; page < PAGE_COUNT; page++) {
		if (keymap_find(&keymap, KEYS_CTRL('c'), (enum page_id)page) == NULL)
			fail_msg(
				"C-c does nothing on %s: add it to the .pages of a row in actions.c that quits",
				page_name(page));
	}
}

static void
binds_come_first(void **state)
{
	const struct settings_bind binds[] = {{"F3", "filter"}, {"X", "quit"}};
	struct keymap keymap;
	char keys[64];

	(void)state;
	keymap_init(&keymap, &action_table, binds, UNIT_COUNT_OF(binds));
	expect(&keymap, KEYS_F0 + 3, PAGE_SOCKETS, "filter");
	expect(&keymap, 'X', PAGE_SOCKETS, "quit");
	assert_null(keymap_find(&keymap, 'X', PAGE_HELP));
	/* The help shows what works: search has lost its key. */
	assert_string_equal(
		keymap_keys(&keymap, action_find(&action_table, "search"), keys, sizeof keys), "");
	expect_first(&keymap, "filter", KEYS_F0 + 3);
	assert_string_equal(
		keymap_keys(&keymap, action_find(&action_table, "filter"), keys, sizeof keys),
		"F3 F4 / \\");
}

static void
checks_binds(void **state)
{
	struct error error;

	(void)state;
	assert_int_equal(tui_check_bind("F3", "filter", &error), 0);
	assert_int_equal(tui_check_bind("Hyper-x", "filter", &error), -EINVAL);
	assert_non_null(strstr(error.text, "Hyper-x"));
	assert_int_equal(tui_check_bind("F3", "fly", &error), -EINVAL);
	assert_non_null(strstr(error.text, "fly"));
}

static void
the_manual_names_each(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *const out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	tui_print_keys_roff(out);
	assert_int_equal(fclose(out), 0);
	for (size_t i = 0; i < action_table.count; i++) {
		char name[64];

		snprintf(name, sizeof name, "\\fI%s\\fR", action_table.rows[i].name);
		CHECK(&action_table.rows[i], strstr(text, name) != NULL,
			"its name is not in the manual's table");
		CHECK(&action_table.rows[i], strstr(text, action_table.rows[i].help) != NULL,
			"its help is not in the manual's table");
	}
	free(text);
}

static bool
begins(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static bool
section_has(const struct help_section *section, const char *shown)
{
	struct topic topic;

	for (size_t i = 0; i < section->count; i++) {
		if (begins(section->entries[i].shown, shown))
			return true;
	}
	for (size_t i = 0; section->entries == NULL && topic_at(section->topics, i, &topic); i++) {
		if (begins(topic.name, shown))
			return topic.count > 0;
	}
	return false;
}

/* The help of this page has an entry that begins so. */
static bool
is_explained(enum page_id page, const char *shown)
{
	for (size_t i = 0; i < help_section_count; i++) {
		if ((help_sections[i].pages & 1U << page) != 0 &&
			section_has(&help_sections[i], shown))
			return true;
	}
	return false;
}

static void
states_and_marks_have_help(void **state)
{
	static const char *const marks[] = {"!", "*", "+", "~", "x", ">3s", "nginx/812+1",
		"(orphan)", "(time-wait)", "(hidden)", "SYN 0/65", "UNCONN", "*:443"};

	(void)state;
	for (int tcp = TCP_STATE_UNKNOWN + 1; tcp < TCP_STATE_COUNT; tcp++) {
		const char *const name = tcp_state_name((enum tcp_state)tcp);

		if (!is_explained(PAGE_SOCKETS, name) || !is_explained(PAGE_DETAIL, name))
			fail_msg("the help does not explain %s", name);
	}
	unit_each (i, marks)
		if (!is_explained(PAGE_SOCKETS, marks[i]))
			fail_msg("the help does not explain %s", marks[i]);
	assert_false(is_explained(PAGE_PATHS, "CLOSE-WAIT"));
	assert_true(is_explained(PAGE_PATHS, "Loss%"));
	assert_true(is_explained(PAGE_EVENTS, "1/3"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(pages_are_whole),
		cmocka_unit_test(keys_are_keys_and_no_two_the_same),
		cmocka_unit_test(menus_can_be_left_and_used),
		cmocka_unit_test(binds_come_first),
		cmocka_unit_test(checks_binds),
		cmocka_unit_test(the_manual_names_each),
		cmocka_unit_test(states_and_marks_have_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
