/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/proc/proc_conntrack.h"
#include "unit.h"

/* As Linux 6.18 prints it on two CPUs. */
static const char two_cpus[] =
	"entries  clashres found new invalid ignore delete chainlength insert insert_failed drop "
	"early_drop icmp_error  expect_new expect_create expect_delete search_restart\n"
	"00040000  00000000 00000000 00000000 00000011 00000000 00000000 0000000a 00000000 00000002 "
	"00000000 000001f4 00000000  00000000 00000000 00000000 00000003\n"
	"00040000  00000001 00000000 00000000 00000010 00000000 00000000 00000000 00000000 00000000 "
	"0000000f 00000010 00000000  00000000 00000000 00000000 ffffffff\n";

static const char expected[] =
	"Conntrack: entries  clashres found new invalid ignore delete chainlength insert "
	"insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete "
	"search_restart\n"
	"Conntrack: 262144 1 0 0 33 0 0 10 0 2 15 516 0 0 0 0 4294967298\n";

static char out[1024];

static void
cpus_are_added_up_in_any_pieces(void **state)
{
	(void)state;
	for (size_t size = 1; size < sizeof two_cpus; size += 7) {
		struct proc_conntrack sum = {.lines = 0};
		struct text rest = text_of(two_cpus);

		while (rest.len != 0) {
			const size_t len = rest.len < size ? rest.len : size;

			proc_conntrack_add(&sum, (struct text){rest.data, len});
			rest = (struct text){rest.data + len, rest.len - len};
		}
		assert_int_equal(proc_conntrack_format(&sum, out, sizeof out), strlen(expected));
		assert_string_equal(out, expected);
	}
}

/* More CPUs than one reading gives. */
static void
long_files_are_read_whole(void **state)
{
	char path[] = "/tmp/test-proc-conntrack.XXXXXX";
	const int fd = mkstemp(path);
	const char *const cpu = strchr(two_cpus, '\n') + 1;

	(void)state;
	assert_true(fd >= 0);
	unlink(path);
	assert_int_equal(write(fd, two_cpus, strlen(two_cpus)), strlen(two_cpus));
	for (int i = 1; i < 500; i++)
		assert_int_equal(write(fd, cpu, strlen(cpu)), strlen(cpu));
	assert_int_not_equal(proc_conntrack_read(fd, out, sizeof out), 0);
	assert_non_null(
		strstr(out, "\nConntrack: 262144 500 0 0 16500 0 0 5000 0 1000 7500 258000 0"));
	close(fd);
}

static void
what_is_no_such_file_gives_nothing(void **state)
{
	static const char *const texts[] = {
		"", "\n", "entries found\n", "entries found\nx y\n", "entries found"};

	(void)state;
	unit_each (i, texts) {
		struct proc_conntrack sum = {.lines = 0};

		proc_conntrack_add(&sum, text_of(texts[i]));
		assert_int_equal(proc_conntrack_format(&sum, out, sizeof out), 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpus_are_added_up_in_any_pieces),
		cmocka_unit_test(long_files_are_read_whole),
		cmocka_unit_test(what_is_no_such_file_gives_nothing),
	};

	return cmocka_run_group_tests_name("proc_conntrack", tests, NULL, NULL);
}
