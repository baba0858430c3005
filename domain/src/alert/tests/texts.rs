//! Whose key seals what an alert says.

use events::event::alert::AlertEvent;
use events::event::outcome::Outcome;
use events::event::signal::{Severity, Status};
use events::{Author, KeyOwner, Sealed, Span};

use super::super::{Alert, Command, Order};
use super::house::{ANNA, House, signal};
use crate::aggregate::Aggregate;
use crate::port::Report;

fn owner<T>(text: &Sealed<T>) -> Option<&KeyOwner> {
    match text {
        Sealed::Open { owner, .. } => Some(owner),
        Sealed::Shut => None,
    }
}

#[test]
fn all_texts_of_an_alert_belong_to_its_service_and_the_day_on_which_it_was_raised() {
    let mut house = House::new();
    let expected = KeyOwner::texts(&"shop".into(), house.now);
    let decide = |house: &House, alert: &Alert, order| {
        let command = Command { here: house.here.clone(), providers: house.providers.clone(), order };
        alert.decide(&command, &house.directory, house.now).expect("no refusal")
    };
    let raised = decide(&house, &house.alert, signal(Status::Firing, Severity::Critical, None));
    let [AlertEvent::Raised(raised), ..] = &raised[..] else { panic!("not raised: {raised:?}") };
    assert_eq!(owner(&raised.signal), Some(&expected));

    house.ask(signal(Status::Firing, Severity::Critical, None));
    house.now = house.now + Span::from_minutes(3 * 24 * 60);
    let said = Report {
        detail: "queued".to_owned(),
        text: "disk full".to_owned(),
        ..Report::bare(Outcome::Accepted)
    };
    let ended = decide(&house, &house.alert, Order::ReportAttempt { attempt: 1, report: said });
    let [AlertEvent::AttemptEnded(ended), ..] = &ended[..] else { panic!("not ended: {ended:?}") };
    assert_eq!([owner(&ended.detail), owner(&ended.text)], [Some(&expected); 2]);
    let note = Order::Note { by: Author::Person(ANNA), text: "on it".to_owned() };
    let noted = decide(&house, &house.alert, note);
    let [AlertEvent::Noted { text, .. }, ..] = &noted[..] else { panic!("not noted: {noted:?}") };
    assert_eq!(owner(text), Some(&expected));
}
