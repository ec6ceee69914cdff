# Course: "Socket API" (Russian), the time server. Address and port come from the command line.
import socket
import sys
from datetime import datetime

host, port = sys.argv[1], int(sys.argv[2])

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    sock.listen(2)
    print(f'listening {sock.getsockname()[1]}', flush=True)
    while 1:
        conn, addr = sock.accept()
        print(f'Client {addr} connected', flush=True)
        response = datetime.now().isoformat() + '\n'
        conn.sendall(response.encode('utf-8'))
        conn.close()
