/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of sysctl.d(5): what the collector reads of a made tree, and what the model says of it.
 */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sockwatch/model/sysctl_file.h>

#include "collector/proc/system/sysctl_files.h"
#include "collector/proc/system/sysctl_line.h"
#include "feed.h"
#include "stream_echo.h"
#include "unit.h"

static void
lines_are_parsed(void **state)
{
	static const struct {
		const char *line, *key,
			*value; /* key NULL: nothing of net; value NULL: there is none */
	} cases[] = {
		{"net.ipv4.tcp_fin_timeout=30", "net.ipv4.tcp_fin_timeout", "30"},
		{"  net.ipv4.tcp_mem \t=  1 2\t3  \r", "net.ipv4.tcp_mem", "1 2\t3"},
		{"net/ipv4/tcp_syncookies = 0", "net.ipv4.tcp_syncookies", "0"},
		{"net/ipv4/conf/eth0.7/rp_filter=1", "net.ipv4.conf.eth0/7.rp_filter", "1"},
		{"net.ipv4.conf.eth0/7.rp_filter=1", "net.ipv4.conf.eth0/7.rp_filter", "1"},
		{"-net.core.somaxconn = 1024", "net.core.somaxconn", "1024"},
		{"-net.ipv4.conf.all.rp_filter", "net.ipv4.conf.all.rp_filter", NULL},
		{"net.ipv4.ip_local_reserved_ports =", "net.ipv4.ip_local_reserved_ports", ""},
		{"net.core.default_qdisc = a=b", "net.core.default_qdisc", "a=b"},
		{"net.ipv4.conf.*.rp_filter = 2", "net.ipv4.conf.*.rp_filter", "2"},
		{"net.core.somaxconn", NULL, NULL},
		{"# net.core.somaxconn = 1", NULL, NULL},
		{"; net.core.somaxconn = 1", NULL, NULL},
		{"kernel.sysrq = 1", NULL, NULL},
		{"network.x = 1", NULL, NULL},
		{"= 1", NULL, NULL},
		{"-", NULL, NULL},
		{"-= 1", NULL, NULL},
		{"", NULL, NULL},
		{"   ", NULL, NULL},
	};
	char long_line[SYSCTL_LINE_KEY_SIZE + 16] = "net.";
	struct sysctl_line parsed;

	(void)state;
	unit_each (i, cases) {
		if (sysctl_line_parse(text_of(cases[i].line), &parsed) != (cases[i].key != NULL))
			fail_msg("\"%s\"", cases[i].line);
		if (cases[i].key == NULL)
			continue;
		assert_string_equal(parsed.key, cases[i].key);
		assert_int_equal(parsed.has_value, cases[i].value != NULL);
		if (parsed.has_value)
			assert_true(text_equal(parsed.value, text_of(cases[i].value)));
	}
	memset(long_line + 4, 'a', SYSCTL_LINE_KEY_SIZE - 5);
	strcpy(long_line + SYSCTL_LINE_KEY_SIZE - 1, "=1");
	assert_true(sysctl_line_parse(text_of(long_line), &parsed));
	strcpy(long_line + SYSCTL_LINE_KEY_SIZE - 1, "a=1");
	assert_false(sysctl_line_parse(text_of(long_line), &parsed));
}

static char root[] = "/tmp/test_sysctl_files.XXXXXX";
static struct stream_echo echo;
static char lines[MESSAGE_TEXT_MAX + 1];
static char unread_file[256];
static uint32_t left_out, unread;
static size_t messages;

static void
make(const char *path)
{
	char full[256];

	snprintf(full, sizeof full, "%s%s", root, path);
	assert_int_equal(mkdir(full, 0700), 0);
}

static void
put(const char *path, const char *text)
{
	char full[256];
	int fd;

	snprintf(full, sizeof full, "%s%s", root, path);
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
link_to(const char *target, const char *path)
{
	char full[256];

	snprintf(full, sizeof full, "%s%s", root, path);
	assert_int_equal(symlink(target, full), 0);
}

static int
setup(void **state)
{
	(void)state;
	strcpy(strrchr(root, '.'), ".XXXXXX");
	assert_non_null(mkdtemp(root));
	make("/etc");
	make("/etc/sysctl.d");
	make("/run");
	make("/run/sysctl.d");
	make("/usr");
	make("/usr/lib");
	make("/usr/lib/sysctl.d");
	stream_echo_open(&echo);
	return 0;
}

static int
teardown(void **state)
{
	char command[256];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", root);
	assert_int_equal(system(command), 0);
	stream_echo_close(&echo);
	return 0;
}

static void
keep(void *context, const struct message *message)
{
	const struct message_sysctl_files *const from = &message->body.sysctl_files;

	(void)context;
	assert_int_equal(message->type, MESSAGE_SYSCTL_FILES);
	snprintf(lines, sizeof lines, "%.*s", (int)from->lines.len, from->lines.data);
	snprintf(unread_file, sizeof unread_file, "%.*s", (int)from->unread_file.len,
		from->unread_file.data);
	left_out = from->left_out;
	unread = from->unread;
	messages++;
}

static void
read_again(struct sysctl_files *files)
{
	messages = 0;
	files->due_ns = 0;
	sysctl_files_report(files, echo.writer);
	stream_echo_read(&echo, keep, NULL);
}

/* The order is that of the names, and one of /etc hides one of the same name elsewhere. */
static void
files_are_read_in_order(void **state)
{
	struct sysctl_files files;

	(void)state;
	put("/usr/lib/sysctl.d/50-default.conf",
		"# by the system\nkernel.sysrq = 1\nnet.ipv4.conf.*.rp_filter = 2\n"
		"-net.ipv4.conf.all.rp_filter\n");
	put("/usr/lib/sysctl.d/60-masked.conf", "net.ipv4.tcp_sack = 0\n");
	put("/usr/lib/sysctl.d/70-hidden.conf", "net.ipv4.tcp_sack = 0\n");
	put("/run/sysctl.d/70-hidden.conf", "net.core.somaxconn = 1\n");
	put("/etc/sysctl.d/55-local.conf", "net.core.somaxconn = 128");
	put("/etc/sysctl.d/README", "net.core.somaxconn = 9\n");
	link_to("/dev/null", "/etc/sysctl.d/60-masked.conf");
	link_to("nowhere", "/etc/sysctl.d/90-dangling.conf");
	put("/etc/sysctl.conf", "net.ipv4.tcp_fin_timeout = 30\n\nnet.core.somaxconn=2\n");
	sysctl_files_init(&files, root);
	read_again(&files);
	assert_int_equal(messages, 1);
	assert_string_equal(lines,
		"/usr/lib/sysctl.d/50-default.conf\t3\tnet.ipv4.conf.*.rp_filter\t2\n"
		"/usr/lib/sysctl.d/50-default.conf\t4\tnet.ipv4.conf.all.rp_filter\n"
		"/etc/sysctl.d/55-local.conf\t1\tnet.core.somaxconn\t128\n"
		"/run/sysctl.d/70-hidden.conf\t1\tnet.core.somaxconn\t1\n"
		"/etc/sysctl.conf\t1\tnet.ipv4.tcp_fin_timeout\t30\n"
		"/etc/sysctl.conf\t3\tnet.core.somaxconn\t2\n");
	assert_int_equal(left_out, 0);
	assert_int_equal(unread, 0);
	read_again(&files);
	assert_int_equal(messages, 0);
	/* Debian's link: the file stands there, once, by its own name. */
	link_to("../sysctl.conf", "/etc/sysctl.d/10-sysctl.conf");
	read_again(&files);
	assert_int_equal(messages, 1);
	assert_int_equal(strncmp(lines, "/etc/sysctl.conf\t1\t", 19), 0);
	assert_null(strstr(lines, "1\n/etc/sysctl.conf"));
	/* Not before its time. */
	put("/etc/sysctl.conf", "");
	messages = 0;
	sysctl_files_report(&files, echo.writer);
	stream_echo_read(&echo, keep, NULL);
	assert_int_equal(messages, 0);
}

static void
what_has_no_room_is_counted(void **state)
{
	char long_text[70000];
	struct sysctl_files files;

	(void)state;
	memset(long_text, '\n', sizeof long_text);
	long_text[sizeof long_text - 1] = '\0';
	put("/etc/sysctl.d/a.conf", long_text);
	long_text[0] = '\0';
	for (size_t len = 0; len < 60000; len = strlen(long_text))
		snprintf(long_text + len, sizeof long_text - len, "net.a = %0100d\n", 7);
	put("/etc/sysctl.d/b.conf", long_text);
	sysctl_files_init(&files, root);
	read_again(&files);
	assert_int_equal(messages, 1);
	assert_int_equal(unread, 1);
	assert_string_equal(unread_file, "/etc/sysctl.d/a.conf");
	assert_true(left_out > 250);
	assert_true(strlen(lines) > MESSAGE_TEXT_MAX - 200);
	assert_int_equal(lines[strlen(lines) - 1], '\n');
}

static void
take(struct feed *feed, const char *text)
{
	const struct message_sysctl_files message = {.lines = text_of(text),
		.left_out = 4,
		.unread = 1,
		.unread_file = text_of("/etc/sysctl.d/secret.conf")};

	feed_message(feed, MESSAGE_SYSCTL_FILES, &message);
}

static void
the_model_finds_the_line_that_counts(void **state)
{
	struct feed feed = feed_new();
	const struct sysctl_setting *row;
	const char *first;

	(void)state;
	assert_false(model_sysctl_files_known(feed.model));
	assert_null(model_sysctl_set_by(feed.model, SYSCTL_SOMAXCONN));
	take(&feed, "/a.conf\t3\tnet.ipv4.conf.*.rp_filter\t2\n"
		    "/a.conf\t4\tnet.ipv4.conf.all.rp_filter\n"
		    "/a.conf\t5\tnet.core.somaxconn\t128\n"
		    "/b.conf\t9\tnet.core.somaxconn\t\n"
		    "/c.conf\t1\tnet.*\t7\n"
		    "/c.conf\t2\tnet.core.*\t8\n"
		    "broken\n/d\tx\tnet.a\t1\n\n/d\t0\tnet.a\t1");
	assert_true(model_sysctl_files_known(feed.model));
	assert_int_equal(model_sysctl_settings(feed.model), 6);
	assert_string_equal(model_sysctl_setting(feed.model, 0)->file, "/a.conf");
	assert_int_equal(model_sysctl_setting(feed.model, 0)->line, 3);
	assert_null(model_sysctl_setting(feed.model, 1)->value);
	assert_int_equal(model_sysctl_settings_left_out(feed.model), 4);
	assert_int_equal(model_sysctl_files_unread(feed.model, &first), 1);
	assert_string_equal(first, "/etc/sysctl.d/secret.conf");
	/* The last with the name counts, whatever pattern comes later. */
	row = model_sysctl_set_by(feed.model, SYSCTL_SOMAXCONN);
	assert_string_equal(row->file, "/b.conf");
	assert_string_equal(row->value, "");
	row = model_sysctl_set_by(feed.model, SYSCTL_RMEM_MAX);
	assert_string_equal(row->value, "8");
	row = model_sysctl_set_by(feed.model, SYSCTL_RP_FILTER_DEFAULT);
	assert_string_equal(row->value, "2");
	assert_null(model_sysctl_set_by(feed.model, SYSCTL_RP_FILTER_ALL));
	assert_null(model_sysctl_set_by(feed.model, SYSCTL_TCP_MEM));
	/* The next ones replace them. */
	take(&feed, "");
	assert_true(model_sysctl_files_known(feed.model));
	assert_int_equal(model_sysctl_settings(feed.model), 0);
	feed_free(&feed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_parsed),
		cmocka_unit_test_setup_teardown(files_are_read_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(what_has_no_room_is_counted, setup, teardown),
		cmocka_unit_test(the_model_finds_the_line_that_counts),
	};

	return cmocka_run_group_tests_name("sysctl_files", tests, NULL, NULL);
}
