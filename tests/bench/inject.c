/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "inject.h"

#include <errno.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
	INSTRUCTIONS_MAX = 64,
	LIVE_FRAMES = 1U << 1, /* BPF_F_TEST_XDP_LIVE_FRAMES, of headers since 5.18 */
	BATCH = 64,
	RUN_MIN_US = 50000, /* to begin and to end a run takes the kernel 10 to 30 ms */
};

/* The state of the program, in the one element of a map. */
struct state {
	uint64_t made, count, begin_ns, rate;
	uint64_t last_ns; /* when the last one was made */
};

struct program {
	struct bpf_insn at[INSTRUCTIONS_MAX];
	unsigned len;
};

static int
call_bpf(enum bpf_cmd command, union bpf_attr *attributes)
{
	const long result = syscall(SYS_bpf, command, attributes, sizeof *attributes);

	return result < 0 ? -errno : (int)result;
}

static void
put(struct program *program, uint8_t code, uint8_t to, uint8_t from, int16_t offset, int32_t value)
{
	program->at[program->len++] = (struct bpf_insn){
		.code = code, .dst_reg = to, .src_reg = from, .off = offset, .imm = value};
}

static void
put_64(struct program *program, uint8_t to, uint8_t from, int32_t low, int32_t high)
{
	put(program, BPF_LD | BPF_DW | BPF_IMM, to, from, 0, low);
	put(program, 0, 0, 0, 0, high);
}

static void
load_state(struct program *program, uint8_t to, size_t offset)
{
	put(program, BPF_LDX | BPF_DW | BPF_MEM, to, BPF_REG_7, (int16_t)offset, 0);
}

static void
operate(struct program *program, uint8_t operation, uint8_t to, int32_t value)
{
	put(program, BPF_ALU64 | BPF_K | operation, to, 0, 0, value);
}

/* Dropped frames cost next to nothing: so the program waits when none is due. */
static void
put_pace(struct program *program, uint8_t *drops, unsigned *drop_count)
{
	load_state(program, BPF_REG_9, offsetof(struct state, made));
	load_state(program, BPF_REG_1, offsetof(struct state, count));
	drops[(*drop_count)++] = (uint8_t)program->len;
	put(program, BPF_JMP | BPF_JGE | BPF_X, BPF_REG_9, BPF_REG_1, 0, 0);
	put(program, BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_ktime_get_ns);
	put(program, BPF_STX | BPF_MEM | BPF_DW, BPF_REG_7, BPF_REG_0,
		offsetof(struct state, last_ns), 0);
	load_state(program, BPF_REG_1, offsetof(struct state, begin_ns));
	put(program, BPF_ALU64 | BPF_SUB | BPF_X, BPF_REG_0, BPF_REG_1, 0, 0);
	load_state(program, BPF_REG_1, offsetof(struct state, rate));
	put(program, BPF_ALU64 | BPF_MUL | BPF_X, BPF_REG_0, BPF_REG_1, 0, 0);
	operate(program, BPF_DIV, BPF_REG_0, 1000000000);
	drops[(*drop_count)++] = (uint8_t)program->len;
	put(program, BPF_JMP | BPF_JLE | BPF_X, BPF_REG_0, BPF_REG_9, 0, 0);
}

static void
store(struct program *program, uint8_t size, int16_t offset)
{
	put(program, BPF_STX | BPF_MEM | size, BPF_REG_6, BPF_REG_9, offset, 0);
}

/* The same numbers in each run: multiples of the golden ratio. */
static void
put_numbers(struct program *program, const struct inject *inject)
{
	operate(program, BPF_ADD, BPF_REG_9, 1);
	put(program, BPF_STX | BPF_MEM | BPF_DW, BPF_REG_7, BPF_REG_9, offsetof(struct state, made),
		0);
	put_64(program, BPF_REG_1, 0, 0x7f4a7c15, (int32_t)0x9e3779b9);
	put(program, BPF_ALU64 | BPF_MUL | BPF_X, BPF_REG_9, BPF_REG_1, 0, 0);
	store(program, BPF_W, inject->seq);
	operate(program, BPF_RSH, BPF_REG_9, 24);
	operate(program, BPF_OR, BPF_REG_9, 4); /* no port below 1024 */
	store(program, BPF_H, inject->port);
	operate(program, BPF_RSH, BPF_REG_9, 16);
	operate(program, BPF_AND, BPF_REG_9, (int32_t)inject->host_mask);
	put(program, BPF_ALU | BPF_END | BPF_TO_BE, BPF_REG_9, 0, 0, 32);
	operate(program, BPF_RSH, BPF_REG_9, 8);
	store(program, BPF_H, inject->host);
	operate(program, BPF_RSH, BPF_REG_9, 16);
	store(program, BPF_B, (int16_t)(inject->host + 2));
}

static void
compose(struct program *program, const struct inject *inject, int map)
{
	uint8_t drops[3];
	unsigned drop_count = 0;

	put(program, BPF_LDX | BPF_W | BPF_MEM, BPF_REG_6, BPF_REG_1, offsetof(struct xdp_md, data),
		0);
	put(program, BPF_LDX | BPF_W | BPF_MEM, BPF_REG_8, BPF_REG_1,
		offsetof(struct xdp_md, data_end), 0);
	put_64(program, BPF_REG_7, BPF_PSEUDO_MAP_VALUE, map, 0);
	put_pace(program, drops, &drop_count);
	put(program, BPF_ALU64 | BPF_MOV | BPF_X, BPF_REG_1, BPF_REG_6, 0, 0);
	operate(program, BPF_ADD, BPF_REG_1, (int32_t)inject->len);
	drops[drop_count++] = (uint8_t)program->len;
	put(program, BPF_JMP | BPF_JGT | BPF_X, BPF_REG_1, BPF_REG_8, 0, 0);
	put_numbers(program, inject);
	operate(program, BPF_MOV, BPF_REG_0, XDP_PASS);
	put(program, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	for (unsigned i = 0; i < drop_count; i++)
		program->at[drops[i]].off = (int16_t)(program->len - drops[i] - 1);
	operate(program, BPF_MOV, BPF_REG_0, XDP_DROP);
	put(program, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static int
load(const struct inject *inject, int map)
{
	struct program program = {.len = 0};
	union bpf_attr attributes = {.prog_type = BPF_PROG_TYPE_XDP};

	compose(&program, inject, map);
	attributes.insns = (uintptr_t)program.at;
	attributes.insn_cnt = program.len;
	attributes.license = (uintptr_t) "GPL";
	return call_bpf(BPF_PROG_LOAD, &attributes);
}

static int
access_state(int map, enum bpf_cmd command, struct state *state)
{
	const uint32_t key = 0;
	union bpf_attr attributes = {.map_fd = (uint32_t)map};

	attributes.key = (uintptr_t)&key;
	attributes.value = (uintptr_t)state;
	return call_bpf(command, &attributes);
}

static void
on_alarm(int number)
{
	(void)number;
}

/* Only a signal ends a run before its last frame. It comes again in case it came too early. */
static void
set_alarm(uint64_t us)
{
	const struct timeval first = {
		.tv_sec = (time_t)(us / 1000000), .tv_usec = (suseconds_t)(us % 1000000)};
	const struct itimerval alarm = {.it_interval = {.tv_usec = RUN_MIN_US}, .it_value = first};

	setitimer(ITIMER_REAL, us != 0 ? &alarm : &(const struct itimerval){.it_value = {0}}, NULL);
}

static int
run_once(const struct inject *inject, int program, uint64_t left)
{
	const struct xdp_md context = {.data_end = inject->len, .ingress_ifindex = inject->ifindex};
	const uint64_t us = left * 1000000 / inject->rate;
	union bpf_attr attributes = {.test = {.prog_fd = (uint32_t)program,
					     .data_size_in = inject->len,
					     .ctx_size_in = sizeof context,
					     .repeat = UINT32_MAX,
					     .flags = LIVE_FRAMES}};
	int result;

	attributes.test.data_in = (uintptr_t)inject->frame;
	attributes.test.ctx_in = (uintptr_t)&context;
	attributes.test.batch_size = BATCH;
	set_alarm(us > RUN_MIN_US ? us : RUN_MIN_US);
	result = call_bpf(BPF_PROG_TEST_RUN, &attributes);
	set_alarm(0);
	return result == -EINTR ? 0 : result;
}

static int
run(const struct inject *inject, int map, int program, uint64_t count, double *seconds)
{
	struct timespec now;
	struct state state = {.count = count, .rate = inject->rate};
	int result;

	clock_gettime(CLOCK_MONOTONIC, &now); /* the one of bpf_ktime_get_ns */
	state.begin_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	result = access_state(map, BPF_MAP_UPDATE_ELEM, &state);
	while (result == 0 && state.made < count) {
		result = run_once(inject, program, count - state.made);
		if (result == 0)
			result = access_state(map, BPF_MAP_LOOKUP_ELEM, &state);
	}
	*seconds = (double)(state.last_ns - state.begin_ns) / 1e9;
	return result;
}

int
inject_run(const struct inject *inject, uint64_t count, double *seconds)
{
	const struct sigaction action = {.sa_handler = on_alarm};
	union bpf_attr attributes = {.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(uint32_t),
		.value_size = sizeof(struct state),
		.max_entries = 1};
	const int map = call_bpf(BPF_MAP_CREATE, &attributes);
	int program, result;

	if (map < 0)
		return map;
	sigaction(SIGALRM, &action, NULL);
	program = load(inject, map);
	result = program < 0 ? program : run(inject, map, program, count, seconds);
	if (program >= 0)
		close(program);
	close(map);
	return result;
}
