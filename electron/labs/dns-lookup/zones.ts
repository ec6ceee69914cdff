// The names of this small Internet, as zone files: the root, three top-level domains, four domains, and the way back from addresses. All
// are invented for the lab or used as an example, and every IPv4 address in them is a loopback one: nothing is asked of the real DNS.

/** The zone that the user may edit. Its SOA says how long "there is none" may be remembered: its last number (RFC 2308 4). */
export const EXAMPLE_ZONE = `$ORIGIN example.test.
$TTL 300
@     SOA   ns1 hostmaster 2025 3600 600 86400 60
@     NS    ns1
@     NS    ns2
ns1   A     127.0.52.2
ns2   A     127.0.52.3
@     A     127.0.60.1
www   A     127.0.60.2
www   AAAA  2001:db8::60:2
web   CNAME www
shop  CNAME web
@     MX    10 mail
@     MX    20 mail.campus.ac.kr.
mail  A     127.0.60.3
@     TXT   "v=spf1 mx -all"
*.dev A     127.0.60.9
*.dev TXT   "made by a wildcard"
`;

export const ROOT_ZONE = `$ORIGIN .
$TTL 86400
@                   SOA a.root-servers.net. hostmaster.root-servers.net. 2025 1800 900 604800 3600
@                   NS  a.root-servers.net.
a.root-servers.net. A   127.0.50.1
com.                NS  ns.nic.com.
ns.nic.com.         A   127.0.51.1
kr.                 NS  ns.nic.kr.
ns.nic.kr.          A   127.0.51.2
test.               NS  ns.nic.test.
ns.nic.test.        A   127.0.51.3
in-addr.arpa.       NS  ns.in-addr.arpa.
ns.in-addr.arpa.    A   127.0.52.5
`;

export const COM_ZONE = `$ORIGIN com.
$TTL 3600
@         SOA ns.nic hostmaster.nic 2025 1800 900 604800 900
@         NS  ns.nic
ns.nic    A   127.0.51.1
naver     NS  ns1.naver
ns1.naver A   127.0.52.1
`;

/** One server has kr and ac.kr: a dot in a name need not be a border between servers. */
export const KR_ZONE = `$ORIGIN kr.
$TTL 3600
@         SOA ns.nic hostmaster.nic 2025 1800 900 604800 900
@         NS  ns.nic
ns.nic    A   127.0.51.2
ac        NS  ns.nic
`;

/** club has a name server in another part of the tree: no glue, so its address is a lookup within the lookup. */
export const AC_KR_ZONE = `$ORIGIN ac.kr.
$TTL 3600
@         SOA ns.nic.kr. hostmaster.nic.kr. 2025 1800 900 604800 900
@         NS  ns.nic.kr.
campus    NS  ns.campus
ns.campus A   127.0.52.4
club      NS  ns1.naver.com.
`;

/** What is delegated to whom depends on the set-up: the lab adds that. */
export const TEST_ZONE = `$ORIGIN test.
$TTL 3600
@         SOA ns.nic hostmaster.nic 2025 1800 900 604800 900
@         NS  ns.nic
ns.nic    A   127.0.51.3
prize     NS  ns.prize
ns.prize  A   127.0.66.6
`;

export const NAVER_ZONE = `$ORIGIN naver.com.
$TTL 300
@    SOA   ns1 hostmaster 2025 3600 600 86400 60
@    NS    ns1
ns1  A     127.0.52.1
@    A     127.0.60.20
www  A     127.0.60.20
www  A     127.0.60.21
blog CNAME www
@    MX    10 mail
mail A     127.0.60.22
@    TXT   "an invented zone: the real naver.com is not asked"
`;

export const CLUB_ZONE = `$ORIGIN club.ac.kr.
$TTL 300
@    SOA   ns1.naver.com. hostmaster 2025 3600 600 86400 60
@    NS    ns1.naver.com.
@    A     127.0.60.40
www  CNAME www.campus.ac.kr.
`;

export const CAMPUS_ZONE = `$ORIGIN campus.ac.kr.
$TTL 300
@    SOA   ns hostmaster 2025 3600 600 86400 60
@    NS    ns
ns   A     127.0.52.4
@    A     127.0.60.30
www  A     127.0.60.30
mail A     127.0.60.31
@    MX    10 mail
`;

/** From addresses to names: the numbers stand the other way round, so that the tree is cut where networks are (RFC 1035 3.5). */
export const REVERSE_ZONE = `$ORIGIN in-addr.arpa.
$TTL 3600
@             SOA ns hostmaster 2025 3600 600 86400 60
@             NS  ns
ns            A   127.0.52.5
1.60.0.127    PTR example.test.
2.60.0.127    PTR www.example.test.
3.60.0.127    PTR mail.example.test.
20.60.0.127   PTR www.naver.com.
30.60.0.127   PTR www.campus.ac.kr.
53.53.0.127   PTR resolver.example.test.
`;

/** Of the attacker: an honest zone of its own. What its server adds to each answer is the lie. */
export const PRIZE_ZONE = `$ORIGIN prize.test.
$TTL 300
@    SOA   ns hostmaster 2025 3600 600 86400 60
@    NS    ns
ns   A     127.0.66.6
www  A     127.0.66.7
`;

/** What attackers want to be believed: an address where they would answer. */
export const LIE = '127.0.66.99';
