//! The rules that the host checks by, as one text that is put together when the crate is compiled.

use crate::model::{
    Address, AddressType, AddressWrite, BanStatus, Customer, CustomerCommon, CustomerFields,
    CustomerKycStatus, CustomerList, CustomerStatus, CustomerWrite, ListCustomersParams,
    PatchCustomer, SortBy, SsnSource, TEXT_RULES,
};
use crate::operation;
use crate::options::{self, ClientOptions, RequestOptions};

/// What a line refers to comes before it.
const PARTS: [&str; 21] = [
    TEXT_RULES,
    CustomerStatus::RULES,
    BanStatus::RULES,
    CustomerKycStatus::RULES,
    SsnSource::RULES,
    AddressType::RULES,
    SortBy::RULES,
    "nu32\t1\t9007199254740991\ttrue\ta whole number of at least 1\n",
    Address::RULES,
    AddressWrite::RULES,
    CustomerCommon::RULES,
    Customer::RULES,
    CustomerList::RULES,
    CustomerFields::RULES,
    CustomerWrite::RULES,
    PatchCustomer::RULES,
    ListCustomersParams::RULES,
    options::RULES,
    ClientOptions::RULES,
    RequestOptions::RULES,
    operation::RULES,
];

const LENGTH: usize = {
    let mut length = 0;
    let mut part = 0;
    while part < PARTS.len() {
        length += PARTS[part].len();
        part += 1;
    }
    length
};

static BYTES: [u8; LENGTH] = {
    let mut bytes = [0; LENGTH];
    let mut rest = bytes.as_mut_slice();
    let mut part = 0;
    while part < PARTS.len() {
        let (here, after) = rest.split_at_mut(PARTS[part].len());
        here.copy_from_slice(PARTS[part].as_bytes());
        rest = after;
        part += 1;
    }
    bytes
};

/// The rules, one a line; `host/shape.js` says how to read them.
pub static RULES: &str = match str::from_utf8(&BYTES) {
    Ok(text) => text,
    Err(_) => panic!("texts that are joined are a text"),
};

#[cfg(test)]
mod tests {
    use super::RULES;
    use crate::model::{
        Address, AddressType, AddressWrite, BanStatus, Customer, CustomerCommon, CustomerFields,
        CustomerKycStatus, CustomerList, CustomerStatus, CustomerWrite, ListCustomersParams,
        PATTERNS, PatchCustomer, SortBy, SsnSource,
    };
    use crate::options::{ClientOptions, RequestOptions};
    use crate::schema::{Access, Enumerated, Field, Model, Privacy, Shape};
    use std::collections::BTreeSet;

    const MODELS: [Model; 9] = [
        Address::MODEL,
        AddressWrite::MODEL,
        CustomerCommon::MODEL,
        Customer::MODEL,
        CustomerList::MODEL,
        CustomerFields::MODEL,
        CustomerWrite::MODEL,
        PatchCustomer::MODEL,
        ListCustomersParams::MODEL,
    ];

    /// The lines of one kind: a name, and what is said of it.
    fn lines(kind: char) -> Vec<(&'static str, Vec<&'static str>)> {
        let of_kind = RULES.lines().filter_map(|line| line.strip_prefix(kind));
        of_kind
            .map(|line| {
                let mut parts = line.split('\t');
                (parts.next().unwrap_or_default(), parts.collect())
            })
            .collect()
    }

    #[track_caller]
    fn line(kind: char, name: &str) -> Vec<&'static str> {
        let mut found = lines(kind).into_iter().filter(|line| line.0 == name);
        let parts = found
            .next()
            .unwrap_or_else(|| panic!("no line {kind}{name}"))
            .1;
        assert!(found.next().is_none(), "{kind}{name} stands twice");
        parts
    }

    /// A field as its line has it.
    fn told(field: &Field) -> String {
        let need = if field.required { '!' } else { '?' };
        let access = match field.access {
            Access::ReadWrite => 'b',
            Access::ReadOnly => 'r',
            Access::WriteOnly => 'w',
        };
        let privacy = match field.privacy {
            Privacy::Public => '-',
            Privacy::Personal => 'p',
            Privacy::Secret => 's',
        };
        format!(
            "{}{need}{access}{privacy}:{};",
            field.name,
            type_of(&field.shape)
        )
    }

    fn type_of(shape: &Shape) -> String {
        match shape {
            Shape::Text(pattern) => pattern.name.to_owned(),
            Shape::Boolean => "bool".to_owned(),
            Shape::Integer { .. } => "u32".to_owned(),
            Shape::Enumeration(list) if list.open => format!("Open<{}>", list.name),
            Shape::Enumeration(list) => list.name.to_owned(),
            Shape::Object(model) => model.name.to_owned(),
            Shape::FreeObject => "Metadata".to_owned(),
            Shape::List(item) => format!("Vec<{}>", type_of(item)),
        }
    }

    #[test]
    fn the_line_of_a_model_says_what_its_table_says() {
        for model in MODELS {
            let base = model.base.map_or("", |base| base.name);
            let fields: String = model.own.iter().map(told).collect();
            // That a list must not be empty is said in the line only; see below.
            let [said_base, said] = line('m', model.name)[..] else {
                panic!("{} has another number of parts", model.name);
            };
            assert_eq!(
                (said_base, said.replace("Filled<", "Vec<")),
                (base, fields),
                "{}",
                model.name
            );
        }
    }

    #[test]
    fn every_model_that_is_told_has_a_table_or_is_an_option() {
        let told: BTreeSet<_> = lines('m').into_iter().map(|line| line.0).collect();
        let known = MODELS.iter().map(|model| model.name);
        assert_eq!(
            told,
            known.chain(["ClientOptions", "RequestOptions"]).collect()
        );
    }

    #[test]
    fn only_a_list_of_ids_must_not_be_empty() {
        assert_eq!(RULES.matches("Filled<").count(), 1);
        assert!(RULES.contains(";id?b-:Filled<ListedId>;"));
    }

    #[test]
    fn the_line_of_a_list_of_values_holds_the_values_in_their_order() {
        #[track_caller]
        fn check<T: Enumerated>() {
            assert_eq!(line('e', T::NAME), T::VALUES, "{}", T::NAME);
        }
        check::<CustomerStatus>();
        check::<BanStatus>();
        check::<CustomerKycStatus>();
        check::<SsnSource>();
        check::<AddressType>();
        check::<SortBy>();
        assert_eq!(lines('e').len(), 6);
    }

    #[test]
    fn the_line_of_a_text_holds_its_form_and_its_words() {
        for pattern in PATTERNS {
            assert_eq!(line('t', pattern.name), [pattern.form, pattern.wanted]);
        }
    }

    #[test]
    fn the_smallest_whole_number_is_the_tables() {
        let Some(Shape::Integer { minimum }) = ListCustomersParams::MODEL
            .field("limit")
            .map(|field| field.shape)
        else {
            panic!("limit is a whole number");
        };
        assert_eq!(line('n', "u32")[0], minimum.to_string());
    }

    #[test]
    fn the_line_of_options_names_each_option_and_which_are_needed() {
        for (name, options, needed) in [
            ("ClientOptions", ClientOptions::NAMES, &["accessToken"][..]),
            ("RequestOptions", RequestOptions::NAMES, &[]),
        ] {
            let fields: Vec<_> = line('m', name)[1].split_terminator(';').collect();
            let names = fields.iter().map(|field| field.split(['!', '?']).next());
            assert_eq!(
                names.collect::<Vec<_>>(),
                options.iter().copied().map(Some).collect::<Vec<_>>()
            );
            let must = fields.iter().filter(|field| field.contains('!'));
            let must: Vec<_> = must.filter_map(|field| field.split('!').next()).collect();
            assert_eq!(must, needed, "{name}");
        }
    }

    #[test]
    fn what_a_line_refers_to_comes_before_it() {
        let mut known = BTreeSet::from(["String", "bool", "Metadata", ""]);
        for line in RULES.lines() {
            let (kind, rest) = line.split_at(1);
            let parts: Vec<_> = rest.split('\t').collect();
            let types: Vec<_> = match (kind, &parts[..]) {
                ("m", [_, base, fields]) => fields
                    .split_terminator(';')
                    .map(|field| field.split(':').next_back().unwrap_or_default())
                    .map(|kind| {
                        kind.trim_end_matches('>')
                            .rsplit('<')
                            .next()
                            .unwrap_or(kind)
                    })
                    .chain([*base])
                    .collect(),
                ("o", [_, _, _, _, sends, gives]) => vec![*sends, *gives],
                ("t" | "f", [_, _, _])
                | ("n", [_, _, _, _, _])
                | ("s" | "l" | "h" | "r", [_, _]) => {
                    vec![]
                }
                ("e", [_, _, ..]) => vec![],
                _ => panic!("the host cannot read {line}"),
            };
            for name in types {
                assert!(known.contains(name), "{name} is not known yet in {line}");
            }
            if !matches!(kind, "o" | "r") {
                assert!(known.insert(parts[0]), "{} is known already", parts[0]);
            }
        }
    }
}
