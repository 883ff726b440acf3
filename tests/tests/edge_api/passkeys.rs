//! A passkey lets in whose it is, each answer once, and nobody else.

use deskbell_shared::{
    throttle::SIGN_INS_PER_ADDRESS,
    wire::{
        Algorithm, Assertion, AssertionResponse, CreationOptions, Credential, MAX_PASSKEYS, Passkeys, People,
        ProblemKind, Registration, RequestOptions, Role,
    },
};
use deskbell_tests::{
    client::Ask,
    passkey::{CHECKED, PRESENT, Passkey},
};
use futures::future::join_all;
use serde_json::json;

use crate::people::{Agent, EMAIL, PASSWORD, Site, address};

/// A colleague.
const BO: &str = "bo@shop.example";

impl Site<'_> {
    /// What a passkey is asked to sign.
    async fn passkey_options(&self) -> RequestOptions {
        let ask = self.ask("POST", "/passkey-options").origin(&self.edge.origin());
        ask.expect(200).await.json()
    }

    /// Somebody tries to sign in with this, from an address of their own.
    fn try_passkey(&self, passkey: &Assertion) -> Ask {
        let ask = self.ask("POST", "/sign-in/passkey").origin(&self.edge.origin()).from_address(&address());
        ask.json(&json!({ "passkey": passkey }))
    }

    /// Whoever has this passkey, signed in.
    async fn sign_in_with(&self, passkey: &Passkey) -> Agent<'_> {
        let signed = passkey.sign(&self.passkey_options().await);
        self.let_in(&self.try_passkey(&signed).send().await)
    }
}

impl Agent<'_> {
    async fn new_passkey_options(&self) -> CreationOptions {
        self.ask("POST", "/me/passkeys/options").expect(200).await.json()
    }

    fn adding(&self, passkey: &Registration, credential: &Credential) -> Ask {
        let request = json!({ "name": "Phone", "passkey": passkey, "credential": credential });
        self.ask("POST", "/me/passkeys").json(&request)
    }

    fn removing(&self, passkey: &Passkey, credential: &Credential) -> Ask {
        let request = json!({ "id": passkey.id(), "credential": credential });
        self.ask("POST", "/me/passkeys/remove").json(&request)
    }

    async fn add_passkey(&self) -> Passkey {
        self.add_passkey_of(Algorithm::Es256).await
    }

    async fn add_passkey_of(&self, algorithm: Algorithm) -> Passkey {
        let options = self.new_passkey_options().await;
        let (passkey, made) = Passkey::make(&self.site.edge.origin(), &options, algorithm);
        self.adding(&made, &by_password()).expect(200).await;
        passkey
    }

    async fn passkeys(&self) -> Passkeys {
        self.ask("GET", "/me/passkeys").expect(200).await.json()
    }
}

fn by_password() -> Credential {
    Credential::Password(PASSWORD.to_owned())
}

#[tokio::test]
async fn a_passkey_lets_in_whose_it_is_and_each_answer_once() {
    let site = Site::new().await;
    let agent = site.agent().await;
    assert!(!agent.me.has_passkey);
    let passkey = agent.add_passkey().await;
    let again = site.sign_in_with(&passkey).await;
    assert_eq!((again.me.email.as_str(), again.me.role, again.me.has_passkey), (EMAIL, Role::Owner, true));
    again.ask("GET", "/people").expect(200).await;

    let signed = passkey.sign(&site.passkey_options().await);
    let answers = join_all((0..8).map(|_| site.try_passkey(&signed).send())).await;
    let (inside, outside): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!(inside.len(), 1);
    for answer in outside {
        answer.problem(ProblemKind::PasskeyWrong);
        assert_eq!(answer.header("set-cookie"), "");
    }
    let own = agent.passkeys().await.passkeys;
    assert_eq!((own.len(), own[0].name.as_str(), own[0].used.is_some()), (1, "Phone", true));

    let ed25519 = agent.add_passkey_of(Algorithm::EdDsa).await;
    site.sign_in_with(&ed25519).await;
    let signed = ed25519.sign(&site.passkey_options().await);
    let short = signed.response.signature.as_str()[..84].to_owned();
    let response = AssertionResponse { signature: crate::people::valid(&short), ..signed.response };
    site.try_passkey(&Assertion { response, ..signed }).refused(ProblemKind::PasskeyWrong).await;
    let what = |entries: Vec<_>| entries.len();
    assert_eq!(what(agent.recorded("passkey-add").await), 2);
    let sign_ins = agent.recorded("sign-in").await;
    assert_eq!(sign_ins.iter().filter(|entry| entry.detail == "passkey").count(), 3);
    let refused = agent.recorded("sign-in-refused").await;
    assert!(refused.iter().all(|entry| entry.detail.contains("\"passkey\"")), "{refused:?}");
}

#[tokio::test]
async fn what_a_passkey_says_to_others_lets_nobody_in() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let mut passkey = agent.add_passkey().await;
    let own = site.edge.origin();
    let wrong = |signed: Assertion| {
        let ask = site.try_passkey(&signed);
        async move { ask.refused(ProblemKind::PasskeyWrong).await }
    };
    for origin in ["https://evil.example", &own.replace("http:", "https:"), "http://localhost:1"] {
        passkey.origin = origin.to_owned();
        wrong(passkey.sign(&site.passkey_options().await)).await;
    }
    passkey.origin = own.clone();
    passkey.host = "evil.example".to_owned();
    wrong(passkey.sign(&site.passkey_options().await)).await;
    passkey.host = "localhost".to_owned();
    // Whoever holds the key, and is not whom it is for.
    passkey.flags = PRESENT;
    wrong(passkey.sign(&site.passkey_options().await)).await;
    passkey.flags = CHECKED;
    wrong(passkey.sign_as("webauthn.create", &site.passkey_options().await)).await;

    // A challenge of another site, one that nobody has set, and one that was changed.
    let elsewhere = Site::new().await;
    wrong(passkey.sign(&elsewhere.passkey_options().await)).await;
    let made_up = |text: &str| RequestOptions {
        challenge: crate::people::valid(text),
        ..serde_json::from_value(json!({ "challenge": "AAAA", "timeout": 1, "userVerification": "required" }))
            .unwrap_or_else(|error| panic!("{error}"))
    };
    wrong(passkey.sign(&made_up("c29tZXRoaW5n"))).await;

    // Signed by another key under its name, changed on the way, or by a passkey that nobody here has.
    let options = agent.new_passkey_options().await;
    let (stranger, _) = Passkey::make(&own, &options, Algorithm::Es256);
    wrong(stranger.sign(&site.passkey_options().await)).await;
    let signed = stranger.sign(&site.passkey_options().await);
    wrong(Assertion { id: passkey.id(), ..signed }).await;
    let signed = passkey.sign(&site.passkey_options().await);
    let later = passkey.sign(&site.passkey_options().await);
    wrong(Assertion {
        response: AssertionResponse { signature: later.response.signature, ..signed.response },
        ..signed
    })
    .await;

    for request in [
        json!({}),
        json!({ "passkey": {} }),
        json!({ "passkey": { "id": "a b", "response": {} } }),
        json!({ "passkey": { "id": "A".repeat(100_000), "response": {} } }),
        json!({ "passkey": [] }),
    ] {
        let ask = site.ask("POST", "/sign-in/passkey").origin(&own).json(&request);
        ask.refused(ProblemKind::Malformed).await;
    }
    // Another page can neither ask for a challenge nor answer one.
    site.ask("POST", "/passkey-options")
        .origin("https://evil.example")
        .refused(ProblemKind::OriginNotAllowed)
        .await;
    let signed = passkey.sign(&site.passkey_options().await);
    let ask = site.ask("POST", "/sign-in/passkey").origin("https://evil.example");
    ask.json(&json!({ "passkey": signed })).refused(ProblemKind::OriginNotAllowed).await;
    site.sign_in_with(&passkey).await;
}

#[tokio::test]
async fn a_copy_of_a_passkey_that_counts_is_noticed() {
    let site = Site::new().await;
    let mut passkey = site.agent().await.add_passkey().await;
    for counter in [3, 4] {
        passkey.counter = counter;
        site.sign_in_with(&passkey).await;
    }
    for counter in [4, 2, 0] {
        passkey.counter = counter;
        let signed = passkey.sign(&site.passkey_options().await);
        site.try_passkey(&signed).refused(ProblemKind::PasskeyWrong).await;
    }
    passkey.counter = 5;
    site.sign_in_with(&passkey).await;
}

#[tokio::test]
async fn adding_and_removing_need_proof_and_a_passkey_is_one() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let own = site.edge.origin();
    let options = agent.new_passkey_options().await;
    let (first, made) = Passkey::make(&own, &options, Algorithm::Es256);
    let guess = Credential::Password("not the password".to_owned());
    agent.adding(&made, &guess).refused(ProblemKind::CredentialWrong).await;
    assert!(agent.passkeys().await.passkeys.is_empty());
    // The challenge is not used up by that, and is by this; what is sent again, because the answer was lost, changes nothing.
    agent.adding(&made, &by_password()).expect(200).await;
    let own_now: Passkeys = agent.adding(&made, &by_password()).expect(200).await.json();
    assert_eq!(own_now.passkeys.len(), 1);
    let (_, another) = Passkey::make(&own, &options, Algorithm::Es256);
    agent.adding(&another, &by_password()).refused(ProblemKind::PasskeyWrong).await;

    let options = agent.new_passkey_options().await;
    assert_eq!(options.exclude_credentials.len(), 1);
    let (mut second, _) = Passkey::make(&own, &options, Algorithm::Es256);
    second.flags = PRESENT;
    let unchecked = second.register(&options.challenge, Algorithm::Es256);
    agent.adding(&unchecked, &by_password()).refused(ProblemKind::PasskeyWrong).await;
    second.flags = CHECKED;
    // A key that is not of the algorithm it is said to be of could never let anybody in.
    let mistaken = second.register(&options.challenge, Algorithm::Rs256);
    agent.adding(&mistaken, &by_password()).refused(ProblemKind::PasskeyWrong).await;

    let proof = || async { Credential::Passkey(first.sign(&site.passkey_options().await)) };
    let made = second.register(&options.challenge, Algorithm::Es256);
    let proven = proof().await;
    agent.adding(&made, &proven).expect(200).await;
    // It has proven once, and another's proves nothing.
    agent.removing(&second, &proven).refused(ProblemKind::CredentialWrong).await;
    site.add(BO).await;
    let bo = site.sign_in(BO, PASSWORD).await;
    let of_bo = bo.add_passkey().await;
    let proof_of_bo = || async { Credential::Passkey(of_bo.sign(&site.passkey_options().await)) };
    bo.adding(&made, &proof_of_bo().await).refused(ProblemKind::Conflict).await;
    bo.removing(&first, &proof_of_bo().await).expect(200).await;
    assert_eq!(agent.passkeys().await.passkeys.len(), 2);
    bo.ask("POST", "/me/passkeys/remove")
        .json(&json!({ "id": first.id(), "credential": proof().await }))
        .refused(ProblemKind::CredentialWrong)
        .await;
    let act = json!({ "email": BO, "act": { "change": { "role": "viewer" } }, "credential": proof().await });
    agent.ask("POST", "/people").json(&act).expect(200).await;

    // Whoever has taken it may be in with it.
    let taken = site.sign_in_with(&first).await;
    agent.removing(&first, &by_password()).expect(200).await;
    taken.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    let signed = first.sign(&site.passkey_options().await);
    site.try_passkey(&signed).refused(ProblemKind::PasskeyWrong).await;
    site.sign_in_with(&second).await;
    for _ in 1..MAX_PASSKEYS {
        agent.add_passkey().await;
    }
    let (_, made) = Passkey::make(&own, &agent.new_passkey_options().await, Algorithm::Es256);
    agent.adding(&made, &by_password()).refused(ProblemKind::Conflict).await;
}

#[tokio::test]
async fn where_a_second_factor_is_demanded_a_passkey_is_one() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let demand = |demanded: bool| owner.ask("PUT", "/second-factor").json(&json!({ "demanded": demanded }));
    demand(true).refused(ProblemKind::Conflict).await;
    let passkey = owner.add_passkey().await;
    let elsewhere = site.agent().await;
    demand(true).expect(200).await;
    // What may have begun with the password alone is over.
    for ended in [&elsewhere, &owner] {
        ended.ask("GET", "/people").refused(ProblemKind::SignInNeeded).await;
    }
    site.try_to_sign_in(EMAIL, "not the password").refused(ProblemKind::SignInWrong).await;
    site.try_to_sign_in(EMAIL, PASSWORD).refused(ProblemKind::PasskeyNeeded).await;
    let owner = site.sign_in_with(&passkey).await;
    owner.removing(&passkey, &by_password()).refused(ProblemKind::Conflict).await;
    let people: People = owner.ask("GET", "/people").expect(200).await.json();
    assert!(people.people.iter().all(|colleague| colleague.second_factor));

    // Whoever has nothing yet adds one before anything else; what began beside that is over.
    let added = json!({ "add": { "name": "Bo", "role": "agent" } });
    let request = json!({ "email": BO, "act": added, "credential": by_password() });
    let answer: People = owner.ask("POST", "/people").json(&request).expect(200).await.json();
    let password = answer.password.map(|password| password.reveal().to_owned()).unwrap_or_default();
    let (bo, beside) = (site.sign_in(BO, &password).await, site.sign_in(BO, &password).await);
    bo.ask("GET", "/team").refused(ProblemKind::SecondFactorDue).await;
    let make = async |agent: &Agent<'_>| {
        Passkey::make(&site.edge.origin(), &agent.new_passkey_options().await, Algorithm::Es256)
    };
    let (ours, theirs) = (make(&bo).await, make(&beside).await);
    let proof = Credential::Password(password.clone());
    let answers =
        join_all([bo.adding(&ours.1, &proof).send(), beside.adding(&theirs.1, &proof).send()]).await;
    // Of two who know no more than the password one is the first, and the other is not in any more.
    let (first, of_bo) = if answers[0].status == 200 { (bo, ours.0) } else { (beside, theirs.0) };
    let late = answers.iter().find(|answer| answer.status != 200);
    late.unwrap_or_else(|| panic!("both were let in")).problem(ProblemKind::SignInNeeded);
    let bo = first;
    bo.ask("GET", "/team").expect(200).await;
    assert_eq!(bo.passkeys().await.passkeys.len(), 1);
    site.try_to_sign_in(BO, &password).refused(ProblemKind::PasskeyNeeded).await;

    // A lost one is taken off them, with everything that they are signed in to.
    let act = json!({ "email": BO, "act": "no_second_factor", "credential": by_password() });
    owner.ask("POST", "/people").json(&act).expect(200).await;
    bo.ask("GET", "/me").refused(ProblemKind::SignInNeeded).await;
    let signed = of_bo.sign(&site.passkey_options().await);
    site.try_passkey(&signed).refused(ProblemKind::PasskeyWrong).await;
    assert!(site.sign_in(BO, &password).await.me.second_factor_due);
}

#[tokio::test]
async fn trying_passkeys_is_limited_and_guessing_passwords_keeps_none_out() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let passkey = agent.add_passkey().await;
    let (stranger, _) =
        Passkey::make(&site.edge.origin(), &agent.new_passkey_options().await, Algorithm::Es256);
    let (from, tries) = (address(), SIGN_INS_PER_ADDRESS.burst() + 3);
    let signed = stranger.sign(&site.passkey_options().await);
    let answers = join_all((0..tries).map(|_| site.try_passkey(&signed).from_address(&from).send())).await;
    let throttled = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!(throttled, 3);
    // Signing in counts for nothing.
    for _ in 0..3 {
        site.sign_in_with(&passkey).await;
    }
}
