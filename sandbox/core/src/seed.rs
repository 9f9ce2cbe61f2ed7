//! Fictional people. The person with a given number is always the same, whatever the count.
//!
//! These people do not exist: e-mail addresses end in example.com, phone numbers are of the range
//! 555-0100 to 555-0199 that is kept for fiction, and no SSN that begins with 9 is ever given out.

use serde_json::{Value, json};

use crate::{
    address::{Address, AddressDraft, AddressType},
    instant::Instant,
    random::Random,
    record::{BanStatus, KycStatus, Record, SsnSource, Status},
};

/// 2024-01-01T08:00:00Z, in microseconds; the first person was entered then.
const FIRST_ENTRY: i64 = 1_704_096_000_000_000;

/// A new person every so many microseconds: 45 s, so that a million fit into 520 days.
const INTERVAL: i64 = 45_000_000;

/// Numbers of fictional bodies begin anew after so many.
const MOST_NUMBERS: u64 = 1_000_000;

const FIRST_NAMES: &[&str] = &[
    "Ottoline",
    "Marlow",
    "Isolde",
    "Casimir",
    "Wilhelmina",
    "Thaddeus",
    "Philippa",
    "Evander",
    "Seraphina",
    "Lysander",
    "Beatrix",
    "Ambrose",
    "Clementine",
    "Leopold",
    "Marguerite",
    "Osric",
    "Rosalind",
    "Peregrine",
    "Valentina",
    "Ignatius",
    "Henrietta",
    "Caspian",
    "Delphine",
    "Barnaby",
    "Cordelia",
    "Florian",
    "Genevieve",
    "Hadrian",
    "Josephine",
    "Konrad",
    "Lavinia",
    "Magnus",
    "Noemi",
    "Orlando",
    "Petra",
    "Quentin",
    "Renata",
    "Silvester",
    "Tamsin",
    "Ulrich",
    "Viola",
    "Winston",
    "Ximena",
    "Yannick",
    "Zelda",
    "Élodie",
    "Søren",
    "Łucja",
    "José",
    "Aoife",
];

const LAST_NAMES: &[&str] = &[
    "Quay",
    "Lanternwood",
    "Fairweather",
    "Oakhollow",
    "Brightwater",
    "Thornbury",
    "Millstone",
    "Silverlake",
    "Hartwell",
    "Nightingale",
    "Copperfield",
    "Ashgrove",
    "Winterbourne",
    "Larkspur",
    "Stonebridge",
    "Merriweather",
    "Foxglove",
    "Kingsmere",
    "Redfern",
    "Willowby",
    "Ravenscroft",
    "Applegarth",
    "Dunmore",
    "Everhart",
    "Goldcrest",
    "Hollister",
    "Ironside",
    "Juniper",
    "Kestrel",
    "Lockwood",
    "Marchbanks",
    "Northcote",
    "Orchard",
    "Pennington",
    "Quillfeather",
    "Rosewater",
    "Sandalwood",
    "Tidewell",
    "Underhill",
    "Vandermeer",
    "Whitlock",
    "Yarrow",
    "Zimmerly",
    "O'Fallon",
    "Smith-Penrose",
    "de la Vega",
    "Müllerin",
    "Østergaard",
    "Żurawska",
    "Nguyen-Vale",
];

const STREETS: &[&str] = &[
    "Lantern Row",
    "Harbor Street",
    "Mulberry Lane",
    "Foundry Road",
    "Orchard Avenue",
    "Station Square",
    "Chapel Hill",
    "Willow Walk",
];

/// City, state and a postal code of that city.
const US_PLACES: &[(&str, &str, &str)] = &[
    ("Springfield", "IL", "62701"),
    ("Portland", "OR", "97201"),
    ("Austin", "TX", "78701"),
    ("Denver", "CO", "80202"),
    ("Albany", "NY", "12207"),
    ("Boise", "ID", "83702"),
    ("Madison", "WI", "53703"),
    ("Savannah", "GA", "31401"),
    ("Sacramento", "CA", "95814"),
    ("Burlington", "VT", "05401"),
];

const CA_PLACES: &[(&str, &str, &str)] = &[
    ("Ottawa", "ON", "K1A 0B1"),
    ("Halifax", "NS", "B3J 1S9"),
    ("Victoria", "BC", "V8W 1P6"),
];

const AREA_CODES: &[&str] = &[
    "202", "217", "303", "404", "503", "512", "608", "718", "802", "916",
];

/// The person with this number, of the population that `seed` stands for. The server's is that of 0.
#[must_use]
pub fn person(seed: u64, number: u64, tenant: &str) -> Record {
    let population = seed.wrapping_mul(0xd1b5_4a32_d192_ed03);
    let mut dice = Random(number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed ^ population);
    let id = dice.uuid();
    let first = *dice.pick(FIRST_NAMES);
    let last = *dice.pick(LAST_NAMES);
    let status = status(&mut dice);
    let is_prospect = status == Status::Prospect;
    let created =
        FIRST_ENTRY + i64::try_from(number).unwrap_or(0) * INTERVAL + dice.below(INTERVAL);
    let last_run = created + dice.below(3_600_000_000);
    let kyc_status = kyc(&mut dice, status);
    // A check that is still running has begun.
    let was_checked = kyc_status != KycStatus::Unverified;
    let updated = (was_checked || dice.one_in(3)).then(|| last_run + dice.below(INTERVAL));
    // A prospect's data may be incomplete.
    let known = |dice: &mut Random| !is_prospect || dice.one_in(2);
    let legal = known(&mut dice).then(|| address(&mut dice));
    let shipping = match &legal {
        Some(_) if dice.one_in(6) => Some(address(&mut dice)),
        same => same.clone(),
    };
    let ssn_last_4 = known(&mut dice).then(|| format!("{:04}", dice.below(10_000)));
    Record {
        id,
        status,
        first_name: known(&mut dice).then(|| first.to_owned()),
        middle_name: dice.one_in(4).then(|| (*dice.pick(FIRST_NAMES)).to_owned()),
        last_name: known(&mut dice).then(|| last.to_owned()),
        dob: known(&mut dice).then(|| birth_date(&mut dice)),
        email: Some(email(first, last, number)),
        phone_number: known(&mut dice).then(|| {
            let area = *dice.pick(AREA_CODES);
            format!("+1{area}55501{:02}", dice.below(100))
        }),
        ssn_source: ssn_last_4.as_ref().map(|_| {
            if dice.one_in(5) {
                SsnSource::Prefill
            } else {
                SsnSource::Manual
            }
        }),
        ssn_last_4,
        ban_status: ban(&mut dice, is_prospect),
        kyc_status,
        kyc_exempt: dice.one_in(50),
        kyc_last_run: was_checked.then_some(Instant(last_run)),
        has_accounts: kyc_status == KycStatus::Accepted && dice.one_in(2),
        tenant: tenant.to_owned(),
        creation_time: Instant(created),
        last_updated_time: Instant(updated.unwrap_or(created)),
        legal_address: legal.map(|draft| draft.into_address(AddressType::Legal, dice.uuid())),
        shipping_address: shipping
            .map(|draft| draft.into_address(AddressType::Shipping, dice.uuid())),
        metadata: None,
    }
}

/// A body that creates an active person with every field that a caller may set but `metadata`, `note`,
/// `ban_status` and `tenant`. Each number gives another person.
#[must_use]
pub fn body(seed: u64, number: u64) -> Value {
    let mut random = Random(seed ^ number.rotate_left(32));
    let mut person = person(random.bits(), number % MOST_NUMBERS, "");
    // An active person's data are complete; most are active.
    while person.status != Status::Active {
        person = self::person(random.bits(), number % MOST_NUMBERS, "");
    }
    let address = |address: &Option<Address>| address.clone().map(|address| address.draft);
    let ssn = person.ssn_last_4.as_ref().map(|last| {
        let (area, group) = (random.below(100), random.below(100));
        format!("9{area:02}-{group:02}-{last}")
    });
    json!({
        "status": person.status,
        "first_name": person.first_name,
        "middle_name": person.middle_name.as_deref().unwrap_or("Wren"),
        "last_name": person.last_name,
        "dob": person.dob,
        "email": person.email,
        "phone_number": person.phone_number,
        "ssn": ssn,
        "legal_address": address(&person.legal_address),
        "shipping_address": address(&person.shipping_address),
    })
}

/// Mostly active, some prospects, and a few of every other status.
fn status(dice: &mut Random) -> Status {
    match dice.below(100) {
        0..62 => Status::Active,
        62..80 => Status::Prospect,
        80..88 => Status::Inactive,
        _ => *dice.pick(Status::ALL),
    }
}

fn kyc(dice: &mut Random, status: Status) -> KycStatus {
    match (status, dice.below(10)) {
        (Status::Prospect, _) => KycStatus::Unverified,
        (_, 0..6) => KycStatus::Accepted,
        _ => *dice.pick(KycStatus::ALL),
    }
}

fn ban(dice: &mut Random, is_prospect: bool) -> BanStatus {
    match dice.below(40) {
        0 if !is_prospect => BanStatus::Banned,
        1 | 2 if !is_prospect => BanStatus::Suspended,
        _ => BanStatus::Allowed,
    }
}

/// Any day from 1935 to 2005, up to the 28th, which every month has.
fn birth_date(dice: &mut Random) -> String {
    let (year, month, day) = (
        1935 + dice.below(71),
        1 + dice.below(12),
        1 + dice.below(28),
    );
    format!("{year}-{month:02}-{day:02}")
}

/// The number keeps addresses apart; letters outside ASCII are left out.
fn email(first: &str, last: &str, number: u64) -> String {
    let plain = |name: &str| -> String {
        name.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    format!("{}.{}.{number}@example.com", plain(first), plain(last))
}

fn address(dice: &mut Random) -> AddressDraft {
    let is_canadian = dice.one_in(12);
    let (city, state, code) = *dice.pick(if is_canadian { CA_PLACES } else { US_PLACES });
    let plus_four = !is_canadian && dice.one_in(3);
    AddressDraft {
        address_line_1: format!("{} {}", 1 + dice.below(900), dice.pick(STREETS)),
        address_line_2: dice
            .one_in(4)
            .then(|| format!("Floor {}", 1 + dice.below(20))),
        city: Some(city.to_owned()),
        state: Some(state.to_owned()),
        postal_code: Some(if plus_four {
            format!("{code}-{:04}", 1 + dice.below(9_999))
        } else {
            code.to_owned()
        }),
        country_code: if is_canadian { "CA" } else { "US" }.to_owned(),
        nickname: dice.one_in(5).then(|| "Home".to_owned()),
        is_registered_agent: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use sha2::{Digest, Sha256};

    use super::*;
    use crate::{
        body::{self, Operation},
        rules::{ReadOnlyFields, Rules},
    };

    #[test]
    fn bodies_are_valid_and_distinct() {
        let today = jiff::civil::date(2026, 1, 1);
        let bodies: Vec<Value> = (0..500).map(|number| body(7, number)).collect();
        for body in &bodies {
            let members = body.as_object().unwrap();
            let sent = body::parse(body.to_string().as_bytes()).unwrap();
            let reading = body::read(&sent, Operation::Create, &Rules::default(), today);
            assert!(reading.errors.is_empty(), "{:?}", reading.errors);
            assert!(reading.warnings.is_empty());
            assert!(members.values().all(|value| !value.is_null()), "{body}");
            assert!(body["ssn"].as_str().unwrap().starts_with('9'));
        }
        let emails: HashSet<_> = bodies.iter().map(|body| body["email"].as_str()).collect();
        assert_eq!(emails.len(), bodies.len());
        assert_eq!(bodies[7], super::body(7, 7));
        assert_ne!(bodies[7], super::body(8, 7));
    }

    /// The population of a seed is people's fixture: a change of it breaks their tests.
    #[test]
    fn the_same_seed_gives_the_same_bytes_in_every_version() {
        let mut digest = Sha256::new();
        for number in 0..250 {
            digest.update(person(1, number, "tenant").to_document().unwrap());
            digest.update(body(1, number).to_string());
        }
        let digest: String = digest
            .finalize()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(
            digest,
            "34e97b5550c1dfadb8934964a4ca9a0f91f9019b28e254ed8e4f6790b9f75cab"
        );
    }

    #[test]
    fn seeds_are_valid_distinct_and_varied() {
        let rules = Rules {
            read_only_fields: ReadOnlyFields::Ignore,
            ..Rules::default()
        };
        let today = jiff::civil::date(2026, 1, 1);
        let people: Vec<Record> = (0..3_000).map(|n| person(0, n, &rules.tenant)).collect();
        for person in &people {
            let mut json = serde_json::to_value(person).unwrap();
            let members = json.as_object_mut().unwrap();
            members.remove("ssn");
            if person.ban_status == BanStatus::Banned {
                members.remove("ban_status");
            }
            let sent = body::parse(json.to_string().as_bytes()).unwrap();
            let reading = body::read(&sent, Operation::Create, &rules, today);
            assert!(reading.errors.is_empty(), "{:?}", reading.errors);
            assert!(person.email.as_ref().unwrap().ends_with("@example.com"));
            if let Some(phone) = &person.phone_number {
                assert!(
                    phone.len() == 12 && phone[5..].starts_with("55501"),
                    "{phone}"
                );
            }
        }
        let ids: HashSet<_> = people.iter().map(|p| p.id).collect();
        assert_eq!(ids.len(), people.len());
        for status in Status::ALL {
            assert!(people.iter().any(|p| p.status == *status), "{status:?}");
        }
        for kyc_status in KycStatus::ALL {
            assert!(
                people.iter().any(|p| p.kyc_status == *kyc_status),
                "{kyc_status:?}"
            );
        }
        for ban_status in BanStatus::ALL {
            assert!(
                people.iter().any(|p| p.ban_status == *ban_status),
                "{ban_status:?}"
            );
        }
        assert!(people.iter().any(|p| p.has_accounts));
        assert!(people.iter().any(|p| {
            let line = |a: &Option<crate::address::Address>| a.clone().map(|a| a.draft);
            line(&p.legal_address) != line(&p.shipping_address)
        }));
        assert_eq!(people[7], person(0, 7, &rules.tenant));
    }
}
