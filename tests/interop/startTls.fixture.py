# Mail by SMTP that turns to TLS (RFC 3207), once with TLS 1.3 and once with 1.2, by Python's smtplib and a small server; captured by tcpdump, with the
# keys as the client logs them. Run in a network namespace of its own with its loopback up: python3 startTls.fixture.py FOLDER

import os, smtplib, socket, ssl, subprocess, sys, threading
from loopbackCapture import LoopbackCapture

folder = sys.argv[1]
file, keys, pem = (os.path.join(folder, name) for name in ('mail.pcap', 'keys.txt', 'own.pem'))
subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=mail.example', '-days', '2', '-keyout', pem, '-out', pem + '.crt'], check=True)
capture = LoopbackCapture(file)
listener = socket.create_server(('127.0.0.1', 25))


def serve(version):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem + '.crt', pem)
    context.minimum_version = context.maximum_version = version
    plain, _ = listener.accept()
    stream = plain.makefile('rwb')

    def say(*lines):
        stream.write(b''.join(line + b'\r\n' for line in lines))
        stream.flush()

    say(b'220 mail.example ESMTP')
    data = False
    while line := stream.readline().rstrip(b'\r\n'):
        verb = line.split(b' ')[0].upper()
        if verb == b'EHLO':
            say(b'250-mail.example', b'250-8BITMIME', *([] if isinstance(plain, ssl.SSLSocket) else [b'250-STARTTLS']), b'250 SIZE 1000000')
        elif verb == b'STARTTLS':
            say(b'220 go ahead')
            stream.close()
            plain = context.wrap_socket(plain, server_side=True)
            stream = plain.makefile('rwb')
        elif verb == b'DATA':
            say(b'354 go on')
            while stream.readline() != b'.\r\n':
                pass
            say(b'250 kept')
        elif verb == b'QUIT':
            say(b'221 bye')
            stream.read()
            break
        else:
            say(b'250 ok')
    stream.close()
    plain.close()


for version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
    server = threading.Thread(target=serve, args=(version,))
    server.start()
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.keylog_filename = keys
    client = smtplib.SMTP('127.0.0.1', 25, local_hostname='me.example')
    client.starttls(context=context)
    client.sendmail('ada@example', ['bob@example', 'carol@example'], 'Subject: hello\r\n\r\n' + 'a line of it\r\n' * 200 + '.. and dots\r\n')
    client.quit()
    server.join()

for stream in (0, 1):
    capture.wait('tcp.stream == %d && (tcp.flags.fin == 1 || tcp.flags.reset == 1)' % stream)
capture.end()
