/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of TCP states and of groups of states: a table of each. A word is looked up without its
 * case and its separators, so that "SYN_RECV", "syn-recv" and "synrecv" are one spelling.
 */
#include <config.h>

#include <sockwatch/model/tcp_state.h>

#include <stdbool.h>
#include <string.h>

enum { SPELLINGS_MAX = 6, WORD_MAX = 24 };

#define BIT(state) (UINT32_C(1) << TCP_STATE_##state)

/* spellings: RFC 9293, ss, netstat, lsof, BSD, the number in /proc/net/tcp. */
static const struct {
	const char *name;
	const char *spellings[SPELLINGS_MAX];
} states[TCP_STATE_COUNT] = {
	[TCP_STATE_UNKNOWN] = {"UNKNOWN", {NULL}},
	[TCP_STATE_ESTABLISHED] = {"ESTABLISHED", {"established", "estab", "01"}},
	[TCP_STATE_SYN_SENT] = {"SYN-SENT", {"synsent", "02"}},
	[TCP_STATE_SYN_RECEIVED] = {"SYN-RECEIVED",
		{"synreceived", "synrecv", "synrcvd", "newsynrecv", "03", "0c"}},
	[TCP_STATE_FIN_WAIT_1] = {"FIN-WAIT-1", {"finwait1", "04"}},
	[TCP_STATE_FIN_WAIT_2] = {"FIN-WAIT-2", {"finwait2", "05"}},
	[TCP_STATE_TIME_WAIT] = {"TIME-WAIT", {"timewait", "06"}},
	[TCP_STATE_CLOSED] = {"CLOSED",
		{"closed", "close", "unconn", "unconnected", "boundinactive", "07"}},
	[TCP_STATE_CLOSE_WAIT] = {"CLOSE-WAIT", {"closewait", "08"}},
	[TCP_STATE_LAST_ACK] = {"LAST-ACK", {"lastack", "09"}},
	[TCP_STATE_LISTEN] = {"LISTEN", {"listen", "listening", "0a"}},
	[TCP_STATE_CLOSING] = {"CLOSING", {"closing", "0b"}},
};

enum {
	ALL = (1 << TCP_STATE_COUNT) - 1 - (1 << TCP_STATE_UNKNOWN),
	CONNECTED = ALL & ~(1 << TCP_STATE_LISTEN | 1 << TCP_STATE_CLOSED),
	BUCKET = 1 << TCP_STATE_SYN_RECEIVED | 1 << TCP_STATE_TIME_WAIT,
};

static const struct {
	const char *name;
	const char *spelling;
	uint32_t set;
} groups[] = {
	{"all", "all", ALL},
	{"connected", "connected", CONNECTED},
	{"synchronized", "synchronized", CONNECTED & ~BIT(SYN_SENT)},
	{"bucket", "bucket", BUCKET},
	{"big", "big", ALL & ~BUCKET},
	{"half-open", "halfopen", BIT(SYN_SENT) | BIT(SYN_RECEIVED)},
	{"closing-group", "closinggroup",
		BIT(FIN_WAIT_1) | BIT(FIN_WAIT_2) | BIT(CLOSE_WAIT) | BIT(CLOSING) | BIT(LAST_ACK) |
			BIT(TIME_WAIT)},
};

enum { GROUP_COUNT = sizeof groups / sizeof *groups };

const char *
tcp_state_name(enum tcp_state state)
{
	return states[(unsigned int)state < TCP_STATE_COUNT ? state : TCP_STATE_UNKNOWN].name;
}

/* Makes it lower case without separators; false when it is too long for any spelling. */
static bool
normalise(const char *word, size_t len, char out[WORD_MAX])
{
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		char c = word[i];

		if (c == '-' || c == '_' || c == ' ')
			continue;
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (used == WORD_MAX - 1 || c == '\0')
			return false;
		out[used++] = c;
	}
	out[used] = '\0';
	return used > 0;
}

uint32_t
tcp_state_parse(const char *word, size_t len)
{
	char plain[WORD_MAX];

	if (!normalise(word, len, plain))
		return 0;
	for (size_t state = 0; state < TCP_STATE_COUNT; state++) {
		for (size_t i = 0; i < SPELLINGS_MAX && states[state].spellings[i] != NULL; i++) {
			if (strcmp(plain, states[state].spellings[i]) == 0)
				return UINT32_C(1) << state;
		}
	}
	for (size_t i = 0; i < GROUP_COUNT; i++) {
		if (strcmp(plain, groups[i].spelling) == 0)
			return groups[i].set;
	}
	return 0;
}

const char *
tcp_state_word(size_t i)
{
	const size_t names = TCP_STATE_COUNT - 1;

	if (i < names)
		return states[i + 1].name;
	return i - names < GROUP_COUNT ? groups[i - names].name : NULL;
}
