//! Words of commands that a person is to copy to a POSIX shell.

use std::borrow::Cow;

/// A path as an argument of a command.
pub(crate) fn quoted(path: &str) -> Cow<'_, str> {
    let signs = if cfg!(windows) { "/._-+@:\\" } else { "/._-+@" };
    let plain = |sign: char| sign.is_alphanumeric() || signs.contains(sign);
    match !path.is_empty() && path.chars().all(plain) {
        true => Cow::Borrowed(path),
        false => Cow::Owned(format!("'{}'", path.replace('\'', "'\\''"))),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        for plain in ["a/b-c_1.yaml", "/tmp/größe"] {
            assert_eq!(quoted(plain), plain);
        }
        let cases = [("", "''"), ("x y", "'x y'"), ("a$b", "'a$b'"), ("~/a", "'~/a'"), ("it's", "'it'\\''s'")];
        for (path, expected) in cases {
            assert_eq!(quoted(path), expected);
        }
    }
}
