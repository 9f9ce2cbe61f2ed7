//! The vocabulary in which [`crate::contract`] describes bodies, parameters and options: which fields
//! an object has, what each one looks like, who may set it and how private it is.
//!
//! One `model!` block yields three things that therefore cannot drift apart: the Rust struct (with its
//! serde form), the TypeScript declaration (through tsify), and the field table. The tests compare the
//! table with the contract; `validate.rs` and the kernel in `js/shape.js` check values by it.

use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

/// What a value has to look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Any string that fits the pattern.
    Text(&'static Pattern),
    /// `true` or `false`.
    Boolean,
    /// A whole number of at least this size.
    Integer {
        /// The smallest value allowed.
        minimum: i64,
    },
    /// A number within limits: an option.
    Number(&'static Range),
    /// One of a list of strings.
    Enumeration(&'static Enumeration),
    /// An object described by a model.
    Object(&'static Model),
    /// An object whose members are the integrator's own.
    FreeObject,
    /// A list of values of one shape.
    List(&'static Shape),
    /// A list that must not be empty.
    NonEmptyList(&'static Shape),
    /// The option `accessToken`: a string that fits the pattern, or a function.
    Token(&'static Pattern),
    /// A value of the host's that has methods: an option.
    Host(&'static HostValue),
}

/// A value that only the host can make sense of.
#[derive(Debug, PartialEq, Eq)]
pub struct HostValue {
    /// Whether a function will do.
    pub callable: bool,
    /// Otherwise, the methods it must have; if there are none, only a function will do.
    pub methods: &'static [&'static str],
    /// What such a value is called in a message.
    pub wanted: &'static str,
}

/// The limits of a number, both inclusive.
#[derive(Debug, PartialEq)]
pub struct Range {
    /// The smallest value allowed.
    pub minimum: f64,
    /// The largest value allowed.
    pub maximum: f64,
    /// Whether fractions are refused.
    pub whole: bool,
    /// What such a number is called in a message.
    pub wanted: &'static str,
}

/// The form of a text, as far as the contract states it. Nothing stricter is checked here: what the
/// contract leaves open is the server's to judge.
#[derive(Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The type's name.
    pub name: &'static str,
    /// A regular expression that means the same in Rust and in JavaScript; empty for any text.
    pub form: &'static str,
    /// What a value of this form is called in a message.
    pub wanted: &'static str,
}

impl Pattern {
    /// Any text.
    pub const ANY: Self = Self {
        name: "String",
        form: "",
        wanted: "a string",
    };

    /// The regular expression, if the pattern has one.
    fn form_if_any(&self) -> Option<&'static str> {
        (!self.form.is_empty()).then_some(self.form)
    }
}

/// A list of known strings.
#[derive(Debug, PartialEq, Eq)]
pub struct Enumeration {
    /// The type's name in Rust, in TypeScript and in the contract.
    pub name: &'static str,
    /// The values the contract lists, in its order.
    pub values: &'static [&'static str],
    /// Whether other values have to be let through, as in every response (BEHAVIOUR §5).
    pub open: bool,
}

/// Who sets a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Integrator and server.
    ReadWrite,
    /// The server only; a request must leave it out (BEHAVIOUR 4.2).
    ReadOnly,
    /// The integrator only; no response carries it (BEHAVIOUR 4.4).
    WriteOnly,
}

/// How a field has to be treated wherever something is shown or logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privacy {
    /// Says nothing about a person on its own.
    Public,
    /// Is about a person.
    Personal,
    /// Must not be shown even to people who may see personal data.
    Secret,
}

/// One field of a [`Model`].
#[derive(Debug, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// Whether it must be present.
    pub required: bool,
    /// Who sets it.
    pub access: Access,
    /// How private it is.
    pub privacy: Privacy,
}

/// An object of the contract, or one of the client's own parameter objects.
#[derive(Debug, PartialEq)]
pub struct Model {
    /// The type's name in Rust and in TypeScript.
    pub name: &'static str,
    /// The fields it declares itself.
    pub own: &'static [Field],
    /// The model whose fields it shares.
    pub base: Option<&'static Model>,
    /// Whether a name that is not here is an error: an unknown filter or option would do nothing.
    pub is_closed: bool,
}

impl Model {
    /// Every field, the shared ones first.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> {
        let shared = self.base.map_or(&[][..], |base| base.own);
        shared.iter().chain(self.own)
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
    }
}

/// A shape as the kernel gets it. Every member is always there, so that all have one layout in the
/// host's memory and nothing is looked up on a prototype.
#[derive(Serialize)]
struct Row {
    kind: &'static str,
    form: Option<&'static str>,
    values: Option<&'static [&'static str]>,
    minimum: f64,
    maximum: f64,
    whole: bool,
    item: Option<&'static Shape>,
    filled: bool,
    fields: Option<Fields>,
    callable: bool,
    methods: Option<&'static [&'static str]>,
}

/// The fields of a model, the shared ones first.
struct Fields(&'static Model);

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for Field {
            name,
            shape,
            required,
            ..
        } in self.0.fields()
        {
            list.serialize_element(&(name, shape, required))?;
        }
        list.end()
    }
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = Row {
            kind: "text",
            form: None,
            values: None,
            minimum: 0.0,
            maximum: f64::INFINITY,
            whole: false,
            item: None,
            filled: false,
            fields: None,
            callable: false,
            methods: None,
        };
        match *self {
            Self::Text(pattern) => row.form = pattern.form_if_any(),
            Self::Boolean => row.kind = "boolean",
            #[expect(clippy::cast_precision_loss, reason = "the least numbers are small")]
            Self::Integer { minimum } => {
                row.kind = "number";
                row.minimum = minimum as f64;
                row.maximum = MAX_SAFE_INTEGER;
                row.whole = true;
            }
            Self::Number(range) => {
                row.kind = "number";
                row.minimum = range.minimum;
                row.maximum = range.maximum;
                row.whole = range.whole;
            }
            Self::Enumeration(list) => {
                row.kind = "enum";
                row.values = Some(list.values);
            }
            Self::Object(model) => {
                row.kind = "object";
                row.fields = Some(Fields(model));
            }
            Self::FreeObject => row.kind = "free",
            Self::List(item) | Self::NonEmptyList(item) => {
                row.kind = "list";
                row.item = Some(item);
                row.filled = matches!(self, Self::NonEmptyList(_));
            }
            Self::Token(pattern) => {
                row.kind = "host";
                row.form = pattern.form_if_any();
                row.callable = true;
            }
            Self::Host(value) => {
                row.kind = "host";
                row.callable = value.callable;
                row.methods = Some(value.methods);
            }
        }
        row.serialize(serializer)
    }
}

/// The largest whole number that JavaScript distinguishes from its neighbours, 2^53 - 1.
pub const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// A Rust type that has a [`Shape`] on the wire.
pub trait Shaped {
    /// That shape.
    const SHAPE: Shape;
}

impl Shaped for String {
    const SHAPE: Shape = Shape::Text(&Pattern::ANY);
}

impl Shaped for bool {
    const SHAPE: Shape = Shape::Boolean;
}

impl Shaped for u32 {
    const SHAPE: Shape = Shape::Integer { minimum: 1 };
}

impl<T: Shaped> Shaped for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
}

/// A list that must not be empty.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct NonEmpty<T>(pub Vec<T>);

impl<T: Shaped> Shaped for NonEmpty<T> {
    const SHAPE: Shape = Shape::NonEmptyList(&T::SHAPE);
}

/// Declares text types, each with its form next to its name: struct and pattern.
macro_rules! text {
    ($($(#[$meta:meta])* $name:ident, $form:literal, $wanted:literal;)*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
            #[serde(transparent)]
            pub struct $name(pub String);

            impl $crate::contract::schema::Shaped for $name {
                const SHAPE: $crate::contract::schema::Shape = $crate::contract::schema::Shape::Text(&Self::PATTERN);
            }

            impl $name {
                /// The form of such a text.
                pub const PATTERN: $crate::contract::schema::Pattern = $crate::contract::schema::Pattern {
                    name: stringify!($name),
                    form: $form,
                    wanted: $wanted,
                };
            }
        )*

        /// The forms of the text types.
        pub const PATTERNS: &[$crate::contract::schema::Pattern] = &[$($name::PATTERN),*];
    };
}
pub(crate) use text;

/// Declares a model once: struct, serde form, TypeScript declaration and field table. `, closed` after
/// the name makes an unknown name an error.
///
/// A field reads `access privacy need name: Type, "TypeScript type"`, the last part only where
/// tsify cannot know it: `read_write personal optional email: String`.
macro_rules! model {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(extends $base_name:ident: $base:ident)? $(, $closed:ident)? {
            $($body:tt)*
        }
    ) => {
        $crate::contract::schema::model!(@munch
            { $(#[$meta])* pub struct $name $(extends $base_name: $base)? $(, $closed)? }
            { } { }
            $($body)*
        );
    };

    // A required field.
    (@munch $head:tt { $($fields:tt)* } { $($rows:tt)* }
        $(#[$meta:meta])*
        $access:ident $privacy:ident required $field:ident: $ty:ty $(, $ts:literal)?; $($rest:tt)*
    ) => {
        $crate::contract::schema::model!(@munch $head
            { $($fields)* $(#[$meta])* $(#[tsify(type = $ts)])? pub $field: $ty, }
            { $($rows)* ($access $privacy true $field $ty) }
            $($rest)*
        );
    };

    // An optional field: left out when absent, never null (BEHAVIOUR 4.15).
    (@munch $head:tt { $($fields:tt)* } { $($rows:tt)* }
        $(#[$meta:meta])*
        $access:ident $privacy:ident optional $field:ident: $ty:ty $(, $ts:literal)?; $($rest:tt)*
    ) => {
        $crate::contract::schema::model!(@munch $head
            {
                $($fields)* $(#[$meta])* $(#[tsify(type = $ts)])?
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$ty>,
            }
            { $($rows)* ($access $privacy false $field $ty) }
            $($rest)*
        );
    };

    // All fields read: emit.
    (@munch
        { $(#[$meta:meta])* pub struct $name:ident $(extends $base_name:ident: $base:ident)? $(, $closed:ident)? }
        { $($fields:tt)* }
        { $(($access:ident $privacy:ident $required:tt $field:ident $ty:ty))* }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, tsify::Tsify)]
        pub struct $name {
            $(
                /// The fields this type shares with others.
                #[serde(flatten)]
                pub $base_name: $base,
            )?
            $($fields)*
        }

        impl $name {
            /// The field table of this type.
            pub const MODEL: $crate::contract::schema::Model = $crate::contract::schema::Model {
                name: stringify!($name),
                own: &[$(
                    $crate::contract::schema::Field {
                        name: stringify!($field),
                        shape: <$ty as $crate::contract::schema::Shaped>::SHAPE,
                        required: $required,
                        access: $crate::contract::schema::model!(@access $access),
                        privacy: $crate::contract::schema::model!(@privacy $privacy),
                    },
                )*],
                base: $crate::contract::schema::model!(@base $($base)?),
                is_closed: $crate::contract::schema::model!(@closed $($closed)?),
            };
        }

        impl $crate::contract::schema::Shaped for $name {
            const SHAPE: $crate::contract::schema::Shape = $crate::contract::schema::Shape::Object(&Self::MODEL);
        }
    };

    (@closed) => { false };
    (@closed closed) => { true };
    (@base) => { None };
    (@base $base:ident) => { Some(&$base::MODEL) };
    (@access read_write) => { $crate::contract::schema::Access::ReadWrite };
    (@access read_only) => { $crate::contract::schema::Access::ReadOnly };
    (@access write_only) => { $crate::contract::schema::Access::WriteOnly };
    (@privacy public) => { $crate::contract::schema::Privacy::Public };
    (@privacy personal) => { $crate::contract::schema::Privacy::Personal };
    (@privacy secret) => { $crate::contract::schema::Privacy::Secret };
}
pub(crate) use model;

/// Declares a list of strings once: enum, serde form, TypeScript union and value table.
macro_rules! enumeration {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $($(#[$value_meta:meta])* $variant:ident = $value:literal,)* }
    ) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, tsify::Tsify,
        )]
        pub enum $name {
            $($(#[$value_meta])* #[serde(rename = $value)] $variant,)*
        }

        impl $crate::contract::schema::Enumerated for $name {
            const NAME: &'static str = stringify!($name);
            const VALUES: &'static [&'static str] = &[$($value),*];
        }

        impl $crate::contract::schema::Shaped for $name {
            const SHAPE: $crate::contract::schema::Shape =
                $crate::contract::schema::Shape::Enumeration(&$crate::contract::schema::Enumeration {
                    name: stringify!($name),
                    values: <Self as $crate::contract::schema::Enumerated>::VALUES,
                    open: false,
                });
        }
    };
}
pub(crate) use enumeration;

/// A Rust enum that stands for a list of strings.
pub trait Enumerated {
    /// The name of the list.
    const NAME: &'static str;
    /// Its values on the wire.
    const VALUES: &'static [&'static str];
}

#[cfg(test)]
mod tests {
    use crate::contract::{Customer, PatchCustomer};

    #[test]
    fn a_shared_field_is_found_through_the_base() {
        assert!(Customer::MODEL.field("email").is_some());
        assert!(PatchCustomer::MODEL.field("tenant").is_none());
    }
}
