//! What holds for every page.

use axum::http::{HeaderMap, StatusCode};
use events::Author;
use events::event::change::ChangeTold;
use i18n::Locale;

use super::*;
use crate::http::visit::Visit;

#[tokio::test]
async fn every_page_lets_nothing_in_from_elsewhere() {
    let visit = Visit::start().await;
    for address in ["/login", "/a/00000", "/nowhere"] {
        let page =
            visit.get(address, &[("accept", "text/html,*/*;q=0.1"), ("accept-language", "it-IT")]).await;
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"), "{address}");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!((page.header("cache-control"), page.header("content-language")), ("no-store", "it"));
        for inline in ["<style", "style=\"", "onclick", "http://", "https://"] {
            assert!(!page.text.contains(inline), "{address}: {inline}");
        }
        assert_eq!(page.text.matches("<script").count(), page.text.matches("<script src=\"/assets/").count());
    }
    let page = visit.get("/nowhere", &[("accept", "text/html")]).await;
    assert!(page.status == StatusCode::NOT_FOUND && page.text.contains("Nothing here"), "{page:?}");
    let json = visit.get("/nowhere", &[]).await;
    assert_eq!((json.status, json.header("content-type")), (StatusCode::NOT_FOUND, "application/json"));
}

#[tokio::test]
async fn assets_are_named_by_their_content() {
    let visit = Visit::start().await;
    for (asset, content_type) in [
        (Asset::Style, "text/css; charset=utf-8"),
        (Asset::Script, "text/javascript; charset=utf-8"),
        (Asset::Link, "text/javascript; charset=utf-8"),
        (Asset::Icon, "image/svg+xml"),
    ] {
        let served = visit.get(&asset.address(), &[]).await;
        assert_eq!((served.status, served.header("content-type")), (StatusCode::OK, content_type));
        assert_eq!(served.header("cache-control"), "public, max-age=31536000, immutable");
        assert!(!served.text.is_empty());
    }
    assert_eq!(visit.get("/assets/style.css", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_changed_before_an_alert_is_shown_with_it() {
    let visit = Visit::start().await;
    let told = ChangeTold {
        source: "monitor".into(),
        summary: "deployed <shop> 1.2".to_owned(),
        details: [
            ("link 1".to_owned(), "https://ci.example/7 (Build 7)".to_owned()),
            ("link 2".to_owned(), "javascript:alert(1)".to_owned()),
        ]
        .into(),
        changed_at: None,
    };
    let provenance = visit.app().provenance(Author::House);
    visit.app().house.changed(told, provenance).await.expect("it is taken");
    let alert = visit.alert().await;
    let bearer = format!("Bearer {}", visit.token(alert, "anna", 1));
    let headers = [("accept", "text/html"), ("authorization", &*bearer)];
    let page = visit.get(&format!("/a/{}", alert.code()), &headers).await;
    for words in [
        "Cambiato nelle due ore precedenti",
        "deployed &lt;shop&gt; 1.2",
        "href=\"https://ci.example/7\"",
        "monitor",
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(!page.text.contains("href=\"javascript"), "{}", page.text);
}

#[test]
fn times_carry_their_zone() {
    let now = Timestamp::parse_rfc3339("2026-11-22T02:22:00Z").expect("a moment");
    let moment = Timestamp::parse_rfc3339("2026-11-22T02:10:00Z").expect("a moment");
    let reader = |locale, zone: &str| Reader { locale, zone: zone.parse().expect("a zone"), now };
    let berlin = reader(Locale::De, "Europe/Berlin");
    assert_eq!((berlin.time(moment), berlin.ago(moment)), ("03:10 CET".to_owned(), "vor 12 min".to_owned()));
    assert_eq!(reader(Locale::En, "America/New_York").time(moment), "21:10 EST");
    let markup = berlin.moment(moment, "03:10").into_string();
    assert!(markup.contains("title=\"2026-11-22 03:10:00 CET Europe/Berlin\""), "{markup}");
}

#[test]
fn only_our_own_forms_count() {
    for (headers, expected) in [
        (&[][..], true),
        (&[("sec-fetch-site", "same-origin")][..], true),
        (&[("sec-fetch-site", "none"), ("origin", "null")][..], true),
        (&[("sec-fetch-site", "cross-site"), ("origin", "https://pager.example")][..], false),
        (&[("sec-fetch-site", "same-site")][..], false),
        (&[("origin", "https://pager.example")][..], true),
        (&[("origin", "http://10.0.0.7:8080"), ("host", "10.0.0.7:8080")][..], true),
        (&[("origin", "http://10.0.0.8:8080"), ("host", "10.0.0.7:8080")][..], false),
        (&[("origin", "null"), ("host", "10.0.0.7:8080")][..], false),
    ] {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().expect("a header"));
        }
        assert_eq!(is_own_form(&map, "https://pager.example/"), expected, "{headers:?}");
    }
}
