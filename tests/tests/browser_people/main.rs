//! The product as its people meet it: visitors on a shop's page, agents in the inbox, in a real browser, at an edge
//! on workerd. Nothing is stood in for. Every test has a shop of its own, so that all of them can run at once.
//!
//! | module | shows that |
//! |---|---|
//! | [`answers`] | questions are answered on the visitor's device, and nothing typed leaves it |
//! | [`loader`] | the script tag does no harm, whatever is wrong with it, and says what is wrong |
//! | [`handing_over`] | a person takes over when wished, needed or asked for by button, and gets only what was agreed |
//! | [`cues`] | what a visitor's words show of their need for a person is met, and calls nobody without need |
//! | [`channels`] | an owner makes a channel, and people answer whoever writes on it |
//! | [`customers`] | who is signed in at the shop is known to its people, and nobody can claim to be |
//! | [`settings`] | what an admin sets is what visitors see |
//! | [`keeping`] | what was said can be taken along, and erased |
//! | [`hours`] | visitors are told when people are back, as an admin has set it |
//! | [`closing`] | what is closed can be opened again, and whoever does not look is called |
//! | [`talking`] | visitor and agent reach each other through reloads and restarts, with nothing lost |
//! | [`languages`] | the widget speaks the language of the visitor, and runs the way it is written |
//! | [`limits`] | a flood is slowed down with a reason, and a banned visitor sees why |
//! | [`guard`] | the guard explains each step, an appeal leads back, and agents stop what they mean to stop |
//! | [`publishing`] | an open chat picks up a new FAQ |
//! | [`tuning`] | owners see what their FAQ does and set it, and nobody reads an answer twice without a word |
//! | [`inbox`] | the inbox keeps what was written in it, and says on every screen what its people should know |
//! | [`roles`] | an owner lets colleagues in, and each sees what they may do |
//! | [`teamwork`] | colleagues share the work, and what they note reaches no visitor |
//! | [`subjects`] | what talks are about is seen, set, and decides who is there for them |
//! | [`webhooks`] | an owner has other programs told what happens, and sees what comes of it |
//! | [`second_factor`] | two-step sign-in, from the scan to the recovery code |
//! | [`input`] | input methods, and a browser's storage full of rubbish, do no harm |
//! | [`access`] | axe finds nothing serious, in the light and in the dark, and the keyboard never loses its place |

mod access;
mod agent;
mod answers;
mod channels;
mod closing;
mod cues;
mod customers;
mod guard;
mod handing_over;
mod hours;
mod inbox;
mod input;
mod keeping;
mod languages;
mod limits;
mod loader;
mod passkeys;
mod publishing;
mod roles;
mod scene;
mod second_factor;
mod settings;
mod subjects;
mod talking;
mod teamwork;
mod tuning;
mod webhooks;
