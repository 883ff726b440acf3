//! The harness itself: what the other browser tests rely on, on pages small enough to see through.

use std::time::Duration;

use deskbell_tests::{
    browser::{Browser, Mark, SentKind, button, link, role, textbox},
    host::HostSite,
};
use futures::StreamExt;

#[tokio::test]
async fn it_reads_and_clicks_through_shadow_roots_even_closed_ones() {
    let site = HostSite::start();
    let page = site.page(
        "/",
        r#"<div id="host"></div>
           <script>
             const root = document.getElementById('host').attachShadow({ mode: 'closed' });
             root.innerHTML = '<button aria-label="Open the chat">💬</button><p hidden>It is <b>open</b> now</p>';
             root.querySelector('button').onclick = () => root.querySelector('p').hidden = false;
           </script>"#,
    );
    let browser = Browser::start().await;
    let visitor = browser.person("visitor").await;
    visitor.open(&page).await;
    assert!(!visitor.reads("It is open now").await, "what is hidden is not read");
    visitor.click(button("Open the chat")).await;
    visitor.wait_for_text("It is open now").await;
}

#[tokio::test]
async fn it_waits_for_what_changes() {
    let site = HostSite::start();
    let page = site.page(
        "/",
        r#"<label>Message <input value="old"></label><p>Wait for it</p>
           <script>
             setTimeout(() => {
               document.querySelector('input').value = 'new';
               document.querySelector('p').remove();
             }, 300);
           </script>"#,
    );
    let browser = Browser::start().await;
    let visitor = browser.person("visitor").await;
    visitor.open(&page).await;
    visitor.wait_until_unread("Wait for it").await;
    visitor.wait_for_value(textbox("Message"), "new").await;
}

#[tokio::test]
async fn it_works_inside_a_frame_from_another_origin() {
    let (outer, inner) = (HostSite::start(), HostSite::start());
    let app = inner.page(
        "/app",
        r#"<label>Message <input></label>
           <button onclick="said.textContent = 'You said: ' + document.querySelector('input').value">Send</button>
           <p id="said"></p>"#,
    )
    // Another host, and so another site: what Chromium would put into a process of its own.
    .replace("127.0.0.1", "localhost");
    let page = outer.page(
        "/",
        &format!(
            r#"<body style="height: 3000px"><div id="host" style="margin-top: 1500px"></div>
               <script>
                 const frame = document.createElement('iframe');
                 frame.src = '{app}';
                 document.getElementById('host').attachShadow({{ mode: 'open' }}).append(frame);
               </script>"#
        ),
    );
    let browser = Browser::start().await;
    let visitor = browser.person("visitor").await;
    visitor.open(&page).await;
    visitor.type_text(textbox("Message"), "héllo 你好").await;
    assert_eq!(visitor.see(textbox("Message")).await.value, "héllo 你好");
    assert!(!visitor.reads("héllo").await, "what stands in a field is not yet said");
    visitor.click(button("Send")).await;
    visitor.wait_for_text("You said: héllo 你好").await;

    let origin: String = visitor.evaluate_in_frame(&app, "location.origin").await;
    assert!(app.starts_with(&origin));

    visitor.run("document.getElementById('host').style.display = 'none'").await;
    visitor.wait_until_gone(button("Send")).await;
    assert!(!visitor.reads("You said").await, "a frame that is not shown is not read");
}

#[tokio::test]
async fn it_hears_the_console_of_every_frame() {
    let (outer, inner) = (HostSite::start(), HostSite::start());
    let app = inner.page("/", "<script>console.warn('from', 'inside', { a: 1 })</script>");
    let page = outer.page(
        "/",
        &format!(
            "<iframe src='{app}'></iframe>
             <script>console.log('hello', 7); setTimeout(() => {{ throw new Error('nobody caught me') }})</script>"
        ),
    );
    let browser = Browser::start().await;
    let visitor = browser.person("visitor").await;
    visitor.open(&page).await;
    visitor.mark().await;
    let console = visitor.console();
    let has =
        |level: &str, text: &str| console.iter().any(|said| said.level == level && said.text.contains(text));
    assert!(has("log", "hello 7"), "{console:?}");
    assert!(has("warning", "from inside"), "{console:?}");
    assert!(has("exception", "nobody caught me"), "{console:?}");
}

#[tokio::test]
async fn it_knows_what_left_the_browser_since_a_mark_and_who_asked() {
    let (outer, inner) = (HostSite::start(), HostSite::start());
    inner.page_with_headers("/answer", "ok", &[("Access-Control-Allow-Origin", "*")]);
    let app = inner.page(
        "/",
        r#"<button onclick="fetch('/answer', { method: 'POST', body: 'a secret' })">Send</button>
           <button onclick="navigator.sendBeacon('/answer', 'a beacon')">Ping</button>
           <button onclick="fetch('data:text/plain,here')">Stay</button>"#,
    );
    let page = outer.page("/", &format!("<iframe src='{app}'></iframe>"));
    let browser = Browser::start().await;
    let visitor = browser.person("visitor").await;
    visitor.open(&page).await;
    assert!(
        visitor.sent_since(Mark::START).await.iter().any(|sent| sent.url == app && sent.status == Some(200))
    );

    let mark = visitor.mark().await;
    visitor.click(button("Stay")).await;
    let sent = visitor.sent_since(mark).await;
    assert!(sent.is_empty(), "{sent:?}");

    visitor.click(button("Send")).await;
    visitor.click(button("Ping")).await;
    let sent = visitor.sent_since(mark).await;
    let [request, beacon] = sent.as_slice() else { panic!("{sent:?}") };
    assert_eq!((request.kind, request.method.as_str()), (SentKind::Request, "POST"));
    assert_eq!((request.url.as_str(), request.body.as_str()), (format!("{app}answer").as_str(), "a secret"));
    assert!(request.initiator.contains(&app), "{}", request.initiator);
    assert_eq!(beacon.body, "a beacon");
}

#[tokio::test]
async fn it_takes_the_network_away_and_gives_it_back() {
    let site = HostSite::start();
    let page = site.page(
        "/",
        r#"<button onclick="fetch('/').then(() => 'reached', () => 'failed').then(text => out.textContent = text + ' ' + navigator.onLine)">Try</button>
           <p id="out"></p>"#,
    );
    let browser = Browser::start().await;
    let visitor = browser.person("visitor").await;
    visitor.open(&page).await;
    visitor.offline(true).await;
    visitor.click(button("Try")).await;
    visitor.wait_for_text("failed false").await;
    visitor.offline(false).await;
    visitor.click(button("Try")).await;
    visitor.wait_for_text("reached true").await;
}

#[tokio::test]
async fn it_composes_as_an_input_method_does() {
    let site = HostSite::start();
    let page = site.page(
        "/",
        r#"<input aria-label="Message">
           <script>
             const field = document.querySelector('input'), log = [];
             field.onkeydown = event => log.push(`${event.key} ${event.isComposing} ${event.keyCode}`);
             field.addEventListener('compositionend', event => log.push(`end ${event.data}`));
           </script>"#,
    );
    let browser = Browser::start().await;
    let visitor = browser.person("visitor").await;
    visitor.open(&page).await;
    visitor.click(textbox("Message")).await;
    visitor.compose("ni").await;
    visitor.compose("你").await;
    visitor.finish_composing("Enter", "你好").await;
    visitor.press("Enter").await;
    assert_eq!(visitor.see(textbox("Message")).await.value, "你好");
    let log: Vec<String> = visitor.evaluate("log").await;
    assert_eq!(log, ["Enter true 229", "end 你好", "Enter false 13"]);
}

#[tokio::test]
async fn it_keeps_people_apart_and_each_in_their_own_circumstances() {
    let site = HostSite::start();
    let page = site.page("/", "<h1>Shop</h1><a href='/'>Next</a><nav><a href='/next'>Next</a></nav>");
    site.page("/next", "<p>Second page</p>");
    let browser = Browser::start().await;
    let (visitor, agent) = (browser.person("visitor").await, browser.person("agent").await);
    visitor.phone().await;
    visitor.speaks("zh-TW").await;
    visitor.lives_in("Asia/Taipei").await;
    visitor.prefers(true, true).await;
    visitor.open(&page).await;
    agent.open(&page).await;

    visitor.run("localStorage.setItem('mine', '1'); document.cookie = 'mine=1'").await;
    assert_eq!(agent.evaluate::<usize>("localStorage.length").await, 0);
    assert_eq!((browser.cookies_of(&visitor).await.len(), browser.cookies_of(&agent).await.len()), (1, 0));

    let facts = "[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone,
                  matchMedia('(prefers-color-scheme: dark)').matches + '', document.hasFocus() + '']";
    assert_eq!(visitor.evaluate::<[String; 4]>(facts).await, ["zh-TW", "Asia/Taipei", "true", "true"]);
    assert_eq!(agent.evaluate::<[String; 4]>(facts).await[2..], ["false", "true"]);

    agent.click(link("Next").within(role("navigation"))).await;
    agent.wait_for_text("Second page").await;
    visitor.reload().await;
    visitor.see(role("heading").named("Shop")).await;
}

#[tokio::test]
async fn it_hears_what_is_said_over_sockets_and_stalls_them_too() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (out, back) = tokio_tungstenite::accept_async(stream).await.unwrap().split();
            tokio::spawn(back.forward(out));
        }
    });
    let site = HostSite::start();
    let page = site.page(
        "/",
        &format!(
            r#"<button onclick="socket.send('hello')">Say</button><p id="out"></p>
               <script>
                 const socket = new WebSocket('{address}');
                 const show = text => out.textContent += text + ' ';
                 socket.onopen = () => show('open');
                 socket.onmessage = event => show(event.data);
                 socket.onclose = () => show('closed');
               </script>"#
        ),
    );
    let browser = Browser::start().await;
    let visitor = browser.person("visitor").await;
    visitor.open(&page).await;
    visitor.wait_for_text("open").await;
    visitor.click(button("Say")).await;
    visitor.wait_for_text("open hello").await;
    let sent = visitor.sent_since(Mark::START).await;
    let over_sockets: Vec<_> = sent.iter().filter(|sent| sent.kind != SentKind::Request).collect();
    let [socket, message] = over_sockets.as_slice() else { panic!("{sent:?}") };
    assert_eq!((socket.kind, socket.url.as_str()), (SentKind::Socket, address.as_str()));
    assert_eq!((message.kind, message.body.as_str()), (SentKind::SocketMessage, "hello"));

    visitor.offline(true).await;
    visitor.click(button("Say")).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(!visitor.reads("hello hello").await, "nothing gets through");
    visitor.offline(false).await;
    visitor.wait_for_text("hello hello").await;
}
