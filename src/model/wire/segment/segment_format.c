/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flags and options as tcpdump writes them, and which flags no honest stack sends together. */
#include <config.h>

#include <sockwatch/model/segment.h>

#include <stdio.h>

#include <sockwatch/base/text.h>

/* In the order of the letters. */
static const struct {
	uint16_t flag;
	char letter;
} flag_letters[] = {
	{SEGMENT_FIN, 'F'},
	{SEGMENT_SYN, 'S'},
	{SEGMENT_RST, 'R'},
	{SEGMENT_PSH, 'P'},
	{SEGMENT_ACK, '.'},
	{SEGMENT_URG, 'U'},
	{SEGMENT_ECE, 'E'},
	{SEGMENT_CWR, 'W'},
	{SEGMENT_AE, 'e'},
};

/* RFC 8684 section 3; 8 is its section 3.6. */
static const char *const mptcp_subtypes[] = {
	"capable", "join", "dss", "add-addr", "rem-addr", "prio", "fail", "fast-close", "tcprst"};

size_t
segment_format_flags(uint16_t flags, char *out, size_t size)
{
	size_t len = 0;

	for (size_t i = 0; i < sizeof flag_letters / sizeof *flag_letters; i++)
		if ((flags & flag_letters[i].flag) != 0 && len + 1 < size)
			out[len++] = flag_letters[i].letter;
	if (len == 0)
		return (size_t)snprintf(out, size, "none");
	out[len] = '\0';
	return len;
}

static size_t
add_sack(char *out, size_t size, size_t len, const struct segment_options *options, uint32_t base)
{
	len = text_add(out, size, len, "sack %u ", options->sack_count);
	for (size_t i = 0; i < options->sack_count; i++)
		len = text_add(out, size, len, "{%u:%u}", options->sack[i].begin - base,
			options->sack[i].end - base);
	return text_add(out, size, len, ",");
}

static size_t
add_mptcp(char *out, size_t size, size_t len, const struct segment_options *options)
{
	static const unsigned names = sizeof mptcp_subtypes / sizeof *mptcp_subtypes;

	for (unsigned subtype = 0; options->mptcp_subtypes >> subtype != 0; subtype++) {
		if ((options->mptcp_subtypes >> subtype & 1) != 0)
			len = text_add(out, size, len, "mptcp %s,",
				subtype < names ? mptcp_subtypes[subtype] : "unknown");
	}
	return len;
}

size_t
segment_format_options(const struct segment *segment, uint32_t sack_base, char *out, size_t size)
{
	struct segment_options options;
	size_t len = 0;

	if (size == 0)
		return 0;
	segment_read_options(segment, &options);
	out[0] = '\0';
	if ((options.has & SEGMENT_HAS_MSS) != 0)
		len = text_add(out, size, len, "mss %u,", options.mss);
	if ((options.has & SEGMENT_HAS_SACK_PERMITTED) != 0)
		len = text_add(out, size, len, "sackOK,");
	if ((options.has & SEGMENT_HAS_TIMESTAMPS) != 0)
		len = text_add(out, size, len, "TS val %u ecr %u,", options.timestamp,
			options.timestamp_echo);
	if ((options.has & SEGMENT_HAS_WSCALE) != 0)
		len = text_add(out, size, len, "wscale %u,", options.wscale);
	if ((options.has & SEGMENT_HAS_SACK) != 0)
		len = add_sack(out, size, len, &options, sack_base);
	if ((options.has & SEGMENT_HAS_FASTOPEN) != 0 && options.fastopen_len == 0)
		len = text_add(out, size, len, "tfo cookiereq,");
	else if ((options.has & SEGMENT_HAS_FASTOPEN) != 0)
		len = text_add(out, size, len, "tfo cookie of %u bytes,", options.fastopen_len);
	if ((options.has & SEGMENT_HAS_MPTCP) != 0)
		len = add_mptcp(out, size, len, &options);
	if ((options.has & SEGMENT_HAS_MD5) != 0)
		len = text_add(out, size, len, "md5,");
	if ((options.has & SEGMENT_HAS_AO) != 0)
		len = text_add(out, size, len, "tcp-ao,");
	if ((options.has & SEGMENT_HAS_OTHER) != 0)
		len = text_add(out, size, len, "other,");
	if ((options.has & SEGMENT_OPTIONS_BAD) != 0)
		len = text_add(out, size, len, "[bad opt],");
	if ((options.has & SEGMENT_OPTIONS_CUT) != 0)
		len = text_add(out, size, len, "[|tcp],");
	if (len > 0 && len + 1 >= size)
		out[len - 1] = '~'; /* cut */
	else if (len > 0)
		out[--len] = '\0'; /* the last comma */
	return len;
}

bool
segment_flags_illegal(uint16_t flags)
{
	const uint16_t control = flags & (SEGMENT_SYN | SEGMENT_FIN | SEGMENT_RST);

	/* At most one of the three; and without SYN and RST every segment has an ACK (RFC 9293,
	 * 3.10.7.4), which also finds "null" and "xmas". */
	if ((control & (control - 1)) != 0)
		return true;
	return (flags & (SEGMENT_SYN | SEGMENT_RST | SEGMENT_ACK)) == 0;
}
