use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Millis;

/// `GET` and `PUT /v1/sites/{site}/retention`: for how long talks are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// So many days after something was last said in them; `None` until somebody erases them.
    #[serde(default)]
    pub days: Option<KeepDays>,
}

/// A number of days, from 1 to 3,650.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct KeepDays(u16);

/// Not so many days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("days: from 1 to 3650, or null to keep talks until somebody erases them")]
pub struct KeepDaysError;

impl KeepDays {
    /// The most there can be: ten years, as long as any books have to be kept.
    pub const MOST: u16 = 3_650;

    /// This number of days.
    ///
    /// # Errors
    /// For none, and for more than [`Self::MOST`].
    pub const fn new(days: u16) -> Result<Self, KeepDaysError> {
        if days >= 1 && days <= Self::MOST { Ok(Self(days)) } else { Err(KeepDaysError) }
    }

    /// How many.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The moment so many days before another.
    pub const fn before(self, moment: Millis) -> Millis {
        moment.days_before(self.0 as u64)
    }
}

impl TryFrom<u16> for KeepDays {
    type Error = KeepDaysError;
    fn try_from(days: u16) -> Result<Self, KeepDaysError> {
        Self::new(days)
    }
}

impl From<KeepDays> for u16 {
    fn from(days: KeepDays) -> Self {
        days.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_from_one_to_ten_years() {
        let read = |text: &str| serde_json::from_str::<Retention>(text).ok().map(|retention| retention.days);
        assert_eq!(read(r#"{"days":null}"#), Some(None));
        assert_eq!(read(r#"{"days":1}"#), Some(KeepDays::new(1).ok()));
        assert_eq!(read(r#"{"days":3650}"#), Some(KeepDays::new(3_650).ok()));
        for wrong in ["0", "3651", "-1", "70000", "1.5", "\"30\""] {
            assert_eq!(read(&format!(r#"{{"days":{wrong}}}"#)), None, "{wrong}");
        }
    }

    #[test]
    fn a_day_has_so_many_milliseconds_and_nothing_is_before_the_beginning() -> Result<(), KeepDaysError> {
        assert_eq!(KeepDays::new(2)?.before(Millis(200_000_000)), Millis(27_200_000));
        assert_eq!(KeepDays::new(2)?.before(Millis(5)), Millis(0));
        Ok(())
    }
}
