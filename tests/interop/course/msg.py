# Course: "Network Programming, Part 2: Clients" (Korean), clients/msg.py: a message generator, and the report of a client.


def msgs(count):
    """Messages of 32 bytes, each ending with LF."""
    for i in range(1, count + 1):
        yield f'GET READY: line {i} of {count}'.ljust(31, '.').encode() + b'\n'


def report(sent_bytes, recv_bytes):
    print(f'sent {sum(sent_bytes)} received {sum(recv_bytes)}', flush=True)
