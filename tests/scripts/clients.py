"""What people's scripts do with two public clients, `pagerduty` and `opsgenie-sdk`.

    clients.py pagerduty URL KEY ACTION [NAME]      prints the client's answer as JSON
    clients.py opsgenie URL KEY ACTION [NAME]
"""

import datetime
import json
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.parse

who, url, key, action, name = (sys.argv[1:] + [None])[:5]


def protected(url):
    """The same address behind TLS, as a reverse proxy has it: one of the clients takes no other."""
    to = urllib.parse.urlsplit(url)
    folder = tempfile.mkdtemp()
    path = lambda name: os.path.join(folder, name)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=pager.example", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", path("key"), "-out", path("pem")],
        check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("pem"), path("key"))
    for variable in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]:
        os.environ[variable] = path("pem")
    door = socket.create_server(("127.0.0.1", 0))

    def copy(source, sink):
        try:
            while chunk := source.recv(65536):
                sink.sendall(chunk)
        except OSError:
            pass
        finally:
            sink.close()

    def serve():
        while True:
            guest, _ = door.accept()
            guest = context.wrap_socket(guest, server_side=True)
            house = socket.create_connection((to.hostname, to.port))
            for pair in [(guest, house), (house, guest)]:
                threading.Thread(target=copy, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    return f"https://127.0.0.1:{door.getsockname()[1]}{to.path}"


def pagerduty():
    address = protected(url)
    from pagerduty import EventsApiV2Client

    client = EventsApiV2Client(key, base_url=address)
    if action == "trigger":
        return client.trigger(
            "disk /var at 5% – «pieno»", "db1", dedup_key=name, severity="critical",
            custom_details={"free": "5%"}, links=[{"href": "https://wiki.example/disk", "text": "Runbook"}])
    if action == "change":
        moment = datetime.datetime.now(datetime.timezone.utc).isoformat()
        return client.submit("deployed shop 1.2", source="ci", timestamp=moment, links=[{"href": "https://ci.example/7", "text": "Build 7"}])
    return getattr(client, action)(name)


def opsgenie():
    import opsgenie_sdk

    configuration = opsgenie_sdk.Configuration()
    configuration.host = url
    configuration.api_key["Authorization"] = key
    configuration.retry_count = 0
    alerts = opsgenie_sdk.AlertApi(opsgenie_sdk.ApiClient(configuration=configuration))
    said = {"user": "anna", "note": "from a script"}
    by_alias = {"identifier": name, "identifier_type": "alias"}
    if action == "create":
        payload = opsgenie_sdk.CreateAlertPayload(
            message="disk /var at 5% – «pieno»", alias=name, description="nearly full", priority="P1", tags=["disk", "db"],
            details={"team": "db"}, entity="db1", responders=[{"name": "db", "type": "team"}])
        done = alerts.create_alert(create_alert_payload=payload)
    elif action == "acknowledge":
        done = alerts.acknowledge_alert(acknowledge_alert_payload=opsgenie_sdk.AcknowledgeAlertPayload(**said), **by_alias)
    elif action == "note":
        done = alerts.add_note(add_note_to_alert_payload=opsgenie_sdk.AddNoteToAlertPayload(**said), **by_alias)
    elif action == "close":
        done = alerts.close_alert(close_alert_payload=opsgenie_sdk.CloseAlertPayload(**said), **by_alias)
    elif action == "get":
        return alerts.get_alert(**by_alias).data.to_dict()
    elif action == "list":
        return [alert.to_dict() for alert in alerts.list_alerts().data]
    elif action == "notes":
        return [note.to_dict() for note in alerts.list_notes(**by_alias).data]
    status = alerts.get_request_status(request_id=done.request_id).data
    return {"result": done.result, "request": done.request_id, "status": status.to_dict()}


answer = {"pagerduty": pagerduty, "opsgenie": opsgenie}[who]()
print(json.dumps(answer, default=str))
