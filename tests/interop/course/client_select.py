# Course: "Network Programming, Part 2: Clients" (Korean), clients/client_select.py: one thread, I/O multiplexing by selectors.
import selectors
import socket
import sys

from msg import msgs, report

host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect((host, port))
sock.setblocking(False)
sel = selectors.DefaultSelector()
sel.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
sent_bytes, recv_bytes = [], []
messages = msgs(count)
ended = False
while not ended:
    for key, mask in sel.select(timeout=1):
        conn = key.fileobj
        if mask & selectors.EVENT_READ:  # readable
            data = conn.recv(2048)
            if not data:
                ended = True
            recv_bytes.append(len(data))
        if mask & selectors.EVENT_WRITE and not ended:  # writable
            message = next(messages, None)
            if message is None:
                conn.shutdown(socket.SHUT_WR)
                sel.modify(conn, selectors.EVENT_READ)
            else:
                conn.sendall(message)
                sent_bytes.append(len(message))
sock.close()
report(sent_bytes, recv_bytes)
