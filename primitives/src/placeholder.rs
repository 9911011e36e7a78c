//! Keys that stand where a network's validators are not known yet. A node refuses to run a chain whose genesis has one.

/// How every placeholder key begins.
pub const PREFIX: &[u8; 18] = b"ERGON-PLACEHOLDER-";

/// The placeholder for the `index`th validator's key called `role`, at most 10 bytes of which are used.
pub fn key(role: &str, index: u8) -> [u8; 32] {
    let mut key = [b'-'; 32];
    let (prefix, rest) = key.split_at_mut(PREFIX.len());
    prefix.copy_from_slice(PREFIX);
    for (to, from) in rest.iter_mut().zip(role.bytes().take(10)) {
        *to = from;
    }
    key[31] = b'A'.saturating_add(index);
    key
}

/// Whether `key` is a placeholder. Nobody can sign for one: finding its secret is finding any secret.
pub fn is_placeholder(key: &[u8; 32]) -> bool {
    key.starts_with(PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_apart_from_keys_and_from_each_other() {
        assert!(is_placeholder(&key("aura", 0)) && is_placeholder(&key("a-very-long-role-name", 3)));
        assert!(key("aura", 0) != key("aura", 1) && key("aura", 0) != key("grandpa", 0));
        assert!(!is_placeholder(&[0; 32]));
    }
}
