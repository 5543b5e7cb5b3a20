/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "zoo_peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, PACKET_MAX = 2048, TCP_HEADER = 20 };

/* Where things are in a packet of either family. */
struct segment {
	bool v6;
	const uint8_t *ip;
	const uint8_t *tcp;
	unsigned payload;
};

static uint16_t
get16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static uint32_t
get32(const uint8_t *bytes)
{
	return (uint32_t)get16(bytes) << 16 | get16(bytes + 2);
}

static void
put16(uint8_t *bytes, unsigned value)
{
	bytes[0] = (uint8_t)(value >> 8);
	bytes[1] = (uint8_t)value;
}

static void
put32(uint8_t *bytes, uint32_t value)
{
	put16(bytes, value >> 16);
	put16(bytes + 2, value & 0xffff);
}

static uint32_t
sum(const uint8_t *bytes, unsigned len, uint32_t start)
{
	for (unsigned i = 0; i + 1 < len; i += 2)
		start += get16(bytes + i);
	if (len % 2)
		start += (uint32_t)bytes[len - 1] << 8;
	return start;
}

static uint16_t
fold(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return (uint16_t)~total;
}

/* The peer is .2, the kernel .1. */
static unsigned
write_ip(uint8_t *packet, bool v6, unsigned tcp_len)
{
	if (v6) {
		packet[0] = 0x60;
		put16(packet + 4, tcp_len);
		packet[6] = 6;
		packet[7] = 64;
		inet_pton(AF_INET6, PEER_NET6 "2", packet + 8);
		inet_pton(AF_INET6, PEER_NET6 "1", packet + 24);
		return 40;
	}
	packet[0] = 0x45;
	put16(packet + 2, 20 + tcp_len);
	packet[8] = 64;
	packet[9] = 6;
	inet_pton(AF_INET, PEER_NET4 "2", packet + 12);
	inet_pton(AF_INET, PEER_NET4 "1", packet + 16);
	put16(packet + 10, fold(sum(packet, 20, 0)));
	return 20;
}

static void
send_segment(const struct peer *peer, const struct peer_connection *connection, uint32_t seq,
	uint32_t ack, unsigned flags, unsigned payload)
{
	uint8_t packet[PACKET_MAX] = {0};
	unsigned len = TCP_HEADER + payload;
	unsigned ip = write_ip(packet, connection->v6, len);
	uint8_t *tcp = packet + ip;

	put16(tcp, connection->peer_port);
	put16(tcp + 2, connection->kernel_port);
	put32(tcp + 4, seq);
	put32(tcp + 8, flags & ACK ? ack : 0);
	tcp[12] = TCP_HEADER / 4 << 4;
	tcp[13] = (uint8_t)flags;
	put16(tcp + 14, connection->script->zero_window && !(flags & SYN) ? 0 : 65535);
	memset(tcp + TCP_HEADER, 'z', payload);
	uint32_t pseudo = connection->v6 ? sum(packet + 8, 32, 0) : sum(packet + 12, 8, 0);
	put16(tcp + 16, fold(sum(tcp, len, pseudo + 6 + len)));
	if (write(peer->tun, packet, ip + len) < 0)
		perror("zoo: write to the TUN device");
}

struct peer_connection *
peer_find(struct peer *peer, bool v6, uint16_t kernel_port, uint16_t peer_port)
{
	for (unsigned i = 0; i < peer->capacity && peer->connections[i].used; i++) {
		struct peer_connection *connection = &peer->connections[i];
		if (connection->v6 == v6 && connection->kernel_port == kernel_port &&
			connection->peer_port == peer_port)
			return connection;
	}
	return NULL;
}

static struct peer_connection *
add(struct peer *peer, bool v6, uint16_t kernel_port, uint16_t peer_port)
{
	const struct peer_script *script = zoo_script(peer_port);
	for (unsigned i = 0; script && i < peer->capacity; i++) {
		struct peer_connection *connection = &peer->connections[i];
		if (connection->used)
			continue;
		*connection = (struct peer_connection){
			.used = true,
			.v6 = v6,
			.kernel_port = kernel_port,
			.peer_port = peer_port,
			.send_next = 1000000,
			.script = script,
		};
		return connection;
	}
	return NULL;
}

static void
acknowledge(struct peer *peer, struct peer_connection *connection)
{
	send_segment(peer, connection, connection->send_next, connection->receive_next, ACK, 0);
}

static void
send_fin(struct peer *peer, struct peer_connection *connection)
{
	send_segment(
		peer, connection, connection->send_next, connection->receive_next, FIN | ACK, 0);
	connection->send_next++;
	connection->sent_fin = true;
}

/* The kernel's SYN, first or repeated. */
static void
on_syn(struct peer *peer, struct peer_connection *connection, uint32_t seq)
{
	connection->receive_next = seq + 1;
	if (connection->script->answer == PEER_ANSWER_SYN)
		send_segment(peer, connection, 1000000, 0, SYN, 0);
	else if (connection->script->answer == PEER_ANSWER_SYN_ACK)
		send_segment(peer, connection, 1000000, seq + 1, SYN | ACK, 0);
	connection->send_next = 1000001;
}

static void
on_established(struct peer *peer, struct peer_connection *connection)
{
	const struct peer_script *script = connection->script;
	connection->established = true;
	if (script->zero_window)
		acknowledge(peer, connection);
	if (script->sends) {
		send_segment(peer, connection, connection->send_next, connection->receive_next,
			PSH | ACK, script->sends);
		connection->send_next += script->sends;
	}
	if (script->fin == PEER_FIN_AT_ONCE)
		send_fin(peer, connection);
}

static void
on_fin(struct peer *peer, struct peer_connection *connection, uint32_t seq)
{
	const struct peer_script *script = connection->script;
	bool first = !connection->saw_fin;
	connection->saw_fin = true;
	if (script->fin == PEER_FIN_CROSSING && first)
		send_fin(peer, connection); /* acknowledges only what came before their FIN */
	if (script->ignore_fin)
		return;
	connection->receive_next = seq + 1;
	acknowledge(peer, connection);
	if (script->fin == PEER_FIN_AFTER_OURS && first)
		send_fin(peer, connection);
}

/* The kernel answered an unanswered SYN with SYN-ACK. */
static void
on_syn_ack(struct peer *peer, struct peer_connection *connection, uint32_t seq)
{
	if (!connection->script->completes)
		return;
	connection->receive_next = seq + 1;
	connection->send_next = 1000001;
	connection->established = true;
	acknowledge(peer, connection);
}

static void
on_segment(struct peer *peer, const struct segment *segment)
{
	uint16_t kernel_port = get16(segment->tcp), peer_port = get16(segment->tcp + 2);
	uint32_t seq = get32(segment->tcp + 4);
	uint8_t flags = segment->tcp[13];
	struct peer_connection *connection = peer_find(peer, segment->v6, kernel_port, peer_port);

	if (connection == NULL && (flags & (SYN | ACK | RST)) == SYN)
		connection = add(peer, segment->v6, kernel_port, peer_port);
	if (connection == NULL || (flags & RST))
		return;
	if (connection->script->unanswered_syns) {
		if ((flags & (SYN | ACK)) == (SYN | ACK))
			on_syn_ack(peer, connection, seq);
		return;
	}
	if ((flags & (SYN | ACK)) == SYN) {
		on_syn(peer, connection, seq);
		return;
	}
	if (connection->script->answer != PEER_ANSWER_SYN_ACK)
		return;
	if (!connection->established)
		on_established(peer, connection);
	if (segment->payload) {
		connection->saw_data = true;
		if (!connection->script->ignore_data && !connection->script->zero_window) {
			connection->receive_next = seq + segment->payload;
			acknowledge(peer, connection);
		}
	}
	if (flags & FIN)
		on_fin(peer, connection, seq + segment->payload);
}

/* false: not a TCP segment of ours. */
static bool
dissect(const uint8_t *packet, unsigned len, struct segment *segment)
{
	*segment = (struct segment){.v6 = packet[0] >> 4 == 6, .ip = packet};
	unsigned ip = segment->v6 ? 40 : (packet[0] & 15u) * 4;
	if (len < ip + TCP_HEADER || (segment->v6 ? packet[6] : packet[9]) != 6)
		return false;
	segment->tcp = packet + ip;
	unsigned total = segment->v6 ? 40u + get16(packet + 4) : get16(packet + 2);
	unsigned header = (segment->tcp[12] >> 4) * 4u;
	if (total > len || total < ip + header)
		return false;
	segment->payload = total - ip - header;
	return true;
}

void
peer_pump(struct peer *peer, int milliseconds)
{
	uint8_t packet[PACKET_MAX];
	struct pollfd ready = {.fd = peer->tun, .events = POLLIN};
	struct segment segment;

	while (poll(&ready, 1, milliseconds) > 0) {
		ssize_t len = read(peer->tun, packet, sizeof packet);
		if (len > 20 && dissect(packet, (unsigned)len, &segment))
			on_segment(peer, &segment);
		milliseconds = 0;
	}
}

void
peer_syn(struct peer *peer, bool v6, uint16_t peer_port, uint16_t kernel_port)
{
	struct peer_connection *connection = peer_find(peer, v6, kernel_port, peer_port);
	if (connection == NULL)
		connection = add(peer, v6, kernel_port, peer_port);
	if (connection != NULL)
		send_segment(peer, connection, 1000000, 0, SYN, 0);
}

void
peer_repeat_fins(struct peer *peer)
{
	for (unsigned i = 0; i < peer->capacity && peer->connections[i].used; i++) {
		struct peer_connection *connection = &peer->connections[i];
		if (connection->script->repeat_fin && connection->sent_fin)
			send_segment(peer, connection, connection->send_next - 1,
				connection->receive_next, FIN | ACK, 0);
	}
}

int
peer_open(struct peer *peer, unsigned capacity)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	strcpy(request.ifr_name, "zoo0");
	peer->capacity = capacity;
	peer->connections = calloc(capacity, sizeof *peer->connections);
	peer->tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (!peer->connections || peer->tun < 0 || ioctl(peer->tun, TUNSETIFF, &request)) {
		fprintf(stderr, "zoo: TUN device: %s\n", strerror(errno));
		return -1;
	}
	if (system("ip link set lo up && ip link set zoo0 up txqueuelen 10000 &&"
		   " ip addr add " PEER_NET4 "1/24 dev zoo0 &&"
		   " ip -6 addr add " PEER_NET6 "1/64 dev zoo0 nodad")) {
		fprintf(stderr, "zoo: ip(8) could not set the addresses\n");
		return -1;
	}
	return 0;
}
