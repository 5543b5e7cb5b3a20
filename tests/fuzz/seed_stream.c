/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the inputs of fuzz_stream that are streams of our own, into the directory given: every
 * message with every attribute, and a dump. To be run by hand when a message is added.
 */
#include <config.h>

#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sockwatch/stream/stream.h>

#include "seed_fill.h"

enum { LIMIT = 1024 * 1024, SOCKETS = 3, SOCKET_BYTES = 76 };

static struct stream_writer *
create(const char *directory, const char *name)
{
	char path[4096];
	struct stream_writer *writer;
	int fd;

	snprintf(path, sizeof path, "%s/%s.pcap", directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	writer = stream_writer_new(fd, LIMIT);
	if (fd < 0 || writer == NULL) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	return writer;
}

static void
write_messages(const char *directory)
{
	struct stream_writer *const writer = create(directory, "messages");

	for (unsigned type = 0; type < SEED_FILL_TYPES; type++) {
		union message_body body;

		if (message_layout(type) == NULL)
			continue;
		seed_fill(message_layout(type), &body);
		stream_write_message(writer, (enum message_type)type, &body);
	}
	stream_flush(writer);
	stream_writer_free(writer);
}

static void
write_dump(const char *directory)
{
	struct stream_writer *const writer = create(directory, "dump");
	struct {
		struct nlmsghdr header;
		uint8_t body[SOCKET_BYTES];
	} socket = {.header = {.nlmsg_len = sizeof socket, .nlmsg_type = 20}};
	const struct message_hello hello = {.format = MESSAGE_FORMAT};
	const struct message_dump_begin begin = {.netns = 1, .protocols = PROTOCOL_TCP, .full = 1};
	const struct message_dump_end end = {.netns = 1, .protocols = PROTOCOL_TCP, .complete = 1};

	stream_write_message(writer, MESSAGE_HELLO, &hello);
	stream_write_message(writer, MESSAGE_DUMP_BEGIN, &begin);
	stream_diag_begin(writer, 1, 1);
	for (uint8_t i = 0; i < SOCKETS; i++) {
		socket.body[0] = 2;
		socket.body[1] = (uint8_t)(i + 1);
		stream_diag_add(writer, &socket, sizeof socket);
	}
	stream_diag_end(writer);
	stream_write_message(writer, MESSAGE_DUMP_END, &end);
	stream_flush(writer);
	stream_writer_free(writer);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return EXIT_FAILURE;
	}
	write_messages(argv[1]);
	write_dump(argv[1]);
	return EXIT_SUCCESS;
}
