/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of the help page that follow from no other table; states have theirs in
 * analysis/topic/. */
#include <config.h>

#include "help_words.h"

#include "tui/page.h"

#define IN(page)       (1U << PAGE_##page)
#define IN_TABLES      (IN(SOCKETS) | IN(LISTENERS))
#define COUNT_OF(rows) (sizeof(rows) / sizeof(rows)[0])
#define ENTRIES(rows)  .entries = rows, .count = COUNT_OF(rows)

/* clang-format off */
static const struct help_entry marks[] = {
	{"!", "something is wrong: yellow is worth a look, red stops or loses something now; Enter says what"},
	{"*", "tagged: F9 acts on it"},
	{"+", "new since the last refreshes (green)"},
	{"~", "its state has changed (yellow)"},
	{"x", "it has ended and is shown for some seconds (red), with its last state"},
};

static const struct help_entry cells[] = {
	{"RECV-Q SEND-Q", "bytes that the program has not read yet, that the peer has not acknowledged yet; of a listener: connections that wait for accept, and their limit"},
	{">3s", "at least: it was there before sockwatch began to look"},
	{"nginx/812", "the process that holds the socket, and its pid"},
	{"nginx/812+1", "one more process holds the same socket"},
	{"*:443", "all addresses, of IPv6 and IPv4; 0.0.0.0:443 of IPv4 alone, [::]:443 of IPv6 alone"},
	{"fe80::1%eth0", "an address of that interface; the same one may exist on another"},
	{"postgres: wri~", "the ~ at the end: the rest found no room; Right shows more columns"},
	{"(blank)", "not known, or the kernel does not report it"},
};

static const struct help_entry ownerless[] = {
	{"(orphan)", "the program has closed it or has ended; the kernel finishes the connection alone"},
	{"(time-wait)", "both sides have closed; the kernel keeps it until late segments have died out"},
	{"(request)", "a SYN that was answered and not yet confirmed: no socket yet"},
	{"(not accepted)", "established, but waits in the accept queue of its listener"},
	{"(kernel)", "it has no descriptor, so no process holds it: the kernel has it for itself"},
	{"(hidden)", "no process that can be seen holds it, maybe the kernel does; the page of the socket (Enter) says what is known of that"},
	{"(pending)", "who holds it is still being searched for"},
	{"(exited)", "it is gone, and the process that held it has ended"},
	{"(not seen)", "it was opened and closed between two refreshes: which process held it was not seen"},
	{"nginx/812 (listens)", "the same, but that process listens on its port"},
	{"(not known)", "it is gone, and nothing is known any more of the process that held it"},
	{"(aborted)", "refused or aborted; the kernel had forgotten its peer, so its owner is not known"},
};

static const struct help_entry header[] = {
	{"SYN 0/65", "sockets in SYN-SENT / in SYN-RECEIVED: none connects, 65 peers do"},
	{"FIN 3/30", "sockets in FIN-WAIT-1 / in FIN-WAIT-2"},
	{"CLOSE-WAIT 118!", "the ! says: more than pass by themselves; worth a look"},
	{"118 of 10342", "sockets that pass the filter, of all"},
	{"opened", "connections a second, ours and those of peers (ActiveOpens, PassiveOpens)"},
	{"closed", "connections a second that are no longer established"},
	{"failed", "connections a second that never became established (AttemptFails)"},
	{"reset", "established connections a second that a RST ended (EstabResets)"},
	{"RSTs sent", "segments with RST a second (OutRsts)"},
	{"retransmitted", "segments sent again a second (RetransSegs), and their share of all"},
	{"UDP drops", "datagrams a second that no program got (InErrors)"},
	{"ports 12% to", "of the local ports that connections to this address and port can have, so many are in use; screen 2 has all"},
	{"doctor: 7 not judged", "rows and peers for which doctor had no room in one look: it reports less than there is"},
	{"27 more ended", "ended rows take a quarter of the table at most; these are not shown"},
	{"3 own hidden", "sockwatch's own sockets (probes, questions to name servers); O shows them"},
	{"no answer for 14 s", "the collector hangs or was stopped, and grey rows are old; \"keeper\": nobody starts it again if it ends"},
	{"HELD PAUSED", "H holds the order of the rows; Space stops the screen and the looks at the kernel"},
};

static const struct help_entry listeners[] = {
	{"ListenOverflows", "connections that found the accept queue of their listener full; ListenDrops has those and the SYNs that were dropped. With what comes a second, of all listeners of the namespace together"},
	{"SyncookiesSent", "SYNs that were answered without a place in a queue; Recv: clients that completed so; Failed: ACKs that answered no cookie. The kernel counts cookies by namespace, not by listener: they are those of the listener whose HALF-OPEN is at its limit"},
	{"somaxconn ...", "the settings in force in the namespace of the listener under the cursor"},
	{"HALF-OPEN DROPS", "of this listener: its sockets in SYN-RECEIVED, and what it dropped for either queue (sk_drops)"},
};

static const struct help_entry flags[] = {
	{"[S] [S.] [.]", "SYN, SYN-ACK, ACK; F is FIN, R is RST, P is PSH, as tcpdump writes them"},
	{"in out", "from the peer, to the peer; on lo both ends are here"},
	{"1/3 2/3 3/3", "the steps of the handshake: SYN, SYN-ACK, ACK"},
	{"seq ack +1", "numbers of a connection count from its first SYN"},
	{"again", "the same segment once more: its ACK did not come in time"},
	{"out of order", "overtaken on its way, also by its own repetition; \"or sent again\": nothing shows which"},
	{"x120 ~40 addresses", "so many alike in one line a second, from about so many sources"},
	{"none lost", "the capture had room for all; else how many packets found none"},
	{"5 cut here", "so many came with payload, which sockwatch cut off; of the others the kernel did"},
};

static const struct help_entry hops[] = {
	{"Loss% Snt", "probes without an answer, and how many were sent"},
	{"Last Avg Best Wrst", "times there and back in ms: of the last answer, of all, least, most"},
	{"StDev Jttr", "how much they spread, how much one differs from the next"},
	{"???", "nobody answered from that hop; that alone is no loss, if later hops answer"},
	{"loss of a hop", "a router answers few probes because it has better to do; loss counts where it goes on to the target"},
	{"tcp 443", "probed by SYN to that port; icmp by echo, udp by datagrams"},
};

const struct help_section help_sections[] = {
	{"Marks before a row", IN(SOCKETS), ENTRIES(marks)},
	{"In a row", IN_TABLES, ENTRIES(cells)},
	{"Where no process stands", IN_TABLES | IN(DETAIL), ENTRIES(ownerless)},
	{"States", IN_TABLES | IN(DETAIL), .topics = TOPIC_STATE},
	{"The lines on top", IN_TABLES, ENTRIES(header)},
	{"Above the listeners", IN(LISTENERS), ENTRIES(listeners)},
	{"Flags", IN_TABLES | IN(EVENTS) | IN(DETAIL), ENTRIES(flags)},
	{"Paths", IN(PATHS), ENTRIES(hops)},
};
const size_t help_section_count = COUNT_OF(help_sections);
/* clang-format on */
