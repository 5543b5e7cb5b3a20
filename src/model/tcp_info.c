/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies what is kept of struct tcp_info out of the kernel's bytes. */
#include <config.h>

#include <sockwatch/model/tcp_info.h>

#include <assert.h>
#include <string.h>

static const struct {
	uint16_t kernel_offset;
	uint16_t kept_offset;
	uint8_t size;
} members[TCP_INFO_COUNT] = {
#define TCP_INFO_ROW(name, type, offset, unit)                                                     \
	[TCP_INFO_##name] = {offset, offsetof(struct tcp_info_kept, name), sizeof(type)},
	TCP_INFO_MEMBERS(TCP_INFO_ROW)
#undef TCP_INFO_ROW
};

/* Bytes of the kernel's struct up to the last member that we keep: rcv_wnd. */
enum { KERNEL_SIZE = 236 };

void
tcp_info_read(struct tcp_info_kept *kept, const void *kernel, size_t len)
{
	const uint8_t *from = kernel;
	uint8_t padded[KERNEL_SIZE];

	if (len < KERNEL_SIZE) {
		memset(padded, 0, sizeof padded);
		memcpy(padded, kernel, len);
		from = padded;
	}
#define TCP_INFO_COPY(name, type, offset, unit)                                                    \
	static_assert((offset) + sizeof(type) <= KERNEL_SIZE, "KERNEL_SIZE misses a member");      \
	memcpy(&kept->name, from + (offset), sizeof(type));
	TCP_INFO_MEMBERS(TCP_INFO_COPY)
#undef TCP_INFO_COPY
	kept->known_bytes = len < UINT16_MAX ? (uint16_t)len : UINT16_MAX;
}

/* What the kernel says where it has nothing to say. */
static bool
is_none(const struct tcp_info_kept *kept, enum tcp_info_member member, uint64_t value)
{
	if (member == TCP_INFO_rtt || member == TCP_INFO_rttvar)
		return kept->rtt == 0; /* no sample */
	if (member == TCP_INFO_snd_ssthresh)
		return value >= 0x7fffffff; /* TCP_INFINITE_SSTHRESH */
	if (member == TCP_INFO_pacing_rate)
		return value == UINT64_MAX; /* not limited */
	if (member == TCP_INFO_min_rtt || member == TCP_INFO_last_data_sent ||
		member == TCP_INFO_last_data_recv || member == TCP_INFO_last_ack_recv)
		return value == UINT32_MAX; /* no sample; never (set by the model) */
	return false;
}

bool
tcp_info_get(const struct tcp_info_kept *kept, enum tcp_info_member member, uint64_t *value)
{
	const uint8_t *const at = (const uint8_t *)kept + members[member].kept_offset;
	uint32_t narrow;

	if (kept->known_bytes < members[member].kernel_offset + members[member].size)
		return false;
	switch (members[member].size) {
	case sizeof(uint64_t): memcpy(value, at, sizeof *value); break;
	case sizeof(uint32_t):
		memcpy(&narrow, at, sizeof narrow);
		*value = narrow;
		break;
	default: *value = *at; break;
	}
	return !is_none(kept, member, *value);
}
