//! Which FAQ entry answers a question, or that none does.
