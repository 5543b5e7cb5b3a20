/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of options, a row each: name, type and member, config key, default, commands, help. */
#include <config.h>

#include "options.h"

#include <assert.h>

#include <sockwatch/stream/message_probe.h>

/* The place of a member of struct options, which must be of this type. */
#define OF(type, member)                                                                           \
	(offsetof(struct options, member) +                                                        \
		0 * sizeof(&((struct options *)NULL)->member == (type *)NULL))

#define OPTION(long_name, one_letter, value)                                                       \
	.name = long_name, .letter = one_letter, .argument = value
#define SETTING(name)   .key = name
#define DEFAULT(text)   .fallback = text
#define FOR(of_command) .commands = of_command
#define HELP(text)      .help = text

#define ON(member)    .kind = OPTION_ON, .offset = OF(bool, member)
#define OFF(member)   .kind = OPTION_OFF, .offset = OF(bool, member)
#define TEXT(member)  .kind = OPTION_TEXT, .offset = OF(const char *, member)
#define FIELD(member) .kind = OPTION_FIELD, .offset = OF(const struct field *, member)
#define WORD(member)                                                                               \
	.kind = OPTION_WORD, .offset = offsetof(struct options, member),                           \
	.max = sizeof((struct options *)NULL)->member
#define SECONDS(member, min_ms, max_ms)                                                            \
	.kind = OPTION_SECONDS, .offset = OF(uint32_t, member), .min = min_ms, .max = max_ms
#define NUMBER(member, least, most)                                                                \
	.kind = OPTION_NUMBER, .offset = OF(uint32_t, member), .min = least, .max = most
#define BYTES(member, least, most)                                                                 \
	.kind = OPTION_BYTES, .offset = OF(uint64_t, member), .min = least, .max = most
#define ORDER(member, descending)                                                                  \
	.kind = OPTION_ORDER, .offset = OF(const struct field *, member),                          \
	.second = OF(bool, descending)
#define FIELDS(members, count, most)                                                               \
	.kind = OPTION_FIELDS, .offset = OF(const struct field *, members[0]),                     \
	.second = OF(size_t, count), .max = most
#define BIND(members, count, most)                                                                 \
	.kind = OPTION_BIND, .offset = OF(struct settings_bind, members[0]),                       \
	.second = OF(size_t, count), .max = most
#define FORMAT(choice)                                                                             \
	.kind = OPTION_FORMAT, .offset = OF(enum report_format, format), .value = choice
#define ASK(choice)                          .kind = OPTION_ASK, .offset = OF(enum options_ask, ask), .value = choice
#define PICK(member, choice)                 .kind = OPTION_PICK, .offset = OF(int, member), .value = choice
#define PICK_WITH_PORT(member, choice, port) PICK(member, choice), .second = OF(uint16_t, port)

enum {
	EVERYWHERE = (1 << COMMAND_COUNT) - 1,
	MONITOR = 1 << COMMAND_MONITOR,
	LIST = 1 << COMMAND_LIST,
	PROBE = 1 << COMMAND_PROBE,
	CONNECT = 1 << COMMAND_CONNECT,
	EVENTS = 1 << COMMAND_EVENTS,
	RESOLVE = 1 << COMMAND_RESOLVE,
	COUNTERS = 1 << COMMAND_COUNTERS,
	PORTS = 1 << COMMAND_PORTS,
	DOCTOR = 1 << COMMAND_DOCTOR,
	RECORD = 1 << COMMAND_RECORD,
	REPLAY = 1 << COMMAND_REPLAY,
	METRICS = 1 << COMMAND_METRICS,
	NOWHERE = 0, /* in the config only */
};

/* Of so long a table clang-format makes something else with each row that is added. */
/* clang-format off */
const struct option_row option_rows[] = {
	{OPTION("delay", 'd', "SECONDS"), SECONDS(settings.interval_ms, 100, 3600000),
		SETTING("delay"), DEFAULT("1"), FOR(EVERYWHERE),
		HELP("refresh every SECONDS, 0.1 to 3600")},
	{OPTION("numeric", 'n', NULL), ON(settings.numeric), SETTING("numeric"), DEFAULT("no"),
		FOR(EVERYWHERE), HELP("numbers, not names of services and hosts")},
	{ON(settings.names), SETTING("names"), DEFAULT("no"), FOR(NOWHERE),
		HELP("names of hosts in the tables of sockets; the key n switches")},
	{OPTION("netns", 0, "NAME|PID|all"), TEXT(netns), FOR(EVERYWHERE),
		HELP("look into the network namespace of this name (ip netns), of this process, or into all of them")},
	{OPTION("no-color", 0, NULL), OFF(settings.color), SETTING("color"), DEFAULT("yes"),
		FOR(EVERYWHERE), HELP("no colours (so does the environment variable NO_COLOR)")},
	{OPTION("ascii", 0, NULL), ON(settings.ascii), SETTING("ascii"), DEFAULT("no"),
		FOR(EVERYWHERE), HELP("draw with ASCII characters only")},
	{OPTION("read-only", 0, NULL), ON(settings.read_only), SETTING("read_only"), DEFAULT("no"),
		FOR(EVERYWHERE), HELP("no actions: nothing can be closed or signalled")},
	{OPTION("config", 0, "FILE"), TEXT(config_path), FOR(EVERYWHERE),
		HELP("read and save the settings here, not in $XDG_CONFIG_HOME/sockwatch/config")},
	{OPTION("rights", 0, NULL), ASK(OPTIONS_ASK_RIGHTS), FOR(1 << COMMAND_MONITOR),
		HELP("print the rights of each process of the monitor as the kernel has them, and end")},
	{OPTION("version", 'V', NULL), ASK(OPTIONS_ASK_VERSION), FOR(EVERYWHERE),
		HELP("print the version and end")},
	{OPTION("help", 'h', NULL), ASK(OPTIONS_ASK_HELP), FOR(EVERYWHERE),
		HELP("print this help and end")},
	{OPTION("icmp", 0, NULL), PICK(probe.protocol, PROBE_PROTOCOL_ICMP), FOR(PROBE),
		HELP("probe with ICMP echo; the default")},
	{OPTION("udp", 0, "[=PORT]"),
		PICK_WITH_PORT(probe.protocol, PROBE_PROTOCOL_UDP, probe.port), FOR(PROBE),
		HELP("probe with UDP, to port 33434 or PORT")},
	{OPTION("tcp", 0, "[=PORT]"),
		PICK_WITH_PORT(probe.protocol, PROBE_PROTOCOL_TCP, probe.port), FOR(PROBE),
		HELP("probe with TCP SYN, to port 80 or PORT")},
	{OPTION("cycles", 'c', "COUNT"), NUMBER(probe.cycles, 1, UINT32_MAX), FOR(PROBE),
		HELP("end after COUNT cycles; the default is 10 for a report, and no end on a terminal")},
	{OPTION("interval", 'i', "SECONDS"), SECONDS(probe.interval_ms, 20, 3600000), DEFAULT("1"),
		FOR(PROBE), HELP("a cycle every SECONDS, 0.02 to 3600")},
	{OPTION("report", 0, NULL), ON(probe.report), FOR(PROBE),
		HELP("print the figures once, at the end, as mtr does; the default where standard output is not a terminal, and for several targets")},
	{OPTION("ipv4", '4', NULL), PICK(probe.family, 4), FOR(PROBE | CONNECT),
		HELP("IPv4 addresses of the host only")},
	{OPTION("ipv6", '6', NULL), PICK(probe.family, 6), FOR(PROBE | CONNECT),
		HELP("IPv6 addresses of the host only")},
	{OPTION("max-ttl", 0, "HOPS"), NUMBER(probe.max_ttl, 1, 64), DEFAULT("30"), FOR(PROBE),
		HELP("probe no further than this")},
	{OPTION("first-ttl", 0, "HOPS"), NUMBER(probe.first_ttl, 1, 64), DEFAULT("1"), FOR(PROBE),
		HELP("begin with this hop")},
	{OPTION("flows", 0, "COUNT"), NUMBER(probe.flows, 1, 16), DEFAULT("1"), FOR(PROBE),
		HELP("this many flows in parallel, to see the paths among which routers choose")},
	{OPTION("router-rate", 0, "COUNT"), NUMBER(probe.router_rate, 1, 1000), DEFAULT("1"),
		FOR(PROBE),
		HELP("ask a router at most COUNT times a second; routers that run Linux answer no more than one")},
	{OPTION("size", 0, "BYTES"), NUMBER(probe.size, 8, 9000), DEFAULT("32"), FOR(PROBE),
		HELP("payload of an ICMP or UDP probe")},
	{OPTION("mtu", 0, NULL), ON(probe.dont_fragment), FOR(PROBE),
		HELP("search for the MTU of the path: packets that no router may fragment, by ICMP of all sizes beside the small probes; by UDP, or with --size, the probes themselves are as large as the interface takes or as --size says, then as large as the routers say; shows where the path is narrow")},
	{OPTION("source", 0, "ADDRESS"), TEXT(probe.source), FOR(PROBE | CONNECT),
		HELP("send from this address of the box")},
	{OPTION("interface", 'I', "IFACE"), TEXT(probe.interface), FOR(PROBE | CONNECT),
		HELP("send by this interface, whatever the routes say")},
	{OPTION("tos", 0, "NUMBER"), NUMBER(probe.tos, 0, 255), DEFAULT("0"), FOR(PROBE),
		HELP("type of service (IPv4) or traffic class (IPv6) of the probes, 0 to 255 or 0x00 to 0xff; DSCP 46 is 184")},
	{OPTION("mark", 0, "NUMBER"), NUMBER(probe.mark, 0, UINT32_MAX), DEFAULT("0"), FOR(PROBE),
		HELP("firewall mark of the probes, by which routing rules may choose; needs CAP_NET_RAW, before Linux 5.17 CAP_NET_ADMIN")},
	{OPTION("all", 'a', NULL), ON(probe.all), FOR(PROBE),
		HELP("probe every address of each host, not only the first")},
	{OPTION("timeout", 0, "SECONDS"), SECONDS(probe.timeout_ms, 50, 60000),
		FOR(PROBE | CONNECT),
		HELP("wait this long for an answer; the default is 5 s for a probe, 10 s for a connect")},
	{OPTION("server", 0, "ADDRESS[:PORT]"), TEXT(server), FOR(RESOLVE),
		HELP("ask this DNS server, not those of /etc/resolv.conf")},
	{OPTION("json", 0, NULL), FORMAT(REPORT_JSON),
		FOR(LIST | EVENTS | PROBE | CONNECT | RESOLVE | COUNTERS | PORTS | DOCTOR),
		HELP("JSON Lines: an object a line, without what is unknown")},
	{OPTION("count", 0, "N"), NUMBER(count, 1, UINT32_MAX), FOR(EVENTS),
		HELP("end after N lines")},
	{OPTION("for", 0, "SECONDS"), SECONDS(for_ms, 0, UINT32_MAX), FOR(EVENTS | DOCTOR | RECORD),
		HELP("end after SECONDS; doctor looks for 3 without it, and once for 0")},
	{OPTION("max-size", 0, "BYTES"), BYTES(record.max_bytes, 1 << 20, UINT64_C(1) << 50),
		FOR(RECORD),
		HELP("a ring of files that together never take more; k, M, G and T are powers of 1024")},
	{OPTION("max-age", 0, "SECONDS"), SECONDS(record.max_age_ms, 60000, UINT32_MAX),
		FOR(RECORD),
		HELP("a ring of files; those that are older are removed; 12h and 7d are read too")},
	{OPTION("files", 0, "N"), NUMBER(record.files, 2, 1000), DEFAULT("8"), FOR(RECORD),
		HELP("so many files in the ring, 2 to 1000")},
	{OPTION("no-events", 0, NULL), ON(record.no_events), FOR(RECORD),
		HELP("no packets, and not who opened and closed connections: the file is half as large")},
	{OPTION("append", 0, NULL), ON(record.append), FOR(RECORD),
		HELP("go on behind the recording that FILE is")},
	{OPTION("force", 0, NULL), ON(record.force), FOR(RECORD), HELP("replace FILE")},
	{OPTION("openmetrics", 0, NULL), ON(metrics.openmetrics), FOR(METRICS),
		HELP("OpenMetrics 1.0, not the text format 0.0.4 that the textfile collector of node_exporter reads")},
	{OPTION("write", 0, "FILE"), TEXT(metrics.write), FOR(METRICS),
		HELP("into this file, whole or not at all; its name ends in .prom")},
	{OPTION("write", 0, "FILE"), TEXT(write), FOR(EVENTS),
		HELP("with --from or --read: not lines, but a capture (pcapng) of the packets that pass, each with its process as comment; FILE must be new")},
	{OPTION("every", 0, "SECONDS"), SECONDS(metrics.every_ms, 1000, 3600000), FOR(METRICS),
		HELP("with --write: stay, and renew the file every SECONDS, 1 to 3600; at the end it is removed, or emptied where only root could remove it")},
	{OPTION("limit", 0, "N"), NUMBER(metrics.limit, 2, 2000), DEFAULT("100"), FOR(METRICS),
		HELP("series of a family at most, 2 to 2000; the rest is one series \"other\"")},
	{OPTION("quiet", 'q', NULL), ON(record.quiet), FOR(RECORD),
		HELP("no line of state while it records")},
	{OPTION("rule", 0, "NAME,..."), TEXT(rules), FOR(DOCTOR),
		HELP("judge by these rules and no others")},
	{OPTION("baseline", 0, "FILE"), WORD(settings.baseline), SETTING("baseline"),
		DEFAULT("none"), FOR(MONITOR | DOCTOR),
		HELP("what is known on this box: doctor reports listeners, programs that connect out and destinations that are not in FILE, and not those that are new since the start; in the config a name without / is beside it")},
	{OPTION("save-baseline", 0, NULL), ON(save_baseline), FOR(DOCTOR),
		HELP("look, add what is open now and not in the baseline to its FILE, and end")},
	{OPTION("list", 0, NULL), ON(list_rules), FOR(DOCTOR),
		HELP("print the rules, what each needs, and its thresholds; then end")},
	{OPTION("interface", 'i', "IFACE"), TEXT(interface), FOR(EVENTS),
		HELP("only what passes this interface")},
	{OPTION("data", 0, NULL), ON(data), FOR(EVENTS | RECORD),
		HELP("all TCP segments, not only SYN, FIN and RST")},
	{OPTION("tunnels", 0, NULL), ON(tunnels), FOR(EVENTS),
		HELP("look into GRE, IP in IP, VXLAN, Geneve and GTP-U too; all of their packets are read, which costs more (a capture file is always looked into)")},
	{OPTION("read", 'r', "FILE"), TEXT(read), FOR(EVENTS),
		HELP("read a capture file (pcap, pcapng) or a recording instead of what happens now; - is standard input")},
	{OPTION("csv", 0, NULL), FORMAT(REPORT_CSV), FOR(LIST | PROBE | COUNTERS | PORTS | DOCTOR),
		HELP("comma-separated values with a line of headings")},
	{OPTION("sort", 0, "FIELD[:asc|desc]"), ORDER(sort, sort_descending), FOR(LIST | PORTS),
		HELP("order by this field; the default is the kernel's order, of ports nearest to the end first")},
	{OPTION("fields", 0, "FIELD,..."), FIELDS(fields, field_count, OPTIONS_FIELDS_MAX),
		FOR(LIST | PORTS),
		HELP("these fields in this order, or a set of them by its name (`sockwatch help fields` lists both)")},
	{OPTION("fields", 0, "NAME,..."), TEXT(counters), FOR(COUNTERS),
		HELP("these counters and no others, by the kernel's names: Tcp.ActiveOpens, TcpExtListenDrops as nstat has it, or ListenDrops; in the order given")},
	{OPTION("listeners", 0, NULL), ON(listeners), FOR(LIST),
		HELP("the listeners of TCP with their queues, drops and connections, not all sockets")},
	{OPTION("group", 0, "FIELD"), FIELD(group), FOR(LIST),
		HELP("one row for all sockets that have this field in common, with sums")},
	{OPTION("from", 0, "FILE"), TEXT(from), FOR(LIST | EVENTS | COUNTERS | PORTS | DOCTOR | METRICS),
		HELP("show what a recording holds instead of what is now; - is standard input")},
	{OPTION("all", 'a', NULL), ON(all_counters), FOR(COUNTERS),
		HELP("every counter that the kernel printed, but those at 0")},
	{OPTION("no-first", 0, NULL), ON(no_first), FOR(COUNTERS),
		HELP("with an INTERVAL: without the line of totals since boot")},
	{OPTION("at", 0, "TIME"), TEXT(at), FOR(LIST | COUNTERS | PORTS | METRICS | REPLAY),
		HELP("show the last snapshot of the recording that was complete at this time; RFC 3339, HH:MM:SS (the first from its start on), \"yesterday HH:MM\", +90 or +1h30m after its start, -5m before its end, or @SECONDS since 1970")},
	{OPTION("begin", 0, "TIME"), TEXT(begin), FOR(EVENTS | COUNTERS | DOCTOR),
		HELP("of the recording only what was from this time on; as --at has it")},
	{OPTION("end", 0, "TIME"), TEXT(end), FOR(EVENTS | COUNTERS | DOCTOR),
		HELP("of the recording only what was until this time")},
	{OPTION("against", 0, "FILE|TIME"), TEXT(against), FOR(LIST),
		HELP("what differs between two looks: what is now, or the recording of --from, and this recording, or the one of --from at this TIME (as --at has it)")},
	{OPTION("speed", 0, "X"), TEXT(speed), FOR(REPLAY),
		HELP("how fast it runs: 0.1 to 100, or max; 1 without it")},
	{.argument = "FIELD,...",
		FIELDS(settings.columns, settings.column_count, SETTINGS_COLUMNS_MAX),
		SETTING("columns"),
		DEFAULT("default"),
		FOR(NOWHERE),
		HELP("the monitor's columns: fields, or the name of a set")},
	{.argument = "FIELD[:asc|desc]",
		ORDER(settings.sort, settings.sort_descending),
		SETTING("sort"),
		DEFAULT("trouble"),
		FOR(NOWHERE),
		HELP("the monitor's order; trouble: the worst first, then by process and port; none: as the sockets came")},
	{.argument = "FIELD",
		FIELD(settings.group),
		SETTING("group"),
		DEFAULT("none"),
		FOR(NOWHERE),
		HELP("the monitor's grouping, or none")},
	{.argument = "NAME",
		WORD(settings.theme),
		SETTING("theme"),
		DEFAULT("default"),
		FOR(NOWHERE),
		HELP("the colours: a name that the setup screen (F2) offers")},
	{.argument = "NAME",
		WORD(settings.user),
		SETTING("user"),
		DEFAULT("default"),
		FOR(NOWHERE),
		HELP("when root itself started the program: the user of /etc/passwd that it becomes; default is the one it was built with, usually nobody")},
	{.argument = "SECONDS",
		SECONDS(settings.linger_ms, 0, 600000),
		SETTING("linger"),
		DEFAULT("5"),
		FOR(NOWHERE),
		HELP("how long a closed socket stays on the screen, 0 to 600")},
	{.argument = "BYTES",
		BYTES(settings.past_bytes, 0, UINT64_C(1) << 40),
		SETTING("past"),
		DEFAULT("64M"),
		FOR(NOWHERE),
		HELP("so much of what was seen is kept in memory, for the key [ ; 0: nothing")},
	{ON(settings.events), SETTING("events"), DEFAULT("yes"), FOR(NOWHERE),
		HELP("the pane of flag events stands below the table from the start, where the screen has 34 lines and capturing is permitted")},
	{ON(settings.own), SETTING("own"), DEFAULT("no"), FOR(NOWHERE),
		HELP("the sockets of sockwatch itself stand in the table and in its totals")},
	{ON(settings.has_doctor), SETTING("doctor"), DEFAULT("yes"), FOR(NOWHERE),
		HELP("the monitor judges what it sees (findings in the header and on screen 6)")},
	{ON(settings.mouse), SETTING("mouse"), DEFAULT("yes"), FOR(NOWHERE),
		HELP("the mouse selects and scrolls")},
	{.argument = "KEY ACTION",
		BIND(settings.binds, settings.bind_count, SETTINGS_BINDS_MAX),
		SETTING("bind"),
		FOR(NOWHERE),
		HELP("one line for each key, without an equals sign; the names are those of KEYS")},
};
/* clang-format on */

const size_t option_row_count = sizeof option_rows / sizeof option_rows[0];
static_assert(sizeof option_rows / sizeof option_rows[0] <= OPTIONS_ROWS_MAX, "mask of rows given");
