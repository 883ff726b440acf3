//! What counts as asking for a person, said in the ways that people say it, and what only looks like it.

use proptest::prelude::*;

use super::wants_person;

#[rustfmt::skip]
const WISHES: &[&str] = &[
    "talk to a human", "Real person please", "agent", "AGENT!!!", "human?", "can I speak with someone", "get me a manager",
    "I'd like to talk to a representative about my order", "please transfer me to a live agent", "I need a human now",
    "how do I talk to a real person here", "let me speak to your supervisor", "is there a real person I can talk to",
    "why can't I talk to a human", "i dont want to talk to a bot", "I don't want a bot, I want a human",
    "I do not want to talk to you I want to talk to a human", "tlak to an agnet", "speek to a pesron", "customer service",
    "connect me to customer support please", "put me through to the billing department", "is anyone there?",
    "can someone call me back", "please have somebody contact me", "hooman pls", "can i get an operator",
    "I'm tired of this, human please", "Ｔａｌｋ　ｔｏ　ａ　ｈｕｍａｎ", "talk\nto   a\thuman", "t\u{200b}alk to a human",
    "转人工", "轉人工", "转 人 工", "转-人工", "我要找客服", "真人", "找你们经理", "轉真人客服", "人工人工", "人工客服", "请帮我转接人工客服,谢谢",
    "有没有真人啊", "有人吗", "有人在吗?", "客服在吗", "我想和真人聊", "能不能换个人", "叫你们老板来", "我要投诉,找你们领导", "要不要转人工",
    "可以转人工吗", "怎么还不给我转人工", "不要机器人客服,我要人工", "我不想跟機器人說話", "幫我接客服", "我要跟真人客服說話", "可以幫我轉專人嗎",
    "怎么联系人工客服", "如何转人工", "zhuan rengong", "转rengong", "人工呢", "有客服嗎", "請問有真人客服嗎", "找主管",
];

#[rustfmt::skip]
const NOT_WISHES: &[&str] = &[
    "", " ", "hi", "is the agent fee refundable", "do you sell mannequins that look like a real person",
    "what does an agent seat cost", "how do I add an agent to my plan", "do you have manager and viewer roles",
    "I don't want to talk to a person", "no need for a human", "please do not transfer me to an agent", "never mind the agent",
    "can I return it without talking to a person", "are you a bot?", "are you human", "what are your customer service hours",
    "what time can I call customer support", "customer service phone number", "is it human hair", "human resources email",
    "do I have to talk to an agent to cancel", "will someone call me before delivery", "I was talking to an agent yesterday",
    "I'm not a robot check fails", "am I speaking with a real person", "how many people fit in the tent", "contract agents", "the manager's special",
    "one person tent", "do you ship to the person directly", "steak for one person", "support for linux",
    "客服电话是多少", "客服電話多少", "客服几点上班", "人工客服工作时间", "人工费多少", "人工智能", "人工草坪有卖吗", "真人实拍图有吗", "经理椅有没有",
    "不用转人工", "不要转人工", "别给我转人工了", "不用轉客服喔 我找到了", "不用真人 只想問可不可以刷卡", "我不想找客服", "需要人工安装吗", "要人工费吗",
    "你们招客服吗", "我想做客服", "这个假发是真人头发吗", "有没有人买过这个", "我和客服说过了", "你是机器人吗", "扫地机器人不要了可以退吗", "人工智能会取代人类吗",
    "换个颜色", "找回密码", "转账可以吗", "联系客服的电话", "我上次找客服退的款", "送人可以包装吗", "有几个人工作",
];

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        let _ = wants_person(&text);
    }

    #[test]
    fn words_of_the_phrases_in_any_order_are_read_without_a_panic(
        words in proptest::collection::vec("talk|to|a|human|not|i|want|转|人工|不|要|客服|在吗|[ ,.]|🙂", 0..60),
    ) {
        let _ = wants_person(&words.join(" "));
        let _ = wants_person(&words.concat());
    }

    #[test]
    fn case_and_blanks_around_make_no_difference(which in 0..WISHES.len(), blanks in "[ \t\n]{0,3}") {
        let text = format!("{blanks}{}{blanks}", WISHES[which].to_uppercase());
        prop_assert!(wants_person(&text), "{}", text);
    }
}

#[test]
fn a_wish_is_understood() {
    let missed: Vec<_> = WISHES.iter().filter(|text| !wants_person(text)).collect();
    assert!(missed.is_empty(), "missed: {missed:?}");
}

#[test]
fn what_is_not_a_wish_is_not_taken_for_one() {
    let taken: Vec<_> = NOT_WISHES.iter().filter(|text| wants_person(text)).collect();
    assert!(taken.is_empty(), "taken for a wish: {taken:?}");
}

#[test]
fn a_long_hostile_text_takes_no_time_worth_noticing() {
    let units = [
        "talk to to to to to to to ",
        "不要我要我要我",
        "不要帮我转人工",
        "i want a a a a a ",
        "转到给去成个",
        "dont want to talk to a human ",
    ];
    for unit in units {
        let text = unit.repeat(4_000 / unit.chars().count());
        let started = std::time::Instant::now();
        let _ = wants_person(&text);
        // Generous to a busy machine; what grows with the square of the text takes minutes.
        assert!(started.elapsed().as_secs() < 2, "{unit}: {:?}", started.elapsed());
    }
}
