//! What is done to alerts. What the house has no order for is written down as a note, in Opsgenie's words.

use std::fmt::Write as _;

use actors::alert::Declined;
use actors::shell::Provenance;
use adapters::source::Deed;
use adapters::source::opsgenie::{self as body, Said};
use axum::http::StatusCode;
use domain::alert::{Order, Phase, Refusal};
use events::event::alert::{Handed, Way};
use events::event::signal::{Severity, Signal, Status};
use events::{AlertId, Author, DedupKey, PolicyId, SymptomId};

use super::super::{Body, deliver_by, malformed, remarked, turned_away};
use super::answer::Fault;
use super::receipt::{Outcome, Receipt};
use super::shown::{self, Found};
use super::{Asked, Words, word};

/// Which alert is meant.
enum Meant {
    /// Whichever open alert is about this problem of the source.
    Alias(DedupKey),
    /// This one.
    Alert(Box<Found>),
}

/// An order was done to an alert, or nothing came of it.
type Came = Result<AlertId, Outcome>;

/// `POST /v2/alerts`.
pub(super) async fn create(asked: &Asked, body: Body) -> Result<Receipt, Fault> {
    let body = body.read()?;
    let created = body::read(&body).map_err(|error| malformed(&asked.app, &asked.source, error))?;
    let mut delivery = created.delivery;
    let notes = std::mem::take(&mut delivery.remarks);
    let alerts = deliver_by(&asked.app, &asked.source, delivery, &asked.provenance).await?;
    let alert = alerts.first().copied().flatten();
    for remark in notes {
        // Senders repeat themselves, notes included.
        let found = if let Some(alert) = alert { shown::own(asked, alert).await? } else { None };
        let is_said =
            found.is_some_and(|found| matches!(&remark.deed, Deed::Noted(text) if found.says(text)));
        if !is_said {
            remarked(&asked.app, &asked.source, remark, Provenance::clone(&asked.provenance)).await?;
        }
    }
    Ok(Receipt::new("Create", Outcome::Done, asked.app.house.now(), alert))
}

/// `POST /v2/alerts/{identifier}/{action}` and its like.
pub(super) async fn carry_out(
    asked: &Asked,
    identifier: &str,
    query: &Words,
    action: &str,
    body: Body,
) -> Result<Receipt, Fault> {
    let said = read(asked, query, body)?;
    let word = word_of(action)?;
    let Some(meant) = meant(asked, identifier, query).await? else {
        return Ok(Receipt::new(word, Outcome::NoAlert, asked.app.house.now(), None));
    };
    let came = order(asked, &meant, action, &said).await?;
    Ok(receipt(asked, word, &meant, came))
}

/// `POST /v2/alerts/{identifier}/actions/{name}`.
pub(super) async fn custom(
    asked: &Asked,
    identifier: &str,
    query: &Words,
    name: &str,
    body: Body,
) -> Result<Receipt, Fault> {
    let said = read(asked, query, body)?;
    let Some(meant) = meant(asked, identifier, query).await? else {
        return Ok(Receipt::new("ExecuteAction", Outcome::NoAlert, asked.app.house.now(), None));
    };
    let came = note(asked, &meant, &said, &format!("action: {name}")).await?;
    Ok(receipt(asked, "ExecuteAction", &meant, came))
}

fn receipt(asked: &Asked, word: &str, meant: &Meant, came: Came) -> Receipt {
    let known = if let Meant::Alert(found) = meant { Some(found.id) } else { None };
    let (outcome, alert) = match came {
        Ok(alert) => (Outcome::Done, Some(alert)),
        Err(outcome) => (outcome, known),
    };
    Receipt::new(word, outcome, asked.app.house.now(), alert)
}

/// How the status of a request calls an action.
fn word_of(action: &str) -> Result<&'static str, Fault> {
    Ok(match action {
        "acknowledge" => "Acknowledge",
        "unacknowledge" => "UnAcknowledge",
        "close" => "Close",
        "delete" => "Delete",
        "snooze" => "Snooze",
        "escalate" => "Escalate",
        "assign" => "Assign",
        "notes" => "AddNote",
        "tags" => "AddTags",
        "removeTags" => "RemoveTags",
        "details" => "AddDetails",
        "removeDetails" => "RemoveDetails",
        "teams" => "AddTeam",
        "responders" => "AddResponder",
        "message" => "UpdateMessage",
        "description" => "UpdateDescription",
        "priority" => "UpdatePriority",
        "attachments" => return Err(Fault::not_built()),
        _ => return Err(Fault::no_such_address()),
    })
}

/// What is said, in the body or, where there is none, in the address.
fn read(asked: &Asked, query: &Words, body: Body) -> Result<Said, Fault> {
    let body = body.read()?;
    let mut said = body::read_said(&body).map_err(|error| malformed(&asked.app, &asked.source, error))?;
    let missing = |field: &mut Option<String>, name| {
        if field.is_none() {
            *field = word(query, name).map(str::to_owned);
        }
    };
    missing(&mut said.user, "user");
    missing(&mut said.note, "note");
    for (name, list) in [("tags", true), ("keys", false)] {
        let Some(named) = word(query, name) else { continue };
        for one in named.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            if list {
                said.tags.push(one.to_owned());
            } else {
                said.details.insert(one.to_owned(), String::new());
            }
        }
    }
    Ok(said)
}

/// The alert that an address names; none when there is none.
async fn meant(asked: &Asked, identifier: &str, query: &Words) -> Result<Option<Meant>, Fault> {
    if word(query, "identifierType").is_some_and(|kind| kind.eq_ignore_ascii_case("alias")) {
        return Ok(Some(Meant::Alias(body::key_of(identifier))));
    }
    Ok(shown::find(asked, identifier, query).await?.map(|found| Meant::Alert(Box::new(found))))
}

/// Does what an action means.
async fn order(asked: &Asked, meant: &Meant, action: &str, said: &Said) -> Result<Came, Fault> {
    let by = || Author::Source(asked.source.clone());
    let order = match action {
        "close" | "delete" => return close(asked, meant, action, said).await,
        "acknowledge" => Order::Acknowledge { by: by(), way: Way::Source },
        // Nobody has it any more: the next in line are paged at once.
        "unacknowledge" => Order::Escalate { by: by() },
        "snooze" => {
            let until = said.end_time.filter(|until| *until > asked.app.house.now());
            let missing = || Fault::wrong("endTime", "`endTime` is missing, or over: send a moment to come");
            Order::Hold { by: by(), until: until.ok_or_else(missing)?, unless_joined: 0 }
        }
        "escalate" => match policy(asked, said) {
            Some(policy) => Order::HandOver { by: by(), to: Handed::Policy(policy) },
            None => Order::Escalate { by: by() },
        },
        "priority" => return reprioritise(asked, meant, said).await,
        "message" | "description" => return rewrite(asked, meant, action, said).await,
        _ => return note(asked, meant, said, &in_words(action, said)?).await,
    };
    let came = give(asked, meant, order).await?;
    if came.is_ok() && said.note.is_some() {
        return note(asked, meant, said, "").await;
    }
    Ok(came)
}

/// The policy of this name.
fn policy(asked: &Asked, said: &Said) -> Option<PolicyId> {
    let named = PolicyId::from(said.whom.as_deref()?);
    asked.app.house.directory().policies().contains_key(&named).then_some(named)
}

/// What a note says of a deed that the house has no order for, in Opsgenie's words.
fn in_words(action: &str, said: &Said) -> Result<String, Fault> {
    let needed = |field: &'static str, value: &Option<String>| {
        value.clone().ok_or_else(|| Fault::wrong(field, format!("`{field}` is missing: send text")))
    };
    let tags = |sign: char| {
        let tags: Vec<String> = said.tags.iter().map(|tag| format!("{sign}{tag}")).collect();
        if tags.is_empty() {
            return Err(Fault::wrong("tags", "`tags` is missing: send a list of texts"));
        }
        Ok(format!("tags: {}", tags.join(", ")))
    };
    Ok(match action {
        "notes" => {
            needed("note", &said.note)?;
            String::new()
        }
        "tags" => tags('+')?,
        "removeTags" => tags('-')?,
        "details" | "removeDetails" => {
            if said.details.is_empty() {
                return Err(Fault::wrong("details", "`details` is missing: send an object of texts"));
            }
            let mut text = "details:".to_owned();
            for (name, value) in &said.details {
                let sign = if action == "details" { '+' } else { '-' };
                // Writing to a string cannot fail.
                let _ = write!(text, " {sign}{name}");
                if !value.is_empty() {
                    let _ = write!(text, "={value}");
                }
            }
            text
        }
        "message" => format!("message: {}", needed("message", &said.message)?),
        "description" => format!("description: {}", needed("description", &said.description)?),
        "assign" => format!("owner: {}", needed("owner", &said.whom)?),
        "teams" => format!("team: {}", needed("team", &said.whom)?),
        "responders" => format!("responder: {}", needed("responder", &said.whom)?),
        other => return Err(word_of(other).err().unwrap_or_else(Fault::no_such_address)),
    })
}

/// Writes down what was done, and what was said with it.
async fn note(asked: &Asked, meant: &Meant, said: &Said, deed: &str) -> Result<Came, Fault> {
    let words: Vec<&str> =
        [Some(deed), said.note.as_deref()].into_iter().flatten().filter(|words| !words.is_empty()).collect();
    if words.is_empty() {
        return Ok(found(asked, meant).await?.map(|found| found.id).ok_or(Outcome::NoAlert));
    }
    let words = words.join("\n");
    let text = said.user.as_ref().map_or(words.clone(), |user| format!("{user}: {words}"));
    give(asked, meant, Order::Note { by: Author::Source(asked.source.clone()), text }).await
}

/// Says that a problem is over: of the source's own symptom alone.
async fn close(asked: &Asked, meant: &Meant, action: &str, said: &Said) -> Result<Came, Fault> {
    let dedup_key = match meant {
        Meant::Alias(key) => key.clone(),
        Meant::Alert(found) if matches!(found.alert.phase(), Phase::Resolved { .. }) => {
            return Ok(Err(Outcome::Over));
        }
        Meant::Alert(found) => found.dedup_key.clone(),
    };
    if action == "delete" || said.note.is_some() {
        let deed = if action == "delete" { "delete" } else { "" };
        if let Err(outcome) = note(asked, meant, said, deed).await? {
            return Ok(Err(outcome));
        }
    }
    let signal = Signal {
        status: Status::Resolved,
        summary: dedup_key.to_string(),
        severity: Severity::default(),
        labels: std::collections::BTreeMap::new(),
        details: std::collections::BTreeMap::new(),
        started_at: None,
        severity_said: None,
        finding: None,
    };
    Ok(tell(asked, dedup_key, signal).await?.ok_or(Outcome::NoAlert))
}

/// Another message or description is a note; the same again is none, since senders repeat themselves.
async fn rewrite(asked: &Asked, meant: &Meant, action: &str, said: &Said) -> Result<Came, Fault> {
    let words = in_words(action, said)?;
    let Some(found) = found(asked, meant).await? else { return Ok(Err(Outcome::NoAlert)) };
    let signal = found.alert.subject().and_then(|subject| subject.signal.open());
    let is_so = signal.is_some_and(|signal| match action {
        "message" => said.message.as_ref() == Some(&signal.summary),
        _ => said.description.as_ref() == signal.details.get("description"),
    });
    if is_so || found.says_last(action, &words) {
        return Ok(Ok(found.id));
    }
    note(asked, meant, said, &words).await
}

/// Another priority is another severity, and a note that says so.
async fn reprioritise(asked: &Asked, meant: &Meant, said: &Said) -> Result<Came, Fault> {
    let wrong =
        || Fault::wrong("priority", "`priority` is missing or something else: send P1, P2, P3, P4 or P5");
    let priority = said.priority.clone().map(|priority| priority.to_ascii_uppercase());
    let priority = priority.filter(|priority| body::is_priority(priority)).ok_or_else(wrong)?;
    let Some(found) = found(asked, meant).await? else { return Ok(Err(Outcome::NoAlert)) };
    if matches!(found.alert.phase(), Phase::Resolved { .. }) {
        return Ok(Err(Outcome::Over));
    }
    if let Some(signal) = found.alert.subject().and_then(|subject| subject.signal.open()) {
        let severity_said = Some(priority.clone());
        let signal = Signal { severity: body::severity(&priority), severity_said, ..signal.clone() };
        if tell(asked, found.dedup_key.clone(), signal).await?.is_none() {
            return Ok(Err(Outcome::Over));
        }
    }
    note(asked, meant, said, &format!("priority: {priority}")).await
}

/// Takes a signal about a problem of the source.
async fn tell(asked: &Asked, key: DedupKey, signal: Signal) -> Result<Option<AlertId>, Fault> {
    let house = &asked.app.house;
    let taken = house.signal(asked.source.clone(), key, signal, Provenance::clone(&asked.provenance)).await;
    let done = taken.map_err(|declined| turned_away(&asked.app, &asked.source, declined))?;
    Ok(done.alert)
}

/// Gives an order to the alert that is meant.
async fn give(asked: &Asked, meant: &Meant, order: Order) -> Result<Came, Fault> {
    let provenance = Provenance::clone(&asked.provenance);
    let given = match meant {
        Meant::Alias(key) => {
            let symptom = SymptomId::derive(&asked.source, key);
            asked.app.house.order_about(symptom, order, provenance).await
        }
        Meant::Alert(found) => asked.app.house.order(found.id, order, provenance).await,
    };
    match given {
        Ok(done) => Ok(done.alert.ok_or(Outcome::NoAlert)),
        Err(Declined::Refused(Refusal::AlreadyResolved)) => Ok(Err(Outcome::Over)),
        Err(Declined::Refused(Refusal::NotRaised)) => Ok(Err(Outcome::NoAlert)),
        Err(Declined::Refused(refusal @ Refusal::HoldTooLong)) => {
            Err(Fault::wrong("endTime", format!("{refusal}: send an earlier `endTime`")))
        }
        Err(Declined::Refused(refusal)) => {
            Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.to_string()))
        }
        Err(declined) => Err(turned_away(&asked.app, &asked.source, declined).into()),
    }
}

/// The alert that is meant, if it is there.
async fn found(asked: &Asked, meant: &Meant) -> Result<Option<Found>, Fault> {
    match meant {
        Meant::Alias(key) => shown::find_by_key(asked, key).await,
        Meant::Alert(found) => Ok(Some((**found).clone())),
    }
}
