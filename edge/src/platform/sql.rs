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
    /// When SQLite refuses it, or a row is not a `T`.
    pub(crate) fn rows<T: DeserializeOwned>(
        &self,
        query: &str,
        values: Vec<SqlStorageValue>,
    ) -> Result<Vec<T>, worker::Error> {
        self.sql.exec(query, values)?.to_array()
    }

    /// The first row of a query.
    ///
    /// # Errors
    /// When SQLite refuses it, or the row is not a `T`.
    pub(crate) fn first<T: DeserializeOwned>(
        &self,
        query: &str,
        values: Vec<SqlStorageValue>,
    ) -> Result<Option<T>, worker::Error> {
        Ok(self.rows(query, values)?.into_iter().next())
    }

    /// Whether there is a table of this name: an object that nobody has used has none, and is not given any
    /// by being asked.
    ///
    /// # Errors
    /// When SQLite fails.
    pub(crate) fn has_table(&self, name: &str) -> Result<bool, worker::Error> {
        let row: Option<serde_json::Value> =
            self.first("SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?", vec![name.into()])?;
        Ok(row.is_some())
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

/// A number for a column. SQLite hands numbers to scripts as doubles: exact up to 2^53.
pub(crate) fn int(number: u64) -> SqlStorageValue {
    SqlStorageValue::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
