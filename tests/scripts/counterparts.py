"""Others who take pages, none of them ours: a mail server (python3-aiosmtpd), a push server as ntfy's documentation
describes it, and somebody who takes webhooks as Standard Webhooks describes them.

    counterparts.py JOURNAL WEBHOOK_SECRET NTFY_TOKEN DAYS

They say where they listen in one line of JSON, and write one line for everything that they are told to the journal.
How they behave is said by the address: an address that begins with `refused` is refused, `busy` asks to come again,
`slow` takes a second, `hung` never answers, `cut` breaks off, all but the first two after having taken what came; `busy`,
`hung` and `cut` only the first time.

The mail server's certificate lasts so many days.

Sources: <https://docs.ntfy.sh/publish/>, <https://docs.ntfy.sh/config/#health-checks>,
<https://www.standardwebhooks.com>. Mails are read by Python's `email`.
"""

import asyncio
import base64
import email
import email.policy
import hashlib
import hmac
import json
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.smtp import SMTP, AuthResult

JOURNAL, SECRET, TOKEN, DAYS = sys.argv[1:5]
LOCK = threading.Lock()
SEEN = set()
MOODS = ("refused", "busy", "slow", "hung", "cut")


def record(who, to, told, answer):
    line = {"who": who, "to": to, "told": told, "answer": answer, "at_ms": int(time.time() * 1000)}
    with LOCK, open(JOURNAL, "a", encoding="utf-8") as journal:
        journal.write(json.dumps(line) + "\n")


def mood(to):
    """How this call to an address is to be treated."""
    name = next((name for name in MOODS if to.startswith(name)), "fine")
    with LOCK:
        was_seen = to in SEEN
        SEEN.add(to)
    return "fine" if was_seen and name in ("busy", "hung", "cut") else name


def parsed(content):
    """A mail as a mail program reads it."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    part = lambda kind: message.get_body((kind,)).get_content()
    return {
        "headers": {name: str(value) for name, value in message.items()},
        "count": len(message.keys()),
        "defects": [str(defect) for one in message.walk() for defect in one.defects],
        "kinds": [one.get_content_type() for one in message.walk()],
        "plain": part("plain"),
        "html": part("html"),
        "ascii": content.isascii(),
    }


class Mailbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            record("mail", address, None, 550)
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        how = mood(to)
        if how == "busy":
            record("mail", to, None, 451)
            return "451 4.7.1 come again later"
        told = parsed(envelope.content)
        told["from"] = envelope.mail_from
        told["protected"] = session.ssl is not None
        told["known"] = session.authenticated
        record("mail", to, told, how)
        if how == "slow":
            await asyncio.sleep(1)
        if how == "hung":
            await asyncio.sleep(3600)
        if how == "cut":
            server.transport.abort()
        return "250 2.0.0 taken"


def authenticator(server, session, envelope, mechanism, data):
    known = (data.login, data.password) == (b"hotpotato", b"smtp-s3cret")
    return AuthResult(success=known, handled=False)


class Web(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        known = self.headers["Authorization"] == "Bearer " + TOKEN
        if self.path == "/v1/health":
            self.answer(200, b'{"healthy":true}', Content_Type="application/json")
        elif self.path == "/v1/account" and known:
            self.answer(200, b'{"username":"house","role":"user"}', Content_Type="application/json")
        elif self.path == "/v1/account":
            self.answer(401, b'{"code":40101,"http":401,"error":"unauthorized"}', Content_Type="application/json")
        else:
            self.refuse("unknown", self.path, None, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/":
            self.ntfy(body)
        else:
            self.webhook(body)

    def misbehave(self, how):
        """What both do alike once something was taken. True when nothing is to be answered any more."""
        if how == "slow":
            time.sleep(1)
        if how == "hung":
            time.sleep(3600)
        if how == "cut":
            self.close_connection = True
            return True
        return False

    def ntfy(self, body):
        told = json.loads(body)
        to = told.get("topic", "")
        error = lambda code, text: (code // 100, json.dumps({"code": code, "http": code // 100, "error": text}).encode())
        if self.headers["Authorization"] != "Bearer " + TOKEN:
            return self.refuse("ntfy", to, told, *error(40101, "unauthorized"))
        if not re.fullmatch("[-_A-Za-z0-9]{1,64}", to):
            return self.refuse("ntfy", to, told, *error(40009, "invalid request: topic invalid"))
        known = {"topic", "message", "title", "tags", "priority", "actions", "click", "attach", "markdown", "icon",
                 "filename", "delay", "email", "call"}
        actions = told.get("actions", [])
        sound = set(told) <= known and told["priority"] in range(1, 6) and len(actions) <= 3
        sound = sound and all(
            action["action"] in ("view", "broadcast", "http") and action["label"] and action["url"] for action in actions
        )
        if not sound or len(told["message"].encode()) > 4096:
            return self.refuse("ntfy", to, told, *error(40018, "invalid request"))
        how = mood(to)
        if how == "refused":
            return self.refuse("ntfy", to, told, *error(40301, "forbidden"))
        if how == "busy":
            status, text = error(42901, "limit reached: too many requests")
            record("ntfy", to, told, status)
            return self.answer(status, text, Retry_After="3")
        record("ntfy", to, told, how)
        if not self.misbehave(how):
            taken = {"id": "sPs71M8A2T", "time": int(time.time()), "event": "message", "topic": to, "message": told["message"]}
            self.answer(200, json.dumps(taken).encode(), Content_Type="application/json")

    def refuse(self, who, to, told, status, text=b""):
        record(who, to, told, status)
        self.answer(status, text)

    def webhook(self, body):
        to = self.path.lstrip("/")
        name, stamp = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        signed = hmac.new(key, b".".join((name.encode(), stamp.encode(), body)), hashlib.sha256).digest()
        given = [one.removeprefix("v1,") for one in self.headers["webhook-signature"].split() if one.startswith("v1,")]
        fits = any(hmac.compare_digest(base64.b64encode(signed).decode(), one) for one in given)
        if not fits or abs(time.time() - int(stamp)) > 300 or "." in name:
            return self.refuse("webhook", to, None, 401, b"this is not signed as it should be")
        told = json.loads(body)
        told["webhook-id"] = name
        how = mood(to)
        if how == "refused":
            return self.refuse("webhook", to, told, 410, b"gone")
        if how == "busy":
            record("webhook", to, told, 503)
            return self.answer(503, b"later", Retry_After="3")
        record("webhook", to, told, how)
        if not self.misbehave(how):
            self.answer(204)


def certificate():
    """A key and a certificate for this machine alone, beside the journal."""
    path = lambda name: os.path.join(os.path.dirname(JOURNAL), name)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", DAYS,
         "-subj", "/CN=mail.example", "-addext", "subjectAltName=IP:127.0.0.1",
         "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", path("mail.key"), "-out", path("mail.pem")],
        check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("mail.pem"), path("mail.key"))
    return context


async def main():
    context = certificate()
    loop = asyncio.get_running_loop()
    plain = await loop.create_server(lambda: SMTP(Mailbox(), hostname="mail.example"), "127.0.0.1", 0)
    protected = await loop.create_server(
        lambda: SMTP(Mailbox(), hostname="mail.example", tls_context=context, require_starttls=True,
                     auth_required=True, authenticator=authenticator),
        "127.0.0.1", 0)
    web = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    web.daemon_threads = True
    threading.Thread(target=web.serve_forever, daemon=True).start()
    port = lambda server: server.sockets[0].getsockname()[1]
    print(json.dumps({"mail": port(plain), "protected_mail": port(protected), "web": web.server_port}), flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
