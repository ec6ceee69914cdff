// The help texts of the command line: one for each command and one for all.

export const HELP = `looplab: real TCP and UDP programs on this machine's loopback interface, and every call they make

  looplab list [--json]             the labs
  looplab run <lab> [options]       runs a lab's script to its end and prints what happened
  looplab compare <lab> [options]   runs a lab twice and prints both side by side, differences marked
  looplab serve <lab> [options]     starts a lab's servers, for programs of your own
  looplab decode <file> [options]   the packets of a capture file: lines, chosen fields, or JSON
  looplab har <file> [--json]       the HTTP exchanges of a HAR that a browser or a tool saved
  looplab info <file>...            what is in capture files: packets, times, interfaces, comments, damage
  looplab convert <from> <to>       a capture file in another format: pcap, pcapng, plain or in gzip
  looplab ladder <file> [--json]    what happened in a saved run, or in a capture of other programs
  looplab soak <lab> [options]      runs a lab again and again, and tells whether anything is left behind
  looplab follow <file> [what] <n>  what both ends of a stream said: tcp, udp, tls, http, http2
  looplab exchanges <file>          the HTTP exchanges of a capture file, and where their time went
  looplab <command> --help          more on one command
  looplab --version

Exit status: 0 all is well (run: the lab reached its end), 1 it failed, 2 the command line is wrong, 130 interrupted.
`;

export const LIST_HELP = `looplab list [--json]

  The labs with their titles and parameters.
  --json    one JSON array of {id, group, title, summary, parameters, endpoints, actions}
`;

export const RUN_HELP = `looplab run <lab> [--set name=value]... [--fault relay.fault=value]... [--json | --text] [--payload] [--out file]
                  [--save file] [--record file] [--pcapng file] [--packets which] [--keys] [--har file] [--capture]
                  [--timeout seconds]

  Runs the lab's script to its end and prints what happened.
  --set name=value    a parameter; 'looplab list' names them. May be given several times.
  --fault relay.fault=value
                      what a relay of the lab does from its start, instead of what the lab asks of it: 'relay.delay=20' (ms),
                      'relay.loss=10' (%), 'relay.stalled=true'; 'relay.seed=7' gives other random numbers, and the same seed
                      and the same traffic the same faults. May be given several times; a wrong one lists what there is.
  --text              as a ladder, one moment a line (default)
  --json              as events, one JSON object a line: {"seq", "t_us", "evidence", "kind", "host", "role", "conn", ...}
  --payload           with --json or --out: payload bytes too, in base64
  --out file          also writes the run to a file as JSON, readable by you alone
  --save file         also saves the whole run as a pcapng, readable by you alone: other programs see its packets, Looplab all
  --record file       the same while it happens: every call is in the file at once, whatever becomes of this program
  --pcapng file       also writes the packets alone, for Wireshark
  --packets which     in those files: 'reconstructed' (default), bytes as programs sent them, headers of ours; 'captured', what
                      the kernel carried (needs --capture); 'both' on interfaces of their own; 'none'
  --keys              in those files: the keys of TLS sessions too, if the lab kept them: whoever has the file can read it all
  --har file          also writes the HTTP exchanges as browsers save them, with bodies and cookies, readable by you alone
  --capture           also records what the kernel carries between the lab's hosts, by tcpdump, where you may
  --timeout seconds   how long the script may take (default 60)

Exit status 0 only if the lab reached its end.
`;

export const COMPARE_HELP = `looplab compare <lab> [--set name=value]... [--fault relay.fault=value]... [--with name=value]...
                      [--with-fault relay.fault=value]... [--brief] [--timeout seconds]

  Runs the lab's script twice, the second time with what --with and --with-fault change, and prints both runs side by side: the
  settings and figures that differ, then what each role did. Marks: ≠ says something else, < only left, > only right,
  ~ at another place, t later or earlier than in the other run.
  --set name=value    a parameter of both runs; --fault as for 'looplab run'
  --with name=value   a parameter of the second run; --with-fault likewise
  --brief             leaves out what is the same in both, but for one line beside each difference
  --timeout seconds   how long either script may take (default 60)

Exit status 0 only if both reached their end.
`;

export const SERVE_HELP = `looplab serve <lab> [--set name=value]... [--for seconds] [--json] [--payload]
                    [--record file [--keys] [--packets which]] [--capture] [--share address [--public]]

  Starts the lab's servers and keeps them running until SIGINT or SIGTERM. Prints a JSON line for each endpoint as soon as it
  listens: {"role", "protocol", "address", "port"}.
  --set name=value    a parameter; 'looplab list' names them. May be given several times.
  --for seconds       stops by itself this long after its servers listen
  --record file       writes every call into a pcapng as it happens, readable by you alone; --keys: with the keys of TLS too
  --packets which     of that file, for other programs: reconstructed (default), captured, both, none
  --capture           also records what the kernel carries between the lab's hosts, by tcpdump, where you may
  --share address     opens what the lab serves to the network of that address of this machine, until it ends: every machine of
                      it can connect, without a password. Prints a line for each door, as above and with "shared": true
  --public            with --share: the address may be a public one
  --json              also prints events as they happen, one JSON object a line (they have "seq"; endpoints have not)
  --payload           with --json: payload bytes too, in base64
`;

export const HAR_HELP = `looplab har <file> [--json]

  The HTTP exchanges of a HAR (HTTP Archive 1.2) that a browser or a tool saved: when each began, method, status, bytes of the
  response's body on the wire, how long it took, and where that time went. A dot: it took no such step.
  --json    one JSON object a line: {"start_us", "method", "url", "version", "conn", "status", "outcome", "request_bytes",
            "response_bytes", "time_us", "timing_us": {"blocked", "lookup", "connect", "tls", "send", "wait", "receive"}}

Exit status 1 if it is no HAR, or if an entry of it is none; the others are printed all the same.
`;

export const SOAK_HELP = `looplab soak <lab> [--set name=value]... [--seconds n] [--json]

  Runs the lab's script again and again for a time, or once when it lasts as long, with everything recorded and nothing kept,
  and measures this process: heap after a garbage collection, resident memory, open files, timers and sockets. Then compares
  the first and the last third of that, after a warm-up: their medians between runs, in one long run what is never given back;
  and what is open at the end with what was at first.
  --set name=value    a parameter; 'looplab list' names them. May be given several times.
  --seconds n         how long (default 60, at most 3600)
  --json              one JSON object for each sample, then one with the verdict

Exit status 0 only if nothing grows and no run failed.
`;

export const DECODE_HELP = `looplab decode <file> [--fields a,b,c] [--filter expression] [--keys file] [-d port,protocol]... [-2] [-N dn] [--json]

  The packets of a capture file (pcap or pcapng, plain or gzip), one a line: number, seconds since the first, from → to, protocol,
  bytes on the wire, and what it says. Messages of several packets are told at the packet in which they end.
  --fields a,b,c      instead these fields, by Wireshark's names, as 'tshark -T fields -e' prints them: tabs between fields, commas
                      between several values of one
                      (also the list's columns: _ws.col.No., Time, Source, Destination, Protocol, Length, Info)
  --filter expression only packets that it holds for, in Wireshark's language: 'tcp.port == 80 and http.request'
  --keys file         keys of TLS sessions (a file that SSLKEYLOGFILE names), besides those in the capture
  -d port,protocol    what a port speaks, whatever it stands for: 'tcp.port==8888,http', 'udp.port==5300-5309,dns', 'tcp.port==80,data'.
                      May be given several times.
  -2                  as tshark -2: packets also have what later ones tell of them ('tcp.reassembled_in', 'http.response_in')
  -N dn               names instead of addresses: d, of DNS answers in the capture; n, those that the file brings. Nobody is asked.
  --json              one JSON object a packet: {"number", "time", "source", "destination", "protocol", "length", "info", "trouble",
                      "layers": [{"protocol", "fields": {name: [values]}}]}; with --fields only {name: [values]}

Exit status 1 if the file cannot be read or is damaged: what comes before the damage is printed.
`;
