/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses as the kernel takes and gives them. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_METHOD_SOCKADDR_H
#define SOCKWATCH_COLLECTOR_PROBE_METHOD_SOCKADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <sockwatch/base/address.h>

/* Fills out; returns its length. is_v4: the family of the socket; then :: means 0.0.0.0. */
socklen_t sockaddr_fill(
	const struct address *address, bool is_v4, uint16_t port, struct sockaddr_storage *out);
/* From len bytes as they came, not aligned. ::, when they are not an IP address. */
struct address sockaddr_address(const void *sockaddr, size_t len);
/* The interface for an address that exists on every link; 0: none. 0 or negative errno. */
int sockaddr_set_interface(int fd, uint32_t interface);
uint16_t sockaddr_port(const struct sockaddr_storage *sockaddr);

#endif
