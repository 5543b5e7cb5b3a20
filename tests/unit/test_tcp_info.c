/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include <sockwatch/model/tcp_info.h>

#include <linux/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

/* Where the kernel's header says that the member is. */
#define PLACE(name)                                                                                \
	{                                                                                          \
		TCP_INFO_##name, offsetof(struct tcp_info, tcpi_##name),                           \
			sizeof(((struct tcp_info *)0)->tcpi_##name)                                \
	}

static const struct {
	enum tcp_info_member member;
	size_t offset;
	size_t size;
} places[] = {
	PLACE(pacing_rate),
	PLACE(bytes_acked),
	PLACE(bytes_received),
	PLACE(delivery_rate),
	PLACE(busy_time),
	PLACE(rwnd_limited),
	PLACE(sndbuf_limited),
	PLACE(bytes_sent),
	PLACE(bytes_retrans),
	PLACE(rto),
	PLACE(snd_mss),
	PLACE(unacked),
	PLACE(sacked),
	PLACE(lost),
	PLACE(retrans),
	PLACE(last_data_sent),
	PLACE(last_data_recv),
	PLACE(last_ack_recv),
	PLACE(pmtu),
	PLACE(rtt),
	PLACE(rttvar),
	PLACE(snd_ssthresh),
	PLACE(snd_cwnd),
	PLACE(reordering),
	PLACE(rcv_space),
	PLACE(total_retrans),
	PLACE(dsack_dups),
	PLACE(segs_out),
	PLACE(segs_in),
	PLACE(notsent_bytes),
	PLACE(min_rtt),
	PLACE(snd_wnd),
	{TCP_INFO_rcv_wnd, 232, 4}, /* not in all headers yet */
	PLACE(ca_state),
	PLACE(backoff),
	PLACE(options),
	{TCP_INFO_wscale, 6, 1}, /* bit fields */
	{TCP_INFO_app_limited, 7, 1},
};

static const char *const names[TCP_INFO_COUNT] = {
#define MEMBER_NAME(name, type, offset, unit) [TCP_INFO_##name] = #name,
	TCP_INFO_MEMBERS(MEMBER_NAME)
#undef MEMBER_NAME
};

enum { KERNEL_BYTES = 280 };

/* Every byte another value, none of them what stands for "none". */
static void
fill(uint8_t kernel[KERNEL_BYTES])
{
	for (size_t i = 0; i < KERNEL_BYTES; i++)
		kernel[i] = (uint8_t)(i % 100 + 1);
}

static uint64_t
number_at(const uint8_t *kernel, size_t offset, size_t size)
{
	uint64_t u64;
	uint32_t u32;

	if (size == 1)
		return kernel[offset];
	if (size == 4) {
		memcpy(&u32, kernel + offset, sizeof u32);
		return u32;
	}
	memcpy(&u64, kernel + offset, sizeof u64);
	return u64;
}

static void
each_member_has_a_place(void **state)
{
	(void)state;
	for (size_t member = 0; member < TCP_INFO_COUNT; member++) {
		bool has = false;

		unit_each (i, places)
			has = has || places[i].member == member;
		if (!has)
			fail_msg("tcpi_%s is kept: add its place to places[] of this test",
				names[member]);
	}
}

static void
reads_each_member_where_the_kernel_puts_it(void **state)
{
	uint8_t kernel[KERNEL_BYTES];
	struct tcp_info_kept kept;

	(void)state;
	fill(kernel);
	tcp_info_read(&kept, kernel, sizeof kernel);
	unit_each (i, places) {
		uint64_t value = 0;

		assert_true(tcp_info_get(&kept, places[i].member, &value));
		if (value != number_at(kernel, places[i].offset, places[i].size))
			fail_msg("tcpi_%s is not read where the kernel puts it",
				names[places[i].member]);
	}
}

static void
knows_only_what_was_sent(void **state)
{
	uint8_t kernel[KERNEL_BYTES];
	/* Kept from another message before: nothing of it may be left. */
	struct tcp_info_kept kept;

	(void)state;
	fill(kernel);
	for (size_t len = 0; len <= KERNEL_BYTES; len++) {
		/* Of this length, so that a sanitizer sees what is read behind it. */
		uint8_t *const exact = malloc(len + (len == 0));

		memset(&kept, 0xee, sizeof kept);
		memcpy(exact, kernel, len);
		tcp_info_read(&kept, exact, len);
		free(exact);
		unit_each (i, places) {
			uint64_t value;

			assert_int_equal(tcp_info_get(&kept, places[i].member, &value),
				places[i].offset + places[i].size <= len);
		}
	}
}

static void
tells_none_from_a_number(void **state)
{
	struct tcp_info info = {
		.tcpi_min_rtt = UINT32_MAX,
		.tcpi_snd_ssthresh = 0x7fffffff,
		.tcpi_pacing_rate = UINT64_MAX,
		.tcpi_rttvar = 250000,
		.tcpi_last_data_sent = UINT32_MAX,
	};
	static const enum tcp_info_member none[] = {TCP_INFO_min_rtt, TCP_INFO_snd_ssthresh,
		TCP_INFO_pacing_rate, TCP_INFO_rtt, TCP_INFO_rttvar, TCP_INFO_last_data_sent};
	struct tcp_info_kept kept;
	uint64_t value;

	(void)state;
	tcp_info_read(&kept, &info, sizeof info);
	unit_each (i, none)
		assert_false(tcp_info_get(&kept, none[i], &value));
	assert_true(tcp_info_get(&kept, TCP_INFO_retrans, &value));
	assert_int_equal(value, 0);
	info.tcpi_rtt = 1;
	tcp_info_read(&kept, &info, sizeof info);
	assert_true(tcp_info_get(&kept, TCP_INFO_rttvar, &value));
	assert_int_equal(value, 250000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_member_has_a_place),
		cmocka_unit_test(reads_each_member_where_the_kernel_puts_it),
		cmocka_unit_test(knows_only_what_was_sent),
		cmocka_unit_test(tells_none_from_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
