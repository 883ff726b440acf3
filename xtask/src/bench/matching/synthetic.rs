//! Made-up FAQs of any size, always the same: what is measured on them is time and space, never how often they are
//! right. Their words repeat more than a real site's do, which makes a question meet more phrasings, not fewer.

use anyhow::{Context, Result};
use deskbell_shared::{
    faq::compile::source::{Question, Source, SourceEntry},
    wire::{EntryId, LanguageTag, Text},
};

/// Phrasings of an entry.
const PHRASINGS: usize = 5;

/// Every so many entries one is Chinese.
const CHINESE: usize = 5;

const VERBS: [&str; 24] = [
    "change", "cancel", "return", "track", "pay", "renew", "repair", "share", "export", "import", "delete",
    "upgrade", "pause", "transfer", "print", "reserve", "combine", "verify", "recover", "activate",
    "replace", "refund", "schedule", "download",
];
const OBJECTS: [&str; 40] = [
    "order",
    "invoice",
    "password",
    "subscription",
    "parcel",
    "voucher",
    "address",
    "account",
    "booking",
    "ticket",
    "membership",
    "warranty",
    "receipt",
    "profile",
    "card",
    "deposit",
    "contract",
    "certificate",
    "report",
    "backup",
    "calendar",
    "keyboard",
    "mattress",
    "bicycle",
    "lamp",
    "printer",
    "course",
    "seat",
    "suitcase",
    "prescription",
    "licence",
    "workspace",
    "printout",
    "credit",
    "coupon",
    "shipment",
    "battery",
    "screen",
    "jacket",
    "kettle",
];
const DETAILS: [&str; 30] = [
    "before delivery",
    "after delivery",
    "from abroad",
    "on my phone",
    "without an account",
    "for a friend",
    "at the weekend",
    "in another currency",
    "with a company card",
    "twice",
    "for last month",
    "by mail",
    "in the shop",
    "from the app",
    "for a whole team",
    "during a trial",
    "after it expired",
    "in an emergency",
    "for a student",
    "with a broken seal",
    "at night",
    "in two parts",
    "under another name",
    "without receipt",
    "on a holiday",
    "for the second time",
    "before it starts",
    "from a tablet",
    "as a gift",
    "with points",
];
const WAYS: [&str; 10] = [
    "How do I {v} my {o} {d}?",
    "Can I {v} the {o} {d}?",
    "I would like to {v} a {o} {d}",
    "{o} {d}: where can I {v} it?",
    "What does it cost to {v} a {o} {d}?",
    "Is it possible to {v} {o}s {d}?",
    "Please help me {v} this {o} {d}",
    "why can't i {v} my {o} {d}",
    "{v} {o} {d}",
    "Who may {v} the {o} {d}, and how long does it take?",
];
const ZH_VERBS: [&str; 12] =
    ["修改", "取消", "退回", "查询", "支付", "续费", "维修", "转让", "导出", "打印", "预约", "激活"];
const ZH_OBJECTS: [&str; 20] = [
    "订单",
    "发票",
    "密码",
    "会员",
    "包裹",
    "优惠券",
    "地址",
    "账号",
    "门票",
    "保修卡",
    "收据",
    "押金",
    "合同",
    "证书",
    "报表",
    "课程",
    "座位",
    "行李",
    "电池",
    "外套",
];
const ZH_DETAILS: [&str; 12] = [
    "发货之前",
    "收货以后",
    "在国外",
    "用手机",
    "没有账号",
    "给朋友",
    "周末",
    "上个月的",
    "在门店",
    "过期以后",
    "第二次",
    "用积分",
];
const ZH_WAYS: [&str; 6] = [
    "{d}怎么{v}{o}？",
    "{d}能不能{v}{o}",
    "我想{d}{v}{o}",
    "{o}{d}在哪里{v}？",
    "{d}{v}{o}要多少钱",
    "请帮我{d}{v}一下{o}",
];

/// An FAQ of so many phrasings.
///
/// # Errors
/// A text that is made here is none that an FAQ may have: a mistake in this file.
pub(super) fn faq(phrasings: usize) -> Result<Source> {
    let entries = (0..phrasings / PHRASINGS).map(entry).collect::<Result<_>>()?;
    Ok(Source { entries, warnings: Vec::new() })
}

/// So many questions as visitors might put them: a phrasing with words left out, mistyped or added; every eighth about
/// something else.
pub(super) fn questions(source: &Source, count: usize) -> Vec<String> {
    let mut dice = Dice(7);
    (0..count)
        .map(|place| {
            if place % 8 == 7 {
                return format!("{} {} moonlight", dice.pick(&DETAILS), dice.pick(&VERBS));
            }
            let entry = &source.entries[dice.below(source.entries.len())];
            mangled(entry.questions[dice.below(entry.questions.len())].as_str(), &mut dice)
        })
        .collect()
}

/// The entry of this number. No two have the same words: a number is written in verbs, objects and details.
fn entry(number: usize) -> Result<SourceEntry> {
    let mut dice = Dice(number as u64);
    let chinese = number % CHINESE == CHINESE - 1;
    let (verbs, objects, details, ways): (&[&str], &[&str], &[&str], &[&str]) = if chinese {
        (&ZH_VERBS, &ZH_OBJECTS, &ZH_DETAILS, &ZH_WAYS)
    } else {
        (&VERBS, &OBJECTS, &DETAILS, &WAYS)
    };
    let object = objects[number % objects.len()];
    let verb = verbs[(number / objects.len()) % verbs.len()];
    let detail = details[(number / objects.len() / verbs.len() + 7 * number) % details.len()];
    let fill = |way: &str| way.replace("{v}", verb).replace("{o}", object).replace("{d}", detail);
    let first = dice.below(ways.len());
    let questions = (0..PHRASINGS).map(|next| Question::new(&fill(ways[(first + next) % ways.len()])));
    let questions: Option<Vec<Question>> = questions.map(Result::ok).collect();
    let answer = if chinese {
        format!("{detail}可以{verb}{object}。请在“我的”页面里选择{object}，再点{verb}。")
    } else {
        format!("You can {verb} a {object} {detail}. Open the {object}, choose {verb}, and confirm.")
    };
    let lang = if chinese { "zh-Hans" } else { "en" };
    Ok(SourceEntry {
        id: format!("e{number:05}").parse::<EntryId>()?,
        questions: questions.context("a question that an FAQ may not have")?,
        answer: Text::cut(&answer).context("an answer that an FAQ may not have")?,
        lang: Some(LanguageTag::try_from(lang.to_owned())?),
        suggest: false,
        subject: None,
    })
}

/// As somebody in a hurry types it.
fn mangled(question: &str, dice: &mut Dice) -> String {
    let mut words: Vec<String> = question.to_lowercase().split(' ').map(str::to_owned).collect();
    if words.len() > 3 {
        words.remove(dice.below(words.len()));
    }
    let slip = dice.below(words.len());
    let mut letters: Vec<char> = words[slip].chars().collect();
    if letters.len() > 3 {
        letters.swap(1, 2);
    }
    words[slip] = letters.into_iter().collect();
    if dice.below(3) == 0 {
        words.insert(0, "hello,".to_owned());
    }
    words.join(" ")
}

/// Numbers that look like chance and are always the same.
struct Dice(u64);

impl Dice {
    /// From 0 to below `end`, which is not 0.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_phrasing_is_there_twice() {
        let source = faq(10_000).unwrap();
        let all: BTreeSet<&str> =
            source.entries.iter().flat_map(|entry| &entry.questions).map(Question::as_str).collect();
        assert_eq!(all.len(), 10_000);
        assert_eq!(questions(&source, 50), questions(&source, 50));
    }
}
