//! Every address takes what it should, and refuses the rest readably.

use deskbell_shared::wire::{MAX_BODY_BYTES, ProblemKind, SiteSettings};
use deskbell_tests::edge::Edge;
use serde_json::json;

use crate::people::{SHOP, Site, address, settings};

#[tokio::test]
async fn health_and_explanations_are_for_anybody() {
    let edge = Edge::shared().await;
    assert_eq!(edge.ask("GET", "/").expect(200).await.text(), "ok");
    assert_eq!(edge.ask("HEAD", "/").expect(200).await.text(), "");
    for kind in ProblemKind::ALL {
        let page = edge.ask("GET", kind.slug()).expect(200).await;
        assert!(page.header("content-type").starts_with("text/html"));
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
        assert!(page.text().contains(kind.title()), "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_nowhere_is_a_problem_too() {
    let edge = Edge::shared().await;
    for path in ["/nope", "/v1", "/v1/sites/UPPER", "/w/", "/problems/nope", "/frame.html", "/%00"] {
        edge.ask("GET", path).refused(ProblemKind::NotFound).await;
    }
    let site = Site::new().await;
    site.ask("GET", "/nope").refused(ProblemKind::NotFound).await;
    site.ask("GET", "/conversations/xyz/messages").refused(ProblemKind::NotFound).await;
    edge.ask("GET", "/v1/sites/no-such-site/faq").refused(ProblemKind::SiteUnknown).await;
}

#[tokio::test]
async fn methods_are_named_when_they_are_not_taken() {
    let site = Site::new().await;
    for (method, below, allow) in [
        ("DELETE", "/faq", "GET, HEAD, PUT, OPTIONS"),
        ("GET", "/conversations", "POST, OPTIONS"),
        ("PATCH", "/bans", "GET, HEAD, POST, OPTIONS"),
        ("POST", "", "PUT, OPTIONS"),
        ("POST", "/me", "GET, HEAD, OPTIONS"),
    ] {
        let answer = site.ask(method, below).origin(SHOP).send().await;
        answer.problem(ProblemKind::MethodNotAllowed);
        assert_eq!(answer.header("allow"), allow, "{method} {below}");
        let options = site.ask("OPTIONS", below).expect(204).await;
        assert_eq!(options.header("allow"), allow);
    }
}

#[tokio::test]
async fn the_frame_carries_its_configuration_and_a_strict_policy() {
    let site = Site::new().await;
    let frame = site.edge.ask("GET", &format!("/w/{}", site.name)).expect(200).await;
    let policy = frame.header("content-security-policy");
    assert!(policy.contains(&format!("frame-ancestors {SHOP};")), "{policy}");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("script-src 'self' 'wasm-unsafe-eval';")
    );
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    assert_eq!(frame.header("x-content-type-options"), "nosniff");
    assert!(frame.text().contains(&format!(r#"{{"site":"{}","settings""#, site.name)));
    assert_eq!(site.edge.ask("HEAD", &format!("/w/{}", site.name)).expect(200).await.text(), "");

    let unknown = site.edge.ask("GET", "/w/no-such-site").expect(404).await;
    assert!(unknown.header("content-type").starts_with("text/html"));
    assert!(unknown.text().contains("no-such-site"));
}

#[tokio::test]
async fn the_console_is_framed_by_nobody() {
    let site = Site::new().await;
    for path in [format!("/inbox/{}", site.name), "/setup".to_owned()] {
        let page = site.edge.ask("GET", &path).expect(200).await;
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none';"));
    }
}

#[tokio::test]
async fn any_page_may_ask_why_the_frame_does_not_come_up() {
    let site = Site::new().await;
    let good = site.ask("GET", "/check").origin(SHOP).expect(204).await;
    assert_eq!(good.header("access-control-allow-origin"), "*");
    let answer = site.ask("GET", "/check").origin("https://evil.example").send().await;
    assert!(answer.problem(ProblemKind::OriginNotAllowed).detail.contains("https://evil.example"));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let answer = site.edge.ask("GET", "/v1/sites/no-such-site/check").origin(SHOP).send().await;
    answer.problem(ProblemKind::SiteUnknown);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn only_allowed_pages_talk_to_a_site() {
    let site = Site::new().await;
    let visitor = site.visitor();
    let handoff = visitor.handoff();
    for origin in ["https://evil.example", "http://shop.example", "https://shop.example:444", "null"] {
        let ask = site.ask("POST", "/conversations").origin(origin).json(&handoff);
        ask.refused(ProblemKind::OriginNotAllowed).await;
    }
    site.ask("POST", "/conversations").json(&handoff).refused(ProblemKind::OriginNotAllowed).await;
    site.ask("GET", "/faq").origin("https://evil.example").refused(ProblemKind::OriginNotAllowed).await;
    site.ask("GET", "/faq").expect(200).await;

    // From inside the frame the origin is the edge's own; from the shop's page the answer can be read there.
    let own = site.ask("POST", "/conversations").origin(&site.edge.origin()).from_address(&address());
    assert_eq!(own.json(&handoff).expect(201).await.header("access-control-allow-origin"), "");
    let page = visitor.ask("POST", "/conversations").json(&handoff).expect(200).await;
    assert_eq!(page.header("access-control-allow-origin"), SHOP);
    assert_eq!(page.header("vary"), "Origin");
    let refused = visitor.ask("POST", "/conversations").body("application/json", "{").send().await;
    refused.problem(ProblemKind::Malformed);
    assert_eq!(refused.header("access-control-allow-origin"), SHOP);
    let preflight = visitor.ask("OPTIONS", "/conversations").expect(204).await;
    assert_eq!(
        preflight.header("access-control-allow-headers"),
        "Authorization, Content-Type, X-Deskbell-Proof"
    );
}

#[tokio::test]
async fn bad_bodies_are_refused_with_what_is_wrong() {
    let site = Site::new().await;
    let visitor = site.visitor();
    let post = || visitor.ask("POST", "/conversations");
    let problem = post().body("text/plain", "{}").refused(ProblemKind::UnsupportedMedia).await;
    assert!(problem.detail.contains("application/json"));

    let mut handoff = json!(visitor.handoff());
    for (field, value, named) in [
        ("resume", json!("xyz"), "resume: "),
        ("reasons", json!([]), "reasons: "),
        ("reasons", json!(["boredom"]), "reasons[0]: "),
        ("transcript", json!([{ "id": 1 }]), "transcript[0].id: "),
        (
            "context",
            json!({ "language": "en", "utc_offset_minutes": 9000 }),
            "context.utc_offset_minutes: an offset",
        ),
    ] {
        let good = handoff[field].take();
        handoff[field] = value;
        let detail = post().json(&handoff).refused(ProblemKind::Malformed).await.detail;
        assert!(detail.starts_with(named), "{detail}");
        handoff[field] = good;
    }
    let turn = handoff["transcript"][0].clone();
    handoff["transcript"] = json!([turn, turn]);
    let detail = post().json(&handoff).refused(ProblemKind::Malformed).await.detail;
    assert!(detail.contains("twice"), "{detail}");
    handoff["transcript"] = json!(vec![turn; 101]);
    post().json(&handoff).refused(ProblemKind::Malformed).await;

    post().body("application/json", vec![0xff, 0xfe]).refused(ProblemKind::Malformed).await;
    post().body("application/json", "[".repeat(100_000)).refused(ProblemKind::Malformed).await;
    let huge = post().body("application/json", vec![b' '; MAX_BODY_BYTES + 1]);
    huge.refused(ProblemKind::TooLarge).await;
    post().json(&visitor.handoff()).expect(201).await;
}

#[tokio::test]
async fn an_admin_decides_what_visitors_see_and_not_which_pages_show_it() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let look = json!({
        "name": "Tea & Co", "accent": "#8a1c4a", "language": "fr", "greeting": "Ask us", "asks_to_recommend": true
    });
    let put = |look: &serde_json::Value| agent.ask("PUT", "/settings").json(&json!({ "look": look }));
    let set: SiteSettings = put(&look).expect(200).await.json();
    assert_eq!((set.name.as_str(), set.accent.as_str()), ("Tea & Co", "#8a1c4a"));
    assert_eq!(set.origins, settings().origins);
    assert_eq!(agent.ask("GET", "/settings").expect(200).await.json::<SiteSettings>(), set);
    let frame = site.edge.ask("GET", &format!("/w/{}", site.name)).expect(200).await.text();
    assert!(frame.contains("#8a1c4a") && frame.contains("Ask us"), "{frame}");
    assert!(agent.ask("GET", "/audit").expect(200).await.text().contains("\"look\""));

    for (wrong, named) in [
        (json!({}), "name"),
        (json!({ "name": " " }), "name"),
        (json!({ "name": "x".repeat(10_000) }), "name"),
        (json!({ "name": "Tea", "accent": "red" }), "accent"),
        (json!({ "name": "Tea", "origins": ["https://elsewhere.example"] }), "origins"),
    ] {
        let detail = put(&wrong).refused(ProblemKind::Malformed).await.detail;
        assert!(detail.contains(named), "{detail}");
    }
    // Who did not see what a colleague has set meanwhile does not undo it.
    let stale = json!({ "look": { "name": "Tea" }, "was": { "name": "Shop" } });
    agent.ask("PUT", "/settings").json(&stale).refused(ProblemKind::Conflict).await;
    assert_eq!(agent.ask("GET", "/settings").expect(200).await.json::<SiteSettings>(), set);
    site.ask("PUT", "/settings").json(&json!({ "look": look })).refused(ProblemKind::SignInNeeded).await;
}

#[tokio::test]
async fn only_the_operator_makes_and_changes_sites() {
    let site = Site::new().await;
    let body = json!({ "settings": settings() });
    site.ask("PUT", "").json(&body).refused(ProblemKind::SignInNeeded).await;
    site.ask("PUT", "").bearer("wrong").json(&body).refused(ProblemKind::SignInNeeded).await;
    site.ask("GET", "/settings").refused(ProblemKind::SignInNeeded).await;

    let changed = SiteSettings { origins: Vec::new(), ..settings() };
    site.operator("PUT", "").json(&json!({ "settings": changed })).expect(200).await;
    assert_eq!(site.operator("GET", "/settings").expect(200).await.json::<SiteSettings>(), changed);
    site.visitor().ask("GET", "/faq").refused(ProblemKind::OriginNotAllowed).await;
    let frame = site.edge.ask("GET", &format!("/w/{}", site.name)).expect(200).await;
    assert!(frame.header("content-security-policy").contains("frame-ancestors 'none';"));

    let nameless = json!({ "settings": { "origins": [] } });
    let detail = site.operator("PUT", "").json(&nameless).refused(ProblemKind::Malformed).await.detail;
    assert!(detail.starts_with("settings: missing field `name`"), "{detail}");
    let slash = json!({ "settings": { "name": "Shop", "origins": ["https://shop.example/"] } });
    let detail = site.operator("PUT", "").json(&slash).refused(ProblemKind::Malformed).await.detail;
    assert!(detail.starts_with("settings.origins[0]: an origin is"), "{detail}");
    let ownerless = site.edge.ask("PUT", "/v1/sites/ownerless").bearer(deskbell_tests::edge::ADMIN_TOKEN);
    let detail = ownerless.json(&body).refused(ProblemKind::Malformed).await.detail;
    assert!(detail.starts_with("owner: "), "{detail}");
}
