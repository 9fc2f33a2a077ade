# SPDX-License-Identifier: Apache-2.0
"""A real mail server for tests: a Postfix instance of our own on loopback, in a temporary folder.

    with PostfixRelay(tmp_path) as relay:
        send(relay.url, relay.ca_file)          # smtp://127.0.0.1:PORT, STARTTLS required
        raw, = relay.wait_for(1)                # every message that was delivered, as bytes

It shares nothing with the machine's own Postfix, running or not: own configuration, queue, log and
ports; no DNS, no syslog, no chroot, no name of this machine. Whatever the recipient's domain, mail is
delivered to one Maildir. Needs root (Postfix's daemons change user) and the packages postfix and
openssl. Standard library only.
"""

import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
myhostname = relay.example
mydomain = example
myorigin = relay.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtp_dns_support_level = disabled
smtpd_peername_lookup = no
alias_maps =
alias_database =
local_recipient_maps =
append_dot_mydomain = no
biff = no
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {folder}/relay.crt
smtpd_tls_key_file = {folder}/relay.key
smtpd_forbid_bare_newline = normalize
allow_percent_hack = no
swap_bangpath = no
virtual_mailbox_domains = static:all
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:inbox/
virtual_transport = virtual
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
minimal_backoff_time = 300s
"""

# Daemons only, none in a chroot. "postlog" writes maillog_file.
MASTER_CF = """\
127.0.0.1:{port} inet n - n - 20 smtpd
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 300   1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
verify    unix  - - n -     1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -     - proxymap
proxywrite unix - - n -     1 proxymap
smtp      unix  - - n -     - smtp
error     unix  - - n -     - error
retry     unix  - - n -     - error
discard   unix  - - n -     - discard
local     unix  - n n -     - local
virtual   unix  - n n -     - virtual
anvil     unix  - - n -     1 anvil
scache    unix  - - n -     1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


def why_not():
    """Why this machine cannot run the relay, or None."""
    if os.geteuid() != 0:
        return "a Postfix instance of our own needs root"
    for program in ("postfix", "openssl"):
        if _program(program) is None:
            return f"{program} is not installed"
    return None


def _program(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/bin")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _searchable_by_all(folder):
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents))


class PostfixRelay:
    """The instance; runs between __enter__ and __exit__."""

    def __init__(self, tmpdir, start_timeout=60):
        parent = pathlib.Path(tmpdir).resolve()
        # Postfix's daemons are other users; pytest's folders are closed to them.
        if not _searchable_by_all(parent):
            parent = pathlib.Path(tempfile.gettempdir()).resolve()
        self._parent = parent
        self._start_timeout = start_timeout
        self._process = None
        self.folder = self.port = None

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def ca_file(self):
        return self.folder / "ca.crt"

    @property
    def log(self):
        path = self.folder / "mail.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def __enter__(self):
        reason = why_not()
        if reason:
            raise RuntimeError(reason)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="postfix-", dir=self._parent))
        try:
            self.folder.chmod(0o755)
            self._make_certificates()
            self._make_folders()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._process is not None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def messages(self):
        """The delivered messages, oldest first, with the headers that Postfix adds in front."""
        new = self.folder / "mail" / "inbox" / "new"
        files = sorted(new.glob("*"), key=lambda f: f.stat().st_mtime_ns) if new.is_dir() else []
        return [file.read_bytes() for file in files]

    def wait_for(self, count, timeout=30):
        """The messages, once there are `count` of them."""
        until = time.monotonic() + timeout
        while len(self.messages()) < count:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.messages())} of {count} messages came.\n{self.log}")
            time.sleep(0.05)
        return self.messages()

    def pause(self):
        """Stops every process of the instance, so that it accepts connections and says nothing."""
        self._signal_all(signal.SIGSTOP)

    def resume(self):
        self._signal_all(signal.SIGCONT)

    def stop(self):
        """Ends the instance, by the process ids it was started with. What it delivered stays."""
        process, self._process = self._process, None
        if process.poll() is None:
            os.kill(process.pid, signal.SIGCONT)
            process.terminate()  # master ends its daemons
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)

    def _signal_all(self, number):
        children = pathlib.Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        for pid in [self._process.pid, *map(int, children.read_text().split())]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass  # a daemon that had nothing more to do

    def _openssl(self, *arguments):
        subprocess.run([_program("openssl"), *arguments], cwd=self.folder, check=True,
                       stdin=subprocess.DEVNULL, capture_output=True)

    def _make_certificates(self):
        (self.folder / "openssl.cnf").write_text(
            "[req]\ndistinguished_name=name\n[name]\n"
            "[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n"
            "[relay]\nsubjectAltName=IP:127.0.0.1,DNS:localhost\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config",
               "openssl.cnf")
        self._openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2",
                      "-subj", "/CN=Test authority", "-extensions", "ca")
        self._openssl("req", *key, "-keyout", "relay.key", "-out", "relay.csr", "-subj",
                      "/CN=relay.example")
        self._openssl("x509", "-req", "-in", "relay.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
                      "-CAcreateserial", "-out", "relay.crt", "-days", "2", "-extfile",
                      "openssl.cnf", "-extensions", "relay")
        (self.folder / "relay.key").chmod(0o600)

    def _make_folders(self):
        postfix, nobody = pwd.getpwnam("postfix"), pwd.getpwnam("nobody")
        for name, owner in (("config", 0), ("queue", 0), ("data", postfix.pw_uid),
                            ("mail", nobody.pw_uid)):
            folder = self.folder / name
            folder.mkdir(mode=0o755)
            os.chown(folder, owner, -1)
        self._ids = {"uid": nobody.pw_uid, "gid": nobody.pw_gid}

    def _start(self):
        # A free port may be taken by another before Postfix has it: then once more.
        for attempt in range(3):
            self.port = _free_port()
            config = self.folder / "config"
            (config / "main.cf").write_text(MAIN_CF.format(folder=self.folder, **self._ids))
            (config / "master.cf").write_text(MASTER_CF.format(port=self.port))
            # "check" makes the queue's folders. The master is started here and not by "postfix
            # start", so that it is our child, whose process id cannot be anyone else's.
            quiet = {"env": {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
                     "stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                     "stderr": subprocess.DEVNULL}
            subprocess.run([_program("postfix"), "-c", str(config), "check"], check=True, **quiet)
            daemons = subprocess.run([_program("postconf"), "-c", str(config), "-h", "daemon_directory"],
                                     check=True, capture_output=True, text=True).stdout.strip()
            self._process = subprocess.Popen([f"{daemons}/master", "-c", str(config), "-s"], **quiet)
            if self._greets():
                return
            self.stop()
        raise RuntimeError("Postfix did not start.\n" + self.log)

    def _greets(self):
        until = time.monotonic() + self._start_timeout
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    if connection.recv(4) == b"220 ":
                        return True
            except OSError:
                time.sleep(0.05)
        return False
