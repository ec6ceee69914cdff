# Course: "Network Programming, Part 2: Clients" (Korean), intro/echoserv.py: serves one client after the other.
import socket
import sys

host, port = sys.argv[1], int(sys.argv[2])
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind((host, port))
sock.listen(5)  # now a listening socket
print(f'listening {sock.getsockname()[1]}', flush=True)

while True:
    conn, cli_addr = sock.accept()  # a connected socket
    try:
        while True:
            data = conn.recv(16)
            if not data:
                print('end of stream', flush=True)
                break
            conn.sendall(data)
    except OSError as error:
        print(type(error).__name__, flush=True)
    finally:
        conn.close()
