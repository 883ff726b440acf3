//! What a site, and its compiler, can be asked.

mod channels;
mod compiling;
mod guarding;
mod passkeys;
mod second_factor;
mod team;

use std::collections::BTreeMap;

use deskbell_shared::{
    guard::{
        audit::Entry,
        rules::{GuardRules, Shield},
    },
    wire::{
        AppealState, AppealSummary, Appeals, Ban, BanId, BanScope, Bans, ConversationId, Email, EntryId,
        FactorCode, FaqReport, FaqTuning, Line, LookRequest, Millis, NewPerson, OpeningHours, PackHash,
        People, PersonRequest, Role, SiteId, SiteSettings, Subject, TurnstileKey, TurnstileSecret,
    },
};
use serde::{Deserialize, Serialize};

pub(crate) use self::{channels::*, compiling::*, guarding::*, passkeys::*, second_factor::*, team::*};

use crate::{
    conversation::watch::Watch,
    platform::object::calls,
    site::{channels::KeptChannel, refusals::RefusedSignIn},
};

/// Changes what visitors see of the widget.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SetLook {
    /// What they see from now on, and what they saw before, as far as whoever changes it knows.
    pub(crate) request: LookRequest,
    /// Who.
    pub(crate) by: String,
}

/// Changes when the site's people are there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PutHours {
    /// When; `None` where visitors are told nothing of it.
    pub(crate) hours: Option<OpeningHours>,
    /// Who wants it, for the record.
    pub(crate) by: String,
}

/// Makes the site, or changes its settings. *Conflict* when it should be new, and is there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PutSite {
    /// The site's own id.
    pub(crate) site: SiteId,
    /// The settings.
    pub(crate) settings: SiteSettings,
    /// Whether it has to be new.
    pub(crate) new: bool,
    /// An owner to make, or whose password to set, and their name where one is given.
    pub(crate) owner: Option<NewPerson>,
    /// Somebody to take the second factor off.
    pub(crate) no_second_factor: Option<Email>,
    /// The secret of the settings' Turnstile key, when it is new.
    pub(crate) turnstile_secret: Option<TurnstileSecret>,
}

/// What [`PutSite`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SiteChange {
    /// The site is new.
    Made,
    /// The site existed.
    Changed,
}

/// What visitors may know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct View {}

/// What visitors may know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SiteView {
    /// The owner's settings.
    pub(crate) settings: SiteSettings,
    /// The FAQ in force.
    pub(crate) pack: Option<PackHash>,
    /// What conversations look out for. Never shown to visitors.
    pub(crate) watch: Watch,
    /// Ranges and countries that agents have stopped.
    pub(crate) gates: Vec<Gate>,
    /// When every new session is challenged.
    pub(crate) shield: Shield,
    /// Whether there is an attack now.
    pub(crate) under_attack: bool,
    /// Whether Turnstile can be asked now, where the settings have it.
    pub(crate) turnstile_is_up: bool,
    /// How often a new secret for customers was made.
    pub(crate) customer_renewals: u64,
    /// Other ways in than the site's pages. Never shown to visitors.
    #[serde(default)]
    pub(crate) channels: Vec<KeptChannel>,
    /// Whether entries of the FAQ have subjects.
    #[serde(default)]
    pub(crate) has_subjects: bool,
    /// When the site's people are there.
    #[serde(default)]
    pub(crate) hours: Option<OpeningHours>,
}

/// Something is done elsewhere that belongs on the record.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct NoteActs {
    /// By whom.
    pub(crate) by: String,
    /// What.
    pub(crate) what: String,
    /// To what, or how: an entry for each.
    pub(crate) details: Vec<String>,
}

/// A conversation was erased: so is what its visitor said against bans that were made in it, and nothing names it any more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ForgetTraces {
    /// Which.
    pub(crate) conversation: ConversationId,
    /// Whose it was: an HMAC.
    pub(crate) visitor: Option<String>,
}

/// Makes a new secret for customers; how often that was done so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RenewCustomerSecret {
    /// Who wants it, for the record.
    pub(crate) by: String,
}

/// A range or a country that an agent has stopped.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Gate {
    /// Which.
    pub(crate) scope: BanScope,
    /// What visitors are told.
    pub(crate) reason: Option<Line>,
    /// When it ends.
    pub(crate) until: Option<Millis>,
}

impl SiteView {
    /// The key of Turnstile, when visitors are asked that.
    pub(crate) fn turnstile(&self) -> Option<&TurnstileKey> {
        self.settings.turnstile.as_ref().filter(|_| self.turnstile_is_up)
    }

    /// Whether every new session has to solve a challenge now.
    pub(crate) fn shield_is_up(&self) -> bool {
        match self.shield {
            Shield::Up => true,
            Shield::Auto => self.under_attack,
            Shield::Down => false,
        }
    }
}

/// Signs a person in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignIn {
    /// Who.
    pub(crate) email: Email,
    /// The password as typed.
    pub(crate) password: String,
    /// Their second factor, when it was given.
    pub(crate) code: Option<FactorCode>,
    /// From where, as the record names it.
    pub(crate) from: String,
}

/// Sign-ins were refused before the site was asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RefusedSignIns {
    /// Which.
    pub(crate) refused: Vec<RefusedSignIn>,
}

/// A session that has begun.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct NewSession {
    /// Its id. A secret.
    pub(crate) id: String,
    /// When it ends by itself.
    pub(crate) expires: Millis,
    /// Whose it is.
    pub(crate) person: Person,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Person {
    /// Their address.
    pub(crate) email: Email,
    /// The name visitors see.
    pub(crate) name: Line,
    /// What they may do.
    pub(crate) role: Role,
    /// The site's name.
    pub(crate) site_name: Line,
    /// Whether they have to set up a second factor before anything else.
    pub(crate) second_factor_due: bool,
    /// Whether they have a passkey.
    pub(crate) has_passkey: bool,
}

/// Everybody who may sign in.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ListPeople {}

/// Decides about somebody.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ChangePerson {
    /// About whom, and what.
    pub(crate) request: PersonRequest,
    /// The owner who decides; `None` for the operator.
    pub(crate) by: Option<Prover>,
}

/// Whose session this is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct WhoIs {
    /// The session.
    pub(crate) session: String,
    /// Where a socket is about to be opened in it.
    pub(crate) opens: Option<Place>,
    /// Whether it is for setting up a second factor, or leaving: whoever owes one can do nothing else.
    pub(crate) sets_up: bool,
}

/// Where agents have sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// At the site's desk.
    Desk,
    /// In a conversation.
    Talk(ConversationId),
}

/// Ends a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SignOut {
    /// The session.
    pub(crate) session: String,
}

/// Puts an FAQ in force, unless what it was made from has changed meanwhile.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Publish {
    /// Who publishes.
    pub(crate) by: String,
    /// The [`Basis::revision`] it was made from.
    pub(crate) revision: u64,
    /// A new source, as it was sent; `None` keeps the one in force.
    pub(crate) source: Option<SourceFile>,
    /// The pack's name.
    pub(crate) hash: PackHash,
    /// The pack, compressed with gzip, in base64url.
    pub(crate) gzip: String,
    /// What the owner should know, and what was set.
    pub(crate) report: FaqReport,
    /// What its entries are about.
    pub(crate) subjects: BTreeMap<EntryId, Subject>,
}

/// What [`Publish`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum PublishOutcome {
    /// It is in force.
    InForce,
    /// Nothing: source or tuning are others by now.
    Overtaken,
}

/// What a pack is made from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GetBasis {
    /// Whether the source is wanted: a new one may be at hand.
    pub(crate) with_source: bool,
}

/// What the pack in force was made from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Basis {
    /// Counts the changes of source and tuning.
    pub(crate) revision: u64,
    /// What the owner has set.
    pub(crate) tuning: FaqTuning,
    /// The source in force; `None` when there is none, or it was not wanted.
    pub(crate) source: Option<SourceFile>,
}

/// What the owner should know about the FAQ in force.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GetReport {}

/// The source in force.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GetSource {}

/// What the entries of the FAQ in force are about, those of which that is said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GetSubjects {}

/// A pack, compressed with gzip, in base64url.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GetPack {
    /// Its name.
    pub(crate) hash: PackHash,
}

/// The record of privileged acts: a page of entries after a number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReadAudit {
    /// After which.
    pub(crate) after: u64,
}

/// Lifts a ban.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Unban {
    /// Which.
    pub(crate) id: BanId,
    /// The agent.
    pub(crate) by: Person,
}

/// The bans in force.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ListBans {}

calls! {
    PutSite => SiteChange, "/put";
    View => SiteView, "/view";
    NoteActs => (), "/note-acts";
    ForgetTraces => (), "/forget-traces";
    RenewCustomerSecret => u64, "/renew-customer-secret";
    Besieged => (), "/besieged";
    GetTurnstileSecret => Option<String>, "/turnstile-secret";
    TurnstileIsDown => (), "/turnstile-is-down";
    SignIn => NewSession, "/sign-in";
    RefusedSignIns => (), "/refused-sign-ins";
    ListPeople => People, "/people";
    ChangePerson => People, "/change-person";
    WhoIs => Person, "/who-is";
    SignOut => (), "/sign-out";
    GetBasis => Basis, "/basis";
    Publish => PublishOutcome, "/publish";
    GetReport => FaqReport, "/report";
    GetSource => SourceFile, "/source";
    GetSubjects => BTreeMap<EntryId, Subject>, "/subjects";
    GetPack => String, "/pack";
    MakeBan => Ban, "/ban";
    Unban => (), "/unban";
    ListBans => Bans, "/bans";
    GuardBan => (), "/guard-ban";
    MakeAppeal => AppealState, "/appeal";
    AppealOf => AppealState, "/appeal-of";
    ListAppeals => Appeals, "/appeals";
    DecideAppeal => AppealSummary, "/decide";
    GetRules => GuardRules, "/rules";
    PutRules => (), "/put-rules";
    SetTurnstile => (), "/set-turnstile";
    SetLook => SiteSettings, "/set-look";
    PutHours => (), "/put-hours";
    ReadAudit => Vec<Entry>, "/audit";
}
