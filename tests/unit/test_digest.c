/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What counts as a change of a socket, what leaves the dump, and that keys never do. */
#include "unit.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <string.h>

#include "collector/netlink/diag_scan.h"
#include "collector/netlink/digest.h"

enum { ESTABLISHED = 1, CLOSE = 7, LISTEN = 10, TIMER_KEEPALIVE = 2, TIMER_TIMEWAIT = 3 };
enum { INFO_LEN = 232, KEY_LEN = 100, NOW_MS = 1000000 };

/* One message as the kernel would write it. */
struct built {
	uint8_t bytes[1024] __attribute__((aligned(8)));
	size_t info, key, mark; /* offsets of their payload */
};

static struct nlmsghdr *
header_of(struct built *built)
{
	return (struct nlmsghdr *)built->bytes;
}

static struct inet_diag_msg *
socket_of(struct built *built)
{
	return (struct inet_diag_msg *)(built->bytes + NLMSG_HDRLEN);
}

static size_t
put(struct built *built, uint16_t type, size_t len, uint8_t fill)
{
	struct nlmsghdr *const header = header_of(built);
	const struct nlattr attribute = {.nla_len = (uint16_t)(NLA_HDRLEN + len), .nla_type = type};
	const size_t payload = header->nlmsg_len + NLA_HDRLEN;

	memcpy(built->bytes + header->nlmsg_len, &attribute, sizeof attribute);
	memset(built->bytes + payload, fill, len);
	header->nlmsg_len += (uint32_t)NLA_ALIGN(attribute.nla_len);
	return payload;
}

static void
build(struct built *built, uint64_t cookie, uint8_t state, bool with_info, bool with_key)
{
	memset(built, 0, sizeof *built);
	header_of(built)->nlmsg_len = NLMSG_HDRLEN + sizeof(struct inet_diag_msg);
	header_of(built)->nlmsg_type = 20;
	socket_of(built)->idiag_family = 2;
	socket_of(built)->idiag_state = state;
	socket_of(built)->idiag_inode = 77;
	socket_of(built)->id.idiag_cookie[0] = (uint32_t)cookie;
	socket_of(built)->id.idiag_cookie[1] = (uint32_t)(cookie >> 32);
	put(built, INET_DIAG_SHUTDOWN, 1, 0);
	built->mark = put(built, INET_DIAG_MARK, 4, 1);
	if (with_info)
		built->info = put(built, INET_DIAG_INFO, INFO_LEN, 3);
	put(built, INET_DIAG_CONG, 6, 'c');
	if (with_key)
		built->key = put(built, INET_DIAG_MD5SIG, KEY_LEN, 'K');
	put(built, INET_DIAG_ULP_INFO, 4, 9);
}

static uint64_t
mark_of(struct built *built, uint64_t now_ms)
{
	struct diag_view view;

	assert_true(diag_scan(header_of(built), &view));
	return digest_of(&view, now_ms);
}

static struct digest_table table;
static uint64_t refused;

static enum digest_verdict
see(struct built *built, uint64_t now_ms)
{
	return digest_see(&table,
		(uint64_t)socket_of(built)->id.idiag_cookie[1] << 32 |
			socket_of(built)->id.idiag_cookie[0],
		mark_of(built, now_ms), &refused);
}

static int
clear(void **state)
{
	(void)state;
	digest_clear(&table);
	assert_int_equal(refused, 0);
	return 0;
}

static void
test_same(void **state)
{
	(void)state;
	struct built built;

	build(&built, 5, ESTABLISHED, true, false);
	digest_begin(&table);
	assert_int_equal(see(&built, NOW_MS), DIGEST_NEW);
	digest_begin(&table);
	assert_int_equal(see(&built, NOW_MS + 1000), DIGEST_SAME);
	header_of(&built)->nlmsg_seq = 99;
	assert_int_equal(see(&built, NOW_MS + 1000), DIGEST_SAME);
}

/* Every byte of the message counts, but for its header, the timer and the ages of tcp_info. */
static void
test_every_byte(void **state)
{
	(void)state;
	struct built built;
	const size_t expires = NLMSG_HDRLEN + offsetof(struct inet_diag_msg, idiag_expires);
	const size_t cookie = NLMSG_HDRLEN + offsetof(struct inet_diag_msg, id.idiag_cookie);
	uint64_t before;

	build(&built, 5, ESTABLISHED, true, false);
	before = mark_of(&built, NOW_MS);
	for (size_t at = NLMSG_HDRLEN; at < header_of(&built)->nlmsg_len; at++) {
		const bool ticks = (at >= expires && at < expires + 4) ||
				   (at >= built.info + 44 && at < built.info + 60);
		struct diag_view view;

		if (at >= cookie && at < cookie + 8)
			continue;
		built.bytes[at] ^= 0x40;
		/* Lengths of attributes are bytes too: some make the message invalid. */
		if (diag_scan(header_of(&built), &view)) {
			if (ticks)
				assert_true(mark_of(&built, NOW_MS) == before);
			else
				assert_false(mark_of(&built, NOW_MS) == before);
		}
		built.bytes[at] ^= 0x40;
	}
}

static void
test_timer_runs(void **state)
{
	(void)state;
	struct built built;

	build(&built, 5, 6, false, false);
	socket_of(&built)->idiag_timer = TIMER_TIMEWAIT;
	socket_of(&built)->idiag_expires = 60000;
	digest_begin(&table);
	assert_int_equal(see(&built, NOW_MS), DIGEST_NEW);
	/* It runs down, and is read somewhat late or early. */
	for (uint32_t passed = 100; passed < 50000; passed += 777) {
		socket_of(&built)->idiag_expires = 60000 - passed + passed % 500;
		assert_int_equal(see(&built, NOW_MS + passed), DIGEST_SAME);
	}
	/* Armed again. */
	socket_of(&built)->idiag_expires = 60000;
	assert_int_equal(see(&built, NOW_MS + 50000), DIGEST_CHANGED);
	assert_int_equal(see(&built, NOW_MS + 50000), DIGEST_SAME);
	/* A little later each time: reported before it is much. */
	socket_of(&built)->idiag_expires = 60800;
	assert_int_equal(see(&built, NOW_MS + 50000), DIGEST_SAME);
	socket_of(&built)->idiag_expires = 61600;
	assert_int_equal(see(&built, NOW_MS + 50000), DIGEST_CHANGED);
}

static void
test_timer_kind(void **state)
{
	(void)state;
	struct built built;

	build(&built, 5, ESTABLISHED, true, false);
	digest_begin(&table);
	see(&built, NOW_MS);
	socket_of(&built)->idiag_timer = TIMER_KEEPALIVE;
	assert_int_equal(see(&built, NOW_MS), DIGEST_CHANGED);
}

static void
test_key_is_stripped(void **state)
{
	(void)state;
	struct built with, without;
	uint8_t out[sizeof with.bytes];
	struct diag_view view;
	uint64_t mark;
	size_t len;

	build(&with, 5, ESTABLISHED, true, true);
	build(&without, 5, ESTABLISHED, true, false);
	assert_true(diag_scan(header_of(&with), &view));
	len = diag_strip_secret(&view, out);
	assert_int_equal(len, header_of(&without)->nlmsg_len);
	assert_memory_equal(out, without.bytes, len);
	/* Nor does it leave a trace in what is kept. */
	mark = mark_of(&with, NOW_MS);
	with.bytes[with.key] ^= 1;
	assert_true(mark_of(&with, NOW_MS) == mark);
	assert_true(diag_scan(header_of(&without), &view));
	assert_int_equal(view.secret, 0);
}

static void
test_broken(void **state)
{
	(void)state;
	struct built built;
	struct diag_view view;
	struct nlattr *first;

	build(&built, 5, ESTABLISHED, true, false);
	first = (struct nlattr *)(built.bytes + NLMSG_HDRLEN + sizeof(struct inet_diag_msg));
	first->nla_len = 3;
	assert_false(diag_scan(header_of(&built), &view));
	first->nla_len = 2000;
	assert_false(diag_scan(header_of(&built), &view));
	header_of(&built)->nlmsg_len = NLMSG_HDRLEN + sizeof(struct inet_diag_msg) - 1;
	assert_false(diag_scan(header_of(&built), &view));
}

static void
test_cgroup(void **state)
{
	(void)state;
	struct built built;
	struct diag_view view;
	const uint64_t id = UINT64_C(0x0101010101010101);

	build(&built, 5, ESTABLISHED, false, false);
	put(&built, INET_DIAG_CGROUP_ID, 8, 1);
	assert_true(diag_scan(header_of(&built), &view));
	assert_true(view.cgroup == id);
}

/* Cookies from first to last that the sweep names, each once. */
static size_t
sweep(unsigned classes, uint64_t first, uint64_t last)
{
	uint64_t cookies[100];
	static uint8_t named[20001];
	size_t position = 0;
	size_t total = 0;
	size_t count;

	memset(named, 0, sizeof named);
	while ((count = digest_sweep(&table, classes, &position, cookies, 100)) > 0) {
		for (size_t i = 0; i < count; i++) {
			assert_true(cookies[i] >= first && cookies[i] <= last);
			assert_int_equal(named[cookies[i]]++, 0);
		}
		total += count;
	}
	return total;
}

static void
test_sweep(void **state)
{
	(void)state;
	struct built built;

	build(&built, 1, ESTABLISHED, true, false);
	digest_begin(&table);
	for (uint32_t i = 1; i <= 20000; i++) {
		socket_of(&built)->id.idiag_cookie[0] = i;
		assert_int_equal(see(&built, NOW_MS), DIGEST_NEW);
	}
	assert_int_equal(table.count, 20000);
	assert_in_range(table.capacity * sizeof *table.entries / table.count, 16, 24);
	assert_int_equal(sweep(DIGEST_ALL, 1, 0), 0);
	/* Every third is gone. */
	digest_begin(&table);
	for (uint32_t i = 1; i <= 20000; i++) {
		socket_of(&built)->id.idiag_cookie[0] = i;
		if (i % 3 != 0)
			assert_int_equal(see(&built, NOW_MS), DIGEST_SAME);
	}
	assert_int_equal(sweep(DIGEST_ALL, 3, 19998), 6666);
	/* Those that stayed are still known. */
	digest_begin(&table);
	for (uint32_t i = 1; i <= 100; i++) {
		socket_of(&built)->id.idiag_cookie[0] = i;
		assert_int_equal(see(&built, NOW_MS), i % 3 == 0 ? DIGEST_NEW : DIGEST_SAME);
	}
	assert_int_equal(sweep(DIGEST_ALL, 101, 20000), 20000 - 6666 - 67);
	assert_int_equal(table.count, 100);
	/* And the memory of the many is given back. */
	assert_true(table.capacity < 1000);
}

static void
test_sweep_classes(void **state)
{
	(void)state;
	struct built built;
	static const uint8_t states[] = {ESTABLISHED, LISTEN, CLOSE};

	digest_begin(&table);
	for (size_t i = 0; i < 3; i++) {
		build(&built, i + 1, states[i], false, false);
		see(&built, NOW_MS);
	}
	digest_begin(&table);
	assert_int_equal(sweep(DIGEST_LISTENER, 2, 2), 1);
	assert_int_equal(sweep(DIGEST_LISTENER | DIGEST_CONNECTION, 1, 1), 1);
	assert_int_equal(sweep(DIGEST_ALL, 3, 3), 1);
	assert_int_equal(table.count, 0);
}

/* Without memory for more the table is filled to its last entry but one; then sockets are new each
 * time, and counted. */
static void
test_no_memory(void **state)
{
	struct built built;
	const uint64_t refused_before = refused;
	uint32_t kept = 0;

	(void)state;
	if (!unit_memory_can_fail())
		return;
	build(&built, 1, ESTABLISHED, false, false);
	digest_begin(&table);
	assert_int_equal(see(&built, NOW_MS), DIGEST_NEW);
	assert_int_equal(table.capacity, 64);
	for (uint32_t i = 2; i <= 80; i++) {
		socket_of(&built)->id.idiag_cookie[0] = i;
		unit_memory_fails_at(1);
		assert_int_equal(see(&built, NOW_MS), DIGEST_NEW);
		assert_int_equal(unit_memory_has_failed(), i > 56);
		unit_memory_fails_at(0);
	}
	assert_int_equal(table.capacity, 64);
	assert_int_equal(table.count, 63);
	assert_int_equal(refused - refused_before, 80 - 63);
	for (uint32_t i = 1; i <= 80; i++) {
		socket_of(&built)->id.idiag_cookie[0] = i;
		unit_memory_fails_at(1);
		kept += see(&built, NOW_MS) == DIGEST_SAME;
		unit_memory_fails_at(0);
	}
	/* A full table refuses those that it has too: it cannot tell. */
	assert_int_equal(kept, 0);
	assert_int_equal(table.count, 63);
	/* Memory comes back. */
	for (uint32_t i = 1; i <= 80; i++) {
		socket_of(&built)->id.idiag_cookie[0] = i;
		assert_int_equal(see(&built, NOW_MS), i <= 63 ? DIGEST_SAME : DIGEST_NEW);
	}
	refused = refused_before;
}

/* A socket without a cookie cannot be known again. */
static void
test_no_cookie(void **state)
{
	const uint64_t refused_before = refused;

	(void)state;
	digest_begin(&table);
	digest_prefetch(&table, 5);
	assert_int_equal(digest_see(&table, 0, 5, &refused), DIGEST_NEW);
	assert_int_equal(refused, refused_before + 1);
	assert_int_equal(table.count, 0);
	assert_int_equal(table.capacity, 0);
	refused = refused_before;
}

/* Generations come round after 32 dumps: what the last dump listed is there, all others not. */
static void
test_generations(void **state)
{
	struct built built;

	(void)state;
	for (unsigned dump = 0; dump < 70; dump++) {
		digest_begin(&table);
		build(&built, 1 + dump % 2, ESTABLISHED, false, false);
		assert_int_equal(see(&built, NOW_MS), DIGEST_NEW);
		assert_int_equal(sweep(DIGEST_ALL, 1 + (dump + 1) % 2, 1 + (dump + 1) % 2),
			dump == 0 ? 0 : 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_same, clear),
		cmocka_unit_test_teardown(test_every_byte, clear),
		cmocka_unit_test_teardown(test_timer_runs, clear),
		cmocka_unit_test_teardown(test_timer_kind, clear),
		cmocka_unit_test_teardown(test_key_is_stripped, clear),
		cmocka_unit_test_teardown(test_broken, clear),
		cmocka_unit_test_teardown(test_cgroup, clear),
		cmocka_unit_test_teardown(test_sweep, clear),
		cmocka_unit_test_teardown(test_sweep_classes, clear),
		cmocka_unit_test_teardown(test_no_memory, clear),
		cmocka_unit_test_teardown(test_no_cookie, clear),
		cmocka_unit_test_teardown(test_generations, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
