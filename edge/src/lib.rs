//! The worker: the door, its routes, and the durable objects behind it.
//!
//! A request is read once, at the door, into types that cannot hold an invalid state; every refusal leaves as
//! a problem document. State lives in four kinds of durable objects; each says why there is one of it per what.
//!
//! | module | concern |
//! |---|---|
//! | [`visit`], [`route`], [`reply`], [`refusal`] | the door |
//! | [`visitor`] | handing over, coming back |
//! | [`talk`], [`conversation`] | a conversation, from both sides |
//! | [`agent`], [`desk`] | signing in, the inbox, bans |
//! | [`site`] | the frame, settings, the FAQ |
//! | [`guard`] | who may open something now |
//! | [`platform`] | what the `worker` crate lacks |

mod agent;
mod conversation;
mod conversation_do;
mod desk;
mod desk_do;
mod door;
mod guard;
mod guard_do;
mod json_path;
mod keys;
mod limits;
mod platform;
mod refusal;
mod reply;
mod route;
mod site;
mod site_do;
mod talk;
mod ticket;
mod visit;
mod visitor;

use web_sys::{Request, Response};
use worker::{Context, Env, event};

/// Every request that is not for a static file.
#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    Ok(door::answer(request, env).await?)
}
