//! An FAQ goes into force whole or not at all.

use deskbell_shared::{
    faq::Matcher,
    wire::{FaqPointer, MAX_FAQ_BYTES, ProblemKind, Published},
};

use crate::people::{SHOP, Site};

const FAQ: &str = "- id: returns\n  questions: [How do I return an order?]\n  answer: Within 30 days.\n";

async fn pointer(site: &Site<'_>) -> FaqPointer {
    site.ask("GET", "/faq").expect(200).await.json()
}

#[tokio::test]
async fn a_pack_is_served_for_ever_under_its_name() {
    let site = Site::new().await;
    assert_eq!(pointer(&site).await.pack, None);
    let published = site.operator("PUT", "/faq").body("application/yaml", FAQ).expect(200).await;
    let published: Published = published.json();
    assert_eq!((published.entries, published.phrasings), (1, 1));
    assert_eq!(pointer(&site).await.pack.as_ref(), Some(&published.pack));

    let path = format!("/packs/{}", published.pack.as_str());
    for turn in ["from storage", "from memory"] {
        let pack = site.ask("GET", &path).header("Accept-Encoding", "gzip").expect(200).await;
        assert_eq!(pack.header("cache-control"), "public, max-age=31536000, immutable", "{turn}");
        assert_eq!(pack.header("etag"), format!("\"{}\"", published.pack.as_str()));
        assert_eq!(pack.header("content-encoding"), "gzip");
        assert!(Matcher::load(&unzip(&pack.body)).is_ok());
    }
    let head = site.ask("HEAD", &path).header("Accept-Encoding", "gzip").expect(200).await;
    assert_eq!((head.body.len(), head.header("content-encoding")), (0, "gzip"));
    let etag = format!("\"{}\"", published.pack.as_str());
    site.ask("GET", &path).header("If-None-Match", &etag).expect(304).await;
    site.ask("GET", &path).origin("https://evil.example").refused(ProblemKind::OriginNotAllowed).await;
    let page = site.ask("GET", &path).origin(SHOP).expect(200).await;
    assert_eq!(page.header("access-control-allow-origin"), SHOP);
    site.ask("GET", &format!("/packs/{}", "0".repeat(32))).refused(ProblemKind::NotFound).await;

    let frame = site.edge.ask("GET", &format!("/w/{}", site.name)).expect(200).await.text();
    assert!(frame.contains(&format!("href=\"{}\"", site.path(&path))), "the frame preloads it");
}

#[tokio::test]
async fn a_faulty_file_names_every_fault_and_the_faq_in_force_stays() {
    let site = Site::new().await;
    site.operator("PUT", "/faq").body("application/yaml", FAQ).expect(200).await;
    let before = pointer(&site).await;
    let faulty = "- id: a\n  questions: []\n  answer: x\n- id: a\n  questions: [Why?]\n  answer: y\n";
    let put = site.operator("PUT", "/faq").header("X-Deskbell-File", "shop.yaml");
    let problem = put.body("application/yaml", faulty).refused(ProblemKind::FaqInvalid).await;
    assert!(problem.faults.len() >= 2, "{problem:?}");
    for fault in &problem.faults {
        assert_eq!(fault.file, "shop.yaml");
        assert!(fault.line > 0 && !fault.fault.is_empty() && !fault.remedy.is_empty(), "{fault:?}");
    }
    let rows = "a,b,c,d\n".repeat(1_000);
    let put = site.operator("PUT", "/faq").header("X-Deskbell-File", "shop.csv");
    let many = put.body("text/csv", format!("id,question,answer\n{rows}"));
    let problem = many.refused(ProblemKind::FaqInvalid).await;
    assert!(problem.detail.contains("shop.csv: 1000."), "{}", problem.detail);
    for (media_type, body) in [
        ("application/yaml", vec![0xff, 0xfe, 0x00]),
        ("application/yaml", b"- [".to_vec()),
        ("text/csv", b"nonsense".to_vec()),
        ("text/csv", Vec::new()),
    ] {
        site.operator("PUT", "/faq").body(media_type, body).refused(ProblemKind::FaqInvalid).await;
    }
    site.operator("PUT", "/faq").body("application/json", "{}").refused(ProblemKind::UnsupportedMedia).await;
    let huge = vec![b' '; MAX_FAQ_BYTES + 1];
    site.operator("PUT", "/faq").body("application/yaml", huge).refused(ProblemKind::TooLarge).await;
    assert_eq!(pointer(&site).await, before);
    let source = site.operator("GET", "/faq/source").expect(200).await;
    assert_eq!((source.text().as_str(), source.header("content-type")), (FAQ, "application/yaml"));
}

#[tokio::test]
async fn a_new_faq_moves_the_pointer_and_open_widgets_still_find_theirs() {
    let site = Site::new().await;
    let mut packs = Vec::new();
    for n in 0..7 {
        let csv = format!("id,question,answer,lang\nhours,When are you open?,From {n} to 17,en\n");
        let published = site.operator("PUT", "/faq").body("text/csv", csv).expect(200).await;
        packs.push(published.json::<Published>().pack);
        assert_eq!(pointer(&site).await.pack.as_ref(), packs.last());
    }
    let previous = format!("/packs/{}", packs[5].as_str());
    site.ask("GET", &previous).expect(200).await;
    let source = site.operator("GET", "/faq/source").expect(200).await;
    assert_eq!(source.header("content-type"), "text/csv");
}

#[tokio::test]
async fn an_owner_may_publish_and_others_may_not() {
    let site = Site::new().await;
    let agent = site.agent().await;
    agent.ask("PUT", "/faq").body("application/yaml", FAQ).expect(200).await;
    agent.ask("GET", "/faq/source").expect(200).await;
    site.ask("PUT", "/faq").body("application/yaml", FAQ).refused(ProblemKind::SignInNeeded).await;
    site.ask("GET", "/faq/source").refused(ProblemKind::SignInNeeded).await;
    let forged = site.ask("PUT", "/faq").header("Cookie", &agent.cookie).origin(&site.edge.origin());
    forged.body("application/yaml", FAQ).refused(ProblemKind::SignInNeeded).await;
}

pub(crate) fn unzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let mut out = Vec::new();
    flate2::read::GzDecoder::new(bytes)
        .read_to_end(&mut out)
        .unwrap_or_else(|error| panic!("no gzip: {error}"));
    out
}
