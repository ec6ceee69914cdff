// The help texts of the commands that read and write capture files.

export const INFO_HELP = `looplab info <file>... [--json]

  What is in capture files, pcap or pcapng, plain or in gzip: format, link types, packets and bytes, first and last time, rates,
  interfaces, comments, names, keys, and where a file is damaged.
  --json    one JSON object a line, times in seconds since 1970 as texts with all nine places:
            {"file", "format", "byte_order", "gzip", "file_bytes", "link_types", "packets", "wire_bytes", "kept_bytes", "first",
            "last", "duration", "strict_order", "interfaces", "comments", "unknown_blocks", "damage", ...}

Exit status 1 if a file is no capture or is damaged; what is before the damage is described all the same.
`;

export const CONVERT_HELP = `looplab convert <from> <to> [--format pcap | pcapng] [--link-type number]

  Writes a capture file again in another format: as the new file's name ends (.pcap, .cap, .pcapng), and compressed if .gz follows.
  A pcapng becomes a pcapng block for block: nothing is lost. What a pcap cannot hold (comments, names, keys, interfaces) is
  named on standard error. Times keep all their places. The new file is there whole or not at all, readable by you alone.
  --format     whatever the name says
  --link-type  which packets a pcap gets when there are several link types; 'looplab info --json' and the error name them

Exit status 1 if the old file is damaged; the new one has what is before the damage.
`;

export const LADDER_HELP = `looplab ladder <file> [--json [--payload]] [--keys file] [-d port,protocol]... [-N dn]

  What happened in a run that was saved or recorded, as 'looplab run' prints it: nothing is opened on the network for it. Of a
  capture of other programs: the segments and datagrams between its addresses, and on each arrow what 'looplab decode' tells of it.
  --json      as events, one JSON object a line; those of captures have "protocol" and "info" too
  --payload   with --json: payload bytes too, in base64
  --keys file, -d port,protocol, -N dn
              of a capture, as for 'looplab decode': keys of TLS, what ports speak, names instead of addresses

Exit status 1 if the file cannot be read, or if it is cut or damaged: what comes before the damage is printed.
`;

export const FOLLOW_HELP = `looplab follow <file> [tcp | udp | tls | http | http2 | websocket] <stream>[,<stream within>] [--as text | hex | raw]
                    [--keys file] [-d port,protocol]... [-N dn]

  What both ends of a stream said, in the order in which it was captured, as 'tshark -q -z follow' prints it: the second end's
  lines are indented by a tab. The stream is its tcp.stream or udp.stream, from 0; of http2 the stream within may follow: 0,3.
  http and http2: heads and contents, with chunks, frames and content codings (gzip, deflate, br) undone; websocket: messages,
  unmasked, of all their frames, and inflated where they were compressed.
  With the number alone: of that stream of TCP what tells most of what its programs said, of those whatever its keys open.
  --as text       each piece after the number of its bytes; what is no sign of ASCII is a dot (default)
  --as hex        offset, bytes in hex, signs
  --as raw        hex digits alone
  --keys file     keys of TLS sessions (a file that SSLKEYLOGFILE names), besides those in the capture
  -d port,protocol
                  what a port speaks, whatever it stands for: 'tcp.port==8888,http'
  -N dn           names instead of addresses: d, of DNS answers in the capture; n, those that the file brings

The beginning of a long stream: 2 MiB. What could not be undone or was cut is named on standard error.
Exit status 1 if the file cannot be read or is damaged: what comes before the damage is printed.
`;

export const EXCHANGES_HELP = `looplab exchanges <file> [--json] [--keys file] [-d port,protocol]...

  The HTTP exchanges of a capture, HTTP/1 and HTTP/2, in clear and under TLS whose keys are known: what was asked and answered,
  the packets of the request and of the response, and where the time went. In the order in which they began.
  connect    from the SYN to the ACK of the SYN-ACK; tls: from the client's first record to the end of the handshake. Both only
             of the first exchange of a connection
  send       the request's bytes; wait: from its last byte to the response's first one; receive: the response's bytes
  ·          not in the capture, or no such step
  cut, reset, unanswered
             the response does not end in the capture, its stream was ended early, there is none
  --json     one JSON object a line, times in microseconds, packets from 1
  --keys file
             keys of TLS sessions (a file that SSLKEYLOGFILE names), besides those in the capture
  -d port,protocol
             what a port speaks, whatever it stands for: 'tcp.port==8888,http'

At most 10,000 exchanges: how many more there are, and connections that were not read to the end, is named on standard error.
Exit status 1 if the file cannot be read or is damaged: what comes before the damage is printed.
`;
