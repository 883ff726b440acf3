//! What opens something (a conversation, a session) is judged by what is known of the visitor, and of the address.
//!
//! An address alone is never banned: many honest people share one. The worst that an address with a bad name brings
//! its visitors is a puzzle, which an honest browser solves in a second.

use super::{
    conduct::{Conduct, Verdict},
    ladder::{Rung, Thresholds},
    pow,
};
use crate::wire::Millis;

/// The hardest puzzle that a bad name of the address brings, in bits.
const FOR_AN_ADDRESS: u8 = pow::EASIEST + 2;

/// What is known when somebody opens something.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// How everybody at the address behaves, together.
    pub address: &'a Conduct,
    /// Whether the site challenges every new session.
    pub shield: bool,
    /// Whether a solved challenge came along.
    pub proven: bool,
}

/// Judges somebody who opens something.
pub fn judge(visitor: &mut Conduct, around: Around<'_>, thresholds: Thresholds, now: Millis) -> Verdict {
    let own = visitor.rung(thresholds, now);
    if own == Rung::Ban {
        return Verdict::Ban { ms: visitor.stop(thresholds, now) };
    }
    if around.proven {
        return Verdict::Take;
    }
    let of_address = around.address.rung(thresholds, now);
    if around.shield || own.max(of_address) >= Rung::Challenge {
        return Verdict::Challenge { bits: difficulty(visitor, around.address, thresholds, now) };
    }
    Verdict::Take
}

/// How hard a puzzle is for this visitor. It grows with their own score; with that of their address only a little, as
/// it may be somebody else's doing.
pub fn difficulty(visitor: &Conduct, address: &Conduct, thresholds: Thresholds, now: Millis) -> u8 {
    let of_address = address.difficulty(thresholds, now).min(FOR_AN_ADDRESS);
    visitor.difficulty(thresholds, now).max(of_address)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::guard::signal::Signal;

    const NOW: Millis = Millis(1_000_000);

    fn known_for(signal: Signal, times: u32) -> Conduct {
        let mut conduct = Conduct::default();
        conduct.note(signal, times, NOW);
        conduct
    }

    fn opens(visitor: &mut Conduct, address: &Conduct, shield: bool, proven: bool) -> Verdict {
        judge(visitor, Around { address, shield, proven }, Thresholds::default(), NOW)
    }

    proptest! {
        #[test]
        fn an_address_alone_never_bans(times in 0u32..10_000, shield in any::<bool>(), proven in any::<bool>()) {
            let address = known_for(Signal::RejectedToken, times);
            let verdict = opens(&mut Conduct::default(), &address, shield, proven);
            let mild = matches!(verdict, Verdict::Take | Verdict::Challenge { .. });
            prop_assert!(mild && (!proven || verdict == Verdict::Take));
        }
    }

    #[test]
    fn the_visitors_own_evidence_bans_and_no_puzzle_helps() {
        let mut visitor = known_for(Signal::Insult, 4);
        assert_eq!(opens(&mut visitor, &Conduct::default(), false, true), Verdict::Ban { ms: 60_000 });
    }

    #[test]
    fn a_shield_challenges_everybody_once() {
        let challenged = opens(&mut Conduct::default(), &Conduct::default(), true, false);
        assert!(matches!(challenged, Verdict::Challenge { .. }));
        assert_eq!(opens(&mut Conduct::default(), &Conduct::default(), true, true), Verdict::Take);
    }
}
