//! What a site sets for its guard, and what it may not: rules that would lock out everybody are none.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::ladder::Thresholds;
use crate::wire::BoundedText;

/// A word or phrase that a site blocks, of at most 60 characters.
pub type Keyword = BoundedText<60>;

/// When every new session has to solve a challenge first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shield {
    /// While an attack goes on.
    #[default]
    Auto,
    /// Always, until it is taken down by hand.
    Up,
    /// Never.
    Down,
}

/// What a site sets for its guard. Never shown to visitors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GuardRules {
    /// From how many points on each rung answers.
    pub thresholds: Thresholds,
    /// Words that count as blocked.
    pub blocked: Vec<Keyword>,
    /// When every new session is challenged.
    pub shield: Shield,
    /// For how many days decisions are kept.
    pub keep_days: u16,
}

impl Default for GuardRules {
    fn default() -> Self {
        Self { thresholds: Thresholds::default(), blocked: Vec::new(), shield: Shield::Auto, keep_days: 30 }
    }
}

/// `PUT /v1/sites/{site}/guard`: other rules, in the place of those that were seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesRequest {
    /// What is to be set, all of it.
    #[serde(flatten)]
    pub rules: GuardRules,
    /// What was set when that was decided. The edge refuses (*conflict*) when somebody has set something else meanwhile;
    /// without it, whatever is set goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<GuardRules>,
}

/// Why rules are not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RulesError {
    /// More words than anybody looks through.
    #[error("there are {} blocked words at most", GuardRules::MOST_WORDS)]
    TooManyWords,
    /// A word that says nothing by itself.
    #[error(
        "“{0}” is too short to be told from other words: at least three letters, or two Chinese characters"
    )]
    TooShort(String),
    /// A word that everybody uses.
    #[error("“{word}” would lock out everybody who writes: {sentence}")]
    LocksOutEverybody {
        /// The word.
        word: String,
        /// An ordinary sentence with it.
        sentence: &'static str,
    },
    /// Kept for no time, or for ever.
    #[error("decisions are kept for 1 to {} days", GuardRules::MOST_DAYS)]
    Days,
}

/// What honest visitors write, in the languages there are phrasebooks of. A word that meets one of these would stop them all.
#[cfg(feature = "server")]
const ORDINARY: [&str; 59] = [
    "Hello, where is my order? It was promised for Monday.",
    "I would like to talk to a person, please.",
    "How do I return this and get my money back?",
    "Can you help me with my account? The password does not work.",
    "What is the price with delivery, and when will it arrive?",
    "Thank you very much for your help!",
    "Yes. No. OK. I see. This one, not that.",
    "My e-mail address and phone number have changed.",
    "你好，我的订单什么时候发货？",
    "请问怎么退款，可以帮我看一下吗？",
    "我想转人工客服，谢谢。",
    "这个商品还有货吗，多少钱？",
    "好的，没有问题，我知道了。",
    "快递到哪里了，我要修改地址和电话。",
    "Hallo, wo ist meine Bestellung? Die Lieferung kommt nicht.",
    "Ich möchte bitte mit einem Mitarbeiter sprechen, danke für die Hilfe.",
    "Wie kann ich das zurückgeben, und wann bekomme ich mein Geld? Was kostet der Versand?",
    "Bonjour, où est ma commande ? La livraison est en retard.",
    "Je voudrais parler à une personne, merci pour votre aide.",
    "Comment retourner un article et être remboursé ? Quel est le prix, avec mon compte ?",
    "Hola, ¿dónde está mi pedido? El envío no ha llegado.",
    "Quiero hablar con una persona, por favor. Gracias por la ayuda.",
    "¿Cómo puedo devolver esto y recibir mi dinero? ¿Cuánto cuesta, y cuál es el precio?",
    "Olá, onde está o meu pedido? A entrega não chegou.",
    "Quero falar com uma pessoa, por favor. Obrigado pela ajuda.",
    "Como posso devolver isto e receber o dinheiro? Quanto custa, qual é o preço?",
    "Ciao, dov'è il mio ordine? La consegna non è arrivata.",
    "Vorrei parlare con una persona, per favore. Grazie per l'aiuto.",
    "Come posso fare un reso e avere il rimborso? Quanto costa, qual è il prezzo?",
    "Dzień dobry, gdzie jest moje zamówienie? Dostawa nie dotarła.",
    "Chcę rozmawiać z człowiekiem, proszę. Dziękuję za pomoc.",
    "Jak mogę to zwrócić i dostać pieniądze? Ile kosztuje, jaka jest cena?",
    "Здравствуйте, где мой заказ? Доставка не пришла.",
    "Хочу поговорить с человеком, пожалуйста. Спасибо за помощь.",
    "Как вернуть товар и получить деньги? Сколько стоит, какая цена?",
    "Merhaba, siparişim nerede? Kargo hâlâ gelmedi.",
    "Bir kişiyle konuşmak istiyorum, lütfen. Yardım için teşekkürler.",
    "Bunu nasıl iade ederim, para ne zaman gelir? Fiyat ne kadar?",
    "Xin chào, đơn hàng của tôi ở đâu? Giao hàng chưa đến.",
    "Tôi muốn nói chuyện với nhân viên. Cảm ơn đã giúp.",
    "Làm sao để trả hàng và hoàn tiền? Giá bao nhiêu?",
    "Halo, di mana pesanan saya? Pengiriman belum sampai.",
    "Saya mau bicara dengan orang, tolong. Terima kasih atas bantuan.",
    "Bagaimana cara mengembalikan barang dan uang kembali? Berapa harga ini?",
    "こんにちは、注文した商品はいつ届きますか？配送はまだですか。",
    "担当者と話したいです。ありがとうございます。",
    "返品と返金はどうすればいいですか？値段はいくらですか？",
    "안녕하세요, 주문 상품은 언제 오나요? 배송 조회가 안 돼요.",
    "상담원과 이야기하고 싶어요. 감사합니다.",
    "반품 환불 어떻게 하나요? 가격 얼마예요?",
    "สวัสดี คำสั่งซื้อ ของฉันอยู่ที่ไหน การจัดส่ง ยังไม่มา",
    "ขอคุยกับ เจ้าหน้าที่ ขอบคุณ ที่ช่วย",
    "ขอคืน สินค้า และ คืนเงิน อย่างไร ราคา เท่าไหร่",
    "नमस्ते, मेरा ऑर्डर कहाँ है? डिलीवरी नहीं आई।",
    "मुझे किसी व्यक्ति से बात करनी है। मदद के लिए धन्यवाद।",
    "वापस कैसे करें और पैसे कब मिलेंगे? कीमत कितनी है?",
    "مرحبا، أين طلبي؟ لم يصل التوصيل.",
    "أريد التحدث مع شخص من فضلك. شكرا على المساعدة.",
    "كيف أعيد المنتج وأسترد المال؟ كم السعر؟",
];

impl GuardRules {
    /// The most blocked words.
    pub const MOST_WORDS: usize = 500;
    /// The longest that decisions are kept, in days.
    pub const MOST_DAYS: u16 = 365;

    /// Whether honest visitors could still write under these rules.
    ///
    /// # Errors
    /// [`RulesError`], with what is wrong and what it would do.
    #[cfg(feature = "server")]
    pub fn check(&self) -> Result<(), RulesError> {
        if self.blocked.len() > Self::MOST_WORDS {
            return Err(RulesError::TooManyWords);
        }
        if !(1..=Self::MOST_DAYS).contains(&self.keep_days) {
            return Err(RulesError::Days);
        }
        self.blocked.iter().try_for_each(check_word)
    }
}

/// Whether a word can be blocked without locking out everybody.
///
/// # Errors
/// [`RulesError`], with what it would do.
#[cfg(feature = "server")]
pub fn check_word(word: &Keyword) -> Result<(), RulesError> {
    let text = word.as_str();
    let weight = |c: char| match c {
        c if super::letters::is_han(c) => 2,
        c if c.is_alphanumeric() => 1,
        _ => 0,
    };
    if text.chars().map(weight).sum::<u32>() < 3 {
        return Err(RulesError::TooShort(text.to_owned()));
    }
    let list = super::words::WordList::new([text]);
    match ORDINARY.into_iter().find(|sentence| list.blocked(sentence).is_some()) {
        Some(sentence) => Err(RulesError::LocksOutEverybody { word: text.to_owned(), sentence }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(words: &[&str]) -> Result<(), RulesError> {
        let blocked = words.iter().map(|word| Keyword::new(word).unwrap()).collect();
        GuardRules { blocked, ..GuardRules::default() }.check()
    }

    #[test]
    fn what_would_lock_out_everybody_is_refused_with_the_sentence() {
        assert_eq!(with(&["casino", "加微信", "free bitcoin"]), Ok(()));
        for word in [
            "order",
            "where is",
            "你好",
            "退款",
            "Hello",
            "0rder",
            "Bestellung",
            "commande",
            "pedido",
            "заказ",
            "注文",
            "감사합니다",
        ] {
            let refused = with(&["casino", word]);
            assert!(matches!(refused, Err(RulesError::LocksOutEverybody { .. })), "{word}: {refused:?}");
        }
        for word in ["a", "ok", "的", "!!!"] {
            assert!(matches!(with(&[word]), Err(RulesError::TooShort(_))), "{word}");
        }
        assert_eq!(with(&vec!["casino"; 501]), Err(RulesError::TooManyWords));
    }

    #[test]
    fn rules_written_in_part_have_defaults_for_the_rest() {
        let rules: GuardRules = serde_json::from_str("{}").unwrap();
        assert_eq!((rules.check(), rules), (Ok(()), GuardRules::default()));
        let none = GuardRules { keep_days: 0, ..GuardRules::default() };
        assert_eq!(none.check(), Err(RulesError::Days));
    }
}
