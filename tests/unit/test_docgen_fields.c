/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The manual's tables of fields. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/docgen_fields.h"
#include "unit.h"

static void
names_every_field(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	docgen_print_fields(&socket_fields, out);
	assert_int_equal(fclose(out), 0);
	for (size_t i = 0; i < socket_fields.count; i++)
		if (strstr(text, socket_fields.fields[i].name) == NULL)
			fail_msg("the manual's table lacks %s", socket_fields.fields[i].name);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_every_field),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
