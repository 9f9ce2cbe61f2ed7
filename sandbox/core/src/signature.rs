//! What signs webhooks (BEHAVIOUR 9.b3).

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The hexadecimal HMAC-SHA256 of `<timestamp>.<body>`.
#[must_use]
pub fn sign(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        // No key is of a length that HMAC refuses.
        return String::new();
    };
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    let code = mac.finalize().into_bytes();
    code.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The value is that of `printf '1700000000.{}' | openssl dgst -sha256 -hmac secret`.
    #[test]
    fn a_signature_is_hmac_sha256_in_hexadecimal() {
        let signature = sign("secret", "1700000000", b"{}");
        assert_eq!(
            signature,
            "b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163"
        );
    }
}
