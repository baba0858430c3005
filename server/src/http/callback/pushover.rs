//! What Pushover tells us: that somebody has acknowledged. It signs nothing, so a call is only a reason to ask.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::http::App;
use crate::http::problem::Problem;

/// Bytes of a callback; Pushover's have some two hundred.
pub const BODY_BYTES_MAX: usize = 4 * 1024;

/// What is called about. Everything else that stands there is asked for.
#[derive(Debug, Deserialize)]
pub struct About {
    receipt: String,
}

/// `POST /callbacks/pushover`: 204 whatever it is about, so that nobody learns what rings and Pushover does not call
/// again. Where something rings under this receipt, Pushover is asked about it; all else costs nothing.
pub async fn acknowledged(
    State(app): State<App>,
    form: Result<Form<About>, FormRejection>,
) -> Result<StatusCode, Problem> {
    let Form(About { receipt }) =
        form.map_err(|rejection| Problem::new(rejection.status(), rejection.body_text()))?;
    let rings = app.house.called_about(&receipt);
    tracing::debug!(rings, "Pushover says that somebody has acknowledged");
    Ok(StatusCode::NO_CONTENT)
}
