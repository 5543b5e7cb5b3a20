/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The members kept of the kernel's struct tcp_info (include/uapi/linux/tcp.h), one per row: our
 * name, type, offset in the kernel's struct, unit. A member is known only if the kernel sent that
 * many bytes. Old kernels send less, new ones more (280 bytes on 6.18): the offsets never change.
 */
#ifndef SOCKWATCH_MODEL_TCP_INFO_H
#define SOCKWATCH_MODEL_TCP_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/number.h>

/* X(name, type, kernel offset, unit), largest types first so that the struct has no holes. */
#define TCP_INFO_MEMBERS(X)                                                                        \
	X(pacing_rate, uint64_t, 104, UNIT_BYTES_PER_SECOND)                                       \
	X(bytes_acked, uint64_t, 120, UNIT_BYTES)                                                  \
	X(bytes_received, uint64_t, 128, UNIT_BYTES)                                               \
	X(delivery_rate, uint64_t, 160, UNIT_BYTES_PER_SECOND)                                     \
	X(busy_time, uint64_t, 168, UNIT_US)                                                       \
	X(rwnd_limited, uint64_t, 176, UNIT_US)                                                    \
	X(sndbuf_limited, uint64_t, 184, UNIT_US)                                                  \
	X(bytes_sent, uint64_t, 200, UNIT_BYTES)                                                   \
	X(bytes_retrans, uint64_t, 208, UNIT_BYTES)                                                \
	X(rto, uint32_t, 8, UNIT_US)                                                               \
	X(snd_mss, uint32_t, 16, UNIT_BYTES)                                                       \
	X(unacked, uint32_t, 24, UNIT_SEGMENTS)                                                    \
	X(sacked, uint32_t, 28, UNIT_SEGMENTS)                                                     \
	X(lost, uint32_t, 32, UNIT_SEGMENTS)                                                       \
	X(retrans, uint32_t, 36, UNIT_SEGMENTS)                                                    \
	X(last_data_sent, uint32_t, 44, UNIT_MS)                                                   \
	X(last_data_recv, uint32_t, 52, UNIT_MS)                                                   \
	X(last_ack_recv, uint32_t, 56, UNIT_MS)                                                    \
	X(pmtu, uint32_t, 60, UNIT_BYTES)                                                          \
	X(rtt, uint32_t, 68, UNIT_US)                                                              \
	X(rttvar, uint32_t, 72, UNIT_US)                                                           \
	X(snd_ssthresh, uint32_t, 76, UNIT_SEGMENTS)                                               \
	X(snd_cwnd, uint32_t, 80, UNIT_SEGMENTS)                                                   \
	X(reordering, uint32_t, 88, UNIT_SEGMENTS)                                                 \
	X(rcv_space, uint32_t, 96, UNIT_BYTES)                                                     \
	X(total_retrans, uint32_t, 100, UNIT_SEGMENTS)                                             \
	X(dsack_dups, uint32_t, 216, UNIT_SEGMENTS)                                                \
	X(segs_out, uint32_t, 136, UNIT_SEGMENTS)                                                  \
	X(segs_in, uint32_t, 140, UNIT_SEGMENTS)                                                   \
	X(notsent_bytes, uint32_t, 144, UNIT_BYTES)                                                \
	X(min_rtt, uint32_t, 148, UNIT_US)                                                         \
	X(snd_wnd, uint32_t, 228, UNIT_BYTES)                                                      \
	X(rcv_wnd, uint32_t, 232, UNIT_BYTES)                                                      \
	X(ca_state, uint8_t, 1, UNIT_NONE)                                                         \
	X(backoff, uint8_t, 4, UNIT_COUNT)                                                         \
	X(options, uint8_t, 5, UNIT_NONE)                                                          \
	X(wscale, uint8_t, 6, UNIT_NONE)                                                           \
	X(app_limited, uint8_t, 7, UNIT_NONE) /* bit 0; bits 1-2 fast open client failure */

struct tcp_info_kept {
#define TCP_INFO_DECLARE(name, type, offset, unit) type name;
	TCP_INFO_MEMBERS(TCP_INFO_DECLARE)
#undef TCP_INFO_DECLARE
	uint16_t known_bytes; /* of the kernel's struct; 0: there was none */
};

enum tcp_info_member {
#define TCP_INFO_ENUM(name, type, offset, unit) TCP_INFO_##name,
	TCP_INFO_MEMBERS(TCP_INFO_ENUM)
#undef TCP_INFO_ENUM
		TCP_INFO_COUNT,
};

/* Copies what we keep of the kernel's len bytes. */
void tcp_info_read(struct tcp_info_kept *kept, const void *kernel, size_t len);

/*
 * false when the kernel did not send the member, or sent its value for "none yet" (no RTT sample,
 * infinite ssthresh, unlimited pacing).
 */
bool tcp_info_get(const struct tcp_info_kept *kept, enum tcp_info_member member, uint64_t *value);

#endif
