//! How visitors were served is counted, and how they found it.

use deskbell_shared::wire::{
    Body, Event, HandoffReason, Likelihood, Message, ProblemKind, Role, ServiceFigures, ServiceReport,
    TalkEvent, TalkRequest,
};

use crate::people::{Agent, EMAIL, Site};

#[tokio::test]
async fn how_visitors_were_served_is_counted() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let figures = async || agent.ask("GET", "/figures").expect(200).await.json::<ServiceReport>().lately;
    assert_eq!(figures().await, ServiceFigures::default());
    let (waiting, solved, again) =
        (site.visitor_in_talk().await, site.visitor_in_talk().await, site.visitor_in_talk().await);
    for visitor in [&solved, &again] {
        agent.saying(visitor, "It is on its way").expect(200).await;
        agent.talk("POST", visitor, "/close").expect(204).await;
    }
    again.say("It is broken").expect(200).await;
    let counted = figures().await;
    assert_eq!((counted.talks, counted.answered), (3, 2));
    assert_eq!((counted.closed, counted.solved_at_first), (1, 1));
    let spread = counted.first_reply.unwrap_or_else(|| panic!("there are two replies"));
    assert!(spread.p50_ms <= spread.p90_ms && spread.p90_ms < 60_000, "{spread:?}");
    agent.talk("POST", &again, "/close").expect(204).await;
    let counted = figures().await;
    assert_eq!((counted.closed, counted.solved_at_first), (2, 1));

    // Visitors say how it was, each once; nobody else does, and nobody whose talk goes on.
    let (mut ours, _) = agent.socket(&solved, 0).await;
    ours.send(&TalkRequest::Rate { good: false }).await;
    for (visitor, good) in [(&solved, true), (&again, false), (&waiting, true)] {
        let (mut theirs, _) = visitor.socket(0).await;
        for good in [good, !good] {
            theirs.send(&TalkRequest::Rate { good }).await;
        }
        theirs.send(&TalkRequest::Hello { after: 0 }).await;
        let rated = |messages: Vec<Message>| {
            let rated = |message: Message| match message.body {
                Body::Event { event: Event::Rated { good } } => Some(good),
                _ => None,
            };
            messages.into_iter().filter_map(rated).collect::<Vec<_>>()
        };
        let caught_up = |event| match event {
            TalkEvent::CatchUp { messages, .. } => Some(rated(messages)),
            _ => None,
        };
        let expected = if visitor.conversation == waiting.conversation { vec![] } else { vec![good] };
        assert_eq!(theirs.until(caught_up).await, expected);
    }
    let counted = figures().await;
    assert_eq!((counted.rated, counted.satisfied), (2, 1));

    // And how likely they are to recommend the site, each once as well.
    let [one, nine] = [1, 9].map(|number| Likelihood::try_from(number).expect("0 to 10"));
    ours.send(&TalkRequest::Recommend { likelihood: one }).await;
    for (visitor, said) in [(&solved, nine), (&again, nine), (&waiting, one)] {
        let (mut theirs, _) = visitor.socket(0).await;
        for likelihood in [said, one] {
            theirs.send(&TalkRequest::Recommend { likelihood }).await;
        }
        theirs.send(&TalkRequest::Hello { after: 0 }).await;
        theirs.until(|event| matches!(event, TalkEvent::CatchUp { .. }).then_some(())).await;
    }
    let counted = figures().await;
    assert_eq!((counted.recommending, counted.promoters, counted.detractors), (2, 2, 0));
    assert_eq!(counted.net_promoter_score(), Some(100));

    site.ask("GET", "/figures").refused(ProblemKind::SignInNeeded).await;
    waiting.ask("GET", "/figures").refused(ProblemKind::SignInNeeded).await;
}

#[tokio::test]
async fn a_report_tells_when_visitors_came_and_who_served_them_to_those_who_lead() {
    let site = Site::new().await;
    let owner = site.agent().await;
    let bo = site.colleague("bo@shop.example", Role::Agent).await;
    let (first, second) = (site.visitor_in_talk().await, site.visitor_in_talk().await);
    site.visitor_in_talk().await;
    for visitor in [&first, &second] {
        bo.saying(visitor, "It is on its way").expect(200).await;
    }
    owner.assigning(&second, Some(EMAIL), Some("bo@shop.example")).expect(204).await;

    let report = async |agent: &Agent<'_>, query: &str| {
        agent.ask("GET", &format!("/figures{query}")).expect(200).await.json::<ServiceReport>()
    };
    let told = report(&owner, "?days=7&utc_offset_minutes=-600").await;
    assert_eq!((told.days.len(), told.hours.len(), told.is_partial), (7, 24, false));
    assert_eq!((told.lately.talks, told.before), (3, Some(ServiceFigures::default())));
    assert_eq!(told.days.last().map(|day| day.figures), Some(told.lately), "all of it was today");
    assert_eq!(told.hours.iter().sum::<u32>(), 3);
    assert_eq!(told.reasons, [(HandoffReason::ExplicitWish, 3)]);
    assert_eq!(told.languages.iter().map(|(_, count)| count).sum::<u32>(), 3);
    let people = told.people.unwrap_or_default();
    let mut by: Vec<_> = people.iter().map(|by| (by.person.name.as_str(), by.figures.answered)).collect();
    by.sort_unstable();
    assert_eq!(by, [("Bo", 1), ("Mei", 1)]);

    // How each of them fares is for those who lead them.
    let told = report(&bo, "").await;
    assert_eq!((told.days.len(), told.lately.answered, told.people), (30, 2, None));

    // The same as tables, for a spreadsheet.
    let table = owner.ask("GET", "/figures/people.csv?days=7").expect(200).await;
    assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    let file = format!("attachment; filename=\"{}-people.csv\"", site.name);
    assert_eq!(table.header("content-disposition"), file);
    let table = table.text();
    assert!(table.lines().any(|line| line.starts_with("\"Bo\",\"bo@shop.example\",1,1,")), "{table}");
    let table = bo.ask("GET", "/figures/days.csv?days=7").expect(200).await.text();
    assert_eq!(table.lines().count(), 1 + 7, "{table}");
    assert!(table.lines().any(|line| line.contains(",3,2,")), "{table}");
    owner.ask("GET", "/figures/days.csv?days=91").refused(ProblemKind::Malformed).await;
    owner.ask("GET", "/figures/hours.csv").refused(ProblemKind::NotFound).await;
    site.ask("GET", "/figures/days.csv").refused(ProblemKind::SignInNeeded).await;

    for query in [
        "?days=0",
        "?days=91",
        "?days=-1",
        "?days=x",
        "?days=",
        "?utc_offset_minutes=841",
        "?utc_offset_minutes=x",
    ] {
        let problem = owner.ask("GET", &format!("/figures{query}")).refused(ProblemKind::Malformed).await;
        assert!(
            problem.detail.starts_with(query[1..].split('=').next().unwrap_or_default()),
            "{query}: {}",
            problem.detail
        );
    }

    // What is erased is counted no more.
    owner.talk("DELETE", &second, "").expect(204).await;
    assert_eq!(report(&owner, "").await.lately.talks, 2);
}
