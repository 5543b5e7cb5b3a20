/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flags and options as tcpdump writes them, and which flags no honest stack sends together. */
#include <config.h>

#include <sockwatch/model/segment.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

struct option_text {
	char *out;
	size_t size, len;
};

/* Appends one option, behind a comma where it is not the first. */
__attribute__((format(printf, 2, 3))) static void
put(struct option_text *text, const char *format, ...)
{
	va_list arguments;
	int written;

	if (text->len != 0 && text->len + 1 < text->size)
		text->out[text->len++] = ',';
	va_start(arguments, format);
	written = vsnprintf(text->out + text->len, text->size - text->len, format, arguments);
	va_end(arguments);
	if (written > 0)
		text->len += (size_t)written;
	if (text->len >= text->size)
		text->len = text->size - 1;
}

static void
put_sack(struct option_text *text, const struct segment *segment)
{
	char blocks[sizeof segment->sack / sizeof *segment->sack *
		    sizeof "{4294967295:4294967295}"];
	size_t len = 0;

	blocks[0] = '\0';
	for (size_t i = 0; i < segment->sack_count; i++)
		len += (size_t)snprintf(blocks + len, sizeof blocks - len, "{%u:%u}",
			segment->sack[i].begin, segment->sack[i].end);
	put(text, "sack %u %s", segment->sack_count, blocks);
}

size_t
segment_format_options(const struct segment *segment, char *out, size_t size)
{
	struct option_text text = {.out = out, .size = size};
	const uint16_t options = segment->options;

	if (size == 0)
		return 0;
	out[0] = '\0';
	if ((options & SEGMENT_HAS_MSS) != 0)
		put(&text, "mss %u", segment->mss);
	if ((options & SEGMENT_HAS_SACK_PERMITTED) != 0)
		put(&text, "sackOK");
	if ((options & SEGMENT_HAS_TIMESTAMPS) != 0)
		put(&text, "TS val %u ecr %u", segment->timestamp, segment->timestamp_echo);
	if ((options & SEGMENT_HAS_WSCALE) != 0)
		put(&text, "wscale %u", segment->wscale);
	if ((options & SEGMENT_HAS_SACK) != 0)
		put_sack(&text, segment);
	if ((options & SEGMENT_HAS_FASTOPEN) != 0 && segment->fastopen_len == 0)
		put(&text, "tfo cookiereq");
	else if ((options & SEGMENT_HAS_FASTOPEN) != 0)
		put(&text, "tfo cookie of %u bytes", segment->fastopen_len);
	if ((options & SEGMENT_HAS_MPTCP) != 0)
		put(&text, "mptcp %s",
			segment->mptcp_subtype < sizeof mptcp_subtypes / sizeof *mptcp_subtypes
				? mptcp_subtypes[segment->mptcp_subtype]
				: "unknown");
	if ((options & SEGMENT_HAS_MD5) != 0)
		put(&text, "md5");
	if ((options & SEGMENT_HAS_AO) != 0)
		put(&text, "tcp-ao");
	if ((options & SEGMENT_HAS_OTHER) != 0)
		put(&text, "other");
	if ((options & SEGMENT_OPTIONS_BAD) != 0)
		put(&text, "[bad opt]");
	if ((options & SEGMENT_OPTIONS_CUT) != 0)
		put(&text, "[|tcp]");
	return text.len;
}

bool
segment_flags_illegal(uint16_t flags)
{
	const uint16_t turns = flags & (SEGMENT_SYN | SEGMENT_FIN | SEGMENT_RST);

	/* At most one of the three; and without SYN and RST every segment has an ACK (RFC 9293,
	 * 3.10.7.4), which also finds "null" and "xmas". */
	if ((turns & (turns - 1)) != 0)
		return true;
	return (flags & (SEGMENT_SYN | SEGMENT_RST | SEGMENT_ACK)) == 0;
}
