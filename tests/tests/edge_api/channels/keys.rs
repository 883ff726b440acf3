//! Who may not carry a channel, what is not taken, and whom it stops.

use deskbell_shared::{
    guard::audit::verify,
    wire::{
        Ban, BanScope, Carried, ChannelKey, Channels, MAX_CHANNELS, OutgoingMessage, ProblemKind, Role, Text,
    },
};
use serde_json::{Value, json};

use super::{LOOK_AGAIN, answer};
use crate::people::{SHOP, Site};

#[tokio::test]
async fn nobody_carries_a_channel_without_its_key() {
    let (site, elsewhere) = (Site::new().await, Site::new().await);
    let owner = site.agent().await;
    let (sms, mail) = (site.carrier(&owner, "sms").await, site.carrier(&owner, "mail").await);
    let foreign = elsewhere.carrier(&elsewhere.agent().await, "sms").await;
    let message = json!({ "from": "a", "id": "1", "text": "Hello" });
    let with = |key: &str| site.ask("POST", "/channels/sms/messages").json(&message).bearer(key);
    for wrong in [&mail.key, &foreign.key, "dbc_", "", &sms.key[..sms.key.len() - 1]] {
        with(wrong).refused(ProblemKind::SignInNeeded).await;
    }
    site.ask("POST", "/channels/sms/messages").json(&message).refused(ProblemKind::SignInNeeded).await;
    owner.ask("POST", "/channels/sms/messages").json(&message).refused(ProblemKind::SignInNeeded).await;
    site.operator("GET", "/channels/sms/outgoing").refused(ProblemKind::SignInNeeded).await;
    with(&sms.key).origin(SHOP).expect(201).await;

    // Nor does one channel see what goes through another.
    let theirs: Carried = mail.carry("ana@mail.example", "1", "Hello").expect(201).await.json();
    let (mut talk, _) = owner.socket(&site.known_as(theirs.conversation), 0).await;
    answer(&mut talk, "Good day.").await;
    let due = mail.has_to_deliver().await;
    assert!(sms.outgoing().await.is_empty());
    sms.delivered(&due[0]).refused(ProblemKind::ConversationUnknown).await;
    let on_pages = site.visitor_in_talk().await;
    let page = OutgoingMessage { conversation: on_pages.conversation, ..due[0].clone() };
    mail.delivered(&page).refused(ProblemKind::ConversationUnknown).await;
    assert_eq!(mail.outgoing().await, due);

    // A new key is the only one, and what is removed takes nothing.
    let renewed: ChannelKey = owner.ask("POST", "/channels/sms/key").expect(200).await.json();
    sms.carry("a", "2", "Hello").refused(ProblemKind::SignInNeeded).await;
    with(&renewed.key).expect(200).await;
    let left: Channels = owner.ask("DELETE", "/channels/mail").expect(200).await.json();
    assert_eq!(left.channels.iter().map(|channel| channel.id.as_str()).collect::<Vec<_>>(), ["sms"]);
    owner.ask("DELETE", "/channels/mail").expect(200).await;
    mail.ask("GET", "/outgoing").refused(ProblemKind::NotFound).await;
    let again = site.carrier(&owner, "mail").await;
    assert_ne!(again.key, mail.key, "what was removed has no way back in");
    assert_eq!(again.carry("ana@mail.example", "2", "Hello?").expect(200).await.json::<Carried>().seq, 3);
}

#[tokio::test]
async fn channels_are_the_admins_and_on_the_record() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let helper = site.colleague("helper@shop.example", Role::Agent).await;
    for (method, path) in [
        ("GET", "/channels"),
        ("PUT", "/channels/sms"),
        ("DELETE", "/channels/sms"),
        ("GET", "/channels/sms/key"),
    ] {
        helper.ask(method, path).json(&json!({ "name": "SMS" })).refused(ProblemKind::NotAllowed).await;
        site.ask(method, path).json(&json!({ "name": "SMS" })).refused(ProblemKind::SignInNeeded).await;
    }
    site.operator("PUT", "/channels/sms").json(&json!({ "name": "SMS" })).expect(200).await;
    owner.ask("PUT", "/channels/sms").json(&json!({ "name": "Text messages" })).expect(200).await;
    let Channels { channels } = owner.ask("GET", "/channels").expect(200).await.json();
    assert_eq!(channels[0].name.as_str(), "Text messages");
    owner.ask("POST", "/channels/none/key").refused(ProblemKind::NotFound).await;
    owner.ask("GET", "/channels/none/key").refused(ProblemKind::NotFound).await;
    owner
        .ask("PUT", "/channels/No%20name")
        .json(&json!({ "name": "x" }))
        .refused(ProblemKind::NotFound)
        .await;
    for wrong in [json!({}), json!({ "name": " " }), json!({ "name": "x".repeat(201) })] {
        owner.ask("PUT", "/channels/sms").json(&wrong).refused(ProblemKind::Malformed).await;
    }
    for n in 1..MAX_CHANNELS {
        owner.ask("PUT", &format!("/channels/c{n}")).json(&json!({ "name": "C" })).expect(200).await;
    }
    owner.ask("PUT", "/channels/more").json(&json!({ "name": "C" })).refused(ProblemKind::Conflict).await;
    owner.ask("PUT", "/channels/sms").json(&json!({ "name": "SMS" })).expect(200).await;
    owner.ask("POST", "/channels/sms/key").expect(200).await;
    owner.ask("DELETE", "/channels/sms").expect(200).await;

    let record = owner.ask("GET", "/audit").expect(200).await.text();
    verify(&record).expect("a whole record");
    let count = |what: &str| record.matches(&format!(r#""what":"{what}""#)).count();
    assert_eq!((count("channel"), count("channel-key"), count("channel-removed")), (MAX_CHANNELS + 2, 1, 1));
    assert!(!record.contains("dbc_"), "no key is on it");
}

#[tokio::test]
async fn what_is_malformed_is_refused_with_the_name_of_its_field() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let carrier = site.carrier(&owner, "sms").await;
    let good = json!({ "from": "a", "id": "1", "text": "Hello" });
    let with = |field: &str, value: Value| {
        let mut request = good.clone();
        request[field] = value;
        request
    };
    let long = |chars: usize| json!("x".repeat(chars));
    for (field, value) in [
        ("from", json!("")),
        ("from", long(201)),
        ("from", json!(7)),
        ("id", json!(null)),
        ("id", long(201)),
        ("text", json!("  ")),
        ("text", long(Text::LIMIT + 1)),
        ("name", json!("")),
        ("language", json!("not a language")),
        ("customer", json!({ "name": "Ana" })),
    ] {
        let problem =
            carrier.ask("POST", "/messages").json(&with(field, value)).refused(ProblemKind::Malformed).await;
        assert!(
            problem.detail.contains(field) || problem.detail.contains("sub"),
            "{field}: {}",
            problem.detail
        );
    }
    carrier.ask("POST", "/messages").body("text/plain", "Hello").refused(ProblemKind::UnsupportedMedia).await;
    let huge = with("text", long(300 * 1024));
    carrier.ask("POST", "/messages").json(&huge).refused(ProblemKind::TooLarge).await;
    carrier.ask("GET", "/outgoing?after=x").refused(ProblemKind::Malformed).await;
    carrier.ask("POST", "/delivered").json(&json!({ "seq": 1 })).refused(ProblemKind::Malformed).await;
    let nobodys = json!({ "conversation": "0".repeat(32), "seq": 1 });
    carrier.ask("POST", "/delivered").json(&nobodys).refused(ProblemKind::ConversationUnknown).await;
    assert!(carrier.outgoing().await.is_empty(), "nothing has begun");
}

#[tokio::test]
async fn whoever_is_stopped_is_stopped_on_their_channel_and_is_set_no_puzzle() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let carrier = site.carrier(&owner, "sms").await;
    carrier.carry("+49 1", "0", "Hello").expect(201).await;
    // Insults are answered in steps, but for the puzzle, which nobody on a channel could solve.
    let mut slowed = false;
    for (n, insult) in ["You bastard", "You bitch", "you asshole", "you asshole again"].iter().enumerate() {
        let answer = carrier.carry("+49 1", &format!("i{n}"), insult).send().await;
        if answer.status != 200 {
            let problem = answer.problem(ProblemKind::Throttled);
            assert!(problem.challenge.is_none() && problem.retry_after_s.is_some(), "{problem:?}");
            slowed = true;
        }
    }
    assert!(slowed);

    let other: Carried = carrier.carry("+49 2", "0", "Hello").expect(201).await.json();
    let ban = owner.ban(&site.known_as(other.conversation), BanScope::Visitor, None);
    let ban: Ban = ban.expect(201).await.json();
    let problem = carrier.carry("+49 2", "1", "Hello?").refused(ProblemKind::Banned).await;
    assert_eq!(problem.reason.as_deref(), Some("Please calm down"));
    carrier.carry("+49 3", "0", "Hello").expect(201).await;
    owner.ask("DELETE", &format!("/bans/{}", ban.id)).expect(204).await;
    for _ in 0..100 {
        if carrier.carry("+49 2", "2", "Hello again").send().await.status == 200 {
            break;
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    carrier.carry("+49 2", "2", "Hello again").expect(200).await;
}
