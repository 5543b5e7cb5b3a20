/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Families of metrics: limits that keep sums right, values of labels from outside, both formats. */
#include <config.h>

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/report/metrics.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/rights.h>

#include "report/metrics/metric_set.h"
#include "report/metrics/service_quantiles.h"
#include "sockets.h"
#include "unit.h"

static struct metric_set set;
static struct buffer out;

static int
start(void **state)
{
	(void)state;
	assert_int_equal(metric_set_init(&set), 0);
	buffer_init(&out, 0);
	return 0;
}

static int
stop(void **state)
{
	(void)state;
	metric_set_fini(&set);
	buffer_fini(&out);
	return 0;
}

static const char *
print(enum metrics_format format, uint32_t limit)
{
	const struct metrics_options options = {.format = format, .limit = limit};

	buffer_clear(&out);
	metric_set_print(&set, &options, &out);
	buffer_append_char(&out, '\0');
	assert_false(out.failed);
	return (const char *)out.data;
}

/* What stands in neither format has no series. */
static void
test_formats(void **state)
{
	static const char *const tcp[] = {"tcp", "ipv4", "LISTEN"};

	(void)state;
	assert_string_equal(print(METRICS_TEXT, 100), "");
	assert_string_equal(print(METRICS_OPENMETRICS, 100), "# EOF\n");
	metric_add(&set, METRIC_SOCKETS, tcp, 1);
	metric_add(&set, METRIC_SOCKETS, tcp, 2);
	metric_add_plain(&set, METRIC_OPENED, 7);
	metric_add_plain(&set, METRIC_TOOK, 0.25);
	metric_add_plain(&set, METRIC_SNAPSHOT_TIME, 1796067221.387);
	assert_string_equal(print(METRICS_TEXT, 100),
		"# HELP sockwatch_sockets Sockets, UDP too, by state.\n"
		"# TYPE sockwatch_sockets gauge\n"
		"sockwatch_sockets{protocol=\"tcp\",family=\"ipv4\",state=\"LISTEN\"} 3\n"
		"# HELP sockwatch_sockets_opened_total Sockets that were seen to appear since this program looks.\n"
		"# TYPE sockwatch_sockets_opened_total counter\n"
		"sockwatch_sockets_opened_total 7\n"
		"# HELP sockwatch_last_snapshot_timestamp_seconds When the kernel was asked, as Unix time.\n"
		"# TYPE sockwatch_last_snapshot_timestamp_seconds gauge\n"
		"sockwatch_last_snapshot_timestamp_seconds 1796067221.387\n"
		"# HELP sockwatch_look_duration_seconds How long it took to ask the kernel and to judge.\n"
		"# TYPE sockwatch_look_duration_seconds gauge\n"
		"sockwatch_look_duration_seconds 0.25\n");
	/* There a family of counters is named without _total, and units are said. */
	assert_non_null(strstr(print(METRICS_OPENMETRICS, 100),
		"# TYPE sockwatch_sockets_opened counter\nsockwatch_sockets_opened_total 7\n"));
	assert_non_null(strstr(print(METRICS_OPENMETRICS, 100),
		"# TYPE sockwatch_look_duration_seconds gauge\n# UNIT sockwatch_look_duration_seconds seconds\n"));
}

/* Quotes, backslashes, ends of lines, bytes that are no UTF-8, more than fits. */
static void
test_values(void **state)
{
	static const struct {
		const char *name, *written;
	} cases[] = {
		{"nginx", "nginx"},
		{"", ""},
		{"a\"b", "a\\\"b"},
		{"a\\b", "a\\\\b"},
		{"K\xc3\xb6ln", "K\xc3\xb6ln"},
	};
	char name[400], *text;

	(void)state;
	unit_each (i, cases) {
		const char *const values[] = {cases[i].name};
		char line[200];

		metric_set_clear(&set);
		metric_add(&set, METRIC_RECEIVE_QUEUE, values, 1);
		snprintf(line, sizeof line, "\nsockwatch_receive_queue_bytes{process=\"%s\"} 1\n",
			cases[i].written);
		assert_non_null(strstr(print(METRICS_TEXT, 100), line));
	}
	memset(name, '"', sizeof name);
	name[sizeof name - 1] = '\0';
	for (char c = 1; c < 32; c++)
		name[(size_t)c] = c;
	name[40] = (char)0xff;
	metric_set_clear(&set);
	metric_add(&set, METRIC_RECEIVE_QUEUE, &(const char *){name}, 1);
	text = strdup(print(METRICS_TEXT, 100));
	/* One series in one line, without a control character. */
	assert_int_equal(strcspn(strrchr(text, '{'), "\n") + 1, strlen(strrchr(text, '{')));
	for (const char *c = text; *c != '\0'; c++)
		assert_true(*c == '\n' || (unsigned char)*c >= 32);
	free(text);
}

static void
add_processes(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		char name[16];
		const char *const values[] = {name, "ESTABLISHED"};

		snprintf(name, sizeof name, "p%u", i);
		metric_add(&set, METRIC_PROCESS_SOCKETS, values, i);
	}
}

static double
sum_of(const char *text, const char *name, unsigned *count)
{
	double sum = 0;

	*count = 0;
	while ((text = strstr(text, name)) != NULL) {
		sum += strtod(strchr(text, '}') + 1, NULL);
		text += strlen(name);
		++*count;
	}
	return sum;
}

/* 5,000 names: the largest stay, one has the rest, and the sum is what it was. */
static void
test_limit(void **state)
{
	const char *text;
	unsigned count;

	(void)state;
	add_processes(5000);
	text = print(METRICS_TEXT, 100);
	assert_true(sum_of(text, "\nsockwatch_process_sockets{", &count) == 4999.0 * 5000 / 2);
	assert_int_equal(count, 100);
	assert_non_null(strstr(text, "{process=\"p4999\",state=\"ESTABLISHED\"} 4999\n"));
	assert_non_null(strstr(text, "{process=\"p4901\",state=\"ESTABLISHED\"} 4901\n"));
	assert_null(strstr(text, "{process=\"p4900\""));
	assert_non_null(strstr(text, "{process=\"other\",state=\"other\"} "));
	assert_non_null(
		strstr(text, "sockwatch_series_dropped{family=\"process_sockets\"} 4901\n"));
	/* Exactly as many as the limit: all stay. */
	metric_set_clear(&set);
	add_processes(100);
	text = print(METRICS_TEXT, 100);
	assert_null(strstr(text, "\"other\""));
	assert_null(strstr(text, "dropped"));
}

/* What cannot be added up has no rest. */
static void
test_no_sum(void **state)
{
	const char *text;
	unsigned count;

	(void)state;
	for (uint32_t i = 0; i < 10; i++) {
		char port[16];
		const char *const values[] = {port};

		snprintf(port, sizeof port, "%u", 80 + i);
		metric_raise(&set, METRIC_PORTS_USED, values, 0.5);
		metric_raise(&set, METRIC_PORTS_USED, values, i / 10.0);
	}
	text = print(METRICS_TEXT, 4);
	(void)sum_of(text, "\nsockwatch_ephemeral_ports_used_ratio{", &count);
	assert_int_equal(count, 3);
	assert_non_null(strstr(text, "{destination_port=\"89\"} 0.9\n"));
	assert_null(strstr(text, "\"other\""));
	assert_non_null(strstr(text, "{family=\"ephemeral_ports_used_ratio\"} 7\n"));
}

/* The services with most connections, of equal ones the lower ports; told by port. */
static void
test_services(void **state)
{
	static struct services services;

	(void)state;
	for (int round = 0; round < 2; round++) {
		services_clear(&services);
		for (uint32_t port = UINT16_MAX - 29; port <= UINT16_MAX; port++)
			for (uint32_t i = 0; i < (port % 2 == 0 ? 3 : 2); i++)
				services_count(&services, (uint16_t)port);
		services_choose(&services);
		assert_int_equal(services.count, SERVICES_MAX);
		/* All 15 even ones, and the first 5 odd ones. */
		for (uint32_t i = 0, port = UINT16_MAX - 29; port <= UINT16_MAX; port++) {
			if (port % 2 != 0 && port > UINT16_MAX - 29 + 9) {
				assert_int_equal(services.places[port], 0);
				continue;
			}
			assert_int_equal(services.chosen[i++].port, port);
			assert_int_equal(services.places[port], i);
		}
	}
	services_clear(&services);
	services_choose(&services);
	assert_int_equal(services.count, 0);
}

/* Every family has its words; its name ends in its unit, and no two have one name. */
static void
test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		const struct metric_row *const row = &metric_rows[i];
		const size_t unit = row->unit != NULL ? strlen(row->unit) : 0;

		assert_non_null(row->name);
		assert_non_null(row->help);
		assert_row(row->name, row->help[strlen(row->help) - 1] == '.');
		assert_row(row->name,
			unit == 0 || strcmp(row->name + strlen(row->name) - unit, row->unit) == 0);
		for (size_t j = 0; j < i; j++)
			assert_row(row->name, strcmp(metric_rows[j].name, row->name) != 0);
	}
}

static struct socket_row *
add_held(struct model *model, int protocol, enum tcp_state tcp, const char *local, uint16_t port,
	const char *remote, uint16_t remote_port)
{
	struct socket_row *const row =
		sockets_add(model, protocol, tcp, local, port, remote, remote_port);

	sockets_hold(model, row, 812, "nginx");
	return row;
}

/* A listener, what it accepted, what is opened from here, a datagram socket, and one that ended. */
static struct model *
small_box(void)
{
	struct model *const model = sockets_model();
	struct socket_row *row;

	row = add_held(model, IPPROTO_TCP, TCP_STATE_LISTEN, "0.0.0.0", 443, "0.0.0.0", 0);
	row->receive_queue = 3;
	row->send_queue = 128;
	row = add_held(model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "10.0.0.1", 443, "10.0.0.2", 1);
	row->receive_queue = 10;
	row->send_queue = 20;
	sockets_tcp_info(row, 1000, 0);
	row = add_held(model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "10.0.0.1", 443, "10.0.0.2", 2);
	row->receive_queue = 1;
	sockets_tcp_info(row, 1000, 2);
	add_held(model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "2001:db8::1", 40000, "2001:db8::2",
		5432);
	sockets_add(model, IPPROTO_UDP, TCP_STATE_CLOSED, "10.0.0.1", 53, "0.0.0.0", 0);
	row = add_held(model, IPPROTO_TCP, TCP_STATE_ESTABLISHED, "10.0.0.1", 443, "10.0.0.2", 3);
	socket_table_set_closed(&model->sockets, row);
	return model;
}

/* The series, without what explains them. */
static void
check_series(const struct metrics_options *options, const char *expected)
{
	struct metrics *const metrics = metrics_new(options);
	struct model *const model = small_box();
	struct doctor_settings settings;
	struct doctor *doctor;

	doctor_settings_init(&settings);
	doctor = doctor_new(&settings);
	assert_non_null(metrics);
	assert_non_null(doctor);
	model->host.rights = RIGHT_SYS_PTRACE;
	model->opened = 7;
	model->closed = 2;
	model->losses[LOSS_PACKETS] = 9;
	doctor_look(doctor, model, false);
	/* The second time it is the same. */
	for (int time = 0; time < 2; time++) {
		char series[4096] = "", *line;
		size_t len = 0;

		buffer_clear(&out);
		assert_true(metrics_print(
			metrics, model, doctor, options->has_counters ? -1 : 0, &out));
		buffer_append_char(&out, '\0');
		line = strtok((char *)out.data, "\n");
		for (; line != NULL; line = strtok(NULL, "\n"))
			if (line[0] != '#')
				len += (size_t)snprintf(
					series + len, sizeof series - len, "%s\n", line);
		assert_string_equal(series, expected);
	}
	metrics_free(metrics);
	doctor_free(doctor);
	model_free(model);
}

/* What is there in every run. */
#define LOST                                                                                       \
	"sockwatch_lost_total{what=\"netlink\"} 0\n"                                               \
	"sockwatch_lost_total{what=\"truncated\"} 0\n"                                             \
	"sockwatch_lost_total{what=\"processes\"} 0\n"                                             \
	"sockwatch_lost_total{what=\"packets\"} 9\n"                                               \
	"sockwatch_lost_total{what=\"closings\"} 0\n"                                              \
	"sockwatch_lost_total{what=\"bounded\"} 0\n"                                               \
	"sockwatch_lost_total{what=\"callers\"} 0\n"                                               \
	"sockwatch_lost_total{what=\"requests\"} 0\n"

#define SOCKETS                                                                                    \
	"sockwatch_sockets{protocol=\"tcp\",family=\"ipv4\",state=\"LISTEN\"} 1\n"                 \
	"sockwatch_sockets{protocol=\"tcp\",family=\"ipv4\",state=\"ESTABLISHED\"} 2\n"            \
	"sockwatch_sockets{protocol=\"tcp\",family=\"ipv6\",state=\"ESTABLISHED\"} 1\n"            \
	"sockwatch_sockets{protocol=\"udp\",family=\"ipv4\",state=\"UNCONN\"} 1\n"
#define QUEUES                                                                                     \
	"sockwatch_listener_accept_queue{port=\"443\",process=\"nginx\"} 3\n"                      \
	"sockwatch_listener_backlog{port=\"443\",process=\"nginx\"} 128\n"                         \
	"sockwatch_receive_queue_bytes{process=\"nginx\"} 11\n"                                    \
	"sockwatch_send_queue_bytes{process=\"nginx\"} 20\n"                                       \
	"sockwatch_process_sockets{process=\"nginx\",state=\"LISTEN\"} 1\n"                        \
	"sockwatch_process_sockets{process=\"nginx\",state=\"ESTABLISHED\"} 3\n"                   \
	"sockwatch_service_connections{port=\"443\",direction=\"in\",state=\"ESTABLISHED\"} 2\n"   \
	"sockwatch_service_connections{port=\"5432\",direction=\"out\",state=\"ESTABLISHED\"} 1\n" \
	"sockwatch_rtt_seconds{port=\"443\",quantile=\"0.5\"} 0.001\n"                             \
	"sockwatch_rtt_seconds{port=\"443\",quantile=\"0.9\"} 0.001\n"                             \
	"sockwatch_rtt_seconds{port=\"443\",quantile=\"0.99\"} 0.001\n"
#define RIGHTS                                                                                     \
	"sockwatch_right_missing{right=\"CAP_NET_ADMIN\"} 1\n"                                     \
	"sockwatch_right_missing{right=\"CAP_SYS_PTRACE\"} 0\n"                                    \
	"sockwatch_right_missing{right=\"CAP_DAC_READ_SEARCH\"} 1\n"                               \
	"sockwatch_last_snapshot_timestamp_seconds 1600\n"
#define BUILD "sockwatch_build_info{version=\"\",kernel=\"\"} 1\n"

static void
test_box(void **state)
{
	static const struct metrics_options once = {.format = METRICS_TEXT, .limit = 100};
	static const struct metrics_options counting = {
		.format = METRICS_TEXT, .limit = 100, .has_counters = true};

	(void)state;
	check_series(&once, SOCKETS QUEUES RIGHTS "sockwatch_look_duration_seconds 0\n" BUILD);
	/* It runs on, so that what it counted itself means something. */
	check_series(&counting,
		SOCKETS QUEUES "sockwatch_sockets_opened_total 7\n"
			       "sockwatch_sockets_closed_total 2\n" LOST RIGHTS BUILD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_formats, start, stop),
		cmocka_unit_test_setup_teardown(test_values, start, stop),
		cmocka_unit_test_setup_teardown(test_limit, start, stop),
		cmocka_unit_test_setup_teardown(test_no_sum, start, stop),
		cmocka_unit_test(test_services),
		cmocka_unit_test(test_table),
		cmocka_unit_test_setup_teardown(test_box, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
