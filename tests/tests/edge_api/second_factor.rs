//! A second factor lets in who has it, each code once, and tells nobody else that it is there.

use deskbell_shared::{
    guard::audit::{Entry, verify},
    throttle::{SIGN_INS_PER_PERSON_AND_ADDRESS, WRONG_CODES_PER_PERSON},
    wire::{
        Credential, DeskEvent, DeskRequest, ProblemKind, RecoveryCode, RecoveryCodes, SecondFactor,
        SecretOffer, SignedIn,
    },
};
use deskbell_tests::{
    authenticator::{Authenticator, early_in_a_step},
    client::{Answer, Ask},
    edge::Edge,
};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::people::{Agent, EMAIL, PASSWORD, Site, address, settings};

/// Somebody else at a site.
const OTHER: &str = "bo@shop.example";

impl Site<'_> {
    /// Somebody tries to sign in.
    fn try_as(&self, email: &str, password: &str, code: Option<&str>) -> Ask {
        let request = json!({ "email": email, "password": password, "code": code });
        self.ask("POST", "/sign-in").origin(&self.edge.origin()).json(&request)
    }

    /// The owner tries to, with this code, from an address of their own.
    fn try_code(&self, code: &str) -> Ask {
        self.try_as(EMAIL, PASSWORD, Some(code)).from_address(&address())
    }

    /// Whoever was let in.
    pub(crate) fn let_in(&self, answer: &Answer) -> Agent<'_> {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        Agent { site: self, cookie, me: answer.json() }
    }

    /// Adds somebody, or gives them this password.
    pub(crate) async fn add(&self, email: &str) {
        let owner = json!({ "email": email, "password": PASSWORD });
        self.operator("PUT", "").json(&json!({ "settings": settings(), "owner": owner })).expect(200).await;
    }
}

impl Agent<'_> {
    async fn offer(&self) -> SecretOffer {
        self.ask("POST", "/me/second-factor/secret").expect(200).await.json()
    }

    /// Asks for it to be turned on, with what the app shows so many steps from now.
    fn turn_on_with(&self, offer: &SecretOffer, code: &str, password: &str) -> Ask {
        let credential = Credential::Password(password.to_owned());
        let request = json!({ "offer": offer.offer, "code": code, "credential": credential });
        self.ask("PUT", "/me/second-factor").json(&request)
    }

    /// Turns it on with the code before the one that is shown, so that two more are good by then.
    async fn turn_on(&self) -> (Authenticator, Vec<RecoveryCode>) {
        early_in_a_step().await;
        let offer = self.offer().await;
        let app = Authenticator(offer.secret.clone());
        let answer = self.turn_on_with(&offer, &app.shows(-1), PASSWORD).expect(200).await;
        (app, answer.json::<RecoveryCodes>().codes)
    }

    async fn second_factor(&self) -> SecondFactor {
        self.ask("GET", "/me/second-factor").expect(200).await.json()
    }

    fn with_credential(&self, below: &str, credential: Value) -> Ask {
        self.ask("POST", below).json(&json!({ "credential": credential }))
    }

    /// What is on record of this.
    pub(crate) async fn recorded(&self, what: &str) -> Vec<Entry> {
        let record = self.ask("GET", "/audit").expect(200).await.text();
        verify(&record).unwrap_or_else(|broken| panic!("{broken}"));
        let entry =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        record.lines().map(entry).filter(|entry: &Entry| entry.what == what).collect()
    }
}

/// How many were let in; everybody else's code was wrong.
async fn let_in(tries: impl IntoIterator<Item = Ask>) -> usize {
    let answers = join_all(tries.into_iter().map(Ask::send)).await;
    let (inside, outside): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    for answer in outside {
        answer.problem(ProblemKind::SecondFactorWrong);
        assert_eq!(answer.header("set-cookie"), "");
    }
    inside.len()
}

#[tokio::test]
async fn each_code_lets_one_in_once() {
    let site = Site::new().await;
    let (agent, earlier) = (site.agent().await, site.agent().await);
    let (app, codes) = agent.turn_on().await;
    assert_eq!(codes.len(), 10);
    // What began without the second factor is over.
    earlier.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    let state = agent.second_factor().await;
    assert_eq!((state.on_since.is_some(), state.codes_left, state.demanded), (true, 10, false));

    let half = site.try_as(EMAIL, PASSWORD, None).send().await;
    half.problem(ProblemKind::SecondFactorNeeded);
    assert_eq!(half.header("set-cookie"), "");
    // The code that turned it on is used up, and the one that is shown now lets in one of many.
    site.try_code(&app.shows(-1)).refused(ProblemKind::SecondFactorWrong).await;
    let shown = app.shows(0);
    assert_eq!(let_in((0..8).map(|_| site.try_code(&shown))).await, 1);
    site.try_code(&shown).refused(ProblemKind::SecondFactorWrong).await;
    let next = app.shows(1);
    let dressed: String =
        next.chars().map(|digit| char::from_u32(digit as u32 + 0xFEE0).unwrap_or(digit)).collect();
    site.let_in(&site.try_code(&format!(" {dressed} ")).send().await);
    site.try_code(&app.shows(0)).refused(ProblemKind::SecondFactorWrong).await;

    let code = codes[0].to_string().to_uppercase().replace('-', " ");
    assert_eq!(let_in((0..12).map(|_| site.try_code(&code))).await, 1);
    site.try_code(&code).refused(ProblemKind::SecondFactorWrong).await;
    assert_eq!(agent.second_factor().await.codes_left, 9);

    let details =
        |entries: Vec<Entry>| entries.into_iter().map(|entry| (entry.who, entry.detail)).collect::<Vec<_>>();
    assert_eq!(details(agent.recorded("second-factor-on").await), [(EMAIL.to_owned(), String::new())]);
    assert_eq!(details(agent.recorded("recovery-code").await), [(EMAIL.to_owned(), "9 left".to_owned())]);
    let refused = agent.recorded("sign-in-refused").await;
    assert!(refused.iter().all(|entry| entry.detail.contains("\"code\"")), "{refused:?}");
    let record = agent.ask("GET", "/audit").expect(200).await.text();
    for secret in [app.0.reveal(), codes[0].to_string(), shown] {
        assert!(!record.contains(&format!("\"{secret}\"")), "{secret} is on record");
    }
}

#[tokio::test]
async fn who_does_not_know_the_password_learns_nothing_of_it() {
    let site = Site::new().await;
    let (app, codes) = site.agent().await.turn_on().await;
    let wrong = site.try_as(EMAIL, "not the password", None).refused(ProblemKind::SignInWrong).await;
    for code in [app.shows(0), app.never_shows(), codes[0].to_string()] {
        for email in [EMAIL, "nobody@shop.example"] {
            let refused = site.try_as(email, "not the password", Some(&code));
            assert_eq!(refused.refused(ProblemKind::SignInWrong).await, wrong, "{email} with {code}");
        }
    }
    // What came with a wrong password is not used up.
    site.let_in(&site.try_code(&app.shows(0)).send().await);
    site.let_in(&site.try_code(&codes[0].to_string()).send().await);

    for code in [
        json!("12345"),
        json!("1234567"),
        json!("١٢٣٤٥٦"),
        json!("x".repeat(200_000)),
        json!(123_456),
        json!([]),
    ] {
        let request = json!({ "email": EMAIL, "password": PASSWORD, "code": code });
        let ask = site.ask("POST", "/sign-in").origin(&site.edge.origin()).json(&request);
        let problem = ask.refused(ProblemKind::Malformed).await;
        assert!(problem.detail.starts_with("code") && problem.detail.len() < 400, "{}", problem.detail);
    }
    // Whoever has none is not asked for one, and is let in with whatever they say it is.
    site.add(OTHER).await;
    site.try_as(OTHER, PASSWORD, Some("123456")).expect(200).await;
}

#[tokio::test]
async fn guessing_codes_is_stopped_wherever_it_comes_from() {
    let site = Site::new().await;
    let (app, codes) = site.agent().await.turn_on().await;
    let (wrong, from) = (app.never_shows(), address());
    let here = || site.try_as(EMAIL, PASSWORD, Some(&wrong)).from_address(&from);
    let tried = SIGN_INS_PER_PERSON_AND_ADDRESS.burst();
    // Asking for the second step is no guess.
    for _ in 0..tried + 2 {
        site.try_as(EMAIL, PASSWORD, None).from_address(&from).refused(ProblemKind::SecondFactorNeeded).await;
    }
    for _ in 0..tried {
        here().refused(ProblemKind::SecondFactorWrong).await;
    }
    here().refused(ProblemKind::Throttled).await;

    let elsewhere = (tried..WRONG_CODES_PER_PERSON.burst()).map(|_| site.try_code(&wrong));
    assert_eq!(let_in(elsewhere).await, 0);
    // Nor does the right one help then; a recovery code does, which nobody finds by trying.
    let problem = site.try_code(&app.shows(0)).refused(ProblemKind::Throttled).await;
    assert!(
        problem.retry_after_s.is_some_and(|seconds| (60..=2 * 60 * 60).contains(&seconds)),
        "{problem:?}"
    );
    site.let_in(&site.try_code(&codes[3].to_string()).send().await);
}

#[tokio::test]
async fn what_changes_it_takes_the_password_or_a_code() {
    let site = Site::new().await;
    let agent = site.agent().await;
    early_in_a_step().await;
    let offer = agent.offer().await;
    let app = Authenticator(offer.secret.clone());
    let (off, renew) = ("/me/second-factor/off", "/me/second-factor/codes");
    let password = |password: &str| json!({ "password": password });

    // Before it is on: a wrong code, a wrong password, an offer to somebody else, and none at all.
    agent.turn_on_with(&offer, &app.never_shows(), PASSWORD).refused(ProblemKind::SecondFactorWrong).await;
    agent.turn_on_with(&offer, &app.shows(0), "a guess").refused(ProblemKind::CredentialWrong).await;
    let elsewhere = Site::new().await;
    let stranger = elsewhere.agent().await;
    stranger.turn_on_with(&offer, &app.shows(0), PASSWORD).refused(ProblemKind::Conflict).await;
    let forged = SecretOffer { offer: "x".repeat(5_000), ..offer.clone() };
    agent.turn_on_with(&forged, &app.shows(0), PASSWORD).refused(ProblemKind::Conflict).await;
    agent.with_credential(renew, password(PASSWORD)).refused(ProblemKind::Conflict).await;
    agent.with_credential(off, json!({ "code": app.shows(0) })).refused(ProblemKind::CredentialWrong).await;
    assert_eq!(agent.second_factor().await.on_since, None);
    let unsigned =
        site.ask("PUT", "/me/second-factor").header("Cookie", &agent.cookie).origin(&site.edge.origin());
    unsigned.json(&json!({})).refused(ProblemKind::SignInNeeded).await;

    // Of several at once with offers of their own one counts, and its codes are the ones that do.
    let offers = join_all((0..3).map(|_| agent.offer())).await;
    let set_up = offers.iter().map(|offer| {
        agent.turn_on_with(offer, &Authenticator(offer.secret.clone()).shows(-1), PASSWORD).send()
    });
    let answers = join_all(set_up).await;
    let at = answers.iter().position(|answer| answer.status == 200).unwrap_or_else(|| panic!("{answers:?}"));
    for (_, answer) in answers.iter().enumerate().filter(|(other, _)| *other != at) {
        answer.problem(ProblemKind::Conflict);
    }
    let app = Authenticator(offers[at].secret.clone());
    let before = answers[at].json::<RecoveryCodes>().codes;

    agent.with_credential(renew, password("a guess")).refused(ProblemKind::CredentialWrong).await;
    let codes: RecoveryCodes =
        agent.with_credential(renew, json!({ "code": app.shows(0) })).expect(200).await.json();
    assert!(codes.codes.iter().all(|code| !before.contains(code)));
    site.try_code(&before[0].to_string()).refused(ProblemKind::SecondFactorWrong).await;
    // A code that was a proof lets nobody in any more.
    site.try_code(&app.shows(0)).refused(ProblemKind::SecondFactorWrong).await;
    agent.with_credential(off, json!({ "code": app.shows(0) })).refused(ProblemKind::CredentialWrong).await;

    // Another app takes the place of the one before. What was offered before that is not turned on any more.
    let stale = &offers[(at + 1) % offers.len()];
    let late = agent.turn_on_with(stale, &Authenticator(stale.secret.clone()).shows(0), PASSWORD);
    late.refused(ProblemKind::Conflict).await;
    let other = agent.offer().await;
    let other_app = Authenticator(other.secret.clone());
    agent.turn_on_with(&other, &other_app.shows(-1), PASSWORD).expect(200).await;
    site.try_code(&app.shows(1)).refused(ProblemKind::SecondFactorWrong).await;
    site.let_in(&site.try_code(&other_app.shows(0)).send().await);

    agent.with_credential(off, password(PASSWORD)).expect(204).await;
    site.agent().await;
    let acts: Vec<String> =
        agent.recorded("second-factor-on").await.into_iter().map(|entry| entry.detail).collect();
    assert_eq!(acts, ["", "another app"]);
    for (what, times) in [("recovery-codes", 1), ("second-factor-off", 1)] {
        assert_eq!(agent.recorded(what).await.len(), times, "{what}");
    }
    assert!(!agent.recorded("credential-refused").await.is_empty());
}

#[tokio::test]
async fn who_owes_a_second_factor_can_do_nothing_else() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let demand = |demanded: bool| agent.ask("PUT", "/second-factor").json(&json!({ "demanded": demanded }));
    // Nobody demands of others what they have not.
    demand(true).refused(ProblemKind::Conflict).await;
    agent.turn_on().await;
    site.add(OTHER).await;
    let other = site.let_in(&site.try_as(OTHER, PASSWORD, None).send().await);
    let mut desk = other.desk().await;
    desk.send(&DeskRequest::Hello).await;
    desk.until(|event| matches!(event, DeskEvent::Snapshot { .. }).then_some(())).await;

    demand(true).expect(200).await;
    assert_eq!(desk.closed().await.map(|frame| u16::from(frame.code)), Some(1008));
    other.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    assert!(!agent.ask("GET", "/me").expect(200).await.json::<SignedIn>().second_factor_due);

    let other = site.let_in(&site.try_as(OTHER, PASSWORD, None).send().await);
    assert!(other.me.second_factor_due);
    for (method, below) in [
        ("GET", "/bans"),
        ("GET", "/audit"),
        ("GET", "/settings"),
        ("POST", "/desk/ticket"),
        ("GET", "/guard"),
        ("PUT", "/second-factor"),
        ("GET", "/faq/source"),
        ("GET", "/desk/appeals"),
    ] {
        other
            .ask(method, below)
            .json(&json!({ "demanded": false }))
            .refused(ProblemKind::SecondFactorDue)
            .await;
    }
    let (app, _) = other.turn_on().await;
    assert!(!other.ask("GET", "/me").expect(200).await.json::<SignedIn>().second_factor_due);
    other.ask("GET", "/bans").expect(200).await;
    // As long as it is demanded nobody is without it.
    let off = || other.with_credential("/me/second-factor/off", json!({ "code": app.shows(0) }));
    off().refused(ProblemKind::Conflict).await;
    demand(false).expect(200).await;
    off().expect(204).await;
    let demanded: Vec<String> =
        agent.recorded("second-factor-demand").await.into_iter().map(|entry| entry.detail).collect();
    assert_eq!(demanded, ["on", "off"]);
}

#[tokio::test]
async fn the_operator_lets_in_who_has_lost_their_phone() {
    let site = Site::new().await;
    let agent = site.agent().await;
    agent.turn_on().await;
    let take_off = |email: &str| {
        site.operator("PUT", "").json(&json!({ "settings": settings(), "no_second_factor": email }))
    };
    take_off("nobody@shop.example").refused(ProblemKind::NotFound).await;
    // A new password alone leaves it as it is.
    site.add(EMAIL).await;
    site.try_as(EMAIL, PASSWORD, None).refused(ProblemKind::SecondFactorNeeded).await;

    take_off(EMAIL).expect(200).await;
    agent.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    let agent = site.agent().await;
    assert_eq!(agent.second_factor().await.codes_left, 0);
    let off = agent.recorded("second-factor-off").await;
    assert_eq!(
        off.iter().map(|entry| (entry.who.as_str(), entry.detail.as_str())).collect::<Vec<_>>(),
        [("operator", EMAIL)]
    );
}

#[tokio::test]
async fn with_another_key_recovery_codes_lead_to_a_new_app() {
    let edge = Edge::start().await;
    let site = Site::at(&edge).await;
    let (app, codes) = site.agent().await.turn_on().await;
    edge.kill();
    edge.start_again_with_key("another-key-of-an-edge-under-test-0123456789").await;
    site.try_code(&app.shows(0)).refused(ProblemKind::SecondFactorWrong).await;
    let agent = site.let_in(&site.try_code(&codes[0].to_string()).send().await);
    let (app, _) = agent.turn_on().await;
    site.let_in(&site.try_code(&app.shows(0)).send().await);
}
