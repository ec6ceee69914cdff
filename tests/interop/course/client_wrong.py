# Course: "Network Programming, Part 2: Clients" (Korean), clients/client_wrong.py: one recv for each send, then close.
import socket
import sys

from msg import msgs, report

host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect((host, port))
sent_bytes, recv_bytes = [], []
for message in msgs(count):
    sent_bytes.append(sock.send(message))
    recv_bytes.append(len(sock.recv(2048)))
sock.close()
report(sent_bytes, recv_bytes)
