/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs in the kernel at each change of a TCP socket's state, and reports which process opened or
 * closed the connection. Only two kinds of change happen on behalf of a process:
 *
 * - connect() enters SYN-SENT, when the socket has no port yet. The process is kept until the
 *   socket leaves SYN-SENT, and is then reported with the ports. Every socket leaves SYN-SENT, so
 *   nothing stays behind.
 * - close(), shutdown() and exit enter FIN-WAIT-1 or LAST-ACK, or go from ESTABLISHED or CLOSE-WAIT
 *   straight to CLOSED where data was unread or lingering is off. A reset and a timeout go there
 *   too, in the process that the interrupt met; these set sk_err and have not shut the socket down.
 *
 * A record wakes the reader only where it sleeps because none came for a while; else it polls.
 */
#include "bpf_kernel.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "bpf_record.h"

enum {
	RING_BYTES = 1024 * 1024, /* a quarter of a second of 20,000 connections a second */
	OPENING_MAX = 8192,       /* sockets in SYN-SENT at once */
	PID_LEVELS_MAX = 32,      /* linux/pid_namespace.h */
	COMM_SIZE = 16,
};

/* The inode of the first PID namespace: linux/proc_ns.h. */
#define FIRST_PID_NAMESPACE 0xeffffffcU

char callers_license[] SEC("license") = "GPL";

/* Set before it is loaded: the PID namespace whose numbers are reported. */
const volatile __u32 pid_namespace = FIRST_PID_NAMESPACE;
struct caller_variables variables = {0};

struct opener {
	__u32 pid;
	char comm[COMM_SIZE];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, OPENING_MAX);
	__type(key, __u64); /* the socket's address, which never leaves the kernel */
	__type(value, struct opener);
} opening SEC(".maps");

/* The number of the current process in our PID namespace; 0: it has none there. */
static __u32
pid_of(struct task_struct *leader)
{
	const struct pid *pid;
	unsigned int level;

	if (pid_namespace == FIRST_PID_NAMESPACE)
		return bpf_get_current_pid_tgid() >> 32;
	pid = BPF_CORE_READ(leader, thread_pid);
	level = BPF_CORE_READ(pid, level);
	for (unsigned int i = 0; i < PID_LEVELS_MAX && i <= level; i++) {
		const void *const address =
			(const char *)__builtin_preserve_access_index(&pid->numbers) +
			i * bpf_core_type_size(struct upid);
		const struct upid *const upid = address;

		if (BPF_CORE_READ(upid, ns, ns.inum) == pid_namespace)
			return BPF_CORE_READ(upid, nr);
	}
	return 0;
}

/* The current process, with the name of its first thread; 0: it has no number. */
static int
get_current(struct opener *who)
{
	struct task_struct *const task = (void *)bpf_get_current_task();
	struct task_struct *const leader = BPF_CORE_READ(task, group_leader);

	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	who->pid = pid_of(leader);
	BPF_CORE_READ_INTO(&who->comm, leader, comm);
	return who->pid != 0;
}

static void
count_lost(void)
{
	__sync_fetch_and_add(&variables.lost, 1);
}

/*
 * Uses the helper: where a program follows a pointer by itself, the kernel that loads it looks
 * through all its types three times for the pointer, which took 8 ms.
 */
static __u32
netns_of(const struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
}

static void
put_v4(unsigned char *out, __be32 address)
{
	__u32 words[4] = {0, 0, bpf_htonl(0xffff), address};

	__builtin_memcpy(out, words, sizeof words);
}

/* How the record is submitted. */
static __u64
wake_up_once(void)
{
	if (!variables.is_reader_asleep)
		return BPF_RB_NO_WAKEUP;
	variables.is_reader_asleep = 0;
	return BPF_RB_FORCE_WAKEUP;
}

static void
send_record(struct sock *sk, const struct opener *who)
{
	const struct inet_sock *const inet = (const void *)sk;
	struct caller_record *const record = bpf_ringbuf_reserve(&records, sizeof *record, 0);

	if (record == NULL) {
		count_lost();
		return;
	}
	record->netns = netns_of(sk);
	record->pid = who->pid;
	if (sk->__sk_common.skc_family == AF_INET) {
		put_v4(record->local, sk->__sk_common.skc_rcv_saddr);
		put_v4(record->remote, sk->__sk_common.skc_daddr);
	} else {
		BPF_CORE_READ_INTO(&record->local, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&record->remote, sk, __sk_common.skc_v6_daddr);
	}
	/* skc_num is 0 already when the state is CLOSED. */
	record->local_port = bpf_ntohs(BPF_CORE_READ(inet, inet_sport));
	record->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
	__builtin_memcpy(record->comm, who->comm, sizeof record->comm);
	bpf_ringbuf_submit(record, wake_up_once());
}

static void
keep_opener(struct sock *sk)
{
	const __u64 key = (__u64)sk;
	struct opener who = {0};

	if (get_current(&who) && bpf_map_update_elem(&opening, &key, &who, BPF_ANY) != 0)
		count_lost();
}

static void
report_opener(struct sock *sk)
{
	const __u64 key = (__u64)sk;
	const struct opener *const who = bpf_map_lookup_elem(&opening, &key);

	if (who == NULL)
		return;
	send_record(sk, who);
	bpf_map_delete_elem(&opening, &key);
}

static void
report_closer(struct sock *sk)
{
	struct opener who = {0};

	if (get_current(&who))
		send_record(sk, &who);
}

static int
is_closed_by_process(const struct sock *sk, int from, int to)
{
	if (to == TCP_FIN_WAIT1 || to == TCP_LAST_ACK)
		return 1;
	return to == TCP_CLOSE && (from == TCP_ESTABLISHED || from == TCP_CLOSE_WAIT) &&
	       sk->sk_shutdown == SHUTDOWN_MASK && sk->sk_err == 0;
}

SEC("tp_btf/inet_sock_set_state")
int
BPF_PROG(on_state, struct sock *sk, int from, int to)
{
	const __u32 wanted = variables.only_netns;

	if (sk->sk_protocol != IPPROTO_TCP)
		return 0;
	/* Most changes are of other kinds. */
	if (to != TCP_SYN_SENT && from != TCP_SYN_SENT && !is_closed_by_process(sk, from, to))
		return 0;
	if (wanted != 0 && wanted != netns_of(sk))
		return 0;
	if (to == TCP_SYN_SENT)
		keep_opener(sk);
	else if (from == TCP_SYN_SENT)
		report_opener(sk);
	else
		report_closer(sk);
	return 0;
}
