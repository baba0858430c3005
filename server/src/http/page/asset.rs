//! What pages are made of beside HTML. It is part of the binary and named by its content, so that browsers keep it
//! for as long as it stays the same.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};

/// One file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Asset {
    /// How everything looks.
    Style,
    /// What runs on every page.
    Script,
    /// What runs on the page behind a link.
    Link,
    /// The picture in the browser's tab.
    Icon,
}

/// A file as it is served.
#[derive(Debug)]
struct Served {
    name: String,
    content_type: &'static str,
    content: &'static str,
}

static SERVED: LazyLock<[Served; 4]> = LazyLock::new(|| {
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    [
        served("style", "css", "text/css; charset=utf-8", include_str!("../../../assets/style.css")),
        served("page", "js", SCRIPT, include_str!("../../../assets/page.js")),
        served("link", "js", SCRIPT, include_str!("../../../assets/link.js")),
        served("icon", "svg", "image/svg+xml", include_str!("../../../assets/icon.svg")),
    ]
});

fn served(stem: &str, extension: &str, content_type: &'static str, content: &'static str) -> Served {
    let digest = Sha256::digest(content);
    let hash = digest.iter().take(8).fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("a string takes everything");
        digits
    });
    Served { name: format!("{stem}-{hash}.{extension}"), content_type, content }
}

impl Asset {
    /// Where it is.
    pub(in crate::http) fn address(self) -> String {
        let [style, script, link, icon] = &*SERVED;
        let served = match self {
            Self::Style => style,
            Self::Script => script,
            Self::Link => link,
            Self::Icon => icon,
        };
        format!("/assets/{}", served.name)
    }
}

/// `GET /assets/{name}`.
pub async fn show(Path(name): Path<String>) -> Response {
    let Some(served) = SERVED.iter().find(|served| served.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, served.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, served.content).into_response()
}
