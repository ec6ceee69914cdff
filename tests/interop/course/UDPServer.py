# Course: "UDP를 이용한 소켓 프로그래밍" (Korean), UDPServer.py.
import sys
from socket import AF_INET, SOCK_DGRAM, socket

serverName, serverPort = sys.argv[1], int(sys.argv[2])
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind((serverName, serverPort))
print(f'listening {serverSocket.getsockname()[1]}', flush=True)

while True:
    message, clientAddress = serverSocket.recvfrom(2048)
    modifiedMessage = message.decode().upper()
    serverSocket.sendto(modifiedMessage.encode(), clientAddress)
