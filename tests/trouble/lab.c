/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two namespaces of the lab, the wire between them, and sockets in both. */
#include <config.h>

#include "lab.h"

#include <arpa/inet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "../program.h"

enum { SKIP = 77 };

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

static void
command(const char *text)
{
	const int status = system(text);

	if (status != 0) {
		fprintf(stderr, "trouble: \"%s\" ended with status %d\n", text, status);
		exit(EXIT_FAILURE);
	}
}

static int
open_tun(const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd;

	snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0) {
		puts("trouble: /dev/net/tun does not work here");
		exit(SKIP);
	}
	return fd;
}

static int
own_namespace(void)
{
	const int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	check(fd >= 0, "/proc/self/ns/net");
	return fd;
}

void
lab_enter(struct lab *lab, enum lab_side side)
{
	if (lab->side == side)
		return;
	check(setns(lab->namespaces[side], CLONE_NEWNET) == 0, "setns");
	lab->side = side;
}

static void
open_far(struct lab *lab)
{
	check(unshare(CLONE_NEWNET) == 0, "unshare");
	lab->namespaces[LAB_FAR] = own_namespace();
	lab->side = LAB_FAR;
	lab->tuns[LAB_FAR] = open_tun("far");
	/* Each address of its nets is its own. Without forwarding, the rest is dropped in silence.
	 */
	command("ip link set lo up && ip link set far txqueuelen 5000 up && "
		"ip addr add 198.51.100.254 dev far && ip addr add 198.18.1.254 dev far && "
		"ip addr add 2001:db8:51::fffe dev far nodad && "
		"ip addr add 2001:db8:18::fffe dev far nodad && "
		"ip route add local 198.51.100.0/24 dev lo && ip route add local 198.18.1.0/24 dev lo && "
		"ip -6 route add local 2001:db8:51::/64 dev lo && "
		"ip -6 route add local 2001:db8:18::/64 dev lo && "
		"ip route add default dev far && ip -6 route add default dev far");
	command("echo 1 >/proc/sys/net/ipv6/ip_nonlocal_bind && "
		"echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter && "
		"echo '10000 65000' >/proc/sys/net/ipv4/ip_local_port_range");
}

static void
open_near(struct lab *lab)
{
	lab_enter(lab, LAB_NEAR);
	lab->tuns[LAB_NEAR] = open_tun("near");
	command("ip link set lo up && ip link set near txqueuelen 5000 up && "
		"ip addr add 192.0.2.1/24 dev near && ip addr add 2001:db8:1::1/64 dev near nodad && "
		"ip route add default dev near && ip -6 route add default dev near");
}

void
lab_open(struct lab *lab, bool six)
{
	lab->six = six;
	lab->namespaces[LAB_NEAR] = own_namespace();
	open_far(lab);
	open_near(lab);
	lab->wire_pid = wire_start(lab->tuns[LAB_NEAR], lab->tuns[LAB_FAR], &lab->wire);
}

void
lab_close(struct lab *lab)
{
	kill(lab->wire_pid, SIGKILL);
	waitpid(lab->wire_pid, NULL, 0);
}

static void
address4(enum lab_net net, unsigned host, struct sockaddr_in *out)
{
	static const char *const texts[] = {
		[LAB_NET_ANY] = "0.0.0.0",
		[LAB_NET_LOOPBACK] = "127.0.0.1",
		[LAB_NET_NEAR] = "192.0.2.1",
		[LAB_NET_BAD] = "198.51.100.0",
		[LAB_NET_GOOD] = "198.18.1.0",
		[LAB_NET_VOID] = "10.113.0.0",
	};

	inet_pton(AF_INET, texts[net], &out->sin_addr);
	if (net >= LAB_NET_BAD)
		out->sin_addr.s_addr = htonl(ntohl(out->sin_addr.s_addr) + host);
}

static void
address6(enum lab_net net, unsigned host, struct sockaddr_in6 *out)
{
	static const char *const texts[] = {
		[LAB_NET_ANY] = "::",
		[LAB_NET_LOOPBACK] = "::1",
		[LAB_NET_NEAR] = "2001:db8:1::1",
		[LAB_NET_BAD] = "2001:db8:51::",
		[LAB_NET_GOOD] = "2001:db8:18::",
		[LAB_NET_VOID] = "2001:db8:113::",
	};

	inet_pton(AF_INET6, texts[net], &out->sin6_addr);
	if (net >= LAB_NET_BAD) {
		out->sin6_addr.s6_addr[13] = (uint8_t)(host >> 16);
		out->sin6_addr.s6_addr[14] = (uint8_t)(host >> 8);
		out->sin6_addr.s6_addr[15] = (uint8_t)host;
	}
}

socklen_t
lab_address(const struct lab *lab, enum lab_net net, unsigned host, uint16_t port,
	union endpoint *endpoint)
{
	*endpoint = (union endpoint){.any.sa_family = lab->six ? AF_INET6 : AF_INET};
	if (lab->six) {
		address6(net, host, &endpoint->v6);
		endpoint->v6.sin6_port = htons(port);
		return sizeof endpoint->v6;
	}
	address4(net, host, &endpoint->v4);
	endpoint->v4.sin_port = htons(port);
	return sizeof endpoint->v4;
}

int
lab_socket(struct lab *lab, enum lab_side side, int type)
{
	int fd;

	lab_enter(lab, side);
	fd = socket(lab->six ? AF_INET6 : AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	lab_enter(lab, LAB_NEAR);
	check(fd >= 0, "socket");
	return fd;
}

int
lab_listen(struct lab *lab, enum lab_side side, enum lab_net net, uint16_t port, int backlog)
{
	const int fd = lab_socket(lab, side, SOCK_STREAM);
	const int on = 1;
	union endpoint local;
	const socklen_t len = lab_address(lab, net, 1, port, &local);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	check(bind(fd, &local.any, len) == 0, "bind");
	check(listen(fd, backlog) == 0, "listen");
	return fd;
}

static int
begin_connect(int fd, const union endpoint *remote, socklen_t len)
{
	int error;

	if (connect(fd, &remote->any, len) == 0 || errno == EINPROGRESS)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int
lab_connect_in(struct lab *lab, enum lab_net net, unsigned host, uint16_t port)
{
	const int fd = lab_socket(lab, LAB_FAR, SOCK_STREAM);
	const int on = 1;
	union endpoint local, remote;
	socklen_t len = lab_address(lab, net, host, 0, &local);
	int connected;

	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
	check(bind(fd, &local.any, len) == 0, "bind on the far side");
	len = lab_address(lab, LAB_NET_NEAR, 0, port, &remote);
	connected = begin_connect(fd, &remote, len);
	check(connected >= 0, "connect on the far side");
	return connected;
}

int
lab_connect_out(struct lab *lab, enum lab_net net, unsigned host, uint16_t port)
{
	union endpoint remote;
	const socklen_t len = lab_address(lab, net, host, port, &remote);

	return begin_connect(lab_socket(lab, LAB_NEAR, SOCK_STREAM), &remote, len);
}

void
lab_inject(const struct lab *lab, const void *packet, size_t len)
{
	check(write(lab->tuns[LAB_NEAR], packet, len) == (ssize_t)len || errno == EAGAIN, "inject");
}

void
lab_sysctl(struct lab *lab, const char *name, const char *value)
{
	char path[256];
	FILE *file;

	lab_enter(lab, LAB_NEAR);
	snprintf(path, sizeof path, "/proc/sys/net/%s", name);
	file = fopen(path, "we");
	check(file != NULL && fputs(value, file) >= 0 && fclose(file) == 0, path);
}
