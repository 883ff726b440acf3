//! When a person has to take over, and what they are told.
