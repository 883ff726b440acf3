//! Agents: people of a shop who are signed in.

use anyhow::{Context, Result};
use deskbell_shared::wire::{ConversationId, SignInRequest, SignedIn};

use super::{
    crowd::{PAGE, Shop, agent, read},
    deployed,
    party::Party,
};
use crate::operator::Operator;

/// An agent of a shop who is signed in.
pub(super) struct Clerk {
    shop: Shop,
    headers: Vec<(&'static str, String)>,
}

impl Clerk {
    /// Lets somebody of this name in, and signs them in.
    ///
    /// # Errors
    /// The edge refuses.
    pub(super) fn hire(operator: &Operator, shop: &Shop, name: &str, address: &str) -> Result<Self> {
        let (email, password) = deployed::add_person(operator, &shop.site, PAGE, name)?;
        let mut response = agent()
            .post(format!("{}/v1/sites/{}/sign-in", shop.address, shop.site))
            .header("Origin", &shop.address)
            .header("CF-Connecting-IP", address)
            .send_json(&SignInRequest { email, password, code: None })?;
        let cookie = response.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).unwrap_or_default().to_owned();
        let SignedIn { csrf, .. } = read(&mut response).context("the agent cannot sign in")?;
        let headers =
            vec![("CF-Connecting-IP", address.to_owned()), ("Cookie", cookie), ("X-Deskbell-Csrf", csrf)];
        Ok(Self { shop: shop.clone(), headers })
    }

    /// The agent in a conversation.
    pub(super) fn party(&self, conversation: ConversationId) -> Party {
        Party::new(&self.shop, conversation, &self.shop.address, self.headers.clone())
    }
}
