//! Whether a caller may do what they ask for. Every request under `/api/v1` comes through [`admit`], which asks the table
//! in `domain::access`; handlers take what it found out.
//!
//! | a handler takes | and is reached by |
//! | --- | --- |
//! | [`Caller`] | whoever may do it to anything |
//! | [`Narrow`] | also by whoever may do it only to what is their own; it gives the author away only for a thing that is |

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use domain::access::{About, Action, Denied, Scope};
use domain::token::Void;
use events::event::token::Role;
use events::{Author, TeamId};

use crate::http::caller::{Holder, Known};
use crate::http::problem::Problem;
use crate::http::{App, bearer};

/// Somebody who may do what they ask for, and to what.
#[derive(Clone, Debug)]
pub(super) struct Admitted {
    known: Known,
    scope: Scope,
}

/// Lets a request through to its handler, if its sender may do this.
///
/// # Errors
/// 401 without a token that lets anybody in, 403 when its role does not allow this.
pub(super) async fn admit(
    State((app, action)): State<(App, Action)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let known = known(request.headers(), &app)?;
    let scope = known.rights.may(action).map_err(|denied| denied_problem(&denied))?;
    request.extensions_mut().insert(Admitted { known, scope });
    Ok(next.run(request).await)
}

fn known(headers: &HeaderMap, app: &App) -> Result<Known, Problem> {
    let refused = |sentence: &str, reason: &str| {
        Problem::new(StatusCode::UNAUTHORIZED, sentence).with("reason", reason.into())
    };
    let Some(secret) = bearer(headers) else {
        return Err(refused("send `Authorization: Bearer TOKEN`", "no_token"));
    };
    let known = Holder::of(app, secret).ok_or(Void::Unissued).and_then(|holder| holder.known(app));
    known.map_err(|void| {
        let reason = match void {
            Void::Unissued => "unknown",
            Void::Revoked { .. } => "revoked",
            Void::Expired { .. } => "expired",
            Void::PersonGone => "person_gone",
        };
        refused(&void.to_string(), reason)
    })
}

fn denied_problem(denied: &Denied) -> Problem {
    let problem = Problem::new(StatusCode::FORBIDDEN, denied.to_string());
    match denied {
        Denied::Role { needs, has } => problem
            .with("reason", "role".into())
            .with("needs", (*needs).into())
            .with("has", has.to_string().into()),
        Denied::Nobody { has } => problem.with("reason", "nobody".into()).with("has", has.to_string().into()),
    }
}

fn admitted(parts: &Parts) -> Result<Admitted, Problem> {
    let unchecked = || {
        tracing::error!(address = %parts.uri.path(), "an address stands outside the table of routes; it is refused");
        Problem::new(StatusCode::FORBIDDEN, "nobody may do this")
    };
    parts.extensions.get::<Admitted>().cloned().ok_or_else(unchecked)
}

/// Whoever may do this to anything.
#[derive(Clone, Debug)]
pub struct Caller(pub Author);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Problem> {
        let Admitted { known, scope } = admitted(parts)?;
        match scope {
            Scope::Everything => Ok(Self(known.by)),
            // The table allows more than the handler can tell apart.
            Scope::OfTeam(_) | Scope::OfPerson(_) => {
                Err(Problem::new(StatusCode::FORBIDDEN, "only an owner may do this"))
            }
        }
    }
}

/// Whoever holds a token, whatever it allows.
#[derive(Clone, Debug)]
pub(super) struct Oneself(pub(super) Known);

impl FromRequestParts<App> for Oneself {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Problem> {
        Ok(Self(admitted(parts)?.known))
    }
}

/// Whoever may do this at least to what is their own.
#[derive(Clone, Debug)]
pub struct Narrow(Admitted);

impl FromRequestParts<App> for Narrow {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Problem> {
        admitted(parts).map(Self)
    }
}

impl Narrow {
    /// The author, if they may do it to this thing, which `what` names in the refusal.
    ///
    /// # Errors
    /// 403 when it is not their own.
    pub(super) fn about(&self, about: About<'_>, what: &str) -> Result<Author, Problem> {
        if self.0.scope.covers(about) { Ok(self.0.known.by.clone()) } else { Err(self.foreign(what)) }
    }

    /// The author, and whose things alone they may change; anybody's when none.
    ///
    /// # Errors
    /// 403 when they may change nobody's.
    pub(super) fn of_team(&self) -> Result<(Author, Option<TeamId>), Problem> {
        let by = self.0.known.by.clone();
        match &self.0.scope {
            Scope::Everything => Ok((by, None)),
            Scope::OfTeam(team) => Ok((by, Some(team.clone()))),
            Scope::OfPerson(_) => Err(self.foreign("this")),
        }
    }

    fn foreign(&self, what: &str) -> Problem {
        let whose = match &self.0.known.rights.role {
            Role::Team(team) if matches!(self.0.scope, Scope::OfTeam(_)) => {
                format!("is not team `{team}`'s own")
            }
            Role::Read | Role::Respond | Role::Team(_) | Role::Owner => "is not yours".to_owned(),
        };
        let sentence =
            format!("{what} {whose}: this takes a token with the role `owner`; ask an owner to do it");
        Problem::new(StatusCode::FORBIDDEN, sentence).with("reason", "foreign".into())
    }
}
