use super::phrase::{
    Language,
    Part::{Any, Next, One, Regardless, Start, Unless, Without},
    Phrase,
};

/// How a wish is put in English.
pub(super) const ENGLISH: Language =
    Language { wishes: WISHES, opposed: OPPOSED, unopposed: &[], opposed_fill: OPPOSED_FILL };

#[rustfmt::skip]
const WISHES: &[Phrase] = &[
    // talk to a real person
    &[One(SPEAK), Any(BETWEEN), One(PEOPLE), Unless(COMPOUND)],
    // I want a human / can I get a manager, please
    &[One(WANT), Any(BETWEEN), One(STAFF), Next(AFTER_STAFF)],
    // put me through to the returns department / I'd like to talk to support
    &[One(SPEAK), Any(BETWEEN), One(DEPARTMENT), Without(ASKS_ABOUT)],
    // human / agent please / customer service
    &[Start, Any(POLITE), One(STAFF), Any(POLITE), Next(&[])],
    &[Start, Any(POLITE), One(BARE_DEPARTMENT), Any(POLITE), Next(&[])],
    // a person I can talk to
    &[One(PEOPLE), Any(BETWEEN), One(&["i can", "i could", "we can", "to"]), One(SPEAK), Next(AFTER_STAFF)],
    // can someone call me back
    &[One(PEOPLE), Any(BETWEEN), One(ACTS_FOR_ME)],
    // is anyone actually there
    &[One(&["is", "is there", "are", "are there", "isnt", "isnt there"]), Any(BETWEEN), One(PEOPLE), Any(BETWEEN), One(PRESENT), Next(AFTER_STAFF)],
    // any chance of a living employee / is there a human
    &[One(&["is there", "are there", "isnt there", "any chance"]), Any(BETWEEN), One(STAFF), Next(AFTER_STAFF)],
    // I don't want to talk to a bot
    &[One(TURNS_DOWN), Any(OPPOSED_FILL), One(SPEAK), Any(BETWEEN), One(MACHINE), Regardless],
    // one of your staff instead of the bot
    &[One(PEOPLE), Any(BETWEEN), One(&["instead of", "rather than", "not"]), Any(&["a", "the", "this", "your", "to", "with"]), One(MACHINE), Regardless],
];

#[rustfmt::skip]
const SPEAK: &[&str] = &[
    "speak", "speaking", "talk", "talking", "chat", "chatting", "discuss this", "contact", "contacting",
    "connect", "connected", "connecting", "transfer", "transferred", "transferring", "escalate", "escalated",
    "reach", "reaching", "direct", "redirect", "ask", "type", "live chat",
    "put me through", "put me on", "put me in touch", "put through", "hand me over", "hand over", "pass me",
    "pass this", "forward me", "send me", "get through", "get in touch", "be in touch", "get hold", "get a hold",
    "hear from", "a word", "a chat", "a talk", "deal", "take me",
];

#[rustfmt::skip]
const BETWEEN: &[&str] = &[
    "to", "with", "of", "through", "over", "on", "up", "me", "us", "it", "for", "in", "at",
    "a", "an", "the", "your", "another", "other", "different", "some", "any", "one", "this",
    "please", "directly", "direct", "just", "now", "actually", "actual", "even", "really", "still",
    "real", "live", "living", "breathing", "human", "proper", "physical", "senior", "nice",
    "customer", "service", "services", "support", "care", "sales", "technical", "tech", "billing", "returns",
    "refunds", "complaints", "help", "team", "desk", "live chat",
    "damn", "bloody", "fucking", "freaking", "goddamn", "who is", "that is", "thats", "all",
];

/// People of whom nobody says that they want one but to be served.
#[rustfmt::skip]
const STAFF: &[&str] = &[
    "human", "humans", "human being", "human beings", "person", "real one", "agent", "agents", "representative",
    "representatives", "rep", "reps", "operator", "operators", "manager", "supervisor", "employee", "advisor",
    "adviser", "team member", "member of staff",
];

/// Everybody somebody may wish to talk to.
#[rustfmt::skip]
const PEOPLE: &[&str] = &[
    "human", "humans", "human being", "human beings", "person", "people", "real one", "agent", "agents",
    "representative", "representatives", "rep", "reps", "operator", "operators", "manager", "supervisor",
    "employee", "employees", "advisor", "adviser", "staff", "team member", "someone", "somebody", "anyone",
    "anybody", "specialist", "consultant", "assistant", "technician", "engineer", "stylist", "colleague", "boss",
];

const DEPARTMENT: &[&str] = &[
    "customer service",
    "customer support",
    "customer care",
    "support",
    "support team",
    "service team",
    "sales",
    "sales team",
    "department",
    "helpdesk",
    "help desk",
    "your team",
    "the team",
];

/// What a visitor writes who has learnt that a word is enough.
const BARE_DEPARTMENT: &[&str] =
    &["customer service", "customer support", "customer care", "live chat", "live support", "human support"];

/// What a clause about a department asks that the FAQ may know: its hours, its number.
#[rustfmt::skip]
const ASKS_ABOUT: &[&str] = &[
    "how", "what", "when", "where", "which", "hours", "hour", "time", "times", "number", "phone", "telephone",
    "mail", "email", "address", "open", "cost", "fee", "free",
];

#[rustfmt::skip]
const WANT: &[&str] = &[
    "i want", "i wanna", "i need", "id like", "i would like", "i like", "id prefer", "i prefer", "id rather have",
    "i demand", "i require", "i said", "i asked for", "want", "wanna", "need", "give me", "gimme", "get me",
    "find me", "send me", "bring me", "let me have", "can i have", "can i get", "could i have", "could i get",
    "may i have", "can you get", "could you get", "just get", "looking for",
];

/// What may follow the person that is wanted; "I need an agent account" wants something else.
#[rustfmt::skip]
const AFTER_STAFF: &[&str] = &[
    "to", "for", "who", "that", "which", "here", "there", "now", "please", "asap", "instead", "right", "immediately",
    "not", "and", "or", "on", "in", "at all", "with", "about", "i", "because", "thanks", "thank", "today",
    "available", "online", "mate",
];

/// What makes a person's name the name of a thing.
#[rustfmt::skip]
const COMPOUND: &[&str] = &[
    "fee", "fees", "seat", "seats", "role", "roles", "account", "accounts", "app", "portal", "dashboard", "code",
    "id", "hair", "resources", "rights", "shaped", "sized", "name", "details", "page", "form", "reviewer", "api",
    "plan", "condition", "discount", "commission", "program", "programme",
];

/// What a person does that no FAQ can.
#[rustfmt::skip]
const ACTS_FOR_ME: &[&str] = &[
    "call me", "ring me", "phone me", "contact me", "message me", "get back to me", "reach out to me",
    "talk to me", "speak to me", "speak with me", "chat with me", "to call me", "to contact me", "to talk to me",
    "to help me", "take over", "step in", "to take over", "to step in", "pick this up", "going to pick this up",
    "look at my case", "look at my order", "look into my case", "look into my order", "look into this",
];

const PRESENT: &[&str] = &["there", "here", "available", "online", "around", "awake", "reading this"];

const TURNS_DOWN: &[&str] = &[
    "dont want",
    "do not want",
    "not want",
    "dont wanna",
    "hate",
    "tired",
    "sick",
    "stop",
    "done",
    "no more",
    "refuse",
];

const MACHINE: &[&str] = &[
    "bot",
    "bots",
    "robot",
    "robots",
    "chatbot",
    "chatbots",
    "machine",
    "machines",
    "computer",
    "ai",
    "algorithm",
];

#[rustfmt::skip]
const POLITE: &[&str] = &[
    "hi", "hello", "hey", "please", "now", "asap", "ok", "okay", "yes", "just", "only", "sorry", "thanks", "thank you",
    "a", "an", "the", "another", "real", "live", "actual", "human", "person", "agent", "living", "some",
    "i want", "i need", "i said", "want", "need", "get", "get me", "give me", "to", "with", "me", "my",
    "not bot", "not a bot", "not robot", "not a robot", "no bot", "no bots", "no robots", "not ai",
    "instead", "immediately", "customer service", "customer support", "support", "can i have", "can i get", "sir",
    "damn", "bloody", "fucking",
];

/// Who says this before the phrase does not wish it, or wishes no more.
#[rustfmt::skip]
const OPPOSED: &[&str] = &[
    "dont", "do not", "doesnt", "didnt", "not", "never", "no need", "without", "no", "neither", "nor", "avoid",
    "rather not", "instead of", "rather than", "stop", "unless",
    "do i have", "do i need", "must i", "should i", "have i got", "you need", "you have", "you must", "you had",
    "am i", "is this", "will", "did", "was", "were", "been", "already",
    "what time", "what hours", "hours", "when can", "when do", "how long", "how much", "which days", "number",
    "the", "your", "my",
];

#[rustfmt::skip]
const OPPOSED_FILL: &[&str] = &[
    "want", "wants", "wanna", "wish", "need", "like", "feel", "think", "care", "have", "having", "got", "to", "i",
    "you", "we", "really", "even", "ever", "just", "be", "able", "me", "a", "an", "the", "of", "in", "for", "now",
    "let", "please", "can", "call", "get", "trying", "with", "by", "send",
];
