# Two connections of this kernel: of one the reader stops reading for a while, of the other both ends are silent. So windows fill up and close, are
# probed, and open; and keep-alives are answered. Captured by tcpdump. Run in a network namespace of its own with its loopback up: python3 slowReader.fixture.py OUT.pcap

import socket, sys, threading
from loopbackCapture import LoopbackCapture

SENT = 60_000
capture = LoopbackCapture(sys.argv[1])

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
listener.bind(('127.0.0.1', 0))
listener.listen()
silent = socket.socket()
silent.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
silent.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
silent.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
silent.connect(listener.getsockname())
silent_server, _ = listener.accept()
silent.sendall(b'hello')
silent_server.recv(5)
client = socket.socket()
client.connect(listener.getsockname())
server, _ = listener.accept()
sender = threading.Thread(target=client.sendall, args=(bytes(SENT),))
sender.start()

# Linux probes a window with a byte that was acknowledged before: Wireshark's word for that is keep-alive.
capture.wait('tcp.stream == 1 && tcp.analysis.keep_alive')
left = SENT
while left > 0:
    left -= len(server.recv(2048))
sender.join()
capture.wait('tcp.stream == 0 && tcp.analysis.keep_alive_ack')
client.close()
server.close()
capture.wait('tcp.stream == 1 && tcp.flags.fin == 1 && tcp.srcport == %d' % listener.getsockname()[1])
capture.end()
