"""What people's scripts do with two public clients, `pagerduty` and `opsgenie-sdk`.

    clients.py pagerduty URL KEY ACTION [NAME]      prints the client's answer as JSON
    clients.py opsgenie URL KEY ACTION [NAME]
"""

import json
import sys
import time

who, url, key, action, name = (sys.argv[1:] + [None])[:5]


def pagerduty():
    from pagerduty import EventsApiV2Client

    client = EventsApiV2Client(key, base_url=url)
    if action == "trigger":
        return client.trigger(
            "disk /var at 5% – «pieno»", "db1", dedup_key=name, severity="critical",
            custom_details={"free": "5%"}, links=[{"href": "https://wiki.example/disk", "text": "Runbook"}])
    if action == "change":
        return client.submit("deployed shop 1.2", source="ci", links=[{"href": "https://ci.example/7", "text": "Build 7"}])
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
