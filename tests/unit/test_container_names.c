/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collector/proc/cgroup/container_names.h"
#include "unit.h"

#define ID_A "3f4e9c1b2a7d8e6f5a4b3c2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f"
#define ID_B "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
test_parse(void **state)
{
	static const struct {
		const char *json, *name;
	} cases[] = {
		{"{\"ID\":\"x\",\"Name\":\"/web\",\"Driver\":\"overlay2\"}", "web"},
		{"{\"Name\" : \"web\"}", "web"},
		/* Not that of a volume or of a restart policy */
		{"{\"MountPoints\":{\"/data\":{\"Name\":\"vol\"}},\"Name\":\"/db\"}", "db"},
		{"{\"List\":[{\"Name\":\"no\"},\"Name\"],\"Name\":\"/db\"}", "db"},
		{"{\"RestartPolicy\":{\"Name\":\"always\"}}", ""},
		/* Not a value that looks like the key, not text inside of a string */
		{"{\"Label\":\"Name\",\"x\":\"/no\"}", ""},
		{"{\"a\":\"\\\"Name\\\":\\\"/no\\\"\",\"Name\":\"/yes\"}", "yes"},
		{"{\"a\":\"{\",\"Name\":\"/yes\"}", "yes"},
		{"{\"Name\":null,\"b\":\"/no\"}", ""},
		{"{\"Name\":\"/a\\u0041\"}", ""},
		{"{\"Name\":\"/cut", ""},
		{"{\"Name\":\"\\", ""},
		{"{\"Name\":", ""},
		{"", ""},
	};

	(void)state;
	unit_each (i, cases) {
		const struct text name = container_names_parse(text_of(cases[i].json));

		if (!text_equal(name, text_of(cases[i].name)))
			fail_msg("%s: \"%.*s\"", cases[i].json, (int)name.len, name.data);
	}
}

static void
test_get(void **state)
{
	char directory[] = "/tmp/test_container_names.XXXXXX";
	static const char json[] = "{\"Name\":\"/web\"}";
	static const char renamed[] = "{\"Name\":\"/shop\"}";
	struct container_names names;
	char path[256], id[sizeof ID_A - 1];
	int fd;

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/" ID_A, directory);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/" ID_A "/config.v2.json", directory);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, json, sizeof json - 1), sizeof json - 1);
	close(fd);

	assert_int_equal(container_names_init(&names, directory), 0);
	assert_true(text_equal(container_names_get(&names, text_of(ID_A)), text_of("web")));
	assert_int_equal(container_names_get(&names, text_of(ID_B)).len, 0);
	assert_int_equal(container_names_get(&names, text_of("web")).len, 0);
	/* Which would be another file. */
	memcpy(id, ID_A, sizeof id);
	id[sizeof id / 2] = '\0';
	assert_int_equal(container_names_get(&names, (struct text){id, sizeof id}).len, 0);
	/* Remembered: not looked up again. */
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, renamed, sizeof renamed - 1), sizeof renamed - 1);
	close(fd);
	assert_true(text_equal(container_names_get(&names, text_of(ID_A)), text_of("web")));
	/* Until it is forgotten. */
	container_names_forget(&names);
	assert_true(text_equal(container_names_get(&names, text_of(ID_A)), text_of("shop")));
	unlink(path);
	container_names_fini(&names);

	snprintf(path, sizeof path, "%s/" ID_A, directory);
	rmdir(path);
	rmdir(directory);
	assert_int_equal(container_names_init(&names, directory), 0);
	assert_int_equal(container_names_get(&names, text_of(ID_A)).len, 0);
	container_names_fini(&names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_get),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
