/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each rule says of its trouble, why it happens and what to do, as text to be read. */
#include <config.h>

#include "analysis/doctor/doctor_private.h"
#include "doctor_lab.h"
#include "page_text.h"

static void
print_rule(const struct model *model, const struct rule *rule, struct buffer *out)
{
	char why[FINDING_WHY_SIZE], action[FINDING_ACTION_SIZE];

	sentence_fill(model, 0, rule->why, why, sizeof why);
	sentence_fill(model, 0, rule->action, action, sizeof action);
	buffer_append_format(
		out, "== %s\n%s\n%s\n%s\n", rule->words.name, rule->words.help, why, action);
	/* None is cut, and room is left for the values of the sysctls. */
	assert_true(strlen(why) + 64 < sizeof why);
	assert_true(strlen(action) + 128 < sizeof action);
	assert_null(strchr(why, '{'));
	assert_null(strchr(action, '{'));
}

static void
test_sentences(void **state)
{
	struct model *const model = sockets_model();
	struct buffer out;

	(void)state;
	buffer_init(&out, 0);
	for (size_t table = 0; table < rule_table_count; table++)
		for (size_t i = 0; i < rule_tables[table]->count; i++)
			print_rule(model, &rule_tables[table]->rules[i], &out);
	compare("rule-sentences", &out);
	buffer_fini(&out);
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
