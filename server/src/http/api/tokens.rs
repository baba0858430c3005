//! Tokens: who is let in, as what, and until when.

use actors::registrar::Undecided;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::directory::{Directory, key_sha256};
use domain::token::{Known as Issued, Token, TokenCommand, TokenRefusal, Void};
use events::event::token::{Role, TokenIssued};
use events::{Author, KeyOwner, PersonId, Sealed, Span, Timestamp, TokenId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::right::Oneself;
use super::{Answer, Caller};
use crate::http::App;
use crate::http::caller::Holder;
use crate::http::problem::Problem;
use crate::token;

/// A new name is drawn this often when the one before was taken.
const DRAWS_MAX: u32 = 4;

/// What somebody asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    role: String,
    label: String,
    person: Option<String>,
    expires_at: Option<String>,
    expires_in_seconds: Option<u64>,
}

/// Which tokens.
#[derive(Debug, Deserialize)]
pub struct Which {
    /// Also those that let nobody in any more.
    #[serde(default)]
    all: bool,
}

/// `GET /api/v1/me`: who the caller's token lets in.
pub async fn me(Oneself(known): Oneself, State(app): State<App>) -> Answer {
    let directory = app.house.directory();
    let token = match known.holder {
        Holder::Owner => None,
        Holder::Token(id) => directory.tokens().get(id).map(|issued| (id, issued)),
    };
    let issued = token.and_then(|(_, token)| token.state.issued());
    let expires_at = issued.and_then(|issued| issued.expires_at);
    Ok(Json(json!({
        "id": token.map(|(id, _)| id),
        "label": issued.and_then(|issued| issued.label.open()),
        "role": known.rights.role.to_string(),
        "person": known.rights.person.map(|person| slug(&directory, person)),
        "expires_at": expires_at.map(|at| at.to_string()),
    })))
}

/// `GET /api/v1/tokens?all=true`: oldest first.
pub async fn list(_caller: Caller, State(app): State<App>, Query(which): Query<Which>) -> Answer {
    let (directory, now) = (app.house.directory(), app.house.now());
    let lets_in = |issued: &Issued| issued.state.rights(&directory, now).is_ok();
    let mut tokens: Vec<(&TokenId, &Issued)> = directory
        .tokens()
        .all()
        .iter()
        .map(|(id, issued)| (id, &**issued))
        .filter(|(_, issued)| which.all || lets_in(issued))
        .collect();
    tokens.sort_by_key(|(id, issued)| (issued.at, **id));
    Ok(Json(tokens.into_iter().map(|(id, issued)| show(&directory, *id, issued, now)).collect()))
}

/// `POST /api/v1/tokens`: the answer holds the secret, this once.
pub async fn issue(
    Caller(by): Caller,
    State(app): State<App>,
    wanted: Result<Json<Wanted>, JsonRejection>,
) -> Answer {
    let Json(wanted) = wanted.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let drawn = |error: std::io::Error| Problem::unavailable(error.to_string());
    let secret = token::secret().map_err(drawn)?;
    for _ in 0..DRAWS_MAX {
        let id = token::name().map_err(drawn)?;
        let issued = understood(&app, &wanted, id, &secret)?;
        let command = TokenCommand::Issue(issued);
        match app.house.decide::<Token>(&id.to_string(), command, app.provenance(by.clone())).await {
            Ok(position) => {
                app.house.published().wait_for(position).await;
                let mut shown = one(&app, id)?;
                shown["secret"] = secret.into();
                return Ok(Json(shown));
            }
            Err(Undecided::Refused(TokenRefusal::Taken)) => {}
            Err(refused) => return Err(refused.into()),
        }
    }
    Err(Problem::unavailable("no free name was found; try again"))
}

/// `DELETE /api/v1/tokens/{id}`: nobody is let in by it from now on.
pub async fn revoke(Caller(by): Caller, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let unissued = || Problem::from(Undecided::Refused(TokenRefusal::Unissued));
    let id = id.parse::<TokenId>().map_err(|_| unissued())?;
    let position =
        app.house.decide::<Token>(&id.to_string(), TokenCommand::Revoke, app.provenance(by)).await?;
    app.house.published().wait_for(position).await;
    one(&app, id).map(Json)
}

/// Names to identifiers, and a length of time to a moment. What can stand is the domain's business.
fn understood(app: &App, wanted: &Wanted, id: TokenId, secret: &str) -> Result<TokenIssued, Problem> {
    let refused = |sentence: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, sentence);
    let role = Role::read(&wanted.role).ok_or_else(|| {
        refused(format!("there is no role {:?}: write read, respond, team:NAME or owner", wanted.role))
    })?;
    let (directory, now) = (app.house.directory(), app.house.now());
    let person = wanted.person.as_deref().map(|slug| {
        let known = directory.person_called(slug).map(|(id, _)| id);
        known.ok_or_else(|| refused(format!("there is nobody called {slug:?}: see `hotpotato export`")))
    });
    let person = person.transpose()?;
    let expires_at = match (wanted.expires_at.as_deref(), wanted.expires_in_seconds) {
        (None, None) => None,
        (Some(at), None) => {
            let sentence = || format!("`expires_at` is {at:?}: write it as 2026-11-22T03:10:00+01:00");
            Some(Timestamp::parse_rfc3339(at).ok_or_else(|| refused(sentence()))?)
        }
        (None, Some(seconds)) => Some(now + Span::from_seconds(seconds)),
        (Some(_), Some(_)) => {
            return Err(refused("say `expires_at` or `expires_in_seconds`, not both".to_owned()));
        }
    };
    let owner = person.map_or(KeyOwner::Token(id), KeyOwner::Person);
    Ok(TokenIssued {
        secret_sha256: key_sha256(secret),
        role,
        label: Sealed::new(owner, wanted.label.trim().to_owned()),
        person,
        expires_at,
    })
}

fn one(app: &App, id: TokenId) -> Result<Value, Problem> {
    let directory = app.house.directory();
    let issued = directory.tokens().get(id).ok_or(Undecided::Refused(TokenRefusal::Unissued))?;
    Ok(show(&directory, id, issued, app.house.now()))
}

fn slug(directory: &Directory, person: PersonId) -> String {
    directory.slug(person).map_or_else(|| person.to_string(), str::to_owned)
}

/// A token for owners: everything but its secret and the hash of that.
fn show(directory: &Directory, id: TokenId, token: &Issued, now: Timestamp) -> Value {
    let issued = token.state.issued();
    let state = match token.state.rights(directory, now) {
        Ok(_) => "in_force",
        Err(Void::Unissued) => "unissued",
        Err(Void::Revoked { .. }) => "revoked",
        Err(Void::Expired { .. }) => "expired",
        Err(Void::PersonGone) => "person_gone",
    };
    let by = token.by.as_ref().map(|by| match by {
        Author::Person(person) => slug(directory, *person),
        Author::Token(name) => directory.tokens().called(name),
        Author::Source(_) | Author::House => by.to_string(),
    });
    json!({
        "id": id,
        "state": state,
        "role": issued.map(|issued| issued.role.to_string()),
        "label": issued.and_then(|issued| issued.label.open()),
        "person": issued.and_then(|issued| issued.person).map(|person| slug(directory, person)),
        "expires_at": issued.and_then(|issued| issued.expires_at).map(|at| at.to_string()),
        "issued_by": by,
        "issued_at": token.at.to_string(),
        "revoked_at": token.state.revoked_at().map(|at| at.to_string()),
    })
}

impl From<Undecided<TokenRefusal>> for Problem {
    fn from(undecided: Undecided<TokenRefusal>) -> Self {
        let sentence = undecided.to_string();
        let status = match undecided {
            Undecided::Unavailable { .. } => return Self::unavailable(sentence),
            Undecided::Refused(TokenRefusal::Unissued) => StatusCode::NOT_FOUND,
            Undecided::Refused(TokenRefusal::Taken | TokenRefusal::Revoked | TokenRefusal::TooMany) => {
                StatusCode::CONFLICT
            }
            Undecided::Refused(
                TokenRefusal::LabelEmpty
                | TokenRefusal::LabelTooLong
                | TokenRefusal::LabelUnprintable
                | TokenRefusal::UnknownPerson
                | TokenRefusal::UnknownTeam(_)
                | TokenRefusal::Expired { .. }
                | TokenRefusal::LifetimeTooLong,
            ) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, sentence)
    }
}
