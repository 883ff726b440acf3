//! A durable object's SQLite: rows as types, and several statements as one change.

use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use worker::{SqlStorage, SqlStorageValue, State};

use crate::refusal::{Outcome, Refusal};

/// The database of one durable object.
pub(crate) struct Sql {
    sql: SqlStorage,
    storage: Transactional,
}

#[wasm_bindgen]
extern "C" {
    /// The part of `DurableObjectStorage` that the `worker` crate does not bind.
    type Transactional;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &Transactional,
        change: &mut dyn FnMut() -> Result<(), JsValue>,
    ) -> Result<(), JsValue>;
}

impl Sql {
    /// The database of the object whose state this is.
    pub(crate) fn of(state: &State) -> Self {
        let storage = state.storage();
        Self { sql: storage.sql(), storage: JsValue::from(storage.as_raw()).unchecked_into() }
    }

    /// Runs a statement for its effect.
    ///
    /// # Errors
    /// When SQLite refuses it.
    pub(crate) fn run(&self, statement: &str, values: Vec<SqlStorageValue>) -> Result<(), worker::Error> {
        self.sql.exec(statement, values).map(drop)
    }

    /// The rows of a query.
    ///
    /// # Errors
    /// When SQLite refuses it.
    pub(crate) fn rows(&self, query: &str, values: Vec<SqlStorageValue>) -> Outcome<Vec<Row>> {
        let rows = self.sql.exec(query, values)?.raw();
        Ok(rows.map(|row| row.map(Row)).collect::<Result<_, _>>()?)
    }

    /// The first row of a query.
    ///
    /// # Errors
    /// When SQLite refuses it.
    pub(crate) fn first(&self, query: &str, values: Vec<SqlStorageValue>) -> Outcome<Option<Row>> {
        Ok(self.rows(query, values)?.into_iter().next())
    }

    /// Whether there is a table of this name: an object that nobody has used has none, and is not given any
    /// by being asked.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(crate) fn has_table(&self, name: &str) -> Outcome<bool> {
        let query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?";
        Ok(self.first(query, vec![name.into()])?.is_some())
    }

    /// Makes several statements one change: all of them happen, or, when `change` fails, none.
    ///
    /// # Errors
    /// What `change` failed with, or what the platform did.
    pub(crate) fn atomically<T>(&self, change: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        let mut change = Some(change);
        let mut outcome = None;
        let committed = self.storage.transaction_sync(&mut || {
            let result = change.take().map(|change| change());
            let failed = !matches!(result, Some(Ok(_)));
            outcome = result;
            if failed { Err(JsValue::from_str("rolled back")) } else { Ok(()) }
        });
        match (outcome, committed) {
            (Some(Err(refusal)), _) => Err(refusal),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (_, Err(error)) => Err(Refusal::from(worker::Error::from(error))),
            (None, Ok(())) => Err(Refusal::failed("a transaction did not run")),
        }
    }
}

/// A row; its columns are taken by their place.
pub(crate) struct Row(Vec<SqlStorageValue>);

impl Row {
    /// A column of text.
    ///
    /// # Errors
    /// When it is something else.
    pub(crate) fn text(&self, column: usize) -> Outcome<&str> {
        match self.0.get(column) {
            Some(SqlStorageValue::String(text)) => Ok(text),
            _ => Err(unlike(column, "text")),
        }
    }

    /// A column of whole numbers from 0.
    ///
    /// # Errors
    /// When it is something else.
    pub(crate) fn number(&self, column: usize) -> Outcome<u64> {
        self.maybe_number(column)?.ok_or_else(|| unlike(column, "a number"))
    }

    /// A column of whole numbers from 0, or null.
    ///
    /// # Errors
    /// When it is something else.
    pub(crate) fn maybe_number(&self, column: usize) -> Outcome<Option<u64>> {
        match self.0.get(column) {
            Some(SqlStorageValue::Null) => Ok(None),
            Some(SqlStorageValue::Integer(number)) => {
                u64::try_from(*number).map(Some).map_err(|_| unlike(column, "a number from 0"))
            }
            _ => Err(unlike(column, "a number")),
        }
    }

    /// A column of text that names a value, such as an id.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn name<T: TryFrom<String>>(&self, column: usize) -> Outcome<T> {
        T::try_from(self.text(column)?.to_owned()).map_err(|_| unlike(column, std::any::type_name::<T>()))
    }

    /// A column of text that names a value, or null.
    ///
    /// # Errors
    /// When it is something else.
    pub(crate) fn maybe_name<T: TryFrom<String>>(&self, column: usize) -> Outcome<Option<T>> {
        match self.0.get(column) {
            Some(SqlStorageValue::Null) => Ok(None),
            _ => self.name(column).map(Some),
        }
    }

    /// A column of text that holds a value as JSON, or null.
    ///
    /// # Errors
    /// When it is something else.
    pub(crate) fn maybe_json<T: DeserializeOwned>(&self, column: usize) -> Outcome<Option<T>> {
        match self.0.get(column) {
            Some(SqlStorageValue::Null) => Ok(None),
            _ => self.json(column).map(Some),
        }
    }

    /// A column of text that holds a value as JSON.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: usize) -> Outcome<T> {
        Ok(serde_json::from_str(self.text(column)?)?)
    }
}

fn unlike(column: usize, what: &str) -> Refusal {
    Refusal::failed(format_args!("column {column} of a row is not {what}"))
}

/// A number for a column. (A boolean would be stored as text.) SQLite hands numbers to scripts as doubles: exact up to 2^53.
pub(crate) fn int(number: u64) -> SqlStorageValue {
    SqlStorageValue::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
