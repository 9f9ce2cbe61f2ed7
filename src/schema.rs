//! The vocabulary in which [`crate::model`] describes the contract: which fields a body has, what
//! each one looks like, who may set it and how private it is.
//!
//! One `model!` block yields three things that therefore cannot drift apart: the Rust struct (with
//! its serde form), the TypeScript declaration (through tsify) and the table that argument checks,
//! the drift report and redaction read.

/// What a JSON value has to look like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Any string that fits the pattern.
    Text(Pattern),
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// Any text.
    Any,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// An instant, RFC 3339 with zero to nine digits of fraction (BEHAVIOUR 4.17).
    Instant,
    /// An E.164 phone number, `+` and at most 15 digits (BEHAVIOUR 4.9).
    Phone,
    /// Nine digits with hyphens, as a request carries a tax number (BEHAVIOUR 4.5).
    FullSsn,
    /// The last four digits, as a response carries a tax number (BEHAVIOUR 4.5).
    MaskedSsn,
    /// Two upper-case letters, ISO 3166-1.
    Country,
    /// Exactly four characters, digits or not (BEHAVIOUR 6.8).
    FourCharacters,
}

impl Pattern {
    /// What a value of this form is called in a message.
    pub fn wanted(self) -> &'static str {
        match self {
            Self::Any => "a string",
            Self::Date => "a date as YYYY-MM-DD",
            Self::Instant => "an RFC 3339 instant",
            Self::Phone => "an E.164 phone number, such as +12025550143",
            Self::FullSsn => "nine digits as NNN-NN-NNNN",
            Self::MaskedSsn => "four digits",
            Self::Country => "a two-letter ISO 3166-1 country code in upper case",
            Self::FourCharacters => "a string of exactly 4 characters",
        }
    }

    /// Whether the text has this form.
    pub fn fits(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Date => like(text, "dddd-dd-dd"),
            Self::Instant => is_instant(text),
            Self::Phone => is_phone(text),
            Self::FullSsn => like(text, "ddd-dd-dddd"),
            Self::MaskedSsn => like(text, "dddd"),
            Self::Country => text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
            Self::FourCharacters => text.chars().count() == 4,
        }
    }
}

/// Compares with a form in which `d` stands for a digit and anything else for itself.
fn like(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, wanted)| match wanted {
                b'd' => byte.is_ascii_digit(),
                _ => byte == wanted,
            })
}

fn is_phone(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else {
        return false;
    };
    (2..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_instant(text: &str) -> bool {
    let Some((head, rest)) = text.split_at_checked(19) else {
        return false;
    };
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.bytes().take_while(u8::is_ascii_digit).count()),
        None => ("0", rest),
    };
    let signed = zone.replace('-', "+");
    like(head, "dddd-dd-ddTdd:dd:dd")
        && (1..=9).contains(&fraction.len())
        && (zone == "Z" || like(&signed, "+dd:dd"))
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
    const SHAPE: Shape = Shape::Text(Pattern::Any);
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

/// Declares a model once: struct, serde form, TypeScript declaration and field table.
///
/// A field reads `access privacy need name: Type, "TypeScript type"`, the last part only where
/// tsify cannot know it: `read_write personal optional email: String`.
macro_rules! model {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(extends $base_name:ident: $base:ident)? { $($body:tt)* }
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
        { $(($access:ident $privacy:ident $required:literal $field:ident $ty:ty))* }
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
    use super::*;

    #[test]
    fn a_pattern_accepts_what_the_contract_states_and_nothing_else() {
        let table = [
            (Pattern::Date, "1991-07-23", true),
            (Pattern::Date, "1991-7-23", false),
            (Pattern::Date, "1991-07-23T00:00:00Z", false),
            (Pattern::Instant, "2025-02-03T14:05:06Z", true),
            (Pattern::Instant, "2025-02-03T14:05:06.120045Z", true),
            (Pattern::Instant, "2025-02-03T14:05:06.5+01:00", true),
            (Pattern::Instant, "2025-02-03T14:05:06.Z", false),
            (Pattern::Instant, "2025-02-03T14:05:06.1234567890Z", false),
            (Pattern::Instant, "2025-02-03T14:05:06", false),
            (Pattern::Instant, "2025-02-03", false),
            (Pattern::Instant, "é025-02-03T14:05:06Z", false),
            (Pattern::Phone, "+12025550143", true),
            (Pattern::Phone, "12025550143", false),
            (Pattern::Phone, "+02025550143", false),
            (Pattern::Phone, "+1", false),
            (Pattern::Phone, "+1234567890123456", false),
            (Pattern::FullSsn, "987-65-4329", true),
            (Pattern::FullSsn, "987654329", false),
            (Pattern::FullSsn, "4329", false),
            (Pattern::MaskedSsn, "4329", true),
            (Pattern::MaskedSsn, "43290", false),
            (Pattern::Country, "US", true),
            (Pattern::Country, "us", false),
            (Pattern::FourCharacters, "43é9", true),
            (Pattern::FourCharacters, "432", false),
            (Pattern::Any, "", true),
        ];
        for (pattern, text, fits) in table {
            assert_eq!(pattern.fits(text), fits, "{pattern:?} on {text}");
        }
    }
}
