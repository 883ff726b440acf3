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

/// Messages of one visitor in one conversation, in the long run: who types without a pause for an hour is no person.
pub const MESSAGES_SUSTAINED: Quota = Quota::constant(120, 20 * MINUTE);
/// What a message weighs that carries links or contacts, where a plain one weighs 1.
pub const MESSAGE_WITH_LINKS: u32 = 2;
/// Messages of a visitor in slow mode: one, and then a wait.
pub const SLOW_MESSAGES: Quota = Quota::constant(1, 15 * SECOND);

/// Messages of one agent in one conversation: only a runaway script reaches it.
pub const AGENT_MESSAGES: Quota = Quota::constant(60, 30 * SECOND);

/// Handoffs of one visitor.
pub const HANDOFFS_PER_VISITOR: Quota = Quota::constant(5, 10 * MINUTE);
/// Handoffs of one address (an IPv4 address, or an IPv6 /64): an office or a school shares one.
pub const HANDOFFS_PER_ADDRESS: Quota = Quota::constant(30, 10 * MINUTE);
/// Handoffs of one address whose browsers have each solved a challenge.
pub const HANDOFFS_PER_ADDRESS_PROVEN: Quota = Quota::constant(1_000, 10 * MINUTE);
/// Handoffs of one IPv6 /48, which one attacker may hold as 65,536 networks.
pub const HANDOFFS_PER_NETWORK: Quota = Quota::constant(120, 10 * MINUTE);
/// Handoffs to one site, from everybody together.
pub const HANDOFFS_PER_SITE: Quota = Quota::constant(1_500, 10 * MINUTE);
/// Talks that begin on the channels of one site, from everybody together.
pub const CARRIES_PER_SITE: Quota = Quota::constant(1_500, 10 * MINUTE);

/// Handoffs of one IPv6 /48 whose browsers have each solved a challenge.
pub const HANDOFFS_PER_NETWORK_PROVEN: Quota = Quota::constant(1_000, 10 * MINUTE);
/// Handoffs of one visitor, in the long run.
pub const HANDOFFS_PER_VISITOR_DAY: Quota = Quota::constant(40, 24 * HOUR);
/// Handoffs with nearly the same words, of whomever: a text of some length that several strangers send at once.
pub const HANDOFFS_PER_WORDS: Quota = Quota::constant(4, 10 * MINUTE);
/// Handoffs with nearly the same words by browsers that solved a challenge: a template that a shop gave its customers.
pub const HANDOFFS_PER_WORDS_PROVEN: Quota = Quota::constant(60, 10 * MINUTE);
/// Appeals of one visitor.
pub const APPEALS_PER_VISITOR: Quota = Quota::constant(3, HOUR);
/// Appeals of one address.
pub const APPEALS_PER_ADDRESS: Quota = Quota::constant(30, HOUR);
/// Appeals of one IPv6 /48: fewer than a site takes, so that no single line can use up what is there for everybody.
pub const APPEALS_PER_NETWORK: Quota = Quota::constant(60, HOUR);
/// Appeals to one site: more than people could read.
pub const APPEALS_PER_SITE: Quota = Quota::constant(200, HOUR);

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
/// Sign-ins tried for one person, from everywhere together: far too narrow to guess a password. Ten addresses use it up,
/// so it does not count for who comes from where that person has signed in before; nor does the quota of the site.
pub const SIGN_INS_PER_PERSON: Quota = Quota::constant(100, HOUR);
/// Sign-ins tried for one site: each of them costs a hash.
pub const SIGN_INS_PER_SITE: Quota = Quota::constant(1_000, HOUR);

/// Wrong codes of an authenticator app for one person, from everywhere together, after a right password: whoever knows that
/// finds a code within a year in two cases of a hundred.
pub const WRONG_CODES_PER_PERSON: Quota = Quota::constant(20, 24 * HOUR);

/// Frames of any kind over one socket: typing, read marks, catching up. More is a runaway script.
pub const FRAMES: Quota = Quota::constant(120, 30 * SECOND);
