/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A classic BPF program (bpf(4), linux/filter.h) is a filter and a length in one: what it returns
 * is how many bytes are kept. libpcap's accepts with a constant; here each of these returns becomes
 * a jump to code that finds the end of the TCP header. Offsets are those of the cooked header
 * before the packet, which libpcap takes off, and which the returned length does not include.
 *
 * A read past the end would drop the packet, so each is preceded by a look at the length: a runt is
 * for the viewer to judge.
 */
#include <config.h>

#include "packet_program.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "packet_cut.h"

enum {
	NETWORK = PACKET_CUT_COOKED,
	IPV6_SIZE = 40,
	TCP_OFFSET_END = 13, /* of the byte that holds the length of its header */
	EXTENSIONS = 4,      /* that the program walks over; more are left to packet_cut() */
	PROGRAM_MAX = 512,   /* instructions added */
};

/* A program being written. */
struct writer {
	struct bpf_insn code[PROGRAM_MAX];
	unsigned len;     /* also of what found no place */
	uint32_t all;     /* the length that the filter returned */
	bool has_tunnels; /* what is not TCP passes as far as that */
};

/* jt, jf: instructions to skip. */
static void
put(struct writer *writer, unsigned code, unsigned jt, unsigned jf, uint32_t k)
{
	if (writer->len < PROGRAM_MAX)
		writer->code[writer->len] = (struct bpf_insn){
			.code = (u_short)code, .jt = (u_char)jt, .jf = (u_char)jf, .k = k};
	writer->len++;
}

static void
load_byte(struct writer *writer, uint32_t from_x)
{
	put(writer, BPF_LD | BPF_B | BPF_IND, 0, 0, NETWORK + from_x);
}

static void
give_all(struct writer *writer)
{
	put(writer, BPF_RET | BPF_K, 0, 0, writer->all);
}

/* Returns X + more. */
static void
give_x(struct writer *writer, uint32_t more)
{
	put(writer, BPF_MISC | BPF_TXA, 0, 0, 0);
	put(writer, BPF_ALU | BPF_ADD | BPF_K, 0, 0, more);
	put(writer, BPF_RET | BPF_A, 0, 0, 0);
}

/* What is not TCP: a tunnel, or the ports of UDP, and as much of others. */
static void
give_other(struct writer *writer)
{
	const unsigned code = writer->has_tunnels ? BPF_LD | BPF_IMM : BPF_ALU | BPF_ADD | BPF_K;

	put(writer, BPF_MISC | BPF_TXA, 0, 0, 0);
	put(writer, code, 0, 0, writer->has_tunnels ? writer->all : 8);
	put(writer, BPF_RET | BPF_A, 0, 0, 0);
}

/* Goes on if there are that many bytes after X, or else passes what there is. Takes A. */
static void
need(struct writer *writer, uint32_t bytes)
{
	put(writer, BPF_LD | BPF_W | BPF_LEN, 0, 0, 0);
	put(writer, BPF_JMP | BPF_JGE | BPF_X, 0, 2, 0);
	put(writer, BPF_ALU | BPF_SUB | BPF_X, 0, 0, 0);
	put(writer, BPF_JMP | BPF_JGE | BPF_K, 1, 0, bytes);
	give_all(writer);
}

/* The TCP header at X: its length is that of its fifth word's first half byte, but 20 at least. */
static void
tcp(struct writer *writer)
{
	need(writer, TCP_OFFSET_END);
	load_byte(writer, TCP_OFFSET_END - 1);
	put(writer, BPF_ALU | BPF_AND | BPF_K, 0, 0, 0xf0);
	put(writer, BPF_ALU | BPF_RSH | BPF_K, 0, 0, 2);
	put(writer, BPF_JMP | BPF_JGE | BPF_K, 1, 0, 20);
	put(writer, BPF_LD | BPF_IMM, 0, 0, 20);
	put(writer, BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0);
	put(writer, BPF_RET | BPF_A, 0, 0, 0);
}

static void
ipv4(struct writer *writer)
{
	/* X: the length of its header. */
	put(writer, BPF_LDX | BPF_B | BPF_MSH, 0, 0, NETWORK);
	put(writer, BPF_LD | BPF_H | BPF_ABS, 0, 0, NETWORK + 6);
	put(writer, BPF_JMP | BPF_JSET | BPF_K, 0, 3, 0x1fff);
	give_x(writer, 0); /* a later fragment */
	put(writer, BPF_LD | BPF_B | BPF_ABS, 0, 0, NETWORK + 9);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, 3, 0, IPPROTO_TCP);
	give_other(writer);
	tcp(writer);
}

/* Sets X behind the header at X, and A to what comes next. Its length is in units of a power of
 * two, and how many of them it does not count. */
static void
skip(struct writer *writer, uint32_t uncounted, uint32_t shift)
{
	load_byte(writer, 0);
	put(writer, BPF_ST, 0, 0, 0);
	load_byte(writer, 1);
	put(writer, BPF_ALU | BPF_ADD | BPF_K, 0, 0, uncounted);
	put(writer, BPF_ALU | BPF_LSH | BPF_K, 0, 0, shift);
	put(writer, BPF_ALU | BPF_ADD | BPF_X, 0, 0, 0);
	put(writer, BPF_MISC | BPF_TAX, 0, 0, 0);
	put(writer, BPF_LD | BPF_MEM, 0, 0, 0);
}

enum { SKIP_LEN = 8 };

/* A fragment header: a later fragment ends there. */
static void
fragment(struct writer *writer)
{
	put(writer, BPF_LD | BPF_H | BPF_IND, 0, 0, NETWORK + 2);
	put(writer, BPF_JMP | BPF_JSET | BPF_K, 0, 3, 0xfff8);
	give_x(writer, 8);
	load_byte(writer, 0);
	put(writer, BPF_ST, 0, 0, 0);
	put(writer, BPF_MISC | BPF_TXA, 0, 0, 0);
	put(writer, BPF_ALU | BPF_ADD | BPF_K, 0, 0, 8);
	put(writer, BPF_MISC | BPF_TAX, 0, 0, 0);
	put(writer, BPF_LD | BPF_MEM, 0, 0, 0);
}

enum { FRAGMENT_LEN = 11, TCP_LEN = 12, OTHER_LEN = 3 };

/* The header at X, whose kind is in A: what it is, its own code, and on to the next step. */
static void
extension(struct writer *writer)
{
	/* After the tests stand what is none of them, TCP, and extension headers. */
	enum { TESTS = 7, AT_TCP = OTHER_LEN, AT_KIND = AT_TCP + TCP_LEN };

	put(writer, BPF_JMP | BPF_JEQ | BPF_K, TESTS - 1 + AT_TCP, 0, IPPROTO_TCP);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, TESTS - 2 + AT_KIND, 0, IPPROTO_FRAGMENT);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, TESTS - 3 + AT_KIND, 0, IPPROTO_HOPOPTS);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, TESTS - 4 + AT_KIND, 0, IPPROTO_ROUTING);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, TESTS - 5 + AT_KIND, 0, IPPROTO_DSTOPTS);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, TESTS - 6 + AT_KIND, 0, IPPROTO_MH);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, TESTS - 7 + AT_KIND, 0, IPPROTO_AH);
	give_other(writer);
	tcp(writer);
	/* The kind is kept while the length is looked at. */
	put(writer, BPF_ST, 0, 0, 1);
	need(writer, 8);
	put(writer, BPF_LD | BPF_MEM, 0, 0, 1);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, 0, FRAGMENT_LEN + 1, IPPROTO_FRAGMENT);
	fragment(writer);
	put(writer, BPF_JMP | BPF_JA, 0, 0, 1 + SKIP_LEN + 1 + SKIP_LEN);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, 0, SKIP_LEN + 1, IPPROTO_AH);
	skip(writer, 2, 2);
	put(writer, BPF_JMP | BPF_JA, 0, 0, SKIP_LEN);
	skip(writer, 1, 3);
}

static void
ipv6(struct writer *writer)
{
	put(writer, BPF_LDX | BPF_IMM, 0, 0, IPV6_SIZE);
	put(writer, BPF_LD | BPF_B | BPF_ABS, 0, 0, NETWORK + 6);
	for (unsigned i = 0; i < EXTENSIONS; i++)
		extension(writer);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, IPPROTO_TCP);
	give_all(writer); /* more of them, or what is not TCP */
	tcp(writer);
}

/* What every packet that is accepted goes through. */
static void
write_ends(struct writer *writer)
{
	enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd };
	enum { IPV4_LEN = 3 + 3 + 2 + OTHER_LEN + TCP_LEN };

	put(writer, BPF_LD | BPF_H | BPF_ABS, 0, 0, 0);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, 2, 0, TYPE_IPV4);
	put(writer, BPF_JMP | BPF_JEQ | BPF_K, 1 + IPV4_LEN, 0, TYPE_IPV6);
	give_all(writer); /* labels and tags before IP */
	ipv4(writer);
	ipv6(writer);
}

static bool
accepts(const struct bpf_insn *code)
{
	return code->code == (BPF_RET | BPF_K) && code->k != 0;
}

int
packet_program_cut(const struct bpf_program *filter, bool tunnels, struct bpf_program *cut)
{
	struct writer writer = {.has_tunnels = tunnels};
	struct bpf_insn *code;

	for (unsigned i = 0; i < filter->bf_len; i++) {
		if (accepts(&filter->bf_insns[i]))
			writer.all = filter->bf_insns[i].k;
	}
	write_ends(&writer);
	if (writer.len > PROGRAM_MAX)
		return -E2BIG;
	code = malloc((filter->bf_len + writer.len) * sizeof *code);
	if (code == NULL)
		return -ENOMEM;
	memcpy(code, filter->bf_insns, filter->bf_len * sizeof *code);
	memcpy(code + filter->bf_len, writer.code, writer.len * sizeof *code);
	for (unsigned i = 0; i < filter->bf_len; i++) {
		if (accepts(&code[i]))
			code[i] = (struct bpf_insn){
				.code = BPF_JMP | BPF_JA, .k = filter->bf_len - i - 1};
	}
	*cut = (struct bpf_program){.bf_len = filter->bf_len + writer.len, .bf_insns = code};
	return 0;
}
