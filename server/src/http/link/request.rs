//! What is asked of a link: by a form, by JSON, or by a bearer token alone.

use axum::extract::{Form, FromRequest, Json};
use axum::http::header::CONTENT_TYPE;
use serde::Deserialize;

use crate::http::page::accepts;
use crate::http::problem::Problem;
use crate::http::{App, bearer};

/// No longer token is looked at; ours have 22 characters.
const TOKEN_CHARS_MAX: usize = 64;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What proves who asks; one in the body goes before one in the header.
    pub(super) token: Option<String>,
    pub(super) action: Action,
    pub(super) wants_json: bool,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Action {
    /// Show the alert.
    Show,
    /// Take it.
    #[default]
    Acknowledge,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Fields {
    token: Option<String>,
    action: Option<Action>,
}

impl FromRequest<App> for Request {
    type Rejection = Problem;

    async fn from_request(request: axum::extract::Request, app: &App) -> Result<Self, Problem> {
        let headers = request.headers();
        let in_header = bearer(headers).and_then(token_of);
        let content_type = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
        let content_type = content_type.map(str::to_ascii_lowercase);
        let is_json = content_type.as_deref().is_some_and(|given| given.starts_with("application/json"));
        let wants_json = is_json || (accepts(headers, "application/json") && !accepts(headers, "text/html"));
        let fields = if is_json {
            let body = Json::<Fields>::from_request(request, app).await;
            body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?.0
        } else if content_type.is_some() {
            let body = Form::<Fields>::from_request(request, app).await;
            body.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?.0
        } else {
            Fields::default()
        };
        let in_body = fields.token.as_deref().and_then(token_of);
        Ok(Self { token: in_body.or(in_header), action: fields.action.unwrap_or_default(), wants_json })
    }
}

/// The token in what somebody typed or pasted: what follows the last `#`, or all of it. None when nothing is left.
fn token_of(text: &str) -> Option<String> {
    let token = text.rsplit('#').next().unwrap_or(text).trim();
    (!token.is_empty()).then(|| token.chars().take(TOKEN_CHARS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_in_a_pasted_link() {
        for (text, expected) in [
            ("q3mZ0bYx7Jt2Vw9Lc4Rk1A", Some("q3mZ0bYx7Jt2Vw9Lc4Rk1A")),
            (" https://pager.example/a/K7M2Q#q3mZ0bYx7Jt2Vw9Lc4Rk1A\n", Some("q3mZ0bYx7Jt2Vw9Lc4Rk1A")),
            ("https://pager.example/a/K7M2Q#", None),
            ("  ", None),
            ("", None),
        ] {
            assert_eq!(token_of(text).as_deref(), expected, "{text:?}");
        }
        assert_eq!(token_of(&"a".repeat(100_000)).map(|token| token.len()), Some(TOKEN_CHARS_MAX));
    }
}
