//! The errors of new-api gateways, which have their own words and no code of Kling's.
//!
//! Source: QuantumNous/new-api, `types/error.go`, `middleware/distributor.go`, `middleware/auth.go` and `relay/relay_task.go`, read 2026-11-25.

use super::errors::Meaning;

/// A refusal in new-api's words: made before anything is sent to Kling, so there is no task.
#[derive(Debug)]
pub(super) struct Word {
    pub meaning: Meaning,
    pub what: &'static str,
    pub next: &'static str,
    /// The `code` of the answer.
    codes: &'static [&'static str],
    /// Parts of the message, in lower case, for forks that send no code.
    phrases: &'static [&'static str],
}

const WORDS: &[Word] = &[
    Word {
        meaning: Meaning::Account,
        what: "the gateway's account has no quota left for this",
        next: "top up the gateway's account, or raise the limit of the key",
        codes: &["insufficient_user_quota", "pre_consume_token_quota_failed", "insufficient_quota", "quota_not_enough"],
        phrases: &["quota is not enough", "insufficient quota", "用户额度不足", "令牌额度不足", "余额不足"],
    },
    Word {
        meaning: Meaning::Account,
        what: "the gateway has no channel for this model",
        next: "choose a `model` that the gateway offers to this key, or ask the gateway's operator",
        codes: &["model_not_found", "get_channel_failed", "channel_not_found", "channel:no_available_key"],
        phrases: &["no available channel", "无可用渠道", "可用渠道不存在"],
    },
    Word {
        meaning: Meaning::Account,
        what: "the gateway has no price for this model",
        next: "ask the gateway's operator to set a price, or choose another `model`",
        codes: &["model_price_error"],
        phrases: &[],
    },
    Word {
        meaning: Meaning::Shot,
        what: "the gateway does not accept the request",
        next: "change what the message names",
        codes: &["invalid_request", "build_request_failed", "convert_request_failed", "bad_request_body"],
        phrases: &[],
    },
    Word {
        meaning: Meaning::Shot,
        what: "the gateway's word filter refuses it",
        next: "change the words that it may object to",
        codes: &["sensitive_words_detected", "prompt_blocked"],
        phrases: &[],
    },
];

/// The meaning of a gateway's own refusal. A code counts whatever the HTTP status. A phrase counts only in an answer without a code, and with
/// a status that is a refusal: else it may be quoted from one channel of several, and another one may have made a task.
pub(super) fn refusal(code: &str, http: u16, message: &str) -> Option<&'static Word> {
    let message = message.to_lowercase();
    // "No channel" on a second try says nothing about the first one, which may have made a task.
    if message.contains("retry") {
        return None;
    }
    if let Some(word) = WORDS.iter().find(|word| word.codes.contains(&code)) {
        return Some(word);
    }
    let may_be_words = code.is_empty() && (matches!(http, 400..500) || http == 503);
    WORDS.iter().filter(|_| may_be_words).find(|word| word.phrases.iter().any(|phrase| message.contains(phrase)))
}

/// Whether this is new-api's code for a task that it does not have.
pub(super) fn says_gone(code: &str) -> bool {
    code == "task_not_exist"
}

/// A message without the number of the request that new-api adds to it.
pub(super) fn without_request_id(message: &str) -> &str {
    let message = message.trim();
    match message.rfind("(request id:") {
        Some(start) if message.ends_with(')') => message[..start].trim_end(),
        _ => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_known_by_code_or_by_phrase() {
        for (code, http, message, meaning) in [
            ("insufficient_user_quota", 500, "", Some(Meaning::Account)),
            ("model_not_found", 503, "No available channel for model kling-v3", Some(Meaning::Account)),
            ("", 503, "No available channel for model kling-v3 under group default", Some(Meaning::Account)),
            ("", 403, "用户额度不足, 剩余额度: 0", Some(Meaning::Account)),
            ("invalid_request", 400, "prompt is required", Some(Meaning::Shot)),
            ("get_channel_failed", 500, "分组 default 下模型 kling-v3 的可用渠道不存在（retry）", None),
            ("fail_to_fetch_task", 504, "#1: no available channel; #2: deadline exceeded", None),
            ("", 504, "#1: no available channel; #2: deadline exceeded", None),
            ("do_request_failed", 500, "context deadline exceeded", None),
            ("", 500, "", None),
        ] {
            assert_eq!(refusal(code, http, message).map(|word| word.meaning), meaning, "{code} {message}");
        }
    }

    #[test]
    fn the_number_of_a_request_is_not_part_of_the_message() {
        assert_eq!(without_request_id("Invalid token (request id: 2026)"), "Invalid token");
        assert_eq!(without_request_id("(request id: 1) and more"), "(request id: 1) and more");
        assert_eq!(without_request_id(" plain "), "plain");
    }
}
