# Course: "UDP를 이용한 소켓 프로그래밍" (Korean), UDPClient.py.
import sys
from socket import AF_INET, SOCK_DGRAM, socket

serverName, serverPort = sys.argv[1], int(sys.argv[2])
clientSocket = socket(AF_INET, SOCK_DGRAM)
message = input()

clientSocket.sendto(message.encode(), (serverName, serverPort))
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print(modifiedMessage.decode())
print(serverAddress[0], serverAddress[1])
clientSocket.close()
