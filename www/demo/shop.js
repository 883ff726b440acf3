// What both demo shops do: a basket that forgets, and buttons that ask Deskbell.
// The words are in the pages; this script knows none.

const page = document.documentElement;
const find = (name) => document.querySelector(`[data-${name}]`);
const money = new Intl.NumberFormat(page.lang, {
  style: "currency",
  currency: page.dataset.currency,
  trailingZeroDisplay: "stripIfInteger",
});

// Calls made before Deskbell has loaded wait in `q`.
window.Deskbell ??= Object.assign((...call) => window.Deskbell.q.push(call), { q: [] });

// A shop with a backend would have it sign this token; here `cargo xtask customer` does.
const token = new URLSearchParams(location.hash.slice(1)).get("customer");
if (token) window.Deskbell("identify", { token });

/** What is in the basket: name → { price, count }. */
const basket = new Map();

function show() {
  const lines = [...basket].map(([name, { price, count }]) => {
    const line = find("line").content.cloneNode(true);
    line.querySelector("[data-name]").textContent = name;
    line.querySelector("[data-times]").textContent = `× ${count}`;
    line.querySelector("[data-price]").textContent = money.format(price * count);
    line.querySelector("button").setAttribute("aria-label", find("line").dataset.remove.replace("{item}", name));
    line.querySelector("button").onclick = () => {
      basket.delete(name);
      show();
      find("sheet").querySelector("form button").focus();
    };
    return line;
  });
  const all = [...basket.values()];
  find("lines").replaceChildren(...lines);
  find("empty").hidden = all.length > 0;
  find("total").hidden = all.length === 0;
  find("total").querySelector("output").textContent = money.format(all.reduce((sum, { price, count }) => sum + price * count, 0));
  find("count").textContent = all.reduce((sum, { count }) => sum + count, 0);
}

function add(button) {
  const name = button.dataset.add;
  const price = Number(button.closest("li").querySelector("data").value);
  basket.set(name, { price, count: (basket.get(name)?.count ?? 0) + 1 });
  show();
  find("said").textContent = find("said").dataset.added.replace("{item}", name);
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if ("add" in button.dataset) add(button);
  else if ("ask" in button.dataset) window.Deskbell("ask", button.dataset.ask);
  else if ("open" in button.dataset) window.Deskbell("open");
  else if ("basket" in button.dataset) find("sheet").showModal();
});
