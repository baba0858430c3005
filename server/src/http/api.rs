//! Everything as JSON, by bearer token.

use axum::middleware::from_fn_with_state;
use axum::routing::MethodRouter;
use axum::{Json, Router};
use domain::access::Action;

use super::App;
use super::problem::Problem;

mod alerts;
mod calendars;
mod changes;
mod channels;
mod configuration;
mod contacts;
mod gaps;
mod heartbeats;
mod ledger;
mod openapi;
mod overrides;
mod right;
mod routes;
mod shifts;
#[cfg(test)]
mod tests;
mod tokens;
mod verify;
mod who;
mod work;

use right::{Caller, Narrow};

/// One thing that can be asked for.
struct Route {
    /// `get`, `post` or `delete`.
    method: &'static str,
    /// The address under `/api/v1`.
    path: &'static str,
    /// What the caller must be allowed to do.
    action: Action,
    /// Who answers.
    handler: fn() -> MethodRouter<App>,
}

macro_rules! routes {
    ($($method:ident $path:literal, $action:ident => $handler:path;)*) => {
        /// Every route but that of the description, with the action that it takes. A route is served because it stands
        /// here, and so none is served unchecked.
        const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            path: $path,
            action: Action::$action,
            handler: || axum::routing::$method($handler),
        }),*];
    };
}

routes! {
    get "/alerts", AlertRead => alerts::list;
    get "/alerts/{id}", AlertRead => alerts::show;
    post "/alerts/{id}/acknowledge", AlertAcknowledge => alerts::acknowledge;
    post "/alerts/{id}/resolve", AlertResolve => alerts::resolve;
    post "/alerts/{id}/escalate", AlertEscalate => alerts::escalate;
    post "/alerts/{id}/hand-over", AlertHandOver => alerts::hand_over;
    post "/alerts/{id}/hold", AlertHold => alerts::hold;
    post "/alerts/{id}/unhold", AlertHold => alerts::unhold;
    post "/alerts/{id}/notes", AlertNote => alerts::note;
    get "/ledger", AlertRead => ledger::show;
    get "/replay", AlertRead => alerts::replay;
    post "/test-pages", TestPageSend => alerts::test_page;
    get "/configuration", ConfigurationRead => configuration::export;
    post "/configuration", ConfigurationApply => configuration::apply;
    get "/changes", ConfigurationRead => changes::list;
    post "/routes/test", ConfigurationRead => routes::test;
    get "/who", OnCallRead => who::show;
    get "/gaps", OnCallRead => gaps::list;
    get "/rotas/{rota}/shifts", OnCallRead => shifts::list;
    get "/overrides", OnCallRead => overrides::list;
    post "/overrides", OverrideMake => overrides::make;
    post "/overrides/{id}/accept", OverrideAnswer => overrides::accept;
    post "/overrides/{id}/decline", OverrideAnswer => overrides::decline;
    post "/overrides/{id}/remove", OverrideRemove => overrides::remove;
    get "/work", OnCallRead => work::list;
    post "/work", WorkPlan => work::plan;
    post "/work/preview", AlertRead => work::preview::show;
    get "/work/{id}", OnCallRead => work::one;
    post "/work/{id}/extend", WorkPlan => work::extend;
    post "/work/{id}/end", WorkPlan => work::end;
    post "/work/{id}/cancel", WorkPlan => work::cancel;
    get "/channels", ChannelRead => channels::list;
    get "/heartbeats", HeartbeatRead => heartbeats::list;
    get "/calendars", OnCallRead => calendars::list;
    post "/calendars", CalendarOpen => calendars::open;
    delete "/calendars/{id}", CalendarClose => calendars::close;
    get "/contacts", OnCallRead => contacts::list;
    post "/contacts/{person}/{contact}/verify", ContactVerify => contacts::verify;
    post "/contacts/{person}/{contact}/confirm", ContactVerify => contacts::confirm;
    get "/coverage", OnCallRead => contacts::coverage;
    get "/tokens", TokenRead => tokens::list;
    post "/tokens", TokenIssue => tokens::issue;
    delete "/tokens/{id}", TokenRevoke => tokens::revoke;
    get "/me", SelfRead => tokens::me;
    get "/verify", LogVerify => verify::show;
}

/// Everything under `/api/v1`.
pub fn router(app: &App) -> Router<App> {
    // The description needs no token: it tells nothing about this house.
    let router = Router::new().route("/openapi.json", axum::routing::get(openapi::show));
    let router = ROUTES.iter().fold(router, |router, route| {
        let admit = from_fn_with_state((app.clone(), route.action), right::admit);
        router.route(route.path, (route.handler)().route_layer(admit))
    });
    router.fallback(not_found)
}

/// What a route takes; none when there is no such route.
fn action(method: &str, path: &str) -> Option<Action> {
    ROUTES.iter().find(|route| (route.method, route.path) == (method, path)).map(|route| route.action)
}

async fn not_found() -> Problem {
    Problem::not_found("there is nothing at this address: see /api/v1/openapi.json")
}

/// Bytes of a drawn name: 40 bits are 8 characters.
const NAME_BYTES: usize = 5;
const NAME_CHARS: usize = 8;

/// A name for something that people make, easy to read out.
fn drawn_name() -> Result<String, Problem> {
    let mut bytes = [0; NAME_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| Problem::unavailable(error.to_string()))?;
    Ok(events::base32::encode(&bytes, NAME_CHARS))
}

/// An answer in JSON.
pub type Answer = Result<Json<serde_json::Value>, Problem>;
