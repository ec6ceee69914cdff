// Field types of ICMPv6 (RFC 4443, RFC 4861), as Wireshark has them.

import type { ProtocolSchema } from '../schema';

export const schema: ProtocolSchema = {
  'icmpv6': 'protocol', 'icmpv6.checksum': 'uint16 hex', 'icmpv6.checksum.status': 'uint8', 'icmpv6.code': 'uint8', 'icmpv6.data': 'bytes',
  'icmpv6.echo.identifier': 'uint16 hex', 'icmpv6.echo.sequence_number': 'uint16', 'icmpv6.mld.maximum_response_delay': 'uint16',
  'icmpv6.mld.multicast_address': 'ipv6', 'icmpv6.mldr.mar.aux_data_len': 'uint8', 'icmpv6.mldr.mar.multicast_address': 'ipv6',
  'icmpv6.mldr.mar.nb_sources': 'uint16', 'icmpv6.mldr.mar.record_type': 'uint8', 'icmpv6.mldr.mar.source_address': 'ipv6',
  'icmpv6.mldr.nb_mcast_records': 'uint16', 'icmpv6.mtu': 'uint32', 'icmpv6.nd.na.flag': 'uint32 hex', 'icmpv6.nd.na.flag.o': 'bool', 'icmpv6.nd.na.flag.r': 'bool',
  'icmpv6.nd.na.flag.rsv': 'uint32', 'icmpv6.nd.na.flag.s': 'bool', 'icmpv6.nd.na.target_address': 'ipv6', 'icmpv6.nd.ns.target_address': 'ipv6',
  'icmpv6.nd.ra.cur_hop_limit': 'uint8', 'icmpv6.nd.ra.flag': 'uint8 hex', 'icmpv6.nd.ra.flag.h': 'bool', 'icmpv6.nd.ra.flag.m': 'bool',
  'icmpv6.nd.ra.flag.o': 'bool', 'icmpv6.nd.ra.flag.p': 'bool', 'icmpv6.nd.ra.flag.prf': 'uint8', 'icmpv6.nd.ra.flag.rsv': 'uint8',
  'icmpv6.nd.ra.reachable_time': 'uint32', 'icmpv6.nd.ra.retrans_timer': 'uint32', 'icmpv6.nd.ra.router_lifetime': 'uint16', 'icmpv6.nd.rd.target_address': 'ipv6',
  'icmpv6.ext.echo.req.local': 'bool', 'icmpv6.ext.echo.req.res': 'uint8 hex', 'icmpv6.ext.echo.rsp.active': 'bool', 'icmpv6.ext.echo.rsp.ipv4': 'bool', 'icmpv6.ext.echo.rsp.ipv6': 'bool',
  'icmpv6.ext.echo.rsp.res': 'uint8 hex', 'icmpv6.ext.echo.rsp.state': 'uint8', 'icmpv6.ext.echo.seq': 'uint8', 'icmpv6.length': 'uint8',
  'icmpv6.no_resp': 'none', 'icmpv6.opt': 'none', 'icmpv6.opt.dnssl': 'string', 'icmpv6.opt.dnssl.lifetime': 'uint32', 'icmpv6.opt.length': 'uint8',
  'icmpv6.opt.linkaddr': 'bytes', 'icmpv6.opt.mtu': 'uint32', 'icmpv6.opt.prefix': 'ipv6', 'icmpv6.opt.prefix.flag': 'uint8 hex',
  'icmpv6.opt.prefix.flag.a': 'bool', 'icmpv6.opt.prefix.flag.l': 'bool', 'icmpv6.opt.prefix.flag.r': 'bool', 'icmpv6.opt.prefix.flag.reserved': 'uint8',
  'icmpv6.opt.prefix.length': 'uint8', 'icmpv6.opt.prefix.preferred_lifetime': 'uint32', 'icmpv6.opt.prefix.valid_lifetime': 'uint32', 'icmpv6.opt.rdnss': 'ipv6',
  'icmpv6.opt.rdnss.lifetime': 'uint32', 'icmpv6.opt.reserved': 'none', 'icmpv6.opt.route_lifetime': 'uint32', 'icmpv6.opt.src_linkaddr': 'bytes',
  'icmpv6.opt.target_linkaddr': 'bytes', 'icmpv6.opt.type': 'uint8', 'icmpv6.pointer': 'uint32', 'icmpv6.reserved': 'bytes', 'icmpv6.resp_in': 'frame',
  'icmpv6.resp_to': 'frame', 'icmpv6.resptime': 'double', 'icmpv6.type': 'uint8',
  'icmpv6.mld.flag': 'uint8 hex', 'icmpv6.mld.flag.qrv': 'uint8', 'icmpv6.mld.flag.reserved': 'uint8', 'icmpv6.mld.flag.s': 'bool',
  'icmpv6.mld.maximum_response_code': 'uint16', 'icmpv6.mld.nb_sources': 'uint16', 'icmpv6.mld.qqi': 'uint8', 'icmpv6.mld.source_address': 'ipv6',
  'icmpv6.mldr.mar': 'none', 'icmpv6.mldr.mar.auxiliary_data': 'bytes', 'icmpv6.opt.advertisement_interval': 'uint32', 'icmpv6.opt.captive_portal': 'string',
  'icmpv6.opt.nonce': 'bytes', 'icmpv6.opt.padding': 'none', 'icmpv6.opt.pref64.plc': 'uint16 hex', 'icmpv6.opt.pref64.prefix': 'ipv6',
  'icmpv6.opt.pref64.scaled_lifetime': 'uint16', 'icmpv6.opt.redirected_packet': 'none', 'icmpv6.opt.route_info.flag': 'uint8 hex',
  'icmpv6.opt.route_info.flag.reserved': 'uint8', 'icmpv6.opt.route_info.flag.route_preference': 'uint8', 'icmpv6.rd.na.destination_address': 'ipv6',
  'icmpv6.unknown_data': 'bytes',
  'icmpv6.opt.home_agent_lifetime': 'uint16', 'icmpv6.opt.home_agent_preference': 'uint16',
};
