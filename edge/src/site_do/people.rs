//! What an owner decides about the site's people.

use deskbell_shared::wire::{
    Email, Line, MAX_PEOPLE, NewPassword, NewPerson, Password, People as Listed, PersonAct, PersonRequest,
    ProblemKind, Role,
};

use super::SiteDo;
use crate::{
    platform::{object, random},
    refusal::{Outcome, Refusal},
    site::{
        calls::ChangePerson,
        people::{HashedPerson, People},
    },
};

/// What is decided about somebody, with what takes a while done.
enum Decided {
    Add(HashedPerson, Role),
    Change(Option<Line>, Option<Role>),
    NewPassword(HashedPerson),
    NoSecondFactor,
    Remove,
}

impl SiteDo {
    pub(super) fn list_people(&self) -> Outcome<Listed> {
        Ok(Listed { people: self.people()?.list()?, password: None })
    }

    pub(super) async fn change_person(&self, body: &str) -> Outcome<String> {
        let ChangePerson { request: PersonRequest { email, act, .. }, by } = object::call(body)?;
        // Hashing takes a while and other events come in between, so it is done before anything is looked at.
        let mut password = None;
        let decided = match act {
            PersonAct::Add { name, role } => {
                Decided::Add(with_new_password(&email, Some(name), &mut password).await?, role)
            }
            PersonAct::NewPassword => {
                Decided::NewPassword(with_new_password(&email, None, &mut password).await?)
            }
            PersonAct::Change { name, role } => Decided::Change(name, role),
            PersonAct::NoSecondFactor => Decided::NoSecondFactor,
            PersonAct::Remove => Decided::Remove,
        };
        let owner = by.as_ref().map(|by| by.email.clone());
        if let Some(by) = by {
            self.prove(by).await?;
        }
        self.sql.atomically(|| self.decide_about(&email, decided, owner.as_ref()))?;
        object::answered::<ChangePerson>(&Listed { password, ..self.list_people()? })
    }

    fn decide_about(&self, email: &Email, decided: Decided, owner: Option<&Email>) -> Outcome<()> {
        let (people, site_name) = (self.people()?, self.settings()?.name);
        // They may have lost the role while a password was hashed.
        if let Some(owner) = owner
            && people.person(owner)?.is_none_or(|person| person.role != Role::Owner)
        {
            return Err(Refusal::beyond_role());
        }
        let by = owner.map_or("operator", Email::as_str);
        let record = |what: &str, detail: &str| {
            self.record(by, what, format!("{} {detail}", email.as_str()).trim_end())
        };
        if owner == Some(email) && matches!(decided, Decided::NewPassword(_) | Decided::NoSecondFactor) {
            let detail = "One's own password and second factor are changed under Account.";
            return Err(Refusal::new(ProblemKind::Conflict, detail));
        }
        let role = match (people.person(email)?, &decided) {
            (None, Decided::Add(_, role)) => *role,
            (Some(_), Decided::Add(..)) => {
                return Err(Refusal::new(ProblemKind::Conflict, "Somebody here has this e-mail address."));
            }
            (Some(person), _) => person.role,
            (None, _) => {
                return Err(Refusal::new(ProblemKind::NotFound, "Nobody here has this e-mail address."));
            }
        };
        match decided {
            Decided::Add(person, role) => {
                if people.count()? >= MAX_PEOPLE as u64 {
                    let detail = format!("A site has {MAX_PEOPLE} people at most.");
                    return Err(Refusal::new(ProblemKind::Conflict, detail));
                }
                record("person-add", name_of(role))?;
                people.put(person, role, &site_name)
            }
            Decided::Change(name, new_role) => {
                let new_role = new_role.unwrap_or(role);
                self.leaves_an_owner(role, Some(new_role))?;
                record("person-change", name_of(new_role))?;
                people.change(email, name.as_ref(), new_role)?;
                if new_role < role { people.end_sessions(email, None) } else { Ok(()) }
            }
            Decided::NewPassword(person) => {
                record("person-password", "")?;
                people.put(person, role, &site_name)
            }
            Decided::NoSecondFactor => self.drop_factor(email, by),
            Decided::Remove => {
                self.leaves_an_owner(role, None)?;
                record("person-remove", "")?;
                self.factors()?.drop(email)?;
                self.passkeys()?.drop(email)?;
                people.remove(email)
            }
        }
    }

    /// Refuses what would leave the site without anybody who may decide about its people.
    fn leaves_an_owner(&self, before: Role, after: Option<Role>) -> Outcome<()> {
        let goes = before == Role::Owner && after != Some(Role::Owner);
        if goes && self.people()?.owners()? <= 1 {
            let detail = "They are the site's last owner. Make somebody else one first.";
            return Err(Refusal::new(ProblemKind::Conflict, detail));
        }
        Ok(())
    }
}

/// Somebody with a password that is made here, and shown once.
async fn with_new_password(
    email: &Email,
    name: Option<Line>,
    shown: &mut Option<NewPassword>,
) -> Outcome<HashedPerson> {
    let made = random::secret()?;
    let password = Password::try_from(made.clone()).map_err(Refusal::failed)?;
    *shown = Some(NewPassword::new(made));
    People::hash(NewPerson { email: email.clone(), name, password }).await
}

fn name_of(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Agent => "agent",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}
