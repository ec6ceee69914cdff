# Course: "Network Programming, Part 2: Clients" (Korean), clients/client_makefile.py: LF marks the end of a message.
import socket
import sys

from msg import msgs, report

host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect((host, port))
rfile = sock.makefile('rb')
sent_bytes, recv_bytes = [], []
for message in msgs(count):
    sent_bytes.append(sock.send(message))
    line = rfile.readline()
    assert line == message, line
    recv_bytes.append(len(line))
rfile.close()
sock.close()
report(sent_bytes, recv_bytes)
