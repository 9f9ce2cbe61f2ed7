//! How an iteration goes from page to page: how many customers to ask for, how many of a page to give
//! out, and what follows. Pure functions of counts; page tokens and customers stay at the host.

/// How many customers a page holds unless the caller says otherwise: as many as the API allows
/// (BEHAVIOUR 6.1).
const MAX_PAGE_SIZE: f64 = 100.0;

/// What a page says of the page after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// Its token is missing, `null` or empty: it is the last page (BEHAVIOUR 6.2).
    Absent,
    /// Its token leads to a page that was not requested yet.
    New,
    /// Its token was met before in this iteration: following it would never end.
    Repeated,
}

impl Token {
    /// The host's number for a token, as `src/js/pages.js` has them.
    pub fn of_number(number: u32) -> Self {
        match number {
            0 => Self::Absent,
            1 => Self::New,
            _ => Self::Repeated,
        }
    }
}

/// What follows once a page has been given out. `src/js/pages.js` has the same numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Request the next page.
    Request = 0,
    /// As many customers as wanted were given out; a later run starts at the next page.
    StopAfterPage = 1,
    /// As many customers as wanted were given out; a later run starts within this page.
    StopWithinPage = 2,
    /// The list is at its end.
    End = 3,
    /// The iteration fails, because its next token was met before.
    Fail = 4,
}

/// How many customers to ask for with each page of an iteration.
///
/// It is the same for every page, since nothing says that a page token survives another limit
/// (BEHAVIOUR 6.3). `page_size` is the cursor's, else the caller's, else 0: then it is the largest that is
/// of use for `max_items`, which is infinite if all are wanted.
pub fn limit(page_size: f64, max_items: f64) -> f64 {
    if page_size > 0.0 {
        page_size
    } else {
        max_items.min(MAX_PAGE_SIZE)
    }
}

/// What is to be done with a page that has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Before which of its customers to stop giving out, counted from 0.
    pub end: u32,
    /// What follows then.
    pub next: Next,
}

/// Takes a page that arrived with `length` customers, of which `given` were given out by an earlier
/// iteration. `remaining` is how many are still wanted, infinite for all.
pub fn turn(length: u32, given: u32, remaining: f64, token: Token) -> Turn {
    let rest = length.saturating_sub(given);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most `rest`, and it saturates"
    )]
    let share = remaining.min(f64::from(rest)) as u32;
    let is_enough = f64::from(share) >= remaining;
    let next = match token {
        _ if share < rest => Next::StopWithinPage,
        Token::Absent => Next::End,
        Token::New if is_enough => Next::StopAfterPage,
        Token::New => Next::Request,
        // The token leads nowhere, so a later iteration does not start from it.
        Token::Repeated if is_enough => Next::StopWithinPage,
        Token::Repeated => Next::Fail,
    };
    Turn {
        end: given.saturating_add(share),
        next,
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: f64 = f64::INFINITY;

    #[test]
    fn asks_for_the_page_size_that_is_given_or_for_as_many_as_are_of_use() {
        for (page_size, max_items, wanted) in [
            (0.0, ALL, 100.0),
            (0.0, 1.0, 1.0),
            (0.0, 7.0, 7.0),
            (0.0, 100.0, 100.0),
            (0.0, 250.0, 100.0),
            (20.0, ALL, 20.0),
            (20.0, 7.0, 20.0),
        ] {
            let asked = limit(page_size, max_items);
            assert!((asked - wanted).abs() < 0.1, "{page_size} {max_items}");
        }
    }

    #[test]
    fn reads_the_hosts_number_for_a_token() {
        let tokens = [0, 1, 2, 3].map(Token::of_number);
        let wanted = [Token::Absent, Token::New, Token::Repeated, Token::Repeated];
        assert_eq!(tokens, wanted);
    }

    #[test]
    fn gives_out_a_page_and_says_what_follows() {
        use Next::{End, Fail, Request, StopAfterPage, StopWithinPage};
        use Token::{Absent, New, Repeated};
        let table = [
            // How many are wanted, the page's length, how many were given out, its token; how far to
            // give out, what follows.
            (ALL, 100, 0, New, 100, Request),
            (ALL, 100, 0, Absent, 100, End),
            (ALL, 100, 0, Repeated, 100, Fail),
            (ALL, 0, 0, New, 0, Request),
            (ALL, 0, 0, Absent, 0, End),
            (ALL, 0, 0, Repeated, 0, Fail),
            (ALL, 100, 40, New, 100, Request),
            (ALL, 100, 100, New, 100, Request),
            (ALL, 100, 100, Absent, 100, End),
            // Customers were removed since the earlier iteration.
            (ALL, 30, 40, New, 40, Request),
            (ALL, 30, 40, Absent, 40, End),
            (101.0, 100, 0, New, 100, Request),
            (100.0, 100, 0, New, 100, StopAfterPage),
            (100.0, 100, 0, Absent, 100, End),
            (100.0, 100, 0, Repeated, 100, StopWithinPage),
            (99.0, 100, 0, New, 99, StopWithinPage),
            (99.0, 100, 0, Absent, 99, StopWithinPage),
            (99.0, 100, 0, Repeated, 99, StopWithinPage),
            (10.0, 100, 40, New, 50, StopWithinPage),
            (60.0, 100, 40, New, 100, StopAfterPage),
            (1.0, 0, 0, New, 0, Request),
            // More than were asked for.
            (ALL, 250, 0, New, 250, Request),
            (ALL, u32::MAX, u32::MAX, New, u32::MAX, Request),
        ];
        for (remaining, length, given, token, end, next) in table {
            assert_eq!(
                turn(length, given, remaining, token),
                Turn { end, next },
                "{remaining} {length} {given} {token:?}"
            );
        }
    }

    /// Where an iteration stopped: the page, and how many of it were given out.
    type Position = (usize, u32);

    /// One iteration over pages of these lengths, as the host does it. Gives the customers, each as its
    /// page and its place there, and where the next iteration starts; `None` at the end of the list.
    fn iterate(pages: &[u32], from: Position, max_items: u32) -> (Vec<Position>, Option<Position>) {
        let (mut page, mut given) = from;
        let mut remaining = f64::from(max_items);
        let mut customers = Vec::new();
        loop {
            let is_last = page + 1 == pages.len();
            let token = if is_last { Token::Absent } else { Token::New };
            let Turn { end, next } = turn(pages[page], given, remaining, token);
            customers.extend((given..end).map(|place| (page, place)));
            remaining -= f64::from(end - given);
            match next {
                Next::Request => (page, given) = (page + 1, 0),
                Next::StopAfterPage => return (customers, Some((page + 1, 0))),
                Next::StopWithinPage => return (customers, Some((page, end))),
                Next::End => return (customers, None),
                Next::Fail => panic!("no token repeats"),
            }
        }
    }

    proptest! {
        #[test]
        fn iterations_that_start_where_the_last_one_stopped_give_out_each_customer_once(
            pages in proptest::collection::vec(0_u32..12, 1..20),
            wanted in proptest::collection::vec(1_u32..40, 1..20),
        ) {
            let all: Vec<Position> = pages
                .iter()
                .enumerate()
                .flat_map(|(page, length)| (0..*length).map(move |place| (page, place)))
                .collect();
            let mut given = Vec::new();
            let mut position = Some((0, 0));
            let mut wanted = wanted.iter().cycle();
            while let Some(from) = position {
                let max_items = *wanted.next().expect("a cycle");
                let (customers, next) = iterate(&pages, from, max_items);
                let count = u32::try_from(customers.len()).expect("a few");
                prop_assert!(count == max_items || next.is_none() && count < max_items);
                given.extend(customers);
                position = next;
            }
            prop_assert_eq!(given, all);
        }

        #[test]
        fn no_numbers_upset_it(
            length: u32, given: u32, number: u32, remaining: f64,
        ) {
            let Turn { end, .. } = turn(length, given, remaining, Token::of_number(number));
            prop_assert!(end >= given && end <= length.max(given));
        }
    }
}
