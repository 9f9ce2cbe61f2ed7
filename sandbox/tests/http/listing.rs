//! Filters, order, limit.

use serde_json::{Value, json};

use crate::harness::{Sandbox, UNKNOWN_ID, with};

/// Four people with everything that can be filtered by. Their initials name them.
fn people() -> (Sandbox, Vec<(char, String)>) {
    let sandbox = Sandbox::start();
    let mut ids = Vec::new();
    for (initial, body) in [
        (
            'o',
            json!({"status": "ACTIVE", "first_name": "Ottoline", "last_name": "Quay",
            "email": "ottoline.quay@example.com", "phone_number": "+12025550143", "ssn": "987-65-4329"}),
        ),
        (
            'm',
            json!({"status": "ACTIVE", "first_name": "Marlow", "last_name": "Quayle",
            "email": "marlow@example.com", "phone_number": "+12025550144", "ssn": "987-65-1111"}),
        ),
        (
            'é',
            json!({"status": "FROZEN", "first_name": "Élodie", "last_name": "Quay",
            "email": "elodie@example.com", "phone_number": "+442079460958"}),
        ),
        (
            'p',
            json!({"status": "PROSPECT", "email": "p%_[x]@example.com"}),
        ),
    ] {
        ids.push((initial, sandbox.created_id(&body)));
    }
    (sandbox, ids)
}

/// The initials of the people that a query finds, in order.
#[track_caller]
fn found(people: &(Sandbox, Vec<(char, String)>), query: &str) -> String {
    let (sandbox, ids) = people;
    let initial = |id: &String| ids.iter().find(|(_, known)| known == id).unwrap().0;
    sandbox.list(query).ids().iter().map(initial).collect()
}

// BEHAVIOUR 2.1, 6.2
#[test]
fn customers_are_always_there_even_if_there_are_none() {
    let sandbox = Sandbox::start();
    assert_eq!(sandbox.list("").ok(), json!({"customers": []}));
    assert_eq!(sandbox.get("/v0/customers").ok(), json!({"customers": []}));
    let created = sandbox.created(&json!({"status": "ACTIVE"}));
    assert_eq!(sandbox.list("").ok(), json!({"customers": [created]}));
}

// BEHAVIOUR 6.6
#[test]
fn text_filters_match_the_whole_value_with_a_wildcard_in_any_case() {
    let people = people();
    for (query, expected) in [
        ("last_name=Quay", "oé"),
        ("last_name=qUAY", "oé"),
        ("last_name=Qua", ""),
        ("last_name=Qua*", "omé"),
        ("last_name=*ay*", "omé"),
        ("last_name=*le", "m"),
        ("last_name=q*y", "oé"),
        ("last_name=*", "omé"),
        ("last_name=", ""),
        ("first_name=Otto*", "o"),
        ("first_name=%C3%89LODIE", "é"),
        ("first_name=%C3%A9*", "é"),
        ("email=*@example.com", "omép"),
        ("email=P%25_[X]*", "p"),
        ("email=_%25*", ""),
        ("email=marlow@example.com", "m"),
        ("phone_number=%2B12025550143", "o"),
        ("phone_number=%2B1202*", "om"),
        ("phone_number=*0958", "é"),
    ] {
        assert_eq!(found(&people, query), expected, "{query}");
    }
}

// BEHAVIOUR 6.7
#[test]
fn a_plus_that_is_not_encoded_finds_nothing_and_warns() {
    let people = people();
    let reply = people.0.list("phone_number=+12025550143");
    assert!(reply.ids().is_empty());
    assert_eq!(reply.warnings().len(), 1);
}

// BEHAVIOUR 6.8
#[test]
fn closed_filters_match_exactly_and_all_of_them_have_to_hold() {
    let people = people();
    for (query, expected) in [
        ("ssn_last_4=4329", "o"),
        ("ssn_last_4=abcd", ""),
        ("status=ACTIVE", "om"),
        ("status=ESCHEAT", ""),
        ("has_accounts=false", "omép"),
        ("has_accounts=true", ""),
        ("status=ACTIVE&last_name=Quay", "o"),
        (
            "status=FROZEN&last_name=Quay&first_name=*&email=e*&has_accounts=false",
            "é",
        ),
        ("status=FROZEN&first_name=Ottoline", ""),
    ] {
        assert_eq!(found(&people, query), expected, "{query}");
    }
    let (sandbox, _) = people;
    for query in [
        "ssn_last_4=123",
        "ssn_last_4=12345",
        "ssn_last_4=",
        "status=active",
        "status=ACTIVE,FROZEN",
        "has_accounts=1",
        "has_accounts=TRUE",
        "has_accounts=",
        "last_name=%FF",
    ] {
        sandbox.list(query).problem(400, "BAD_QUERY_PARAMETER");
    }
}

// BEHAVIOUR 6.4
#[test]
fn ids_are_joined_by_commas_plain_or_encoded() {
    let people = people();
    let id = |at: usize| people.1[at].1.clone();
    let (o, m, e) = (id(0), id(1), id(2));
    assert_eq!(found(&people, &format!("id={o}")), "o");
    assert_eq!(found(&people, &format!("id={m},{o},{UNKNOWN_ID}")), "om");
    assert_eq!(found(&people, &format!("id={m}%2C{e}")), "mé");
    assert_eq!(found(&people, &format!("id={m},{e}&status=FROZEN")), "é");
    assert_eq!(found(&people, &format!("id={m},{m}")), "m");
    let repeated = people.0.list(&format!("id={m}&id={o}"));
    assert_eq!(repeated.ids().len(), 2);
    assert_eq!(
        repeated.warnings(),
        ["query parameter id sent more than once"]
    );
    for query in ["id=", "id=7", &format!("id={o},"), &format!("id={o};{m}")] {
        people.0.list(query).problem(400, "BAD_QUERY_PARAMETER");
    }
}

// BEHAVIOUR 6.9
#[test]
fn there_is_no_filter_on_ban_or_kyc_status() {
    let people = people();
    for name in ["ban_status", "kyc_status", "banana"] {
        let reply = people.0.list(&format!("{name}=BANNED"));
        assert_eq!(reply.ids().len(), 4);
        assert_eq!(
            reply.warnings(),
            [format!("unknown query parameter {name} ignored")]
        );
    }
}

// BEHAVIOUR 5.6, 6.4, 6.5
#[test]
fn the_order_is_by_creation_unless_asked_otherwise_and_among_equal_rows() {
    let people = people();
    let (sandbox, ids) = &people;
    sandbox.patch(&ids[1].1, &json!({"middle_name": "X"})).ok();
    for (query, expected) in [
        ("", "omép"),
        ("sort_by=creation_time:asc", "omép"),
        ("sort_by=creation_time:desc", "pémo"),
        ("sort_by=last_updated_time:asc", "oépm"),
        ("sort_by=last_updated_time:desc", "mpéo"),
        ("sort_by=first_name:asc", "pmoé"),
        ("sort_by=first_name:desc", "éomp"),
        ("sort_by=last_name:asc,first_name:desc", "péom"),
        ("sort_by=last_name:desc%2Cfirst_name:asc", "moép"),
        ("sort_by=last_name:asc,creation_time:desc", "péom"),
        ("sort_by=last_name:asc&sort_by=creation_time:asc", "poém"),
    ] {
        assert_eq!(found(&people, query), expected, "{query}");
    }
    // Both are called Quay.
    let mut equal = [ids[0].1.clone(), ids[2].1.clone()];
    assert_eq!(
        sandbox.list("last_name=Quay&sort_by=last_name:asc").ids(),
        equal
    );
    equal.reverse();
    assert_eq!(
        sandbox.list("last_name=Quay&sort_by=last_name:desc").ids(),
        equal
    );
    for query in [
        "sort_by=",
        "sort_by=age:asc",
        "sort_by=last_name",
        "sort_by=last_name:asc;x",
    ] {
        sandbox.list(query).problem(400, "BAD_QUERY_PARAMETER");
    }
}

// BEHAVIOUR 6.1, 8.BAD_QUERY_PARAMETER
#[test]
fn the_limit_is_a_hundred_at_most_and_one_at_least() {
    let sandbox = Sandbox::start();
    for _ in 0..101 {
        sandbox.created(&json!({"status": "ACTIVE"}));
    }
    for (query, count) in [
        ("", 100),
        ("limit=100", 100),
        ("limit=101", 100),
        ("limit=5000000000", 100),
        ("limit=1", 1),
        ("limit=42", 42),
    ] {
        assert_eq!(sandbox.list(query).ids().len(), count, "{query}");
    }
    for query in ["limit=0", "limit=-3", "limit=many", "limit=", "limit=1.0"] {
        let problem = sandbox.list(query).problem(400, "BAD_QUERY_PARAMETER");
        assert!(
            problem["type"]
                .as_str()
                .unwrap()
                .ends_with("/bad-request-query")
        );
        assert!(problem["detail"].as_str().unwrap().contains("limit"));
    }
}

#[test]
fn a_changed_customer_is_found_under_its_new_values_only() {
    let people = people();
    let (sandbox, ids) = &people;
    let patch: Value = with(
        &json!({"last_name": "Fairweather", "status": "INACTIVE"}),
        &json!({"ssn": "987-65-0007"}),
    );
    sandbox.patch(&ids[0].1, &patch).ok();
    for (query, expected) in [
        ("last_name=Quay", "é"),
        ("last_name=fair*", "o"),
        ("status=ACTIVE", "m"),
        ("status=INACTIVE", "o"),
        ("ssn_last_4=4329", ""),
        ("ssn_last_4=0007", "o"),
    ] {
        assert_eq!(found(&people, query), expected, "{query}");
    }
}
