//! When people are there is set by admins, and told to visitors.

use std::time::{SystemTime, UNIX_EPOCH};

use deskbell_shared::wire::{Attendance, Day, Hours, Millis, ProblemKind, Role, WidgetConfig};
use serde_json::{Value, json};

use crate::people::Site;

fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(since.as_millis().try_into().unwrap_or_default())
}

/// What the site's frame tells visitors.
async fn told(site: &Site<'_>) -> Option<Attendance> {
    let frame = site.edge.ask("GET", &format!("/w/{}", site.name)).expect(200).await.text();
    let config = frame.split_once("id=\"deskbell-config\">").map(|(_, config)| config);
    let config = config.and_then(|config| config.split_once("</script>")).map(|(config, _)| config);
    let Some(config) = config else { panic!("no configuration in {frame}") };
    match serde_json::from_str::<WidgetConfig>(config) {
        Ok(config) => config.attendance,
        Err(error) => panic!("{config}: {error}"),
    }
}

fn always(closed: &[Day]) -> Value {
    let week = [["00:00-24:00"]; 7];
    json!({ "hours": { "zone": "Asia/Taipei", "week": week, "closed": closed } })
}

#[tokio::test]
async fn visitors_are_told_when_people_are_back() {
    let site = Site::new().await;
    let agent = site.agent().await;
    assert_eq!(agent.ask("GET", "/hours").expect(200).await.json::<Hours>(), Hours::default());
    assert_eq!(told(&site).await, None);

    let set: Hours = agent.ask("PUT", "/hours").json(&always(&[])).expect(200).await.json();
    assert!(set.attendance.as_ref().is_some_and(|told| told.is_here(now()) == Some(true)));
    assert_eq!(told(&site).await.map(|told| told.is_here), Some(true));
    assert_eq!(site.operator("GET", "/hours").expect(200).await.json::<Hours>().hours, set.hours);

    // Taipei is eight hours ahead, all year.
    let (hour, today) = (60 * 60 * 1000, now().plus(8 * 60 * 60 * 1000));
    let today = Day::of_wall_clock(today.0);
    let closed = always(&[today, today.plus(1)]);
    let set: Hours = agent.ask("PUT", "/hours").json(&closed).expect(200).await.json();
    let back = Millis(u64::from(today.plus(2).since_epoch()) * Millis::DAY - 8 * hour);
    for told in [set.attendance, told(&site).await] {
        let told = told.expect("hours are set");
        assert_eq!(told.is_here(now()), Some(false));
        assert_eq!(told.next_change(now()), Some(back));
    }
    let record = agent.ask("GET", "/audit").expect(200).await.text();
    assert!(record.contains("Asia/Taipei"), "{record}");

    let none: Hours = agent.ask("PUT", "/hours").json(&json!({ "hours": null })).expect(200).await.json();
    assert_eq!(none, Hours::default());
    assert_eq!(told(&site).await, None);
}

#[tokio::test]
async fn only_hours_that_can_be_kept_are_taken_and_only_from_admins() {
    let site = Site::new().await;
    let agent = site.agent().await;
    let office = json!([["09:00-17:00"], [], [], [], [], [], []]);
    for (wrong, said) in [
        (json!({ "hours": { "zone": "Asia/Atlantis", "week": office } }), "Atlantis"),
        (json!({ "hours": { "zone": "+08:00", "week": office } }), "zone"),
        (json!({ "hours": { "zone": "UTC", "week": [[], [], [], [], [], [], []] } }), "week"),
        (json!({ "hours": { "zone": "UTC", "week": [["17:00-09:00"], [], [], [], [], [], []] } }), "HH:MM"),
        (json!({ "hours": { "zone": "UTC", "week": office, "closed": ["2026-02-30"] } }), "YYYY-MM-DD"),
        (json!({ "hours": "always" }), "hours"),
    ] {
        let problem = agent.ask("PUT", "/hours").json(&wrong).refused(ProblemKind::Malformed).await;
        assert!(problem.detail.contains(said), "{wrong}: {}", problem.detail);
    }
    let set = json!({ "hours": { "zone": "UTC", "week": office } });
    site.ask("PUT", "/hours").json(&set).refused(ProblemKind::SignInNeeded).await;
    site.ask("GET", "/hours").refused(ProblemKind::SignInNeeded).await;
    let helper = site.colleague("bo@shop.example", Role::Agent).await;
    helper.ask("PUT", "/hours").json(&set).refused(ProblemKind::NotAllowed).await;
    assert_eq!(told(&site).await, None);
}
