//! Bytes in IEC units, as the page writes them.

const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/// `612 MiB`, `1.2 GiB`: one decimal below ten, so that the menu does not change its width much.
pub(super) fn bytes(amount: f64) -> String {
    let mut value = amount.max(0.0);
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let decimals = usize::from(unit > 0 && value < 10.0);
    format!("{value:.decimals$} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_have_a_decimal_and_bytes_none() {
        assert_eq!(bytes(0.0), "0 B");
        assert_eq!(bytes(1_288_490_189.0), "1.2 GiB");
        assert_eq!(bytes(641_728_512.0), "612 MiB");
    }
}
