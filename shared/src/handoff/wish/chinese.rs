use super::phrase::{
    Language,
    Part::{Any, Next, One, Regardless, Start, Unless},
    Phrase,
};

/// How a wish is put in Chinese. Everything is written in simplified characters: a text is read so.
pub(super) const CHINESE: Language =
    Language { wishes: WISHES, opposed: OPPOSED, unopposed: UNOPPOSED, opposed_fill: OPPOSED_FILL };

#[rustfmt::skip]
const WISHES: &[Phrase] = &[
    // 转人工 / 帮我接一下客服
    &[One(TRANSFER), Any(FILL), One(STAFF), Unless(NOT_STAFF)],
    // 我要找客服 / 有没有真人
    &[One(WANT), Any(FILL), One(STAFF), Next(AFTER_STAFF)],
    // 换个人 / 找个人帮我
    &[One(&["换人", "换个人", "换一个人", "换位人", "找个人", "来个人", "叫个人", "派个人", "找人"]), Next(AFTER_SOMEBODY)],
    // 有人吗
    &[One(&["有人吗", "有人在吗", "有人么", "有人嘛", "有人在线吗", "有人在线", "有没人在", "有人没"]), Next(AFTER_SOMEBODY)],
    &[One(&["有没有人"]), One(AFTER_SOMEBODY)],
    // 我想和真人聊
    &[One(WITH), Any(FILL), One(STAFF), Any(DIRECTLY), One(TALK), Unless(DONE)],
    &[One(WITH), Any(FILL), One(&["人"]), Any(DIRECTLY), One(TALK), Unless(DONE)],
    // 客服在吗
    &[One(STAFF), Any(FILL), One(PRESENT)],
    // 人工 / 真人客服谢谢
    &[Start, Any(POLITE), One(&["人工", "真人", "活人", "客服"]), Any(POLITE), Next(&[])],
    // 有空的同事帮我看一下
    &[One(&["同事", "师傅", "工程师", "技术", "技术员"]), Any(FILL), One(&["帮我看", "在线吗", "在吗", "来看", "联系我", "打给我", "直接问"])],
    &[One(&["问下", "问一下", "找"]), Any(FILL), One(&["师傅", "工程师", "技术员"]), Next(&[])],
    // 不想跟机器人说话
    &[One(TURNS_DOWN), Any(OPPOSED_FILL), One(WITH), Any(FILL), One(MACHINE), Any(FILL), One(TALK), Regardless],
    &[One(TURNS_DOWN), Any(FILL), One(MACHINE), One(&["回复", "回", "客服", "聊", "应付", "敷衍", "糊弄"]), Regardless],
];

/// What is done with a visitor who is handed over; `传` and `专` are what `转` becomes in haste.
#[rustfmt::skip]
const TRANSFER: &[&str] = &[
    "转", "转接", "接", "接入", "接通", "切换", "切", "换", "传", "专", "呼叫", "召唤", "叫", "喊", "找", "联系", "联络",
    "连线", "连接", "呼",
];

#[rustfmt::skip]
const WANT: &[&str] = &[
    "要", "想要", "需要", "来", "来个", "派", "给我", "帮我", "安排", "请", "有", "有没有", "问", "问下", "见", "让",
];

/// What stands between what is wanted and the person.
#[rustfmt::skip]
const FILL: &[&str] = &[
    "到", "至", "给", "去", "成", "为", "入", "通", "接", "个", "一个", "位", "一位", "名", "一名", "一下", "下", "点",
    "你", "我", "您", "他", "们", "你家", "咱", "贵", "的", "那", "这", "真", "真正", "专业", "专门", "直接", "在线", "线上",
    "售后", "售前", "技术", "值班", "高级", "电话", "语音", "店铺", "平台", "官方", "还", "都", "现在", "今天", "到底",
    "小", "小姐姐", "姐姐", "小哥", "人员", "服务", "编", "能", "可以", "看", "再",
];

/// The people a visitor may wish for.
#[rustfmt::skip]
const STAFF: &[&str] = &[
    "人工", "人公", "真人", "活人", "大活人", "喘气的", "人类", "客服", "克服", "客户服务", "客服人员", "坐席", "座席", "经理",
    "主管", "负责人", "领导", "老板", "店长", "店主", "掌柜", "上级", "专员", "专人", "工作人员", "管事的", "管事的人",
    "能管事的", "能管事的人", "拍板的", "拍板的人", "能拍板的人", "说了算的", "说了算的人", "小编",
];

/// What makes the word before it something else: labour costs, artificial turf, a hotline's number.
#[rustfmt::skip]
const NOT_STAFF: &[&str] = &[
    "费", "智", "成本", "授", "合成", "制", "草", "皮", "湖", "降", "呼吸", "色素", "耳蜗", "晶", "泪", "关节", "林", "养", "培",
    "种", "钻", "宝石", "翻译", "安装", "组装", "搬", "操作", "审", "打", "缝", "雕", "服务费", "服务时间", "服务热线", "服务电话",
    "电话", "热线", "邮箱", "号", "时间", "工作时间", "上班", "下班", "几点", "什么时候", "微信", "qq", "地址", "多少", "岗", "职",
    "工作", "系统", "软件", "秀", "模", "发", "头发", "实拍", "版", "试", "同款", "大小", "尺寸", "穿", "图", "照", "拍", "视频", "讲解",
    "推荐", "椅", "级", "办公", "的电话", "的联系", "的微信", "的工作", "的时间", "的号", "的邮箱", "了", "过", "说",
    "cos", "手办",
];

/// What may follow the person that is wanted.
#[rustfmt::skip]
const AFTER_STAFF: &[&str] = &[
    "客服", "服务", "人员", "吧", "啊", "呀", "呢", "吗", "嘛", "么", "哦", "喔", "啦", "谢", "帮", "来", "处理", "解决", "回复我",
    "联系我", "跟我", "和我", "给我", "聊", "谈", "沟通", "对接", "接待", "在", "出来", "行", "可以", "好", "不要", "别", "快", "马上",
    "立刻", "谁", "能", "烦", "我", "怎么", "直接",
];

#[rustfmt::skip]
const AFTER_SOMEBODY: &[&str] = &[
    "吧", "啊", "呀", "吗", "嘛", "么", "来", "跟我", "和我", "帮我", "说", "聊", "谈", "行", "可以", "处理", "回", "接", "在", "理",
    "管", "能", "问", "呢", "出来",
];

const WITH: &[&str] = &["跟", "和", "与", "同", "向", "给"];

const TALK: &[&str] =
    &["说", "讲", "聊", "谈", "沟通", "对话", "通话", "交流", "反映", "反应", "打字", "对接", "投诉", "废话"];

const DIRECTLY: &[&str] =
    &["直接", "当面", "好好", "再", "在线", "电话", "来", "进行", "服务", "人员", "客服"];

/// What was done is not wished for.
const DONE: &[&str] = &["过", "了", "好了", "话了", "话过"];

#[rustfmt::skip]
const PRESENT: &[&str] = &[
    "在吗", "在么", "在嘛", "在不在", "在不", "在没", "在线吗", "在线不", "有吗", "有没有", "呢", "人呢", "出来", "来一下", "理我",
    "回我", "回话", "帮我", "联系我",
];

#[rustfmt::skip]
const POLITE: &[&str] = &[
    "请", "您好", "你好", "嗨", "亲", "我", "要", "想要", "需要", "就", "就要", "谢谢", "多谢", "感谢", "拜托", "麻烦", "吧", "啊", "呢",
    "呀", "嘛", "吗", "哦", "喔", "啦", "快", "快点", "马上", "立刻", "现在", "在线", "服务", "人员", "人工", "真人", "客服", "活人", "直接",
    "的", "hi", "hello", "please",
];

const MACHINE: &[&str] = &[
    "机器人",
    "机器",
    "电脑",
    "ai",
    "bot",
    "人工智能",
    "智能客服",
    "智能助手",
    "自动回复",
    "程序",
    "机械人",
    "机器客服",
];

const TURNS_DOWN: &[&str] =
    &["不想", "不要", "不愿", "不愿意", "不是要", "别", "讨厌", "受够", "拒绝", "懒得", "不", "烦"];

/// Who says this before the phrase does not wish it.
#[rustfmt::skip]
const OPPOSED: &[&str] = &[
    "不想", "不要", "不用", "不需要", "不必", "不愿", "没必要", "没有必要", "无需", "无须", "别", "勿", "甭", "不是要", "不是想",
    "不是", "先不", "暂时不", "刚才", "刚刚", "已经", "昨天", "上次", "之前",
];

/// Questions that hold the words of a refusal.
const UNOPPOSED: &[&str] = &["要不要", "用不用", "需不需要", "是不是", "想不想", "能不能别"];

#[rustfmt::skip]
const OPPOSED_FILL: &[&str] = &[
    "再", "先", "给我", "帮我", "给", "帮", "我", "你", "你们", "您", "跟", "和", "与", "同", "转", "接", "要", "想", "找", "去", "到",
    "了", "有", "的", "那", "什么", "为我", "替我", "联系", "打电话", "叫", "麻烦", "专门", "使用", "用", "跟你们",
];
