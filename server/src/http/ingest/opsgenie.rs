//! Opsgenie's Alert API, version 2, answered in its words, codes and headers. Its writes are asynchronous: 202 with the
//! number of a request, whose status can be asked for. Here they are done, and durable, by then; the number says what
//! became of it, so that it is never forgotten (see [`receipt`]).

mod answer;
mod deed;
mod receipt;
mod shown;

use actors::shell::Provenance;
use axum::Router;
use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use axum::routing::{any, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::directory::Directory;
use events::event::source::SourceKind;
use events::{Author, SourceId, Timestamp};

use self::answer::Fault;
use super::{App, Body};

/// Names and values of an address, in order.
type Words = Query<Vec<(String, String)>>;

/// Everything under `/integrations/opsgenie/v2` and `/v2`, but heartbeats.
pub fn router() -> Router<App> {
    Router::new()
        .route("/alerts", post(create).get(list).fallback(no_such_method))
        .route("/alerts/", post(create).get(list).fallback(no_such_method))
        .route("/alerts/count", get(count).fallback(no_such_method))
        .route("/alerts/requests/{request}", get(request_status).fallback(no_such_method))
        .route("/alerts/{identifier}", get(show).delete(delete).fallback(no_such_method))
        .route("/alerts/{identifier}/{action}", any(deed))
        .route("/alerts/{identifier}/actions/{name}", post(custom_action).fallback(no_such_method))
}

/// A request of a source that has shown its key.
#[derive(Debug)]
struct Asked {
    app: App,
    source: SourceId,
    provenance: Provenance,
    began_at: Timestamp,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let began_at = app.house.now();
        let query = parts.uri.query().unwrap_or_default();
        let source = known(&app.house.directory(), &parts.headers, query);
        let by = source.as_ref().map_or(Author::House, |source| Author::Source(source.clone()));
        let provenance = app.provenance(by);
        let refuse = |fault: &Fault| answer::refuse(fault, &provenance, began_at, app.house.now());
        match source {
            Ok(source) => Ok(Self { app: app.clone(), source, provenance, began_at }),
            Err(fault) => Err(refuse(&fault)),
        }
    }
}

/// The source that shows its key in one of the three ways.
fn known(directory: &Directory, headers: &HeaderMap, query: &str) -> Result<SourceId, Fault> {
    let keys = shown_keys(headers, query);
    let found = keys.iter().find_map(|key| directory.source_with_key(key));
    match found {
        Some((source, defined)) if defined.kind == SourceKind::Opsgenie => Ok(source.clone()),
        Some((source, _)) => Err(Fault::forbidden(source)),
        None => Err(Fault::unauthorized()),
    }
}

/// `Authorization: GenieKey KEY`, `Authorization: Basic …` with the key in base64, alone or as one half of a pair, or
/// `?apiKey=KEY`.
fn shown_keys(headers: &HeaderMap, query: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some((scheme, key)) = given.and_then(|given| given.trim().split_once(' ')) {
        let key = key.trim();
        if scheme.eq_ignore_ascii_case("geniekey") {
            keys.push(key.to_owned());
        } else if scheme.eq_ignore_ascii_case("basic")
            && let Some(pair) = STANDARD.decode(key).ok().and_then(|bytes| String::from_utf8(bytes).ok())
        {
            if let Some((user, password)) = pair.split_once(':') {
                keys.extend([user.to_owned(), password.to_owned()]);
            }
            keys.push(pair.trim().to_owned());
        }
    }
    let named = |pair: &str| pair.strip_prefix("apiKey=").map(str::to_owned);
    keys.extend(query.split('&').find_map(named));
    keys
}

async fn create(asked: Asked, body: Body) -> Response {
    let done = deed::create(&asked, body).await;
    asked.accept(done)
}

async fn delete(asked: Asked, Path(identifier): Path<String>, query: Words, body: Body) -> Response {
    let done = deed::carry_out(&asked, &identifier, &query, "delete", body).await;
    asked.accept(done)
}

async fn custom_action(
    asked: Asked,
    Path((identifier, name)): Path<(String, String)>,
    query: Words,
    body: Body,
) -> Response {
    let done = deed::custom(&asked, &identifier, &query, &name, body).await;
    asked.accept(done)
}

/// Everything that stands behind an alert: `POST …/acknowledge`, `GET …/notes`, and so on.
async fn deed(
    asked: Asked,
    Path((identifier, action)): Path<(String, String)>,
    query: Words,
    method: Method,
    body: Body,
) -> Response {
    if method == Method::GET {
        return match &*action {
            "logs" => asked.give(shown::logs(&asked, &identifier, &query).await),
            "notes" => asked.give(shown::notes(&asked, &identifier, &query).await),
            "recipients" => asked.give(shown::recipients(&asked, &identifier, &query).await),
            _ => asked.give(Err(Fault::no_such_address())),
        };
    }
    let action = match (method.as_str(), &*action) {
        ("DELETE", "tags") => "removeTags",
        ("DELETE", "details") => "removeDetails",
        ("POST", "delete" | "removeTags" | "removeDetails") => {
            return asked.give(Err(Fault::no_such_address()));
        }
        ("PUT", "message" | "description" | "priority") | ("POST", _) => &*action,
        _ => return asked.give(Err(Fault::no_such_method())),
    };
    let done = deed::carry_out(&asked, &identifier, &query, action, body).await;
    asked.accept(done)
}

async fn show(asked: Asked, Path(identifier): Path<String>, query: Words) -> Response {
    asked.give(shown::one(&asked, &identifier, &query).await)
}

async fn list(asked: Asked, query: Words) -> Response {
    asked.give(shown::list(&asked, &query).await)
}

async fn count(asked: Asked, query: Words) -> Response {
    asked.give(shown::count(&asked, &query))
}

async fn request_status(asked: Asked, Path(request): Path<String>) -> Response {
    asked.give(receipt::status(&asked, &request).await)
}

async fn no_such_method(asked: Asked) -> Response {
    asked.give(Err(Fault::no_such_method()))
}

/// The value of a name in an address.
fn word<'a>(query: &'a Words, name: &str) -> Option<&'a str> {
    query
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(authorization: &'static str, query: &str) -> Vec<String> {
        let mut headers = HeaderMap::new();
        if !authorization.is_empty() {
            headers.insert(header::AUTHORIZATION, authorization.parse().expect("a value"));
        }
        shown_keys(&headers, query)
    }

    #[test]
    fn a_key_is_shown_in_three_ways() {
        assert_eq!(keys("GenieKey abc", ""), ["abc"]);
        assert_eq!(keys("geniekey  abc ", ""), ["abc"]);
        assert_eq!(keys("basic YWJj", ""), ["abc"]);
        assert_eq!(keys("Basic OmFiYw==", ""), ["", "abc", ":abc"]);
        assert_eq!(keys("", "limit=1&apiKey=abc"), ["abc"]);
        assert_eq!(keys("Bearer abc", "apikey=abc"), [""; 0]);
        assert_eq!(keys("basic ***", ""), [""; 0]);
    }
}
