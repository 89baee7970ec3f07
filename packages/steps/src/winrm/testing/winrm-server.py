"""A WS-Management server for tests: signs in by the system's GSSAPI (gss-ntlmssp, krb5), by Basic or by client certificate, unseals messages with it, and really runs
the commands. It is no Windows: `cmd` lines are run by sh, and of PowerShell it knows the frame that Tidewheel wraps a script in (the script itself is run by sh) and
the scripts of winrm.copy and file.transfer, which it does in Python. Started with its settings as JSON in the first argument; says its port as JSON on the first line of its output,
and what it does, one JSON object a line, after that."""
import base64
import hashlib
import json
import os
import queue
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
import uuid
import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from xml.sax.saxutils import escape

settings = json.loads(sys.argv[1])
NS = {
    's': 'http://www.w3.org/2003/05/soap-envelope',
    'a': 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
    'w': 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
    'rsp': 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
}
SHELL = NS['rsp']
TRANSFER = 'http://schemas.xmlsoap.org/ws/2004/09/transfer'
shells = {}
lock = threading.Lock()


def say(**what):
    with lock:
        print(json.dumps(what), flush=True)


class Fault(Exception):
    def __init__(self, code, subcode, message):
        super().__init__(message)
        self.code, self.subcode, self.message = code, subcode, message


class Command:
    """A process in a group of its own; what it prints waits in a queue that slows it down when nobody asks."""

    def __init__(self, shell, argv, stdin_open, clixml=False):
        self.shell, self.clixml = shell, clixml
        self.out = queue.Queue(maxsize=64)
        self.ended = threading.Event()
        self.held = None
        self.process = subprocess.Popen(
            argv,
            cwd=shell['folder'],
            env=shell['environment'],
            stdin=subprocess.PIPE if stdin_open else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.readers = [threading.Thread(target=self.read, args=(name, pipe), daemon=True) for name, pipe in (('stdout', self.process.stdout), ('stderr', self.process.stderr))]
        for reader in self.readers:
            reader.start()

    def read(self, name, pipe):
        if self.clixml and name == 'stderr':
            text = pipe.read().decode('utf-8', 'replace')
            if text:
                lines = ''.join('<S S="Error">%s_x000D__x000A_</S>' % escape(line) for line in text.splitlines())
                xml = '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">%s</Objs>' % lines
                self.out.put(('stderr', xml.encode()))
            return
        while chunk := os.read(pipe.fileno(), 65536):
            self.out.put((name, chunk))

    def write(self, data, last):
        try:
            if data:
                self.process.stdin.write(data)
                self.process.stdin.flush()
            if last:
                self.process.stdin.close()
        except (BrokenPipeError, ValueError):
            raise Fault(2150859046, 'InternalError', 'The pipe is being closed.')

    def receive(self, seconds, most):
        """What came so far, waiting at most that long for the first piece. -> pieces, exit code or None"""
        pieces, size, until = [], 0, time.monotonic() + seconds
        while size < most:
            piece = self.held
            self.held = None
            if piece is None:
                try:
                    piece = self.out.get(timeout=0 if pieces else 0.02)
                except queue.Empty:
                    if pieces:
                        break
                    if not any(reader.is_alive() for reader in self.readers) and self.out.empty():
                        return pieces, self.process.wait()
                    if time.monotonic() > until:
                        raise Fault(2150858793, 'TimedOut', 'The WS-Management service cannot complete the operation within the time specified in OperationTimeout.')
                    continue
            name, data = piece
            if size + len(data) > most:
                self.held = (name, data[most - size:])
                data = data[: most - size]
            pieces.append((name, data))
            size += len(data)
        return pieces, None

    def kill(self, number):
        try:
            os.killpg(self.process.pid, number)
            if number == signal.SIGKILL:
                self.process.wait()
        except ProcessLookupError:
            pass


class Work:
    """A script of winrm.copy, done here in Python with the same input and output as the PowerShell one has."""

    def __init__(self, shell, work, arguments, stdin_open):
        self.out, self.input, self.code = queue.Queue(maxsize=64), queue.Queue(), None
        self.held = None
        if not stdin_open:
            self.input.put(None)
        self.readers = [threading.Thread(target=self.run, args=(work, arguments, shell), daemon=True)]
        self.readers[0].start()
        self.process = self

    receive = Command.receive

    def wait(self):
        return self.code

    def run(self, work, arguments, shell):
        try:
            work(self, shell, *arguments)
            self.code = 0
        except Exception as error:  # as PowerShell says it
            text = '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><S S="Error">%s_x000D__x000A_</S></Objs>' % escape(str(error))
            self.out.put(('stderr', text.encode()))
            self.code = 1

    def write(self, data, last):
        if data:
            self.input.put(data)
        if last:
            self.input.put(None)

    def lines(self):
        rest = b''
        while (data := self.input.get()) is not None:
            *whole, rest = (rest + data).split(b'\n')
            yield from (line.strip() for line in whole if line.strip())
        if rest.strip():
            yield rest.strip()

    def print(self, text):
        self.out.put(('stdout', text.encode() + b'\r\n'))

    def kill(self, number):
        self.input.put(None)


def digest_of(path):
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def full_path(shell, path):
    return os.path.normpath(os.path.join(shell['folder'], os.path.expandvars(path)))


def probe(work, shell, path, key):
    full = full_path(shell, path)
    part = os.path.join(os.path.dirname(full), '.%s.%s.part' % (os.path.basename(full), key))
    kind = 'folder' if os.path.isdir(full) else 'file' if os.path.isfile(full) else 'none'
    answer = {'path': full, 'part': part, 'kind': kind, 'hasFolder': os.path.isdir(os.path.dirname(full)), 'size': 0, 'sha256': '', 'partSize': 0, 'partSha256': ''}
    if kind == 'file':
        answer.update(size=os.path.getsize(full), sha256=digest_of(full))
    if os.path.isfile(part):
        answer.update(partSize=os.path.getsize(part), partSha256=digest_of(part))
    work.print(base64.b64encode(json.dumps(answer).encode()).decode())


def store(work, shell, part, offset):
    os.makedirs(os.path.dirname(part), exist_ok=True)
    with open(part, 'r+b' if os.path.exists(part) else 'wb') as file:
        file.truncate(int(offset))
        file.seek(int(offset))
        for line in work.lines():
            if settings.get('damageStored'):
                line = base64.b64encode(base64.b64decode(line)[::-1])
            file.write(base64.b64decode(line, validate=True))


def finish(work, shell, part, path, sha256, overwrite):
    if digest_of(part) != sha256:
        os.remove(part)
        raise RuntimeError('tidewheel:damaged')
    if os.path.exists(path) and overwrite != 'true':
        raise RuntimeError('tidewheel:exists')
    os.replace(part, path)


def fetch(work, shell, path):
    full = full_path(shell, path)
    if not os.path.isfile(full):
        raise RuntimeError('tidewheel:missing')
    work.print('size %d' % os.path.getsize(full))
    digest = hashlib.sha256()
    with open(full, 'rb') as file:
        while chunk := file.read(49152):
            digest.update(chunk)
            work.print(base64.b64encode(chunk).decode())
    work.print('sha256 %s' % ('0' * 64 if settings.get('damageFetched') else digest.hexdigest()))


def batch(work, shell, name):
    full = os.path.join(shell['environment']['TEMP'], name)
    text = b''.join(base64.b64decode(line) for line in work.lines())
    with open(full, 'wb') as file:
        file.write(text.removeprefix(b'@echo off\r\n'))
    os.chmod(full, 0o755)
    work.print(base64.b64encode(full.encode()).decode())


def answer(work, what):
    work.print(base64.b64encode(json.dumps(what).encode()).decode())


def look(work, shell, path):
    full = full_path(shell, path)
    found = {'path': full, 'kind': 'none', 'size': 0, 'modified': 0}
    if os.path.isdir(full):
        found['kind'] = 'folder'
    if os.path.isfile(full):
        found.update(kind='file', size=os.path.getsize(full), modified=int(os.path.getmtime(full) * 1000))
    answer(work, found)


def list_files(work, shell, path, deep):
    root = full_path(shell, path)
    if not os.path.isdir(root):
        raise RuntimeError('tidewheel:missing')
    for folder, folders, names in os.walk(root):
        for name in names:
            full = os.path.join(folder, name)
            answer(work, {'name': os.path.relpath(full, root), 'size': os.path.getsize(full), 'modified': int(os.path.getmtime(full) * 1000)})
        if deep != 'true':
            folders.clear()


def read_range(work, shell, path, offset, count):
    full = full_path(shell, path)
    if not os.path.isfile(full):
        raise RuntimeError('tidewheel:missing')
    digest, left = hashlib.sha256(), int(count)
    with open(full, 'rb') as file:
        file.seek(int(offset))
        while left > 0 and (chunk := file.read(min(left, 49152))):
            digest.update(chunk)
            work.print(base64.b64encode(chunk).decode())
            left -= len(chunk)
    work.print('sha256 %s' % ('0' * 64 if settings.get('damageFetched') else digest.hexdigest()))


def move(work, shell, source, target):
    source, target = full_path(shell, source), full_path(shell, target)
    if not os.path.isfile(source):
        raise RuntimeError('tidewheel:missing')
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.replace(source, target)


def remove(work, shell, path):
    full = full_path(shell, path)
    if os.path.exists(full):
        os.remove(full)


def digest(work, shell, path):
    work.print(digest_of(full_path(shell, path)))


declared = {
    'probe': probe,
    'store': store,
    'finish': finish,
    'fetch': fetch,
    'batch': batch,
    'look': look,
    'list': list_files,
    'range': read_range,
    'move': move,
    'remove': remove,
    'digest': digest,
}


def unquoted(text):
    return re.sub("['\u2018-\u201b]{2}", lambda match: match.group()[0], text)


def start(shell, line, stdin_open):
    encoded = re.search(r'^powershell(?:\.exe)?\s.*-EncodedCommand ([A-Za-z0-9+/=]+)$', line, re.I | re.S)
    if not encoded:
        return Command(shell, ['sh', '-c', line.removeprefix('@')], stdin_open)
    text = base64.b64decode(encoded.group(1)).decode('utf-16-le')
    named = re.search(r'# tidewheel:(\w+)', text)
    if named and named.group(1) in declared:
        call = text[text.rindex('}') + 1:]
        arguments = [unquoted(one) for one in re.findall("'((?:[^']|'')*)'", call)]
        return Work(shell, declared[named.group(1)], arguments, stdin_open)
    if '$lines=@($input)' in text:
        return Framed(shell, stdin_open)
    return framed(shell, text, None, stdin_open)


def framed(shell, text, given, stdin_open):
    """Runs the script of a frame by sh. Text without a frame is a script itself, as another client sends it."""
    frame = re.search("& \\(\\[ScriptBlock\\]::Create\\('((?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*)'\\)\\)(.*)", text, re.S)
    script = unquoted(frame.group(1)) if frame else text
    arguments = [unquoted(one) for one in re.findall("'((?:[^']|'')*)'", frame.group(2).split('\n')[0])] if frame else []
    command = Command(shell, ['sh', '-c', script, 'powershell', *arguments], stdin_open, clixml=True)
    if given is not None:
        threading.Thread(target=lambda: command.write(given, True), daemon=True).start()
    return command


class Framed:
    """A frame whose script comes by standard input: it starts when that has ended."""

    def __init__(self, shell, stdin_open):
        self.shell, self.data, self.command = shell, b'', None

    def write(self, data, last):
        self.data += data
        if last:
            lines = [base64.b64decode(line).decode() for line in self.data.split(b'\r\n') if line]
            self.command = framed(self.shell, lines[0], lines[1].encode() + b'\n' if len(lines) > 1 else b'', True)

    def receive(self, seconds, most):
        until = time.monotonic() + seconds
        while self.command is None:
            if time.monotonic() > until:
                raise Fault(2150858793, 'TimedOut', 'Nothing so far.')
            time.sleep(0.01)
        return self.command.receive(max(0.05, until - time.monotonic()), most)

    def kill(self, number):
        if self.command:
            self.command.kill(number)


def answer_to(text):
    envelope = ET.fromstring(text)
    header, body = envelope.find('s:Header', NS), envelope.find('s:Body', NS)
    action = header.find('a:Action', NS).text
    selector = header.find('w:SelectorSet/w:Selector', NS)
    timeout = re.match(r'PT([\d.]+)S', header.find('w:OperationTimeout', NS).text)
    most = min(int(header.find('w:MaxEnvelopeSize', NS).text), settings.get('maxEnvelope', 512000))
    if len(text) > settings.get('maxEnvelope', 512000):
        raise Fault(2150858880, 'EncodingLimit', 'The WS-Management service cannot process the request. The request was too large.')
    options = {one.get('Name'): one.text for one in header.findall('w:OptionSet/w:Option', NS)}
    verb = action.rsplit('/', 1)[1]
    say(op=verb)
    if settings.get('deny'):
        raise Fault(5, 'AccessDenied', 'Access is denied.')
    relates = header.find('a:MessageID', NS).text
    if verb == 'Create':
        return reply(action, relates, create(body, options))
    shell = shells.get(selector.text if selector is not None else '')
    if shell is None:
        raise Fault(2150858843, 'InvalidSelectors', 'The request for the Windows Remote Shell with ShellId was not found on the server.')
    return reply(action, relates, verbs[verb](shell, body, options, float(timeout.group(1)), most))


def create(body, options):
    if len(shells) >= settings.get('maxShells', 100):
        raise Fault(0x803381A5, 'QuotaLimit', 'The maximum number of concurrent shells for this user has been exceeded.')
    identity = str(uuid.uuid4()).upper()
    environment = dict(os.environ, TEMP=settings['folder'], PATH=settings['bin'] + ':' + os.environ['PATH'], CODEPAGE=options.get('WINRS_CODEPAGE', ''))
    for variable in body.findall('rsp:Shell/rsp:Environment/rsp:Variable', NS):
        environment[variable.get('Name')] = variable.text or ''
    folder = body.find('rsp:Shell/rsp:WorkingDirectory', NS)
    if folder is not None and not os.path.isdir(folder.text):
        raise Fault(267, 'InternalError', 'The directory name is invalid.')
    shells[identity] = {'environment': environment, 'folder': settings['folder'] if folder is None else folder.text, 'commands': {}, 'id': identity}
    return (
        '<x:ResourceCreated xmlns:x="%s"><a:Address>http://server/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>%s/cmd</w:ResourceURI>'
        '<w:SelectorSet><w:Selector Name="ShellId">%s</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>'
        '<rsp:Shell><rsp:ShellId>%s</rsp:ShellId><rsp:State>Connected</rsp:State></rsp:Shell>' % (TRANSFER, SHELL, identity, identity)
    )


def command(shell, body, options, seconds, most):
    line = body.find('rsp:CommandLine/rsp:Command', NS).text
    given = [one.text or '' for one in body.findall('rsp:CommandLine/rsp:Arguments', NS)]
    if len(line) > 8191:
        raise Fault(206, 'InternalError', 'The command line is too long.')
    identity = str(uuid.uuid4()).upper()
    shell['commands'][identity] = start(shell, ' '.join([line, *given]), options.get('WINRS_CONSOLEMODE_STDIN') == 'FALSE')
    return '<rsp:CommandResponse><rsp:CommandId>%s</rsp:CommandId></rsp:CommandResponse>' % identity


def found(shell, identity):
    if identity not in shell['commands']:
        raise Fault(995, 'InternalError', 'The I/O operation has been aborted because of either a thread exit or an application request.')
    return shell['commands'][identity]


def send(shell, body, options, seconds, most):
    for stream in body.findall('rsp:Send/rsp:Stream', NS):
        found(shell, stream.get('CommandId')).write(base64.b64decode(stream.text or ''), stream.get('End') == 'true')
    return '<rsp:SendResponse/>'


def receive(shell, body, options, seconds, most):
    identity = body.find('rsp:Receive/rsp:DesiredStream', NS).get('CommandId')
    pieces, code = found(shell, identity).receive(min(seconds, settings.get('mostSeconds', 60)), (most - 8192) * 3 // 4)
    streams = ''.join('<rsp:Stream Name="%s" CommandId="%s">%s</rsp:Stream>' % (name, identity, base64.b64encode(data).decode()) for name, data in pieces)
    if code is None:
        state = '<rsp:CommandState CommandId="%s" State="%s/CommandState/Running"/>' % (identity, SHELL)
    else:
        code = code & 0xFFFFFFFF if code >= 0 else 0xC000013A
        state = '<rsp:CommandState CommandId="%s" State="%s/CommandState/Done"><rsp:ExitCode>%d</rsp:ExitCode></rsp:CommandState>' % (identity, SHELL, code)
    return '<rsp:ReceiveResponse>%s%s</rsp:ReceiveResponse>' % (streams, state)


def signal_command(shell, body, options, seconds, most):
    node = body.find('rsp:Signal', NS)
    code = node.find('rsp:Code', NS).text.rsplit('/', 1)[1]
    say(signal=code)
    one = found(shell, node.get('CommandId'))
    one.kill(signal.SIGINT if code == 'ctrl_c' else signal.SIGKILL)
    if code == 'terminate':
        del shell['commands'][node.get('CommandId')]
    return '<rsp:SignalResponse/>'


def delete(shell, body, options, seconds, most):
    for one in shell['commands'].values():
        one.kill(signal.SIGKILL)
    del shells[shell['id']]
    return ''


verbs = {'Command': command, 'Send': send, 'Receive': receive, 'Signal': signal_command, 'Delete': delete}


def reply(action, relates, body):
    return (
        '<s:Envelope xml:lang="en-US" %s><s:Header><a:Action>%sResponse</a:Action><a:MessageID>uuid:%s</a:MessageID><a:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To>'
        '<a:RelatesTo>%s</a:RelatesTo></s:Header><s:Body>%s</s:Body></s:Envelope>' % (' '.join('xmlns:%s="%s"' % pair for pair in NS.items()), action, uuid.uuid4(), relates, body)
    )


def fault_text(fault):
    return (
        '<s:Envelope xml:lang="en-US" %s xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"><s:Header/><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode>'
        '<s:Value>w:%s</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">%s</s:Text></s:Reason><s:Detail><f:WSManFault Code="%d" Machine="server">'
        '<f:Message>%s </f:Message></f:WSManFault></s:Detail></s:Fault></s:Body></s:Envelope>'
        % (' '.join('xmlns:%s="%s"' % pair for pair in NS.items()), fault.subcode, escape(fault.message), fault.code, escape(fault.message))
    )


class Gss:
    """One acceptor of one connection, by whatever mechanism the token is of."""

    def __init__(self, certificate):
        import gssapi

        bindings = None
        if certificate:
            token = b'tls-server-end-point:' + hashlib.sha256(b'another' if settings.get('wrongBinding') else certificate).digest()
            bindings = gssapi.raw.ChannelBindings(application_data=token)
        self.context = gssapi.SecurityContext(usage='accept', creds=gssapi.Credentials(usage='accept'), channel_bindings=bindings)

    def step(self, token):
        return self.context.step(token) or b''

    @property
    def complete(self):
        return self.context.complete


BOUNDARY = b'--Encrypted Boundary'


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    wbufsize = -1
    # Of this connection: who signed in, and what seals.
    gss, user, raw = None, None, False

    def log_message(self, *_):
        pass

    def respond(self, status, body=b'', kind='application/soap+xml;charset=UTF-8', headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if body:
            self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def do_GET(self):
        self.respond(405)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
        if self.path != '/wsman':
            return self.respond(404)
        fake = settings.get('behaviour')
        if fake == 'redirect':
            return self.respond(302, headers=[('Location', 'http://127.0.0.2:9/wsman')])
        if fake == 'silent' or (fake == 'silentLater' and self.user):
            say(op='silent')
            time.sleep(600)
        if not self.sign_in():
            return
        if not body:
            return
        if fake == 'unsealed':
            return self.respond(200, b'<s:Envelope/>')
        self.serve(body)

    def challenge(self, extra=()):
        offered = [('WWW-Authenticate', name) for name in settings['auth']]
        self.respond(401, headers=[*offered, *extra])
        return False

    def sign_in(self):
        if settings.get('behaviour') == 'loop':
            return self.challenge()
        given = self.headers.get('Authorization', '')
        if given.startswith('Basic ') and 'Basic' in settings['auth']:
            expected = base64.b64encode(('%s:%s' % (settings['user'], settings['password'])).encode()).decode()
            if given[6:] != expected:
                return self.challenge()
            self.user = settings['user']
            return True
        if given == 'http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual':
            if not (settings.get('clientAuthority') and self.connection.getpeercert(True)):
                return self.challenge()
            self.user = 'certificate'
            return True
        if given.startswith(('Negotiate ', 'Kerberos ')) and given.split()[0] in settings['auth']:
            return self.negotiate(*given.split())
        return True if self.user else self.challenge()

    def negotiate(self, scheme, token):
        try:
            if self.gss is None:
                self.gss = Gss(self.server.certificate)
            answer = base64.b64encode(self.gss.step(base64.b64decode(token))).decode()
        except Exception as error:
            say(refused=str(error)[:300])
            self.gss = None
            return self.challenge()
        if not self.gss.complete:
            self.respond(401, headers=[('WWW-Authenticate', '%s %s' % (scheme, answer))])
            return False
        self.user = str(self.gss.context.initiator_name)
        say(user=self.user, mech=self.gss.context.mech.dotted_form)
        if not int(self.headers.get('Content-Length') or 0):
            self.respond(200, headers=[('WWW-Authenticate', '%s %s' % (scheme, answer))] if answer else ())
        return True

    def serve(self, body):
        self.is_sealed = self.headers.get('Content-Type', '').startswith('multipart/encrypted')
        say(sealed=self.is_sealed)
        if self.is_sealed:
            body = self.unsealed(body)
        elif self.gss and not self.server.certificate and not settings.get('allowUnencrypted'):
            return self.respond(500)
        if settings.get('behaviour') == 'bomb':
            bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b''.join(b'<!ENTITY a%d "%s">' % (n, b'&a;' * 10) for n in range(9)) + b']><x>&a8;</x>'
            return self.answer(200, bomb.decode())
        if settings.get('behaviour') == 'deep':
            return self.answer(200, '<a>' * 100000)
        try:
            self.answer(200, answer_to(body.decode()))
        except Fault as fault:
            self.answer(500, fault_text(fault))

    def unsealed(self, body):
        start = body.index(b'application/octet-stream\r\n') + 26
        data = body[start:body.rindex(BOUNDARY)]
        return self.gss.context.unwrap(data[4:]).message

    def answer(self, status, text):
        if settings.get('closeOn') and settings['closeOn'] in text:
            settings['closeOn'] = None
            self.close_connection = True
            self.connection.close()
            return
        data = text.encode()
        if not getattr(self, 'is_sealed', False):
            return self.respond(status, data)
        token = self.gss.context.wrap(data, True).message
        kind = 'application/HTTP-SPNEGO-session-encrypted' if 'SPNEGO' in self.headers['Content-Type'] else 'application/HTTP-Kerberos-session-encrypted'
        head = '%s\r\n\tContent-Type: %s\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%d\r\n%s\r\n\tContent-Type: application/octet-stream\r\n' % (
            BOUNDARY.decode(),
            kind,
            len(data),
            BOUNDARY.decode(),
        )
        if settings.get('behaviour') == 'damage':
            token = token[:-1] + bytes([token[-1] ^ 1])
        sealed = head.encode() + (16).to_bytes(4, 'little') + token + BOUNDARY + b'--\r\n'
        self.respond(status, sealed, 'multipart/encrypted;protocol="%s";boundary="Encrypted Boundary"' % kind)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    certificate = None
    address_family = AF_INET6 if ':' in settings.get('host', '') else AF_INET

    def handle_error(self, request, client_address):
        say(broken=str(sys.exc_info()[1])[:300])


server = Server((settings.get('host', '127.0.0.1'), 0), Handler)
if settings.get('tls'):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings['tls']['certificate'], settings['tls']['key'])
    if settings.get('clientAuthority'):
        context.load_verify_locations(settings['clientAuthority'])
        context.verify_mode = ssl.CERT_OPTIONAL
    with open(settings['tls']['certificate']) as file:
        server.certificate = ssl.PEM_cert_to_DER_cert(file.read())
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(json.dumps({'port': server.server_address[1]}), flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server.serve_forever()
