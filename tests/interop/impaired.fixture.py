# Two network namespaces with a line between them that this program is: it loses, doubles and reorders what one sends to the other, and writes
# what the sender put on the line and what the receiver got as two captures. Run: python3 impaired.fixture.py SENT.pcap GOT.pcap [bytes]
# Needs root and /dev/net/tun. Prints one JSON line: how many packets it lost, doubled and held back. When it hangs, it says where and ends.

import ctypes, faulthandler, fcntl, json, os, select, socket, struct, subprocess, sys, time

libc = ctypes.CDLL(None, use_errno=True)
faulthandler.dump_traceback_later(200, exit=True)


def namespace():
    if libc.unshare(0x40000000) != 0:
        raise OSError(ctypes.get_errno(), 'unshare')


def line(name, address):
    fd = os.open('/dev/net/tun', os.O_RDWR)
    fcntl.ioctl(fd, 0x400454CA, struct.pack('16sH22x', name.encode(), 0x0001 | 0x1000))
    subprocess.run(['ip', 'addr', 'add', address, 'dev', name], check=True)
    subprocess.run(['ip', 'link', 'set', 'dev', name, 'up'], check=True)
    return fd


class Capture:
    def __init__(self, path):
        self.file = open(path, 'wb')
        self.file.write(struct.pack('<IHHiIII', 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))

    def add(self, packet):
        now = time.time_ns() // 1000
        self.file.write(struct.pack('<IIII', now // 1_000_000, now % 1_000_000, len(packet), len(packet)) + packet)


sent, got, size = sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 120_000
ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
receiver = os.fork()
if receiver == 0:
    namespace()
    there = line('right0', '10.9.0.2/24')
    server = socket.create_server(('10.9.0.2', 7007))
    socket.send_fds(ends[1], [b'x'], [there])
    peer, _ = server.accept()
    while peer.recv(65536):
        pass
    peer.close()
    os._exit(0)

_, (right,), _, _ = socket.recv_fds(ends[0], 1, 1)
namespace()
left = line('left0', '10.9.0.1/24')
sender = os.fork()
if sender == 0:
    client = socket.create_connection(('10.9.0.2', 7007))
    client.sendall(bytes(index % 251 for index in range(size)))
    client.shutdown(socket.SHUT_WR)
    client.recv(1)
    os._exit(0)

before, after = Capture(sent), Capture(got)
told = {'lost': 0, 'doubled': 0, 'held': 0}
data = 0
held = None


def deliver(packet):
    after.add(packet)
    os.write(right, packet)


quiet = None
while True:
    ready, _, _ = select.select([left, right], [], [], 0.05)
    for fd in ready:
        packet = os.read(fd, 65536)
        if packet[0] >> 4 != 4:
            continue
        if fd == right:
            after.add(packet)
            before.add(packet)
            os.write(left, packet)
            continue
        before.add(packet)
        header = 20 + (packet[32] >> 4) * 4
        data += len(packet) > header
        if len(packet) <= header or data < 4:
            deliver(packet)
        elif data % 17 == 0:
            told['lost'] += 1
        elif data % 13 == 0 and held is None:
            told['held'] += 1
            held = packet
            continue
        else:
            deliver(packet)
            if data % 11 == 0:
                told['doubled'] += 1
                deliver(packet)
        if held is not None:
            deliver(held)
            held = None
    if not ready and held is not None:
        deliver(held)
        held = None
    if quiet is None and os.waitpid(sender, os.WNOHANG)[0] != 0:
        quiet = time.monotonic()
    # What the kernels still say to each other after both programs have ended.
    if not ready and quiet is not None and time.monotonic() - quiet > 0.3:
        break
before.file.close()
after.file.close()
os.waitpid(receiver, 0)
print(json.dumps(told))
