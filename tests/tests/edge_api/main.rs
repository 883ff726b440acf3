//! The edge on workerd, asked over the network as anybody could. Nothing is stood in for: durable objects store to
//! disk, sockets are sockets, and the answers are those of the deployable. Every test has a site and addresses of its
//! own, so that all of them can run at once against one edge.
//!
//! | module | shows that |
//! |---|---|
//! | [`door`] | every address takes what it should and refuses the rest readably |
//! | [`handing_over`] | a visitor is handed over once, comes back, and only to what is theirs |
//! | [`talking`] | messages are taken once, in order, and reach both sides |
//! | [`closing`] | a talk is closed by whoever has read it, and that can be taken back |
//! | [`hours`] | when people are there is set by admins, and told to visitors |
//! | [`guarding`] | quotas hold exactly, whoever comes at once, and say honestly when to come back |
//! | [`banning`] | a ban stops a visitor or an address at once, and lifting it works at once |
//! | [`ladder`] | abuse is answered in steps, each explained, also from one talk to the next |
//! | [`appealing`] | what the guard decides people can undo, each appeal once, and it is forgotten in the end |
//! | [`alerts`] | an attack is told once when it begins and once when it ends |
//! | [`blocking`] | what agents and rules stop holds within two seconds, and cannot lock out everybody |
//! | [`failing`] | a guard that is broken does not take the chat down |
//! | [`turnstile`] | Cloudflare's Turnstile stands in for a puzzle, and is no loss when it is away |
//! | [`second_factor`] | a second factor lets in who has it, each code once, and tells nobody else that it is there |
//! | [`searching`] | all talks can be looked through, beyond those that the list is given |
//! | [`desk`] | people sign in, see the list as it changes, and other pages cannot act for them |
//! | [`roles`] | an owner decides who may sign in, and everybody does no more than their role allows |
//! | [`teamwork`] | people share the work: each talk is somebody's, notes are theirs alone, and answers are kept |
//! | [`routing`] | visitors who wait are given to people who are there, in turn, by language and by who knows them |
//! | [`subjects`] | a talk has the subject of what its visitor asks, people say otherwise, and those come who know it |
//! | [`figures`] | how visitors were served is counted, and how they found it |
//! | [`channels`] | what is written on a channel is a talk, what is answered is delivered, and only its program has a part in it |
//! | [`customers`] | who a visitor is counts when the site's backend has signed it |
//! | [`keeping`] | a talk can be taken along, and nothing is left of what was erased or has become too old |
//! | [`priority`] | who should not wait is shown as such |
//! | [`publishing`] | an FAQ goes into force whole or not at all |
//! | [`tuning`] | an FAQ is tuned in one step, and what is set outlives a publication |
//! | [`learning`] | what visitors asked in vain is told, and learned by the FAQ |
//! | [`webhooks`] | other programs hear of what happens, signed, until they have it, and of nothing else |
//! | [`surviving`] | a killed edge comes back with everything it acknowledged |

mod alerts;
mod appealing;
mod banning;
mod blocking;
mod channels;
mod closing;
mod customers;
mod desk;
mod door;
mod failing;
mod figures;
mod guarding;
mod handing_over;
mod hours;
mod keeping;
mod ladder;
mod learning;
mod passkeys;
mod people;
mod priority;
mod publishing;
mod roles;
mod routing;
mod searching;
mod second_factor;
mod subjects;
mod surviving;
mod talking;
mod teamwork;
mod tuning;
mod turnstile;
mod webhooks;
