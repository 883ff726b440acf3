//! What the tests of the whole system stand on: real parts, started and driven.

pub mod authenticator;
pub mod browser;
pub mod client;
pub mod edge;
pub mod folder;
pub mod host;
pub mod outside;
pub mod passkey;
pub mod receiver;
pub mod siteverify;
