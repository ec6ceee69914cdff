# Course: "Network Programming, Part 2: Clients" (Korean), clients/client_thread.py: a sending thread and a receiving one.
import socket
import sys
import threading

from msg import msgs, report

host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect((host, port))
sent_bytes, recv_bytes = [], []


def sending():
    for message in msgs(count):
        sent_bytes.append(sock.send(message))
    sock.shutdown(socket.SHUT_WR)


def receiving():
    while True:
        data = sock.recv(2048)
        if not data:
            break
        recv_bytes.append(len(data))


threads = [threading.Thread(target=sending), threading.Thread(target=receiving)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sock.close()
report(sent_bytes, recv_bytes)
