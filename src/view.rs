//! A JSON value seen by reference, so that the same checks run on the host's objects in
//! WebAssembly, without copying them, and on plain Rust values in native tests.

/// What sort of value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Not there.
    Absent,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// Any number, `NaN` included.
    Number,
    /// A string.
    Text,
    /// An array.
    List,
    /// Any other object that JSON can hold.
    Object,
    /// A value JSON cannot hold, such as a function, a symbol or a `BigInt`.
    Other,
}

impl Kind {
    /// The word for it in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Absent => "missing",
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Text => "string",
            Self::List => "array",
            Self::Object => "object",
            Self::Other => "a value that JSON cannot hold",
        }
    }
}

/// A JSON value seen by reference. No method fails: a value that cannot be read is
/// [`Kind::Absent`] or [`Kind::Other`].
pub trait View: Sized {
    /// What sort of value it is.
    fn kind(&self) -> Kind;
    /// The string, lent for a moment only, so that personal data leave no copy behind.
    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R>;
    /// The number.
    fn number(&self) -> Option<f64>;
    /// The boolean.
    fn boolean(&self) -> Option<bool>;
    /// The member of that name; [`Kind::Absent`] if there is none.
    fn member(&self, name: &str) -> Self;
    /// How many items a list has; 0 for anything else.
    fn length(&self) -> u32;
    /// The item at that place of a list.
    fn item(&self, index: u32) -> Self;
    /// The names of an object's own members.
    fn names(&self) -> Vec<String>;

    /// A copy of the string.
    fn text(&self) -> Option<String> {
        self.with_text(str::to_owned)
    }

    /// The items of a list.
    fn items(&self) -> impl Iterator<Item = Self> {
        (0..self.length()).map(|index| self.item(index))
    }
}

/// Lets native code, tests above all, look at a parsed document.
impl View for Option<&serde_json::Value> {
    fn kind(&self) -> Kind {
        use serde_json::Value;
        match self {
            None => Kind::Absent,
            Some(Value::Null) => Kind::Null,
            Some(Value::Bool(_)) => Kind::Boolean,
            Some(Value::Number(_)) => Kind::Number,
            Some(Value::String(_)) => Kind::Text,
            Some(Value::Array(_)) => Kind::List,
            Some(Value::Object(_)) => Kind::Object,
        }
    }

    fn with_text<R>(&self, read: impl FnOnce(&str) -> R) -> Option<R> {
        self.and_then(serde_json::Value::as_str).map(read)
    }

    fn number(&self) -> Option<f64> {
        self.and_then(serde_json::Value::as_f64)
    }

    fn boolean(&self) -> Option<bool> {
        self.and_then(serde_json::Value::as_bool)
    }

    fn member(&self, name: &str) -> Self {
        self.and_then(|value| value.get(name))
    }

    fn length(&self) -> u32 {
        self.and_then(serde_json::Value::as_array)
            .map_or(0, |list| u32::try_from(list.len()).unwrap_or(u32::MAX))
    }

    fn item(&self, index: u32) -> Self {
        self.and_then(|value| value.get(index as usize))
    }

    fn names(&self) -> Vec<String> {
        self.and_then(serde_json::Value::as_object)
            .map_or_else(Vec::new, |object| object.keys().cloned().collect())
    }
}
