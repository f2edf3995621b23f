//! The balance of an account, from the answer of any API.

use serde_json::Value;

use super::answers::{json, problem};
use super::task::number;

/// The balance of the active resource packs. The service's figures may be half a day old.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Balance {
    /// Units that are left.
    pub left: f64,
    /// Units that were bought.
    pub bought: f64,
    /// How many packs are in effect.
    pub packs: usize,
    /// When the first of them ends, in milliseconds since 1970.
    pub first_end: Option<i64>,
}

/// Reads the answer to the question for the balance.
///
/// # Errors
/// The answer is a refusal, or not one that can be read: why.
pub(super) fn balance(http: u16, body: &[u8]) -> Result<Balance, String> {
    let answer = json(body).ok_or_else(|| format!("HTTP {http}, and the answer is not JSON"))?;
    if let Some(problem) = problem(http, &answer) {
        return Err(problem);
    }
    let packs = answer.pointer("/data/resource_pack_subscribe_infos").and_then(Value::as_array);
    let packs = packs.ok_or_else(|| format!("HTTP {http}, and the answer has no resource packs"))?;
    packs.iter().filter(|pack| pack["status"] == IN_EFFECT).try_fold(Balance::default(), add)
}

/// The status of a pack that can be used: others are not yet in effect, used up, or expired.
const IN_EFFECT: &str = "online";

fn add(sum: Balance, pack: &Value) -> Result<Balance, String> {
    /// More than anybody buys: a broken answer.
    const MOST: f64 = 1e9;
    let known = |name| number(&pack[name]).filter(|units| *units < MOST);
    let units = |name| known(name).ok_or_else(|| format!("`{name}` of a resource pack is not a number of units"));
    let end = pack["invalid_time"].as_i64();
    Ok(Balance {
        left: sum.left + units("remaining_quantity")?,
        bought: sum.bought + units("total_quantity")?,
        packs: sum.packs + 1,
        first_end: sum.first_end.into_iter().chain(end).min(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pack(status: &str, left: Value, end: i64) -> Value {
        json!({"status": status, "total_quantity": 200.0, "remaining_quantity": left, "invalid_time": end})
    }

    fn read(packs: Value) -> Result<Balance, String> {
        let answer = json!({"code": 0, "data": {"code": 0, "resource_pack_subscribe_infos": packs}});
        balance(200, answer.to_string().as_bytes())
    }

    #[test]
    fn packs_in_effect_are_added_up() {
        let packs = json!([
            pack("online", json!(118.0), 9),
            pack("online", json!("2.5"), 7),
            pack("expired", json!(50), 1),
            pack("runOut", json!(0), 9),
            pack("toBeOnline", json!(1000), 9),
        ]);
        assert_eq!(read(packs), Ok(Balance { left: 120.5, bought: 400.0, packs: 2, first_end: Some(7) }));
        assert_eq!(read(json!([])), Ok(Balance::default()));
    }

    #[test]
    fn what_cannot_be_read_is_no_balance() {
        assert!(read(json!([pack("online", json!(-1), 9)])).is_err());
        assert!(read(json!([pack("online", json!(1e9), 9)])).is_err());
        assert!(read(json!([pack("online", json!(999_999_999), 9)])).is_ok());
        assert!(read(json!([pack("online", Value::Null, 9)])).is_err());
        assert!(read(json!("none")).is_err());
        for (http, body, why) in [
            (200, "<html>", "HTTP 200, and the answer is not JSON"),
            (200, "{}", "HTTP 200, and the answer has no resource packs"),
            (401, r#"{"code": 1002, "message": "no key"}"#, "HTTP 401, code 1002: no key"),
            (200, r#"{"code": "closed", "message": "no more"}"#, "HTTP 200, `closed`: no more"),
            (503, "{}", "HTTP 503"),
        ] {
            assert_eq!(balance(http, body.as_bytes()), Err(why.to_owned()), "{body}");
        }
    }
}
