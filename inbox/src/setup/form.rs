//! What an operator types to make a site, turned into a request or into what to mend.

use deskbell_shared::wire::{
    Email, Line, NewPerson, Origin, Password, SiteId, SiteRequest, SiteSettings, TextError,
};

use crate::ui::slug::slug;

/// What stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The deployment's token.
    pub token: String,
    /// The site's id.
    pub site: String,
    /// The name visitors see.
    pub name: String,
    /// The pages that may show the widget, one a line.
    pub origins: String,
    /// The owner's address.
    pub email: String,
    /// The owner's name.
    pub person: String,
    /// The owner's password.
    pub password: String,
}

/// A field of the form, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which field.
    pub field: Field,
    /// The key of the words.
    pub key: &'static str,
    /// What fills their place `{value}`: the piece of the field that is wrong, or what would be right.
    pub value: String,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The deployment's token.
    Token,
    /// The site's id.
    Site,
    /// The name visitors see.
    Name,
    /// The pages that may show the widget.
    Origins,
    /// The owner's address.
    Email,
    /// The owner's name.
    Person,
    /// The owner's password.
    Password,
}

/// A form without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// The deployment's token.
    pub token: String,
    /// Which site.
    pub site: SiteId,
    /// What is asked for it.
    pub request: SiteRequest,
}

/// Reads the form.
///
/// # Errors
/// Every fault of it, in the order of its fields; one a field.
pub fn read(typed: &Typed) -> Result<Meant, Vec<Fault>> {
    let mut faults = Vec::new();
    let token = typed.token.trim().to_owned();
    // A header holds printable ASCII only, so nothing else can be the token.
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        faults.push(fault(Field::Token, "setup.fault.token", String::new()));
    }
    let site = typed.site.trim().parse::<SiteId>();
    let site = site.map_err(|_| fault(Field::Site, "setup.fault.site", site_near(&typed.site)));
    let name = line(Field::Name, &typed.name);
    let origins = origins(&typed.origins);
    let email = Email::try_from(typed.email.clone());
    let email = email.map_err(|_| fault(Field::Email, "setup.fault.email", String::new()));
    let person = line(Field::Person, &typed.person);
    let password = Password::try_from(typed.password.clone());
    let password = password.map_err(|_| fault(Field::Password, "setup.fault.password", String::new()));
    let mut keep = |fault: Option<&Fault>| faults.extend(fault.cloned());
    keep(site.as_ref().err());
    keep(name.as_ref().err());
    keep(origins.as_ref().err());
    keep(email.as_ref().err());
    keep(person.as_ref().err());
    keep(password.as_ref().err());
    match (site, name, origins, email, person, password) {
        (Ok(site), Ok(name), Ok(origins), Ok(email), Ok(person), Ok(password)) if faults.is_empty() => {
            let settings = SiteSettings {
                name,
                origins,
                accent: Default::default(),
                language: None,
                greeting: None,
                turnstile: None,
                asks_to_recommend: false,
            };
            let owner = Some(NewPerson { email, name: Some(person), password });
            Ok(Meant {
                token,
                site,
                request: SiteRequest { settings, owner, no_second_factor: None, turnstile_secret: None },
            })
        }
        _ => Err(faults),
    }
}

fn fault(field: Field, key: &'static str, value: String) -> Fault {
    Fault { field, key, value }
}

fn line(field: Field, text: &str) -> Result<Line, Fault> {
    Line::new(text).map_err(|error| {
        let key = match error {
            TextError::Empty => "setup.fault.empty",
            TextError::TooLong { .. } => "setup.fault.long",
        };
        fault(field, key, Line::LIMIT.to_string())
    })
}

/// One origin a line; blank lines do not count, and neither does the same one twice.
fn origins(text: &str) -> Result<Vec<Origin>, Fault> {
    let mut origins: Vec<Origin> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.parse() {
            Ok(origin) if origins.contains(&origin) => {}
            Ok(origin) => origins.push(origin),
            Err(_) => {
                return Err(match mend_origin(line) {
                    Some(right) => {
                        fault(Field::Origins, "setup.fault.origin_as", format!("{line} → {right}"))
                    }
                    None => fault(Field::Origins, "setup.fault.origin", line.to_owned()),
                });
            }
        }
    }
    if origins.is_empty() {
        return Err(fault(Field::Origins, "setup.fault.no_origin", String::new()));
    }
    Ok(origins)
}

/// What somebody meant who pasted a page's address or forgot the scheme.
fn mend_origin(line: &str) -> Option<Origin> {
    let lower = line.to_lowercase();
    let (scheme, rest) = lower.split_once("://").unwrap_or(("https", lower.as_str()));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let own_port = if scheme == "http" { ":80" } else { ":443" };
    format!("{scheme}://{}", host.strip_suffix(own_port).unwrap_or(host)).parse().ok()
}

/// A site id near to what was typed.
fn site_near(text: &str) -> String {
    let near = slug(text);
    if near.is_empty() { "my-shop".to_owned() } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            token: "secret".to_owned(),
            site: "acme".to_owned(),
            name: "Acme".to_owned(),
            origins: "https://acme.example\n\n http://localhost:8801 \nhttps://acme.example".to_owned(),
            email: "Ana@acme.example".to_owned(),
            person: "Ana".to_owned(),
            password: "correct horse".to_owned(),
        }
    }

    fn faults(change: impl FnOnce(&mut Typed)) -> Vec<(Field, &'static str, String)> {
        let mut typed = typed();
        change(&mut typed);
        let faults = read(&typed).err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.field, fault.key, fault.value)).collect()
    }

    #[test]
    fn a_good_form_is_a_request() {
        let meant = read(&typed()).unwrap();
        let origins: Vec<_> = meant.request.settings.origins.iter().map(Origin::as_str).collect();
        assert_eq!(origins, ["https://acme.example", "http://localhost:8801"]);
        assert_eq!(meant.request.owner.unwrap().email.as_str(), "ana@acme.example");
    }

    #[test]
    fn an_empty_form_names_every_field_in_order() {
        let faults = read(&Typed::default()).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
        assert_eq!(
            fields,
            [
                Field::Token,
                Field::Site,
                Field::Name,
                Field::Origins,
                Field::Email,
                Field::Person,
                Field::Password
            ]
        );
    }

    #[test]
    fn a_wrong_origin_comes_with_the_right_one() {
        let fault = |text: &str| faults(|typed| typed.origins = text.to_owned()).remove(0);
        assert_eq!(fault("acme.example").2, "acme.example → https://acme.example");
        assert_eq!(
            fault("https://Acme.example/shop?x#y").2,
            "https://Acme.example/shop?x#y → https://acme.example"
        );
        assert_eq!(fault("http://acme.example:80").2, "http://acme.example:80 → http://acme.example");
        assert_eq!(fault("*"), (Field::Origins, "setup.fault.origin", "*".to_owned()));
        assert_eq!(fault(" \n "), (Field::Origins, "setup.fault.no_origin", String::new()));
    }

    #[test]
    fn a_wrong_site_id_comes_with_one_near_to_it() {
        let near = |text: &str| faults(|typed| typed.site = text.to_owned()).remove(0).2;
        assert_eq!(near("Tea House & Co."), "tea-house-co");
        assert_eq!(near("茶"), "my-shop");
        assert_eq!(near(&"x".repeat(60)), "x".repeat(40));
    }

    #[test]
    fn a_token_that_no_header_can_hold_is_refused() {
        for token in ["", "  ", "a b", "密码", "a\nb"] {
            assert_eq!(faults(|typed| typed.token = token.to_owned()).len(), 1, "{token:?}");
        }
    }
}
