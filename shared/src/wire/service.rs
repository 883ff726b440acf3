use serde::{Deserialize, Serialize};

use super::Likelihood;

/// `GET /v1/sites/{site}/figures`: how visitors were served whose talks began in the last [`ServiceFigures::DAYS`] days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceFigures {
    /// Talks that began.
    pub talks: u32,
    /// Of these, where a person has replied.
    pub answered: u32,
    /// How long the first reply took, from the handoff; `None` when there was none.
    pub first_reply: Option<Spread>,
    /// Of these, closed now.
    pub closed: u32,
    /// Of the closed ones, those that no visitor has opened again: solved at first contact.
    pub solved_at_first: u32,
    /// Where the visitor has said how it was, after it was closed.
    pub rated: u32,
    /// Of these, where it was good: the customer satisfaction score.
    pub satisfied: u32,
    /// Where the visitor has said how likely they are to recommend the site.
    #[serde(default)]
    pub recommending: u32,
    /// Of these, promoters.
    #[serde(default)]
    pub promoters: u32,
    /// Of these, detractors.
    #[serde(default)]
    pub detractors: u32,
}

/// How something that takes time is spread. Both are measured values, by the nearest rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// Half take no longer, in milliseconds.
    pub p50_ms: u64,
    /// Nine of ten take no longer, in milliseconds.
    pub p90_ms: u64,
}

/// What is counted of a talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServedTalk {
    /// How long the first reply took, in milliseconds; `None` when there was none yet.
    pub first_reply_ms: Option<u64>,
    /// Whether it is closed.
    pub is_closed: bool,
    /// Whether the visitor opened it again after it was closed.
    pub was_reopened: bool,
    /// Whether it was good, as the visitor has said.
    pub rated_good: Option<bool>,
    /// How likely the visitor is to recommend the site, as they have said.
    pub recommends: Option<Likelihood>,
}

impl ServiceFigures {
    /// Counts talks.
    pub fn of(talks: &[ServedTalk]) -> Self {
        let count = |is: fn(&ServedTalk) -> bool| {
            u32::try_from(talks.iter().filter(|talk| is(talk)).count()).unwrap_or(u32::MAX)
        };
        Self {
            talks: count(|_| true),
            answered: count(|talk| talk.first_reply_ms.is_some()),
            first_reply: Spread::of(talks.iter().filter_map(|talk| talk.first_reply_ms).collect()),
            closed: count(|talk| talk.is_closed),
            solved_at_first: count(|talk| talk.is_closed && !talk.was_reopened),
            rated: count(|talk| talk.rated_good.is_some()),
            satisfied: count(|talk| talk.rated_good == Some(true)),
            recommending: count(|talk| talk.recommends.is_some()),
            promoters: count(|talk| talk.recommends.is_some_and(Likelihood::promotes)),
            detractors: count(|talk| talk.recommends.is_some_and(Likelihood::detracts)),
        }
    }

    /// The Net Promoter Score: the share of promoters less that of detractors, from -100 to 100; `None` when nobody has said.
    pub fn net_promoter_score(&self) -> Option<i32> {
        let share = |count: u32| 100.0 * f64::from(count) / f64::from(self.recommending);
        (self.recommending > 0).then(|| (share(self.promoters) - share(self.detractors)).round() as i32)
    }
}

impl Spread {
    /// Of these times, in milliseconds; `None` of none.
    fn of(mut times: Vec<u64>) -> Option<Self> {
        times.sort_unstable();
        let rank =
            |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Some(Self { p50_ms: rank(50)?, p90_ms: rank(90)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn talk(first_reply_ms: Option<u64>) -> ServedTalk {
        ServedTalk {
            first_reply_ms,
            is_closed: false,
            was_reopened: false,
            rated_good: None,
            recommends: None,
        }
    }

    #[test]
    fn the_net_promoter_score_is_the_share_of_promoters_less_that_of_detractors() {
        let score = |said: &[u8]| {
            let recommends = |&number: &u8| ServedTalk { recommends: number.try_into().ok(), ..talk(None) };
            ServiceFigures::of(&said.iter().map(recommends).collect::<Vec<_>>()).net_promoter_score()
        };
        assert_eq!(score(&[]), None);
        assert_eq!((score(&[9, 10]), score(&[0, 6]), score(&[7, 8])), (Some(100), Some(-100), Some(0)));
        assert_eq!(score(&[10, 8, 3]), Some(0));
        assert_eq!(score(&[10, 10, 3]), Some(33));
        assert_eq!(score(&[10, 3, 3]), Some(-33));
    }

    #[test]
    fn nothing_counts_as_nothing() {
        assert_eq!(ServiceFigures::of(&[]), ServiceFigures::default());
        assert_eq!(ServiceFigures::of(&[talk(None)]), ServiceFigures { talks: 1, ..Default::default() });
    }

    #[test]
    fn replies_are_spread_by_the_nearest_rank() {
        let spread = |times: &[u64]| {
            let talks: Vec<_> = times.iter().map(|time| talk(Some(*time))).collect();
            ServiceFigures::of(&talks).first_reply.map(|spread| (spread.p50_ms, spread.p90_ms))
        };
        assert_eq!(spread(&[7]), Some((7, 7)));
        assert_eq!(spread(&[9, 1]), Some((1, 9)));
        assert_eq!(spread(&[3, 1, 2]), Some((2, 3)));
        assert_eq!(spread(&(1..=100).rev().collect::<Vec<_>>()), Some((50, 90)));
    }

    #[test]
    fn what_was_opened_again_was_not_solved_at_first() {
        let closed = ServedTalk { is_closed: true, ..talk(Some(5)) };
        let again = ServedTalk { was_reopened: true, rated_good: Some(false), ..closed };
        let closed = ServedTalk { rated_good: Some(true), ..closed };
        let waiting = ServedTalk { was_reopened: true, ..talk(None) };
        let figures = ServiceFigures::of(&[closed, closed, again, waiting]);
        assert_eq!((figures.talks, figures.answered), (4, 3));
        assert_eq!((figures.closed, figures.solved_at_first), (3, 2));
        assert_eq!((figures.rated, figures.satisfied), (3, 2));
    }
}
