# Course: "Socket API" (Russian), the client of the time server.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
    sock.connect((host, port))
    response = sock.recv(1024)
    print(response.decode('utf-8'))
