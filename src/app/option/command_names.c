/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of commands: names, synopses and help. */
#include <config.h>

#include "command_names.h"

#include <stdio.h>
#include <string.h>

#include "suggest.h"

const struct command_row command_rows[COMMAND_COUNT] = {
	[COMMAND_MONITOR] =
		{
			.name = "",
			.synopsis = "[OPTION...] [FILTER]",
			.help = "the interactive monitor",
			.text = "Shows every TCP and UDP socket of this box, live, with its owner and what the kernel knows of its health. "
				"F1 lists the keys.",
		},
	[COMMAND_LIST] =
		{
			.name = "list",
			.synopsis = "[OPTION...] [FILTER]",
			.help = "the sockets, once: text, JSON or CSV",
			.text = "Prints the sockets that pass the filter and ends. "
				"On a terminal the table is fitted to its width; to a file or pipe nothing is cut.",
		},
	[COMMAND_EVENTS] =
		{
			.name = "events",
			.synopsis = "[OPTION...] [FILTER]",
			.help = "TCP flag events as they happen: SYN, FIN, RST, a line each",
			.text = "Prints what opens and closes connections on the wire, with the step of the handshake or close in words "
				"and the process where it is known, until it is interrupted; "
				"then what was seen in all, and how much was lost. "
				"Under a flood equal events of unconfirmed connections are one line a second with their number. "
				"Needs CAP_NET_RAW, but not for a file.",
		},
	[COMMAND_COLLECT] =
		{
			.name = "collect",
			.synopsis = "[OPTION...]",
			.help = "the stream of what the kernel says, on standard output",
			.text = "Writes a recording (a pcap file, which tcpdump -r opens too) to standard output until it is interrupted; "
				"`sockwatch list --from FILE` reads it. "
				"Where standard input is a pipe or a socket, subscriptions are read from it, and its end ends the command.",
		},
	[COMMAND_PROBE] =
		{
			.name = "probe",
			.synopsis = "[OPTION...] HOST",
			.help = "ping and trace in one: every hop to HOST, its delay and loss",
			.text = "Probes every hop on the way to HOST at once, again and again, and shows which answer, how quickly and how reliably. "
				"Loss of a router that hops beyond it do not share is the router's reluctance to answer, and is marked so. "
				"On a terminal it goes on until you quit, with the keys of the monitor's screen of paths, and leaves a report on the terminal. "
				"Works without rights: by ping socket, UDP or connect(); the report names what a right would add.",
		},
	[COMMAND_CONNECT] =
		{
			.name = "connect",
			.synopsis = "[OPTION...] HOST PORT",
			.help = "can I connect: time of the handshake, or why not",
			.text = "Tries a TCP connection to every address of HOST, one after the other, and closes it at once. "
				"Exit status 0 when one could be made, 1 when none could.",
		},
	[COMMAND_RESOLVE] =
		{
			.name = "resolve",
			.synopsis = "[OPTION...] NAME-OR-ADDRESS...",
			.help = "names both ways, with the server that answered and how long it took",
			.text = "Asks for the addresses of names and for the names of addresses, /etc/hosts first, "
				"and says in words what resolv.conf holds. "
				"Exit status 1 when something was not found.",
		},
	[COMMAND_HELP] =
		{
			.name = "help",
			.synopsis = "[COMMAND|fields]",
			.help = "this overview, the help of a command, or the list of fields",
			.text = "Prints the overview, the options of one command, or every field of sockets, events and hops with its meaning.",
		},
};

enum command
command_names_find(const char *name)
{
	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		if (name[0] != '\0' && strcmp(command_rows[command].name, name) == 0)
			return command;
	}
	return COMMAND_COUNT;
}

enum command
command_names_suggest(const char *word)
{
	const char *best = NULL;

	for (enum command command = 0; command < COMMAND_COUNT; command++) {
		if (command_rows[command].name[0] != '\0')
			best = suggest_nearer(word, strlen(word), best, command_rows[command].name);
	}
	return best != NULL ? command_names_find(best) : COMMAND_COUNT;
}

void
command_names_format(enum command command, char *out, size_t size)
{
	snprintf(out, size, "sockwatch%s%s", command == COMMAND_MONITOR ? "" : " ",
		command_rows[command].name);
}
