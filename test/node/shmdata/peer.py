"""A shmdata reader and writer of their own: libc by ctypes, written from the wire format alone, knowing nothing of the
package. `peer.py writer PATH …` and `peer.py reader PATH …` take commands as lines and answer with lines of JSON."""

import ctypes
import errno
import json
import os
import socket
import struct
import sys
import time

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
libc.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
libc.shmdt.argtypes = [ctypes.c_void_p]
libc.shmget.argtypes = [ctypes.c_int, ctypes.c_size_t, ctypes.c_int]
libc.shmctl.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
libc.semop.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]

IPC_CREAT, IPC_EXCL, IPC_NOWAIT = 0o1000, 0o2000, 0o4000
GREETING = struct.Struct("<H6xQ4096s")
UPDATE = struct.Struct("<H6xQ")
QUIT = b"\x02\x00"


def say(**what):
    print(json.dumps(what), flush=True)


def key(path, project):
    found = os.stat(path)
    value = (project & 0xFF) << 24 | (found.st_dev & 0xFF) << 16 | (found.st_ino & 0xFFFF)
    return ctypes.c_int(value).value


def call(name, *values):
    result = getattr(libc, name)(*values)
    if result in (-1, 2**64 - 1):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def operate(identifier, *operations, flags=0):
    """Waits, unless the first operation is told not to by its flags."""
    packed = b"".join(
        struct.pack("<Hhh", number, change, 0 if index else flags) for index, (number, change) in enumerate(operations)
    )
    while True:
        try:
            return call("semop", identifier, packed, len(operations))
        except OSError as error:
            if error.errno != errno.EINTR:
                raise


class Writer:
    """The copying writer: lock, memory as large as needed, announce, commit, copy, unlock."""

    def __init__(self, path, kind, size=1, mode=0o600):
        self.path, self.mode, self.clients = path, mode, []
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(path)
        os.chmod(path, mode)
        self.listener.listen(10)
        self.key = key(path, 0x6E)
        self.make(size)
        self.set = call("semget", key(path, 0x6D), 2, IPC_CREAT | IPC_EXCL | mode)
        self.greeting = GREETING.pack(0, size, kind.encode())

    def make(self, size):
        self.capacity = size
        self.memory = call("shmget", self.key, size, IPC_CREAT | IPC_EXCL | self.mode)
        self.address = call("shmat", self.memory, None, 0)

    def accept(self):
        """The next reader that acknowledges: one may have looked before memory and semaphores were there."""
        while True:
            client, _ = self.listener.accept()
            try:
                client.sendall(self.greeting)
                acknowledgement = client.recv(4112)
            except OSError:
                acknowledgement = b""
            if acknowledgement:
                self.clients.append(client)
                return acknowledgement == self.greeting
            client.close()

    def write(self, frame):
        while True:
            try:
                operate(self.set, (0, 0), (1, 1), (0, 1), flags=IPC_NOWAIT)
                break
            except BlockingIOError:
                # For ever, but with an eye on the sockets.
                self.answer_quits()
                time.sleep(0.001)
        if len(frame) > self.capacity:
            call("shmdt", self.address)
            call("shmctl", self.memory, 0, None)
            self.make(len(frame))
        told = 0
        for client in self.clients:
            try:
                client.sendall(UPDATE.pack(1, len(frame)))
                told += 1
            except OSError:
                pass
        if told:
            operate(self.set, (0, told))
        ctypes.memmove(self.address, frame, len(frame))
        operate(self.set, (0, -1), (1, -1))

    def answer_quits(self):
        for client in list(self.clients):
            client.setblocking(False)
            try:
                received = client.recv(4112)
                if received:
                    client.sendall(QUIT)
                client.close()
                self.clients.remove(client)
            except BlockingIOError:
                client.setblocking(True)
            except ConnectionResetError:
                # Dead with the update unread: its release is made in its place.
                client.close()
                self.clients.remove(client)
                operate(self.set, (0, -1))

    def close(self):
        call("semctl", self.set, 0, 0, 0)
        call("shmdt", self.address)
        call("shmctl", self.memory, 0, None)
        os.unlink(self.path)
        for client in self.clients:
            try:
                client.sendall(QUIT)
            except OSError:
                pass


class Reader:
    """Attaches again when, and only when, the announced size differs from the one before."""

    def __init__(self, path):
        self.path, self.size, self.address = path, 0, None
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.connect(path)
        self.set = call("semget", key(path, 0x6D), 0, 0)
        self.attach()
        greeting = self.socket.recv(4112)
        kind, self.hint, text = GREETING.unpack(greeting)
        assert kind == 0
        self.type = text.split(b"\0")[0].decode()
        self.socket.sendall(greeting)

    def attach(self):
        if self.address:
            call("shmdt", self.address)
        self.address = call("shmat", call("shmget", key(self.path, 0x6E), 0, 0), None, 0)

    def announced(self):
        """The size of the next frame; None when the writer leaves, or is gone."""
        received = b""
        while len(received) < 16:
            more = self.socket.recv(16 - len(received))
            if not more or received + more == QUIT:
                return None
            received += more
        kind, size = UPDATE.unpack(received)
        assert kind == 1
        return size

    def enter(self, size):
        if size != self.size:
            self.attach()
            self.size = size
        operate(self.set, (1, 0))

    def leave(self):
        operate(self.set, (0, -1))

    def read(self):
        size = self.announced()
        if size is None:
            return None
        self.enter(size)
        frame = ctypes.string_at(self.address, size)
        self.leave()
        return frame

    def quit(self):
        self.socket.sendall(QUIT)
        while True:
            size = self.announced()
            if size is None:
                break
            self.enter(size)
            self.leave()
        self.socket.close()


CYCLE = bytes(range(256))


def pattern(size, seed):
    start = seed & 0xFF
    return (CYCLE * (size // 256 + 2))[start : start + size]


def is_pattern(frame):
    return not frame or frame == pattern(len(frame), frame[0])


def run_writer(path, kind, sizes, readers, pause, tell=0, times=1):
    """Waits for so many readers, writes frames of those sizes, leaves; tells of every so-manyth frame.
    `times` goes through the sizes so often."""
    writer = Writer(path, kind)
    say(event="open")
    echoed = [writer.accept() for _ in range(readers)]
    for index, size in enumerate(sizes * times):
        writer.write(pattern(size, index))
        if tell and index % tell == 0:
            say(event="wrote", index=index)
        time.sleep(pause)
        writer.answer_quits()
    operate(writer.set, (0, 0))
    writer.close()
    say(event="closed", echoed=echoed)


def run_reader(path, frames, slow):
    """Reads so many frames, then leaves politely; fewer when the writer leaves before."""
    reader = Reader(path)
    say(event="connected", type=reader.type, hint=reader.hint)
    for _ in range(frames):
        frame = reader.read()
        if frame is None:
            say(event="left")
            return
        say(event="frame", size=len(frame), first=frame[0] if frame else None, good=is_pattern(frame))
        time.sleep(slow)
    reader.quit()
    say(event="done")


def misbehave(path, how):
    """A reader that does what no reader should, then waits for its end."""
    if how == "connect-and-close":
        for _ in range(200):
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            client.connect(path)
            client.close()
    elif how == "never-acknowledge":
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.connect(path)
        client.recv(4112)
        say(event="ready")
        say(event="ended", bytes=len(client.recv(1)))
    elif how == "acknowledge-one-byte":
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.connect(path)
        client.recv(4112)
        client.send(b"x")
        say(event="ready")
        say(event="update", bytes=len(client.recv(16)))
        os._exit(0)
    elif how == "never-release":
        reader = Reader(path)
        say(event="ready")
        say(event="announced", size=reader.announced())
        ended = reader.announced()
        say(event="ended", size=ended)
    elif how == "leave-unread":
        reader = Reader(path)
        say(event="ready")
        while len(reader.socket.recv(16, socket.MSG_PEEK)) < 16:
            pass
        os._exit(0)
    elif how == "die-between":
        reader = Reader(path)
        say(event="ready")
        reader.announced()
        os._exit(0)
    elif how == "release-too-often":
        reader = Reader(path)
        say(event="ready")
        size = reader.announced()
        reader.enter(size)
        reader.leave()
        end = time.time() + 0.5
        dont_wait = struct.pack("<Hhh", 0, -1, 0o4000)
        while time.time() < end:
            libc.semop(reader.set, dont_wait, 1)
        os._exit(0)
    elif how == "flood":
        reader = Reader(path)
        say(event="ready")
        try:
            for _ in range(2000):
                reader.socket.send(b"y" * 4096)
        except OSError:
            pass
    say(event="done")


def pretend(path, how):
    """Something that listens, but is no writer to be trusted."""
    if how == "silent":
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(path)
        listener.listen(10)
    else:
        writer = Writer(path, "application/x-test", 64)
        listener = writer.listener
    say(event="open")
    end = time.time() + 20
    while time.time() < end:
        client, _ = listener.accept()
        say(event="accepted")
        try:
            if how == "garbage":
                client.sendall(bytes((index * 7 + 3) & 0xFF for index in range(4112)))
            elif how == "short":
                client.sendall(GREETING.pack(0, 64, b"x")[:1000])
                client.close()
            elif how == "long-type":
                client.sendall(GREETING.pack(0, 64, b"t" * 4096))
            elif how == "split":
                greeting = GREETING.pack(0, 64, b"application/x-split")
                for start in range(0, 4112, 500):
                    client.sendall(greeting[start : start + 500])
                    time.sleep(0.01)
                client.recv(4112)
                ctypes.memmove(writer.address, pattern(8, 5), 8)
                operate(writer.set, (0, 1))
                for byte in UPDATE.pack(1, 8):
                    client.sendall(bytes([byte]))
                    time.sleep(0.002)
                operate(writer.set, (0, 0))
                say(event="released")
                client.sendall(QUIT)
            elif how in ("absurd-size", "endless-size", "wrong-message", "flood"):
                client.sendall(GREETING.pack(0, 2**63, b"application/x-test"))
                client.recv(4112)
                operate(writer.set, (0, 1))
                if how == "absurd-size":
                    client.sendall(UPDATE.pack(1, 2**40))
                elif how == "endless-size":
                    client.sendall(UPDATE.pack(1, 2**64 - 1))
                elif how == "wrong-message":
                    client.sendall(UPDATE.pack(77, 8))
                else:
                    client.sendall(UPDATE.pack(1, 8) * 1000)
            elif how == "locked":
                client.sendall(GREETING.pack(0, 64, b"application/x-test"))
                client.recv(4112)
                operate(writer.set, (0, 2), (1, 1))
                client.sendall(UPDATE.pack(1, 8))
        except OSError:
            pass


role, path = sys.argv[1], sys.argv[2]
options = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
{"writer": run_writer, "reader": run_reader, "misbehave": misbehave, "pretend": pretend}[role](path, **options)
