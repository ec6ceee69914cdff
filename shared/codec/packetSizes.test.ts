import { describe, expect, it } from 'vitest';
import { announcedMss, ETHERNET_MTU, largestDatagram, tcpCut, TIMESTAMPS, udpCut } from './packetSizes';

const sizes = (cut: ReturnType<typeof udpCut>): number[] => (cut === null ? [] : cut.pieces.map(({ size }) => size));

describe('TCP', () => {
  it('announces what its link takes, less headers', () => expect([announcedMss(1500, 4), announcedMss(1500, 6), announcedMss(65_536, 4)]).toEqual([1460, 1440, 65_495]));

  it('cuts a stream at that, less the options of each segment', () => {
    expect(sizes(tcpCut(3000, ETHERNET_MTU, 4, 0))).toEqual([1460, 1460, 80]);
    expect(tcpCut(3000, ETHERNET_MTU, 4, TIMESTAMPS)).toMatchObject({ most: 1448, pieces: [{ offset: 0, size: 1448, packet: 1500 }, { offset: 1448, packet: 1500 }, { offset: 2896, size: 104, packet: 156 }], packets: 3156, headers: 156 });
  });

  it('has a segment for nothing too', () => expect(tcpCut(0, ETHERNET_MTU, 4, 0)).toMatchObject({ pieces: [{ offset: 0, size: 0, packet: 40 }], headers: 40 }));
});

describe('UDP', () => {
  it('goes in one packet while it fits', () => expect(udpCut(1472, ETHERNET_MTU, 4)).toMatchObject({ pieces: [{ offset: 0, size: 1472, packet: 1500 }], headers: 28 }));

  it('is cut into fragments of multiples of eight; the first has the UDP header', () => {
    expect(udpCut(1473, ETHERNET_MTU, 4)?.pieces).toEqual([{ offset: 0, size: 1472, packet: 1500 }, { offset: 1472, size: 1, packet: 21 }]);
    expect(udpCut(4000, ETHERNET_MTU, 4)).toMatchObject({ most: 1480, headers: 68 });
    expect(sizes(udpCut(4000, ETHERNET_MTU, 4))).toEqual([1472, 1480, 1048]);
    expect(udpCut(4000, ETHERNET_MTU, 6)?.pieces.map(({ packet }) => packet)).toEqual([1496, 1496, 1160]);
  });

  it('has an end, where the system says EMSGSIZE', () => {
    expect([largestDatagram(4), largestDatagram(6)]).toEqual([65_507, 65_527]);
    expect(udpCut(65_507, 65_536, 4)?.pieces).toHaveLength(1);
    expect(udpCut(65_507, ETHERNET_MTU, 4)?.pieces).toHaveLength(45);
    expect(udpCut(65_508, 65_536, 4)).toBe(null);
  });
});
