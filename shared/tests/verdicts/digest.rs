//! Ten thousand questions and what the matcher makes of them, as one number: the same natively and in WebAssembly.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its data fails")]

use deskbell_shared::{
    faq::{
        Decision, Matcher,
        compile::{
            compile,
            embedding::{self, Learned, Terms},
            phrasebook::{Intent, Library},
            source,
        },
    },
    wire::FaqTuning,
};

/// What comes out. A change of the matcher changes it: take the new number from the native test, and see that
/// the one in Chromium agrees.
pub(crate) const EXPECTED: u64 = 13_303_885_899_173_705_974;

/// How many questions are asked.
const QUESTIONS: usize = 10_000;

const FAQ: &str = "
- id: returns
  questions: [How do I return an item?, Sending something back]
  answer: Within 30 days, unused. Print the label from your account.
  lang: en
- id: delivery-time
  questions: [How long does delivery take?, When will my parcel arrive?]
  answer: Two to four working days inside the country.
  lang: en
- id: payment
  questions: [Which cards do you accept?, How can I pay?]
  answer: Visa, Mastercard and bank transfer.
  lang: en
- id: cancel-zh
  questions: [怎么取消订单？, 下单后还能取消吗]
  answer: 发货前可以在订单页取消。发货后请申请退货。
  lang: zh-Hans
- id: invoice-zh
  questions: [可以开发票吗？, 电子发票在哪里下载]
  answer: 在订单详情里点击“开发票”。
  lang: zh-Hans
";
const BOOK: &str = "
## return-how
? How do I return something?
> Print {the label}.
want to send these shoes back
dont like it, can it go back
## weather
? What is the weather like?
> We cannot say.
is it raining over there
";
const CHINESE_BOOK: &str = "
## cancel
? 怎么取消订单？
不想要了，帮我退掉
";
const WORDS: &str = "refund = money back\nparcel > box, envelope\n";

/// Words that questions are made of: of the FAQ, near it, and far from it.
const PARTS: [&str; 24] = [
    "how",
    "do",
    "i",
    "return",
    "retrun",
    "my",
    "parcel",
    "box",
    "cards",
    "money back",
    "pay",
    "delivery",
    "取消",
    "取肖",
    "订单",
    "訂單",
    "发票",
    "fapiao",
    "退货",
    "天气",
    "🙂",
    "Ｖｉｓａ",
    "كيف",
    "ขนส่ง",
];

/// What was learned of every word of some books: each points somewhere.
fn learned(intents: &[Intent]) -> Vec<Learned> {
    let terms = Terms::default();
    let all = intents.iter().flat_map(Intent::texts).map(String::as_str).chain(PARTS);
    let learned = all.flat_map(|text| terms.of(text)).map(|term| Learned {
        term,
        signs: u64::from(term).wrapping_mul(0x9E37_79B9_7F4A_7C15),
        length: 1.0 / (1 + term % 7) as f32,
    });
    learned.collect()
}

/// Asks everything, and adds up the verdicts to the last bit.
pub(crate) fn digest() -> u64 {
    let mut library = Library::default();
    library.add("shop.en.txt", BOOK).unwrap();
    library.add("words.en.txt", WORDS).unwrap();
    library.add("shop.zh-Hans.txt", CHINESE_BOOK).unwrap();
    let of_languages = ["en", "zh"].map(|lang| (lang.to_owned(), learned(library.of(lang))));
    for (lang, bytes) in embedding::encode(&library, of_languages.into()) {
        library.add_embedding(&lang, &bytes).unwrap();
    }
    let source = source::parse("faq.yaml", FAQ.as_bytes(), source::Format::Yaml).unwrap();
    let pack = compile(&source, &library, &FaqTuning::default()).pack;
    let matcher = Matcher::load(&pack).unwrap();

    let mut digest = Digest(0xCBF2_9CE4_8422_2325);
    digest.add(&pack);
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = |below: usize| {
        // Xorshift, by Marsaglia: enough to vary, and the same everywhere.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut before = String::new();
    for _ in 0..QUESTIONS {
        let words: Vec<&str> = (0..1 + random(7)).map(|_| PARTS[random(PARTS.len())]).collect();
        let question = words.join(" ");
        for verdict in [matcher.ask(&question), matcher.ask_after(&question, &before)] {
            let decision = match verdict.decision {
                Decision::Answer => 1,
                Decision::Offer(count) => 1 + count as u8,
                Decision::Abstain => 0,
            };
            digest.add(&[decision]);
            digest.add(&verdict.confidence.to_bits().to_le_bytes());
            for candidate in verdict.ranked {
                digest.add(&[candidate.entry as u8]);
                digest.add(&candidate.confidence.to_bits().to_le_bytes());
            }
        }
        before = question;
    }
    digest.0
}

/// FNV-1a, 64 bits.
struct Digest(u64);

impl Digest {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}
