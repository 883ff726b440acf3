use crate::text::fold;

/// Words as they are typed, and as the phrases spell them.
const RESPELLED: &[(&str, &str)] = &[
    ("plz", "please"),
    ("pls", "please"),
    ("ppl", "people"),
    ("sb", "somebody"),
    ("talkk", "talk"),
    ("wiht", "with"),
    ("wth", "with"),
    ("w", "with"),
    ("tlk", "talk"),
    ("tak", "talk"),
    ("tlak", "talk"),
    ("taok", "talk"),
    ("speek", "speak"),
    ("hooman", "human"),
    ("rengong", "人工"),
    ("zhuan", "转"),
    ("zhuanrengong", "转人工"),
    ("zhenren", "真人"),
    ("kefu", "客服"),
];

/// Words that are understood with one slip in them: a letter left out, put in, or swapped with its
/// neighbour. A letter replaced by another does not count: that makes other words (speak, steak).
const MENDED: &[&str] = &[
    "agent",
    "assistant",
    "chatting",
    "connect",
    "customer",
    "employee",
    "human",
    "manager",
    "operator",
    "person",
    "representative",
    "service",
    "somebody",
    "someone",
    "speak",
    "speaking",
    "supervisor",
    "support",
    "talking",
    "transfer",
];

/// Words that are one slip away from another one and are themselves.
const NOT_MENDED: &[&str] = &["argent", "humane", "manage", "persona"];

/// The traditional characters that the phrases have, and below each its simplified form. The widget knows
/// all such pairs only for the FAQ it has loaded, and a wish is understood before any is.
const TRADITIONAL: &str = "來係個們傢傳別剋剛動務厭員問喚嗎噹嚮圖夠實審寶專對導崗師幫幾廢彆彫後復應懶戶換時暫朮業機檯櫃氣決沒淚溝為無煩熱現當發種箇節級組絕絡給統經線編縫繫纔聯職腦臺與蓆薦處號蝸術裝製複見視親討託訴試話語說誰談請講謝譯讓負責貴費軟轉辦迴這連進過還郵鋪鑽長門間閤闆關電須領頭頻願類颱養馬髮鬚麵麼點齣";
const SIMPLIFIED: &str = "来系个们家传别克刚动务厌员问唤吗当向图够实审宝专对导岗师帮几废别雕后复应懒户换时暂术业机台柜气决没泪沟为无烦热现当发种个节级组绝络给统经线编缝系才联职脑台与席荐处号蜗术装制复见视亲讨托诉试话语说谁谈请讲谢译让负责贵费软转办回这连进过还邮铺钻长门间合板关电须领头频愿类台养马发须面么点出";

/// A text in the form in which the phrases are written: folded, simplified, its words mended, a line a
/// clause, one blank between two words of letters and none beside Chinese.
pub(super) fn of(text: &str) -> String {
    let ends_clause = |c| {
        matches!(c, '\n' | '.' | ',' | '!' | '?' | ';' | ':' | '(' | ')' | '…' | '~')
            || matches!(c, '。' | '、' | '，' | '！' | '？' | '；' | '：' | '（' | '）' | '．' | '～')
    };
    let mut reading = String::with_capacity(text.len());
    for clause in text.split(ends_clause) {
        // Chinese and letters are told apart where no blank does: "转human".
        for word in fold(clause).split(' ').flat_map(|word| word.as_bytes().chunk_by(same_script)) {
            let word = mend(str::from_utf8(word).unwrap_or_default());
            let ends_in_letter = reading.ends_with(|last: char| last.is_ascii());
            if ends_in_letter && !reading.ends_with('\n') && word.starts_with(|first: char| first.is_ascii())
            {
                reading.push(' ');
            }
            reading.extend(word.chars().map(simplified));
        }
        reading.push('\n');
    }
    reading
}

fn same_script(one: &u8, next: &u8) -> bool {
    one.is_ascii() == next.is_ascii()
}

fn simplified(c: char) -> char {
    let place = TRADITIONAL.chars().position(|traditional| traditional == c);
    place.and_then(|place| SIMPLIFIED.chars().nth(place)).unwrap_or(c)
}

fn mend(word: &str) -> &str {
    if let Some((_, spelled)) = RESPELLED.iter().find(|(typed, _)| *typed == word) {
        return spelled;
    }
    let mended = || MENDED.iter().copied().find(|known| one_slip(word.as_bytes(), known.as_bytes()));
    if word.len() < 5 || NOT_MENDED.contains(&word) { word } else { mended().unwrap_or(word) }
}

/// Whether `typed` is `meant` with one letter left out, put in, or swapped with the next.
/// The first letter has to be right, and a plural is a word of its own.
fn one_slip(typed: &[u8], meant: &[u8]) -> bool {
    let same = typed.iter().zip(meant).take_while(|(a, b)| a == b).count();
    match (&typed[same..], &meant[same..]) {
        _ if same == 0 => false,
        ([b's'], []) => false,
        ([_, typed @ ..], meant) if typed == meant => true,
        (typed, [_, meant @ ..]) if typed == meant => true,
        ([a, b, typed @ ..], [c, d, meant @ ..]) => a == d && b == c && typed == meant,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_width_script_blanks_and_apostrophes_make_no_difference() {
        assert_eq!(of("I  DON’T  know"), "i dont know\n");
        assert_eq!(of("ＡＧＥＮＴ　ｐｌｚ"), "agent please\n");
        assert_eq!(of("請 幫我 轉 人工！ok"), "请帮我转人工\nok\n");
        assert_eq!(of("转human吧"), "转human吧\n");
    }

    #[test]
    fn a_slip_is_mended_and_another_word_is_left_alone() {
        for (typed, meant) in [
            ("agnet", "agent"),
            ("humann", "human"),
            ("pesron", "person"),
            ("represntative", "representative"),
        ] {
            assert_eq!(mend(typed), meant);
        }
        for word in ["steak", "agents", "humane", "urgent", "argent", "man", ""] {
            assert_eq!(mend(word), word);
        }
    }

    #[test]
    #[cfg(feature = "compile")]
    fn every_character_of_the_phrases_is_understood_in_both_scripts() {
        let phrases = include_str!("chinese.rs").chars().collect();
        let needed: Vec<_> = crate::text::HanPairs::all().leading_to(&phrases).iter().collect();
        let known: Vec<_> = TRADITIONAL.chars().zip(SIMPLIFIED.chars()).collect();
        assert_eq!(known, needed);
    }
}
