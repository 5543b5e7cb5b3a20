/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths of cgroups by their numbers, where the kernel does not open them by number: from the paths
 * of processes. A folder stands for the hierarchy. */
#include <config.h>

#include "collector/proc/cgroup/cgroup_names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stream_echo.h"
#include "unit.h"

static char root[] = "/tmp/test-cgroup-XXXXXX";
static struct stream_echo echo;
static struct cgroup_names names;
static int proc;
static char reported[1024]; /* a line each: path */
static uint64_t last_id;

/* How the kernel opens by number: 0, or the error that it gives; what it opens. */
static int handle_error = EPERM;
static const char *handle_path;
static uint64_t handle_id;

/* Ours comes before that of libc. */
int
open_by_handle_at(int mount, struct file_handle *handle, int flags)
{
	assert_int_equal(mount, names.mount);
	assert_int_equal(handle->handle_bytes, sizeof handle_id);
	assert_int_equal(handle->handle_type, 0xfe);
	memcpy(&handle_id, handle->f_handle, sizeof handle_id);
	errno = handle_error;
	return handle_error != 0 ? -1 : open(handle_path, flags);
}

static int
open_names(void **state)
{
	char line[128], path[64];
	int len;

	(void)state;
	strcpy(root, "/tmp/test-cgroup-XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof path, "%s/a", root);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof path, "%s/a/b", root);
	assert_int_equal(mkdir(path, 0700), 0);
	len = snprintf(line, sizeof line,
		"30 20 0:1 / /nowhere rw - tmpfs none rw\n"
		"31 20 0:2 / %s rw - cgroup2 cgroup2 rw\n",
		root);
	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(cgroup_names_init(&names, proc, (struct text){line, (size_t)len}), 0);
	stream_echo_open(&echo);
	reported[0] = '\0';
	return 0;
}

static int
close_names(void **state)
{
	char path[64];

	(void)state;
	cgroup_names_fini(&names);
	stream_echo_close(&echo);
	close(proc);
	snprintf(path, sizeof path, "%s/a/b", root);
	rmdir(path);
	snprintf(path, sizeof path, "%s/a", root);
	rmdir(path);
	rmdir(root);
	return 0;
}

static uint64_t
id_of(const char *path)
{
	char whole[128];
	struct stat status;

	snprintf(whole, sizeof whole, "%s%s", root, path);
	assert_int_equal(stat(whole, &status), 0);
	return status.st_ino;
}

static void
take(void *context, const struct message *message)
{
	const size_t len = strlen(reported);

	(void)context;
	assert_int_equal(message->type, MESSAGE_CGROUP);
	last_id = message->body.cgroup.id;
	snprintf(reported + len, sizeof reported - len, "%.*s\n",
		(int)message->body.cgroup.path.len, message->body.cgroup.path.data);
}

static const char *
report(void)
{
	reported[0] = '\0';
	assert_int_equal(cgroup_names_report(&names, echo.writer), 0);
	stream_echo_read(&echo, take, NULL);
	return reported;
}

static void
test_hints(void **state)
{
	(void)state;
	assert_true(names.mount >= 0);
	assert_int_equal(names.mount_len, strlen(root));
	names.by_handle = false;
	cgroup_names_saw(&names, 0);
	assert_int_equal(names.unreported, 0);
	cgroup_names_saw(&names, id_of("/a"));
	cgroup_names_saw(&names, id_of("/a"));
	cgroup_names_saw(&names, id_of("/a/b"));
	cgroup_names_saw(&names, id_of("/a"));
	assert_int_equal(names.unreported, 2);
	/* Not known yet. */
	assert_string_equal(report(), "");
	assert_int_equal(names.unreported, 2);
	cgroup_names_hint(&names, text_of(""));
	cgroup_names_hint(&names, text_of("/"));
	cgroup_names_hint(&names, text_of("/nosuch"));
	assert_string_equal(report(), "");
	cgroup_names_hint(&names, text_of("/a/b"));
	assert_string_equal(report(), "/a/b\n");
	assert_int_equal(last_id, id_of("/a/b"));
	assert_int_equal(names.unreported, 1);
	/* Each once. */
	cgroup_names_hint(&names, text_of("/a/b"));
	cgroup_names_saw(&names, id_of("/a/b"));
	assert_string_equal(report(), "");
	cgroup_names_hint(&names, text_of("/a"));
	assert_string_equal(report(), "/a\n");
	assert_int_equal(last_id, id_of("/a"));
	assert_int_equal(names.unreported, 0);
	assert_string_equal(report(), "");
}

/* Where the kernel opens by number, or there is no hierarchy, a number without a path is given up.
 */
static void
test_given_up(void **state)
{
	(void)state;
	cgroup_names_hint(&names, text_of("/a"));
	assert_int_equal(names.by_id.count, 0);
	close(names.mount);
	names.mount = -1;
	cgroup_names_saw(&names, 4711);
	assert_int_equal(names.unreported, 1);
	assert_string_equal(report(), "");
	assert_int_equal(names.unreported, 0);
	names.by_handle = false;
	cgroup_names_hint(&names, text_of("/a"));
	assert_int_equal(names.by_id.count, 0);
}

/* Paths by number: below the mount, the mount itself, and what is elsewhere. */
static void
test_by_number(void **state)
{
	char path[64];

	(void)state;
	handle_error = 0;
	snprintf(path, sizeof path, "%s/a/b", root);
	handle_path = path;
	cgroup_names_saw(&names, UINT64_C(0x1234567890));
	assert_string_equal(report(), "/a/b\n");
	assert_true(handle_id == UINT64_C(0x1234567890));
	assert_true(last_id == UINT64_C(0x1234567890));
	handle_path = root;
	cgroup_names_saw(&names, 2);
	assert_string_equal(report(), "/\n");
	handle_path = "/tmp";
	cgroup_names_saw(&names, 3);
	assert_int_equal(names.unreported, 1);
	assert_string_equal(report(), "");
	assert_int_equal(names.unreported, 0);
	/* It is gone. */
	handle_error = ESTALE;
	cgroup_names_saw(&names, 4);
	assert_string_equal(report(), "");
	assert_int_equal(names.unreported, 0);
	assert_true(names.by_handle);
	handle_error = EPERM;
}

/* Without the right, or on an old kernel: hints from then on. */
static void
test_no_number(void **state)
{
	static const int errors[] = {EPERM, EOPNOTSUPP};

	(void)state;
	unit_each (i, errors) {
		names.by_handle = true;
		handle_error = errors[i];
		cgroup_names_saw(&names, id_of(i == 0 ? "/a" : "/a/b"));
		assert_string_equal(report(), "");
		assert_false(names.by_handle);
		assert_int_equal(names.unreported, 1);
		cgroup_names_hint(&names, text_of(i == 0 ? "/a" : "/a/b"));
		assert_string_equal(report(), i == 0 ? "/a\n" : "/a/b\n");
		assert_int_equal(names.unreported, 0);
	}
	handle_error = EPERM;
}

/* A path is looked at once. */
static void
test_hint_once(void **state)
{
	(void)state;
	names.by_handle = false;
	cgroup_names_hint(&names, text_of("/a"));
	assert_int_equal(names.by_id.count, 1);
	map_clear(&names.by_id);
	cgroup_names_hint(&names, text_of("/a"));
	assert_int_equal(names.by_id.count, 0);
	cgroup_names_hint(&names, text_of("/a/b"));
	assert_int_equal(names.by_id.count, 1);
}

/* What there was no room for is reported later; a key frame has all again. */
static void
test_sent_again(void **state)
{
	struct stream_writer *const small = stream_writer_new(-1, 24);

	(void)state;
	names.by_handle = false;
	cgroup_names_hint(&names, text_of("/a"));
	cgroup_names_saw(&names, id_of("/a"));
	assert_int_equal(cgroup_names_report(&names, small), -ENOBUFS);
	assert_int_equal(names.unreported, 1);
	stream_writer_free(small);
	assert_string_equal(report(), "/a\n");
	assert_string_equal(report(), "");
	cgroup_names_forget_sent(&names);
	assert_int_equal(names.unreported, 0);
	cgroup_names_saw(&names, id_of("/a"));
	assert_string_equal(report(), "/a\n");
}

/* So many are told apart, and no more. */
static void
test_bound(void **state)
{
	(void)state;
	for (uint64_t id = 1; id <= 65536 + 5; id++)
		cgroup_names_saw(&names, id);
	assert_int_equal(names.unreported, 65536);
	assert_int_equal(names.seen.count, 65536);
	cgroup_names_forget_sent(&names);
	/* The last number is looked up again, though it was the last. */
	cgroup_names_saw(&names, 65536 + 5);
	assert_int_equal(names.unreported, 1);
}

static void
test_mounts(void **state)
{
	static const struct {
		const char *line, *path; /* NULL: none */
	} cases[] = {
		{"31 20 0:2 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "/sys/fs/cgroup"},
		{"31 20 0:2 / /a\\040b rw - cgroup2 cgroup2 rw", "/a b"},
		{"31 20 0:2 /x /sys/fs/cgroup rw - cgroup2 cgroup2 rw", NULL},
		{"31 20 0:2 / /sys/fs/cgroup rw - cgroup cgroup rw", NULL},
		{"31 20 0:2 / /sys/fs/cgroup rw", NULL},
	};

	(void)state;
	unit_each (i, cases) {
		char path[64] = "";

		assert_int_equal(
			cgroup_names_parse_mount(text_of(cases[i].line), path, sizeof path),
			cases[i].path != NULL);
		if (cases[i].path != NULL)
			assert_string_equal(path, cases[i].path);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_hints, open_names, close_names),
		cmocka_unit_test_setup_teardown(test_given_up, open_names, close_names),
		cmocka_unit_test_setup_teardown(test_by_number, open_names, close_names),
		cmocka_unit_test_setup_teardown(test_no_number, open_names, close_names),
		cmocka_unit_test_setup_teardown(test_hint_once, open_names, close_names),
		cmocka_unit_test_setup_teardown(test_sent_again, open_names, close_names),
		cmocka_unit_test_setup_teardown(test_bound, open_names, close_names),
		cmocka_unit_test(test_mounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
