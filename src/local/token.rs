//! Secrets and tokens that live as long as one run.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// How long a development token is valid, in seconds.
const LIFETIME: u64 = 24 * 60 * 60;

/// Who a development token speaks for: a UUID, as services that answer with the account of a token declare it.
const DEVELOPER: &str = "00000000-0000-4000-8000-00000000000d";

/// 32 random bytes in hexadecimal digits.
///
/// # Errors
/// When the system has no source of random bytes.
pub(super) fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// An access token as generated services take it: HS256 with `sub`, `exp`, `iat`, `jti` and the scopes (RFC 7519, RFC 8693
/// section 4.2).
pub(super) fn token(secret: &str, id: &str, scopes: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let claims = json!({ "sub": DEVELOPER, "iat": now, "exp": now + LIFETIME, "jti": id, "scope": scopes });
    sign(secret, &claims)
}

fn sign(secret: &str, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({ "alg": "HS256", "typ": "JWT" })), part(claims));
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_signed_as_rfc_7519_says() {
        // Computed with Python's hmac module over the same header and claims.
        let token = sign("secret", &json!({ "sub": "a" }));
        assert_eq!(
            token,
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhIn0.qBdA9L_PTGPhu7ipY7Xs4Eol-m79U_HNIifGEFJXeJQ"
        );
    }

    #[test]
    fn secrets_differ_and_are_long_enough() {
        let (one, other) = (secret().unwrap(), secret().unwrap());
        assert!(one.len() == 64 && one != other);
    }
}
