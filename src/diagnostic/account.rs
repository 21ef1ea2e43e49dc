//! The account of a run: what holds and what does not, a line each, for people who ask "is it all right?".

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a line of the account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AccountState {
    /// It was checked and holds.
    Holds,
    /// It holds, with something to look at.
    Warns,
    /// It does not hold.
    Fails,
}

/// One line of the account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct AccountLine {
    /// How it stands.
    pub state: AccountState,
    /// What was checked, as a statement without a full stop.
    pub text: String,
}

impl AccountLine {
    /// A line in the given state.
    pub fn new(state: AccountState, text: impl Into<String>) -> Self {
        AccountLine { state, text: text.into() }
    }

    /// A line for what was checked and holds.
    pub fn holds(text: impl Into<String>) -> Self {
        Self::new(AccountState::Holds, text)
    }

    /// A line for what wants a look.
    pub fn warns(text: impl Into<String>) -> Self {
        Self::new(AccountState::Warns, text)
    }

    /// A line for what does not hold.
    pub fn fails(text: impl Into<String>) -> Self {
        Self::new(AccountState::Fails, text)
    }
}
