//! The secret with which a site's backend signs who its customers are. It is derived, so that nothing secret is stored: only
//! how often a new one was made.

use deskbell_shared::wire::{
    Customer, CustomerFault, CustomerSecret, CustomerToken, Role, SiteId, jwt, token::base64url,
};

use super::{calls::RenewCustomerSecret, forget, view};
use crate::{
    agent::session::{Authority, operator_or},
    keys::Keys,
    platform::{
        object::ask,
        sql::{Sql, int},
    },
    refusal::Outcome,
    reply::Reply,
    visit::Visit,
};

/// How often the site whose database this is made a new secret.
pub(crate) struct Renewals<'a>(pub(crate) &'a Sql);

impl Renewals<'_> {
    const SCHEMA: &'static str = "
        CREATE TABLE IF NOT EXISTS customer_secret (
            only INTEGER PRIMARY KEY CHECK (only = 1), renewals INTEGER NOT NULL
        );
    ";

    /// How often.
    pub(crate) fn count(&self) -> Outcome<u64> {
        if !self.0.has_table("customer_secret")? {
            return Ok(0);
        }
        let row = self.0.first("SELECT renewals FROM customer_secret", Vec::new())?;
        Ok(row.map(|row| row.number(0)).transpose()?.unwrap_or(0))
    }

    /// Makes the next one the secret in force, and says how many there were before it.
    pub(crate) fn renew(&self) -> Outcome<u64> {
        self.0.run(Self::SCHEMA, Vec::new())?;
        let next = self.count()? + 1;
        let upsert = "INSERT INTO customer_secret (only, renewals) VALUES (1, ?)
                      ON CONFLICT (only) DO UPDATE SET renewals = excluded.renewals";
        self.0.run(upsert, vec![int(next)])?;
        Ok(next)
    }
}

/// `GET /v1/sites/{site}/customer-secret`.
pub(crate) async fn secret(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    operator_or(visit, site, Role::Admin, Authority::ToRead).await?;
    // What was renewed a moment ago elsewhere must not be signed with.
    forget(site);
    let renewals = view(visit, site).await?.customer_renewals;
    Reply::json(&CustomerSecret { secret: secret_of(&visit.keys, site, renewals) })
}

/// `POST /v1/sites/{site}/customer-secret`: a new one. What was signed with the old one is not believed any more.
pub(crate) async fn renew(visit: &Visit, site: &SiteId) -> Outcome<Reply> {
    let by = operator_or(visit, site, Role::Admin, Authority::ToChange).await?;
    let renewals = ask(&visit.site_object(site)?, &RenewCustomerSecret { by }).await?;
    forget(site);
    Reply::json(&CustomerSecret { secret: secret_of(&visit.keys, site, renewals) })
}

/// Who the visitor is, when the site's backend has signed it.
///
/// # Errors
/// Inside, why it is not to be believed; outside, when the site cannot be asked.
pub(crate) async fn signed(
    visit: &Visit,
    site: &SiteId,
    token: &CustomerToken,
) -> Outcome<Result<Customer, CustomerFault>> {
    let renewals = view(visit, site).await?.customer_renewals;
    let with = |renewals| jwt::customer(token, &secret_of(&visit.keys, site, renewals), site, visit.now);
    match with(renewals) {
        // The secret may have been replaced a moment ago, elsewhere.
        Err(CustomerFault::Signature) => {
            forget(site);
            Ok(with(view(visit, site).await?.customer_renewals))
        }
        told => Ok(told),
    }
}

fn secret_of(keys: &Keys, site: &SiteId, renewals: u64) -> String {
    base64url(&keys.customer.mac(&[site.as_str().as_bytes(), &renewals.to_be_bytes()]))
}
