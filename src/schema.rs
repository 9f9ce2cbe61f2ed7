//! The vocabulary in which [`crate::model`] describes the contract: which fields a body has, what
//! each one looks like, who may set it and how private it is.
//!
//! One `model!` block yields four things that therefore cannot drift apart: the Rust struct (with its
//! serde form), the TypeScript declaration (through tsify), the table that the tests compare with the
//! contract, and a line of the text that the host reads its rules from (`host/shape.js`): arguments
//! and responses are compared there, by reference, so that they never enter WebAssembly's memory.

/// What a JSON value has to look like.
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
    /// One of a list of strings.
    Enumeration(&'static Enumeration),
    /// An object described by a model.
    Object(&'static Model),
    /// An object whose members are the integrator's own.
    FreeObject,
    /// A list of values of one shape.
    List(&'static Shape),
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
    /// Tells something about a person.
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
pub struct Filled<T>(pub Vec<T>);

impl<T: Shaped> Shaped for Filled<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
}

/// Declares text types, each with its form beside its name: struct, pattern and the host's rule.
macro_rules! text {
    ($($(#[$meta:meta])* $name:ident, $form:literal, $wanted:literal;)*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
            #[serde(transparent)]
            pub struct $name(pub String);

            impl $crate::schema::Shaped for $name {
                const SHAPE: $crate::schema::Shape = $crate::schema::Shape::Text(&Self::PATTERN);
            }

            impl $name {
                /// The form of such a text.
                pub const PATTERN: $crate::schema::Pattern = $crate::schema::Pattern {
                    name: stringify!($name),
                    form: $form,
                    wanted: $wanted,
                };
            }
        )*

        /// The text types as lines of the host's rules.
        pub const TEXT_RULES: &str = concat!(
            $("t", stringify!($name), "\t", $form, "\t", $wanted, "\n",)*
        );

        /// The forms of the text types.
        pub const PATTERNS: &[$crate::schema::Pattern] = &[$($name::PATTERN),*];
    };
}
pub(crate) use text;

/// Declares a model once: struct, serde form, TypeScript declaration and field table.
///
/// A field reads `access privacy need name: Type, "TypeScript type"`, the last part only where
/// tsify cannot know it: `read_write personal optional email: String`.
macro_rules! model {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(extends $base_name:ident: $base:ident)? {
            $($body:tt)*
        }
    ) => {
        $crate::schema::model!(@munch
            { $(#[$meta])* pub struct $name $(extends $base_name: $base)? }
            { } { }
            $($body)*
        );
    };

    // A required field.
    (@munch $head:tt { $($fields:tt)* } { $($rows:tt)* }
        $(#[$meta:meta])*
        $access:ident $privacy:ident required $field:ident: $ty:ty $(, $ts:literal)?; $($rest:tt)*
    ) => {
        $crate::schema::model!(@munch $head
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
        $crate::schema::model!(@munch $head
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
        { $(#[$meta:meta])* pub struct $name:ident $(extends $base_name:ident: $base:ident)? }
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
            /// This type as a line of the host's rules.
            pub const RULES: &'static str = concat!(
                "m", stringify!($name), "\t", stringify!($($base)?), "\t",
                $(
                    stringify!($field),
                    $crate::schema::model!(@need $required),
                    $crate::schema::model!(@access_letter $access),
                    $crate::schema::model!(@privacy_letter $privacy),
                    ":", stringify!($ty), ";",
                )*
                "\n",
            );

            /// The field table of this type.
            pub const MODEL: $crate::schema::Model = $crate::schema::Model {
                name: stringify!($name),
                own: &[$(
                    $crate::schema::Field {
                        name: stringify!($field),
                        shape: <$ty as $crate::schema::Shaped>::SHAPE,
                        required: $required,
                        access: $crate::schema::model!(@access $access),
                        privacy: $crate::schema::model!(@privacy $privacy),
                    },
                )*],
                base: $crate::schema::model!(@base $($base)?),
            };
        }

        impl $crate::schema::Shaped for $name {
            const SHAPE: $crate::schema::Shape = $crate::schema::Shape::Object(&Self::MODEL);
        }
    };

    (@need true) => { "!" };
    (@need false) => { "?" };
    (@access_letter read_write) => { "b" };
    (@access_letter read_only) => { "r" };
    (@access_letter write_only) => { "w" };
    (@privacy_letter public) => { "-" };
    (@privacy_letter personal) => { "p" };
    (@privacy_letter secret) => { "s" };
    (@base) => { None };
    (@base $base:ident) => { Some(&$base::MODEL) };
    (@access read_write) => { $crate::schema::Access::ReadWrite };
    (@access read_only) => { $crate::schema::Access::ReadOnly };
    (@access write_only) => { $crate::schema::Access::WriteOnly };
    (@privacy public) => { $crate::schema::Privacy::Public };
    (@privacy personal) => { $crate::schema::Privacy::Personal };
    (@privacy secret) => { $crate::schema::Privacy::Secret };
}
pub(crate) use model;

/// Declares a list of strings once: enum, serde form, TypeScript union, value table and the host's
/// rule.
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

        impl $name {
            /// This type as a line of the host's rules.
            pub const RULES: &'static str =
                concat!("e", stringify!($name) $(, "\t", $value)*, "\n");
        }

        impl $crate::schema::Enumerated for $name {
            const NAME: &'static str = stringify!($name);
            const VALUES: &'static [&'static str] = &[$($value),*];
        }

        impl $crate::schema::Shaped for $name {
            const SHAPE: $crate::schema::Shape =
                $crate::schema::Shape::Enumeration(&$crate::schema::Enumeration {
                    name: stringify!($name),
                    values: <Self as $crate::schema::Enumerated>::VALUES,
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
    use crate::model::{Customer, PatchCustomer};

    #[test]
    fn a_shared_field_is_found_through_the_base() {
        assert!(Customer::MODEL.field("email").is_some());
        assert!(PatchCustomer::MODEL.field("tenant").is_none());
    }
}
