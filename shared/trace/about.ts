// What facts say in their JSON texts, as types: roles, services, TLS sessions. Written by the recorder, read by the fold. What is read
// comes from a file some day, so readers check it.

/** 'relay': stands between a client and a server and does to their bytes what a network might. */
export type RoleKind = 'client' | 'server' | 'relay';

/** A port of the lab that stands for a well-known one. */
export interface Service {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly wellKnown: number;
}

/** As node:tls names them: 'TLSv1.3', 'TLS_AES_128_GCM_SHA256', 'h2'. */
export interface TlsSessionFacts {
  readonly version: string;
  readonly cipher: string;
  /** The protocol that ALPN chose (RFC 7301); '' when none was. */
  readonly alpn: string;
  /** The name that the client asked for (RFC 6066 3); '' when it gave none. */
  readonly serverName: string;
  /** The client found the certificate good; null on the server, which asked for none. */
  readonly authorized: boolean | null;
}
