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
				"On a terminal the table is fitted to its width; to a file or pipe nothing is cut. "
				"With --listeners it prints the listeners of TCP, with their queues, drops and connections; FILTER, --fields and --sort are then about the fields of listeners (FIELDS OF LISTENERS), "
				"and a second look is taken one delay (-d) later where accept_rate or drop_rate is named there: without it they are not known. "
				"With --against it prints what differs between two looks: sockets that came, that went, that are in another state, and those of which a queue, drops or retransmissions grew. "
				"Which look is older decides what came and what went; the filter is then about the fields of what differs.",
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
				"Of a recording --begin and --end choose a part; --write FILE copies its packets that pass into a capture whose packets have their process as comment, for Wireshark (frame.comment). "
				"Needs CAP_NET_RAW, but not for a file.",
		},
	[COMMAND_COLLECT] =
		{
			.name = "collect",
			.synopsis = "[OPTION...]",
			.help = "the stream of what the kernel says, on standard output",
			.text = "Writes a recording (a pcap file, which tcpdump -r opens too) to standard output until it is interrupted; "
				"`sockwatch list --from FILE` reads it. "
				"Where standard input is a pipe or a socket, subscriptions are read from it; once one came, its end ends the command.",
		},
	[COMMAND_RECORD] =
		{
			.name = "record",
			.synopsis = "[OPTION...] FILE",
			.help = "record all that there is to see to FILE, until it is interrupted",
			.text = "Writes a recording, which every command reads with --from FILE and tcpdump reads with -r FILE, or to standard output (-). "
				"FILE is made for you alone (0600) and never overwritten. "
				"With --max-size or --max-age the recording is a ring of files FILE_NUMBER_TIME: each begins with all that is known, so that it opens alone, and the oldest go before the bound is passed; files of an earlier run count too. "
				"What is lost by a crash is the refresh under way. "
				"SIGUSR1 begins the next file of the ring (of a single file, a place from which it is read quickly), SIGUSR2 writes a mark. "
				"Exit status 0 when it ended as asked, 1 when it could not go on or nothing was recorded, 2 when it could not begin.",
		},
	[COMMAND_REPLAY] =
		{
			.name = "replay",
			.synopsis = "[OPTION...] FILE...",
			.help = "the monitor of what was recorded, at any moment of it",
			.text = "Shows a recording with the screens and keys of the monitor, as the box was then, and below the header which moment it is. "
				"It begins with the first snapshot, or with --at TIME, and stands: Space lets time run, [ and ] are the snapshot before and the next, { and } a minute, b asks for a moment, d how fast time runs, ( and ) go to the marks. "
				"FILE is a recording, or a folder of them, as a ring leaves them; several are one span of time, of one host since one boot. "
				"Nothing can be closed, signalled or probed: that was then. "
				"Exit status 2 for a file that is no recording.",
		},
	[COMMAND_PROBE] =
		{
			.name = "probe",
			.synopsis = "[OPTION...] HOST...",
			.help = "ping and trace in one: every hop to HOST, its delay and loss",
			.text = "Probes every hop on the way to HOST at once, again and again, and shows which answer, how quickly and how reliably. "
				"Loss of a router that hops beyond it do not share is the router's reluctance to answer, and is marked so. "
				"On a terminal it goes on until you quit, with the keys of the monitor's screen of paths, and leaves a report on the terminal; several hosts are reported one after the other. "
				"The report ends with what is known of the path as a whole: in text a line each, in JSON an object with the key reached. "
				"Exit status 0 when every target answered at least once, 1 when one did not, 2 when nothing was tried: a host that is not known, an option that cannot be obeyed. "
				"Works without rights: by ping socket, UDP or connect(); the report names what a right would add.",
		},
	[COMMAND_CONNECT] =
		{
			.name = "connect",
			.synopsis = "[OPTION...] HOST PORT",
			.help = "can I connect: time of the handshake, or why not",
			.text = "Tries a TCP connection to every address of HOST, one after the other, and closes it at once. "
				"Exit status 0 when one could be made, 1 when none could, 2 when nothing was tried: a host that is not known, an option that cannot be obeyed.",
		},
	[COMMAND_RESOLVE] =
		{
			.name = "resolve",
			.synopsis = "[OPTION...] NAME-OR-ADDRESS...",
			.help = "names both ways, with the server that answered and how long it took",
			.text = "Asks for the addresses of names and for the names of addresses, in /etc/hosts and of DNS servers as nsswitch.conf orders it (with --server: in /etc/hosts first), "
				"and says in words what resolv.conf and nsswitch.conf hold (in JSON as the last line, with the key resolv_conf). "
				"Exit status 0 when all was found, 1 when something was not, 2 when nothing was tried.",
		},
	[COMMAND_COUNTERS] =
		{
			.name = "counters",
			.synopsis = "[OPTION...] [INTERVAL [COUNT]]",
			.help = "the kernel's counters of sockets, TCP and UDP: totals, and changes a second",
			.text = "Prints the counters that matter once, each with its meaning in words. "
				"With an INTERVAL in seconds it prints columns as vmstat does, first the totals since boot, then every INTERVAL what changed a second, COUNT times or until it is interrupted. "
				"Of a recording the totals are those at --at, or its last; with --begin or --end it prints what changed a second over that time. "
				"Their names are those of /proc/net/snmp and /proc/net/netstat; nstat writes them without the dot. "
				"Those of sockstat for orphans and memory are of the whole machine, all others of the network namespace.",
		},
	[COMMAND_PORTS] =
		{
			.name = "ports",
			.synopsis = "[OPTION...] [FILTER]",
			.help = "local ports used and usable per destination, nearest to the end first",
			.text = "Prints for each destination of outgoing TCP connections (local address, remote address and port) how many local ports of ip_local_port_range it uses, in any state, and how many it can use. "
				"At 100% connect() fails with EADDRNOTAVAIL (99), which no counter of the kernel shows; each destination has a budget of its own. "
				"The rates are measured between two looks that are one delay (-d) apart; with --fields that names none of them one look is enough. "
				"FILTER and --sort are about the fields of destinations (FIELDS OF DESTINATIONS).",
		},
	[COMMAND_METRICS] =
		{
			.name = "metrics",
			.synopsis = "[OPTION...]",
			.help = "figures of the box for Prometheus",
			.text = "Prints counts of sockets, queues, connections of services, use of local ports, round trip times and the findings of doctor in the text format 0.0.4 of Prometheus, once; "
				"with --write into a file for the textfile collector of node_exporter, with --every again and again. "
				"No family has more than --limit series, none has addresses, and what is not known is left out. "
				"Counters of our own (_total) come with --every only, as they begin with this program. "
				"Exit status 0, 1 when it could not look or write (a file that was there stays), 2 for a wrong command line.",
		},
	[COMMAND_DOCTOR] =
		{
			.name = "doctor",
			.synopsis = "[OPTION...] [FILTER]",
			.help = "what is wrong, with evidence, cause and remedy",
			.text = "Looks at the sockets and the kernel's counters for 3 seconds and prints what is wrong, the worst first: by how much, with which figures, why it happens, what to do. "
				"With a FILTER it looks at the sockets that pass it. "
				"Of a recording it judges all, or the time from --begin to --end; then findings that were over by its end are told as well, with when they stood, and count for the exit status. "
				"Exit status 0 when nothing is above info, 1 when something is a warning, 2 when something is critical, 3 when it could not look.",
		},
	[COMMAND_HELP] =
		{
			.name = "help",
			.synopsis = "[COMMAND|fields|WORD]",
			.help = "this overview, the help of a command, the list of fields, or what a word means",
			.text = "Prints the overview, the options of one command, or every field of sockets, events and hops with its meaning. "
				"Of a WORD it says what it is, when it is normal and what many of it mean; a WORD is a state of TCP (CLOSE-WAIT, fin_wait2), a counter of the kernel (ListenDrops, TcpExtTCPTimeouts), a field (rtt, retrans_total) or a rule of doctor (accept-queue).",
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
