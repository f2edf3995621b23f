//! The charge of the service, compared with the price that was shown.

/// How far a charge may be from the price before it is reported, as a part of the price.
const TOLERANCE: f64 = 0.1;
/// A charge of more than this many times the price ends the run.
const MOST: f64 = 2.0;

/// How a charge compares with the price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charge {
    AsShown,
    Different,
    /// So much more that nothing else is bought before somebody has looked at it.
    Excessive,
}

pub(super) fn compare(shown: f64, charged: f64) -> Charge {
    if charged > shown * MOST {
        Charge::Excessive
    } else if (charged - shown).abs() > shown * TOLERANCE + f64::EPSILON {
        Charge::Different
    } else {
        Charge::AsShown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_is_let_pass_and_more_than_double_is_too_much() {
        for (charged, charge) in [
            (10.0, Charge::AsShown),
            (11.0, Charge::AsShown),
            (9.0, Charge::AsShown),
            (11.2, Charge::Different),
            (0.0, Charge::Different),
            (20.0, Charge::Different),
            (20.1, Charge::Excessive),
        ] {
            assert_eq!(compare(10.0, charged), charge, "{charged}");
        }
    }
}
