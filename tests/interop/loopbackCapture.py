# For the programs *.fixture.py that capture what they do: loopback's TCP into a file, by tcpdump, in a network namespace whose loopback is up. A program
# that hangs says where, in each of its threads, and ends.

import ctypes, faulthandler, re, signal, subprocess, threading

# Room for a thousand packets of any size while tcpdump waits for its turn: in immediate mode the kernel reserves for each what may be kept of it. With
# what is usual there is room for eight.
ROOM = ['--immediate-mode', '-s', '65600', '-B', '65536']

# Seconds; less than the test has.
faulthandler.dump_traceback_later(200, exit=True)


class LoopbackCapture:
    def __init__(self, path):
        self.path = path
        self.tcpdump = subprocess.Popen(['tcpdump', '-i', 'lo', '-n', '-U', *ROOM, '-Z', 'root', '-w', path, 'tcp'], stderr=subprocess.PIPE, text=True, preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL))
        said = ''
        while 'listening on' not in said:
            heard = self.tcpdump.stderr.readline()
            if heard == '':
                raise SystemExit('tcpdump does not listen: ' + said)
            said += heard

    def wait(self, until):
        """Returns when the file has a packet that fits the display filter; it is written as packets come."""
        # What it says of a file that ends within a packet is not worth hearing.
        while subprocess.run(['tshark', '-n', '-r', self.path, '-Y', until], capture_output=True).stdout == b'':
            threading.Event().wait(0.2)

    def end(self):
        self.tcpdump.send_signal(signal.SIGINT)
        said = self.tcpdump.communicate()[1]
        if re.search(r'^0 packets dropped by kernel', said, re.MULTILINE) is None:
            raise SystemExit('tcpdump lost packets: ' + said)
