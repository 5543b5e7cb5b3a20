/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What callers.bpf.c reads of the running kernel. Each struct has only the members that are read;
 * libbpf moves their offsets to where the running kernel's BTF has them (preserve_access_index), so
 * neither this kernel's headers nor a generated vmlinux.h are needed. Names and constants are the
 * kernel's; the constants are part of its interface.
 */
#ifndef SOCKWATCH_COLLECTOR_BPF_BPF_KERNEL_H
#define SOCKWATCH_COLLECTOR_BPF_BPF_KERNEL_H

/* libbpf's headers expect the names of linux/types.h, which needs headers of one architecture. */
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed int __s32;
typedef signed long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;

#define NULL ((void *)0)

/* linux/bpf.h */
enum { BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_RINGBUF = 27 };
enum { BPF_ANY = 0, BPF_RB_NO_WAKEUP = 1, BPF_RB_FORCE_WAKEUP = 2 };
/* linux/in.h, linux/socket.h, linux/sched.h */
enum { IPPROTO_TCP = 6, AF_INET = 2, PF_KTHREAD = 0x00200000, SHUTDOWN_MASK = 3 };
/* net/tcp_states.h */
enum {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT = 2,
	TCP_FIN_WAIT1 = 4,
	TCP_CLOSE = 7,
	TCP_CLOSE_WAIT = 8,
	TCP_LAST_ACK = 9,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	__u32 inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct in6_addr {
	union {
		__u32 u6_addr32[4];
	} in6_u;
};

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_family;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
	__u8 sk_shutdown;
	int sk_err;
};

struct inet_sock {
	__be16 inet_sport;
};

struct pid_namespace {
	struct ns_common ns;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct task_struct {
	unsigned int flags;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	char comm[16];
};

#pragma clang attribute pop

#endif
