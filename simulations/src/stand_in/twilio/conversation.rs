//! What becomes of a call after it was accepted: it rings, somebody answers or not, and whoever answers listens and
//! presses keys. Progress is reported as at <https://www.twilio.com/docs/voice/api/call-resource#statuscallback>.

use std::collections::VecDeque;
use std::time::Duration;

use super::Twilio;
use super::call::{Call, Phone, Script};
use super::twiml::{self, Verb};
use crate::behaviour::Behaviour;
use crate::fields::Fields;
use crate::ledger::{self, Answer, Arrival, Provider};
use crate::moment;

/// What Twilio says when it cannot use the product's answer.
const APPLICATION_ERROR: &str = "An application error has occurred.";
/// How many questions a call may have before somebody thinks that it never ends.
const QUESTIONS_MAX: usize = 50;

/// Leads a call to its end, as far as the behaviour lets it.
pub async fn lead(twilio: Twilio, sid: String, behaviour: Behaviour) {
    let Some(call) = twilio.call(&sid) else { return };
    let phone = match &behaviour {
        Behaviour::ReportFailed { .. } => Phone::Failed,
        _ => twilio.phone(&call.to),
    };
    let mut leader = Leader { twilio, sid, behaviour, kept: Vec::new(), sequence: 0 };
    if let Behaviour::ReportLate { ms } = &leader.behaviour {
        moment::pause(Duration::from_millis(*ms)).await;
    }
    leader.report("initiated", "initiated").await;
    if leader.step("ringing").await {
        leader.report("ringing", "ringing").await;
        leader.pick_up(&call, phone).await;
    }
    leader.end().await;
}

struct Leader {
    twilio: Twilio,
    sid: String,
    behaviour: Behaviour,
    /// Reports that are kept back, to be sent the wrong way round.
    kept: Vec<(String, Fields)>,
    sequence: u32,
}

impl Leader {
    async fn pick_up(&mut self, call: &Call, phone: Phone) {
        let (answered_by, keys) = match phone {
            Phone::Busy => return self.become_status("busy"),
            Phone::Failed => return self.become_status("failed"),
            Phone::Nobody => return self.ring(call).await,
            Phone::Machine => ("machine_start", Vec::new()),
            Phone::Fax => ("fax", Vec::new()),
            Phone::Person { keys, silent } => (if silent { "unknown" } else { "human" }, keys),
        };
        if self.step("in-progress").await {
            // Twilio tells that it was answered before it knows by whom.
            self.report("answered", "in-progress").await;
            self.talk(call, answered_by, keys.into()).await;
            self.become_status("completed");
        }
    }

    /// Rings until the time is over, or until somebody stops it.
    async fn ring(&self, call: &Call) {
        let began = moment::now();
        while moment::since(began) < Duration::from_secs(call.ring_seconds) {
            if self.is_over() {
                return;
            }
            moment::pause(self.twilio.options().step).await;
        }
        self.become_status("no-answer");
    }

    /// Carries out what the product says, document by document.
    async fn talk(&self, call: &Call, answered_by: &str, mut keys: VecDeque<String>) {
        let mut fields = call.request_fields("in-progress");
        if call.detects_machines {
            fields.insert("AnsweredBy".to_owned(), answered_by.to_owned());
        }
        let mut document = match &call.script {
            Script::Given(twiml) => twiml.clone(),
            Script::Ask(url) => self.ask(url, fields).await,
        };
        for _ in 0..QUESTIONS_MAX {
            let verbs = match twiml::read(&document) {
                Ok(verbs) => verbs,
                Err(mistake) => return self.heard(call, APPLICATION_ERROR, Some(mistake)),
            };
            let (said, pressed) = listen(&verbs, &mut keys);
            self.heard(call, &said, None);
            let Some((action, key)) = pressed else { return };
            moment::pause(self.twilio.options().step).await;
            let mut fields = call.request_fields("in-progress");
            fields.insert("Digits".to_owned(), key);
            fields.insert("msg".to_owned(), "Gather End".to_owned());
            document = self.ask(&action, fields).await;
        }
    }

    async fn ask(&self, url: &str, fields: Fields) -> String {
        let behaviour = Behaviour::Accept;
        let posted =
            self.twilio.post_signed(ledger::Call::Ask, url.to_owned(), fields, self.sid.clone(), behaviour);
        let answer = posted.await;
        if answer.code.is_some_and(|code| (200..300).contains(&code)) { answer.body } else { String::new() }
    }

    /// Writes down what somebody heard.
    fn heard(&self, call: &Call, text: &str, mistake: Option<String>) {
        self.twilio.shared.exchange.ledger.record(Arrival {
            provider: Provider::Twilio,
            call: ledger::Call::Heard,
            destination: call.to.clone(),
            text: text.to_owned(),
            fields: Fields::new(),
            processed: mistake.is_none(),
            receipt: Some(self.sid.clone()),
            behaviour: Behaviour::Accept,
            answer: Answer { code: None, body: mistake.unwrap_or_default() },
        });
    }

    async fn end(&mut self) {
        let Some(call) = self.twilio.call(&self.sid) else { return };
        self.report("completed", call.status).await;
        for (url, fields) in std::mem::take(&mut self.kept).into_iter().rev() {
            self.post(url, fields).await;
        }
    }

    async fn report(&mut self, event: &str, call_status: &str) {
        let Some(call) = self.twilio.call(&self.sid) else { return };
        let Some(url) = call.status_callback.clone() else { return };
        if !call.events.iter().any(|known| known == event) {
            return;
        }
        let mut fields = call.request_fields(call_status);
        fields.insert("CallbackSource".to_owned(), "call-progress-events".to_owned());
        fields.insert("SequenceNumber".to_owned(), self.sequence.to_string());
        if call_status == "failed" {
            fields.insert("SipResponseCode".to_owned(), "404".to_owned());
        }
        self.sequence += 1;
        if self.twilio.reports_backwards() {
            self.kept.push((url, fields));
        } else {
            self.post(url, fields).await;
        }
    }

    async fn post(&self, url: String, fields: Fields) {
        let copies = match &self.behaviour {
            Behaviour::ReportMissing => 0,
            Behaviour::ReportDuplicated { copies } => *copies,
            _ => 1,
        };
        for _ in 0..copies {
            let (url, fields, sid) = (url.clone(), fields.clone(), self.sid.clone());
            self.twilio.post_signed(ledger::Call::Report, url, fields, sid, self.behaviour.clone()).await;
        }
    }

    /// Goes on to the next status after a while; false when somebody has ended the call meanwhile.
    async fn step(&self, status: &'static str) -> bool {
        moment::pause(self.twilio.options().step).await;
        self.become_status(status);
        !self.is_over()
    }

    fn become_status(&self, status: &'static str) {
        self.twilio.with_call(&self.sid, |call| {
            if !call.is_over() {
                call.status = status;
            }
        });
    }

    fn is_over(&self) -> bool {
        self.twilio.call(&self.sid).is_none_or(|call| call.is_over())
    }
}

/// What is heard, up to the first key that is pressed, and where that goes.
fn listen(verbs: &[Verb], keys: &mut VecDeque<String>) -> (String, Option<(String, String)>) {
    let mut said = Vec::new();
    let mut hear = |verb: &Verb| {
        if let Verb::Say { language, text } = verb {
            said.push(format!("[{language}] {text}"));
        }
    };
    for verb in verbs {
        match verb {
            Verb::Say { .. } | Verb::Pause(_) => hear(verb),
            Verb::Gather { action, prompt } => {
                prompt.iter().for_each(&mut hear);
                if let Some(key) = keys.pop_front() {
                    return (said.join("\n"), Some((action.clone(), key)));
                }
            }
            Verb::Hangup => break,
        }
    }
    (said.join("\n"), None)
}
