//! The edge: everything that touches the JavaScript host. It converts and calls; what is decided is
//! decided in the modules beside it. A branch here is a hint that logic has leaked.

mod exchange;
mod view;

pub use exchange::{
    Answer, Ending, Life, Sender, guard, is_token, make_error, new_key, now, without,
};
