//! The quotas there are, stated once. The widget slows its visitor down by the same numbers by
//! which the edge would refuse, so an honest widget never meets a refusal.

use super::Quota;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// Questions to the FAQ, in the widget alone: nobody reads eight answers in twenty seconds.
pub const QUESTIONS: Quota = Quota::constant(8, 20 * SECOND);

/// Messages of one visitor in one conversation.
pub const MESSAGES: Quota = Quota::constant(10, 30 * SECOND);

/// Messages of one agent in one conversation: only a runaway script reaches it.
pub const AGENT_MESSAGES: Quota = Quota::constant(60, 30 * SECOND);

/// Handoffs of one visitor.
pub const HANDOFFS_PER_VISITOR: Quota = Quota::constant(5, 10 * MINUTE);
/// Handoffs of one address (an IPv4 address, or an IPv6 /64): an office or a school shares one.
pub const HANDOFFS_PER_ADDRESS: Quota = Quota::constant(30, 10 * MINUTE);
/// Handoffs of one IPv6 /48, which one attacker may hold as 65,536 networks.
pub const HANDOFFS_PER_NETWORK: Quota = Quota::constant(120, 10 * MINUTE);
/// Handoffs to one site, from everybody together.
pub const HANDOFFS_PER_SITE: Quota = Quota::constant(600, 10 * MINUTE);

/// Sessions and tickets of one visitor: reconnects on a bad line need some.
pub const SESSIONS_PER_VISITOR: Quota = Quota::constant(30, MINUTE);
/// Sessions and tickets of one address.
pub const SESSIONS_PER_ADDRESS: Quota = Quota::constant(300, MINUTE);
/// Sessions and tickets of one IPv6 /48.
pub const SESSIONS_PER_NETWORK: Quota = Quota::constant(1_200, MINUTE);
/// Sessions and tickets of one site.
pub const SESSIONS_PER_SITE: Quota = Quota::constant(6_000, MINUTE);

/// Sign-ins tried from one address.
pub const SIGN_INS_PER_ADDRESS: Quota = Quota::constant(20, 10 * MINUTE);
/// Sign-ins tried from one IPv6 /48.
pub const SIGN_INS_PER_NETWORK: Quota = Quota::constant(40, 10 * MINUTE);
/// Sign-ins tried for one person from one address.
pub const SIGN_INS_PER_PERSON_AND_ADDRESS: Quota = Quota::constant(10, HOUR);
/// Sign-ins tried for one person, from everywhere together: so wide that whoever knows an e-mail address does not
/// keep its owner out with a few addresses, and far too narrow to guess a password.
pub const SIGN_INS_PER_PERSON: Quota = Quota::constant(100, HOUR);
/// Sign-ins tried for one site: each of them costs a hash.
pub const SIGN_INS_PER_SITE: Quota = Quota::constant(1_000, HOUR);

/// Frames of any kind over one socket: typing, read marks, catching up. More is a runaway script.
pub const FRAMES: Quota = Quota::constant(120, 30 * SECOND);
